"""Events run together."""

from __future__ import annotations

from constraints.timetable.link_events import LinkEvents
from tests.agreement import judge
from tests.builders import event, grid, place, problem

EVENTS = [event("group a", 3, 0, durations=(1, 2)), event("group b", 3, 1, durations=(1, 2)), event("group c", 3, 2, durations=(1, 2))]
CASE = problem(
    grid(2, 4), ["Ann", "Bob", "Cid"], EVENTS, [LinkEvents(id="link", event_groups=("groups",))], event_groups={"groups": (0, 1, 2)}
)


def test_times_of_some_but_not_all_count() -> None:
    """a and b run at 1, 2, 5; c at 1, 2, 6: times 5 and 6 are loose."""
    found = judge(CASE, place(CASE, (0, 0, 2), (0, 4, 1), (1, 0, 2), (1, 4, 1), (2, 0, 2), (2, 5, 1)))
    assert [(v.deviation, v.times) for v in found] == [(2, (4, 5))]
    assert str(found[0].sentence) == "groups do not run together at day 2 period 1, day 2 period 2"


def test_the_cut_into_meets_may_differ() -> None:
    """A double of one group beside two single lessons of another is together."""
    assert judge(CASE, place(CASE, (0, 0, 2), (0, 4, 1), (1, 0, 1), (1, 1, 1), (1, 4, 1), (2, 0, 2), (2, 4, 1))) == []


def test_one_event_is_together_with_itself() -> None:
    case = problem(grid(1, 3), ["Ann"], [event("maths", 2, 0)], [LinkEvents(id="link", event_groups=("maths",))])
    assert judge(case, place(case, (0, 0, 1), (0, 2, 1))) == []
