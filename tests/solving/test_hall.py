"""Rooms that are counted while times are chosen."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.prefer_resources import PreferResources
from instances.problem import Event, Problem, Role
from instances.timetable import Cost, Meet, Timetable, TimetableView
from scheduler.solving.hall import count
from tests.builders import grid, problem

ROOMS = ("lab 1", "lab 2", "hall 1", "hall 2", "attic")


def school(
    lists: list[tuple[int, ...]], constraints: tuple[Constraint, ...] = (), duration: int = 1, durations: tuple[int, ...] = (1,)
) -> Problem:
    events = [Event(f"e{n}", f"e{n}", duration, (Role("room", None, rooms),), durations) for n, rooms in enumerate(lists)]
    every = tuple(range(len(events)))
    rules = [
        AssignTime(id="time", events=every),
        AssignResource(id="room", events=every, role="room"),
        AvoidClashes(id="clash", resources=tuple(range(len(ROOMS)))),
    ]
    return problem(grid(1, 2), ROOMS, events, [*rules, *constraints])


def bounds(case: Problem) -> list[tuple[tuple[int, ...], int]]:
    shown = count(case).problem
    return [(shown.event_groups[c.event_groups[0]], c.maximum) for c in shown.constraints if isinstance(c, LimitConcurrency)]


def test_bounds_of_nested_lists() -> None:
    """Three lessons for two labs, three for any of four rooms: at most 2 of the first, at most 4 of all."""
    assert bounds(school([(0, 1)] * 3 + [(0, 1, 2, 3)] * 3)) == [((0, 1, 2), 2), ((0, 1, 2, 3, 4, 5), 4)]


def test_lists_without_a_common_room_have_no_common_bound() -> None:
    assert bounds(school([(0, 1)] * 3 + [(2,)] * 2)) == [((0, 1, 2), 2), ((3, 4), 1)]


def test_a_list_that_joins_two() -> None:
    """{1}, {3} and {1, 3}: two of each; any of them at once at most two."""
    assert bounds(school([(0,), (0,), (2,), (2,), (0, 2), (0, 2)])) == [((0, 1), 1), ((2, 3), 1), ((0, 1, 2, 3, 4, 5), 2)]


def test_what_is_told_apart_keeps_its_choices() -> None:
    """A room that is closed at a time, a room that is wished for, doubles: counting would not be exact."""
    lists: list[tuple[int, ...]] = [(0, 1)] * 3
    closed = AvoidUnavailableTimes(id="closed", resources=(1,), times=(0,))
    wish = PreferResources(id="wish", events=(0,), role="room", resources=(0,), required=False)
    assert count(school(lists)).slots == {(0, 0), (1, 0), (2, 0)}
    assert count(school(lists, (closed,))).slots == set()
    assert count(school(lists, (wish,))).slots == set()
    assert count(school(lists, duration=2, durations=(2,))).slots == set()
    assert count(school([*lists, (2, 3)], (closed,))).slots == {(3, 0)}, "other rooms are not concerned"


rooms = st.sets(st.integers(0, 4), min_size=1, max_size=4).map(lambda found: tuple(sorted(found)))


@settings(max_examples=200, deadline=None)
@given(lists=st.lists(rooms, min_size=1, max_size=6), data=st.data())
def test_the_bounds_hold_just_when_rooms_can_be_handed_out(lists: list[tuple[int, ...]], data: st.DataObject) -> None:
    """Hall's theorem, against all ways to give a room to each lesson; and the rooms handed out are legal."""
    case = school(lists)
    found = count(case)
    starts = [data.draw(st.integers(0, 1)) for _ in lists]
    timetable = Timetable.of([Meet(n, 1, start, 1, (None,)) for n, start in enumerate(starts)])
    cost, _ = evaluate(found.problem, TimetableView(found.problem, timetable))
    by_hand = all(
        any(len(set(choice)) == len(choice) for choice in itertools.product(*(lists[n] for n, s in enumerate(starts) if s == start)))
        for start in (0, 1)
    )
    assert (cost == Cost(0, 0)) == by_hand
    expanded = found.expand(timetable)
    assert (expanded is not None) == by_hand
    if expanded is not None:
        assert evaluate(case, TimetableView(case, expanded))[0] == Cost(0, 0)
        assert found.shrink(expanded) == timetable
