"""Calls on the whole model keep what is no worse, and the one that only improves does so with one core, with two and reproducibly."""

from __future__ import annotations

import pytest

from constraints.base import evaluate
from instances.timetable import TimetableView
from scheduler.solving.build import build, strict
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import Search
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Workbench, tier_cost
from scheduler.solving.whole import descend, plain
from tests.solving.test_improve import BAD, CASE


def search_from_bad(options: SolveOptions) -> tuple[Search, Workbench]:
    """A search whose incumbent costs 8 where 0 can be had."""
    model = build(CASE, strict)
    bench = Workbench(model, tier_cost(model, required=False))
    search = Search(CASE, options, Deadline(options.time_limit, options.deterministic), lambda progress: None)
    search.best = bench.complete(BAD)
    assert search.best is not None
    assert search.best.objective == 8
    return search, bench


@pytest.mark.parametrize("options", [SolveOptions(workers=1), SolveOptions(workers=2), SolveOptions(deterministic=True)])
def test_descending_ends_at_a_cost_that_the_checker_confirms(options: SolveOptions) -> None:
    search, bench = search_from_bad(options)
    descend(search, bench, 5.0)
    assert search.best is not None
    assert search.best.objective == 0
    assert evaluate(CASE, TimetableView(CASE, bench.timetable(search.best)))[0].preference == 0


def test_descending_gives_no_bound_and_the_plain_call_does() -> None:
    search, bench = search_from_bad(SolveOptions(workers=2))
    descend(search, bench, 5.0)
    assert search.bound is None
    assert plain(search, bench, 5.0)
    assert search.bound == 0


def test_without_time_the_incumbent_stays() -> None:
    search, bench = search_from_bad(SolveOptions(workers=2))
    search.deadline.stop()
    descend(search, bench, 5.0)
    assert search.best is not None
    cost = evaluate(CASE, TimetableView(CASE, bench.timetable(search.best)))[0]
    assert (cost.required, cost.preference) == (0, search.best.objective)
    assert search.best.objective <= 8
