"""A second process that tries moves: what it took is tried here too, and a search does without it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from instances.timetable import Cost
from scheduler.solving.kempe.beside import Beside
from scheduler.solving.kempe.search import Kempe
from tests.builders import place
from tests.solving.class_with_gap import WITH_GAP, cost, gap


@pytest.fixture
def beside() -> Iterator[Beside]:
    """A process that has the tables of ``gap()``, with the gap in the timetable."""
    case = gap()
    with Beside(case, place(case, *WITH_GAP), 1) as other:
        for _ in range(600):
            if other.ready:
                break
            time.sleep(0.1)
        assert other.ready
        yield other


def test_moves_of_another_process(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process took is tried here too: here nothing else is, and the gap is closed."""
    case = gap()
    kempe = Kempe(case, place(case, *WITH_GAP), 0)
    monkeypatch.setattr(kempe, "try_moves", lambda temperature, number: [])
    shares = iter(range(5))
    found = kempe.run(lambda: next(shares, 5) / 5, [beside])
    assert cost(case, found) == Cost(0, 0)


def test_another_process_that_dies(beside: Beside) -> None:
    """The search goes on alone when the process beside it ends at work."""
    assert beside.begin([0], 0.0, 1.0, False)  # a timetable of one lesson, which it has no answer to
    assert beside.moves() == []
    assert not beside.ready
    case = gap()
    shares = iter(range(5))
    found = Kempe(case, place(case, *WITH_GAP), 0).run(lambda: next(shares, 5) / 5, [beside])
    assert cost(case, found) == Cost(0, 0)


def test_no_other_process_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started the search is alone."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    case = gap()
    with Beside(case, place(case, *WITH_GAP), 1) as other:
        assert not other.begin([0, 1, 2], 0.0, 1.0, False)
