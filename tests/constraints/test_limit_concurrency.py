"""同时最多, 不同时: lessons of a group at one moment."""

from __future__ import annotations

from constraints.timetable.limit_concurrency import LimitConcurrency
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def field(maximum: int, **options: object):  # type: ignore[no-untyped-def]
    """Four classes with one PE lesson each on one day of three periods."""
    events = [event(f"pe{i}", 1, i) for i in range(4)]
    limit = LimitConcurrency(id="field", event_groups=("pe",), maximum=maximum)
    return problem(grid(1, 3), [f"class {i}" for i in range(4)], events, [limit], event_groups={"pe": (0, 1, 2, 3)}, **options)


def test_as_many_as_allowed() -> None:
    """Two and two at once, two allowed."""
    case = field(2)
    assert judge(case, place(case, (0, 0, 1), (1, 0, 1), (2, 1, 1), (3, 1, 1))) == []


def test_each_moment_counts() -> None:
    """Three at once where one is allowed is 2; with the fourth alone the only violation."""
    case = field(1)
    (violation,) = judge(case, place(case, (0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 2, 1)))
    assert (violation.deviation, violation.times, len(violation.meets)) == (2, (0,), 3)
    assert str(violation.sentence) == "pe: 3 at once at day 1 period 1, at most 1 allowed"


def test_bells_of_two_grades_overlap() -> None:
    """8:00-8:40 and 8:20-9:00 overlap by the clock; 8:00-8:40 and 9:10-9:50 do not."""
    times = (*grid(1, 2), *grid(1, 2, "late", start=500))  # 0: 8:00, 1: 8:50; 2: 8:20, 3: 9:10
    limit = LimitConcurrency(id="hall", event_groups=("hall",), maximum=1)
    case = problem(times, ["a", "b"], [event("x", 1, 0), event("y", 1, 1)], [limit], event_groups={"hall": (0, 1)})
    (violation,) = judge(case, place(case, (0, 0, 1), (1, 2, 1)))
    assert (violation.deviation, violation.times) == (1, (0, 2))
    assert judge(case, place(case, (0, 0, 1), (1, 3, 1))) == []
    (violation,) = judge(case, place(case, (0, 1, 1), (1, 2, 1)))  # 8:50-9:30 and 8:20-9:00
    assert violation.deviation == 1


def test_odd_and_even_weeks_do_not_meet() -> None:
    """Two fortnightly lessons in one period, one in odd and one in even weeks, are never at once."""
    limit = LimitConcurrency(id="hall", event_groups=("hall",), maximum=1)
    events = [event("x", 1, 0, weeks=(0b01,)), event("y", 1, 1, weeks=(0b10,)), event("z", 1, 1, weeks=(0b11,))]
    case = problem(grid(1, 2), ["a", "b"], events, [limit], event_groups={"hall": (0, 1, 2)}, weeks=2)
    assert judge(case, place(case, (0, 0, 1, 0b01), (1, 0, 1, 0b10), (2, 1, 1))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1, 0b01), (1, 1, 1, 0b10), (2, 0, 1)))] == [1]
