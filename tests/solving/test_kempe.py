"""Local search by Kempe chains: what it thinks a timetable costs is what the checks say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents
from instances.problem import Problem, Resource
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.errors import Disagreement
from scheduler.outcome import Proof
from scheduler.solving import solve as stages
from scheduler.solving.kempe.search import Kempe
from scheduler.solving.kempe.tables import REQUIRED, NotUnderstood
from scheduler.solving.kempe.turn import move_lessons
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import Search, solve
from scheduler.solving.stopping import Deadline
from tests.builders import event, grid, place, problem
from tests.random_problems import random_case

KINDS = (
    LimitIdleTimes, LimitIdleTimes, ClusterBusyTimes, LimitBusyTimes, AvoidUnavailableTimes, SpreadEvents, SpreadEvents, PreferTimes,
    LimitConcurrency, LinkEvents, OrderEvents, AssignTime, AssignResource, PreferResources, SplitEvents,
)  # fmt: skip


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


def gap(*more: Constraint, weeks: int = 1) -> Problem:
    """A class with three periods on its one day, the first and the last with a teacher who wants no gap."""
    events = [event("a", 1, 0, 1), event("b", 1, 0), event("c", 1, 0, 1)]
    laws = [AssignTime(id="assign", events=(0, 1, 2)), AvoidClashes(id="clashes", resources=(0, 1))]
    wish = LimitIdleTimes(id="gaps", required=False, weight=5, resources=(1,), time_groups=("day1",))
    return problem(grid(1, 3), ["class", "teacher"], events, [*laws, wish, *more], weeks=weeks)


def test_lessons_change_places() -> None:
    """A full class has no free period to move to: two lessons change places, and the gap is closed."""
    case = gap()
    kempe = Kempe(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1)), 0)
    assert kempe.cost == 5
    found = moved(kempe, 5)
    assert cost(case, found) == Cost(0, 0)
    assert sorted(meet.start for meet in found.meets if meet.start is not None) == [0, 1, 2]


def test_linked_lessons_move_together() -> None:
    """The lesson in the gap is linked to one of another class, which goes with it."""
    case = gap()
    events = (*case.events, event("d", 1, 2))
    link = LinkEvents(id="link", event_groups=("b and d",))
    case = replace(
        case,
        resources=(*case.resources, Resource("other", "other", "class")),
        events=events,
        event_groups={**case.event_groups, "b and d": (1, 3)},
        constraints=(*case.constraints, link),
    )
    found = moved(Kempe(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1), (3, 1, 1)), 0), 5)
    assert cost(case, found) == Cost(0, 0)


def test_what_clashes_stays() -> None:
    """Two lessons of one class at one time are left where they are, and so is the gap beside them."""
    case = gap()
    kempe = Kempe(case, place(case, (0, 0, 1), (1, 2, 1), (2, 2, 1)), 0)
    assert kempe.movable == [0]


@pytest.mark.parametrize(
    "case",
    [
        gap(weeks=2),
        gap(CommonFree(id="meeting", resources=(1,), blocks=((0,), (1,)))),
        gap(AvoidClashes(id="soft", required=False, resources=(0,))),
        replace(gap(), times=(*grid(1, 3), *grid(1, 3, "later", 490))),
    ],
    ids=["two weeks", "a kind without tables", "clashes as a wish", "two bells"],
)
def test_not_understood(case: Problem) -> None:
    """What the tables cannot say is refused, not left out."""
    with pytest.raises(NotUnderstood):
        Kempe(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1)), 0)


def search_of(case: Problem, *, deterministic: bool = False) -> Search:
    """A search with twenty seconds."""
    return Search(case, SolveOptions(time_limit=20), Deadline(20, deterministic), lambda progress: None)


def test_turn() -> None:
    """A turn ends when nothing is left to gain; a deterministic run has none, nor does a problem that is not understood, nor a small one
    whose cost lies elsewhere too.
    """
    case, other = gap(), gap(weeks=2)
    split = gap(SplitEvents(id="split", required=False, events=(0,), min_duration=1, max_duration=1, min_amount=2, max_amount=2))
    start = place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1))
    assert cost(case, move_lessons(search_of(case), case, start)) == Cost(0, 0)
    assert move_lessons(search_of(case, deterministic=True), case, start) == start
    for left_alone in (other, split):
        start = place(left_alone, (0, 0, 1), (1, 1, 1), (2, 2, 1))
        assert move_lessons(search_of(left_alone), left_alone, start) == start


def test_no_time_for_the_whole_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large problem whose model could not be built in time is answered with what the moves came to, and without a bound."""
    monkeypatch.setattr(stages, "is_large", lambda problem: True)
    monkeypatch.setattr(stages, "_BUILT_PER_SECOND", 1e-6)
    monkeypatch.setattr(stages, "build", lambda *_: pytest.fail("a model was built"))
    case = gap()
    solution = solve(case, SolveOptions(time_limit=20), start=place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1)))
    assert (solution.cost, solution.bound, solution.proof) == (Cost(0, 0), None, Proof.FEASIBLE)
    with pytest.raises(Disagreement):
        solve(case, SolveOptions(time_limit=20), start=place(case, (0, 0, 1), (1, 0, 1), (2, 2, 1)))


def test_what_moves_do_not_understand_gets_its_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large problem with a kind that has no tables is improved by the whole model, however long that takes to build."""
    monkeypatch.setattr(stages, "is_large", lambda problem: True)
    monkeypatch.setattr(stages, "_BUILT_PER_SECOND", 1e-6)
    case = gap(AvoidClashes(id="soft", required=False, resources=(0,)))
    solution = solve(case, SolveOptions(time_limit=20), start=place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1)))
    assert (solution.cost, solution.proof) == (Cost(0, 0), Proof.OPTIMAL)
