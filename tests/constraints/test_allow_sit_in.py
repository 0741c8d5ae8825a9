"""师徒: the mentor is free during lessons of the novice."""

from __future__ import annotations

from constraints.timetable.allow_sit_in import AllowSitIn
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def pair(minimum: int) -> Problem:
    """Resource 0 is the mentor, resource 1 the novice; grade 2 has its bells 20 minutes later (times 4 to 7)."""
    sit_in = AllowSitIn(id="sit in", mentor=0, event_group="novice", minimum=minimum)
    times = (*grid(1, 4), *grid(1, 4, "late", start=500))
    return problem(times, ["mentor", "novice"], [event("own", 2, 0), event("novice", 3, 1), event("both", 1, 0, 1)], [sit_in])


def test_free_lessons_are_counted() -> None:
    """Novice in periods 1, 2, 3, mentor busy in 2: two lessons to sit in on."""
    timetable = ((1, 0, 1), (1, 1, 1), (1, 2, 1), (0, 1, 1))
    assert judge(pair(2), place(pair(2), *timetable)) == []
    (violation,) = judge(pair(3), place(pair(3), *timetable))
    assert violation.deviation == 1
    assert str(violation.sentence) == "mentor is free during 2 of the lessons novice, at least 3 wanted"


def test_overlap_by_the_clock_is_in_the_way() -> None:
    """Novice 8:00-8:40; a lesson of the mentor 8:20-9:00 keeps him away, one at 9:10 does not."""
    case = pair(1)
    assert [v.deviation for v in judge(case, place(case, (1, 0, 1), (0, 4, 1)))] == [1]
    assert judge(case, place(case, (1, 0, 1), (0, 5, 1))) == []


def test_a_lesson_of_both_is_not_sitting_in() -> None:
    """Teaching together is no sitting in, and a lesson that is not placed is none either."""
    case = problem(pair(1).times, ["mentor", "novice"], pair(1).events, pair(1).constraints, event_groups={"novice": (1, 2)})
    assert [v.deviation for v in judge(case, place(case, (2, 0, 1)))] == [1]
    assert [v.deviation for v in judge(case, place(case))] == [1]
