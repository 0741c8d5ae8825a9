"""What a neighbourhood frees, and how its size follows what closes."""

from __future__ import annotations

import random

import pytest

from constraints.base import evaluate
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.prefer_times import PreferTimes
from instances.timetable import TimetableView
from scheduler.solving.neighbourhoods import Kind, Neighbourhood, Neighbourhoods
from tests.builders import event, grid, place, problem

TIMES = grid(5, 2)


def test_linked_events_are_free_together() -> None:
    """Six people with an event each; those of 0 and 5 are linked. Whoever is freed by a set of people, both are or neither."""
    events = [event(f"e{n}", 1, n) for n in range(6)]
    link = LinkEvents(id="link", event_groups=("pair",))
    case = problem(TIMES, [f"p{n}" for n in range(6)], events, [link], event_groups={"pair": (0, 5)})
    hoods = Neighbourhoods(case, random.Random(1))
    drawn = [hood for kind, hood in (hoods.draw([]) for _ in range(60)) if kind.resource_type]
    assert {(0 in hood.events, 5 in hood.events) for hood in drawn} == {(True, True), (False, False)}


def drawn_at_a_defect(kind: str) -> list[Neighbourhood]:
    """Draw neighbourhoods of a kind where the lesson of 0 and 1 stands badly on the fourth day."""
    events = [event("bad", 1, 0, 1), event("of 0", 1, 0), event("of 1", 1, 1), event("of 2", 1, 2)]
    wish = PreferTimes(id="wish", events=(0,), times=(0,), required=False)
    case = problem(TIMES, ["p0", "p1", "p2"], events, [wish])
    violations = evaluate(case, TimetableView(case, place(case, (0, 6, 1), (1, 0, 1), (2, 1, 1), (3, 2, 1))))[1]
    hoods = Neighbourhoods(case, random.Random(1))
    return [hood for hood in (hoods.draw(violations)[1] for _ in range(600)) if hood.kind == kind]


def test_a_defect_frees_the_weeks_of_those_in_it() -> None:
    """The events of 0 and of 1 are free all week; those of 2, who has no part in it, are not."""
    assert {(hood.events, hood.times) for hood in drawn_at_a_defect("defects")} == {(frozenset({0, 1, 2}), None)}


def test_days_are_mostly_those_of_a_defect() -> None:
    """Two of five days: the fourth is one of them in two fifths of the draws by chance, and always where a draw begins at the defect."""
    found = [hood.times is not None and {6, 7} <= hood.times for hood in drawn_at_a_defect("days")]
    assert len(found) > 60
    assert sum(found) / len(found) > 0.6


@pytest.mark.parametrize(
    ("gain", "seconds", "closed", "size"),
    [(0.0, 0.05, True, 13.5), (0.0, 0.3, True, 11.0), (0.0, 1.0, False, 8.5), (0.1, 1.0, False, 10.0), (0.1, 0.05, True, 10.0)],
)
def test_the_size_grows_where_subsolves_close_in_vain_and_shrinks_where_they_do_not(
    gain: float, seconds: float, closed: bool, size: float
) -> None:
    kind = Kind("teachers", 10.0, 1, 40)
    kind.learn(gain, seconds, 1.0, closed)
    assert kind.size == pytest.approx(size)


def test_what_gained_lately_is_drawn_more() -> None:
    """After forty calls in vain a kind is worth far less than one that gains."""
    good, bad = Kind("good", 3, 1, 9), Kind("bad", 3, 1, 9)
    for _ in range(40):
        good.learn(0.05, 0.5, 0.5, False)
        bad.learn(0.0, 0.5, 0.5, False)
    assert good.gain_rate == pytest.approx(0.1, rel=0.01)
    assert bad.gain_rate < 0.001


def test_losses_are_no_debts() -> None:
    """However often nothing as good was found, each kind can still be drawn."""
    hoods = Neighbourhoods(problem(TIMES, ["p0", "p1", "p2"], [event(f"e{n}", 1, n) for n in range(3)]), random.Random(1))
    for kind in hoods.kinds:
        for _ in range(200):
            kind.learn(-1.0, 0.5, 0.5, closed=False)
    assert {hoods.draw([])[0].name for _ in range(200)} == {kind.name for kind in hoods.kinds if kind.name != "defects"}
