"""Rooms that are counted while times are chosen, and handed out afterwards.

By Hall's theorem the lessons of one period can each have a room of their own just when, for every union U of their lists of suitable
rooms, those whose list lies in U are not more than U holds. So, where meets last one period and only that counts which rooms suit, the
search needs a few bounds for each period and no literal for any choice. Only unions that hang together matter: the bound of two unions
without a common room is the sum of their bounds.

On XHSTT this takes the last 334,546 literals for choices out of DK-FG-12.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from constraints.base import Constraint
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.prefer_resources import PreferResources
from instances.language import Message
from instances.problem import Event, Problem
from instances.timetable import Timetable

MOST_UNIONS = 1000  # unions of lists in one component; beyond, choices are the smaller model

Slot = tuple[int, int]  # event, number of the role


@dataclass(frozen=True)
class Counted:
    """The problem without the choices that counting settles, and how to get back. ``slots`` are the roles that were left out."""

    original: Problem
    problem: Problem
    slots: frozenset[Slot]

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem without the choices."""
        return Timetable.of(
            [
                replace(meet, resources=tuple(None if (meet.event, n) in self.slots else r for n, r in enumerate(meet.resources)))
                for meet in timetable.meets
            ]
        )

    def expand(self, timetable: Timetable) -> Timetable | None:
        """Return the timetable with the choices made, period by period; None when some period has too few rooms."""
        meets = list(timetable.meets)
        capacity = {index: resource.capacity for index, resource in enumerate(self.original.resources)}
        at: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, meet in enumerate(meets):
            for number in range(len(meet.resources)):
                if meet.start is not None and (meet.event, number) in self.slots:
                    at[meet.start].append((index, number))
        for wanted in at.values():
            lists = [self.original.events[meets[index].event].roles[number].candidates for index, number in wanted]
            chosen = matched(lists, capacity)
            if None in chosen:
                return None
            for (index, number), resource in zip(wanted, chosen, strict=True):
                resources = list(meets[index].resources)
                resources[number] = resource
                meets[index] = replace(meets[index], resources=tuple(resources))
        return Timetable.of(meets)


def matched(lists: Sequence[Sequence[int]], capacity: Mapping[int, int]) -> list[int | None]:
    """Return a resource for as many lists as possible, none beyond its capacity: bipartite matching by augmenting paths."""
    users: dict[int, list[int]] = defaultdict(list)

    def find(wanting: int, seen: set[int]) -> bool:
        for resource in lists[wanting]:
            if resource in seen:
                continue
            seen.add(resource)
            if len(users[resource]) < capacity[resource]:
                users[resource].append(wanting)
                return True
            for other in list(users[resource]):
                if find(other, seen):
                    users[resource].remove(other)
                    users[resource].append(wanting)
                    return True
        return False

    for wanting in range(len(lists)):
        find(wanting, set())
    found = {wanting: resource for resource, wantings in users.items() for wanting in wantings}
    return [found.get(wanting) for wanting in range(len(lists))]


def count(problem: Problem) -> Counted:
    """Return the problem with counting in the place of choices, wherever that is exact."""
    slots: set[Slot] = set()
    bounds: list[tuple[tuple[int, ...], int]] = []
    if all(len(instant) == 1 for instant in problem.instants):
        told_apart = _told_apart(problem)
        simple = {slot for slot in surely_filled(problem) if _simple(problem, *slot)}
        for component in components(problem):
            lists: dict[frozenset[int], list[int]] = defaultdict(list)
            for event, number in component:
                lists[frozenset(problem.events[event].roles[number].candidates)].append(event)
            once = len({event for event, _ in component}) == len(component)
            plain = told_apart.isdisjoint(room for rooms in lists for room in rooms)
            unions = unions_of(lists) if once and plain and simple.issuperset(component) else None
            if unions is not None:
                slots.update(component)
                bounds += _bounds(problem, lists, unions)
    if not slots:
        return Counted(problem, problem, frozenset())
    groups = {f"rooms {n}": events for n, (events, _) in enumerate(bounds)}
    limits = [
        LimitConcurrency(id=key, name=Message("No more lessons at once than rooms of a kind"), event_groups=(key,), maximum=most)
        for key, (_, most) in zip(groups, bounds, strict=True)
    ]
    events = tuple(_without(event, index, slots) for index, event in enumerate(problem.events))
    constraints = tuple(_still_to_fill(constraint, problem, slots) for constraint in problem.constraints)
    shown = replace(
        problem, events=events, constraints=(*constraints, *limits), event_groups={**problem.event_groups, **groups}
    )  # fmt: skip
    return Counted(problem, shown, frozenset(slots))


def surely_filled(problem: Problem) -> set[Slot]:
    """Return the open roles that requirements place and fill."""
    placed = {index for c in problem.constraints if isinstance(c, AssignTime) and c.required for index in c.events}
    return {
        (index, number)
        for c in problem.constraints
        if isinstance(c, AssignResource) and c.required
        for index in placed.intersection(c.events)
        for number in problem.events[index].roles_named(c.role)
        if problem.events[index].roles[number].resource is None
    }


def _simple(problem: Problem, index: int, number: int) -> bool:
    """Say whether an event has single periods, every week, and one role of this name."""
    event = problem.events[index]
    single = event.duration == 1 or event.durations == (1,)
    return single and event.weeks == (problem.every_week,) and event.roles_named(event.roles[number].name) == (number,)


def _told_apart(problem: Problem) -> set[int]:
    """Return the resources of which more matters than whether they suit a role and are free."""
    apart = {resource for event in problem.events for resource in event.fixed_resources()}
    limited: set[int] = set()
    constraints: tuple[Constraint, ...] = problem.constraints
    for constraint in constraints:
        if isinstance(constraint, AvoidClashes) and constraint.required:
            limited.update(constraint.resources)
        elif isinstance(constraint, PreferResources):
            for index in constraint.events:
                for number in problem.events[index].roles_named(constraint.role):
                    candidates = problem.events[index].roles[number].candidates
                    if not (constraint.required and set(candidates) <= set(constraint.resources)):
                        apart.update(candidates)
        else:
            apart.update(constraint.resources_named(problem))
    return apart | (set(range(len(problem.resources))) - limited)


def components(problem: Problem) -> list[list[Slot]]:
    """Return the open roles in sets that share candidates."""
    found: list[tuple[set[int], list[Slot]]] = []
    for index, event in enumerate(problem.events):
        for number, role in enumerate(event.roles):
            if role.resource is None:
                merged, slots = set(role.candidates), [(index, number)]
                for part in [part for part in found if not part[0].isdisjoint(merged)]:
                    found.remove(part)
                    merged |= part[0]
                    slots = part[1] + slots
                found.append((merged, slots))
    return [slots for _, slots in found]


def unions_of(lists: Iterable[frozenset[int]]) -> set[frozenset[int]] | None:
    """Return all unions of lists that hang together; None when there are too many."""
    unions = latest = set(lists)
    while latest:
        latest = {union | suitable for union in latest for suitable in lists if not union.isdisjoint(suitable)} - unions
        unions = unions | latest
        if len(unions) > MOST_UNIONS:
            return None
    return unions


def _bounds(
    problem: Problem, lists: Mapping[frozenset[int], Sequence[int]], unions: set[frozenset[int]]
) -> list[tuple[tuple[int, ...], int]]:
    """Return (events, most at once) for each union that can be exceeded."""
    found = []
    for union in sorted(unions, key=lambda rooms: (len(rooms), sorted(rooms))):
        events = tuple(sorted(event for suitable, wanting in lists.items() if suitable <= union for event in wanting))
        most = sum(problem.resources[room].capacity for room in union)
        if len(events) > most:
            found.append((events, most))
    return found


def _without(event: Event, index: int, slots: set[Slot]) -> Event:
    roles = tuple(replace(role, candidates=()) if (index, n) in slots else role for n, role in enumerate(event.roles))
    return replace(event, roles=roles)


def _still_to_fill(constraint: Constraint, problem: Problem, slots: set[Slot]) -> Constraint:
    if not isinstance(constraint, AssignResource):
        return constraint
    kept = [e for e in constraint.events if not any((e, n) in slots for n in problem.events[e].roles_named(constraint.role))]
    return replace(constraint, events=tuple(kept))
