"""Rooms that are counted where there may be too few of them: how many lessons of a period stay without a room.

``hall`` counts rooms where every role must be filled. Where a requirement may give way the same count has slack: at each time, for each
list of suitable rooms, so many of its lessons have no room, and the others obey Hall's theorem. A role for which no room is suitable (its
requirements contradict each other) never has one. The cost equals that of the choices themselves, without a literal for any of them; only
that a lesson without a time needs no room.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, Violation
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.prefer_resources import PreferResources
from instances.language import Message
from instances.problem import Event, Problem
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.solving.hall import Slot, components, matched, unions_of

if TYPE_CHECKING:
    from constraints.model import TimetableModel

Rooms = frozenset[int]


@dataclass(frozen=True, kw_only=True)
class RoomShortage(Constraint):
    """The lessons of ``lists`` (suitable rooms -> events, one period each) that find no room of their own.

    ``rooms`` maps a room to its capacity at each time. Point: a time. Deviation: lessons without a room.
    """

    kind: ClassVar[str] = "room_shortage"
    lists: tuple[tuple[Rooms, tuple[int, ...]], ...]
    rooms: Mapping[int, tuple[int, ...]]

    @cached_property
    def _rooms_of(self) -> dict[int, Rooms]:
        return {event: suitable for suitable, events in self.lists for event in events}

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Match lessons and rooms, time by time."""
        at: dict[int, list[Meet]] = defaultdict(list)
        for _, events in self.lists:
            for event in events:
                for meet in view.meets_of[event]:
                    if meet.start is not None:
                        at[meet.start].append(meet)
        for time, meets in sorted(at.items()):
            chosen = matched(
                [sorted(self._rooms_of[meet.event]) for meet in meets], {room: most[time] for room, most in self.rooms.items()}
            )
            without = tuple(meet for meet, room in zip(meets, chosen, strict=True) if room is None)
            if without:
                name = view.problem.times[time].name
                yield Violation(self, name, len(without), Message("No more lessons at once than rooms of a kind"), (time,), without)

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """For each list and time a number of lessons without a room; the others are no more than the rooms, for every union of lists."""
        unions = unions_of([suitable for suitable, _ in self.lists]) or set()
        for time in range(len(model.problem.times)):
            running = {suitable: literals for suitable, events in self.lists if (literals := model.lessons(events, (time,)))}
            without = {suitable: model.cp.new_int_var(0, len(literals), "") for suitable, literals in running.items()}
            housed = {suitable: model.cp.new_int_var(0, len(literals), "") for suitable, literals in running.items()}
            for suitable, literals in running.items():
                model.cp.add(model.sum(*literals) == housed[suitable] + without[suitable])
            for union in unions:
                inside = [suitable for suitable in running if suitable <= union]
                most = sum(self.rooms[room][time] for room in union)
                if sum(len(running[suitable]) for suitable in inside) > most:
                    model.cp.add(model.sum(*(housed[suitable] for suitable in inside)) <= most)
            yield Deviation(model.problem.times[time].name, model.sum(*without.values()), sum(map(len, running.values())))


@dataclass(frozen=True)
class Shortened:
    """The problem without the choices that counting settles, and how to get back."""

    original: Problem
    problem: Problem
    suitable: Mapping[Slot, Rooms]
    rooms: Mapping[int, tuple[int, ...]]

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem as one of the shortened problem: what is counted has no room."""
        counted = self.suitable.keys()
        return Timetable.of(
            [
                replace(meet, resources=tuple(None if (meet.event, n) in counted else r for n, r in enumerate(meet.resources)))
                for meet in timetable.meets
            ]
        )

    def expand(self, timetable: Timetable) -> Timetable:
        """Return the timetable with rooms for as many lessons as possible. Lessons without a time have any room: it costs nothing there."""
        meets = list(timetable.meets)
        placed: Counter[int] = Counter()
        for meet in meets:
            placed[meet.event] += meet.duration
        for index in sorted({event for event, _ in self.suitable}):
            event = self.original.events[index]
            roles = tuple(role.resource for role in event.roles)
            meets += [Meet(index, 1, None, self.original.every_week, roles)] * (event.duration - placed[index])
        at: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
        for number, meet in enumerate(meets):
            at[meet.start] += [(number, role) for role in range(len(meet.resources)) if (meet.event, role) in self.suitable]
        for time, wanted in at.items():
            lists = [sorted(self.suitable[meets[number].event, role]) for number, role in wanted]
            free = {room: len(wanted) if time is None else most[time] for room, most in self.rooms.items()}
            for (number, role), room in zip(wanted, matched(lists, free), strict=True):
                resources = list(meets[number].resources)
                resources[role] = room
                meets[number] = replace(meets[number], resources=tuple(resources))
        return Timetable.of(meets)


def shorten(problem: Problem) -> Shortened:
    """Return the problem with room shortages counted in the place of choices, wherever that costs the same."""
    lists, weights, rooms = _suitable(problem), _weights(problem), _availability(problem)
    suitable: dict[Slot, Rooms] = {}
    empty: set[Slot] = set()
    shortages: list[RoomShortage] = []
    for component in components(problem):
        members: dict[Rooms, list[int]] = defaultdict(list)
        for event, number in component:
            members[lists[event, number]].append(event)
        weight = {weights.get(slot) for slot in component}
        least = weight.pop()
        once = len({event for event, _ in component}) == len(component)
        named = {room for event, number in component for room in problem.events[event].roles[number].candidates}
        if weight or least is None or not once or not all(_simple(problem, *slot) for slot in component):
            continue
        never = members.pop(frozenset(), ())
        if not _only_suited(problem, named, least) or unions_of(members) is None:
            continue
        suitable.update({slot: lists[slot] for slot in component if lists[slot]})
        empty.update(slot for slot in component if slot[0] in never)
        shortages.append(
            RoomShortage(
                id=f"rooms short {len(shortages)}",
                weight=least,
                lists=tuple((found, tuple(events)) for found, events in members.items()),
                rooms={room: rooms[room] for room in sorted(named)},
            )
        )
    if not shortages:
        return Shortened(problem, problem, {}, {})
    events = tuple(_without(event, index, empty | suitable.keys()) for index, event in enumerate(problem.events))
    constraints = tuple(_still_open(constraint, problem, suitable) for constraint in problem.constraints)
    shown = replace(problem, events=events, constraints=(*constraints, *shortages))
    return Shortened(problem, shown, suitable, {room: most for shortage in shortages for room, most in shortage.rooms.items()})


def never_filled(problem: Problem) -> bool:
    """Say whether some role must be filled for which no candidate is suitable: then no timetable is legal."""
    lists = _suitable(problem)
    return any(
        not lists.get((index, number), True)
        for c in problem.constraints
        if isinstance(c, AssignResource) and c.required
        for index in c.events
        for number in problem.events[index].roles_named(c.role)
    )


def _suitable(problem: Problem) -> dict[Slot, Rooms]:
    """Return for each open role the candidates that all requirements find suitable; there may be none."""
    found = {
        (index, number): frozenset(role.candidates)
        for index, event in enumerate(problem.events)
        for number, role in enumerate(event.roles)
        if role.resource is None
    }
    for c in problem.constraints:
        if isinstance(c, PreferResources) and c.required:
            for index in c.events:
                for number in problem.events[index].roles_named(c.role):
                    if (index, number) in found:
                        found[index, number] &= frozenset(c.resources)
    return found


def _weights(problem: Problem) -> dict[Slot, int]:
    """Return what a period without a room costs, for the open roles that one requirement wants filled, at a linear cost."""
    found: dict[Slot, int] = {}
    twice: set[Slot] = set()
    for c in problem.constraints:
        if isinstance(c, AssignResource):
            for index in c.events:
                event = problem.events[index]
                for number in event.roles_named(c.role):
                    slot = (index, number)
                    if slot in found or not c.required or (event.duration > 1 and c.cost_function is not CostFunction.LINEAR):
                        twice.add(slot)
                    found[slot] = c.weight
    return {slot: weight for slot, weight in found.items() if slot not in twice}


def _availability(problem: Problem) -> list[tuple[int, ...]]:
    """Return the capacity of each resource at each time: 0 where it is not available."""
    closed: dict[int, set[int]] = defaultdict(set)
    for c in problem.constraints:
        if isinstance(c, AvoidUnavailableTimes) and c.required:
            for resource in c.resources:
                closed[resource].update(c.times)
    return [
        tuple(0 if time in closed[index] else resource.capacity for time in range(len(problem.times)))
        for index, resource in enumerate(problem.resources)
    ]


def _simple(problem: Problem, index: int, number: int) -> bool:
    """Say whether an event has single periods, every week, and one role of this name."""
    event = problem.events[index]
    single = event.duration == 1 or event.durations == (1,)
    return single and event.weeks == (problem.every_week,) and event.roles_named(event.roles[number].name) == (number,)


def _only_suited(problem: Problem, rooms: set[int], weight: int) -> bool:
    """Say whether only that counts of ``rooms`` whether they suit, and are free: and an open role costs no more than a wrong one."""
    if any(len(instant) > 1 for instant in problem.instants):
        return False
    if any(rooms.intersection(event.fixed_resources()) for event in problem.events):
        return False
    limited: set[int] = set()
    for c in problem.constraints:
        if isinstance(c, AssignResource):
            continue
        concerned = (
            any(rooms.intersection(role.candidates) for index in c.events for role in problem.events[index].roles if role.name == c.role)
            if isinstance(c, PreferResources)
            else bool(rooms.intersection(c.resources_named(problem)))
        )
        if not concerned:
            continue
        if not isinstance(c, AvoidClashes | PreferResources | AvoidUnavailableTimes) or not c.required or c.weight < weight:
            return False
        if isinstance(c, AvoidClashes):
            limited.update(c.resources)
    return rooms <= limited


def _without(event: Event, index: int, slots: Set[Slot]) -> Event:
    return replace(event, roles=tuple(replace(role, candidates=()) if (index, n) in slots else role for n, role in enumerate(event.roles)))


def _still_open(constraint: Constraint, problem: Problem, slots: Mapping[Slot, Rooms]) -> Constraint:
    if not isinstance(constraint, AssignResource):
        return constraint
    kept = [e for e in constraint.events if not any((e, n) in slots for n in problem.events[e].roles_named(constraint.role))]
    return replace(constraint, events=tuple(kept))
