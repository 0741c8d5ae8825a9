"""A virtual room and the rooms that it stands for."""

from __future__ import annotations

import pytest

from constraints.timetable.fill_parts import FillParts
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import grid, problem

HALL, NORTH, SOUTH, GYM = range(1, 5)


def halls() -> Problem:
    """Two lessons of sport in the hall, which is its two halves, or in the gym."""
    fill = FillParts(id="fill", event=0, role=1, whole=HALL, parts=(2, 3))
    roles = (Role("class", 0), Role("room", None, (HALL, GYM)), Role("half 1", None, (NORTH,)), Role("half 2", None, (SOUTH,)))
    case = problem(grid(1, 2), ["class 1"], [Event("1", "sport", 2, roles, (1,))], [fill])
    rooms = tuple(Resource(name, name, "room") for name in ("hall", "north", "south", "gym"))
    return Problem(case.name, case.times, (*case.resources, *rooms), case.events, case.constraints, case.time_groups, case.event_groups)


@pytest.mark.parametrize(
    ("chosen", "deviation"),
    [
        (((HALL, NORTH, SOUTH), (GYM, None, None)), 0),
        (((HALL, NORTH, None), (GYM, None, None)), 1),
        (((HALL, NORTH, SOUTH), (GYM, NORTH, SOUTH)), 2),
        (((None, None, None), (HALL, None, None)), 2),
        (((None, NORTH, None), (None, None, None)), 1),
    ],
)
def test_parts_go_with_the_whole(chosen: tuple[tuple[int | None, ...], ...], deviation: int) -> None:
    """Both halves with the hall, none without it; each half that is wrong counts."""
    case = halls()
    timetable = Timetable.of([Meet(0, 1, start, 1, (0, *rooms)) for start, rooms in enumerate(chosen)])
    assert [violation.deviation for violation in judge(case, timetable)] == ([deviation] if deviation else [])


def test_sentence() -> None:
    """The event and the room that was chosen or not."""
    (violation,) = judge(halls(), Timetable.of([Meet(0, 1, 0, 1, (0, HALL, None, None))]))
    assert str(violation.sentence) == "sport: the rooms taken are not those of hall"
