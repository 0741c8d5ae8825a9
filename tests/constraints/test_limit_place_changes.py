"""LimitPlaceChanges by hand: a teacher, one day x five periods, a lesson in the old wing, two in the new one."""

from __future__ import annotations

from constraints.timetable.limit_place_changes import LimitPlaceChanges
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem

TEACHER, OLD, NEW, HALL = range(4)


def case(maximum: int | None, gap: int = 0) -> Problem:
    """Lessons "old" (1 period), "new" (2) and, in a hall that is in no place, "hall"."""
    lessons = [event("old", 2, TEACHER, OLD), event("new", 2, TEACHER, NEW), event("hall", 1, TEACHER, HALL)]
    changes = LimitPlaceChanges(id="c", resources=(TEACHER,), time_groups=("day1",), places=((OLD,), (NEW,)), maximum=maximum, gap=gap)
    return problem(grid(1, 5), ["teacher", "old", "new", "hall"], lessons, [changes])


def deviations(lessons: Problem, *meets: tuple[int, int, int]) -> list[int]:
    """The deviations of a timetable of (event, start, duration)."""
    return [violation.deviation for violation in judge(lessons, place(lessons, *meets))]


def test_changes_are_counted_from_lesson_to_lesson() -> None:
    """New, free, old, hall, new: two changes, of which one is allowed; free periods and the hall change nothing."""
    times = ((1, 0, 1), (0, 2, 1), (2, 3, 1), (1, 4, 1))
    assert deviations(case(1), *times) == [1]
    assert deviations(case(2), *times) == []


def test_no_change_is_allowed() -> None:
    """Old, old, new: one change too many."""
    assert deviations(case(0), (0, 0, 1), (0, 1, 1), (1, 2, 1)) == [1]


def test_time_between_two_places() -> None:
    """One free period is wanted between the wings: right after each other is too near, with the hall between them it is enough."""
    assert deviations(case(None, 1), (0, 0, 1), (1, 1, 1)) == [1]
    assert deviations(case(None, 1), (0, 0, 1), (2, 1, 1), (1, 2, 1)) == []
