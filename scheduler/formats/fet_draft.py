"""A problem in the making, out of a FET file: times, resources and events are there, constraints are added one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import gcd
from typing import Any

from constraints.base import Constraint
from instances.language import Message
from instances.problem import Event, Problem, Resource, Role, Time, TimeGroup
from scheduler.formats.fet_events import Bundled, activity_ids, named
from scheduler.formats.fet_file import FetConstraint, FetFile


@dataclass
class Draft:
    """What the translation of the constraints reads and fills.

    ``event_of`` gives the event (index) of each activity (id) and ``column`` its place in the rows of the bundle; ``breaks`` are the times
    at which nothing is taught; ``unavailable`` the times at which a resource is away; ``must_have`` the roles (event, number) of rooms
    that must be filled; ``virtual`` the virtual room of an activity (event, column) that can have no other.
    """

    file: FetFile
    bundled: Bundled
    times: tuple[Time, ...] = ()
    resources: list[Resource] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)
    roles: list[list[Role]] = field(default_factory=list)
    event_of: dict[str, int] = field(default_factory=dict)
    column: dict[str, int] = field(default_factory=dict)
    room_roles: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    virtual: dict[tuple[int, int], str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    event_groups: dict[str, tuple[int, ...]] = field(default_factory=dict)
    group_names: dict[str, str] = field(default_factory=dict)
    time_groups: dict[str, TimeGroup] = field(default_factory=dict)
    constraints: list[Constraint] = field(default_factory=list)
    breaks: frozenset[int] = frozenset()
    unavailable: dict[int, frozenset[int]] = field(default_factory=lambda: defaultdict(frozenset))
    unit: dict[str, int] = field(default_factory=dict)
    must_have: set[tuple[int, int]] = field(default_factory=set)

    # -- times ------------------------------------------------------------------------------------------------------

    @property
    def hours(self) -> int:
        """The number of periods of a day."""
        return len(self.file.hours)

    def time(self, constraint: FetConstraint, day: str, hour: str) -> int | None:
        """Return the time of a day and an hour, by name; None, after a fault, where there is none."""
        if day in self.file.days and hour in self.file.hours:
            return self.file.days.index(day) * self.hours + self.file.hours.index(hour)
        self.file.place.fault(
            constraint.element, Message("the file has no {kind} {name}", kind="Day/Hour", name=f"{day} {hour}"), f"{day} {hour}"
        )
        return None

    def slots(self, constraint: FetConstraint) -> frozenset[int]:
        """Return the times that a constraint lists: children with a child for the day and one for the hour."""
        found = set()
        for child in constraint.element.children:
            day = next((part.text for part in child.children if part.tag.endswith("Day")), None)
            hour = next((part.text for part in child.children if part.tag.endswith("Hour")), None)
            if day is not None and hour is not None:
                found.add(self.time(constraint, day, hour))
        return frozenset(time for time in found if time is not None)

    def time_group(self, key: str, name: str, times: Iterable[int], kind: str = "") -> str:
        """Store a time group, made once for each key, and return its id."""
        if key not in self.time_groups:
            self.time_groups[key] = TimeGroup(key, name, tuple(times), kind)
        return key

    def days(self, away: frozenset[int] = frozenset()) -> tuple[str, ...]:
        """Return the days (ids) without the times of ``away``; the key tells equal sets of times apart from others."""
        found = []
        for number, name in enumerate(self.file.days):
            times = [time for time in self.day(number) if time not in away]
            key = f"day{number + 1}" if len(times) == self.hours else f"day{number + 1}:" + ",".join(map(str, times))
            if times:
                found.append(self.time_group(key, name, times, "day" if len(times) == self.hours else ""))
        return tuple(found)

    def day(self, number: int) -> range:
        """Return the times of a day, counted from 0."""
        return range(number * self.hours, (number + 1) * self.hours)

    @property
    def pauses(self) -> frozenset[tuple[int, int]]:
        """The positions of the breaks."""
        return frozenset((self.times[time].day, self.times[time].period) for time in self.breaks)

    # -- whom a constraint means ------------------------------------------------------------------------------------

    def teachers(self, constraint: FetConstraint, everybody: bool) -> list[int]:
        """Return the teachers that a constraint is about: all, or the one it names. Teachers without lessons are left out."""
        if everybody:
            return [self.index[f"teacher:{name}"] for name in self.file.teachers if f"teacher:{name}" in self.index]
        name = named(constraint, "Teacher")
        if name not in self.file.teachers:
            self.unknown(constraint, "Teacher", name)
        return [self.index[f"teacher:{name}"]] if f"teacher:{name}" in self.index else []

    def students(self, constraint: FetConstraint, everybody: bool) -> list[int]:
        """Return the units that a constraint is about: all, or those of the set it names. Units without lessons are left out."""
        if everybody:
            return sorted(set(self.unit.values()))
        name = named(constraint, "Students")
        if name not in self.file.students:
            self.unknown(constraint, "Students", name)
        return sorted({self.unit[unit] for unit in self.file.students.get(name, ()) if unit in self.unit})

    def unknown(self, constraint: FetConstraint, kind: str, name: str) -> None:
        """Note that a constraint names something that is not in the file."""
        self.file.place.fault(constraint.element, Message("the file has no {kind} {name}", kind=kind, name=repr(name)), name)

    def events(self, constraint: FetConstraint) -> tuple[int, ...]:
        """Return the events of the activities that a constraint lists; inactive activities are left out."""
        found = []
        for key in activity_ids(constraint):
            if key in self.event_of:
                found.append(self.event_of[key])
            elif key not in self.file.inactive:
                self.unknown(constraint, "Activity", key)
        return tuple(dict.fromkeys(found))

    def group(self, events: Sequence[int], name: str = "") -> str:
        """Return the id of the group of these events, made when it is new."""
        key = "events:" + ",".join(map(str, events))
        if key not in self.event_groups:
            self.event_groups[key] = tuple(events)
            self.group_names[key] = name or ", ".join(dict.fromkeys(self.names[event] for event in events[:6]))
        return key

    def events_with(self, resource: int) -> tuple[int, ...]:
        """Return the events of a resource."""
        return tuple(event for event, roles in enumerate(self.roles) if any(role.resource == resource for role in roles))

    def meets(self, events: Iterable[int]) -> int:
        """Return the number of meets of some events."""
        return sum(len(self.bundled.bundles[event].rows) for event in events)

    def marker(self, key: str, name: str, events: Iterable[int]) -> int:
        """Return a resource that takes part in all of ``events``, so that limits on resources can speak of them alone."""
        if key not in self.index:
            self.index[key] = len(self.resources)
            self.resources.append(Resource(key, name, "group"))
            for event in dict.fromkeys(events):
                self.roles[event].append(Role("group", self.index[key]))
        return self.index[key]

    # -- adding -----------------------------------------------------------------------------------------------------

    def add(self, constraint: FetConstraint, kind: type[Constraint], part: str = "", *, multiple: int = 1, **fields: Any) -> None:
        """Add a constraint that says a FET constraint, or a part of it; ``multiple`` multiplies its weight when it is a preference."""
        about = next((text for text in (named(constraint, k) for k in ("Teacher", "Students", "Subject", "Room")) if text), "")
        required = fields.pop("required", constraint.required)
        self.constraints.append(
            kind(
                id=f"{constraint.number}:{constraint.type}{part}",
                name=f"{constraint.type} {about}".strip(),
                required=required,
                weight=1 if required else max(round(constraint.weight), 1) * multiple,
                origin=self.file.place.origin(constraint.element),
                **fields,
            )
        )

    def law(self, key: str, kind: type[Constraint], **fields: Any) -> None:
        """Add what holds in every school."""
        self.constraints.append(kind(id=key, **fields))

    def problem(self) -> Problem:
        """Return the finished problem."""
        open_times = None if not self.breaks else frozenset(range(len(self.times))) - self.breaks
        events = tuple(
            Event(
                f"a{bundle.rows[0][0].id}",
                name,
                bundle.duration * len(bundle.rows),
                tuple(roles),
                (bundle.duration,),
                times=open_times,
            )
            for bundle, name, roles in zip(self.bundled.bundles, self.names, self.roles, strict=True)
        )
        by_type = groupby(sorted(range(len(self.resources)), key=lambda i: self.resources[i].type), key=lambda i: self.resources[i].type)
        return Problem(
            self.file.institution or "FET",
            self.times,
            tuple(self.resources),
            events,
            tuple(_merged(self.constraints)),
            self.time_groups,
            self.event_groups,
            {kind: tuple(members) for kind, members in by_type},
            self.group_names,
        )


def _merged(constraints: list[Constraint]) -> list[Constraint]:
    """Say once what is said several times, preferences with the sum of the weights; weights are divided by what they share."""
    found: dict[tuple[Any, ...], Constraint] = {}
    for constraint in constraints:
        own = {name: value for name, value in vars(constraint).items() if name not in ("id", "name", "weight", "origin")}
        key = (constraint.kind, *sorted((name, str(value)) for name, value in own.items()))
        if key not in found:
            found[key] = constraint
        elif not constraint.required:
            found[key] = replace(found[key], weight=found[key].weight + constraint.weight)
    shared = gcd(*(constraint.weight for constraint in found.values() if not constraint.required)) or 1
    return [c if c.required else replace(c, weight=c.weight // shared) for c in found.values()]
