"""Nobody is in two places at once."""

from __future__ import annotations

import dataclasses

from constraints.base import CostFunction
from constraints.timetable.avoid_clashes import AvoidClashes
from tests.agreement import judge
from tests.builders import event, grid, place, problem

RULE = AvoidClashes(id="clash", resources=(0,))


def test_one_violation_for_each_resource() -> None:
    """Three meets at time 1 (two too many) and two at time 2 (one): a single deviation of 3, 9 when squared."""
    events = [event("a", 2, 0), event("b", 2, 0), event("c", 1, 0)]
    case = problem(grid(1, 3), ["Ann"], events, [dataclasses.replace(RULE, cost_function=CostFunction.QUADRATIC, weight=2)])
    found = judge(case, place(case, (0, 0, 1), (1, 0, 1), (2, 0, 1), (0, 1, 1), (1, 1, 1)))
    assert [(v.deviation, v.times, v.cost.required) for v in found] == [(3, (0, 1), 18)]
    assert str(found[0].sentence) == "Ann: a, b, c at the same time (day 1 period 1, day 1 period 2), at most 1 possible"


def test_the_clock_decides_between_two_bell_schedules() -> None:
    """8:00-8:40 and 8:20-9:00 overlap, 8:00-8:40 and 8:50-9:30 do not, whatever the periods are called."""
    case = problem((*grid(1, 2, "a"), *grid(1, 2, "b", start=500)), ["Ann"], [event("a", 1, 0), event("b", 1, 0)], [RULE])
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 2, 1)))] == [1]
    assert judge(case, place(case, (0, 0, 1), (1, 3, 1))) == []


def test_a_field_takes_as_many_as_its_capacity() -> None:
    case = problem(grid(1, 2), ["field"], [event("a", 1, 0), event("b", 1, 0), event("c", 1, 0)], [RULE])
    case = dataclasses.replace(case, resources=(dataclasses.replace(case.resources[0], capacity=2),))
    assert judge(case, place(case, (0, 0, 1), (1, 0, 1), (2, 1, 1))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 0, 1), (2, 0, 1)))] == [1]


def test_odd_and_even_weeks_do_not_clash() -> None:
    case = problem(grid(1, 2), ["Ann"], [event("a", 1, 0, weeks=(0b01,)), event("b", 1, 0, weeks=(0b01, 0b10))], [RULE], weeks=2)
    assert judge(case, place(case, (0, 0, 1, 0b01), (1, 0, 1, 0b10))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1, 0b01), (1, 0, 1, 0b01)))] == [1]
