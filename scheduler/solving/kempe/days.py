"""What the days of a person cost, by bit masks of the busy times.

A day of somebody in one week is known by its *key*, ``(resource * weeks + week) * days + day``. A bit of its mask is a time of the day:
those of several bells have each their own. A table is filled as its masks occur. People who have all their lessons together (pupils of
the same choices, a class and its room) are busy together: their days have one key, and what is summed over the same tables is one total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import groupby

from constraints.base import Constraint, CostFunction
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.begin_early import BeginEarly
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from instances.problem import Problem
from scheduler.solving.kempe.charge import NotUnderstood, charge, scale
from scheduler.solving.kempe.memo import Memo
from scheduler.solving.kempe.units import Units, Use

OF_DAYS = LimitIdleTimes | ClusterBusyTimes | LimitBusyTimes | AvoidUnavailableTimes | LimitConsecutive | BeginEarly | CommonFree
_LATER = 1 << 10  # in the total of BeginEarly: a day that begins later than with the second period
_FEW = 3  # lessons: an eased day with fewer is charged by them (NetherlandsKottenpark2003: 2 level, 5 worse; 2009: 2 worse)
_DIGIT = 1 << 10  # of the total of days: how many have 1 lesson, 2, ..., any
_ONE_DAY: int = _DIGIT ** (_FEW - 1)
Marks = Sequence[bool]


class Table(Memo[int, int]):
    """What is found in a mask, once it has been looked at."""


class _Count:
    """What is counted in a sequence of marks, busy or not: one for each position, or ``by_time`` for each time."""

    def __init__(self, *name: object, found: Callable[[Marks], int], by_time: bool = False) -> None:
        self.name, self.found, self.by_time = name, found, by_time


def _idle(marks: Marks) -> int:
    busy = [n for n, mark in enumerate(marks) if mark]
    return busy[-1] - busy[0] + 1 - len(busy) if busy else 0


def _too_long(maximum: int, marks: Marks) -> int:
    return sum(max(0, len(list(run)) - maximum) for busy, run in groupby(marks) if busy)


def _beginning(marks: Marks) -> int:
    first = marks.index(True) if any(marks) else 0
    return min(first, 1) if first < 2 else _LATER


def _off(low: int, high: int, busy: int) -> int:
    return max(low - busy, busy - high, 0) if busy else 0


def _busy_cost(c: LimitBusyTimes, busy: int) -> int:
    return charge(c, _off(c.minimum, c.maximum, busy))


def _eased_busy_cost(c: LimitBusyTimes, busy: int) -> int:
    """Return the same, but that lessons too few cost no more than in proportion to them: one by one they can go."""
    cost = _busy_cost(c, busy)
    return min(cost, busy * _busy_cost(c, 1) // (c.minimum - 1)) if 0 < busy < c.minimum else cost


def _by_lessons(marks: Marks) -> int:
    lessons = sum(marks)
    return (_ONE_DAY if lessons else 0) + (_DIGIT ** (lessons - 1) if 0 < lessons < _FEW else 0)


def _days_cost(c: ClusterBusyTimes, total: int, *, eased: bool) -> int:
    """Return what the days that somebody comes cost; ``eased``: those too many, the least busy ones, by the lessons on them."""
    days, few = divmod(total, _ONE_DAY)
    cost = charge(c, max(c.minimum - days, days - c.maximum, 0))
    if not eased or days <= c.maximum:
        return cost
    rest = surplus = days - c.maximum
    spared = 0
    for lessons in range(1, _FEW):
        few, such = divmod(few, _DIGIT)
        spared += min(rest, such) * (_FEW - lessons)
        rest -= min(rest, such)
    return cost - cost * spared // (_FEW * surplus)


_BUSY = _Count("busy", found=sum, by_time=True)
_IDLE, _ANY, _BEGIN = _Count("idle", found=_idle), _Count("any", found=any), _Count("begin", found=_beginning)
_BY_LESSONS = _Count("by lessons", found=_by_lessons)


def refuse_parts(problem: Problem) -> None:
    """Raise NotUnderstood where what a constraint counts in a part of the week is no sum over days."""
    for c in problem.constraints:
        if isinstance(c, LimitIdleTimes | ClusterBusyTimes | LimitBusyTimes | LimitConsecutive | BeginEarly):
            over_days = any(len({problem.times[time].day for time in problem.time_groups[key].times}) > 1 for key in c.time_groups)
            a_sum = isinstance(c, LimitBusyTimes) and (c.cost_function is CostFunction.LINEAR or len(c.time_groups) == 1)
            if over_days and not a_sum:
                raise NotUnderstood("a part of the week that is no part of a day")


class Days:
    """The tables: ``day_cost[key]`` is what a mask costs by itself, None if nothing; ``sums[key]`` are (total, table) for what is summed
    over days, ``total_cost[total][sum]`` what that costs. ``eased_day_cost`` and ``eased_total_cost`` are the same, but that days that
    somebody comes too many, or for too few lessons, cost less the fewer lessons are left on them: moves go down a slope there where the
    cost is a step, or rises until the last lesson has gone.
    """

    def __init__(self, units: Units) -> None:
        self.problem = problem = units.problem
        self._first = units.together()
        days = sorted({time.day for time in problem.times})
        self.days = len(days)
        self.day = [days.index(time.day) for time in problem.times]
        in_order = sorted(range(len(problem.times)), key=lambda time: (problem.positions[time], time))
        seen = [0] * self.days
        self.bit = [0] * len(problem.times)
        for time in in_order:
            self.bit[time] = 1 << seen[self.day[time]]
            seen[self.day[time]] += 1
        keys = len(problem.resources) * problem.weeks * self.days
        self._parts: dict[int, list[Table]] = defaultdict(list)
        self._eased_parts: dict[int, list[Table]] = defaultdict(list)
        self._bank: dict[object, Table] = {}
        self.sums: list[list[tuple[int, Table]]] = [[] for _ in range(keys)]
        self.total_cost: list[Table] = []
        self.eased_total_cost: list[Table] = []
        for constraint in problem.constraints:
            if isinstance(constraint, OF_DAYS):
                self._read(constraint)
        self._added: dict[tuple[int, ...], Table] = {}
        self.day_cost: list[Table | None] = [None] * keys
        self.eased_day_cost: list[Table | None] = [None] * keys
        for key, parts in self._parts.items():
            self.day_cost[key] = self._sum_of(parts)
            self.eased_day_cost[key] = self._sum_of(self._eased_parts[key])
        self._merge_totals()

    def base(self, use: Use) -> int:
        """Return the key of the first day of a resource in a week, the same for all who have their lessons together."""
        resource, week = self._first.get(use, use)
        return (resource * self.problem.weeks + week) * self.days

    def watched(self) -> set[Use]:
        """Return the resources and weeks whose days cost something, one for all who have their lessons together."""
        keys = (key for key, table in enumerate(self.day_cost) if table is not None or self.sums[key])
        return {divmod(key // self.days, self.problem.weeks) for key in keys}

    def _sum_of(self, tables: Sequence[Table]) -> Table:
        """Return the table of the sum of some."""
        tables = sorted(tables, key=id)
        alike = tuple(map(id, tables))
        if alike not in self._added:
            self._added[alike] = tables[0] if len(tables) == 1 else Table(partial(_sum, tuple(tables)))
        return self._added[alike]

    def _merge_totals(self) -> None:
        """Make one total of those that are the sum of the same tables of the same days."""
        read: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for key, sums in enumerate(self.sums):
            for total, table in sums:
                read[total].append((key, id(table)))
        alike: dict[object, list[int]] = defaultdict(list)
        for total in range(len(self.total_cost)):
            alike[tuple(read[total])].append(total)
        merged = {totals[0]: number for number, totals in enumerate(alike.values())}
        self.sums = [[(merged[total], table) for total, table in sums if total in merged] for sums in self.sums]
        self.total_cost = [self._sum_of([self.total_cost[total] for total in totals]) for totals in alike.values()]
        self.eased_total_cost = [self._sum_of([self.eased_total_cost[total] for total in totals]) for totals in alike.values()]

    # -- reading ----------------------------------------------------------------------------------------------------------

    def _read(self, c: Constraint) -> None:
        match c:
            case AvoidUnavailableTimes():
                if not c.required:  # else such starts are not allowed
                    self._of_each_day(c, list(c.points(self.problem)), [c.times], _BUSY)
            case CommonFree():
                self._read_common(c)
            case BeginEarly():
                uses = [(r, week) for r in c.resources for week in self.problem.week_views(self.problem.events_of[r])]
                late = c.late
                self._of_sums(uses, self._groups(c.time_groups), _BEGIN, lambda n: charge(c, max(n % _LATER - late, 0) + n // _LATER))
            case LimitConsecutive():
                too_long = _Count("run", c.maximum, found=partial(_too_long, c.maximum))
                for group in self._groups(c.time_groups):
                    self._of_each_day(c, list(c.points(self.problem)), [group], too_long)
            case LimitIdleTimes() | ClusterBusyTimes():
                count = _IDLE if isinstance(c, LimitIdleTimes) else _ANY
                points, groups, low, high = list(c.points(self.problem)), self._groups(c.time_groups), c.minimum, c.maximum
                if low == high == 0:
                    self._of_each_day(c, points, groups, count)
                elif isinstance(c, ClusterBusyTimes) and not c.required:
                    self._of_sums(points, groups, _BY_LESSONS, partial(_days_cost, c, eased=False), partial(_days_cost, c, eased=True))
                else:
                    self._of_sums(points, groups, count, lambda n: charge(c, max(low - n, n - high, 0)))
            case LimitBusyTimes():
                self._read_busy(c)

    def _groups(self, keys: Iterable[str]) -> list[tuple[int, ...]]:
        return [self.problem.time_groups[key].times for key in keys]

    def _read_busy(self, c: LimitBusyTimes) -> None:
        """Limits in a part of the week that goes over days are of a sum, others of each day."""
        groups = self._groups(c.time_groups)
        over_days = [group for group in groups if len({self.day[time] for time in group}) > 1]
        points = list(c.points(self.problem))
        for group in over_days:
            self._of_sums(points, [group], _BUSY, partial(_busy_cost, c))
        in_a_day = [group for group in groups if group not in over_days]
        if len(in_a_day) == 1 or c.cost_function is CostFunction.LINEAR:
            for group in in_a_day:
                eased = partial(_eased_busy_cost, c) if c.minimum > 2 and not c.required else None
                self._of_sums(points, [group], _BUSY, partial(_busy_cost, c), eased)
        else:
            count = _Count("off", c.minimum, c.maximum, found=lambda marks: _off(c.minimum, c.maximum, sum(marks)), by_time=True)
            self._of_each_day(c, points, in_a_day, count)

    def _read_common(self, c: CommonFree) -> None:
        """One block is a sum over its people; which of several is the best is for ``points`` to say."""
        if len(c.blocks) == 1 and c.cost_function is CostFunction.LINEAR:
            weeks = self.problem.week_views([event for index in c.resources for event in self.problem.events_of[index]])
            times = tuple(sorted({other for time in c.blocks[0] for other in self.problem.overlapping[time]}))
            self._of_each_day(c, [(r, week) for r in c.resources for week in weeks], [times], _BUSY)

    def _of_each_day(self, c: Constraint, points: Sequence[Use], groups: Sequence[Sequence[int]], count: _Count) -> None:
        """Make a table for each day of what is the deviation when it is summed; where the cost is not linear, also one of the sum."""
        if c.cost_function is not CostFunction.LINEAR:
            self._of_sums(points, groups, count, lambda total: charge(c, total))
            return
        tables = self._by_day(groups, count, scale(c))
        for day, table in tables:
            self._of_day(points, day, table, table)

    def _of_day(self, points: Sequence[Use], day: int, table: Table, eased: Table) -> None:
        """Add what the masks of a day cost."""
        for use in points:
            key = self.base(use) + day
            self._parts[key].append(table)
            self._eased_parts[key].append(eased)

    def _of_sums(
        self,
        points: Sequence[Use],
        groups: Sequence[Sequence[int]],
        count: _Count,
        cost: Callable[[int], int],
        eased: Callable[[int], int] | None = None,
    ) -> None:
        """Make a table for each day of what is summed, and one of what the sum costs; for a single day, one of what its masks cost."""
        tables = self._by_day(groups, count, 1)
        if len(tables) == 1:
            day, table = tables[0]
            full = _composed(cost, table)
            self._of_day(points, day, full, full if eased is None else _composed(eased, table))
            return
        costs = Table(cost)
        eased_costs = costs if eased is None else Table(eased)
        for use in points:
            self.total_cost.append(costs)
            self.eased_total_cost.append(eased_costs)
            for day, table in tables:
                self.sums[self.base(use) + day].append((len(self.total_cost) - 1, table))

    def _by_day(self, groups: Sequence[Sequence[int]], count: _Count, times: int) -> list[tuple[int, Table]]:
        """Return (day, table by mask) of what is counted in the groups, ``times`` so much."""
        bits: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for group in groups:
            places = [(time,) for time in sorted(set(group))] if count.by_time else self.problem.at_positions(group)
            parts: dict[int, list[int]] = defaultdict(list)
            for place in places:
                parts[self.day[place[0]]].append(sum(self.bit[time] for time in place))
            for day, part in parts.items():
                bits[day].append(tuple(part))
        found = []
        for day, parts_of_day in sorted(bits.items()):
            signature = (count.name, times, tuple(parts_of_day))
            if signature not in self._bank:
                self._bank[signature] = Table(partial(_counted, count.found, times, tuple(parts_of_day)))
            found.append((day, self._bank[signature]))
        return found


def _composed(cost: Callable[[int], int], counted: Table) -> Table:
    return Table(lambda mask: cost(counted[mask]))


def _sum(parts: Sequence[Table], mask: int) -> int:
    return sum(part[mask] for part in parts)


def _counted(found: Callable[[Marks], int], times: int, parts: Sequence[Sequence[int]], mask: int) -> int:
    return times * sum(found([mask & place > 0 for place in part]) for part in parts)
