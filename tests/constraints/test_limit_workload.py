"""Weekly workload."""

from __future__ import annotations

from constraints.timetable.limit_workload import LimitWorkload
from instances.problem import Event, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def test_by_default_periods_count() -> None:
    limit = LimitWorkload(id="load", resources=(0, 1), minimum=2, maximum=3)
    case = problem(grid(1, 5), ["Ann", "Bob"], [event("maths", 4, 0), event("music", 1, 1)], [limit])
    found = judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 3, 1), (1, 0, 1)))
    assert [(v.point, v.deviation) for v in found] == [("Ann", 1), ("Bob", 1)]
    assert str(found[0].sentence) == "Ann has a workload of 4, 2 to 3 wanted"


def test_the_workload_of_the_role_goes_before_that_of_the_event() -> None:
    """Workload 6 for the event, 2 for the second role: a meet of one period in three has a third of it."""
    events = [Event("maths", "maths", 3, (Role("teacher", 0), Role("aide", 1, workload=2)), (1,), workload=6)]
    case = problem(grid(1, 3), ["Ann", "Bob"], events, [LimitWorkload(id="load", resources=(0, 1), maximum=1)])
    found = judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 2, 1)))
    assert [v.deviation for v in found] == [5, 1]


def test_shares_are_summed_before_they_are_rounded() -> None:
    """Workload 2 over 3 periods: one meet is 2/3, two are 4/3; the deviation from 1 is rounded up, from 2 it is none."""
    events = [Event("maths", "maths", 3, (Role("teacher", 0),), (1,), workload=2)]
    for maximum, deviations in ((1, [1]), (2, [])):
        case = problem(grid(1, 3), ["Ann"], events, [LimitWorkload(id="load", resources=(0,), maximum=maximum)])
        assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (0, 1, 1)))] == deviations


def test_chosen_resources_have_a_workload() -> None:
    events = [Event("maths", "maths", 2, (Role("teacher", None, (0, 1)),), (1,))]
    case = problem(grid(1, 3), ["Ann", "Bob"], events, [LimitWorkload(id="load", resources=(0, 1), maximum=1)])
    assert judge(case, Timetable.of([Meet(0, 1, 0, 1, (0,)), Meet(0, 1, 1, 1, (1,))])) == []
    assert [v.point for v in judge(case, Timetable.of([Meet(0, 1, 0, 1, (1,)), Meet(0, 1, 1, 1, (1,))]))] == ["Bob"]
