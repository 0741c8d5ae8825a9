"""进度平齐: parallel classes of a teacher."""

from __future__ import annotations

from constraints.timetable.keep_in_step import KeepInStep
from instances.problem import Problem, TimeGroup
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def parallel(most: int) -> Problem:
    """Two classes with three lessons each, three days of two periods."""
    step = KeepInStep(id="step", pairs=(("1", "2"),), time_groups=("day1", "day2", "day3"), most=most)
    return problem(grid(3, 2), ["class 1", "class 2"], [event("1", 3, 0), event("2", 3, 1)], [step])


def test_excess_is_summed_over_the_days() -> None:
    """Class 1 has 2, 3, 3 lessons after each day, class 2 has 0, 1, 3: apart by 2, 2, 0."""
    timetable = ((0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 3, 1), (1, 4, 1), (1, 5, 1))
    case = parallel(1)
    (violation,) = judge(case, place(case, *timetable))
    assert violation.deviation == 2
    assert str(violation.sentence) == "1 and 2: up to 2 lessons apart after day 1, day 2, at most 1 wanted"
    assert judge(parallel(2), place(case, *timetable)) == []
    assert [v.deviation for v in judge(parallel(0), place(case, *timetable))] == [4]


def test_either_may_be_ahead() -> None:
    """Class 2 ahead by two after the first day."""
    case = parallel(1)
    assert [v.deviation for v in judge(case, place(case, (1, 0, 1), (1, 1, 1), (0, 2, 1), (0, 3, 1)))] == [1]


def test_lessons_between_checkpoints_wait_for_the_next() -> None:
    """With the end of the week as only checkpoint the order within it is free, a missing lesson is not."""
    step = KeepInStep(id="step", pairs=(("1", "2"),), time_groups=("week",), most=0)
    week = {"week": TimeGroup("week", "the week", tuple(range(6)))}
    case = problem(grid(3, 2), ["class 1", "class 2"], [event("1", 3, 0), event("2", 3, 1)], [step], time_groups=week)
    assert judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 2, 1), (1, 3, 1), (1, 4, 1), (1, 5, 1))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 3, 1), (1, 4, 1)))] == [1]


def test_a_lead_is_carried_into_the_even_week() -> None:
    """Class 1 in odd weeks, class 2 in even weeks: apart by 1 from the odd Monday to the even Monday, then level."""
    step = KeepInStep(id="step", pairs=(("1", "2"),), time_groups=("day1", "day2"), most=0)
    events = [event("1", 1, 0, weeks=(0b01,)), event("2", 1, 1, weeks=(0b10,))]
    case = problem(grid(2, 1), ["class 1", "class 2"], events, [step], weeks=2)
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1, 0b01), (1, 0, 1, 0b10)))] == [2]
