"""Points of constraints about a few lessons: what they cost is found afresh when one of the lessons moves.

Times are bits of a number, so that a few lessons are compared in a few operations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from constraints.base import Constraint, CostFunction
from constraints.timetable.allow_sit_in import AllowSitIn
from constraints.timetable.avoid_sequence import AvoidSequence
from constraints.timetable.common_free import CommonFree
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.keep_in_step import KeepInStep
from constraints.timetable.relate_meets import RelateMeets
from instances.problem import Problem
from instances.timetable import Meet
from scheduler.solving.kempe.charge import charge
from scheduler.solving.kempe.units import Units

OF_POINTS = AllowSitIn | AvoidSequence | CommonFree | DaysBetween | KeepInStep | RelateMeets
Member = tuple[int, Meet]  # a unit and one of its meets
Starts = Sequence[int]


@dataclass(frozen=True)
class Point:
    """What some lessons cost together: ``cost`` by the starts of ``units``, in their order."""

    units: tuple[int, ...]
    cost: Callable[[Starts], int]


class Points:
    """The points of a problem that depend on lessons that can move."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._problem = problem = units.problem
        self._members: dict[int, list[Member]] = defaultdict(list)  # by event
        for number, unit in enumerate(units.meets):
            for meet in unit:
                self._members[meet.event].append((number, meet))
        self._spans = _bits(problem, units, lambda start, duration: problem.span(start, duration) or ())
        self._reach = _bits(problem, units, lambda start, duration: units.reach[duration][start])

    def all(self) -> Iterator[Point]:
        """Yield the points; one all of whose lessons stay has nothing to tell."""
        for constraint in self._problem.constraints:
            if isinstance(constraint, OF_POINTS):
                for point in self._of(constraint):
                    if any(self._units.allowed[unit] for unit in point.units):
                        yield point

    def _of(self, c: Constraint) -> Iterator[Point]:
        match c:
            case DaysBetween():
                for key in c.event_groups:
                    for week in self._problem.week_views(self._problem.event_groups[key]):
                        yield self._days_apart(c, self._running(self._problem.event_groups[key], week))
            case AvoidSequence():
                yield from self._sequences(c)
            case KeepInStep():
                for first, second in c.pairs:
                    yield self._in_step(c, self._problem.event_groups[first], self._problem.event_groups[second])
            case AllowSitIn():
                yield from self._sitting_in(c)
            case CommonFree():
                if len(c.blocks) > 1 or c.cost_function is not CostFunction.LINEAR:  # else a matter of days
                    yield self._common(c)
            case RelateMeets():
                for key in c.event_groups:
                    yield self._related(c, self._problem.event_groups[key])

    def _running(self, events: Iterable[int], week: int) -> list[Member]:
        return [member for event in events for member in self._members[event] if member[1].weeks >> week & 1]

    @staticmethod
    def _point(members: Sequence[Member], cost: Callable[[Starts], int]) -> Point:
        return Point(tuple(unit for unit, _ in members), cost)

    def _days_apart(self, c: DaysBetween, members: Sequence[Member]) -> Point:
        problem, gap = self._problem, c.gap
        days = [
            [{problem.times[time].day for time in problem.span(start, meet.duration) or ()} for start in range(len(problem.times))]
            for _, meet in members
        ]

        def cost(starts: Starts) -> int:
            taught = sorted(set().union(*(at[start] for at, start in zip(days, starts, strict=True))))
            return charge(c, sum(b - a < gap for a, b in combinations(taught, 2)))

        return self._point(members, cost)

    def _sequences(self, c: AvoidSequence) -> Iterator[Point]:
        problem, spans = self._problem, self._spans
        neighbours = c.neighbours
        if neighbours is None:
            following = ((time, after) for time, after in enumerate(problem.following) if after is not None)
            neighbours = frozenset(pair for pair in following if problem.times[pair[0]].day == problem.times[pair[1]].day)
        shifts: dict[int, int] = defaultdict(int)  # by how many times a neighbour is later: which times have such a one
        for time, after in neighbours:
            shifts[after - time] |= 1 << time
        steps, both_ways = sorted(shifts.items()), c.both_ways
        for first, second in c.pairs:
            leading, trailing = problem.event_groups[first], problem.event_groups[second]
            for week in problem.week_views((*leading, *trailing)):
                ahead, behind = self._running(leading, week), self._running(trailing, week)
                tables = [spans[meet.duration] for _, meet in (*ahead, *behind)]

                def cost(starts: Starts, tables: list[list[int]] = tables, count: int = len(ahead)) -> int:
                    before = after = 0
                    for number, start in enumerate(starts):
                        if number < count:
                            before |= tables[number][start]
                        else:
                            after |= tables[number][start]
                    deviation = 0
                    for by, having in steps:
                        places = before & having & _shifted(after, by)
                        if both_ways:
                            places |= after & having & _shifted(before, by)
                        deviation += places.bit_count()
                    return charge(c, deviation) if deviation else 0

                if ahead and behind:
                    yield self._point([*ahead, *behind], cost)

    def _in_step(self, c: KeepInStep, first: Sequence[int], second: Sequence[int]) -> Point:
        problem = self._problem
        weeks = problem.week_views((*first, *second))
        checks: dict[int, list[int]] = defaultdict(list)  # of one week, by time
        for number, key in enumerate(c.time_groups):
            for time in set(problem.time_groups[key].times):
                checks[time].append(number)
        size = len(c.time_groups)
        members = [(member, sign) for events, sign in ((first, 1), (second, -1)) for event in events for member in self._members[event]]
        gains = []  # of each member: its checkpoints by start, and whether it counts for or against
        for (_, meet), sign in members:
            own = [place * size for place, week in enumerate(weeks) if meet.weeks >> week & 1]
            at = [
                [base + number for time in problem.span(start, meet.duration) or () for number in checks[time] for base in own]
                for start in range(len(problem.times))
            ]
            gains.append((at, sign))

        def cost(starts: Starts) -> int:
            change = [0] * (size * len(weeks))
            for (at, sign), start in zip(gains, starts, strict=True):
                for number in at[start]:
                    change[number] += sign
            ahead = deviation = 0
            for by in change:
                ahead += by
                deviation += max(abs(ahead) - c.most, 0)
            return charge(c, deviation)

        return self._point([member for member, _ in members], cost)

    def _sitting_in(self, c: AllowSitIn) -> Iterator[Point]:
        problem = self._problem
        novice = problem.event_groups[c.event_group]
        for week in problem.week_views((*novice, *problem.events_of[c.mentor])):
            taught = self._running(novice, week)
            own = [m for m in self._running(problem.events_of[c.mentor], week) if c.mentor in m[1].resources]
            members = [*taught, *own]
            tables = [self._spans[meet.duration] for _, meet in taught] + [self._reach[meet.duration] for _, meet in own]
            count = len(taught)

            def cost(starts: Starts, tables: list[list[int]] = tables, count: int = count) -> int:
                bits = [table[start] for table, start in zip(tables, starts, strict=True)]
                free = _together(bits[:count]) & ~_together(bits[count:])
                return charge(c, max(c.minimum - free.bit_count(), 0))

            yield self._point(members, cost)

    def _common(self, c: CommonFree) -> Point:
        problem = self._problem
        weeks = problem.week_views([event for index in c.resources for event in problem.events_of[index]])
        blocks = [_together([1 << other for time in block for other in problem.overlapping[time]]) for block in c.blocks]
        uses: dict[tuple[int, int], list[int]] = defaultdict(list)  # of each resource and week: which members
        members: list[Member] = []
        for index in c.resources:
            for member in (member for event in problem.events_of[index] for member in self._members[event]):
                if index in member[1].resources:
                    for week in weeks:
                        if member[1].weeks >> week & 1:
                            uses[index, week].append(len(members))
                    members.append(member)
        tables = [self._spans[meet.duration] for _, meet in members]

        def cost(starts: Starts) -> int:
            bits = [table[start] for table, start in zip(tables, starts, strict=True)]
            busy = [_together([bits[number] for number in numbers]) for numbers in uses.values()]
            return charge(c, min((sum((one & block).bit_count() for one in busy) for block in blocks), default=0))

        return self._point(members, cost)

    def _related(self, c: RelateMeets, events: Sequence[int]) -> Point:
        problem = self._problem
        order = [number for number, event in enumerate(events) for _ in self._members[event]]
        members = [member for event in events for member in self._members[event]]
        several = len(set(order)) < len(order)
        known: dict[tuple[tuple[int, int], tuple[int, int]], bool] = {}

        def agree(first: tuple[int, int], second: tuple[int, int]) -> bool:
            if (first, second) not in known:
                known[first, second] = c.agree(problem, first, second)
            return known[first, second]

        def cost(starts: Starts) -> int:
            meets = [(number, problem.positions[s], s, meet) for number, s, (_, meet) in zip(order, starts, members, strict=True)]
            if several:  # meets of one event in the order of the week
                meets.sort(key=lambda meet: meet[:2])
            pairs = combinations([((start, meet.duration), meet.weeks) for _, _, start, meet in meets], 2)
            return charge(c, sum(bool(weeks & others) and not agree(one, other) for (one, weeks), (other, others) in pairs))

        return self._point(members, cost)


def _bits(problem: Problem, units: Units, found: Callable[[int, int], Sequence[int]]) -> dict[int, list[int]]:
    """Return by duration and start the times of a meet as bits."""
    return {
        duration: [_together([1 << time for time in found(start, duration)]) for start in range(len(problem.times))]
        for duration in set(units.duration)
    }


def _shifted(bits: int, by: int) -> int:
    return bits >> by if by >= 0 else bits << -by


def _together(bits: Iterable[int]) -> int:
    whole = 0
    for one in bits:
        whole |= one
    return whole
