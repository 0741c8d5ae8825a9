"""禁排: resources are left alone at times."""

from __future__ import annotations

from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from instances.problem import Event, Role
from instances.timetable import Meet, Timetable
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def test_busy_times_count_once() -> None:
    """A double over times 2 and 3, a clash at 3: times 2 and 3 of the unavailable 2, 3, 4 are busy."""
    rule = AvoidUnavailableTimes(id="off", resources=(0,), times=(1, 2, 3))
    case = problem(grid(1, 4), ["Ann"], [event("a", 2, 0, durations=(2,)), event("b", 1, 0)], [rule])
    found = judge(case, place(case, (0, 1, 2), (1, 2, 1)))
    assert [(v.deviation, v.times) for v in found] == [(2, (1, 2))]
    assert str(found[0].sentence) == "Ann has lessons at unavailable times: day 1 period 2, day 1 period 3"


def test_a_chosen_resource_is_bound_too() -> None:
    """Whoever is chosen is busy: the room that is closed at time 1 may not be chosen there, the other may."""
    rule = AvoidUnavailableTimes(id="off", resources=(0,), times=(0,))
    case = problem(grid(1, 2), ["lab", "hall"], [Event("a", "a", 1, (Role("room", None, (0, 1)),), (1,))], [rule])
    assert [v.deviation for v in judge(case, Timetable.of([Meet(0, 1, 0, 1, (0,))]))] == [1]
    assert judge(case, Timetable.of([Meet(0, 1, 0, 1, (1,))])) == []
    assert judge(case, Timetable.of([Meet(0, 1, 1, 1, (0,))])) == []
