"""Course plan -> the resources and events of a problem.

One event holds all weekly lessons of a course. A course with a half lesson gets a second event that runs every other week; joint lessons
(合班) become one event with several classes; the courses of an optional block (走班) become one event for each level of hours, so
that the classes are free together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from instances.problem import Event, Resource, Role
from instances.school import Course, Requirement, RequirementKind, School, Selector, Weeks
from scheduler.compiling.times import Week

ACTIVITY = "体育活动"
BOTH, ODD, EVEN = 0b11, 0b01, 0b10
_MASKS = {Weeks.EVERY: (BOTH,), Weeks.ODD: (ODD,), Weeks.EVEN: (EVEN,), Weeks.EITHER: (ODD, EVEN)}


@dataclass
class Teaching:
    """Resources and events, and the way back to the courses.

    ``courses`` holds, for each event, the courses taught in it and ``role_courses`` the course id that each of its roles belongs to
    (empty for classes).
    ``doubles`` is the number of double periods that each event must have.
    """

    school: School
    week: Week
    resources: list[Resource] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    courses: list[tuple[Course, ...]] = field(default_factory=list)
    role_courses: list[tuple[str, ...]] = field(default_factory=list)
    doubles: list[int] = field(default_factory=list)
    event_groups: dict[str, tuple[int, ...]] = field(default_factory=dict)
    group_names: dict[str, str] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, named in (("teacher", self.school.teachers), ("class", self.school.classes)):
            for record in named:
                self._resource(kind, record.name)
        for room in self.school.rooms:
            self._resource("room", room.name, room.capacity)

    def _resource(self, kind: str, name: str, capacity: int = 1) -> int:
        key = f"{kind}:{name}"
        if key not in self.index:
            self.index[key] = len(self.resources)
            self.resources.append(Resource(key, name, kind, capacity))
        return self.index[key]

    def teacher(self, name: str) -> int:
        """Return the resource of a teacher."""
        return self._resource("teacher", name)

    def class_(self, name: str) -> int:
        """Return the resource of a class."""
        return self._resource("class", name)

    def room(self, name: str) -> int:
        """Return the resource of a room."""
        return self._resource("room", name)

    def rooms(self, wanted: str) -> tuple[int, ...]:
        """Return the rooms that a course may use: the one of that name, else all of that kind; none when it is unknown."""
        exact = [room.name for room in self.school.rooms if room.name == wanted]
        return tuple(self.room(name) for name in exact or [r.name for r in self.school.rooms if r.kind == wanted])

    def group(self, key: str, name: str, events: Iterable[int]) -> str:
        """Store an event group, made once for each key, and return its id."""
        if key not in self.event_groups:
            self.event_groups[key] = tuple(events)
            self.group_names[key] = name
        return key

    def grade(self, class_name: str) -> int:
        """Return the grade of a class."""
        return self._grades[class_name]

    @property
    def _grades(self) -> dict[str, int]:
        return {c.name: c.grade for c in self.school.classes}

    def add(self, event: Event, courses: tuple[Course, ...], role_courses: tuple[str, ...], doubles: int = 0) -> int:
        """Append an event and return its index."""
        self.events.append(event)
        self.courses.append(courses)
        self.role_courses.append(role_courses)
        self.doubles.append(doubles)
        return len(self.events) - 1


def revised_courses(school: School) -> list[Course]:
    """Return the course plan with the requirements about doubles, fortnightly lessons and joint lessons worked in."""
    courses = list(school.courses)
    for requirement in school.requirements:
        if requirement.kind not in (RequirementKind.DOUBLES, RequirementKind.FORTNIGHTLY):
            continue
        chosen = [i for i, c in enumerate(courses) if selects(school, requirement.scope, c)]
        if requirement.kind is RequirementKind.DOUBLES and requirement.required:
            for i in chosen:
                courses[i] = replace(courses[i], doubles=requirement.count or 1)
        elif requirement.kind is RequirementKind.FORTNIGHTLY:
            for i in chosen:
                courses[i] = replace(courses[i], weeks=requirement.weeks)
    for requirement in school.requirements:
        if requirement.kind is RequirementKind.JOINT:
            courses = _joined(courses, school, requirement)
    return courses


def _joined(courses: list[Course], school: School, requirement: Requirement) -> list[Course]:
    """Merge the courses of the scope that teach the same subject for the same hours into joint lessons."""
    groups: dict[tuple[str, Fraction], list[Course]] = defaultdict(list)
    rest = []
    for course in courses:
        if selects(school, requirement.scope, course):
            groups[course.subject, course.periods].append(course)
        else:
            rest.append(course)
    for members in groups.values():
        rest.append(
            replace(
                members[0],
                classes=tuple(dict.fromkeys(name for c in members for name in c.classes)),
                teachers=tuple(dict.fromkeys(name for c in members for name in c.teachers)),
            )
        )
    return rest


def selects(school: School, selector: Selector, course: Course) -> bool:
    """Say whether a selector picks a course; every field that is filled must match, an empty selector picks all."""
    if selector.courses and course.id not in selector.courses:
        return False
    if selector.classes and not set(selector.classes) & set(course.classes):
        return False
    if selector.grades:
        grades = {c.grade for c in school.classes if c.name in course.classes}
        if not grades & set(selector.grades):
            return False
    if selector.teachers and not set(selector.teachers) & set(course.teachers):
        return False
    if selector.groups:
        groups = {t.group for t in school.teachers if t.name in course.teachers}
        if not groups & set(selector.groups):
            return False
    if selector.subjects and not {course.subject, course.label} & set(selector.subjects):
        return False
    return not (selector.rooms and course.room not in selector.rooms)


def teaching_of(school: School, week: Week) -> Teaching:
    """Return the resources and events of a school's course plan."""
    teaching = Teaching(school, week)
    blocks: dict[str, list[Course]] = defaultdict(list)
    for course in revised_courses(school):
        if course.block:
            blocks[course.block].append(course)
        else:
            _add_course(teaching, course)
    for name, courses in blocks.items():
        _add_block(teaching, name, courses)
    return teaching


def _times(teaching: Teaching, courses: Iterable[Course]) -> frozenset[int]:
    """The times that lessons of these courses may occupy: those of the first class's bells."""
    chosen = list(courses)
    classes = [name for course in chosen for name in course.classes]
    grade = teaching.grade(classes[0]) if classes else min(teaching.week.lesson)
    if all(course.subject == ACTIVITY for course in chosen):
        afternoon = frozenset(teaching.week.lesson[grade]) - teaching.week.morning
        return frozenset(teaching.week.activity[grade]) or afternoon
    return frozenset(teaching.week.lesson[grade])


def _roles(teaching: Teaching, classes: Iterable[str], courses: Iterable[Course]) -> tuple[tuple[Role, ...], tuple[str, ...]]:
    """Return the roles and the course id of each: classes, then the teachers and room of each course. Nobody takes part twice."""
    roles = [Role("class", teaching.class_(name)) for name in dict.fromkeys(classes)]
    owners = ["" for _ in roles]
    taken: set[int] = set()
    for course in courses:
        members = [Role("teacher", teaching.teacher(name)) for name in course.teachers]
        rooms = teaching.rooms(course.room) if course.room else ()
        if len(rooms) == 1:
            members.append(Role("room", rooms[0]))
        elif rooms:
            members.append(Role("room", None, rooms))
        for role in members:
            if role.resource is None or role.resource not in taken:
                roles.append(role)
                owners.append(course.id)
                taken.update(() if role.resource is None else (role.resource,))
    return tuple(roles), tuple(owners)


def _add_course(teaching: Teaching, course: Course) -> None:
    whole = int(course.periods)
    name = f"{'、'.join(course.classes)} {course.label or course.subject}".strip()
    roles, owners = _roles(teaching, course.classes, [course])
    base = Event(course.id, name, whole, roles, times=_times(teaching, [course]))
    if whole:
        masks = (BOTH,) if course.weeks in (Weeks.EVERY, Weeks.EITHER) else _MASKS[course.weeks]
        teaching.add(replace(base, durations=_durations(whole, course.doubles), weeks=masks), (course,), owners, course.doubles)
    if course.periods != whole:
        weeks = course.weeks if course.weeks is not Weeks.EVERY else Weeks.EITHER
        half = replace(base, id=f"{course.id}/2" if whole else course.id, duration=1, durations=(1,), weeks=_MASKS[weeks])
        teaching.add(half, (course,), owners)


def _durations(periods: int, doubles: int) -> tuple[int, ...]:
    """Durations of meets: singles, doubles as asked."""
    if doubles <= 0:
        return (1,)
    return (2,) if 2 * doubles >= periods and periods % 2 == 0 else (1, 2)


def _add_block(teaching: Teaching, block: str, courses: list[Course]) -> None:
    """One event for each level of hours: the first holds all courses, the next those with more hours than the levels before.

    The classes of the whole block stay together in every level.
    """
    classes = [name for course in courses for name in course.classes]
    reached = 0
    for level in sorted({int(course.periods) for course in courses} - {0}):
        members = tuple(course for course in courses if int(course.periods) >= level)
        hours = level - reached
        doubles = min(course.doubles for course in members) if reached == 0 else 0
        roles, owners = _roles(teaching, classes, members)
        times = _times(teaching, members)
        event = Event(f"{block}@{level}", block, hours, roles, _durations(hours, doubles), times=times, weeks=(BOTH,))
        teaching.add(event, members, owners, doubles)
        reached = level
