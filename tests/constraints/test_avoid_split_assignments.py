"""One resource fills a role throughout."""

from __future__ import annotations

from dataclasses import replace

from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from instances.problem import Event, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import grid, problem

EVENTS = [
    Event("maths a", "maths a", 2, (Role("teacher", None, (0, 1, 2)),), (1,)),
    Event("maths b", "maths b", 1, (Role("teacher", None, (0, 1, 2)),), (1,)),
    Event("maths c", "maths c", 1, (Role("teacher", 2),), (1,)),
]
CASE = problem(
    grid(2, 3),
    ["Ann", "Bob", "Cid"],
    EVENTS,
    [AvoidSplitAssignments(id="one teacher", event_groups=("maths",), role="teacher")],
    event_groups={"maths": (0, 1, 2)},
)


def test_resources_beyond_the_first_count() -> None:
    """Ann, Bob and, given, Cid: two too many; twice the same person counts once."""
    found = judge(CASE, Timetable.of([Meet(0, 1, 0, 1, (0,)), Meet(0, 1, 1, 1, (0,)), Meet(1, 1, 2, 1, (1,)), Meet(2, 1, 3, 1, (2,))]))
    assert [(v.deviation, v.resources, v.about) for v in found] == [(2, (0, 1, 2), "maths")]
    assert str(found[0].sentence) == "maths: 3 different ones as teacher, one is wanted: Ann, Bob, Cid"


def test_open_roles_do_not_count() -> None:
    assert judge(CASE, Timetable.of([Meet(0, 1, 0, 1, (2,)), Meet(0, 1, 1, 1, (None,)), Meet(2, 1, 3, 1, (2,))])) == []


def test_more_than_one_may_be_allowed() -> None:
    """Ann, Bob and Cid where two are allowed: one too many."""
    two = AvoidSplitAssignments(id="two", event_groups=("maths",), role="teacher", most=2)
    case = replace(CASE, constraints=(two,))
    found = judge(case, Timetable.of([Meet(0, 1, 0, 1, (0,)), Meet(1, 1, 2, 1, (1,)), Meet(2, 1, 3, 1, (2,))]))
    assert [violation.deviation for violation in found] == [1]
