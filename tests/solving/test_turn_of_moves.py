"""A turn of moves: how long it is, how many processes it has, and what comes after it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.split_events import SplitEvents
from instances.problem import Problem
from instances.timetable import Cost, Timetable
from scheduler.errors import Disagreement
from scheduler.outcome import Proof
from scheduler.solving import solve as stages
from scheduler.solving.kempe import turn
from scheduler.solving.kempe.beside import Beside
from scheduler.solving.kempe.search import Kempe
from scheduler.solving.kempe.turn import move_lessons
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import Search, solve
from scheduler.solving.stopping import Deadline
from tests.builders import place
from tests.solving.class_with_gap import WITH_GAP, cost, gap


@pytest.mark.parametrize(
    ("first", "cores", "expected"), [(False, 3, 2), (False, 9, 3), (False, 1, 0), (True, 3, 0)], ids=["three", "many", "one core", "short"]
)
def test_processes_of_a_turn(first: bool, cores: int, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long turn has a process for each other core, up to three; a short one has none."""
    started = []

    class Silent(Beside):
        def __init__(self, problem: Problem, timetable: Timetable, seed: int) -> None:
            monkeypatch.setattr(sys, "executable", "/nowhere/python")
            super().__init__(problem, timetable, seed)
            started.append(seed)

    monkeypatch.setattr(turn, "Beside", Silent)
    case = gap()
    found = move_lessons(search_of(case, cores=cores), case, place(case, *WITH_GAP), first=first)
    assert cost(case, found) == Cost(0, 0)
    assert len(set(started)) == len(started) == expected


def search_of(case: Problem, *, seconds: float = 20, deterministic: bool = False, cores: int = 1) -> Search:
    """A search with some seconds."""
    return Search(case, SolveOptions(time_limit=seconds, workers=cores), Deadline(seconds, deterministic), lambda progress: None)


def test_turn() -> None:
    """A turn ends when nothing is left to gain; a deterministic run has none, nor does a problem that is not understood, nor a small one
    whose cost lies elsewhere too.
    """
    case, other = gap(), gap(AvoidClashes(id="soft", required=False, resources=(0,)))
    split = gap(SplitEvents(id="split", required=False, events=(0,), min_duration=1, max_duration=1, min_amount=2, max_amount=2))
    start = place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1))
    assert cost(case, move_lessons(search_of(case), case, start)) == Cost(0, 0)
    assert move_lessons(search_of(case, deterministic=True), case, start) == start
    for left_alone in (other, split):
        start = place(left_alone, (0, 0, 1), (1, 1, 1), (2, 2, 1))
        assert move_lessons(search_of(left_alone), left_alone, start) == start


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
@pytest.mark.parametrize(
    ("known", "building", "share"),
    [(False, 0.1, 0.2), (True, 0.1, 0.4), (True, 90.0, 17 / 98), (False, 5.0, 17 / 98), (True, 5.0, 0.4)],
    ids=[
        "not yet known",
        "known",
        "nothing comes after moves",
        "nothing would come after all of them",
        "something comes after half of them",
    ],
)
def test_moves_get_time_for_what_they_can_change(
    first: bool, known: bool, building: float, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """17 s of 100 are a fifth of the 85 for moves; when it is known that half of the cost stays whatever the starts, two fifths.

    Where there is no time for a model after moves, they have 98 s; a model of 40 s has after 42.5 s of moves, not after 85 s.
    """
    case = gap(SplitEvents(id="split", required=False, weight=5, events=(0,), min_duration=1, max_duration=1, min_amount=2, max_amount=2))
    start = place(case, *WITH_GAP)
    assert cost(case, start) == Cost(0, 10)
    search, shares = search_of(case, seconds=100), []
    clock: Any = SimpleNamespace(left=100.0, used=0.0, elapsed=0.0, deterministic=False)
    monkeypatch.setattr(search, "deadline", clock)
    search.building = building

    def run(kempe: Kempe, spent: Callable[[], float], beside: Sequence[Beside]) -> Timetable:
        kempe.moves, clock.used = 50 * len(kempe.movable) - (not known), 17.0
        shares.append(spent())
        return kempe.timetable()

    monkeypatch.setattr(Kempe, "run", run)
    monkeypatch.setattr(turn, "is_large", lambda problem: True)
    assert move_lessons(search, case, start, first=first) == start
    assert shares == [pytest.approx(share)]


@pytest.mark.parametrize(
    ("used", "many", "share"),
    [(1.0, 4, 50 / 150), (40.0, 4, 40 / 85), (1.0, 3, 1 / 85)],
    ids=["a short turn", "slow moves", "many lessons"],
)
def test_how_long_a_first_turn_is(used: float, many: int, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lessons that can move, 50 moves each: of 150 where that is soon done, else a long turn has as much of the time as was used."""
    case = gap()
    start = place(case, *WITH_GAP)
    search, shares = search_of(case, seconds=100), []
    clock: Any = SimpleNamespace(left=100.0, used=0.0, elapsed=0.0, deterministic=False)
    monkeypatch.setattr(search, "deadline", clock)
    search.building = 0.1

    def run(kempe: Kempe, spent: Callable[[], float], beside: Sequence[Beside]) -> Timetable:
        kempe.moves, clock.used = 50 * len(kempe.movable), used
        shares.append(spent())
        return kempe.timetable()

    monkeypatch.setattr(Kempe, "run", run)
    monkeypatch.setattr(turn, "for_moves", lambda problem, timetable: False)
    monkeypatch.setattr(turn, "_MANY_LESSONS", many)
    move_lessons(search, case, start, first=True)
    assert shares == [pytest.approx(share)]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [(0, True), (2, False)],
    ids=["one of one has a cost", "one of three has a cost"],
)
def test_what_is_left_to_moves(wishes: int, expected: bool) -> None:
    """Moves get a long turn where many preferences have a cost."""
    held = [LimitLessons(id=f"held {n}", required=False, event_groups=("b",), time_groups=("day1",), maximum=1) for n in range(wishes)]
    case = gap(*held)
    assert turn.for_moves(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1))) is expected


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
