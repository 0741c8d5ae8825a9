"""Lessons against places, over any set of slots: a flow from lessons through daily limits into the periods of the week.

Where the flow cannot carry all lessons, its least cut names the lessons that are too many and the limits that stand in the way (Hall's
condition). Everything left out makes the count weaker, so what is found is surely impossible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from constraints.base import Constraint
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_lessons import LimitLessons
from instances.problem import Problem
from scheduler.solving.flow import SINK, SOURCE, greatest_flow

Edge = tuple[Hashable, Hashable, int]
_PLENTY = 100_000


@dataclass(frozen=True)
class Overflow:
    """``need`` lessons of ``events`` have room for ``room``; ``limits`` are the constraints that hold them back besides the slots.

    ``week`` is the week (0 odd, 1 even) in which they do not fit, None where it is not one week alone.
    """

    events: tuple[int, ...]
    need: float
    room: float
    slots: int
    limits: tuple[Constraint, ...]
    week: int | None = None


class Counting:
    """Counts for one problem. ``allowed`` holds, for each event, the times that its lessons may still occupy."""

    def __init__(self, problem: Problem, allowed: Mapping[int, frozenset[int]], closed: Mapping[int, frozenset[int]]) -> None:
        self.problem = problem
        self.allowed = allowed
        self.closed = closed
        self._clique: dict[int, int] = {}
        for number, instant in enumerate(problem.instants):
            for time in instant:
                self._clique.setdefault(time, number)
        self._cliques: dict[int, list[int]] = defaultdict(list)
        for time, number in self._clique.items():
            self._cliques[number].append(time)
        self._daily: dict[int, list[tuple[LimitLessons, str, frozenset[int]]]] = defaultdict(list)
        self._busy: dict[int, list[LimitBusyTimes]] = defaultdict(list)
        days = {group.id for group in problem.days}
        self._day_id = {time: group.id for group in problem.days for time in group.times}
        for constraint in problem.constraints:
            if not constraint.required:
                continue
            if isinstance(constraint, LimitLessons) and self._limits_days(constraint, days):
                for key in constraint.event_groups:
                    events = frozenset(problem.event_groups[key])
                    for event in events:
                        self._daily[event].append((constraint, key, events))
            elif isinstance(constraint, LimitBusyTimes) and days.issuperset(constraint.time_groups):
                for resource in constraint.resources:
                    self._busy[resource].append(constraint)

    @staticmethod
    def _limits_days(constraint: LimitLessons, days: set[str]) -> bool:
        """Say whether it is an upper limit for days; where a minimum is asked for, the maximum is no limit."""
        return constraint.maximum > 0 and constraint.minimum == 0 and days.issuperset(constraint.time_groups)

    def overflow(self, events: Iterable[int], capacity: Callable[[int], int], resource: int | None = None) -> Overflow | None:
        """Return what does not fit when all ``events`` share places: ``capacity(clique)`` at each moment; the worst of the weeks."""
        events = sorted(events)
        for demand, unit, week in self._views(events):
            found = self._one_view(demand, unit, capacity, resource)
            if found is not None:
                alternate = any(self.problem.events[e].weeks != (self.problem.every_week,) for e in found.events)
                return replace(found, week=week if alternate else None)
        return None

    def most(self, events: Iterable[int], times: frozenset[int], resource: int) -> int:
        """Return how many of the weekly lessons of ``events`` have room in ``times`` for a resource that gives all of them."""
        demand = {e: self.problem.events[e].duration for e in events}
        edges, _ = self._network(demand, 1, self.of_resources([resource]), resource, times)
        value, _ = greatest_flow([(SOURCE, ("event", e), d) for e, d in demand.items()] + edges)
        return value

    def of_resources(self, resources: Iterable[int]) -> Callable[[int], int]:
        """Return the capacity of some interchangeable resources at each moment, closed ones left out."""
        members = list(resources)

        def capacity(clique: int) -> int:
            times = self._cliques[clique]
            return sum(self.problem.resources[m].capacity for m in members if not self.closed[m].issuperset(times))

        return capacity

    def _views(self, events: list[int]) -> Iterator[tuple[dict[int, int], int, int | None]]:
        """Yield (demand in units by event, units to a period, week): each week by its own lessons, then both weeks together."""
        problem = self.problem
        every = (problem.every_week,)
        if all(problem.events[e].weeks == every for e in events):
            yield {e: problem.events[e].duration for e in events}, 1, None
            return
        for week in range(problem.weeks):
            yield {e: problem.events[e].duration for e in events if all(mask >> week & 1 for mask in problem.events[e].weeks)}, 1, week
        yield {e: problem.events[e].duration * min(m.bit_count() for m in problem.events[e].weeks) for e in events}, problem.weeks, None

    def _one_view(self, demand: dict[int, int], unit: int, capacity: Callable[[int], int], resource: int | None) -> Overflow | None:
        if not demand:
            return None
        edges, limits = self._network(demand, unit, capacity, resource)
        value, side = greatest_flow([(SOURCE, ("event", e), d) for e, d in demand.items()] + edges)
        missing = sum(demand.values()) - value
        if missing <= 0:
            return None
        inside = tuple(e for e in demand if ("event", e) in side)
        full = dict.fromkeys(limits[tail].id for tail, head, _ in edges if tail in limits and tail in side and head not in side)
        by_id = {constraint.id: constraint for constraint in limits.values()}
        slots = {self._clique[t] for e in inside for t in self.allowed[e] if capacity(self._clique[t]) > 0}
        need = sum(demand[e] for e in inside)
        return Overflow(inside, need / unit, (need - missing) / unit, len(slots), tuple(by_id[key] for key in full))

    def _network(
        self, demand: dict[int, int], unit: int, capacity: Callable[[int], int], resource: int | None, only: frozenset[int] | None = None
    ) -> tuple[list[Edge], dict[Hashable, Constraint]]:
        """Return the edges from events over daily limits into slots (of the times ``only``), over the resource's days into the sink."""
        problem = self.problem
        edges: dict[tuple[Hashable, Hashable], int] = {}
        limits: dict[Hashable, Constraint] = {}
        for event in demand:
            share = unit if problem.events[event].weeks == (problem.every_week,) or unit == 1 else 1
            chain = self._chain(event, demand)
            for time in self.allowed[event] if only is None else self.allowed[event] & only:
                clique, day = self._clique[time], problem.times[time].day
                tail: Hashable = ("event", event)
                for constraint, key, _ in chain:
                    if self._day_id[time] not in constraint.time_groups:
                        continue
                    head, node = ("limit", constraint.id, key, day), ("limited", constraint.id, key, day)
                    edges.setdefault((tail, head), demand[event])
                    edges[head, node] = constraint.maximum * unit
                    limits[head] = constraint
                    tail = node
                edges[tail, ("slot", clique)] = share if tail == ("event", event) else _PLENTY
        slots = {head for _, head in edges if isinstance(head, tuple) and head[0] == "slot"}
        busy = self._busy_limit(resource)
        for slot in slots:
            clique = slot[1]
            places = min(capacity(clique), len(demand)) * unit
            if busy is None:
                edges[slot, SINK] = places
                continue
            day = problem.times[self._cliques[clique][0]].day
            edges[slot, ("day", day)] = places
            edges[("day", day), SINK] = busy.maximum * unit
            limits["day", day] = busy
        return [(tail, head, amount) for (tail, head), amount in edges.items() if amount > 0], limits

    def _chain(self, event: int, demand: Mapping[int, int]) -> list[tuple[LimitLessons, str, frozenset[int]]]:
        """Return the daily limits that an event passes through, the narrowest first, each within the next (others are left out)."""
        chain: list[tuple[LimitLessons, str, frozenset[int]]] = []
        for limit in sorted(self._daily[event], key=lambda x: (len(x[2] & demand.keys()), x[0].maximum)):
            inside = limit[2] & demand.keys()
            if not self._nested(limit[2], demand):
                continue
            if chain and not (chain[-1][2] & demand.keys()) <= inside:
                continue
            chain.append(limit)
        return chain

    def _nested(self, events: frozenset[int], demand: Mapping[int, int]) -> bool:
        """Say whether the limits of all the events in a group agree which of two groups lies within the other."""
        mine = events & demand.keys()
        for event in mine:
            for _, _, other in self._daily[event]:
                theirs = other & demand.keys()
                if not (mine <= theirs or theirs <= mine):
                    return False
        return True

    def _busy_limit(self, resource: int | None) -> LimitBusyTimes | None:
        """Return the strictest daily limit of a resource."""
        return min(self._busy.get(resource, ()), key=lambda limit: limit.maximum, default=None) if resource is not None else None
