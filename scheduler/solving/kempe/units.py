"""What moves as one: a meet with the meets that are linked to it, and where it may go."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from constraints.base import Constraint
from constraints.model import Domains
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.limit_place_changes import LimitPlaceChanges
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.relate_meets import RelateMeets, Relation
from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from instances.problem import Problem
from instances.timetable import Meet, Timetable

Use = tuple[int, int]  # a resource and a week


class Units:
    """The placed meets of a timetable, in units; every list is by unit.

    ``meets`` of each, ``start``, ``duration``; ``uses`` are the resources that take part, each in its weeks; ``allowed`` starts, empty for
    what stays where it is; ``clashing`` the units that may not overlap it, as a bit set. ``limited`` are the resources that are at one
    place at a time. ``reach[duration][start]`` are the times that overlap a meet, by the clock where there is one.
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
        self.uses = [sorted(set(_uses(problem, unit))) for unit in self.meets]
        self.reach = {
            duration: [
                tuple(sorted({other for time in problem.span(start, duration) or () for other in problem.overlapping[time]}))
                for start in range(len(problem.times))
            ]
            for duration in set(self.duration)
        }
        self.clashing = self._clashing()
        domains = Domains(problem)
        for constraint in required:
            constraint.prune(domains)
        kept = {unit for unit, numbers in enumerate(units) if not stuck.isdisjoint(numbers)} | self._in_clash()
        self.allowed = [() if number in kept else self._allowed(domains, unit) for number, unit in enumerate(self.meets)]

    def together(self) -> dict[Use, Use]:
        """Return for each resource and week the first of those that take part in the same units: one at one place at a time, if any is."""
        with_use = self._with_use()
        first: dict[int, Use] = {}
        for use in sorted(with_use, key=lambda use: (use[0] not in self.limited, use)):
            first.setdefault(with_use[use], use)
        return {use: first[units] for use, units in with_use.items()}

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

    def _with_use(self) -> dict[Use, int]:
        """Return the units that each resource takes part in, week by week, as bit sets."""
        with_use: dict[Use, int] = defaultdict(int)
        for number, uses in enumerate(self.uses):
            for use in uses:
                with_use[use] |= 1 << number
        return with_use

    def _clashing(self) -> list[int]:
        with_use, found = self._with_use(), []
        for number, uses in enumerate(self.uses):
            bits = 0
            for use in uses:
                if use[0] in self.limited:
                    bits |= with_use[use]
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
            busy = Counter(use for use in _uses(self.problem, unit) if use[0] in self.limited)
            reach = self.reach[self.duration[number]][self.start[number]]
            if max(busy.values(), default=0) > 1 or not reach or any(running[time] & self.clashing[number] for time in reach):
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


def _uses(problem: Problem, unit: Iterable[Meet]) -> Iterator[Use]:
    """Yield the resources of some meets in the weeks of each."""
    for meet in unit:
        for week in range(problem.weeks):
            if meet.weeks >> week & 1:
                yield from ((resource, week) for resource in meet.resources if resource is not None)


def _linked(problem: Problem, placed: Sequence[Meet]) -> tuple[list[list[int]], set[int]]:
    """Return the units as numbers of meets, and the meets that stay: what is linked and stands apart, or is for no table to say."""
    leader = list(range(len(placed)))
    of_event: dict[int, list[int]] = defaultdict(list)
    for number, meet in enumerate(placed):
        of_event[meet.event].append(number)
    stuck = {number for c in problem.constraints for event in _unsaid(problem, c) for number in of_event[event]}
    for constraint in problem.constraints:
        same_start = isinstance(constraint, RelateMeets) and constraint.relation is Relation.SAME_START and constraint.required
        if not (isinstance(constraint, LinkEvents) or same_start):
            continue
        for events in (problem.event_groups[key] for key in constraint.event_groups):
            together: dict[tuple[int | None, ...], list[int]] = defaultdict(list)
            for number in (number for event in events for number in of_event[event]):
                meet = placed[number]
                every = isinstance(constraint, LinkEvents) and constraint.whole_cycle
                together[meet.start, meet.duration, 0 if every else meet.weeks].append(number)
            if all(sorted(placed[n].event for n in numbers) == sorted(events) for numbers in together.values()):
                for numbers in together.values():
                    old = {leader[number] for number in numbers}
                    leader = [min(old) if first in old else first for first in leader]
            elif not same_start:
                stuck.update(number for numbers in together.values() for number in numbers)
    members: dict[int, list[int]] = defaultdict(list)
    for number, first in enumerate(leader):
        members[first].append(number)
    return list(members.values()), stuck


def _unsaid(problem: Problem, constraint: Constraint) -> Iterable[int]:
    """Return the events whose times a constraint speaks of in a way that tables do not."""
    match constraint:
        case OrderEvents():
            return [event for pair in constraint.pairs for event in (pair.first, pair.second)]
        case SameRoomIfConsecutive():
            return [event for event, _ in constraint.places]
        case EdgeOfDay() | LimitPlaceChanges():
            return [event for resource in constraint.resources_named(problem) for event in problem.events_of[resource]]
        case _:
            return ()
