"""Meets are spread over time groups."""

from __future__ import annotations

from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.problem import TimeGroup
from tests.agreement import judge
from tests.builders import event, grid, place, problem

DAYS = (SpreadLimit("day1", 1, 1), SpreadLimit("day2", 1, 1), SpreadLimit("day3", 0, 1))


def test_too_many_and_too_few_are_summed() -> None:
    """Three meets on Monday (two too many), none on Tuesday (one too few): one violation of 3."""
    case = problem(grid(3, 4), ["class"], [event("maths", 4, 0)], [SpreadEvents(id="spread", event_groups=("maths",), limits=DAYS)])
    found = judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 3, 1), (0, 8, 1)))
    assert [(v.deviation, v.times) for v in found] == [(3, (0, 1, 3))]
    assert str(found[0].sentence) == "maths are badly spread: day 1: 3 instead of 1 to 1, day 2: 0 instead of 1 to 1"


def test_meets_are_counted_and_not_periods_by_their_start() -> None:
    """A double is one meet, and one that runs over midnight belongs to the day in which it starts."""
    spread = SpreadEvents(id="spread", event_groups=("maths",), limits=DAYS)
    case = problem(grid(3, 2), ["class"], [event("maths", 4, 0, durations=(2,))], [spread])
    assert judge(case, place(case, (0, 1, 2), (0, 3, 2))) == []


def test_a_group_of_events_counts_together() -> None:
    limit = (SpreadLimit("first", 0, 1),)
    first = {"first": TimeGroup("first", "first", (0, 1))}
    spread = SpreadEvents(id="spread", event_groups=("both",), limits=limit)
    events = [event("maths", 1, 0), event("music", 1, 0)]
    case = problem(grid(1, 4), ["class"], events, [spread], time_groups=first, event_groups={"both": (0, 1)})
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 1, 1)))] == [1]


def test_each_week_has_its_own_count() -> None:
    """Two fortnightly lessons on one day, in different weeks, keep to one a day; two in the same week do not."""
    spread = SpreadEvents(id="spread", event_groups=("both",), limits=(SpreadLimit("day1", 0, 1),))
    events = [event("art", 1, 0, weeks=(0b01, 0b10)), event("music", 1, 0, weeks=(0b01, 0b10))]
    case = problem(grid(1, 4), ["class"], events, [spread], event_groups={"both": (0, 1)}, weeks=2)
    assert judge(case, place(case, (0, 0, 1, 0b01), (1, 1, 1, 0b10))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1, 0b10), (1, 1, 1, 0b10)))] == [1]
