"""FET activities -> events: activities that start together are one event, and activities that nothing tells apart are one event of
several meets.

Both keep the model small (Spain, 1,086 activities, becomes some 300 events) and lose nothing: which of two equal lessons stands
first is no question to search for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass

from scheduler.formats.fet_file import Activity, FetConstraint, FetFile
from scheduler.formats.xml_tree import Element

# Constraints on a list of activities in which the order of the list does not matter.
_SYMMETRIC = {
    "MinDaysBetweenActivities",
    "MaxDaysBetweenActivities",
    "MinGapsBetweenActivities",
    "ActivitiesNotOverlapping",
    "ActivitiesOccupyMaxDifferentRooms",
    "ActivitiesSameRoomIfConsecutive",
    "ActivitiesOccupyMaxTimeSlotsFromSelection",
    "ActivitiesMaxSimultaneousInSelectedTimeSlots",
}
_ROOMS_TOGETHER = "ActivitiesOccupyMaxDifferentRooms"
_MAY_BE_TOGETHER = (
    "ActivitiesSameStarting",
    "ActivitiesSameRoom",
    "ActivitiesOccupyMaxTimeSlots",
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """One event to be: ``rows`` are its meets, each the activities that start together; the columns of all rows are alike."""

    rows: tuple[tuple[Activity, ...], ...]

    @property
    def duration(self) -> int:
        """The periods of one meet."""
        return self.rows[0][0].duration

    def column(self, activity: str) -> int:
        """Return the place of an activity in its row."""
        return next(place for row in self.rows for place, member in enumerate(row) if member.id == activity)


def activity_ids(constraint: FetConstraint) -> list[str]:
    """Return the ids of the activities that a constraint lists, each once, in order."""
    tags = ("Activity_Id", "First_Activity_Id", "Second_Activity_Id", "Third_Activity_Id")
    return list(dict.fromkeys(child.text for child in constraint.element.children if child.tag in tags))


@dataclass(frozen=True)
class Bundled:
    """All bundles. ``together`` are the constraints "same starting time" that hold because their activities are one event."""

    bundles: tuple[Bundle, ...]
    together: frozenset[int]


def selected(file: FetFile, constraint: FetConstraint) -> list[Activity]:
    """Return the activities that a constraint on kinds of activities means: an empty teacher, students set, subject, tag or
    duration does not restrict; a students set means every activity that one of its students attends.
    """
    teacher, students, subject, tag = (named(constraint, kind) for kind in ("Teacher", "Students", "Subject", "Activity_Tag"))
    duration, component = constraint.element.value("Duration"), constraint.element.value("Component_Number")
    units = set(file.students.get(students, ()))
    return [
        activity
        for activity in file.activities
        if (not teacher or teacher in activity.teachers)
        and (not students or not units.isdisjoint(unit for name in activity.students for unit in file.students.get(name, ())))
        and (not subject or subject == activity.subject)
        and (not tag or tag in activity.tags)
        and (not duration or duration == str(activity.duration))
        and (not component or component == str(activity.component))
    ]


def named(constraint: FetConstraint, kind: str) -> str:
    """Return the name in a child, which has ``_Name`` at the end of its tag in files before 7.x; empty when there is none."""
    return constraint.element.value(kind) or constraint.element.value(f"{kind}_Name")


def bundled(file: FetFile, constraints: Sequence[FetConstraint]) -> Bundled:
    """Return the activities of a file as bundles, under the constraints that are to be respected."""
    rows, together = _starting_together(file, constraints)
    apart = _told_apart(file, constraints, together)
    alike: dict[Hashable, list[tuple[Activity, ...]]] = defaultdict(list)
    for row in rows:
        ordered = tuple(sorted(row, key=lambda activity: (_content(activity), apart[activity.id], activity.id)))
        key: Hashable = tuple((_content(activity), apart[activity.id]) for activity in ordered)
        if not any(activity.teachers or activity.students for activity in row):
            key = row[0].id  # without people nothing keeps its lessons from running at once
        alike[key].append(ordered)
    return Bundled(tuple(Bundle(tuple(found)) for found in alike.values()), frozenset(together))


def _content(activity: Activity) -> tuple[object, ...]:
    size = -1 if activity.size is None else activity.size
    people = tuple(sorted(activity.teachers)), tuple(sorted(activity.students))
    return (*people, activity.subject, tuple(sorted(activity.tags)), size, activity.duration)


def _starting_together(file: FetFile, constraints: Sequence[FetConstraint]) -> tuple[list[tuple[Activity, ...]], set[int]]:
    """Put activities that must start together, with one duration and different people, into one row.

    Where the ways of people from room to room count, none: everybody in a row would be in all of its rooms.
    """
    activities = {activity.id: activity for activity in file.activities}
    if any("RoomChanges" in constraint.type or "BuildingChanges" in constraint.type for constraint in constraints):
        return [(activity,) for activity in file.activities], set()
    row_of = {key: key for key in activities}
    rows = {key: [key] for key in activities}
    people: dict[str, set[Hashable]] = {
        key: {("teacher", name) for name in a.teachers} | {("unit", unit) for name in a.students for unit in file.students.get(name, ())}
        for key, a in activities.items()
    }
    shared_rooms = room_families(constraints)
    families: dict[str, set[Hashable]] = {key: {shared_rooms[key]} if key in shared_rooms else set() for key in activities}
    for constraint in constraints:
        if not constraint.type.startswith(_MAY_BE_TOGETHER):
            for key in activity_ids(constraint):
                if key in families:
                    families[key].add(constraint.number)
    together = set()
    for constraint in constraints:
        if constraint.type != "ActivitiesSameStartingTime" or not constraint.required:
            continue
        wanted = list(dict.fromkeys(row_of[key] for key in activity_ids(constraint) if key in row_of))
        if not wanted or len({activities[key].duration for key in wanted}) > 1:
            continue
        if _overlap(people[key] for key in wanted) or _overlap(families[key] for key in wanted):
            continue
        head, *others = wanted
        for other in others:
            for key in rows[other]:
                row_of[key] = head
            rows[head] += rows.pop(other)
            people[head] |= people.pop(other)
            families[head] |= families.pop(other)
        together.add(constraint.number)
    return [tuple(activities[key] for key in members) for members in rows.values()], together


def _overlap(sets: Iterable[Set[Hashable]]) -> bool:
    seen: set[Hashable] = set()
    for found in sets:
        if not seen.isdisjoint(found):
            return True
        seen |= found
    return False


def room_families(constraints: Iterable[FetConstraint]) -> dict[str, str]:
    """Return for each activity (id) whose room must be that of others a name that all of them share."""
    head: dict[str, str] = {}
    for constraint in constraints:
        if constraint.type == _ROOMS_TOGETHER:
            members = activity_ids(constraint)
            joined = {head.get(key, key) for key in members}
            first = min(joined)
            head = {key: first if name in joined else name for key, name in head.items()} | dict.fromkeys(members, first)
    return head


def _told_apart(file: FetFile, constraints: Sequence[FetConstraint], together: set[int]) -> dict[str, tuple[str, ...]]:
    """Return for each activity all that constraints say of it, apart from what holds for its equals too."""
    apart: dict[str, list[str]] = {activity.id: [] for activity in file.activities}
    for constraint in constraints:
        members = [key for key in activity_ids(constraint) if key in apart]
        said = sorted((child.tag, _text(child)) for child in constraint.element.children if child.tag not in ("Activity_Id", "Comments"))
        if constraint.number in together:
            continue
        if constraint.element.first("Component_Number") is not None:
            for activity in selected(file, constraint):
                apart[activity.id].append(repr((constraint.type, said)))
        for key in members:
            if constraint.type in _SYMMETRIC:
                apart[key].append(str(constraint.number))
            elif len(members) == 1:
                apart[key].append(repr((constraint.type, said)))
            else:
                apart[key].append(f"{constraint.number}:{key}")
    return {key: tuple(sorted(found)) for key, found in apart.items()}


def _text(element: Element) -> str:
    return element.text + "/".join(_text(child) for child in element.children)
