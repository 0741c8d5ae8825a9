"""Activity periods (体育活动) for the days without PE, as courses and requirements of the school."""

from __future__ import annotations

import math
from fractions import Fraction

from constraints.case import ACTIVITY, Case, Hours, school_days
from constraints.kind import Placing
from constraints.rule import Level, Rule
from instances.bells import BellSchedule, SectionKind
from instances.language import Message
from instances.school import Course, Requirement, RequirementKind, School, SchoolClass, Selector, Slot


def keep_moving(rule: Rule, case: Case, school_class: SchoolClass, pe: tuple[str, ...], each_day: int = 1) -> Placing:
    """Return what gives a class ``each_day`` lessons of PE or activity on every school day.

    Where bells and plan leave no room for so many, as many activity periods as there is room for are asked for, "every day" becomes a
    wish, and the rule is said to give way.
    """
    bell, hours = case.bell_of(school_class.grade), case.planned(school_class.name)
    if bell is None or hours is None:
        return Placing()
    days = len(school_days(bell))
    wanted = days * each_day - _days_with(case.school, school_class.name, pe, each_day) - int(hours.of.get(ACTIVITY, 0))
    room = room_for(case.school, school_class, bell, hours)
    periods = max(0, min(wanted, room))
    fits = wanted <= room and each_day <= _most_a_day(bell)
    requirement = Requirement(
        RequirementKind.MIN_PER_DAY,
        Selector(classes=(school_class.name,), subjects=(*pe, ACTIVITY)),
        count=each_day,
        required=fits and rule.level is Level.MUST,
        text=rule.label(),
        rule=rule.id,
        origin=school_class.origin,
    )
    gave_way = () if fits else (_why(rule, school_class, wanted, room),)
    return Placing((activity_course(school_class, periods),) if periods else (), (requirement,), gave_way)


def _why(rule: Rule, school_class: SchoolClass, wanted: int, room: int) -> Message:
    return Message(
        "“{rule}” gave way for {name}: it takes {wanted} activity periods a week, bells and plan leave room for {room}",
        rule=rule.label(),
        name=school_class.name,
        wanted=wanted,
        room=room,
    )


def _days_with(school: School, name: str, pe: tuple[str, ...], each_day: int) -> int:
    """Return how many (day, lesson) places the PE of a class can fill: a double period fills one day only."""
    total = Fraction(0)
    for course in school.courses:
        if name in course.classes and course.subject in pe:
            total += course.periods - (course.doubles if each_day == 1 else 0)
    return int(total)


def activity_course(school_class: SchoolClass, periods: int) -> Course:
    """Return the course of the activity periods of a class; it has no teacher of its own."""
    name = school_class.name
    return Course(f"{ACTIVITY}:{name}", ACTIVITY, (name,), (), Fraction(periods), ACTIVITY, origin=school_class.origin)


def room_for(school: School, school_class: SchoolClass, bell: BellSchedule, hours: Hours) -> int:
    """Return the periods a week into which activity may go: numbered activity sections and lesson periods that stay free."""
    blocked: set[Slot] = set()
    for requirement in school.requirements:
        scope = requirement.scope
        narrow = scope.teachers or scope.subjects or scope.rooms or scope.groups or scope.courses
        mine = (not scope.classes or school_class.name in scope.classes) and (not scope.grades or school_class.grade in scope.grades)
        blocks = requirement.kind in (RequirementKind.FORBIDDEN, RequirementKind.EVENT) and requirement.required
        if blocks and mine and not narrow:
            blocked.update(requirement.slots)
    free = activity = 0
    for day in school_days(bell):
        for section in bell.periods(day):
            if section.period is not None and Slot(day, section.period) not in blocked:
                free += section.kind is SectionKind.LESSON
                activity += section.kind is SectionKind.ACTIVITY
    return max(0, free - math.ceil(hours.total)) + activity


def _most_a_day(bell: BellSchedule) -> int:
    return min((len(bell.periods(day)) for day in school_days(bell)), default=0)


def merge(placings: list[Placing]) -> Placing:
    """Return several placings as one: a course that several rules ask for is there once, with the most periods."""
    courses: dict[str, Course] = {}
    for placing in placings:
        for course in placing.courses:
            if course.id not in courses or courses[course.id].periods < course.periods:
                courses[course.id] = course
    requirements = dict.fromkeys(r for placing in placings for r in placing.requirements)
    gave_way = dict.fromkeys(m for placing in placings for m in placing.gave_way)
    return Placing(tuple(courses.values()), tuple(requirements), tuple(gave_way))
