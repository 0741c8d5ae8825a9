"""Checker and solver read every constraint alike: on random small problems the CP-SAT cost equals the checker's.

See ``tests/agreement.py`` for the questions; ``benchmarks/agreement_long.py`` asks them of thousands of problems.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constraints.base import Constraint, evaluate
from constraints.registry import CONSTRAINTS
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.limit_lessons import LimitLessons
from instances.timetable import Meet, Timetable, TimetableView
from tests.agreement import Differ, check_costs, compare_all, compare_counted, compare_enforced
from tests.builders import event, grid, place, problem
from tests.random_problems import MAKERS, random_case

quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def randoms() -> st.SearchStrategy[Random]:
    return st.randoms(use_true_random=False)


@settings(max_examples=12, deadline=None, suppress_health_check=quiet)
@given(rng=randoms())
@pytest.mark.parametrize("kind", CONSTRAINTS, ids=lambda kind: kind.kind)
def test_each_kind_alone(kind: type[Constraint], rng: Random) -> None:
    """Two constraints of one kind: counted, enforced and solved freely, checker and solver find the same."""
    compare_all(rng, (kind,), 2)


@settings(max_examples=150, deadline=None, suppress_health_check=quiet)
@given(rng=randoms())
def test_kinds_together(rng: Random) -> None:
    """Four constraints of any kinds share variables and tiers, and still agree one by one."""
    compare_all(rng)


@settings(max_examples=100, deadline=None, suppress_health_check=quiet)
@given(rng=randoms())
def test_checks_take_any_timetable(rng: Random) -> None:
    """Meets without a time, and meets that run beyond the end of the grid, are counted, not a crash; violations cost something."""
    case, timetable = random_case(rng)
    last = len(case.times) - 1
    strange = [replace(meet, start=rng.choice((None, last)), duration=rng.randint(1, 3)) for meet in timetable.meets]
    cost, violations = evaluate(case, TimetableView(case, Timetable.of(strange)))
    assert all(violation.deviation > 0 and str(violation.sentence) and violation.point for violation in violations)
    assert (cost.required + cost.preference > 0) == bool(violations)


def test_every_kind_can_be_drawn() -> None:
    """The random problems know every kind of the registry, so that none goes untested."""
    assert set(MAKERS) == set(CONSTRAINTS)


@pytest.mark.parametrize("kind", CONSTRAINTS, ids=lambda kind: kind.kind)
def test_random_timetables_keep_and_break_every_kind(kind: type[Constraint]) -> None:
    """Agreement is not about nothing: of 60 cases a good part satisfies the constraint and a good part does not."""
    costs = [check_costs(*random_case(Random(seed), (kind,), 1)) for seed in range(60)]
    broken = sum(any(cost for key, cost in found.items() if key != "no clashes") for found in costs)
    assert 4 <= broken <= 56


def test_a_wrong_encoding_is_noticed() -> None:
    """The comparison itself can fail: an encoding that forgets the maximum, or an enforced reading that forbids nothing, is caught."""

    class Forgetful(LimitLessons):
        def encode(self, model):  # type: ignore[no-untyped-def]
            return ()

        def enforce(self, model):  # type: ignore[no-untyped-def]
            pass

    limit = Forgetful(id="limit", event_groups=("maths",), time_groups=("day1",), maximum=1)
    case = problem(grid(2, 3), ["class"], [event("maths", 2, 0)], [limit])
    timetable = place(case, (0, 0, 1), (0, 1, 1))
    assert check_costs(case, timetable) == {"limit": 1}
    with pytest.raises(Differ, match="checker 1, solver 0"):
        compare_counted(case, timetable)
    with pytest.raises(Differ, match="enforced, yet"):
        compare_enforced(case, timetable)


def test_unplaced_meets_cost_what_missing_meets_cost() -> None:
    """A meet without a time costs as much under assign_time as a meet that is not there."""
    case = problem(grid(1, 3), ["class"], [event("maths", 2, 0)], [AssignTime(id="assign", events=(0,))])
    missing = Timetable.of([Meet(0, 1, 0, 1, (0,))])
    unplaced = Timetable.of([Meet(0, 1, 0, 1, (0,)), Meet(0, 1, None, 1, (0,))])
    assert check_costs(case, missing) == check_costs(case, unplaced) == {"assign": 1}
