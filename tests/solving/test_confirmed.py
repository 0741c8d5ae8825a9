"""The checker's word on an answer: no more broken than was held, preferences exactly as the model says."""

from __future__ import annotations

import pytest

from constraints.timetable.assign_time import AssignTime
from constraints.timetable.prefer_times import PreferTimes
from instances.timetable import Cost
from scheduler.errors import Disagreement
from scheduler.solving.build import build, elastic
from scheduler.solving.solve import _confirmed
from scheduler.solving.vectors import Vector, Workbench, tier_cost
from tests.builders import event, grid, place, problem

CASE = problem(
    grid(1, 3),
    ["Wu", "Qian"],
    [event("wu", 1, 0), event("qian", 1, 1)],
    [AssignTime(id="time", events=(0, 1)), PreferTimes(id="wish", events=(0,), times=(0,), required=False, weight=3)],
)
ONE_OUT = place(CASE, (0, 1, 1))  # required cost 1, preference cost 3


def vector(objective: int) -> tuple[Workbench, Vector]:
    """Return the vector of ``ONE_OUT``, with an objective that may be too high."""
    bench = Workbench(model := build(CASE, elastic(CASE)), tier_cost(model, required=False))
    exact = bench.complete(ONE_OUT)
    assert exact is not None
    return bench, Vector(exact.values, objective)


@pytest.mark.parametrize("held", [1, 5])
@pytest.mark.parametrize("objective", [3, 4])
def test_what_was_held_may_have_been_loose(held: int, objective: int) -> None:
    """A search that ended early may hold more than is broken, and say more than the preferences cost."""
    assert _confirmed(CASE, ONE_OUT, held, *vector(objective)) == Cost(1, 3)


def test_more_broken_than_held_is_a_disagreement() -> None:
    with pytest.raises(Disagreement):
        _confirmed(CASE, ONE_OUT, 0, *vector(3))
