"""The search for the least required cost: what may give way for what is out, and which kind of search has the next turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.link_events import LinkEvents
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import Cost, Meet, Timetable
from scheduler.solving import best
from scheduler.solving import solve as stages
from scheduler.solving.best import LeastBroken, best_timetable, forgiving
from scheduler.solving.build import Reading
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from tests.builders import grid

OPTIONS = SolveOptions(time_limit=3.0, workers=1)


def lessons(of: list[tuple[int, ...]], times: int, linked: tuple[int, ...] = ()) -> Problem:
    """Lessons of some people in a day of so many periods, each clash in a constraint of its own; ``linked`` run at the same time."""
    people = tuple(Resource(f"p{n}", f"p{n}", "Teacher") for n in range(1 + max(map(max, of))))
    events = tuple(Event(f"e{n}", f"e{n}", 1, tuple(Role(str(p), p) for p in who), (1,)) for n, who in enumerate(of))
    constraints = [
        AssignTime(id="time", events=tuple(range(len(of)))),
        *(AvoidClashes(id=f"clash {n}", resources=(n,)) for n in range(len(people))),
        *([LinkEvents(id="link", event_groups=("linked",), weight=9)] if linked else []),
    ]
    return Problem("test", grid(1, times), people, events, tuple(constraints), event_groups={"linked": linked} if linked else {})


def placed(starts: dict[int, int], problem: Problem) -> Timetable:
    return Timetable(tuple(Meet(e, 1, start, 1, problem.events[e].fixed_resources()) for e, start in starts.items()))


def counted(problem: Problem, timetable: Timetable) -> set[str]:
    policy = forgiving(problem, timetable)
    return {c.id for c in problem.constraints if policy(c) is Reading.COUNTED}


def test_clashes_may_give_way_for_linked_events_that_are_out() -> None:
    """Events 0 and 1 are linked and out: their people may clash, nobody else; a single lesson that is out costs no more than a clash."""
    problem = lessons([(0,), (1,), (2,), (0, 2)], 1, linked=(0, 1))
    assert counted(problem, placed({3: 0}, problem)) == {"time", "clash 0", "clash 1"}
    assert counted(problem, placed({0: 0, 1: 0}, problem)) == {"time"}
    alone = lessons([(0,), (1,), (2,), (0, 2)], 1)
    assert counted(alone, placed({3: 0}, alone)) == {"time"}


def test_linked_events_of_which_one_clashes_may_clash_elsewhere() -> None:
    """Person 0 clashes: so may person 1, whose event is linked with that lesson, and not person 2."""
    problem = lessons([(0,), (1,), (0, 2)], 2, linked=(0, 1))
    assert counted(problem, placed({0: 0, 1: 0, 2: 0}, problem)) == {"clash 0", "clash 1"}


def test_three_linked_events_clash_once_rather_than_stay_out() -> None:
    """Two periods; person 0 has two lessons besides, which must not be out: to leave the three linked ones out would cost 3."""
    problem = lessons([(0,), (1,), (2,), (0,), (0,)], 2, linked=(0, 1, 2))
    others = tuple(c for c in problem.constraints if not isinstance(c, AvoidClashes))
    whole = (AvoidClashes(id="clashes", resources=(0, 1, 2)), AssignTime(id="both", events=(3, 4), weight=9))
    found = best_timetable(replace(problem, constraints=(*others, *whole)), OPTIONS)
    assert found.cost == Cost(1, 0)
    assert found.timetable is not None
    assert len(found.timetable.meets) == 5


@pytest.mark.parametrize(
    ("gains", "turns"),
    [
        ({}, ["break_out", "repair", "descend", "all", "break_out", "repair", "descend", "break_out"]),
        ({0: 2, 1: 1}, ["break_out", "break_out", "break_out", "repair", "descend", "all", "break_out", "repair"]),
        ({1: 1}, ["break_out", "repair", "repair", "descend", "all", "break_out", "repair", "descend"]),
    ],
    ids=["in vain", "first gains twice", "second gains once"],
)
def test_what_gained_goes_on_and_the_others_have_their_turn_when_it_is_in_vain(
    gains: dict[int, int], turns: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``gains`` by the number of the turn; one person has four lessons too many."""
    problem = lessons([(0,)] * 5, 1)
    done: list[str] = []

    def way(name: str) -> object:
        def turn(self: LeastBroken, seconds: float, wide: bool) -> None:
            if len(done) == len(turns):
                self.required = 0
                return
            self.required -= gains.get(len(done), 0)
            done.append(name)

        return turn

    monkeypatch.setattr(LeastBroken, "_break_out", way("break_out"))
    monkeypatch.setattr(LeastBroken, "_repair_apart", way("repair"))
    monkeypatch.setattr(LeastBroken, "_descend", way("descend"))
    monkeypatch.setattr(LeastBroken, "_look_at_all", lambda self, seconds: done.append("all"))
    monkeypatch.setattr(best, "ejected", lambda times, more, seed: placed({0: 0}, problem))
    LeastBroken(problem, SolveOptions(time_limit=60.0, workers=1), Deadline(60.0), lambda progress: None, None)
    assert done == turns


def test_no_turn_after_a_look_at_the_whole_model_that_took_the_rest_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time that is left is asked for anew."""
    problem, deadline, turns = lessons([(0,)] * 5, 1), Deadline(60.0), []
    for name in ("_break_out", "_repair_apart", "_descend"):
        monkeypatch.setattr(LeastBroken, name, lambda self, seconds, wide: turns.append(wide))
    monkeypatch.setattr(LeastBroken, "_look_at_all", lambda self, seconds: deadline.stop())
    monkeypatch.setattr(best, "ejected", lambda times, more, seed: placed({0: 0}, problem))
    LeastBroken(problem, SolveOptions(time_limit=60.0, workers=1), deadline, lambda progress: None, None)
    assert turns == [False] * 3


@pytest.mark.parametrize(("built_per_second", "goes_on"), [(1e6, False), (1e-6, True)], ids=["a model may follow", "none can"])
def test_ejection_has_all_of_the_time_where_no_model_can_follow(
    built_per_second: float, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the time is over: more than ejection has otherwise."""
    problem, asked = lessons([(0,)] * 2, 1), []

    class Clock(Deadline):
        left = 60.0

    clock = Clock(60.0)

    def noted(times: Problem, more: Callable[[], bool], seed: int) -> Timetable:
        clock.left = 30.0
        asked.append(more())
        clock.left = 0.0
        return placed({0: 0}, problem)

    monkeypatch.setattr(stages, "_BUILT_PER_SECOND", built_per_second)
    monkeypatch.setattr(best, "ejected", noted)
    LeastBroken(problem, SolveOptions(time_limit=60.0, workers=1), clock, lambda progress: None, None)
    assert asked == [goes_on]


@pytest.mark.parametrize(
    ("gains", "turns"),
    [({}, [5.0, 5.0, 5.0]), ({0: 1}, [5.0, 15.0, 5.0, 5.0])],
    ids=["in vain", "first gains once"],
)
def test_the_rest_is_for_preferences_once_each_had_a_turn_in_vain(
    gains: dict[int, int], turns: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turns of 16 s, more than the 15 without a gain after which preferences get the rest; what gained may have three times as long."""
    wish = AvoidClashes(id="wish", required=False, resources=(0,))
    problem = lessons([(0,)] * 5, 1)
    problem = replace(problem, constraints=(*problem.constraints, wish))
    given: list[float] = []

    class Clock(Deadline):
        left, used = 100.0, 0.0

    clock = Clock(100.0)

    def turn(self: LeastBroken, seconds: float, wide: bool) -> None:
        self.required -= gains.get(len(given), 0)
        given.append(seconds)
        clock.left, clock.used = clock.left - 16.0, clock.used + 16.0

    for name in ("_break_out", "_repair_apart", "_descend"):
        monkeypatch.setattr(LeastBroken, name, turn)
    monkeypatch.setattr(best, "ejected", lambda times, more, seed: placed({0: 0}, problem))
    LeastBroken(problem, SolveOptions(time_limit=100.0, workers=1), clock, lambda progress: None, None)
    assert given == turns
