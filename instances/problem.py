"""The timetabling problem in the field's own words, those of the XHSTT format (Post, Kingston et al., 2012/2014):
times, resources, events and constraints. School plans, XHSTT archives and FET files all become a :class:`Problem`.

Beyond XHSTT a problem has clock times (grades with different bells share teachers), weeks (a meet may run in odd or even weeks
only) and resources with a capacity (a field for three classes).

Times, resources and events are known by their index in the problem's tuples; ids are for people and files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Time:
    """A period in which a meet may stand.

    Consecutive times of one ``grid`` follow each other in ``Problem.times``; a meet of duration 2 takes a time and the next one.
    ``day`` and ``period`` are its position in the week (two grids may share positions); ``start`` and ``end`` are minutes after
    midnight, None where the problem has no clock, in which case different times never overlap.
    """

    id: str
    name: str
    day: int
    period: int
    start: int | None = None
    end: int | None = None
    grid: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """A teacher, class, room or student group. ``capacity`` is the number of meets it can take part in at once."""

    id: str
    name: str
    type: str
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Role:
    """A place in an event for one resource: ``resource`` when it is given, else one of ``candidates`` is to be chosen.

    Both hold indices into ``Problem.resources``. ``workload`` is in XHSTT workload units, None for that of the event.
    """

    name: str
    resource: int | None = None
    candidates: tuple[int, ...] = ()
    workload: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A set of lessons that share their resources: ``duration`` periods in all, taught in one or more meets.

    ``durations`` are the meet durations that may occur; ``start`` is a preassigned start time; ``times`` are the times that its
    meets may occupy (None: all); ``weeks`` are the alternatives for the weeks in which it runs, each a bit mask (bit 0: first week
    of the cycle): ``(0b11,)`` every week, ``(0b01, 0b10)`` every other week, the solver chooses which.
    """

    id: str
    name: str
    duration: int
    roles: tuple[Role, ...] = ()
    durations: tuple[int, ...] = ()
    start: int | None = None
    times: frozenset[int] | None = None
    weeks: tuple[int, ...] = (1,)
    workload: int | None = None

    def fixed_resources(self) -> tuple[int, ...]:
        """Return the resources that take part in every meet."""
        return tuple(role.resource for role in self.roles if role.resource is not None)

    def roles_named(self, name: str) -> tuple[int, ...]:
        """Return the numbers of the roles of this name."""
        return tuple(number for number, role in enumerate(self.roles) if role.name == name)


@dataclass(frozen=True, slots=True)
class TimeGroup:
    """A named set of times, in order: a day, a morning, the last periods of the week. ``kind`` is ``day``, ``week`` or free."""

    id: str
    name: str
    times: tuple[int, ...]
    kind: str = ""


@dataclass(frozen=True)
class Problem:
    """Times, resources, events and constraints (those of the package ``constraints``, which this one may not import).

    ``weeks`` is the length of the cycle: 1, or 2 with odd and even weeks.
    """

    name: str
    times: tuple[Time, ...]
    resources: tuple[Resource, ...]
    events: tuple[Event, ...]
    constraints: tuple[Any, ...] = ()
    time_groups: Mapping[str, TimeGroup] = field(default_factory=dict)
    event_groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    resource_groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    group_names: Mapping[str, str] = field(default_factory=dict)
    weeks: int = 1

    def group_name(self, group: str) -> str:
        """Return the name that people see for an event or resource group."""
        return self.group_names.get(group, group)

    @property
    def every_week(self) -> int:
        """The mask of a meet that runs every week."""
        return (1 << self.weeks) - 1

    @cached_property
    def following(self) -> tuple[int | None, ...]:
        """For each time the next one of its grid, or None for the last."""
        following: list[int | None] = [None] * len(self.times)
        for index in range(len(self.times) - 1):
            if self.times[index].grid == self.times[index + 1].grid:
                following[index] = index + 1
        return tuple(following)

    def span(self, start: int, duration: int) -> tuple[int, ...] | None:
        """Return the times that a meet of ``duration`` starting at ``start`` occupies; None when the grid ends before it does."""
        span = [start]
        while len(span) < duration:
            after = self.following[span[-1]]
            if after is None:
                return None
            span.append(after)
        return tuple(span)

    @cached_property
    def instants(self) -> tuple[tuple[int, ...], ...]:
        """The largest sets of times that overlap by the clock. A resource in two times of one instant is in two places at once.

        Without clock times, or with one grid, every time is an instant of its own.
        """
        by_day: dict[int, list[int]] = defaultdict(list)
        instants: list[tuple[int, ...]] = []
        for index, time in enumerate(self.times):
            if time.start is None or time.end is None:
                instants.append((index,))
            else:
                by_day[time.day].append(index)
        for day in sorted(by_day):
            found: list[frozenset[int]] = []
            for point in sorted({self.times[i].start or 0 for i in by_day[day]}):
                active = frozenset(i for i in by_day[day] if (self.times[i].start or 0) <= point < (self.times[i].end or 0))
                found = [other for other in found if not other < active]
                if not any(active <= other for other in found):
                    found.append(active)
            instants.extend(tuple(sorted(active)) for active in found)
        return tuple(instants)

    @cached_property
    def overlapping(self) -> tuple[tuple[int, ...], ...]:
        """For each time the times that overlap it by the clock, itself among them."""
        found: list[set[int]] = [{time} for time in range(len(self.times))]
        for instant in self.instants:
            for time in instant:
                found[time].update(instant)
        return tuple(tuple(sorted(times)) for times in found)

    @cached_property
    def positions(self) -> tuple[tuple[int, int], ...]:
        """For each time its (day, period): times of several grids may share a position."""
        return tuple((time.day, time.period) for time in self.times)

    def at_positions(self, times: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """Return ``times`` gathered by (day, period), in order of the week: times of several grids at one position count once."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for time in dict.fromkeys(times):
            found[self.positions[time]].append(time)
        return tuple(tuple(found[position]) for position in sorted(found))

    @cached_property
    def events_of(self) -> tuple[tuple[int, ...], ...]:
        """For each resource the events that use it or may use it."""
        found: list[list[int]] = [[] for _ in self.resources]
        for index, event in enumerate(self.events):
            possible = set(event.fixed_resources())
            for role in event.roles:
                possible.update(role.candidates if role.resource is None else ())
            for resource in sorted(possible):
                found[resource].append(index)
        return tuple(tuple(events) for events in found)

    def week_views(self, events: Iterable[int]) -> tuple[int, ...]:
        """Return the weeks that must be looked at apart: week 0 alone when all ``events`` run every week, else each week."""
        if self.weeks == 1 or all(self.events[event].weeks == (self.every_week,) for event in events):
            return (0,)
        return tuple(range(self.weeks))

    @cached_property
    def event_index(self) -> Mapping[str, int]:
        """Index of each event id."""
        return {event.id: index for index, event in enumerate(self.events)}

    @cached_property
    def resource_index(self) -> Mapping[str, int]:
        """Index of each resource id."""
        return {resource.id: index for index, resource in enumerate(self.resources)}

    @cached_property
    def time_index(self) -> Mapping[str, int]:
        """Index of each time id."""
        return {time.id: index for index, time in enumerate(self.times)}

    @cached_property
    def days(self) -> tuple[TimeGroup, ...]:
        """The time groups of kind ``day``, in order."""
        return tuple(group for group in self.time_groups.values() if group.kind == "day")
