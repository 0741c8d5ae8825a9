"""BeginEarly by hand: two days x four periods, one class."""

from __future__ import annotations

from constraints.timetable.begin_early import BeginEarly
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def case(late: int) -> Problem:
    """A class with four lessons."""
    early = BeginEarly(id="c", resources=(0,), time_groups=("day1", "day2"), late=late)
    return problem(grid(2, 4), ["class"], [event("E", 4, 0)], [early])


def test_a_day_that_begins_late_counts_once() -> None:
    """Day 1 begins in period 1 and has a gap, day 2 begins in period 2: one late day."""
    lessons = case(0)
    assert [v.deviation for v in judge(lessons, place(lessons, (0, 0, 1), (0, 3, 1), (0, 5, 1), (0, 6, 1)))] == [1]


def test_late_days_are_allowed_up_to_the_limit() -> None:
    """Both days begin in period 2 and one is allowed."""
    lessons = case(1)
    assert [v.deviation for v in judge(lessons, place(lessons, (0, 1, 1), (0, 5, 1)))] == [1]
    assert not judge(lessons, place(lessons, (0, 0, 1), (0, 5, 1)))


def test_later_than_the_second_period_is_never_allowed() -> None:
    """Day 1 begins in period 3, which the allowance for late days does not cover; day 2 is free."""
    lessons = case(2)
    assert [v.deviation for v in judge(lessons, place(lessons, (0, 2, 1), (0, 3, 1)))] == [1]
