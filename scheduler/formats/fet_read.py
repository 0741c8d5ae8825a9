"""Reading ``.fet`` files (FET 5.2x to 7.x, mode Official) into problems.

Weight 100 % is a requirement, less is a preference whose weight is the percentage: FET's own "total of soft conflicts" is the
sum of amounts times weights. Constraints of a type that is not supported are an error, or are left out and listed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from instances.language import Message
from instances.problem import Problem, Resource, Role, Time
from scheduler.errors import InputError
from scheduler.formats.fet_activities import ACTIVITY_RULES
from scheduler.formats.fet_draft import Draft
from scheduler.formats.fet_events import Bundle, bundled
from scheduler.formats.fet_file import FetConstraint, FetFile, read_file, unsupported
from scheduler.formats.fet_people import PEOPLE_RULES, away
from scheduler.formats.fet_rooms import ROOM_RULES, add_rooms

_LAWS = {"BasicCompulsoryTime", "BasicCompulsorySpace"}
_FIRST = {"BreakTimes", "TeacherNotAvailableTimes", "StudentsSetNotAvailableTimes", "RoomNotAvailableTimes"}
SUPPORTED = frozenset(_LAWS | _FIRST | ACTIVITY_RULES.keys() | PEOPLE_RULES.keys() | ROOM_RULES.keys())
"""The types of constraints that are understood, without "Constraint" at the beginning."""


@dataclass(frozen=True)
class FetProblem:
    """A problem and the way back to the activities of its file.

    The event at an index holds the activities of the bundle at the same index. ``room_roles`` says which roles of an event are
    the rooms of the activity in a column of the rows, ``virtual`` which virtual room it has where there is no choice.
    ``left_out`` counts the constraints that were not understood.
    """

    file: FetFile
    problem: Problem
    bundles: tuple[Bundle, ...]
    room_roles: Mapping[tuple[int, int], tuple[int, ...]]
    left_out: Mapping[str, int]
    virtual: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_fet(path: Path, *, ignore_unsupported: bool = False) -> FetProblem:
    """Return the problem of a ``.fet`` or ``.fet.gz`` file.

    Raises InputError with all findings: what is wrong in the file and, unless they are to be ignored, each type of
    constraint that is not supported, with its number.
    """
    file = read_file(path)
    left_out = Counter(constraint.type for constraint in file.constraints if constraint.type not in SUPPORTED)
    supported = [c for c in file.constraints if c.type in SUPPORTED and (c.weight > 0 or c.type == "MinDaysBetweenActivities")]
    draft = _draft(file, supported)
    for constraint in supported:
        for rules in (ACTIVITY_RULES, PEOPLE_RULES):
            if constraint.type in rules:
                rules[constraint.type](draft, constraint)
    findings = [*file.place.findings, *(() if ignore_unsupported else unsupported(left_out, str(path)))]
    if findings:
        raise InputError(findings)
    return FetProblem(file, draft.problem(), draft.bundled.bundles, draft.room_roles, dict(left_out), draft.virtual)


def _draft(file: FetFile, constraints: list[FetConstraint]) -> Draft:
    """Return times, resources, events and laws; the constraints that say when somebody is away are worked in."""
    draft = Draft(file, bundled(file, constraints))
    draft.times = tuple(
        Time(f"{day + 1}.{hour + 1}", f"{name} {label}", day + 1, hour + 1, grid=str(day))
        for day, name in enumerate(file.days)
        for hour, label in enumerate(file.hours)
    )
    draft.days()
    for name in dict.fromkeys(name for activity in file.activities for name in activity.teachers):
        _resource(draft, "teacher", name)
    _units(draft, constraints)
    for room in file.rooms.values():
        if not room.sets:
            _resource(draft, "room", room.name)
    for event, bundle in enumerate(draft.bundled.bundles):
        _event(draft, event, bundle)
    for constraint in constraints:
        if constraint.type == "BreakTimes":
            draft.breaks |= draft.slots(constraint)
    for constraint in constraints:
        if constraint.type in _FIRST - {"BreakTimes"}:
            away(draft, constraint)
    draft.law("assign_time", AssignTime, name=Message("Every lesson is placed"), events=tuple(range(len(draft.roles))))
    for kind, text in (
        ("teacher", Message("A teacher gives one lesson at a time")),
        ("students", Message("A class has one lesson at a time")),
        ("room", Message("A room holds no more classes than it can")),
    ):
        members = tuple(index for index, resource in enumerate(draft.resources) if resource.type == kind)
        if members:
            draft.law(f"avoid_clashes:{kind}", AvoidClashes, name=text, resources=members)
    add_rooms(draft, constraints)
    return draft


def _resource(draft: Draft, kind: str, name: str) -> int:
    key = f"{kind}:{name}"
    if key not in draft.index:
        draft.index[key] = len(draft.resources)
        draft.resources.append(Resource(key, name, kind))
    return draft.index[key]


def _units(draft: Draft, constraints: list[FetConstraint]) -> None:
    """Make a resource for each kind of student: units with the same lessons and the same constraints are one.

    Where nothing is asked of the week of students but that they are in one place and there only when they are available, a unit
    whose lessons all are those of another needs no resource of its own.
    """
    file = draft.file
    attends: dict[str, list[str]] = defaultdict(list)
    for activity in file.activities:
        for unit in dict.fromkeys(unit for name in activity.students for unit in file.students[name]):
            attends[unit].append(activity.id)
    for constraint in constraints:
        if constraint.type.startswith("StudentsSet") and "HomeRoom" not in constraint.type:
            for unit in file.students.get(constraint.element.value("Students"), ()):
                if unit in attends:
                    attends[unit].append(f"{constraint.number}:")
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for unit, listed in attends.items():
        alike[tuple(listed)].append(unit)
    plain = not any("Students" in c.type and not c.type.endswith(("NotAvailableTimes", "HomeRoom", "HomeRooms")) for c in constraints)
    largest: list[frozenset[str]] = []
    for found in sorted(alike, key=len, reverse=True) if plain else ():
        if not any(other.issuperset(found) for other in largest):
            largest.append(frozenset(found))
    kept = set(largest)
    for found, members in alike.items():
        if not plain or frozenset(found) in kept:
            index = _resource(draft, "students", members[0])
            draft.unit.update(dict.fromkeys(members, index))


def _event(draft: Draft, event: int, bundle: Bundle) -> None:
    """Make the roles of the people of an event, and the way from its activities to it."""
    roles: dict[Role, None] = {}
    for activity in bundle.rows[0]:
        roles.update((Role("teacher", draft.index[f"teacher:{name}"]), None) for name in activity.teachers)
        units = [unit for name in activity.students for unit in draft.file.students[name]]
        roles.update((Role("students", draft.unit[unit]), None) for unit in units if unit in draft.unit)
    draft.roles.append(list(roles))
    names = (" ".join((*activity.students[:3], activity.subject, *activity.teachers[:2])) for activity in bundle.rows[0][:3])
    draft.names.append(" / ".join(names))
    draft.group((event,))
    for row in bundle.rows:
        for column, activity in enumerate(row):
            draft.event_of[activity.id] = event
            draft.column[activity.id] = column
