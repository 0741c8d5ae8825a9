"""FET's space constraints: which rooms a lesson may have.

A lesson with preferred rooms takes one of them; a lesson whose only students set, or only teacher, has a home room takes that where
nothing else is preferred; others take no room. Rooms in lists of weight 100 % must be taken, and several lists intersect.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.fill_parts import FillParts
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from instances.language import Message
from instances.problem import Resource, Role
from scheduler.formats.fet_draft import Draft
from scheduler.formats.fet_events import activity_ids, named, room_families
from scheduler.formats.fet_file import Activity, FetConstraint, FetFile

_PREFERENCES = ("ActivityPreferred", "SubjectPreferred", "ActivityTagPreferred", "SubjectActivityTagPreferred")
_HOMES = ("StudentsSetHome", "TeacherHome")
_LISTS = [f"{kind}Room{plural}" for kind in (*_PREFERENCES, *_HOMES) for plural in ("", "s")]
VIRTUAL = "virtual room"
"""The type of the resources that stand for virtual rooms where there is a choice."""
_BETWEEN = ("ActivitiesOccupyMaxDifferentRooms", "ActivitiesSameRoomIfConsecutive")


@dataclass
class Wanted:
    """The lists of rooms that are wanted for one activity: names of rooms by constraint, in the order of the file."""

    preferred: list[tuple[FetConstraint, tuple[str, ...]]] = field(default_factory=list)
    homes: list[tuple[FetConstraint, tuple[str, ...]]] = field(default_factory=list)

    @property
    def lists(self) -> list[tuple[FetConstraint, tuple[str, ...]]]:
        """The lists that count: home rooms only where nothing else must be."""
        return self.preferred if any(c.required for c, _ in self.preferred) else [*self.preferred, *self.homes]


def rooms_of(constraint: FetConstraint) -> tuple[str, ...]:
    """Return the names of the rooms that a constraint lists."""
    return tuple(dict.fromkeys(child.text for child in constraint.element.children if child.tag in ("Room", "Preferred_Room")))


def _fits(constraint: FetConstraint, activity: Activity) -> bool:
    """Say whether a list of rooms is meant for an activity: by its students, teacher, subject or tag."""
    kind = constraint.type.split("Preferred")[0]
    if constraint.type.startswith("StudentsSetHome"):
        return activity.students == (named(constraint, "Students"),)
    if constraint.type.startswith("TeacherHome"):
        return activity.teachers == (named(constraint, "Teacher"),)
    subject = "Subject" not in kind or named(constraint, "Subject") == activity.subject
    return subject and ("ActivityTag" not in kind or named(constraint, "Activity_Tag") in activity.tags)


def _wanted(file: FetFile, constraints: Iterable[FetConstraint]) -> dict[str, Wanted]:
    lists = [(constraint, rooms_of(constraint)) for constraint in constraints if constraint.type in _LISTS]
    found: dict[str, Wanted] = defaultdict(Wanted)
    for constraint, names in lists:
        for name in names:
            if name not in file.rooms:
                message = Message("the file has no {kind} {name}", kind="Room", name=repr(name))
                file.place.fault(constraint.element, message, name)
    for constraint, names in lists:
        if constraint.type.startswith("ActivityPreferred"):
            for key in activity_ids(constraint):
                found[key].preferred.append((constraint, names))
    general = [item for item in lists if not item[0].type.startswith("ActivityPreferred")]
    for activity in file.activities:
        for constraint, names in general:
            if _fits(constraint, activity):
                target = found[activity.id].homes if "Home" in constraint.type else found[activity.id].preferred
                target.append((constraint, names))
    return found


def add_rooms(draft: Draft, constraints: list[FetConstraint]) -> None:
    """Give each event the roles for its rooms, and add the constraints about rooms."""
    wanted = _wanted(draft.file, constraints)
    families = room_families(constraints)
    for event, bundle in enumerate(draft.bundled.bundles):
        for column, activity in enumerate(bundle.rows[0]):
            if activity.id in wanted:
                _add_role(draft, event, column, activity, wanted[activity.id], families.get(activity.id, ""))
    _must_be_filled(draft)
    for constraint in constraints:
        if constraint.type in _BETWEEN:
            _between(draft, constraint, families)


def _add_role(draft: Draft, event: int, column: int, activity: Activity, wanted: Wanted, family: str) -> None:
    """Add the role, or for a virtual room the roles, of one activity, and its preferences."""
    rooms, file = draft.file.rooms, draft.file
    size = activity.size if activity.size is not None else sum(file.sizes.get(name, 0) for name in activity.students)
    lists = [(c, tuple(name for name in names if name in rooms)) for c, names in wanted.lists]
    musts = [set(names) for constraint, names in lists if constraint.required]
    open_to = set.intersection(*musts) if musts else {name for _, names in lists for name in names}
    chosen = [name for _, names in lists for name in names if name in open_to and rooms[name].capacity >= size]
    chosen = list(dict.fromkeys(chosen))
    place, element = file.place, lists[0][0].element
    if not chosen:
        place.fault(
            element, Message("no room of the list is large enough for the {size} students of activity {id}", size=size, id=activity.id)
        )
        return
    name = f"room {family}".strip() if column == 0 or family else f"room {column + 1}"
    virtual = [room for room in chosen if rooms[room].sets]
    if virtual and musts and len(chosen) == 1:  # no choice: the rooms of its sets are all there is to say
        draft.virtual[event, column] = chosen[0]
        roles = [_role(draft, event, _numbered(name, n), members, True) for n, members in enumerate(rooms[chosen[0]].sets, 1)]
        parts: list[int] = []
    else:
        roles = [_role(draft, event, name, chosen, bool(musts))]
        parts = [part for room in virtual for part in _parts(draft, event, roles[0], name, room)]
    draft.room_roles[event, column] = (*roles, *parts)
    for number, (constraint, names) in enumerate(lists):
        if not constraint.required:
            suffix = f":{event}:{column}:{number}"
            listed = tuple(draft.index[f"room:{room}"] for room in names if f"room:{room}" in draft.index)
            draft.add(constraint, PreferResources, suffix, events=(event,), role=name, resources=listed)
            if not musts:
                draft.add(constraint, AssignResource, f"{suffix}:any", events=(event,), role=name)
    if musts:
        draft.must_have.update((event, role) for role in roles)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _role(draft: Draft, event: int, name: str, rooms: Iterable[str], must: bool) -> int:
    """Add a role for one of some rooms, given where there is only one that must be, and return its number."""
    candidates = tuple(_room(draft, room) for room in rooms)
    fixed = candidates[0] if len(candidates) == 1 and must and not draft.file.rooms[draft.resources[candidates[0]].name].sets else None
    draft.roles[event].append(Role(name, fixed, () if fixed is not None else candidates))
    return len(draft.roles[event]) - 1


def _room(draft: Draft, name: str) -> int:
    """Return the resource of a room; a virtual room that is one of a choice is a resource that any number of lessons can have."""
    key = f"room:{name}"
    if key not in draft.index:
        draft.index[key] = len(draft.resources)
        draft.resources.append(Resource(key, name, VIRTUAL))
    return draft.index[key]


def _parts(draft: Draft, event: int, role: int, name: str, room: str) -> list[int]:
    """Add the roles for the real rooms of a virtual room that may be chosen for ``role``; they are filled just where it is."""
    sets = draft.file.rooms[room].sets
    parts = [_role(draft, event, f"{name}, {room} {number}", members, False) for number, members in enumerate(sets, 1)]
    text = Message("The rooms of {room} are taken together", room=room)
    whole = draft.index[f"room:{room}"]
    draft.law(f"fill_parts:{event}:{role}:{room}", FillParts, name=text, event=event, role=role, whole=whole, parts=tuple(parts))
    return parts


def _must_be_filled(draft: Draft) -> None:
    """Every room that must be there is there: one constraint for each name of a role."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for event, number in sorted(draft.must_have):
        role = draft.roles[event][number]
        if role.resource is None:
            by_name[role.name].append(event)
    text = Message("Every lesson that needs a room has one")
    for name, events in by_name.items():
        draft.law(f"assign:{name}", AssignResource, name=text, events=tuple(dict.fromkeys(events)), role=name)


def _between(draft: Draft, constraint: FetConstraint, families: dict[str, str]) -> None:
    """Lessons that share rooms: at most so many different ones, or the same one when they follow each other."""
    members = [key for key in activity_ids(constraint) if key in draft.event_of]
    places = dict.fromkeys((draft.event_of[key], draft.column[key]) for key in members)
    with_room = [place for place in places if place in draft.room_roles]
    if constraint.type == "ActivitiesSameRoomIfConsecutive":
        found = tuple((event, role) for event, column in with_room for role in _compared(draft, event, column))
        if len(members) > 1 and found:
            draft.add(constraint, SameRoomIfConsecutive, places=found, pauses=draft.pauses)
        return
    if with_room and len(members) > 1:
        most = draft.file.place.limit(constraint.element, "Max_Number_of_Different_Rooms")
        group = draft.group([event for event, _ in with_room])
        draft.add(constraint, AvoidSplitAssignments, event_groups=(group,), role=f"room {families[members[0]]}", most=most)


def _compared(draft: Draft, event: int, column: int) -> tuple[int, ...]:
    """Return the roles that say which room an activity has: where a virtual room can be chosen the first one alone does."""
    roles = draft.room_roles[event, column]
    return roles if (event, column) in draft.virtual else roles[:1]


def _nothing_more(draft: Draft, constraint: FetConstraint) -> None:
    """Rooms are worked in before the other constraints, by ``add_rooms``."""


ROOM_RULES: dict[str, Callable[[Draft, FetConstraint], None]] = dict.fromkeys((*_LISTS, *_BETWEEN), _nothing_more)
"""The types of constraints about rooms."""
