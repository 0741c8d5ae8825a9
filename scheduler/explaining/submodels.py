"""The problem that is left when only some groups are in force.

Each group that is taken out makes the problem weaker, never stronger: a course without its hours may have any number of lessons, a double
period may fall apart, rooms take any number of classes. So "no timetable for these groups" proves the same for all larger sets,
and a minimal set is found by taking groups out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from constraints.base import Constraint
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.keep_in_step import KeepInStep
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.link_events import LinkEvents
from instances.language import Message
from instances.problem import Event, Problem
from instances.timetable import Meet, Timetable
from scheduler.compiling.compile import CompiledSchool
from scheduler.explaining.groups import Groups, group_of_constraint

_LAWS = (AssignTime, AssignResource, AvoidClashes, DistributeSplitEvents)
_COMPANIONS = (LinkEvents, LimitIdleTimes, KeepInStep)
"""Kinds that a further lesson can help to satisfy once there is one: what they mention must be free to run."""
_SPARE = 12
"""Lessons a week that a course whose hours are not in force may have beyond its own."""

Point = tuple[str, Any, frozenset[int]]


class Submodels:
    """Makes the problem of any set of groups of one school, over all events or inside a ``scope`` of events.

    Outside the scope there are no lessons, and what asks for lessons there is not asked: weaker again.
    """

    def __init__(self, compiled: CompiledSchool, groups: Groups) -> None:
        self.problem = compiled.problem
        self.compiled = compiled
        self.groups = groups
        self.constraints: dict[str, list[Constraint]] = defaultdict(list)
        for constraint in compiled.problem.constraints:
            if constraint.required and not isinstance(constraint, _LAWS):
                self.constraints[group_of_constraint(constraint.group, constraint.id)].append(constraint)
        self._points: dict[str, tuple[Point, ...]] = {}

    @cached_property
    def everything(self) -> frozenset[str]:
        """All groups."""
        return frozenset(self.groups.by_id)

    @cached_property
    def events_of_group(self) -> Mapping[str, frozenset[int]]:
        """The events that each group is about."""
        found: dict[str, set[int]] = {key: set() for key in self.groups.by_id}
        for of_event in (self.groups.hours, self.groups.doubles, self.groups.weeks, self.groups.joint):
            for event, key in of_event.items():
                found[key].add(event)
        for resource, key in self.groups.room_group.items():
            found[key].update(self.problem.events_of[resource])
        for key, constraints in self.constraints.items():
            if key:
                for constraint in constraints:
                    for _, _, events in self.points(constraint):
                        found[key] |= events
        return {key: frozenset(events) for key, events in found.items()}

    def groups_about(self, scope: Iterable[int]) -> frozenset[str]:
        """Return the groups that are about some event of the scope."""
        events = frozenset(scope)
        return frozenset(key for key, mine in self.events_of_group.items() if not events.isdisjoint(mine))

    # -- points of application --------------------------------------------------------------------------------------

    def points(self, constraint: Constraint) -> tuple[Point, ...]:
        """Return what a constraint applies to: (field, entry of that field, events concerned), one for each entry."""
        if constraint.id not in self._points:
            self._points[constraint.id] = tuple(self._make_points(constraint))
        return self._points[constraint.id]

    def _make_points(self, constraint: Constraint) -> Iterator[Point]:
        groups, of = self.problem.event_groups, self.problem.events_of
        for key in getattr(constraint, "event_groups", ()):
            yield "event_groups", key, frozenset(groups[key])
        for pair in getattr(constraint, "pairs", ()):
            yield "pairs", pair, frozenset(groups[pair[0]]) | frozenset(groups[pair[1]])
        for resource in getattr(constraint, "resources", ()):
            yield "resources", resource, frozenset(of[resource])
        for share in getattr(constraint, "shares", ()):
            yield "shares", share, frozenset(of[share[0]])
        if hasattr(constraint, "event_group"):
            yield "event_group", constraint.event_group, frozenset(groups[constraint.event_group])

    def _wants(self, constraint: Constraint) -> bool:
        """Say whether a constraint asks for lessons, so that an empty timetable breaks it."""
        return getattr(constraint, "minimum", 0) > 0 or constraint.kind == "occupy_times"

    # -- the problem ------------------------------------------------------------------------------------------------

    def restricted(self, active: Iterable[str], scope: Iterable[int] | None = None) -> Problem:
        """Return the problem in which only the ``active`` groups are in force, as small as it can be."""
        chosen = frozenset(active)
        inside = frozenset(range(len(self.problem.events))) if scope is None else frozenset(scope)
        constraints = [c for key in ("", *sorted(chosen)) for c in self.constraints.get(key, ())]
        demanded = {event for event, key in self.groups.hours.items() if key in chosen and event in inside}
        live = self._live(constraints, demanded, inside)
        order = sorted(live)
        number = {event: position for position, event in enumerate(order)}
        events = tuple(self._event(event, event in demanded, chosen) for event in order)
        kept = [k for c in constraints if (k := self._kept(c, live)) is not None]
        names = {key for c in kept for key in _named_groups(c)}
        return replace(
            self.problem,
            events=events,
            constraints=(*self._laws(order, demanded, chosen, events), *kept),
            event_groups={key: tuple(number[e] for e in self.problem.event_groups[key] if e in number) for key in names},
        )

    def original(self, restricted: Problem, timetable: Timetable) -> Timetable:
        """Return a timetable of a restricted problem as one of the whole, without lessons beyond the plan's hours."""
        meets: list[Meet] = []
        left = [event.duration for event in self.problem.events]
        for meet in timetable.meets:
            small = restricted.events[meet.event]
            index = self.problem.event_index[small.id]
            event = self.problem.events[index]
            if meet.duration > left[index]:
                continue
            left[index] -= meet.duration
            chosen = iter([r for role, r in zip(small.roles, meet.resources, strict=True) if role.resource is None])
            resources = tuple(role.resource if role.resource is not None else next(chosen, None) for role in event.roles)
            meets.append(replace(meet, event=index, resources=resources))
        return Timetable.of(meets)

    def _live(self, constraints: Iterable[Constraint], demanded: set[int], inside: frozenset[int]) -> frozenset[int]:
        """Return the events that must be able to have lessons: those demanded, and those that a constraint may need."""
        live = set(demanded)
        companions = []
        for constraint in constraints:
            if self._wants(constraint):
                live.update(e for _, _, events in self.points(constraint) if events <= inside for e in events)
            elif isinstance(constraint, _COMPANIONS):
                companions += [events for _, _, events in self.points(constraint) if events <= inside]
        grown = True
        while grown:
            before = len(live)
            for events in companions:
                if not live.isdisjoint(events):
                    live |= events
            grown = len(live) > before
        return frozenset(live)

    def _kept(self, constraint: Constraint, live: frozenset[int]) -> Constraint | None:
        """Return a constraint at those of its points that can matter, None when there are none."""
        whole = self._wants(constraint) or isinstance(constraint, _COMPANIONS)
        points = self.points(constraint)
        if not points:
            return constraint
        kept = [(name, entry) for name, entry, events in points if (events and events <= live if whole else not live.isdisjoint(events))]
        if not kept:
            return None
        name = kept[0][0]
        if name == "event_group" or len(kept) == len(points):
            return constraint
        change: dict[str, Any] = {name: tuple(entry for _, entry in kept)}
        return replace(constraint, **change)

    def _event(self, index: int, demanded: bool, active: frozenset[str]) -> Event:
        """Return an event with the freedom that the groups not in force leave to it."""
        event, groups = self.problem.events[index], self.groups
        changes: dict[str, Any] = {}
        if index in groups.weeks and groups.weeks[index] not in active:
            changes["weeks"] = (1, 2)
        if index in groups.joint and groups.joint[index] not in active:
            classes = [role for role in event.roles if role.name == "class"][:1]
            teachers = [role for role in event.roles if role.name == "teacher"][:1]
            changes["roles"] = (*classes, *teachers, *(role for role in event.roles if role.name not in ("class", "teacher")))
        if not demanded:
            changes["duration"] = event.duration + _SPARE
        if index in groups.doubles and (not demanded or groups.doubles[index] not in active):
            changes["durations"] = (1, 2)
        return replace(event, **changes) if changes else event

    def _laws(self, order: list[int], demanded: set[int], active: frozenset[str], events: tuple[Event, ...]) -> Iterator[Constraint]:
        """Yield the laws for the live events: lessons placed as demanded, nobody in two places, doubles, rooms."""
        placed = tuple(position for position, event in enumerate(order) if event in demanded)
        if placed:
            yield AssignTime(id="assign_time", events=placed)
        used: dict[int, None] = {}
        for event in events:
            for role in event.roles:
                used.update((r, None) for r in ((role.resource,) if role.resource is not None else role.candidates))
        clashing = tuple(r for r in sorted(used) if r not in self.groups.room_group or self.groups.room_group[r] in active)
        if clashing:
            yield AvoidClashes(id="avoid_clashes", resources=clashing)
        roomy = tuple(p for p in placed if any(role.resource is None for role in events[p].roles))
        if roomy:
            yield AssignResource(id="assign_room", name=Message("Every lesson that needs a room has one"), events=roomy, role="room")
        for position in placed:
            index = order[position]
            if self.groups.doubles.get(index) in active and events[position].durations == (1, 2):
                count = self.compiled.teaching.doubles[index]
                yield DistributeSplitEvents(id=f"doubles:{index}", events=(position,), duration=2, minimum=count, maximum=count)


def _named_groups(constraint: Constraint) -> Iterator[str]:
    yield from getattr(constraint, "event_groups", ())
    for pair in getattr(constraint, "pairs", ()):
        yield from pair
    if hasattr(constraint, "event_group"):
        yield constraint.event_group
