"""What is asked of the days and the week of a person, as tables by day: gaps, early beginnings, hours, days.

The hours of a day are a bit mask. A *row* is one limit on one resource: the sum over the days of ``table[day][mask]`` is at most
``most``. Some rows have ``slack``: what a lesson that is not placed yet could still mend does not count, so the lessons of the resource
that are not placed are added to ``most`` (a gap may be filled by a lesson to come).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from constraints.base import Constraint
from constraints.timetable.begin_early import BeginEarly
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from instances.problem import Problem

Array = NDArray[Any]
Bits = Sequence[bool]
Count = Callable[[Bits], int]
Day = tuple[int, ...]  # hours
MOST_HOURS = 14  # of a day, for tables of a reasonable size


def _gaps(bits: Bits) -> int:
    busy = [n for n, bit in enumerate(bits) if bit]
    return busy[-1] - busy[0] + 1 - len(busy) if busy else 0


def _holes(bits: Bits) -> int:
    """Gaps, and free hours before the first lesson."""
    busy = [n for n, bit in enumerate(bits) if bit]
    return busy[-1] + 1 - len(busy) if busy else 0


def _late(bits: Bits) -> int:
    return list(bits).index(True) if any(bits) else 0


def _later(bits: Bits) -> int:
    """Hours by which a day begins later than with its second one."""
    return max(_late(bits) - 1, 0)


def _busy(bits: Bits) -> int:
    return int(any(bits))


def _free(bits: Bits) -> int:
    return -int(any(bits))


def _over(most: int) -> Count:
    return lambda bits: max(0, sum(bits) - most)


def _under(least: int) -> Count:
    return lambda bits: max(0, least - sum(bits)) if any(bits) else 0


def _short(least: int) -> Count:
    """What a day lacks that must not be free."""
    return lambda bits: max(0, least - sum(bits))


def _in_a_row(most: int) -> Count:
    return lambda bits: sum(max(0, len(list(run)) - most) for bit, run in groupby(bits) if bit)


class Weeks:
    """The rows: ``resource``, ``most``, ``slack`` of each, ``table[row, day]`` an index into ``bank[table, mask]``.

    ``day`` and ``hour`` give the place of each time. Limits that are not about days are left out.
    """

    def __init__(self, problem: Problem, required: Sequence[Constraint]) -> None:
        self.problem = problem
        days = sorted({time.day for time in problem.times})
        first = min((time.period for time in problem.times), default=0)
        self.day = np.array([days.index(time.day) for time in problem.times], dtype=np.int64)
        self.hour = np.array([time.period - first for time in problem.times], dtype=np.int64)
        self.days, self.hours = len(days), int(self.hour.max(initial=0)) + 1
        self._bank: list[Array] = []
        self._numbers: dict[object, int] = {}
        rows = list(self._rows(required)) if self.hours <= MOST_HOURS else []
        self.resource = np.array([row[0] for row in rows], dtype=np.int64)
        self.most = np.array([row[2] for row in rows], dtype=np.int64)
        self.slack = np.array([row[3] for row in rows], dtype=np.int64)
        self.table = np.array([row[1] for row in rows], dtype=np.int64).reshape(len(rows), self.days)
        self.bank = np.array(self._bank) if self._bank else np.zeros((1, 1), dtype=np.int64)
        self.rows_of: dict[int, list[int]] = defaultdict(list)
        for number, resource in enumerate(self.resource.tolist()):
            self.rows_of[resource].append(number)

    def _rows(self, required: Sequence[Constraint]) -> Iterator[tuple[int, list[int], int, bool]]:
        """Yield (resource, table of each day, most, slack)."""
        early = {
            (resource, self.problem.time_groups[key].times): c.late
            for c in required
            if isinstance(c, BeginEarly)
            for resource in c.resources
            for key in c.time_groups
        }
        never_free = {
            (resource, tuple(c.time_groups))
            for c in required
            if isinstance(c, ClusterBusyTimes) and c.minimum == len(c.time_groups)
            for resource in c.resources
        }
        for c in required:
            if not isinstance(c, LimitIdleTimes | BeginEarly | LimitBusyTimes | ClusterBusyTimes | LimitConsecutive):
                continue
            days = self._days(c.time_groups)
            if days is None:
                continue
            groups = [self.problem.time_groups[key].times for key in c.time_groups]
            for resource in c.resources:
                late = [early.get((resource, times)) for times in groups]
                for count, name, most, slack in self._limits(c, late, (resource, tuple(c.time_groups)) in never_free):
                    yield resource, [self._table(count, name, day) for day in days], most, slack

    @staticmethod
    def _limits(c: Constraint, late: Sequence[int | None], never_free: bool) -> Iterator[tuple[Count, object, int, bool]]:
        """Yield what a constraint says: (count of a day, its name, most in the week, slack)."""
        match c:
            case LimitIdleTimes():
                latest = max((n for n in late if n is not None), default=0)
                if None in late or latest:
                    yield _gaps, "gaps", c.maximum, True
                if None not in late:  # what fills a gap cannot also mend a late beginning
                    yield _holes, "holes", c.maximum + latest, True
            case BeginEarly():
                yield _late, "late", c.late, True
                if c.late:
                    yield _later, "later", 0, True
            case LimitBusyTimes():
                yield _over(c.maximum), ("over", c.maximum), 0, False
                if c.minimum and never_free:
                    yield _short(c.minimum), ("short", c.minimum), 0, True
                elif c.minimum:
                    yield _under(c.minimum), ("under", c.minimum), 0, True
            case ClusterBusyTimes():
                yield _busy, "busy", c.maximum, False
                if c.minimum:
                    yield _free, "free", -c.minimum, True
            case LimitConsecutive():
                yield _in_a_row(c.maximum), ("in a row", c.maximum), 0, False

    def _days(self, keys: Sequence[str]) -> list[Day] | None:
        """Return the hours of each day that the time groups hold; None where they are not days, or parts of days."""
        found: list[Day] = [()] * self.days
        for key in keys:
            times = list(self.problem.time_groups[key].times)
            days = set(self.day[times].tolist())
            if len(days) > 1 or any(found[day] for day in days):
                return None
            for day in days:
                found[day] = tuple(sorted(self.hour[times].tolist()))
        return found

    def _table(self, count: Count, name: object, hours: Day) -> int:
        if (name, hours) not in self._numbers:
            self._numbers[name, hours] = len(self._bank)
            values = [count([bool(mask >> hour & 1) for hour in hours]) for mask in range(1 << self.hours)]
            self._bank.append(np.array(values, dtype=np.int64))
        return self._numbers[name, hours]
