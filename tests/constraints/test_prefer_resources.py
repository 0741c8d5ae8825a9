"""Roles are filled from a list."""

from __future__ import annotations

from constraints.timetable.prefer_resources import PreferResources
from instances.problem import Event, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import grid, problem

EVENTS = [
    Event("physics", "physics", 3, (Role("room", None, (0, 1)),), (1, 2)),
    Event("music", "music", 1, (Role("room", 1),), (1,)),
]
CASE = problem(grid(2, 3), ["lab", "hall"], EVENTS, [PreferResources(id="labs", events=(0, 1), role="room", resources=(0,))])


def test_periods_elsewhere_count() -> None:
    """A double of physics in the hall counts two, the given hall of music one."""
    found = judge(CASE, Timetable.of([Meet(0, 2, 0, 1, (1,)), Meet(0, 1, 3, 1, (0,)), Meet(1, 1, 4, 1, (1,))]))
    assert [(v.point, v.deviation) for v in found] == [("physics", 2), ("music", 1)]
    assert str(found[0].sentence) == "physics has hall as room, not one of those wanted"


def test_an_open_role_is_no_wrong_choice() -> None:
    assert judge(CASE, Timetable.of([Meet(0, 2, 0, 1, (None,)), Meet(0, 1, 3, 1, (0,))])) == []
