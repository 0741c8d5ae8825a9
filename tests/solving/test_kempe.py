"""Local search by Kempe chains: what it thinks a timetable costs is what the checks say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from constraints.base import CostFunction
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.link_events import LinkEvents
from instances.problem import Problem, Resource, TimeGroup
from instances.timetable import Cost, Timetable
from scheduler.solving.kempe.charge import REQUIRED, NotUnderstood
from scheduler.solving.kempe.search import Kempe
from tests.builders import event, grid, place, problem
from tests.random_problems import MAKERS, random_case
from tests.solving.class_with_gap import WITH_GAP, cost, gap


def moved(kempe: Kempe, rounds: int) -> Timetable:
    """The best timetable after some rounds of moves."""
    shares = iter(range(rounds))
    return kempe.run(lambda: next(shares, rounds) / rounds)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**30))
def test_tables_agree_with_the_checks(seed: int) -> None:
    """Whatever the moves, what they change the cost by is what the checks find, in both tiers."""
    rng = Random(seed)
    case, timetable = random_case(rng, tuple(MAKERS), 5)
    clashes = AvoidClashes(id="all", resources=tuple(range(len(case.resources))))
    case = replace(case, constraints=(*case.constraints, clashes))
    try:
        kempe = Kempe(case, timetable, seed)
    except NotUnderstood:
        assume(False)
    before, first = kempe.cost, cost(case, timetable)
    better = moved(kempe, 12)
    stands, best = cost(case, kempe.standing()), cost(case, better)
    assert REQUIRED * (stands.required - first.required) + stands.preference - first.preference == kempe.cost - before
    assert REQUIRED * (best.required - first.required) + best.preference - first.preference == kempe.best - before
    assert best <= first
    other = Kempe(case, timetable, seed + 1)
    moved(other, 3)
    other.stand(kempe.start, 1.0, eased=False)
    assert other.cost == kempe.cost
    assert (other.tables.masks, other.tables.counts, other.tables.totals) == (kempe.tables.masks, kempe.tables.counts, kempe.tables.totals)
    assert (other.tables.values, other.running) == (kempe.tables.values, kempe.running)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**30))
def test_eased_days_cost_no_more_and_never_count_for_the_best(seed: int) -> None:
    """Wherever an eased search stands, ``spared`` is what its cost lacks; the best is known in full; a process beside stands the same."""
    case, timetable = random_case(Random(seed), (ClusterBusyTimes, LimitBusyTimes, LimitIdleTimes, LimitLessons), 6)
    try:
        kempe, other = Kempe(case, timetable, seed), Kempe(case, timetable, seed + 1)
    except NotUnderstood:
        assume(False)
    assume(kempe.movable)
    before, first = kempe.cost, cost(case, timetable)
    kempe._ease(True)
    for _ in range(5):
        kempe._go(2.0, ())
        spared = kempe.tables.spared()
        assert spared >= 0
        stands = cost(case, kempe.standing())
        assert REQUIRED * (stands.required - first.required) + stands.preference - first.preference == kempe.cost + spared - before
        best = cost(case, kempe.timetable())
        assert REQUIRED * (best.required - first.required) + best.preference - first.preference == kempe.best - before
        other.stand(kempe.start, kempe._penalty, eased=True)
        assert other.cost == kempe.cost


def four(*starts: int) -> Kempe:
    """Four lessons of a teacher with a class and its room, in two days of four periods; the teacher would come on one day."""
    events = [event(name, 1, 0, 1, 2) for name in "abcd"]
    laws = [AssignTime(id="assign", events=(0, 1, 2, 3)), AvoidClashes(id="clashes", resources=(0, 1, 2))]
    days = ClusterBusyTimes(id="days", required=False, weight=9, resources=(0,), time_groups=("day1", "day2"), minimum=0, maximum=1)
    gaps = LimitIdleTimes(id="gaps", required=False, weight=1, resources=(1, 2), time_groups=("day1", "day2"))
    few = LimitIdleTimes(id="few", required=False, weight=5, resources=(0, 1, 2), time_groups=("day1", "day2"), minimum=0, maximum=1)
    case = problem(grid(2, 4), ["teacher", "class", "room"], events, [*laws, days, gaps, few])
    return Kempe(case, place(case, *((number, start, 1) for number, start in enumerate(starts))), 0)


@pytest.mark.parametrize(("starts", "eased"), [((0, 1, 2, 3), 0), ((0, 1, 2, 4), 3), ((0, 1, 4, 5), 6)])
def test_a_day_too_many_is_eased_by_what_is_left_on_it(starts: tuple[int, ...], eased: int) -> None:
    """A day with one lesson costs a third of 9, with two lessons two thirds; in full every one costs 9."""
    kempe = four(*starts)
    assert kempe.cost == (9 if eased else 0)
    kempe._ease(True)
    assert kempe.cost == eased
    kempe._ease(False)
    assert kempe.cost == (9 if eased else 0)


@pytest.mark.parametrize(("lessons", "full", "eased"), [(0, 0, 0), (1, 80, 20), (2, 45, 40), (3, 20, 20), (4, 5, 5), (5, 0, 0)])
def test_a_day_with_too_few_lessons_is_eased_in_proportion(lessons: int, full: int, eased: int) -> None:
    """Five lessons on a day that somebody comes, or none: the square of those that lack, five times; eased, up a slope of 20 a lesson."""
    events = [event(name, 1, 0) for name in "abcde"]
    busy = LimitBusyTimes(
        id="busy",
        required=False,
        weight=5,
        cost_function=CostFunction.QUADRATIC,
        resources=(0,),
        time_groups=("day2",),
        minimum=5,
        maximum=5,
    )
    case = problem(grid(2, 5), ["teacher"], events, [AvoidClashes(id="clashes", resources=(0,)), busy])
    kempe = Kempe(case, place(case, *((number, number + 5 * (number < lessons), 1) for number in range(5))), 0)
    assert kempe.cost == full
    assert kempe.tables.can_ease
    kempe._ease(True)
    assert kempe.cost == eased
    assert kempe.tables.spared() == full - eased
    assert kempe.tables.total_cost == []  # a day by itself is a matter of its mask


@pytest.mark.parametrize(("required", "minimum"), [(True, 3), (False, 2)], ids=["a requirement", "one lesson too few"])
def test_what_is_not_eased(required: bool, minimum: int) -> None:
    """A requirement is never eased, nor a single lesson: that can go in one move."""
    busy = LimitBusyTimes(id="busy", required=required, resources=(0,), time_groups=("day1",), minimum=minimum, maximum=3)
    case = problem(grid(2, 3), ["teacher"], [event("a", 1, 0)], [AvoidClashes(id="clashes", resources=(0,)), busy])
    assert not Kempe(case, place(case, (0, 0, 1)), 0).tables.can_ease


@pytest.mark.parametrize("eased", [True, False], ids=["days too many", "nothing to ease"])
def test_the_end_of_a_run_is_not_eased(eased: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine tenths of a run are, where somebody may come too many days."""
    case = gap()
    kempe = four(0, 1, 4, 5) if eased else Kempe(case, place(case, *WITH_GAP), 0)
    asked: list[bool] = []
    monkeypatch.setattr(kempe, "_go", lambda temperature, beside: asked.append(kempe._eased))
    moved(kempe, 20)
    assert asked == [eased] * 18 + [False] * 2


def test_who_has_all_lessons_together_has_one_table() -> None:
    """Teacher, class and room are busy at the same times: one key for the three, one total for their three limits of gaps."""
    kempe = four(0, 3, 4, 7)
    assert kempe.cost == 9 + 2 * 4 + 3 * 5 * 3  # days; two gaps a day for two; four gaps, three above the limit, for three
    assert [len(of_day) for days in kempe.tables.keys for of_day in days] == [1] * 8
    assert len(kempe.tables.total_cost) == 2  # days and gaps


def test_who_is_always_with_somebody_at_one_place_is_at_one_place() -> None:
    """The teacher may clash by herself, but all her lessons are in a room that may not: they can move."""
    events = [event(name, 1, 0, 1) for name in "ab"]
    clashes = AvoidClashes(id="clashes", resources=(1,))
    gaps = LimitIdleTimes(id="gaps", required=False, resources=(0,), time_groups=("day1",))
    case = problem(grid(1, 4), ["teacher", "room"], events, [clashes, gaps])
    assert Kempe(case, place(case, (0, 0, 1), (1, 2, 1)), 0).movable == [0, 1]


def test_clashes_whose_cost_is_of_all_moments_together() -> None:
    """Three lessons in a hall for two, twice: 4, for the two too many count together and squared; what one moment costs is not known."""
    events = [event(name, 1, 0) for name in "abcdef"]
    clashes = AvoidClashes(id="clashes", cost_function=CostFunction.QUADRATIC, resources=(0,))
    case = replace(problem(grid(1, 4), ["hall"], events, [clashes]), resources=(Resource("hall", "hall", "room", capacity=2),))
    kempe = Kempe(case, place(case, *((number, number // 3, 1) for number in range(6))), 0)
    assert kempe.movable == []
    moves = replace(case, constraints=(replace(clashes, cost_function=CostFunction.LINEAR),))
    assert len(Kempe(moves, place(case, *((number, number // 3, 1) for number in range(6))), 0).movable) == 6


def test_lessons_change_places() -> None:
    """A full class has no free period to move to: two lessons change places, and the gap is closed."""
    case = gap()
    kempe = Kempe(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1)), 0)
    assert kempe.cost == 5
    found = moved(kempe, 5)
    assert cost(case, found) == Cost(0, 0)
    assert sorted(meet.start for meet in found.meets if meet.start is not None) == [0, 1, 2]


def test_linked_lessons_move_together() -> None:
    """The lesson in the gap is linked to one of another class, which goes with it."""
    case = gap()
    events = (*case.events, event("d", 1, 2))
    link = LinkEvents(id="link", event_groups=("b and d",))
    case = replace(
        case,
        resources=(*case.resources, Resource("other", "other", "class")),
        events=events,
        event_groups={**case.event_groups, "b and d": (1, 3)},
        constraints=(*case.constraints, link),
    )
    found = moved(Kempe(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1), (3, 1, 1)), 0), 5)
    assert cost(case, found) == Cost(0, 0)


def test_what_clashes_stays() -> None:
    """Two lessons of one class at one time are left where they are, and so is the gap beside them."""
    case = gap()
    kempe = Kempe(case, place(case, (0, 0, 1), (1, 2, 1), (2, 2, 1)), 0)
    assert kempe.movable == [0]


def test_a_requirement_is_broken_for_a_while() -> None:
    """A class has PE or activity every day; PE is wanted on days apart, and the two that are to change days have no period in common."""
    events = [replace(event("PE", 2, 0), times=frozenset({0, 2, 4})), replace(event("activity", 1, 0), times=frozenset({1, 3, 5}))]
    every = LimitLessons(id="every day", event_groups=("both",), time_groups=("day1", "day2", "day3"), minimum=1, maximum=2)
    apart = DaysBetween(id="apart", required=False, weight=3, event_groups=("PE",), gap=2)
    laws = [AssignTime(id="assign", events=(0, 1)), AvoidClashes(id="clashes", resources=(0,)), every, apart]
    case = problem(grid(3, 2), ["class"], events, laws, event_groups={"both": (0, 1)})
    kempe = Kempe(case, place(case, (0, 0, 1), (0, 2, 1), (1, 5, 1)), 1)
    assert kempe.cost == 3
    assert cost(case, moved(kempe, 600)) == Cost(0, 0)


def test_bells_that_overlap() -> None:
    """A teacher of two classes with bells of their own: the lesson that closes the gap in one bell runs into one in the other."""
    times = (*grid(1, 3), *grid(1, 3, "later", 490))  # the second period of the later bell overlaps that of the other
    events = [event("a", 1, 0, 2), event("b", 1, 0, 2), event("c", 1, 1, 2)]
    events = [replace(e, times=frozenset(at)) for e, at in zip(events, ({0}, {1, 2}, {4}), strict=True)]
    laws = [AssignTime(id="assign", events=(0, 1, 2)), AvoidClashes(id="clashes", resources=(0, 1, 2))]
    wish = LimitLessons(id="early", required=False, event_groups=("b",), time_groups=("late",), maximum=0)
    late = TimeGroup("late", "late", (2,))
    case = problem(times, ["class", "other class", "teacher"], events, [*laws, wish], time_groups={"late": late})
    start = place(case, (0, 0, 1), (1, 2, 1), (2, 4, 1))
    alone = replace(case, events=(*events[:2], event("c", 1, 1)))
    assert moved(Kempe(case, start, 0), 20) == start
    assert cost(alone, moved(Kempe(alone, place(alone, (0, 0, 1), (1, 2, 1), (2, 4, 1)), 0), 20)) == Cost(0, 0)


@pytest.mark.parametrize(
    "case",
    [
        gap(AvoidClashes(id="soft", required=False, resources=(0,))),
        gap(LimitIdleTimes(id="week", required=False, resources=(1,), time_groups=("week",)), days=2),
        replace(gap(), times=(*grid(1, 3), *grid(1, 3))),
    ],
    ids=["clashes as a wish", "gaps over days", "two times at one position"],
)
def test_not_understood(case: Problem) -> None:
    """What the tables cannot say is refused, not left out."""
    with pytest.raises(NotUnderstood):
        Kempe(case, place(case, (0, 0, 1), (1, 1, 1), (2, 2, 1)), 0)
