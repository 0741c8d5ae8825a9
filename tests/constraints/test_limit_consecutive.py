"""最多连上: lessons in a row."""

from __future__ import annotations

import pytest

from constraints.timetable.limit_consecutive import LimitConsecutive
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(
    ("busy", "deviation"),
    [((0, 1, 2), 0), ((0, 1, 2, 3), 1), ((0, 1, 2, 3, 4), 2), ((0, 1, 2, 3, 4, 5), 3), ((0, 1, 3, 4, 5), 0), ((1, 2, 3, 5), 0)],
)
def test_windows_of_four(busy: tuple[int, ...], deviation: int) -> None:
    """With at most 3 in a row a run of n counts n - 3."""
    limit = LimitConsecutive(id="row", resources=(0,), time_groups=("day1", "day2"), maximum=3)
    case = problem(grid(2, 6), ["teacher"], [event("maths", 6, 0)], [limit])
    found = judge(case, place(case, *((0, time, 1) for time in busy)))
    assert [v.deviation for v in found] == ([deviation] if deviation else [])
    if deviation:
        assert found[0].times == busy
        assert str(found[0].sentence) == f"teacher: {len(busy)} lessons in a row in day 1, at most 3 allowed"


def test_a_run_ends_with_the_day() -> None:
    """Two at the end of Monday and two at the start of Tuesday are no run."""
    limit = LimitConsecutive(id="row", resources=(0,), time_groups=("day1", "day2"), maximum=2)
    case = problem(grid(2, 3), ["teacher"], [event("maths", 4, 0)], [limit])
    assert judge(case, place(case, (0, 1, 1), (0, 2, 1), (0, 3, 1), (0, 4, 1))) == []


def test_runs_go_across_grids() -> None:
    """Period 1 with grade 1 and period 2 with grade 2 are two in a row; both bells at one position count once."""
    times = (*grid(1, 2, "a"), *grid(1, 2, "b", start=500))
    limit = LimitConsecutive(id="row", resources=(0,), time_groups=("day1",), maximum=1)
    case = problem(times, ["teacher"], [event("x", 2, 0), event("y", 1, 0)], [limit])
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 3, 1)))] == [1]
    assert judge(case, place(case, (0, 0, 1), (1, 2, 1))) == []
