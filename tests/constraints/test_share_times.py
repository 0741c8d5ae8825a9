"""早晚课均衡: a fair share of the early and late lessons."""

from __future__ import annotations

from constraints.timetable.share_times import ShareTimes
from instances.problem import TimeGroup
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def test_lessons_beyond_the_share() -> None:
    """Three first periods, of which one teacher has all where 1 is fair: 2 beyond; the other, with a share of 0, has none."""
    first = TimeGroup("first", "first periods", (0, 2, 4))
    share = ShareTimes(id="share", time_group="first", shares=((0, 1), (1, 0)))
    events = [event("maths", 4, 0), event("art", 2, 1)]
    case = problem(grid(3, 2), ["Wang", "Li"], events, [share], time_groups={"first": first})
    (violation,) = judge(case, place(case, (0, 0, 1), (0, 2, 1), (0, 4, 1), (0, 1, 1), (1, 3, 1)))
    assert (violation.point, violation.deviation, violation.times) == ("Wang", 2, (0, 2, 4))
    assert str(violation.sentence) == "Wang: 3 lessons in first periods, a fair share is 1"
    found = judge(case, place(case, (0, 0, 1), (1, 2, 1)))
    assert [(v.point, v.deviation) for v in found] == [("Li", 1)]
