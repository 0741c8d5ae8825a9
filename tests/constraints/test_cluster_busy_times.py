"""Lessons on few days."""

from __future__ import annotations

import pytest

from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(("busy", "deviation"), [((0, 1), 1), ((0, 3), 0), ((0, 3, 6), 0), ((0, 3, 6, 9), 1), ((), 2)])
def test_two_or_three_days(busy: tuple[int, ...], deviation: int) -> None:
    days = ("day1", "day2", "day3", "day4")
    limit = ClusterBusyTimes(id="days", resources=(0,), time_groups=days, minimum=2, maximum=3)
    case = problem(grid(4, 3), ["Ann"], [event("maths", 4, 0)], [limit])
    found = judge(case, place(case, *((0, time, 1) for time in busy)))
    assert [v.deviation for v in found] == ([deviation] if deviation else [])


def test_sentence() -> None:
    limit = ClusterBusyTimes(id="days", resources=(0,), time_groups=("day1", "day2"), maximum=1)
    case = problem(grid(2, 3), ["Ann"], [event("maths", 2, 0)], [limit])
    found = judge(case, place(case, (0, 0, 1), (0, 3, 1)))
    assert str(found[0].sentence) == "Ann has lessons in 2 parts of the week (day 1, day 2), at most 1 wanted"
