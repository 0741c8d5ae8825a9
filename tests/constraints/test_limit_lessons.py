"""每天最多, 每天至少, 禁排 of a subject: lessons of a group within times."""

from __future__ import annotations

from constraints.timetable.limit_lessons import LimitLessons
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def test_too_many_and_too_few() -> None:
    """Three on Monday where 1 to 2 are wanted is 1 too many; none on Tuesday 1 too few."""
    limit = LimitLessons(id="per day", event_groups=("maths",), time_groups=("day1", "day2"), minimum=1, maximum=2)
    case = problem(grid(2, 4), ["class"], [event("maths", 4, 0, durations=(1, 2))], [limit])
    first, second = judge(case, place(case, (0, 0, 2), (0, 2, 1)))
    assert (first.deviation, second.deviation) == (1, 1)
    assert str(first.sentence) == "maths: 3 in day 1, at most 2 allowed"
    assert str(second.sentence) == "maths: 0 in day 2, at least 1 wanted"
    assert judge(case, place(case, (0, 0, 2), (0, 4, 1), (0, 6, 1))) == []


def test_none_allowed() -> None:
    """A double that reaches into forbidden times counts with the part that stands there."""
    limit = LimitLessons(id="never", event_groups=("pe",), time_groups=("day1",), maximum=0)
    case = problem(grid(2, 2), ["class"], [event("pe", 2, 0, durations=(2,))], [limit])
    assert [v.deviation for v in judge(case, place(case, (0, 1, 2)))] == [1]
    assert judge(case, place(case, (0, 2, 2))) == []


def test_overlapping_meets_of_one_event_are_all_counted() -> None:
    """Doubles from the first and from the second of two periods make three lessons that day, though it has two periods."""
    limit = LimitLessons(id="one", event_groups=("x",), time_groups=("day1",), maximum=1, required=False)
    case = problem(grid(2, 2), [], [event("x", 4, durations=(2,))], [limit])
    assert [v.deviation for v in judge(case, place(case, (0, 0, 2), (0, 1, 2)))] == [2]
