"""Twins merged: fewer events, the same timetables at the same cost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import Constraint, CostFunction, evaluate
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.problem import Problem
from instances.timetable import Cost, TimetableView
from scheduler.outcome import Proof
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import solve
from scheduler.solving.twins import merge_twins
from tests.builders import day_groups, event, grid, place, problem

TIMES = grid(2, 3)
DAYS = tuple(day_groups(TIMES))
PEOPLE = ("class A", "class B", "Wu", "Qian")


def school(*constraints: Constraint, groups: dict[str, tuple[int, ...]] | None = None) -> Problem:
    """Class A has Wu three times and Qian once, class B has Qian twice; every period is an event of its own."""
    events = [
        *(event(f"A Wu {n}", 1, 0, 2) for n in range(3)),
        event("A Qian", 1, 0, 3),
        *(event(f"B Qian {n}", 1, 1, 3) for n in range(2)),
    ]
    basic = [AssignTime(id="time", events=tuple(range(6))), AvoidClashes(id="clash", resources=(0, 1, 2, 3))]
    return problem(TIMES, PEOPLE, events, [*basic, *constraints], event_groups=groups or {})


def test_periods_that_nothing_tells_apart_are_one_event() -> None:
    """Three of Wu and two of Qian are two events of 3 and 2 periods; the other members keep their place with nothing to do."""
    merged = merge_twins(school())
    assert merged.families == {0: (0, 1, 2), 4: (4, 5)}
    assert [(e.duration, len(e.roles)) for e in merged.problem.events] == [(3, 2), (0, 0), (0, 0), (1, 2), (2, 2), (0, 0)]


def test_a_wish_about_one_of_them_tells_it_apart() -> None:
    wish = PreferTimes(id="wish", events=(0,), times=(0,), required=False)
    assert merge_twins(school(wish)).families == {1: (1, 2), 4: (4, 5)}


def test_what_counts_by_event_tells_apart_unless_it_adds_up() -> None:
    """A linear wish about all three is the same for one event of three; a quadratic one is not, nor is a link."""
    linear = PreferTimes(id="wish", events=(0, 1, 2), times=(0,), required=False)
    assert 0 in merge_twins(school(linear)).families
    quadratic = PreferTimes(id="wish", events=(0, 1, 2), times=(0,), required=False, cost_function=CostFunction.QUADRATIC)
    assert 0 not in merge_twins(school(quadratic)).families
    linked = LinkEvents(id="link", event_groups=("pair",))
    assert merge_twins(school(linked, groups={"pair": (0, 4)})).families == {1: (1, 2)}


def test_a_split_that_no_single_period_satisfies_tells_apart() -> None:
    """At least two meets of one period each: said of each event it is broken, said of the merged one it would hold."""
    two = SplitEvents(id="split", events=(0, 1, 2), min_duration=1, max_duration=1, min_amount=2, max_amount=3, required=False)
    assert 0 not in merge_twins(school(two)).families
    one = SplitEvents(id="split", events=(0, 1, 2), min_duration=1, max_duration=1, min_amount=1, max_amount=1)
    merged = merge_twins(school(one))
    assert 0 in merged.families
    assert next(c.events for c in merged.problem.constraints if isinstance(c, SplitEvents)) == ()


def test_each_twin_gets_one_of_the_meets() -> None:
    """There and back: the same times, and one meet for each event."""
    given_ = school()
    merged = merge_twins(given_)
    timetable = place(given_, (0, 4, 1), (1, 0, 1), (2, 2, 1), (3, 1, 1), (4, 5, 1), (5, 3, 1))
    small = merged.shrink(timetable)
    assert [(m.event, m.start) for m in small.meets] == [(0, 0), (0, 2), (0, 4), (3, 1), (4, 3), (4, 5)]
    assert [(m.event, m.start) for m in merged.expand(small).meets] == [(0, 0), (1, 2), (2, 4), (3, 1), (4, 3), (5, 5)]


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True), st.integers(0, 1), st.integers(1, 2))
def test_merging_changes_no_optimum(liked: list[int], idle: int, days: int) -> None:
    """The best cost with twins merged is that of a copy in which a second wish tells all events apart and costs nothing."""
    wishes: list[Constraint] = [
        PreferTimes(id="liked", events=(0, 1, 2), times=tuple(sorted(liked)), required=False, weight=2),
        LimitIdleTimes(id="idle", resources=(2, 3), time_groups=DAYS, maximum=idle, required=False),
        ClusterBusyTimes(id="days", resources=(3,), time_groups=DAYS, maximum=days, required=False, weight=3),
        SpreadEvents(id="spread", event_groups=("Wu",), limits=tuple(SpreadLimit(day, 1, 2) for day in DAYS), required=False),
    ]
    apart = [PreferTimes(id=f"any {e}", events=(e,), times=tuple(range(6)), required=False) for e in range(6)]
    costs = []
    for constraints in (wishes, [*wishes, *apart]):
        case = school(*constraints, groups={"Wu": (0, 1, 2)})
        solution = solve(case, SolveOptions(time_limit=20, deterministic=True))
        assert solution.timetable is not None
        assert solution.proof is Proof.OPTIMAL
        assert evaluate(case, TimetableView(case, solution.timetable))[0] == solution.cost
        costs.append(solution.cost)
    assert not merge_twins(case).families
    assert costs[0] == costs[1] != Cost(1, 0)
