"""School -> Problem, and back: the office's plan in the field's words, and the solver's answer in the office's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from constraints.base import Constraint
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.problem import Problem
from instances.school import Course, Requirement, School, Weeks
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.compiling.demands import Demands
from scheduler.compiling.events import ACTIVITY, BOTH, ODD, Teaching, teaching_of
from scheduler.compiling.fixed_events import add_fixed_events
from scheduler.compiling.preferences import default_constraints
from scheduler.compiling.requirements import constraints_of
from scheduler.compiling.times import week_of


@dataclass(frozen=True)
class CompiledSchool:
    """A school and its problem. ``teaching`` is the way back from events to courses."""

    school: School
    problem: Problem
    teaching: Teaching

    def timetable_of(self, timetable: Timetable) -> SchoolTimetable:
        """Return a timetable of the problem in the office's words."""
        view = TimetableView(self.problem, timetable)
        lessons: list[PlacedLesson] = []
        unplaced: list[tuple[str, int]] = []
        for index, event in enumerate(self.problem.events):
            placed = 0
            for meet in view.meets_of[index]:
                if meet.start is not None:
                    placed += meet.duration
                    lessons.extend(self._lessons(view, meet))
            if placed < event.duration:
                unplaced.extend((course.id, event.duration - placed) for course in self.teaching.courses[index])
        lessons.sort(key=lambda x: (x.day, x.period, x.classes, x.teachers, x.label, x.weeks))
        return SchoolTimetable(tuple(lessons), tuple(unplaced))

    def _lessons(self, view: TimetableView, meet: Meet) -> list[PlacedLesson]:
        """One lesson for each period and each course of the event; a fixed event is one lesson for all."""
        event = self.problem.events[meet.event]
        rooms: dict[str, list[str]] = defaultdict(list)
        teachers: list[str] = []
        for role, owner, resource in zip(event.roles, self.teaching.role_courses[meet.event], meet.resources, strict=True):
            if resource is None:
                continue
            if role.name == "room":
                rooms[owner].append(self.problem.resources[resource].name)
            elif role.name == "teacher":
                teachers.append(self.problem.resources[resource].name)
        weeks = Weeks.EVERY if self.problem.weeks == 1 or meet.weeks == BOTH else Weeks.ODD if meet.weeks == ODD else Weeks.EVEN
        made = []
        for number, time in enumerate(view.times_of(meet)):
            at = self.problem.times[time]
            for course in self.teaching.courses[meet.event]:
                fixed = course.id.startswith("event:")
                made.append(
                    PlacedLesson(
                        day=at.day,
                        period=at.period,
                        subject=course.subject,
                        classes=course.classes,
                        teachers=tuple(teachers) if fixed else course.teachers,
                        rooms=tuple(rooms.get(course.id, ())),
                        label=course.label or course.subject,
                        weeks=weeks,
                        start=at.start,
                        end=at.end,
                        double=number + 1 if meet.duration == 2 else 0,
                        courses=() if fixed else (course.id,),
                        block=course.block,
                        kind="event" if fixed else "activity" if course.subject == ACTIVITY else "lesson",
                    )
                )
        return made


def compile_school(school: School, courses: tuple[Course, ...] = (), requirements: tuple[Requirement, ...] = ()) -> CompiledSchool:
    """Return the problem of a school.

    ``courses`` and ``requirements`` are what the rule sets add to the plan (``constraints.judging.place``).
    """
    school = replace(school, courses=school.courses + courses, requirements=school.requirements + requirements)
    week = week_of(school)
    teaching = teaching_of(school, week)
    demands = Demands(teaching)
    add_fixed_events(demands)
    constraints: list[Constraint] = [*_laws(teaching)]
    for number, requirement in enumerate(school.requirements):
        constraints.extend(constraints_of(demands, requirement, number))
    constraints.extend(default_constraints(demands))
    events = teaching.events
    weeks = 2 if any(event.weeks != (BOTH,) for event in events) else 1
    if weeks == 1:
        events = [replace(event, weeks=(1,)) for event in events]
    problem = Problem(
        school.name,
        tuple(week.times),
        tuple(teaching.resources),
        tuple(events),
        tuple(constraints),
        week.groups,
        teaching.event_groups,
        {kind: tuple(i for i, r in enumerate(teaching.resources) if r.type == kind) for kind in ("teacher", "class", "room")},
        teaching.group_names,
        weeks,
    )
    return CompiledSchool(school, problem, teaching)


def _laws(teaching: Teaching) -> list[Constraint]:
    """What holds in every school: all lessons placed, nobody in two places, doubles as planned, rooms found."""
    everything = tuple(range(len(teaching.events)))
    laws: list[Constraint] = [AssignTime(id="assign_time", name=Message("Every lesson is placed"), events=everything)]
    names = {
        "class": Message("A class has one lesson at a time"),
        "teacher": Message("A teacher gives one lesson at a time"),
        "room": Message("A room holds no more classes than it can"),
    }
    for kind, name in names.items():
        resources = tuple(i for i, resource in enumerate(teaching.resources) if resource.type == kind)
        if resources:
            laws.append(AvoidClashes(id=f"avoid_clashes:{kind}", name=name, resources=resources))
    open_roles = tuple(i for i, event in enumerate(teaching.events) if any(role.resource is None for role in event.roles))
    if open_roles:
        laws.append(
            AssignResource(id="assign_room", name=Message("Every lesson that needs a room has one"), events=open_roles, role="room")
        )
    by_count: dict[int, list[int]] = defaultdict(list)
    for index, event in enumerate(teaching.events):
        if event.durations == (1, 2):
            by_count[teaching.doubles[index]].append(index)
    for count, events in sorted(by_count.items()):
        laws.append(
            DistributeSplitEvents(
                id=f"doubles:{count}",
                name=Message("Double lessons as planned"),
                events=tuple(events),
                duration=2,
                minimum=count,
                maximum=count,
            )
        )
    return laws
