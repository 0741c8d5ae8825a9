"""间隔: lessons of a course keep a distance in days."""

from __future__ import annotations

import pytest

from constraints.timetable.days_between import DaysBetween
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def music(gap: int, periods: int = 3) -> Problem:
    """One course on five days of two periods; time 2d is the first period of day d + 1."""
    return problem(grid(5, 2), ["class"], [event("music", periods, 0)], [DaysBetween(id="gap", event_groups=("music",), gap=gap)])


@pytest.mark.parametrize(
    ("gap", "days", "deviation"),
    [
        (2, (1, 3, 5), 0),
        (2, (1, 2, 5), 1),
        (2, (1, 2, 3), 2),
        (3, (1, 2, 3), 3),
        (3, (1, 3, 5), 2),
        (3, (1, 4, 5), 1),
        (2, (1, 5), 0),  # the week does not wrap
        (1, (1, 2, 3), 0),
    ],
)
def test_pairs_of_close_days(gap: int, days: tuple[int, ...], deviation: int) -> None:
    """Every pair of days closer than the gap counts once."""
    case = music(gap)
    found = judge(case, place(case, *((0, 2 * (day - 1), 1) for day in days)))
    assert sum(violation.deviation for violation in found) == deviation
    assert len(found) == (deviation > 0)


def test_two_on_one_day_are_not_its_matter() -> None:
    """Both periods of Monday, then Wednesday: fine; both of Monday, then Tuesday: one pair of days."""
    case = music(2)
    assert judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 4, 1))) == []
    (violation,) = judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 2, 1)))
    assert (violation.deviation, violation.times) == (1, (0, 1, 2))
    assert "day 2 period 1" in str(violation.sentence)


def test_weeks_are_looked_at_apart() -> None:
    """Monday in odd weeks and Tuesday in even weeks are eight days apart or six, never one."""
    gap = DaysBetween(id="gap", event_groups=("art",), gap=2)
    events = [event("odd", 1, 0, weeks=(0b01,)), event("even", 1, 0, weeks=(0b10,))]
    case = problem(grid(5, 2), ["class"], events, [gap], event_groups={"art": (0, 1)}, weeks=2)
    assert judge(case, place(case, (0, 0, 1, 0b01), (1, 2, 1, 0b10))) == []
