"""固排: slots that a lesson of the group takes."""

from __future__ import annotations

from constraints.timetable.occupy_times import OccupyTimes
from tests.agreement import judge
from tests.builders import event, grid, place, problem


def test_slots_without_a_lesson() -> None:
    """Three slots, one taken: 2. A slot of two times (bells of two grades) is taken by either."""
    fixed = OccupyTimes(id="fixed", event_groups=("maths",), slots=((0,), (1, 4), (5,)))
    case = problem((*grid(1, 4), *grid(1, 2, "late", start=500)), ["class"], [event("maths", 4, 0)], [fixed])
    (violation,) = judge(case, place(case, (0, 4, 1), (0, 2, 1)))
    assert (violation.deviation, violation.times) == (2, (0, 5))
    assert judge(case, place(case, (0, 0, 1), (0, 1, 1), (0, 5, 1))) == []


def test_a_double_takes_two_slots() -> None:
    """固排 周一第1节 and 第2节 for a double."""
    fixed = OccupyTimes(id="fixed", event_groups=("lab",), slots=((0,), (1,)))
    case = problem(grid(1, 3), ["class"], [event("lab", 2, 0, durations=(2,))], [fixed])
    assert judge(case, place(case, (0, 0, 2))) == []
    (violation,) = judge(case, place(case, (0, 1, 2)))
    assert violation.deviation == 1
    assert str(violation.sentence) == "lab: no lesson at the fixed times day 1 period 1"


def test_weeks() -> None:
    """A fortnightly lesson takes its slot in whichever week, unless the week is named."""
    for weeks, deviations in ((0, []), (0b10, []), (0b01, [1])):
        fixed = OccupyTimes(id="fixed", event_groups=("art",), slots=((0,),), weeks=weeks)
        case = problem(grid(1, 2), ["class"], [event("art", 1, 0, weeks=(0b01, 0b10))], [fixed], weeks=2)
        assert [v.deviation for v in judge(case, place(case, (0, 0, 1, 0b10)))] == deviations
