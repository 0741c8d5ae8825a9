"""Open roles are filled."""

from __future__ import annotations

from constraints.timetable.assign_resource import AssignResource
from instances.problem import Event, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import grid, problem

EVENTS = [
    Event("physics", "physics", 3, (Role("teacher", 0), Role("room", None, (1, 2))), (1, 2)),
    Event("maths", "maths", 1, (Role("teacher", 0),), (1,)),
    Event("music", "music", 1, (Role("room", 2),), (1,)),
]
CASE = problem(grid(2, 3), ["teacher", "lab 1", "lab 2"], EVENTS, [AssignResource(id="rooms", events=(0, 1, 2), role="room")])


def test_open_periods_count() -> None:
    """The double has no room: two periods; events without the role, or with a room given, are left alone."""
    found = judge(CASE, Timetable.of([Meet(0, 2, 0, 1, (0, None)), Meet(0, 1, 3, 1, (0, 2))]))
    assert [(v.point, v.deviation) for v in found] == [("physics", 2)]
    assert str(found[0].sentence) == "physics: nobody and nothing is chosen as room for 2 of 3 lessons"


def test_a_period_that_is_not_placed_has_no_room() -> None:
    assert [v.deviation for v in judge(CASE, Timetable.of([Meet(0, 2, 0, 1, (0, 1))]))] == [1]


def test_rooms_may_differ() -> None:
    assert judge(CASE, Timetable.of([Meet(0, 2, 0, 1, (0, 1)), Meet(0, 1, 3, 1, (0, 2))])) == []
