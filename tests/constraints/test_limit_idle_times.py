"""空堂: idle times."""

from __future__ import annotations

import pytest

from constraints.timetable.limit_idle_times import LimitIdleTimes
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(
    ("busy", "idle"),
    [((0, 1, 2), 0), ((0, 2), 1), ((0, 5), 4), ((0, 2, 5), 3), ((5,), 0), ((), 0), ((0, 2, 6, 9), 3), ((4, 5, 6, 7), 0)],
)
def test_gaps_between_first_and_last(busy: tuple[int, ...], idle: int) -> None:
    """Two days of six periods: free before the first and after the last lesson of a day is not idle."""
    limit = LimitIdleTimes(id="idle", resources=(0,), time_groups=("day1", "day2"))
    case = problem(grid(2, 6), ["Ann"], [event("maths", 6, 0)], [limit])
    found = judge(case, place(case, *((0, time, 1) for time in busy)))
    assert [v.deviation for v in found] == ([idle] if idle else [])


def test_the_limit_is_on_the_sum_of_the_groups() -> None:
    """Two idle times on Monday and two on Tuesday with at most three allowed: one too many, not one a day."""
    limit = LimitIdleTimes(id="idle", resources=(0,), time_groups=("day1", "day2"), maximum=3)
    case = problem(grid(2, 4), ["Ann"], [event("maths", 4, 0)], [limit])
    found = judge(case, place(case, (0, 0, 1), (0, 3, 1), (0, 4, 1), (0, 7, 1)))
    assert [(v.deviation, v.times) for v in found] == [(1, (1, 2, 5, 6))]
    assert str(found[0].sentence) == (
        "Ann has 4 idle periods (day 1 period 2, day 1 period 3, day 2 period 2, day 2 period 3), at most 3 wanted"
    )


def test_idle_times_can_be_asked_for() -> None:
    limit = LimitIdleTimes(id="idle", resources=(0,), time_groups=("day1",), minimum=2, maximum=9)
    case = problem(grid(1, 5), ["Ann"], [event("maths", 2, 0)], [limit])
    assert judge(case, place(case, (0, 0, 1), (0, 3, 1))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (0, 2, 1)))] == [1]


def test_grids_share_positions() -> None:
    """Period 1 with grade 1, period 3 with grade 2: period 2 is idle once, although it is two times; busy in either, it is not idle."""
    limit = LimitIdleTimes(id="idle", resources=(0,), time_groups=("day1",))
    times = (*grid(1, 3, "a"), *grid(1, 3, "b", start=485))
    case = problem(times, ["Ann"], [event("a", 1, 0), event("b", 2, 0)], [limit])
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 5, 1)))] == [1]
    assert judge(case, place(case, (0, 0, 1), (1, 4, 1), (1, 5, 1))) == []


def test_each_week_has_its_own_gaps() -> None:
    """An odd-week lesson fills the gap in odd weeks only: idle in the even week."""
    limit = LimitIdleTimes(id="idle", resources=(0,), time_groups=("day1",))
    events = [event("maths", 2, 0, weeks=(0b11,)), event("art", 1, 0, weeks=(0b01, 0b10))]
    case = problem(grid(1, 3), ["Ann"], events, [limit], weeks=2)
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (0, 2, 1), (1, 1, 1, 0b01)))] == [1]
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (0, 2, 1)))] == [1, 1]
