"""The least required cost: room shortages counted like choices, times first, and the same answer as the plain model where that is small."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from constraints.base import evaluate
from constraints.model import TimetableModel
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.prefer_resources import PreferResources
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.outcome import Proof
from scheduler.solving import best
from scheduler.solving.best import best_timetable
from scheduler.solving.build import Reading, build
from scheduler.solving.ejected import ejected
from scheduler.solving.hall import matched
from scheduler.solving.options import SolveOptions
from scheduler.solving.shortage import shorten
from scheduler.solving.stopping import Deadline
from scheduler.solving.times_first import without_choices
from scheduler.solving.vectors import Workbench, tier_cost
from tests.builders import grid

OPTIONS = SolveOptions(time_limit=3.0, workers=1)
ROOMS = 3
TEACHERS = 2


def school(times: int, wanted: list[tuple[int, frozenset[int]]], closed: frozenset[int] = frozenset(), weight: int = 1) -> Problem:
    """Lessons of (teacher, suitable rooms) in a day of so many periods; ``closed`` are the times at which room 0 is not available."""
    resources = [Resource(f"room {n}", f"room {n}", "Room") for n in range(ROOMS)]
    resources += [Resource(f"teacher {n}", f"teacher {n}", "Teacher") for n in range(TEACHERS)]
    events = tuple(
        Event(f"e{n}", f"e{n}", 1, (Role("T", ROOMS + teacher), Role("R", None, tuple(range(ROOMS)))), (1,))
        for n, (teacher, _) in enumerate(wanted)
    )
    everything = tuple(range(len(events)))
    constraints = [
        AssignTime(id="time", events=everything),
        AssignResource(id="room", events=everything, role="R", weight=weight),
        AvoidClashes(id="clash", resources=tuple(range(len(resources))), weight=2),
        AvoidUnavailableTimes(id="closed", resources=(0,), times=tuple(sorted(closed)), weight=2),
        *(
            PreferResources(id=f"r{n}", events=(n,), role="R", resources=tuple(sorted(rooms)), weight=3)
            for n, (_, rooms) in enumerate(wanted)
        ),
    ]
    return Problem("test", grid(1, times), tuple(resources), events, tuple(constraints))


def least(problem: Problem) -> int:
    """The least required cost by one call on a model in which every requirement is counted."""
    model: TimetableModel = build(problem, lambda constraint: Reading.COUNTED)
    bench = Workbench(model, tier_cost(model, required=True))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(bench.clone()) == cp_model.OPTIMAL
    return bench.vector_of(solver).objective


LESSONS = st.lists(
    st.tuples(st.integers(0, TEACHERS - 1), st.frozensets(st.integers(0, ROOMS - 1), max_size=ROOMS)), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None)
@given(LESSONS, st.frozensets(st.integers(0, 1), max_size=2))
def test_counting_shortages_costs_what_choosing_costs(wanted: list[tuple[int, frozenset[int]]], closed: frozenset[int]) -> None:
    """Least cost of the shortened problem = that of the whole one, but that a lesson without a time costs no room."""
    problem = school(2, wanted, closed)
    short = shorten(problem)
    assert len(short.suitable) == sum(bool(rooms) for _, rooms in wanted)
    model = build(short.problem, lambda constraint: Reading.COUNTED)
    bench = Workbench(model, tier_cost(model, required=True))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(bench.clone()) == cp_model.OPTIMAL
    answer = bench.timetable(bench.vector_of(solver))
    objective = round(solver.objective_value) if not isinstance(bench.constant, int) else bench.constant
    assert evaluate(short.problem, TimetableView(short.problem, answer))[0].required == objective
    assert evaluate(problem, TimetableView(problem, short.expand(answer)))[0].required == objective
    assert objective <= least(problem) <= objective + len(wanted)


def test_a_shortage_by_hand() -> None:
    """Two lessons that both need room 0: one period is too few, two are enough; a lesson without any suitable room goes without."""
    problem = school(1, [(0, frozenset({0})), (1, frozenset({0}))])
    assert best_timetable(problem, OPTIONS).cost == Cost(1, 0)
    problem = school(2, [(0, frozenset({0})), (1, frozenset({0}))])
    assert best_timetable(problem, OPTIONS).cost == Cost(0, 0)
    problem = school(2, [(0, frozenset()), (1, frozenset({0}))])
    found = best_timetable(problem, OPTIONS)
    assert found.cost == Cost(1, 0)
    assert found.proof is Proof.INFEASIBLE


def test_impossible_is_said_only_where_it_is_proved() -> None:
    """One teacher, three lessons, two periods: a clash costs 2, a lesson without a time 1."""
    found = best_timetable(school(2, [(0, frozenset({0, 1}))] * 3), OPTIONS)
    assert found.cost == Cost(1, 0)
    assert found.proof is Proof.INFEASIBLE


@pytest.mark.parametrize("seed", range(4))
def test_the_least_cost_of_random_schools(seed: int) -> None:
    """The search through shortened problem, times, rooms and rounds ends at the least cost there is."""
    rng = random.Random(seed)
    wanted = [(rng.randrange(TEACHERS), frozenset(rng.sample(range(ROOMS), rng.randint(0, 2)))) for _ in range(5)]
    problem = school(2, wanted, frozenset({rng.randrange(2)}))
    found = best_timetable(problem, OPTIONS)
    assert found.cost is not None
    assert found.timetable is not None
    assert found.cost == evaluate(problem, TimetableView(problem, found.timetable))[0]
    assert found.cost.required == least(shorten(problem).problem)


def test_a_timetable_in_hand_is_where_the_search_begins() -> None:
    """Rooms that are counted come back from the original problem and return to it; a legal start needs no other."""
    problem = school(2, [(0, frozenset({0})), (1, frozenset({0})), (0, frozenset({1}))])
    first = best_timetable(problem, OPTIONS)
    assert first.timetable is not None
    short = shorten(problem)
    back = short.expand(short.shrink(first.timetable))
    assert all(None in meet.resources for meet in short.shrink(first.timetable).meets)
    assert evaluate(problem, TimetableView(problem, back))[0] == first.cost == Cost(0, 0)
    again = best_timetable(problem, replace(OPTIONS, time_limit=0.001), start=first.timetable)
    assert again.cost == Cost(0, 0)
    partial = Timetable(first.timetable.meets[:2])
    assert best_timetable(problem, OPTIONS, start=partial).cost == Cost(0, 0)


@pytest.mark.parametrize(("start", "expected"), [(Timetable(()), 0), (None, 1)], ids=["in vain before", "for the first time"])
def test_times_are_not_looked_for_again_when_time_is_up(start: Timetable | None, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ejection begins with tables that take seconds on a large problem: after one in vain it is not called without time for a model."""
    called = []

    def noted(times: Problem, more: Callable[[], bool], seed: int) -> Timetable:
        called.append(seed)
        return Timetable(())

    monkeypatch.setattr(best, "ejected", noted)
    late = best_timetable(school(1, [(0, frozenset({0})), (0, frozenset({0}))]), OPTIONS, deadline=Deadline(0.0), start=start)
    assert len(called) == expected
    assert late.cost.required > 0


def test_what_does_not_cost_the_same_is_left_to_choices() -> None:
    """A wrong room that is cheaper than none, or a lesson of two periods: choices stay."""
    problem = school(2, [(0, frozenset({0})), (1, frozenset({1}))])
    assert shorten(problem).suitable
    assert not shorten(school(2, [(0, frozenset({0})), (1, frozenset({1}))], weight=4)).suitable
    events = (replace(problem.events[0], duration=2, durations=(2,)), problem.events[1])
    assert not shorten(replace(problem, events=events)).suitable


def test_times_first_keeps_count_of_what_roles_need() -> None:
    """Two lessons that need room 0 never stand at one time; with rooms for both they may."""
    wanted = [(0, frozenset({0})), (1, frozenset({0}))]
    problem = school(1, wanted)
    narrow = replace(
        problem,
        events=tuple(replace(event, roles=(event.roles[0], replace(event.roles[1], candidates=(0,)))) for event in problem.events),
    )
    assert [limit.kind for limit in without_choices(narrow).constraints].count("limit_concurrency") == 1
    assert least(without_choices(narrow)) == 1
    assert least(without_choices(problem)) == 0


def test_matching_gives_rooms_to_as_many_as_possible() -> None:
    """Greedily, the first would take the only room of the second; the third has none."""
    assert matched([[0, 1], [0], []], {0: 1, 1: 1}) == [1, 0, None]
    assert sorted(room is None for room in matched([[0], [0], [0]], {0: 2})) == [False, False, True]


def test_what_has_a_preassigned_time_takes_place() -> None:
    """No requirement asks for the first lesson's time, but it has one: the second, of the same teacher, must go elsewhere."""
    problem = school(2, [(0, frozenset({0, 1})), (0, frozenset({0, 1}))])
    events = (replace(problem.events[0], start=0), problem.events[1])
    only_second = tuple(replace(c, events=(1,)) if isinstance(c, AssignTime) else c for c in problem.constraints)
    found = best_timetable(replace(problem, events=events, constraints=only_second), OPTIONS).timetable
    assert found is not None
    assert [(meet.event, meet.start) for meet in found.meets] == [(0, 0), (1, 1)]


def test_ejection_keeps_linked_events_together_and_rooms_in_sight() -> None:
    """The lessons of two teachers are linked, and each has one more: both of those stand in the other period."""
    problem = school(2, [(0, frozenset({0})), (1, frozenset({1})), (0, frozenset({0, 1})), (1, frozenset({2}))])
    link = LinkEvents(id="link", event_groups=("pair",), weight=9)
    linked = replace(problem, event_groups={"pair": (0, 1)}, constraints=(*problem.constraints, link))
    times = without_choices(shorten(linked).problem)
    steps = iter(range(1000))
    found = ejected(times, lambda: next(steps, None) is not None, 0)
    assert found is not None
    assert evaluate(times, TimetableView(times, found))[0].required == 0
    starts = {meet.event: meet.start for meet in found.meets}
    assert starts[0] == starts[1] != starts[2] == starts[3]


def test_ejection_leaves_out_what_has_no_room() -> None:
    """Three lessons that all need room 0, two periods: two are placed."""
    problem = school(2, [(0, frozenset({0})), (1, frozenset({0})), (1, frozenset({0}))])
    steps = iter(range(300))
    found = ejected(without_choices(shorten(problem).problem), lambda: next(steps, None) is not None, 0)
    assert found is not None
    assert len(found.meets) == 2
