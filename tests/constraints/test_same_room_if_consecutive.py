"""SameRoomIfConsecutive by hand: one day x four periods, two lessons, two rooms."""

from __future__ import annotations

from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from instances.problem import Event, Problem, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import grid, problem

X, Y = 0, 1


def case(pauses: frozenset[tuple[int, int]] = frozenset()) -> Problem:
    """Two lessons of one period with the rooms X and Y to choose from."""
    lessons = [Event(name, name, 1, (Role("room", None, (X, Y)),), (1,)) for name in ("first", "second")]
    same = SameRoomIfConsecutive(id="c", places=((0, 0), (1, 0)), pauses=pauses)
    return problem(grid(1, 4), ["X", "Y"], lessons, [same])


def deviations(lessons: Problem, *meets: tuple[int, int | None]) -> list[int]:
    """The deviations of a timetable in which each event has a start and a room."""
    placed = [Meet(event, 1, start, 1, (room,)) for event, (start, room) in enumerate(meets)]
    return [violation.deviation for violation in judge(lessons, Timetable.of(placed))]


def test_lessons_that_follow_each_other_share_a_room() -> None:
    """Periods 2 and 1, in two rooms: one change; in one room, or with a free period between: none."""
    assert deviations(case(), (1, X), (0, Y)) == [1]
    assert deviations(case(), (1, X), (0, X)) == []
    assert deviations(case(), (0, X), (2, Y)) == []


def test_pauses_part_nothing() -> None:
    """Period 2 is lunch: lessons in periods 1 and 3 follow each other."""
    assert deviations(case(frozenset({(1, 2)})), (0, X), (2, Y)) == [1]


def test_a_lesson_without_a_room_does_not_count() -> None:
    """No room is chosen for the second lesson."""
    assert deviations(case(), (0, X), (1, None)) == []
