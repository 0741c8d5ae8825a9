"""Answers of two cores to the same timetable: the later one is laid over the earlier."""

from __future__ import annotations

import dataclasses

import pytest

from constraints.base import Constraint
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.problem import TimeGroup
from instances.timetable import Timetable
from scheduler.solving.build import build, strict
from scheduler.solving.improve import _Answer, _take
from scheduler.solving.neighbourhoods import Kind, Neighbourhood
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import Search
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Vector, Workbench, tier_cost
from tests.builders import event, grid, place, problem

CASE = problem(
    grid(1, 3),
    ["Wu", "Qian"],
    [event("wu", 1, 0), event("qian", 1, 1)],
    [
        AssignTime(id="time", events=(0, 1)),
        AvoidClashes(id="clash", resources=(0, 1)),
        PreferTimes(id="wu", events=(0,), times=(0,), required=False, weight=3),
        PreferTimes(id="qian", events=(1,), times=(1,), required=False, weight=5),
    ],
    time_groups={"early": TimeGroup("early", "early", (0, 1))},
    event_groups={"both": (0, 1)},
)
BAD, WU, QIAN, BOTH = (place(CASE, (0, wu, 1), (1, qian, 1)) for wu, qian in ((2, 2), (0, 2), (2, 1), (0, 1)))


def taken(*answers: Timetable, rule: Constraint | None = None) -> tuple[Timetable, list[int]]:
    """Take answers that were all asked from BAD, in this order; return the incumbent then and the gains."""
    case = CASE if rule is None else dataclasses.replace(CASE, constraints=(*CASE.constraints, rule))
    bench = Workbench(model := build(case, strict), tier_cost(model, required=False))
    search = Search(case, SolveOptions(time_limit=10), Deadline(10), lambda progress: None)

    def vector(timetable: Timetable) -> Vector:
        found = bench.complete(timetable)
        assert found is not None
        return found

    base = search.best = vector(BAD)
    hood = Neighbourhood("all", frozenset((0, 1)))
    gains = [_take(search, bench, _Answer(Kind("all", 1, 1, 1), hood, base, vector(t), True, 0.1, 1.0)) for t in answers]
    return bench.timetable(search.best), gains


@pytest.mark.parametrize(("answers", "gains"), [((WU, QIAN), [3, 5]), ((QIAN, WU), [5, 3])])
def test_both_gains_are_kept(answers: tuple[Timetable, ...], gains: list[int]) -> None:
    """Costs 8, then 5 or 3, then 0, whichever comes first."""
    assert taken(*answers) == (BOTH, gains)


def test_where_they_do_not_go_together_the_better_one_stays() -> None:
    """Only one of the two may be early: the gain of 3 comes first, that of 5 takes its place, for both together are not legal."""
    rule = SpreadEvents(id="one early", event_groups=("both",), limits=(SpreadLimit("early", 0, 1),))
    assert taken(WU, QIAN, rule=rule) == (QIAN, [3, 2])
    assert taken(QIAN, WU, rule=rule) == (QIAN, [5, 0])
