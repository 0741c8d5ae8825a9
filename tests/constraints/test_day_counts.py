"""The meets of events counted by days, and what a model says of them."""

from __future__ import annotations

import pytest
from ortools.sat.python import cp_model

from constraints.base import Constraint, evaluate
from constraints.model import Domains, TimetableModel
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.problem import Problem, TimeGroup
from instances.timetable import Timetable, TimetableView
from scheduler.solving.build import build
from scheduler.solving.vectors import Workbench, tier_cost
from tests.builders import event, grid, place, problem

DAYS = ("day1", "day2", "day3")
FEW_DAYS = ClusterBusyTimes(id="few days", required=False, resources=(0,), time_groups=DAYS, maximum=2)
SPREAD = SpreadEvents(id="spread", required=False, event_groups=("maths",), limits=tuple(SpreadLimit(day, 0, 1) for day in DAYS))


def two_lessons(*constraints: Constraint) -> Problem:
    """A class with four periods of maths and two of music in three days; all are placed, at one time each."""
    events = [event("maths", 4, 0), event("music", 2, 0)]
    kept = (AssignTime(id="placed", events=(0, 1)), AvoidClashes(id="clashes", resources=(0,)))
    return problem(grid(3, 2), ["class"], events, (*kept, *constraints))


def counted(case: Problem, timetable: Timetable, event: int = 0) -> dict[tuple[int, int, int], int]:
    """The counts of an event in a timetable: by day, duration and weeks."""
    domains = Domains(case)
    for number, placements in enumerate(domains.placements):  # none from one day into the next
        domains.keep(number, [p for p in placements if len({case.times[t].day for t in domains.spans[p.start, p.duration]}) == 1])
    model = TimetableModel(case, domains, frozenset({0}))
    placed, _ = model.literals_of(timetable)
    found = model.day_counts.of(event)
    for placement, literal in model.x.items():
        model.cp.add(literal == int(placement in placed))
    solver = cp_model.CpSolver()
    assert solver.solve(model.cp) == cp_model.OPTIMAL
    return {(c.day, c.duration, c.weeks): value for c in found if (value := solver.value(c.meets))}


def test_meets_are_counted_by_day_and_duration() -> None:
    """A double and a single on Monday, a single on Wednesday."""
    case = problem(grid(3, 3), ["class"], [event("maths", 4, 0, durations=(1, 2))])
    everywhere = Domains(case)
    assert not TimetableModel(case, everywhere, frozenset({0})).day_counts.usable  # 2 to 3 is from Monday to Tuesday
    timetable = place(case, (0, 0, 2), (0, 2, 1), (0, 7, 1))
    assert counted(case, timetable) == {(0, 1, 1): 1, (0, 2, 1): 1, (2, 1, 1): 1}


def test_fortnightly_meets_are_counted_in_their_weeks() -> None:
    case = problem(grid(2, 2), ["class"], [event("art", 2, 0, weeks=(0b01, 0b10))], weeks=2)
    assert counted(case, place(case, (0, 0, 1, 0b01), (0, 1, 1, 0b10))) == {(0, 1, 0b01): 1, (0, 1, 0b10): 1}
    counts = TimetableModel(case, Domains(case), frozenset({0})).day_counts
    assert {c.weeks for c in counts.lessons(0, 0, 0)} == {0b01}
    assert len(counts.starting([0], (0, 1), 0) or ()) == 1


def test_whole_days_are_told_from_parts() -> None:
    case = two_lessons()
    counts = TimetableModel(case, Domains(case), frozenset({0})).day_counts
    assert counts.are_days((0, 1))
    assert counts.are_days((4, 5, 0, 1))
    assert not counts.are_days((0, 1, 2))
    assert not counts.are_days(())
    assert counts.starting([0], (0, 1, 2), 0) is None
    assert len(counts.starting([0, 1], (0, 1, 4, 5), 0) or ()) == 4


def test_no_counts_where_days_overlap_or_leave_out_times() -> None:
    overlapping = {"day2": TimeGroup("day2", "day 2", (1, 2, 3), "day")}
    missing = {"day2": TimeGroup("day2", "day 2", (2,), "day")}
    for groups in (overlapping, missing):
        case = problem(grid(3, 2), ["class"], [event("maths", 4, 0)], time_groups=groups)
        assert not TimetableModel(case, Domains(case), frozenset({0})).day_counts.usable


@pytest.mark.parametrize("tie", [FEW_DAYS, SPREAD], ids=["few days", "spread"])
def test_a_day_holds_no_more_than_it_has_times(tie: Constraint) -> None:
    """Where a preference ties days it is said that the two times of a day hold two lessons."""
    model = build(two_lessons(tie))
    lessons = {c.meets.index for event in (0, 1) for c in model.day_counts.of(event) if c.day == 0}
    limits = [list(row.linear.domain) for row in model.cp.proto.constraints if set(row.linear.vars) == lessons]
    assert [limit[1] for limit in limits] == [2]


def test_who_does_not_come_has_no_lessons() -> None:
    """The load of a day is tied to whether it is busy: one row with the literal, for each of three days."""
    model = build(two_lessons(FEW_DAYS))
    rows = [dict(zip(row.linear.vars, row.linear.coeffs, strict=True)) for row in model.cp.proto.constraints]
    tied = [row for row in rows if sorted(row.values()) == [-1, -1, 2]]  # maths and music of a day, and twice the literal
    assert {variable for row in tied for variable, by in row.items() if by == 2} == {lit.index for lit in model.occurring.values()}
    assert len(tied) == 3


def test_days_by_themselves_are_left_alone() -> None:
    """A limit of each day, however many, and a required spread make no counts."""
    limit = LimitBusyTimes(id="two a day", required=False, resources=(0,), time_groups=DAYS, maximum=1)
    required = SpreadEvents(id="spread", event_groups=("maths",), limits=SPREAD.limits)
    literals = 12  # two events at six times
    assert len(build(two_lessons(SPREAD)).cp.proto.variables) >= literals + 6
    assert len(build(two_lessons(limit, required)).cp.proto.variables) == literals + 3  # lessons too many, on each day


def test_the_least_cost_is_the_same_by_counts() -> None:
    """Four periods of maths in three days, once a day: one too many, and no day is free. The checker finds the same."""
    case = two_lessons(FEW_DAYS, SPREAD)
    model = build(case)
    bench = Workbench(model, tier_cost(model, required=False))
    solver = cp_model.CpSolver()
    assert solver.solve(bench.clone()) == cp_model.OPTIMAL
    found = bench.timetable(bench.vector_of(solver))
    assert solver.objective_value == 2 == evaluate(case, TimetableView(case, found))[0].preference
