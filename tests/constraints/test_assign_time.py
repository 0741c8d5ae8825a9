"""Every period is placed."""

from __future__ import annotations

from constraints.base import evaluate
from constraints.timetable.assign_time import AssignTime
from instances.timetable import Meet, Timetable, TimetableView
from tests.agreement import judge
from tests.builders import event, grid, place, problem

CASE = problem(
    grid(2, 3), ["teacher"], [event("maths", 3, 0, durations=(1, 2)), event("music", 1, 0)], [AssignTime(id="time", events=(0, 1))]
)


def test_missing_periods_count() -> None:
    """Three periods of maths, a double placed: one is missing; music, not placed at all, lacks one."""
    found = judge(CASE, place(CASE, (0, 0, 2)))
    assert [(v.point, v.deviation, v.about) for v in found] == [("maths", 1, "maths"), ("music", 1, "music")]
    assert str(found[0].sentence) == "maths: 1 of 3 lessons are not placed"


def test_all_placed() -> None:
    assert judge(CASE, place(CASE, (0, 0, 2), (0, 3, 1), (1, 2, 1))) == []


def test_a_meet_without_a_time_is_not_placed() -> None:
    """A meet that is listed without a start counts with its duration (published solutions have such meets)."""
    cost, found = evaluate(
        CASE, TimetableView(CASE, Timetable.of([Meet(0, 2, None, 1, (0,)), Meet(0, 1, 0, 1, (0,)), Meet(1, 1, 1, 1, (0,))]))
    )
    assert [v.deviation for v in found] == [2]
    assert (cost.required, cost.preference) == (2, 0)
