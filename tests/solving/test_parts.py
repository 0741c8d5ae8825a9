"""Parts of a problem hang together, and the search by parts gives nothing away."""

from __future__ import annotations

from dataclasses import replace

from constraints.base import evaluate
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import TimetableView
from scheduler.solving.aspire import _Aspiration
from scheduler.solving.build import build, strict
from scheduler.solving.options import SolveOptions
from scheduler.solving.parts import Parts, inside
from scheduler.solving.solve import Search
from scheduler.solving.stopping import Deadline
from scheduler.solving.turns import Descent
from scheduler.solving.vectors import Workbench, tier_cost
from tests.builders import grid, place, problem

CLASSES = 6


def two_schools() -> Problem:
    """Classes 0 to 2 have a lesson with teacher 6, classes 3 to 5 with teacher 7; the first time is unwanted by all classes."""
    taught = [(0, 6), (1, 6), (2, 6), (3, 7), (4, 7), (5, 7)]
    events = tuple(Event(f"e{i}", "", 1, (Role("class", c), Role("teacher", t)), (1,)) for i, (c, t) in enumerate(taught))
    resources = tuple(Resource(f"r{i}", f"r{i}", "class" if i < CLASSES else "teacher") for i in range(CLASSES + 2))
    early = AvoidUnavailableTimes(id="early", resources=tuple(range(CLASSES)), times=(0,), required=False, weight=3)
    return replace(problem(grid(1, 4), [], events, [early]), resources=resources)


def test_parts_are_made_of_the_type_that_does_most() -> None:
    """Where teachers and classes are in every event, the fewer of them are the members."""
    parts = Parts(two_schools())
    assert parts.members == [6, 7]
    assert parts.events([6]) == {0, 1, 2}


def test_a_part_grows_by_the_closest_tie() -> None:
    """Two classes that share a teacher come together before one that shares none; no part has more than all."""
    whole = two_schools()
    alone = tuple(Event(f"alone{c}", "", 1, (Role("class", c),), (1,)) for c in (0, 5))
    parts = Parts(replace(whole, events=whole.events + alone, constraints=()))
    assert parts.members == list(range(CLASSES))
    assert sorted(parts.around(0, 3)) == [0, 1, 2]
    assert sorted(parts.around(5, 3)) == [3, 4, 5]
    assert len(parts.around(3, 99)) == CLASSES


def test_cost_inside_a_part() -> None:
    """Two lessons stand at the unwanted time, one of them in the part: half of the cost can be had there."""
    whole = two_schools()
    timetable = place(whole, (0, 0, 1), (1, 1, 1), (2, 2, 1), (3, 0, 1), (4, 1, 1), (5, 2, 1))
    cost, violations = evaluate(whole, TimetableView(whole, timetable))
    assert cost.preference == 6
    assert inside(whole, frozenset({3, 4, 5}), violations) == 3
    assert inside(whole, frozenset({1, 2, 4, 5}), violations) == 0
    assert Parts(whole).cost_of(whole, violations) == {6: 3, 7: 3}


def test_aspiration_by_parts_brings_every_part_to_zero() -> None:
    """Ten classes stand at the unwanted time and could all stand elsewhere: part after part does, the others being as they are."""
    classes, teachers = range(10), range(10, 15)
    events = tuple(Event(f"e{c}", "", 1, (Role("class", c), Role("teacher", 10 + c // 2)), (1,)) for c in classes)
    alone = tuple(Event(f"alone{c}", "", 1, (Role("class", c),), (1,)) for c in classes)
    resources = tuple(Resource(f"r{i}", f"r{i}", "class" if i in classes else "teacher") for i in (*classes, *teachers))
    constraints = (
        AssignTime(id="assign", events=tuple(range(20))),
        AvoidClashes(id="clashes", resources=tuple(range(15))),
        AvoidUnavailableTimes(id="early", resources=tuple(classes), times=(0,), required=False, weight=3),
    )
    whole = replace(problem(grid(1, 4), [], (*events, *alone), constraints), resources=resources)
    model = build(whole, strict)
    bench = Workbench(model, tier_cost(model, required=False))
    search = Search(whole, SolveOptions(time_limit=30, workers=1), Deadline(30), lambda progress: None)
    start = place(whole, *((c, 1 + c % 2, 1) for c in classes), *((10 + c, 0, 1) for c in classes))
    search.best = bench.complete(start)
    assert search.best is not None
    assert search.best.objective == 30
    _Aspiration(search, bench, Descent(search, bench)).by_parts(Parts(whole))
    assert search.best.objective == 0
    cost, _ = evaluate(whole, TimetableView(whole, bench.timetable(search.best)))
    assert (cost.required, cost.preference) == (0, 0)
