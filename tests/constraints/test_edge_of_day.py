"""EdgeOfDay by hand: two days x four periods, two classes in one joint lesson."""

from __future__ import annotations

from dataclasses import replace

from constraints.timetable.edge_of_day import EdgeOfDay
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def case(first: bool) -> Problem:
    """Classes A and B have the lesson "joint" together, A also "other"."""
    edge = EdgeOfDay(id="c", events=(0,), resource_type="class", first=first)
    found = problem(grid(2, 4), ["A", "B"], [event("joint", 2, 0, 1), event("other", 2, 0)], [edge])
    return replace(found, resources=tuple(replace(resource, type="class") for resource in found.resources))


def test_last_of_the_day() -> None:
    """A has another lesson after the joint one on day 1 (one pair); on day 2 the other lesson comes before it."""
    lessons = case(first=False)
    assert [v.deviation for v in judge(lessons, place(lessons, (0, 1, 1), (0, 6, 1), (1, 3, 1), (1, 4, 1)))] == [1]


def test_first_of_the_day() -> None:
    """The two joint lessons of day 1: for both A and B the second comes after the first, so it does not open their day."""
    lessons = case(first=True)
    assert [v.deviation for v in judge(lessons, place(lessons, (0, 1, 1), (0, 2, 1)))] == [2]


def test_only_the_type_of_resource_that_is_meant() -> None:
    """Were it about teachers, nobody would be concerned."""
    lessons = case(first=False)
    about_teachers = replace(lessons, constraints=(EdgeOfDay(id="c", events=(0,), resource_type="teacher"),))
    assert not judge(about_teachers, place(about_teachers, (0, 0, 1), (1, 3, 1)))
