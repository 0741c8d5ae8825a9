"""A first legal timetable by ejection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from dataclasses import replace
from itertools import product
from random import Random
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.begin_early import BeginEarly
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.relate_meets import RelateMeets, Relation
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.problem import Event, Problem, Role
from instances.timetable import Cost, Meet, Timetable, TimetableView
from scheduler.solving.best import best_timetable
from scheduler.solving.ejection.chains import Chains
from scheduler.solving.ejection.legal import _with_roles, by_ejection, first_timetable
from scheduler.solving.ejection.pairs import Pairs
from scheduler.solving.ejection.search import Ejection
from scheduler.solving.ejection.standing import Standing
from scheduler.solving.ejection.weeks import Weeks
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from tests.builders import event, grid, place, problem

DAYS = tuple(f"day{day}" for day in range(1, 6))


def school(rng: Random, *more: Constraint) -> Problem:
    """Four classes with full weeks of 5 x 4, five teachers; each course has four lessons, every one on a day of its own."""
    classes, teachers = range(4), range(4, 9)
    events = [event(f"{c}-{t}", 4, c, t) for c in classes for t in teachers]
    rng.shuffle(events)
    every = tuple(range(len(events)))
    once = tuple(SpreadLimit(day, 0, 1) for day in DAYS)
    laws = [
        AssignTime(id="assign", events=every),
        AvoidClashes(id="clashes", resources=tuple(range(9))),
        SpreadEvents(id="spread", event_groups=tuple(e.id for e in events), limits=once),
    ]
    return problem(grid(5, 4), [f"r{i}" for i in range(9)], events, [*laws, *more])


def by_search(case: Problem, seed: int) -> Timetable:
    """What ejection finds alone in good time."""
    return Ejection(case, case.constraints, seed).run(in_time(), 5000, rounds=4)


def by_chains(case: Problem, seed: int) -> Timetable:
    """What chains find alone in good time."""
    search, more = Chains(Pairs(case, case.constraints), Weeks(case, case.constraints), seed), in_time()
    while search.best and more():
        search.run(more)
    return search.pairs.timetable(search.placed)


def in_time() -> Callable[[], bool]:
    """Say whether 20 seconds have not passed yet."""
    deadline = Deadline(20)
    return lambda: deadline.left > 0


def legal(case: Problem, seed: int = 0) -> Timetable | None:
    """What ejection finds, where both searches find a timetable that is legal by the checks."""
    found = [by_search(case, seed), by_chains(case, seed)]
    return None if any(evaluate(case, TimetableView(case, one))[0].required for one in found) else found[0]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**30))
def test_full_weeks(seed: int) -> None:
    """Every lesson finds its place, in whatever order they come."""
    assert legal(school(Random(seed)), seed) is not None


LIMITS: list[Constraint] = [
    LimitIdleTimes(id="idle", resources=(4, 5), time_groups=DAYS, maximum=0),
    BeginEarly(id="early", resources=(4,), time_groups=DAYS, late=1),
    ClusterBusyTimes(id="days", resources=(4,), time_groups=DAYS, minimum=0, maximum=4),
    LimitBusyTimes(id="hours", resources=(4, 5), time_groups=DAYS, minimum=2, maximum=4),
    LimitConsecutive(id="row", resources=(6,), time_groups=DAYS[:3], maximum=3),
]


@pytest.mark.parametrize("limit", LIMITS, ids=[limit.id for limit in LIMITS])
def test_days_of_people(limit: Constraint) -> None:
    """Limits on gaps, beginnings, days and hours of teachers with 16 of 20 hours are kept."""
    assert legal(school(Random(1), limit)) is not None


@pytest.mark.parametrize("seed", range(5))
def test_gaps_and_beginnings_together(seed: int) -> None:
    """Days that begin with the second period leave no room for more gaps, and none begins later than that."""
    gaps = LimitIdleTimes(id="idle", resources=(4, 5, 6, 7, 8), time_groups=DAYS, maximum=1)
    early = BeginEarly(id="early", resources=(4, 5, 6, 7, 8), time_groups=DAYS, late=3)
    assert legal(school(Random(seed), gaps, early), seed) is not None


@pytest.mark.parametrize("first", [False, True])
def test_what_closes_or_opens_a_day(first: bool) -> None:
    """The four lessons of one course are the last, or the first, of a day for all who have them."""
    case = school(Random(1))
    edge = EdgeOfDay(id="edge", events=(3,), resource_type="teacher", first=first)
    assert legal(replace(case, constraints=(*case.constraints, edge))) is not None


def test_hours_of_days_that_are_never_free() -> None:
    """A teacher of 16 hours is there every day, for at least three of them."""
    hours = LimitBusyTimes(id="hours", resources=(4, 5), time_groups=DAYS, minimum=3, maximum=4)
    days = ClusterBusyTimes(id="days", resources=(4, 5), time_groups=DAYS, minimum=5, maximum=5)
    assert legal(school(Random(1), hours, days)) is not None


def test_what_stands_is_always_right() -> None:
    """After every step no two lessons that stand clash, and what is out and what stands are all lessons."""
    case = school(Random(2))
    search = Ejection(case, case.constraints, 3)
    clashes = case.constraints[1:]
    for _ in range(200):
        if not search.out:
            break
        search._step()
        view = TimetableView(case, search.pairs.timetable((search.start, search.chosen)))
        assert [violation for c in clashes for violation in c.check(view)] == []
        assert len(view.timetable.meets) + len(search.out) == 80


def test_counts_are_those_of_the_timetable() -> None:
    """Placing and driving out a few hundred times leaves the running counts as a fresh count has them."""
    case = school(Random(4), *LIMITS[:1])
    search = Ejection(case, case.constraints, 5)
    for _ in range(150):
        if search.out:
            search._step()
    for meet in [m for m, start in enumerate(search.start) if start >= 0]:
        search._put(meet, search.start[meet], search.chosen[meet], -1)
    assert abs(search._driven).max() < 1e-3
    assert not search._masks.any()
    assert not search._taken.any()
    assert search._left.tolist()[:4] == [20, 20, 20, 20]


@pytest.mark.parametrize("limit", [None, *LIMITS], ids=["none", *(limit.id for limit in LIMITS)])
def test_chains_undo_what_they_did(limit: Constraint | None) -> None:
    """After every chain no two lessons that stand clash or share a day and each stands or waits; all taken away, nothing is counted."""
    case = school(Random(5), *([limit] if limit else []))
    kept = case.constraints[1:3]  # what is not placed yet may mend the rest
    search = Chains(Pairs(case, case.constraints), Weeks(case, case.constraints), 6)
    standing = search._standing
    fresh = Standing(search.pairs, Weeks(case, case.constraints))

    def more() -> bool:
        view = TimetableView(case, search.pairs.timetable(standing.placed()))
        assert [violation for c in kept for violation in c.check(view)] == []
        assert len(view.timetable.meets) + len(search.queue) == 80
        return True

    search.run(more)
    standing.begin(None)
    for name in ("_busy", "_holder", "_taken", "_inside_room", "_counted", "at", "chosen"):
        assert getattr(standing, name) == getattr(fresh, name), name
    for name in ("_hours", "_left", "_totals"):
        assert getattr(standing.days, name) == getattr(fresh.days, name), name


def test_rooms() -> None:
    """Two rooms for three lessons in two hours, one of which is another lesson's own."""
    roles = (Role("room", None, (3, 4)),)
    events = [Event(f"e{i}", f"e{i}", 1, (Role("class", i), *roles), (1,)) for i in range(3)]
    events.append(event("own", 1, 4))
    case = problem(grid(1, 2), ["a", "b", "c", "room 1", "room 2"], events, ())
    laws: tuple[Constraint, ...] = (
        AssignTime(id="assign", events=(0, 1, 2, 3)),
        AssignResource(id="rooms", events=(0, 1, 2), role="room"),
        AvoidClashes(id="clashes", resources=tuple(range(5))),
    )
    case = Problem(case.name, case.times, case.resources, case.events, laws, case.time_groups, case.event_groups)
    found = legal(case)
    assert found is not None
    assert all(None not in meet.resources for meet in found.meets)


@pytest.mark.parametrize("seed", range(5))
def test_at_most_two_a_day(seed: int) -> None:
    """At most two lessons of a course on any day, and of two teachers at most two on the first and three on the second."""
    two = tuple(SpreadLimit(day, 0, 2) for day in DAYS)
    case = school(Random(seed))
    by_teacher = {f"t{t}": tuple(e for e, one in enumerate(case.events) if t in one.fixed_resources()) for t in (4, 5)}
    laws = [c for c in case.constraints if not isinstance(c, SpreadEvents)]
    spread = SpreadEvents(id="two", event_groups=tuple(e.id for e in case.events), limits=two)
    mornings = SpreadEvents(id="mornings", event_groups=tuple(by_teacher), limits=(SpreadLimit("day1", 0, 2), SpreadLimit("day2", 0, 3)))
    groups = {**case.event_groups, **by_teacher}
    assert legal(replace(case, constraints=(*laws, spread, mornings), event_groups=groups), seed) is not None


@pytest.mark.parametrize(("tallied", "placed"), [(True, 2), (False, 3)])
def test_limits_above_one_are_kept_where_asked(tallied: bool, placed: int) -> None:
    """Of three lessons for a single day of which it takes two, the third stays out only where that is kept."""
    spread = SpreadEvents(id="two", event_groups=("a",), limits=(SpreadLimit("day1", 0, 2),))
    laws = [AssignTime(id="assign", events=(0,)), AvoidClashes(id="clashes", resources=(0,)), spread]
    search = Ejection(problem(grid(1, 3), ["class"], [event("a", 3, 0)], laws), laws, 0, tallied=tallied)
    steps = iter(range(50))
    assert len(search.run(lambda: next(steps, None) is not None, 20).meets) == placed


def test_rooms_that_are_closed() -> None:
    """Each of two rooms is open in one hour of two, so each of two lessons has its hour and its room."""
    events = [Event(f"e{i}", f"e{i}", 1, (Role("class", 0), Role("room", None, (1, 2))), (1,)) for i in range(2)]
    laws = [
        AssignTime(id="assign", events=(0, 1)),
        AssignResource(id="rooms", events=(0, 1), role="room"),
        AvoidClashes(id="clashes", resources=(0, 1, 2)),
        AvoidUnavailableTimes(id="closed 1", resources=(1,), times=(0, 2)),
        AvoidUnavailableTimes(id="closed 2", resources=(2,), times=(1, 2)),
    ]
    found = legal(problem(grid(1, 3), ["class", "room 1", "room 2"], events, laws))
    assert found is not None
    assert sorted((meet.start, meet.resources[1]) for meet in found.meets) == [(0, 2), (1, 1)]


def test_relations_and_limits_on_many() -> None:
    """a before b on one day, c and d days apart, at most two lessons at once."""
    events = [event(name, 1, number) for number, name in enumerate("abcd")]
    laws = [
        AssignTime(id="assign", events=(0, 1, 2, 3)),
        RelateMeets(id="follow", event_groups=("ab",), relation=Relation.FOLLOW),
        DaysBetween(id="apart", event_groups=("cd",), gap=2),
        LimitConcurrency(id="two", event_groups=("all",), maximum=2),
    ]
    groups = {"ab": (0, 1), "cd": (2, 3), "all": (0, 1, 2, 3)}
    assert legal(problem(grid(2, 2), list("abcd"), events, laws, event_groups=groups)) is not None


RELATED = [
    *(RelateMeets(id=relation.value, event_groups=("both",), relation=relation, limit=1) for relation in Relation),
    SpreadEvents(id="spread", event_groups=("both",), limits=(SpreadLimit("day1", 0, 1), SpreadLimit("day3", 0, 1))),
    DaysBetween(id="days", event_groups=("both",), gap=2),
    EdgeOfDay(id="last", events=(0,), resource_type="teacher"),
    EdgeOfDay(id="first", events=(0,), resource_type="teacher", first=True),
]


@pytest.mark.parametrize("constraint", RELATED, ids=lambda constraint: constraint.id)
def test_which_starts_do_not_go_together(constraint: Constraint) -> None:
    """The relation of two lessons is what the check says of them alone, at any two starts; of two constraints each has its own."""
    events = [event("a", 2, 0, durations=(2,)), event("b", 1, 0)]
    apart = DaysBetween(id="apart", event_groups=("both",), gap=3)
    case = problem(grid(3, 4), ["t"], events, [constraint, apart], event_groups={"both": (0, 1)})
    for laws in ([constraint], [constraint, apart]):
        ((other, wrong),) = Pairs(case, laws).relations[0]
        assert other == 1
        for a, b in product((a for a in range(12) if a % 4 < 3), range(12)):
            view = TimetableView(case, place(case, (0, a, 2), (1, b, 1)))
            assert (wrong[a, b] > 0) == any(list(law.check(view)) for law in laws), (a, b)


def test_impossible() -> None:
    """Three lessons of one class in two hours: two are placed, and the whole way goes on from those (the third costs 1)."""
    events = [event(name, 1, 0) for name in "abc"]
    laws = [AssignTime(id="assign", events=(0, 1, 2)), AvoidClashes(id="clashes", resources=(0,))]
    case = problem(grid(1, 2), ["class"], events, laws)
    assert len(by_ejection(case, 0, Deadline(0.3)).meets) == 2
    options = SolveOptions(time_limit=2, workers=1)
    start = first_timetable(case, options, Deadline(0.3))
    assert start is not None  # with none or two: CP-SAT, beside it, proves that there is no legal one
    for begin in (start, Timetable(()), place(case, (0, 0, 1), (1, 1, 1))):
        assert best_timetable(case, options, start=begin).cost == Cost(1, 0)


def test_what_it_does_not_understand() -> None:
    """Lessons that may be single or double, and runs that must be the same every time, are left to the others."""
    case = problem(grid(1, 4), ["class"], [event("a", 3, 0, durations=(1, 2))], [AssignTime(id="assign", events=(0,))])
    assert by_ejection(case, 0, Deadline(5)) == Timetable(())
    assert first_timetable(school(Random(1)), SolveOptions(time_limit=5), Deadline(5, deterministic=True)) is None


def test_jumps_find_what_ejection_does_not_understand() -> None:
    """Lessons that may be single or double are no matter for ejection; what runs beside it places them all."""
    case = problem(
        grid(1, 4),
        ["class"],
        [event("a", 3, 0, durations=(1, 2))],
        [AssignTime(id="assign", events=(0,)), AvoidClashes(id="c", resources=(0,))],
    )
    assert by_ejection(case, 0, Deadline(5)) == Timetable(())
    found = first_timetable(case, SolveOptions(time_limit=20), Deadline(20))
    assert found is not None
    assert evaluate(case, TimetableView(case, found))[0] == Cost(0, 0)


def test_a_legal_timetable_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs beside ejection is stopped as soon as all stands: without more than a twentieth of a second's wait."""
    waited: list[float] = []

    def wait_shortly(beside: Iterable[Future[Timetable | None]], timeout: float) -> None:
        waited.append(timeout)
        wait(beside, timeout=min(timeout, 0.05))

    monkeypatch.setattr("scheduler.solving.ejection.legal.wait", wait_shortly)
    monkeypatch.setattr("scheduler.solving.ejection.legal._by_jumps", _until_stopped)
    found = first_timetable(school(Random(1)), SolveOptions(time_limit=60), Deadline(60))
    assert found is not None
    assert len(found.meets) == 80
    assert max(waited) <= 0.05


def _until_stopped(_: Problem, __: SolveOptions, part: Deadline, ___: Deadline) -> None:
    while part.left > 0:
        sleep(0.01)


def test_no_model_where_there_is_no_time_to_build_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ejection is alone then, and its answer is as good."""
    monkeypatch.setattr("scheduler.solving.ejection.legal.building_time", lambda problem: 1000.0)
    monkeypatch.setattr("scheduler.solving.ejection.legal.build", None)
    found = first_timetable(school(Random(1)), SolveOptions(time_limit=60), Deadline(60))
    assert found is not None
    assert evaluate(school(Random(1)), TimetableView(school(Random(1)), found))[0] == Cost(0, 0)


def test_rooms_are_chosen_anew() -> None:
    """Two lessons that ought to be in one room stand in two: they keep their times, and one of them changes its room."""
    events = [Event(f"e{i}", f"e{i}", 1, (Role("class", 0), Role("room", None, (1, 2))), (1,)) for i in range(2)]
    laws = [
        AssignTime(id="assign", events=(0, 1)),
        AssignResource(id="rooms", events=(0, 1), role="room"),
        AvoidClashes(id="clashes", resources=(0, 1, 2)),
        AvoidSplitAssignments(id="one room", event_groups=("both",), role="room"),
    ]
    case = problem(grid(1, 3), ["class", "room 1", "room 2"], events, laws, event_groups={"both": (0, 1)})
    start = Timetable((Meet(0, 1, 0, 1, (0, 1)), Meet(1, 1, 2, 1, (0, 2))))
    assert evaluate(case, TimetableView(case, start))[0] == Cost(1, 0)
    found = _with_roles(case, start, SolveOptions(time_limit=20, workers=1), Deadline(20))
    assert evaluate(case, TimetableView(case, found))[0] == Cost(0, 0)
    assert [meet.start for meet in found.meets] == [0, 2]


def test_what_is_worth_more_stands() -> None:
    """Of two lessons for one hour the one stands that would cost more, whichever comes first."""
    events = [event("a", 1, 0), event("b", 1, 0)]
    laws = [AssignTime(id="assign", events=(0, 1)), AvoidClashes(id="clashes", resources=(0,))]
    case = problem(grid(1, 1), ["class"], events, laws)
    for worth in ((1, 3), (3, 1)):
        steps = iter(range(100))
        search = Ejection(case, laws, 0, worth)
        found = search.run(lambda steps=steps: next(steps, None) is not None, 10, rounds=3)
        assert [meet.event for meet in found.meets] == [worth.index(3)]
        assert search.best == 1


def test_an_event_has_each_room_once() -> None:
    """A lesson with a room of its own and two more of three, its own among them, has all three, whatever the order of its roles."""
    choices = (Role("second", None, (2, 1, 3)), Role("third", None, (1, 2, 3)))
    events = [Event("a", "a", 1, (Role("class", 0), Role("room", 1), *choices), (1,)), event("b", 1, 1)]
    laws = [
        AssignTime(id="assign", events=(0, 1)),
        AssignResource(id="second", events=(0,), role="second"),
        AssignResource(id="third", events=(0,), role="third"),
        AvoidClashes(id="clashes", resources=(0, 1, 2, 3)),
    ]
    found = legal(problem(grid(1, 2), ["class", "room 1", "room 2", "room 3"], events, laws))
    assert found is not None
    assert sorted(found.meets[0].resources, key=str) == [0, 1, 2, 3]
