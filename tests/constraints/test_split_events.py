"""Number and length of meets."""

from __future__ import annotations

import pytest

from constraints.timetable.split_events import SplitEvents
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(
    ("lengths", "deviation"),
    [((1, 2, 1), 0), ((2, 2), 0), ((1, 1, 1, 1), 1), ((3, 1), 1), ((4,), 2), ((2,), 1), ((), 2)],
)
def test_two_or_three_meets_of_one_or_two(lengths: tuple[int, ...], deviation: int) -> None:
    """A meet of 3 or 4 counts one, each meet missing from two or beyond three counts one."""
    split = SplitEvents(id="split", events=(0,), min_duration=1, max_duration=2, min_amount=2, max_amount=3)
    case = problem(grid(4, 4), ["class"], [event("maths", 4, 0, durations=())], [split])
    found = judge(case, place(case, *((0, 4 * day, length) for day, length in enumerate(lengths))))
    assert [v.deviation for v in found] == ([deviation] if deviation else [])


def test_sentence() -> None:
    split = SplitEvents(id="split", events=(0,), min_duration=1, max_duration=1, min_amount=0, max_amount=9)
    case = problem(grid(2, 4), ["class"], [event("maths", 3, 0, durations=(1, 2))], [split])
    found = judge(case, place(case, (0, 0, 2), (0, 4, 1)))
    assert str(found[0].sentence) == "maths is taught in pieces of 2 + 1; 0 to 9 pieces of 1 to 1 lessons are wanted"
    assert [meet.duration for meet in found[0].meets] == [2]
