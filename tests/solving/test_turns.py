"""Who gets the next seconds: questions that gain go on, others make room for neighbourhood search."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from scheduler.solving import aspire, turns
from scheduler.solving.aspire import _Aspiration
from scheduler.solving.bounds import DayBound
from scheduler.solving.solve import alternate
from scheduler.solving.turns import Descent, Interludes, Pace

Taken = list[tuple[str, float]]  # whose turn it was, and its seconds


class Clock:
    """A search of which only the cost, the bound and the seconds left are told; nothing runs."""

    def __init__(self, cost: int) -> None:
        self.best = SimpleNamespace(objective=cost)
        self.bound = None
        self.closed = False
        self.deadline = SimpleNamespace(left=1000.0)

    def work(self, seconds: float, cost: int) -> None:
        self.deadline.left -= seconds
        self.best.objective = cost


@pytest.fixture
def turns_taken(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The lengths of the turns of neighbourhood search, each of which takes a tenth off the cost for each second."""
    taken: list[float] = []

    def run(descent: Any, seconds: float) -> None:
        taken.append(seconds)
        search = descent._search
        search.work(seconds, round(search.best.objective * 0.9**seconds))

    monkeypatch.setattr(Descent, "run", run)
    return taken


def interludes_of(search: Any) -> Interludes:
    return Interludes(search, Descent(search, bench_of(0)))


def bench_of(variables: int) -> Any:
    """A workbench of which only the size of the model is told."""
    return SimpleNamespace(model=SimpleNamespace(cp=SimpleNamespace(proto=SimpleNamespace(variables=range(variables)))))


def ask(search: Any, interludes: Interludes, seconds: float, cost: int) -> None:
    question = Pace(search)
    search.work(seconds, cost)
    interludes.after(question)


def test_the_pace_is_the_share_of_the_gap_closed_in_a_second() -> None:
    """From 99 above the bound to 24 above it in 2 s: ln(100 / 25) / 2."""
    search: Any = Clock(109)
    search.bound = 10
    pace = Pace(search)
    search.work(2.0, 34)
    assert pace.rate == pytest.approx(0.6931, abs=1e-4)


def test_questions_that_gain_are_not_interrupted(turns_taken: list[float]) -> None:
    search: Any = Clock(1000)
    interludes = interludes_of(search)
    for cost in (500, 200, 80):
        ask(search, interludes, 5.0, cost)
    assert turns_taken == []


def test_turns_double_while_questions_bring_nothing(turns_taken: list[float]) -> None:
    """4 s in vain: a turn of 4 s; again: two slices; again: four."""
    search: Any = Clock(10**9)
    interludes = interludes_of(search)
    for slices in (1, 2, 4):
        ask(search, interludes, 4.0, search.best.objective)
        assert turns_taken == [4.0] * slices
        turns_taken.clear()


def test_quick_answers_add_up_before_a_turn(turns_taken: list[float]) -> None:
    search: Any = Clock(1000)
    interludes = interludes_of(search)
    ask(search, interludes, 1.5, 1000)
    assert turns_taken == []
    ask(search, interludes, 1.5, 1000)
    assert turns_taken == [3.0]


def test_a_turn_ends_when_it_gains_nothing(turns_taken: list[float]) -> None:
    """At cost 0 there is nothing left to gain: the second turn, of two slices, ends after the first."""
    search: Any = Clock(1000)
    interludes = interludes_of(search)
    ask(search, interludes, 4.0, 1000)
    ask(search, interludes, 4.0, search.best.objective)
    turns_taken.clear()
    search.best.objective = 0
    ask(search, interludes, 4.0, 0)
    assert turns_taken == [4.0]


@pytest.mark.parametrize(
    ("costs", "taken", "in_vain"),
    [((1000,), 1, True), ((900, 890), 1, False), ((500, 250, 240), 3, False), ((0,), 1, False)],
    ids=["nothing", "slow", "fast, then slow", "all"],
)
def test_neighbourhoods_go_first_while_they_are_fast(
    costs: tuple[int, ...], taken: int, in_vain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tenth of the gap in a second is fast: in 3 s from 1000 to 500, then to 250, not then to 240."""
    search: Any = Clock(1000)
    search.options = SimpleNamespace(time_limit=100.0)
    left = list(costs)

    def run(descent: Any, seconds: float) -> None:
        assert seconds == 3.0
        search.work(seconds, left.pop(0))
        search.closed = search.best.objective == 0

    monkeypatch.setattr(Descent, "run", run)
    interludes = interludes_of(search)
    interludes.begin()
    assert (len(costs) - len(left), interludes.in_vain) == (taken, in_vain)


def test_seconds_to_close_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """99 to 24 in 3 s is a rate of 0.46: 0.3 takes 0.65 s; what gains nothing never does."""
    search: Any = Clock(99)
    search.options = SimpleNamespace(time_limit=100.0)
    costs = [24, 24]
    monkeypatch.setattr(Descent, "run", lambda descent, seconds: search.work(seconds, costs.pop(0)))
    interludes = interludes_of(search)
    interludes.begin()
    assert interludes.seconds_to_close(0.3) == math.inf
    monkeypatch.setattr(interludes, "_rate", math.log(4) / 3)
    assert interludes.seconds_to_close(0.3) == pytest.approx(0.649, abs=1e-3)


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(1.0, [("call", 5.0), ("own", 10.0), ("call", 10.0), ("own", 10.0), ("call", 20.0), ("own", 20.0)]),
     (0.9, [("call", 5.0), ("own", 10.0), ("call", 2.5), ("own", 20.0), ("call", 2.0), ("own", 40.0)])],
    ids=["nothing gained", "neighbourhoods gain"],
)  # fmt: skip
def test_calls_of_the_whole_model_wait_for_what_gains(factor: float, expected: Taken, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neighbourhood search gains nothing, calls grow and wait no longer than they took; else they shrink and wait longer."""
    search: Any = Clock(10**9)
    search.options = SimpleNamespace(time_limit=100.0)
    search.deadline.left = 100.0
    taken: Taken = []

    def work(kind: str, seconds: float, factor: float) -> bool:
        taken.append((kind, seconds))
        search.work(seconds, round(search.best.objective * factor))
        return False

    monkeypatch.setattr(Descent, "ask_whole", lambda descent, seconds: work("call", seconds, 1.0))
    monkeypatch.setattr(Descent, "run", lambda descent, seconds: work("own", seconds, factor))
    alternate(search, Descent(search, bench_of(0)), 100.0)
    assert taken[: len(expected)] == expected


def aspiration_of(search: Any) -> _Aspiration:
    search.options = SimpleNamespace(time_limit=100.0)
    search.effort_of_legal = 2.0
    return _Aspiration(search, bench_of(0), Descent(search, bench_of(0)))


@pytest.mark.parametrize(("rate", "patience"), [(0.0, 10.0), (0.05, 6.0), (0.1, 3.0), (1.0, 2.0)])
def test_the_time_of_a_question(rate: float, patience: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most 5 times what the first legal timetable took, or what neighbourhoods need for 0.3 of the gap, at least 2 s.

    The question that would end the search has 3 times as long as the longest, however fast neighbourhoods are.
    """
    aspiration = aspiration_of(Clock(1000))
    aspiration.interludes._rate = rate
    assert aspiration.patience == pytest.approx(patience)
    asked: list[float] = []
    monkeypatch.setattr(aspiration, "ask", lambda zero, seconds, **rest: asked.append(seconds))
    aspiration.just_there([], DayBound(1, frozenset()))
    assert asked == [30.0]


@pytest.mark.parametrize(("cost", "asked"), [(1000, [5.0]), (900, [])], ids=["nothing gained", "something gained"])
def test_the_whole_model_goes_first_where_neighbourhoods_gain_nothing(
    cost: int, asked: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In vain for 3 s: a call of 0.05 of the time, which proves the timetable optimal; nothing else is asked then."""
    search: Any = Clock(1000)
    search.problem, search.raise_bound, search.report = None, lambda bound: None, lambda message: None
    calls: list[float] = []
    others: list[str] = []
    aspiration = aspiration_of(search)
    monkeypatch.setattr(Descent, "run", lambda descent, seconds: search.work(seconds, cost))
    monkeypatch.setattr(Descent, "ask_whole", lambda descent, seconds: calls.append(seconds) or True)
    monkeypatch.setattr(aspire, "Parts", lambda problem: SimpleNamespace(members=()))
    monkeypatch.setattr(aspire, "day_bound", lambda *_: DayBound(0, frozenset()))
    monkeypatch.setattr(aspiration, "ask", lambda zero, seconds, **rest: others.append("question"))
    aspiration.run([["a"], ["b"]])
    assert calls == asked
    assert bool(others) is not bool(asked)


Gains = dict[str, list[float]]  # of each kind, the factor on the cost in its first turn, its second ...


def descent_taken(monkeypatch: pytest.MonkeyPatch, gains: Gains, seconds: float, variables: int = 25_000) -> Taken:
    """Run both kinds of neighbourhood search as ``gains`` has it (1 when that ends); return the turns (kind, seconds)."""
    search: Any = Clock(10**6)
    taken: Taken = []

    def turn(kind: str, seconds: float) -> None:
        taken.append((kind, round(seconds, 3)))
        search.work(seconds, round(search.best.objective * (gains[kind].pop(0) if gains[kind] else 1)))

    def descend(search: Any, bench: Any, seconds: float) -> float:
        turn("whole", seconds)
        return 0.5  # seconds to begin with

    monkeypatch.setattr(turns, "improve", lambda search, bench, seconds: turn("own", seconds))
    monkeypatch.setattr(turns, "descend", descend)
    Descent(search, bench_of(variables)).run(seconds)
    return taken


def test_each_kind_is_tried_and_the_faster_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """CP-SAT's kind halves the cost in 3 s, ours divides it by ten and goes on; when it falls behind, the other has its turn."""
    taken = descent_taken(monkeypatch, {"whole": [0.5], "own": [0.1, 0.2, 0.9]}, 11.0)
    assert [kind for kind, _ in taken] == ["whole", "own", "own", "own", "whole"]


def test_turns_grow_while_neither_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in 3 s (six times the half second to begin with) and 2 s: then 4, then 8, then what is left; they take turns."""
    taken = descent_taken(monkeypatch, {"whole": [], "own": []}, 21.0)
    assert taken == [("whole", 3.0), ("own", 2.0), ("whole", 4.0), ("own", 8.0), ("whole", 4.0)]


def test_a_small_model_is_left_to_our_own_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """It gains in the first turn and not in the second, after which turns are longer."""
    assert descent_taken(monkeypatch, {"own": [0.5]}, 8.0, variables=24_999) == [("own", 2.0), ("own", 2.0), ("own", 4.0)]


def test_a_large_model_gets_long_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 variables take about 2 s to begin with, six times that is a turn, also where only 3 s were asked for."""
    assert descent_taken(monkeypatch, {"whole": [0.5], "own": []}, 3.0, variables=100_000) == [("whole", 12.0)]
