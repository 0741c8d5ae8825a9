"""Local search by Kempe chains: what it thinks a timetable costs is what the checks say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constraints.base import evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.solving.kempe.search import Kempe
from scheduler.solving.kempe.tables import REQUIRED, NotUnderstood
from tests.random_problems import random_case

KINDS = (
    LimitIdleTimes, LimitIdleTimes, ClusterBusyTimes, LimitBusyTimes, AvoidUnavailableTimes, SpreadEvents, SpreadEvents, PreferTimes,
    LimitConcurrency, LinkEvents, OrderEvents, AssignTime, AssignResource, PreferResources, SplitEvents,
)  # fmt: skip
MORNINGS = tuple(f"day{day}" for day in range(1, 6))


def cost(case: Problem, timetable: Timetable) -> Cost:
    """The cost by the checks."""
    return evaluate(case, TimetableView(case, timetable))[0]


def moved(kempe: Kempe, rounds: int) -> Timetable:
    """The best timetable after some rounds of moves."""
    shares = iter(range(rounds))
    return kempe.run(lambda: next(shares, rounds) / rounds)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**30))
def test_tables_agree_with_the_checks(seed: int) -> None:
    """Whatever the moves, what they change the cost by is what the checks find, in both tiers."""
    rng = Random(seed)
    case, timetable = random_case(rng, KINDS, 5)
    clashes = AvoidClashes(id="all", resources=tuple(range(len(case.resources))))
    case = replace(case, constraints=(*case.constraints, clashes))
    try:
        kempe = Kempe(case, timetable, seed)
    except NotUnderstood:
        assume(False)
    before, first = kempe.cost, cost(case, timetable)
    better = moved(kempe, 12)
    stands, best = cost(case, kempe.standing()), cost(case, better)
    assert REQUIRED * (stands.required - first.required) + stands.preference - first.preference == kempe.cost - before
    assert REQUIRED * (best.required - first.required) + best.preference - first.preference == kempe.best - before
    assert best <= first
