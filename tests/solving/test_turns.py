"""Who gets the next seconds: questions that gain go on, others make room for neighbourhood search."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from scheduler.solving import turns
from scheduler.solving.turns import Interludes, Pace


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

    def improve(search: Any, bench: Any, seconds: float) -> None:
        taken.append(seconds)
        search.work(seconds, round(search.best.objective * 0.9**seconds))

    monkeypatch.setattr(turns, "improve", improve)
    return taken


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
    interludes = Interludes(search, Any)  # type: ignore[arg-type]
    for cost in (500, 200, 80):
        ask(search, interludes, 5.0, cost)
    assert turns_taken == []


def test_turns_double_while_questions_bring_nothing(turns_taken: list[float]) -> None:
    """4 s in vain: a turn of 4 s; again: two slices; again: four."""
    search: Any = Clock(10**9)
    interludes = Interludes(search, Any)  # type: ignore[arg-type]
    for slices in (1, 2, 4):
        ask(search, interludes, 4.0, search.best.objective)
        assert turns_taken == [4.0] * slices
        turns_taken.clear()


def test_quick_answers_add_up_before_a_turn(turns_taken: list[float]) -> None:
    search: Any = Clock(1000)
    interludes = Interludes(search, Any)  # type: ignore[arg-type]
    ask(search, interludes, 1.5, 1000)
    assert turns_taken == []
    ask(search, interludes, 1.5, 1000)
    assert turns_taken == [3.0]


def test_a_turn_ends_when_it_gains_nothing(turns_taken: list[float]) -> None:
    """At cost 0 there is nothing left to gain: the second turn, of two slices, ends after the first."""
    search: Any = Clock(1000)
    interludes = Interludes(search, Any)  # type: ignore[arg-type]
    ask(search, interludes, 4.0, 1000)
    ask(search, interludes, 4.0, search.best.objective)
    turns_taken.clear()
    search.best.objective = 0
    ask(search, interludes, 4.0, 0)
    assert turns_taken == [4.0]
