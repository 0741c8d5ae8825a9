"""What moves as one: a meet with the meets that are linked to it, and where it may go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from constraints.base import Constraint
from constraints.model import Domains
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from instances.problem import Problem
from instances.timetable import Meet, Timetable


class Units:
    """The placed meets of a timetable, in units; every list is by unit.

    ``meets`` of each, ``start``, ``duration``; ``resources`` that take part, each once; ``allowed`` starts, empty for what stays where it
    is; ``clashing`` the units that may not overlap it, as a bit set. ``limited`` are the resources that are at one place at a time.
    """

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self.problem = problem
        required: list[Constraint] = [c for c in problem.constraints if c.required]
        self.limited = frozenset(
            r for c in required if isinstance(c, AvoidClashes) for r in c.resources if problem.resources[r].capacity == 1
        )
        self._timetable = timetable
        placed = [meet for meet in timetable.meets if meet.start is not None]
        units, stuck = _linked(problem, placed)
        self.meets = [tuple(placed[n] for n in unit) for unit in units]
        self._unit_of = {number: unit for unit, numbers in enumerate(units) for number in numbers}
        self.start = [unit[0].start or 0 for unit in self.meets]
        self.duration = [unit[0].duration for unit in self.meets]
        self.resources = [sorted({r for meet in unit for r in meet.resources if r is not None}) for unit in self.meets]
        self.clashing = self._clashing()
        domains = Domains(problem)
        for constraint in required:
            constraint.prune(domains)
        kept = {unit for unit, numbers in enumerate(units) if not stuck.isdisjoint(numbers)} | self._in_clash()
        self.allowed = [() if number in kept else self._allowed(domains, unit) for number, unit in enumerate(self.meets)]

    def keep(self, units: Iterable[int]) -> None:
        """Let units stay where they are."""
        for unit in units:
            self.allowed[unit] = ()

    def timetable(self, start: Sequence[int]) -> Timetable:
        """Return the timetable with these starts."""
        numbers = iter(range(len(self._unit_of)))
        return Timetable.of(
            [m if m.start is None else replace(m, start=start[self._unit_of[next(numbers)]]) for m in self._timetable.meets]
        )

    def _clashing(self) -> list[int]:
        with_resource: dict[int, int] = defaultdict(int)
        for number, resources in enumerate(self.resources):
            for resource in resources:
                with_resource[resource] |= 1 << number
        found = []
        for number, resources in enumerate(self.resources):
            bits = 0
            for resource in resources:
                if resource in self.limited:
                    bits |= with_resource[resource]
            found.append(bits & ~(1 << number))
        return found

    def _in_clash(self) -> set[int]:
        """Return the units that clash, with others or in themselves: what stands in two places at once is not for this search."""
        running: dict[int, int] = defaultdict(int)
        for number, start in enumerate(self.start):
            for time in self.problem.span(start, self.duration[number]) or ():
                running[time] |= 1 << number
        found = set()
        for number, unit in enumerate(self.meets):
            busy = [r for meet in unit for r in meet.resources if r in self.limited]
            span = self.problem.span(self.start[number], self.duration[number])
            if len(set(busy)) < len(busy) or span is None or any(running[time] & self.clashing[number] for time in span):
                found.add(number)
        return found

    def _allowed(self, domains: Domains, unit: Sequence[Meet]) -> tuple[int, ...]:
        times = self.problem.times
        starts: set[int] | None = None
        for meet in unit:
            closed = frozenset[int]().union(*(domains.closed[r] for r in meet.resources if r is not None))
            own = {
                p.start
                for p in domains.placements[meet.event]
                if p.duration == meet.duration and p.weeks == meet.weeks
                if closed.isdisjoint(span := domains.spans[p.start, p.duration]) and times[span[0]].day == times[span[-1]].day
            }
            starts = own if starts is None else starts & own
        assert starts is not None
        return tuple(sorted(starts)) if unit[0].start in starts and len(starts) > 1 else ()


def _linked(problem: Problem, placed: Sequence[Meet]) -> tuple[list[list[int]], set[int]]:
    """Return the units as numbers of meets, and the meets that a link or an order keeps from moving: where what is linked stands apart."""
    leader = list(range(len(placed)))
    of_event: dict[int, list[int]] = defaultdict(list)
    for number, meet in enumerate(placed):
        of_event[meet.event].append(number)
    stuck: set[int] = set()
    for constraint in problem.constraints:
        if isinstance(constraint, OrderEvents):
            stuck.update(number for pair in constraint.pairs for e in (pair.first, pair.second) for number in of_event[e])
        if not isinstance(constraint, LinkEvents):
            continue
        for events in (problem.event_groups[key] for key in constraint.event_groups):
            together: dict[tuple[int | None, int], list[int]] = defaultdict(list)
            for number in (number for event in events for number in of_event[event]):
                together[placed[number].start, placed[number].duration].append(number)
            if all(len(numbers) == len(events) for numbers in together.values()):
                for numbers in together.values():
                    old = {leader[number] for number in numbers}
                    leader = [min(old) if first in old else first for first in leader]
            else:
                stuck.update(number for numbers in together.values() for number in numbers)
    members: dict[int, list[int]] = defaultdict(list)
    for number, first in enumerate(leader):
        members[first].append(number)
    return list(members.values()), stuck
