"""One event ends before another begins."""

from __future__ import annotations

import pytest

from constraints.base import evaluate
from constraints.timetable.order_events import EventPair, OrderEvents
from instances.timetable import TimetableView
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(("second", "deviation"), [(0, 5), (2, 3), (3, 2), (4, 1), (5, 0), (6, 0), (7, 1), (9, 3)])
def test_gap_of_one_or_two(second: int, deviation: int) -> None:
    """The first event takes times 1 and 3 (ends before 4): from there 1 or 2 periods are wanted."""
    order = OrderEvents(id="order", pairs=(EventPair(0, 1, 1, 2),))
    case = problem(grid(2, 5), ["Ann"], [event("theory", 2), event("practice", 1)], [order])
    found = judge(case, place(case, (0, 1, 1), (0, 3, 1), (1, second, 1)))
    assert [v.deviation for v in found] == ([deviation] if deviation else [])


def test_without_a_maximum_later_is_fine() -> None:
    order = OrderEvents(id="order", pairs=(EventPair(0, 1),))
    case = problem(grid(2, 5), ["Ann"], [event("theory", 2, durations=(2,)), event("practice", 1)], [order])
    assert judge(case, place(case, (0, 0, 2), (1, 9, 1))) == []
    found = judge(case, place(case, (0, 4, 2), (1, 2, 1)))
    assert [v.deviation for v in found] == [4]
    assert str(found[0].sentence) == "practice starts 4 lessons before the end of theory"


def test_nothing_is_said_while_an_event_is_not_wholly_placed() -> None:
    order = OrderEvents(id="order", pairs=(EventPair(0, 1),))
    case = problem(grid(2, 5), ["Ann"], [event("theory", 2), event("practice", 1)], [order])
    assert evaluate(case, TimetableView(case, place(case, (0, 5, 1), (1, 0, 1))))[1] == []
    judge(case, place(case, (0, 5, 1), (1, 0, 1)))
