"""Pools of equal resources: the search sees fewer choices, and loses nothing."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import Cost, Meet, Timetable, TimetableView
from scheduler.solving.build import build, elastic, strict
from scheduler.solving.interchangeable import Pooled, pool
from tests.builders import grid, problem

ROOMS = ("lab 1", "lab 2", "lab 3", "hall 1", "hall 2")


def lesson(
    name: str, duration: int, candidates: tuple[int, ...], durations: tuple[int, ...] = (1,), weeks: tuple[int, ...] = (1,)
) -> Event:
    return Event(name, name, duration, (Role("room", None, candidates),), durations, weeks=weeks)


def required(count: int) -> list[Constraint]:
    return [
        AssignTime(id="time", events=tuple(range(count))),
        AssignResource(id="room", events=tuple(range(count)), role="room"),
        AvoidClashes(id="clash", resources=tuple(range(len(ROOMS)))),
    ]


def school(events: list[Event], constraints: list[Constraint], periods: int = 3, weeks: int = 1) -> Problem:
    return problem(grid(1, periods), ROOMS, events, [*required(len(events)), *constraints], weeks=weeks)


def test_equals_are_those_that_nothing_tells_apart() -> None:
    """Three labs are candidates of both events, halls of one: two pools. A lab that is closed at a time stands alone."""
    events = [lesson("physics", 2, (0, 1, 2), (2,)), lesson("any", 2, (0, 1, 2, 3, 4), (2,))]
    assert list(pool(school(events, [])).pools.values()) == [(0, 1, 2), (3, 4)]
    closed = AvoidUnavailableTimes(id="closed", resources=(1,), times=(0,))
    assert list(pool(school(events, [closed])).pools.values()) == [(0, 2), (3, 4)]
    wish = PreferResources(id="wish", events=(1,), role="room", resources=(3,), required=False)
    assert list(pool(school(events, [wish])).pools.values()) == [(0, 1, 2)]


def test_capacities_add_up_and_lone_choices_are_settled() -> None:
    """Physics has one pool to choose from and surely takes it; the other event keeps two choices; an elastic search keeps both open."""
    case = school([lesson("physics", 2, (0, 1, 2), (2,)), lesson("any", 2, (0, 1, 2, 3, 4), (2,))], [])
    case = dataclasses.replace(case, resources=(Resource("lab 1", "lab 1", "teacher", 2), *case.resources[1:]))
    found = pool(case)
    assert [(r.name, r.capacity) for r in found.problem.resources[5:]] == [("lab 1/lab 2/lab 3", 4), ("hall 1/hall 2", 2)]
    assert [(e.roles[0].resource, e.roles[0].candidates) for e in found.problem.events] == [(5, ()), (None, (5, 6))]
    assert pool(case, keep_open=True).problem.events[0].roles[0] == Role("room", None, (5,))


def test_doubles_and_singles_are_handed_out() -> None:
    """Three labs, a double at 1-2, a double at 2-3, singles at 1, 2 and 3: all fit, nobody shares."""
    events = [lesson("a", 2, (0, 1, 2), (2,)), lesson("b", 2, (0, 1, 2), (2,)), *(lesson(f"c{n}", 1, (0, 1, 2)) for n in range(3))]
    case = school(events, [])
    found = pool(case)
    meets = [Meet(0, 2, 0, 1, (5,)), Meet(1, 2, 1, 1, (5,)), *(Meet(2 + n, 1, n, 1, (5,)) for n in range(3))]
    expanded = found.expand(Timetable.of(meets))
    assert expanded is not None
    assert evaluate(case, TimetableView(case, expanded))[0] == Cost(0, 0)
    assert found.shrink(expanded) == Timetable.of(meets)


def test_more_than_there_are_cannot_be_handed_out() -> None:
    found = pool(school([lesson(f"c{n}", 1, (3, 4)) for n in range(3)], []))
    assert found.expand(Timetable.of([Meet(n, 1, 0, 1, (5,)) for n in range(3)])) is None


def test_a_mix_of_weeks_that_first_fit_misses() -> None:
    """Two halls over two periods: odd 1-2, even 1, even 2 and one of each week: the exact model finds what first fit may not."""
    halls, weeks = (3, 4), (0b01, 0b10)
    events = [lesson("long", 2, halls, (2,), weeks), *(lesson(f"s{n}", 1, halls, weeks=(*weeks, 0b11)) for n in range(4))]
    case = school(events, [], weeks=2)
    found = pool(case)
    meets = [
        Meet(0, 2, 0, 0b01, (5,)), Meet(1, 1, 0, 0b10, (5,)), Meet(2, 1, 0, 0b11, (5,)), Meet(3, 1, 1, 0b11, (5,)),
        Meet(4, 1, 1, 0b10, (5,)),
    ]  # fmt: skip
    expanded = found.expand(Timetable.of(meets))
    assert expanded is not None
    assert evaluate(case, TimetableView(case, expanded))[0] == Cost(0, 0)


def optimum(case: Problem, whole: Pooled | None, *, legal: bool) -> tuple[Cost | None, Timetable | None]:
    """The least cost, and a timetable of it, of a problem or of its pooled form."""
    shown = whole.problem if whole else case
    model = build(shown, strict if legal else elastic(shown))
    model.cp.minimize(model.total(c.id for c in shown.constraints if not (legal and c.required)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model.cp) != cp_model.OPTIMAL:
        return None, None
    timetable = model.read(solver)
    if whole:
        timetable = whole.expand(timetable) or Timetable(())
    return evaluate(case, TimetableView(case, timetable))[0], timetable


candidate_sets = st.sampled_from([(0, 1, 2), (3, 4), (0, 1, 2, 3, 4), (2, 3), (4,)])
lessons = st.tuples(candidate_sets, st.sampled_from([(1, (1,)), (2, (2,)), (2, (1,)), (3, (1, 2))]))


@settings(max_examples=40, deadline=None)
@given(
    drawn=st.lists(lessons, min_size=1, max_size=6),
    wanted=st.just(set()) | st.sets(st.integers(0, 4)),
    early=st.booleans(),
    legal=st.booleans(),
)
def test_the_optimum_is_the_same(
    drawn: list[tuple[tuple[int, ...], tuple[int, tuple[int, ...]]]], wanted: set[int], early: bool, legal: bool
) -> None:
    """With and without pools: the same least cost, by the checker, after the real rooms were handed out."""
    events = [lesson(f"e{n}", duration, candidates, durations) for n, (candidates, (duration, durations)) in enumerate(drawn)]
    every = tuple(range(len(events)))
    wishes: list[Constraint] = []
    if wanted:
        wishes.append(PreferResources(id="wish", events=every, role="room", resources=tuple(sorted(wanted)), required=False, weight=2))
    if early:
        wishes.append(PreferTimes(id="early", events=every, times=(0,), required=False))
    case = school(events, wishes, periods=2)
    plain, _ = optimum(case, None, legal=legal)
    pooled, timetable = optimum(case, pool(case, keep_open=not legal), legal=legal)
    assert (plain is None) == (pooled is None)
    if plain is not None and pooled is not None:
        assert timetable is not None
        assert sum(dataclasses.astuple(pooled)) == sum(dataclasses.astuple(plain))
