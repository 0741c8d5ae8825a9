"""Neither too few nor too many lessons on a day with lessons."""

from __future__ import annotations

import pytest

from constraints.timetable.limit_busy_times import LimitBusyTimes
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(
    ("busy", "deviation"),
    [((), 0), ((0,), 1), ((0, 1), 0), ((0, 1, 2), 0), ((0, 1, 2, 3), 1), ((0, 1, 2, 3, 4), 2), ((0, 5), 2), ((0, 5, 6, 7, 8), 2)],
)
def test_two_or_three_a_day_or_none(busy: tuple[int, ...], deviation: int) -> None:
    """A free day is fine; the deviations of the days are summed."""
    limit = LimitBusyTimes(id="busy", resources=(0,), time_groups=("day1", "day2"), minimum=2, maximum=3)
    case = problem(grid(2, 5), ["Ann"], [event("maths", 6, 0)], [limit])
    found = judge(case, place(case, *((0, time, 1) for time in busy)))
    assert [v.deviation for v in found] == ([deviation] if deviation else [])


def test_sentence_and_times() -> None:
    limit = LimitBusyTimes(id="busy", resources=(0,), time_groups=("day1", "day2"), minimum=2, maximum=3)
    case = problem(grid(2, 5), ["Ann"], [event("maths", 6, 0)], [limit])
    found = judge(case, place(case, (0, 0, 1), (0, 5, 1), (0, 6, 1)))
    assert str(found[0].sentence) == "Ann: lessons day 1: 1, 2 to 3 wanted"
    assert found[0].times == (0,)


def test_every_lesson_counts() -> None:
    """Two lessons of two bell schedules with one number, which do not overlap by the clock, are two lessons; two in one time are one."""
    times = (*grid(1, 2, "a"), *grid(1, 2, "b", start=530))
    limit = LimitBusyTimes(id="busy", resources=(0,), time_groups=("day1",), maximum=1)
    case = problem(times, ["Ann"], [event("a", 1, 0), event("b", 1, 0)], [limit])
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 2, 1)))] == [1]
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 3, 1)))] == [1]
    assert judge(case, place(case, (0, 0, 1), (1, 0, 1))) == []
