"""Swap suggestions: what they promise is what the checker finds; what is forced by hand-made cases is found."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import evaluate
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.prefer_times import PreferTimes
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.errors import Disagreement
from scheduler.replanning.living import Living
from scheduler.swapping.apply import moves_of, taken
from scheduler.swapping.overlay import Overlay
from scheduler.swapping.suggest import Mark, Suggestion, Swaps
from tests.builders import event, grid, place, problem
from tests.random_problems import random_case
from tests.replanning.living_school import case


@cache
def wishing() -> Living:
    """The timetable in force under the default wishes."""
    return case(wishes=True)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_suggestion_applied_passes_the_checker_at_the_promised_cost(data: st.DataObject) -> None:
    """The whole timetable, checked from scratch: no requirement broken, and the preference cost differs by what was said."""
    found = wishing()
    old = found.placed.timetable
    meet = data.draw(st.sampled_from(old.meets))
    suggestions = Swaps(found.compiled.problem, old).suggest(meet)
    before, _ = evaluate(found.compiled.problem, TimetableView(found.compiled.problem, old))
    assert before.required == 0
    for suggestion in suggestions:
        new = suggestion.apply(old)
        cost, _ = evaluate(found.compiled.problem, TimetableView(found.compiled.problem, new))
        assert cost.required == 0
        assert cost.preference == before.preference + suggestion.difference
        assert new != old
        assert {m.event for m in new.meets} == {m.event for m in old.meets}
        assert sum(amount for _c, amount in suggestion.reasons) == suggestion.difference
    assert suggestions == sorted(suggestions, key=lambda s: s.difference)


def test_single_moves_are_complete() -> None:
    """Every free time of the class that leaves the timetable legal is among the suggestions: found by trying all times."""
    found = wishing()
    problem, old = found.compiled.problem, found.placed.timetable
    swaps = Swaps(problem, old)
    for meet in old.meets[::3]:
        legal = set()
        for start in swaps.starts(meet):
            new = Meet(meet.event, meet.duration, start, meet.weeks, meet.resources)
            tried = Timetable.of([new if m == meet else m for m in old.meets])
            if evaluate(problem, TimetableView(problem, tried))[0].required == 0:
                legal.add(start)
        assert {s.moved[0][1].start for s in swaps.suggest(meet) if len(s.moved) == 1} == legal


def test_a_three_way_swap_is_found_where_nothing_shorter_is_legal() -> None:
    """Three lessons of one class in three times; each may stand only where the next one is: only the cycle of all three is legal."""
    times = grid(1, 3)
    events = [event(name, 1, 0) for name in "abc"]
    stuck = [
        PreferTimes(id=f"only{n}", name="only", events=(n,), times=allowed, required=True, weight=1)
        for n, allowed in enumerate(((0, 1), (1, 2), (2, 0)))
    ]
    made = problem(times, ["class"], events, [AvoidClashes(id="clash", name="clash", resources=(0,)), *stuck])
    found = Swaps(made, old := place(made, (0, 0, 1), (1, 1, 1), (2, 2, 1))).suggest(old.meets[0])
    assert [sorted((o.start, n.start) for o, n in s.moved) for s in found] == [[(0, 1), (1, 2), (2, 0)]]


def test_a_kempe_chain_carries_the_swap_through_other_classes() -> None:
    """Two classes share both teachers and both times: to exchange one class's lessons the other's must be exchanged too."""
    times = grid(1, 2)
    events = [event("a1", 1, 0, 2), event("a2", 1, 0, 3), event("b1", 1, 1, 3), event("b2", 1, 1, 2)]
    made = problem(times, ["A", "B", "t1", "t2"], events, [AvoidClashes(id="clash", name="clash", resources=(0, 1, 2, 3))])
    old = place(made, (0, 0, 1), (1, 1, 1), (2, 0, 1), (3, 1, 1))
    found = Swaps(made, old).suggest(old.meets[0])
    assert [len(s.moved) for s in found] == [4]
    assert found[0].mark is Mark.SAME


def test_marks_say_better_same_or_worse() -> None:
    """A wish for the second time: moving there is better, the lesson that stands there leaves it for the worse."""
    times = grid(1, 3)
    wish = PreferTimes(id="wish", name="wish", events=(0,), times=(1,), required=False, weight=7)
    made = problem(times, ["class"], [event("a", 1, 0)], [AvoidClashes(id="clash", name="clash", resources=(0,)), wish])
    at_first = place(made, (0, 0, 1))
    assert [(s.mark, s.difference) for s in Swaps(made, at_first).suggest(at_first.meets[0])] == [(Mark.BETTER, -7), (Mark.SAME, 0)]
    at_wish = place(made, (0, 1, 1))
    assert [(s.mark, s.difference) for s in Swaps(made, at_wish).suggest(at_wish.meets[0])] == [(Mark.WORSE, 7), (Mark.WORSE, 7)]


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_difference_of_units_is_that_of_the_whole_on_any_problem(rng: Random) -> None:
    """Random problems with constraints of every kind: the units touched by a move account for the whole change of cost."""
    made, old = random_case(rng)
    swaps = Swaps(made, old)
    before, _ = evaluate(made, TimetableView(made, old))
    for meet in [m for m in old.meets if m.start is not None][:3]:
        if list(old.meets).count(meet) > 1:
            continue
        for start in swaps.starts(meet)[:4]:
            if any(m.event == meet.event and m.start == start for m in old.meets):
                continue
            new = Meet(meet.event, meet.duration, start, meet.weeks, meet.resources)
            changed = swaps.units.difference({meet: new})
            after, _ = evaluate(made, TimetableView(made, Timetable.of([new if m == meet else m for m in old.meets])))
            if changed is not None:
                assert after.required - before.required == sum(r for _c, r, _p in changed.values())
                assert after.preference - before.preference == sum(p for _c, _r, p in changed.values())


def test_an_overlay_shows_what_a_fresh_view_shows() -> None:
    found = wishing()
    problem, old = found.compiled.problem, found.placed.timetable
    base = TimetableView(problem, old)
    meet = old.meets[0]
    new = Meet(meet.event, meet.duration, (meet.start or 0) + 1, meet.weeks, meet.resources)
    overlay, fresh = Overlay(base, {meet: new}), TimetableView(problem, Timetable.of([new, *old.meets[1:]]))
    assert overlay.timetable == fresh.timetable
    for resource in range(len(problem.resources)):
        assert sorted(overlay.meets_with(resource)) == sorted(fresh.meets_with(resource))
        assert {t: sorted(m) for t, m in overlay.occupied(resource, 0).items()} == {
            t: sorted(m) for t, m in fresh.occupied(resource, 0).items()
        }


def test_a_suggestion_taken_becomes_a_checked_timetable() -> None:
    found = wishing()
    suggestion = next(s for m in found.placed.timetable.meets for s in Swaps(found.compiled.problem, found.placed.timetable).suggest(m))
    result = taken(found, suggestion)
    assert result.outcome.solution.timetable == suggestion.apply(found.placed.timetable)
    assert len(moves_of(found, suggestion)) == len(suggestion.moved)
    with pytest.raises(Disagreement):
        taken(found, Suggestion(suggestion.moved, suggestion.difference + 1))
