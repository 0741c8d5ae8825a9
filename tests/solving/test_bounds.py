"""A lower bound must be one: no timetable may cost less than what its days are said to cost."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import Constraint
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_lessons import LimitLessons
from instances.problem import Problem, TimeGroup
from instances.timetable import Timetable, TimetableView
from scheduler.solving.bounds import _crossing, day_bound, day_of, full_weeks
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import solve
from scheduler.solving.stopping import Deadline
from tests.builders import event, grid, problem
from tests.random_problems import random_case


def cost_of(constraint: Constraint, within: Problem, timetable: Timetable) -> int:
    """The cost of one constraint, in whatever tier."""
    found = constraint.check(TimetableView(within, timetable))
    return sum(v.cost.required + v.cost.preference for v in found)


def on_day(timetable: Timetable, whole: Problem, day: frozenset[int]) -> Timetable:
    """The meets that stand in a day."""
    view = TimetableView(whole, timetable)
    return Timetable(tuple(meet for meet in timetable.meets if view.times_of(meet) and day.issuperset(view.times_of(meet))))


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_days_never_cost_more_than_the_week(rng: Random) -> None:
    """For every kind and any timetable: the costs of ``within`` over the days sum to no more than the cost of the whole."""
    whole, timetable = random_case(rng)
    if _crossing(whole):
        return
    days = [frozenset(group.times) for group in whole.days]
    for constraint in whole.constraints:
        parts = 0
        for day in days:
            part = constraint.within(whole, day)
            if part is not None:
                parts += cost_of(part, day_of(whole, day, []), on_day(timetable, whole, day))
        assert parts <= cost_of(constraint, whole, timetable), constraint


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_bound_is_not_above_the_optimum(rng: Random) -> None:
    """Solved to the end, no random problem costs less than its bound."""
    whole, _ = random_case(rng)
    options = SolveOptions(time_limit=10, workers=1)
    bound = day_bound(whole, options, Deadline(10), 5)
    solution = solve(whole, options)
    if solution.cost is not None and not solution.cost.required:
        assert bound.cost <= solution.cost.preference


def test_a_day_that_must_cost_is_found() -> None:
    """Three classes, one of them with a teacher who is the only one free on day 2: what the day must cost, by hand.

    Class a has 4 lessons in 2 days of 2 periods, all with one teacher, none wanted in period 2 of day 2: full, so 1 is unavoidable.
    """
    times = grid(2, 2)
    late = TimeGroup("late", "late", (3,))
    given_problem = problem(
        times,
        ["a", "t"],
        [event("lessons", 4, 0, 1)],
        [
            AssignTime(id="all", events=(0,)),
            AvoidClashes(id="alone", resources=(0, 1)),
            LimitLessons(id="late", event_groups=("lessons",), time_groups=("late",), maximum=0, required=False, weight=7),
        ],
        time_groups={"late": late},
    )
    assert full_weeks(given_problem) == [(0, frozenset(range(4))), (1, frozenset(range(4)))]
    found = day_bound(given_problem, SolveOptions(workers=1), Deadline(20), 10)
    assert found.cost == 7
    assert found.unavoidable == {"late"}
    assert len(found.points) == 1
