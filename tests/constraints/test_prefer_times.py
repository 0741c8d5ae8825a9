"""Meets start at suitable times."""

from __future__ import annotations

from constraints.timetable.prefer_times import PreferTimes
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def test_the_start_decides_and_the_duration_counts() -> None:
    """Wanted: periods 1 and 2. A double from period 2 is fine although it ends in period 3; one from period 3 counts two."""
    wish = PreferTimes(id="times", events=(0,), times=(0, 1, 4, 5))
    case = problem(grid(2, 4), ["class"], [event("maths", 4, 0, durations=(2,))], [wish])
    found = judge(case, place(case, (0, 1, 2), (0, 6, 2)))
    assert [(v.deviation, v.times) for v in found] == [(2, (6,))]
    assert str(found[0].sentence) == "maths starts at an unsuitable time: day 2 period 3"


def test_only_meets_of_the_duration() -> None:
    """Doubles start in period 1 or 3; singles are free."""
    wish = PreferTimes(id="times", events=(0,), times=(0, 2, 4, 6), duration=2)
    case = problem(grid(2, 4), ["class"], [event("maths", 4, 0, durations=(1, 2))], [wish])
    assert judge(case, place(case, (0, 1, 1), (0, 2, 2), (0, 7, 1))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 1, 2), (0, 5, 2)))] == [4]
