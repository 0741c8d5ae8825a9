"""教研: a block of common free time."""

from __future__ import annotations

from constraints.timetable.common_free import CommonFree
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def group(*blocks: tuple[int, ...], weeks: int = 1) -> Problem:
    """Two teachers, two days of three periods; the second teaches by bells that are 20 minutes late (times 6 to 11)."""
    free = CommonFree(id="maths group", resources=(0, 1), blocks=blocks)
    every = ((1 << weeks) - 1,)
    events = [event("x", 3, 0, weeks=every), event("y", 3, 1, weeks=every), event("odd", 1, 0, weeks=(1,))]
    return problem((*grid(2, 3), *grid(2, 3, "late", start=500)), ["Wang", "Li"], events, [free], weeks=weeks)


def test_one_free_block_is_enough() -> None:
    """Wang is busy in the first block, nobody in the second."""
    case = group((0, 1), (4, 5))
    assert judge(case, place(case, (0, 0, 1), (0, 1, 1), (1, 3, 1))) == []


def test_the_best_block_counts() -> None:
    """Two lessons stand in the first block, one in the second: 1, and the second is named."""
    case = group((0, 1), (4, 5))
    (violation,) = judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 4, 1)))
    assert (violation.deviation, violation.times, violation.resources) == (1, (4,), (0,))
    assert str(violation.sentence) == (
        "maths group: no common free time; at best, day 2 period 2, day 2 period 3, lessons of Wang stand in the way"
    )


def test_a_lesson_that_overlaps_by_the_clock_is_in_the_way() -> None:
    """Block 8:00-8:40; Li teaches 8:20-9:00 (time 6): once. At 9:10 (time 7) he is free."""
    case = group((0,))
    assert [v.deviation for v in judge(case, place(case, (1, 6, 1)))] == [1]
    assert judge(case, place(case, (1, 7, 1))) == []


def test_both_weeks_count_and_the_block_is_the_same() -> None:
    """Every other week Wang has a lesson in the one block; every week Li has one in the other: 1 against 2."""
    case = group((0,), (3,), weeks=2)
    (violation,) = judge(case, place(case, (2, 0, 1, 0b01), (1, 3, 1)))
    assert (violation.deviation, violation.resources) == (1, (0,))
