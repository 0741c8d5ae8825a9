"""What stays broken weighs more and more, until something else gives way."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from constraints.base import evaluate
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.prefer_times import PreferTimes
from instances.problem import Event, Problem, Role
from instances.timetable import Cost, Meet, Timetable, TimetableView
from scheduler.solving import breakout
from scheduler.solving.breakout import Company, Points, break_out
from scheduler.solving.build import Reading, build
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import Search
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Workbench, tier_cost
from tests.builders import event, grid, place, problem

TIMES = grid(1, 3)
CHAIN = problem(
    TIMES,
    ["Wu", "Qian"],
    [event("first", 1, 0), event("second", 1, 0, 1), event("third", 1, 1)],
    [
        AssignTime(id="time", events=(0, 2)),
        AssignTime(id="grave", events=(1,), weight=3),
        AvoidClashes(id="clash", resources=(0, 1)),
        *(PreferTimes(id=f"times {n}", events=(n,), times=times) for n, times in enumerate([(0,), (0, 1), (1, 2)])),
    ],
)
STUCK = place(CHAIN, (1, 0, 1), (2, 1, 1))  # all of them can be placed, if both of these move


def bench_of(case: Problem) -> Workbench:
    """Return the model of the required cost in which lessons may be left out."""
    model = build(case, lambda c: Reading.COUNTED if isinstance(c, AssignTime | LimitIdleTimes) else Reading.ENFORCED)
    return Workbench(model, tier_cost(model, required=True))


def broken_out(case: Problem, start: Timetable, seconds: float = 5.0) -> Timetable:
    """Return what the search makes of a timetable in so many seconds, with one worker."""
    search = Search(case, SolveOptions(time_limit=seconds, workers=1), Deadline(seconds), lambda progress: None)
    search.required_tier = True
    bench = bench_of(case)
    search.best = bench.complete(start)
    assert search.best is not None
    before = search.best.objective
    break_out(search, bench, seconds)
    found = bench.timetable(search.best)
    cost, _ = evaluate(case, TimetableView(case, found))
    assert cost.required <= search.best.objective <= before
    return found


def test_a_chain_longer_than_the_neighbourhood(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lessons are free at a time, three have to move: the way leads through the second lesson's going out, which costs more."""
    for name, value in (("_FIRST_SIZE", 2.0), ("_SMALLEST", 2.0), ("_LARGER", 1.0)):
        monkeypatch.setattr(breakout, name, value)
    with monkeypatch.context() as patch:
        patch.setattr(Points, "grow", lambda points, costs: None)
        assert len(broken_out(CHAIN, STUCK, 1.0).meets) == 2
    assert evaluate(CHAIN, TimetableView(CHAIN, broken_out(CHAIN, STUCK)))[0] == Cost(0, 0)


def test_it_returns_to_the_best_with_fresh_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lessons, one time: whichever is out weighs more, and they take turns in vain; after three of them the weights begin anew."""
    monkeypatch.setattr(breakout, "_PATIENCE", 3)
    grown: list[int] = []
    grow = Points.grow

    def recorded(points: Points, costs: breakout.Array) -> None:
        grow(points, costs)
        grown.append(int((points.weights - breakout._UNIT * points.own).sum()))

    monkeypatch.setattr(Points, "grow", recorded)
    case = problem(
        grid(1, 1),
        ["Wu"],
        [event("a", 1, 0), event("b", 1, 0)],
        [AssignTime(id="time", events=(0, 1)), AvoidClashes(id="c", resources=(0,))],
    )
    assert len(broken_out(case, place(case, (0, 0, 1)), 1.0).meets) == 1
    assert len(grown) > 8
    assert max(grown) <= 4


def test_who_could_take_an_open_lesson_is_free_with_it() -> None:
    """Nobody teaches Arabic, which Wu and Qian could: half of what is free are lessons of theirs, with other classes or not.

    The rest are those that share most people with these, wherever people are chosen: not the lesson of a class of its own.
    """
    able = (2, 3)  # Wu, Qian
    roles = (Role("teacher", None, able),)
    lessons = [
        Event(name, name, 1, (Role("class", of), *roles), (1,)) for name, of in (("arabic", 0), ("music", 1), ("art", 1), ("late", 0))
    ]
    case = problem(TIMES, ["1A", "1B", "Wu", "Qian", "1C"], [*lessons, event("apart", 1, 4)])
    taught = Timetable.of(
        [
            Meet(n, 1, n % 3, 1, (lesson.roles[0].resource, who))
            for n, (lesson, who) in enumerate(zip(lessons, (None, 2, 3, 2), strict=True))
        ]
    )
    company = Company(case, taught)
    found = [company.around({0}, 3, random.Random(seed)) for seed in range(10)]
    assert all(free >= {0, 1, 3} or free >= {0, 2} for free in found)
    assert {2 in free for free in found} == {True, False}
    assert company.around({0}, 9, random.Random(0)) == {0, 1, 2, 3}
    filled = Timetable.of([replace(m, resources=(m.resources[0], 3)) if m.event == 0 else m for m in taught.meets])
    assert Company(case, filled).around({0}, 2, random.Random(0)) in ({0, 2}, {0, 3})


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**30))
def test_points_count_what_the_checks_count(seed: int) -> None:
    """At each point of a random timetable the cost is that of the checks; weighted, it is what a copy of the model minimises."""
    rng = random.Random(seed)
    events = [event(f"e{n}", rng.randint(1, 2), rng.randrange(2)) for n in range(4)]
    everything = tuple(range(4))
    laws = [
        AssignTime(id="time", events=everything, weight=rng.randint(1, 3)),
        AvoidClashes(id="clash", resources=(0, 1)),
        LimitIdleTimes(id="idle", resources=(0, 1), time_groups=("day1", "day2"), weight=rng.randint(1, 3)),
    ]
    case = problem(grid(2, 3), ["Wu", "Qian"], events, laws)
    free = {0: list(range(6)), 1: list(range(6))}
    meets = []
    for number in rng.sample(everything, 3):
        teacher = events[number].fixed_resources()[0]
        meets.append((number, free[teacher].pop(rng.randrange(len(free[teacher]))), 1))
    timetable = place(case, *meets)
    bench = bench_of(case)
    points, vector = Points(bench), bench.complete(timetable)
    assert vector is not None
    costs = points.costs_of(vector.values)
    cost, violations = evaluate(case, TimetableView(case, timetable))
    found = {key: int(c) for key, c in zip(points.keys, costs, strict=True) if c}
    assert found == {(v.constraint.id, v.point): v.deviation for v in violations}
    assert int(points.own @ costs) == cost.required
    points.grow(costs)
    assert (points.weights - points.own * breakout._UNIT == np.where(costs > 0, points.own, 0)).all()
    copy = bench.clone(vector)
    bench.fix(copy, bench.outside((), None), vector.values)
    points.minimise(copy)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(copy) == cp_model.OPTIMAL
    assert round(solver.objective_value) == int(points.weights @ costs)
