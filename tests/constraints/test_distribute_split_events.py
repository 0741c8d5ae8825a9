"""Number of meets of one length."""

from __future__ import annotations

import pytest

from constraints.timetable.distribute_split_events import DistributeSplitEvents
from tests.agreement import judge
from tests.builders import event, grid, place, problem


@pytest.mark.parametrize(("lengths", "deviation"), [((2, 1, 1), 0), ((2, 2), 1), ((1, 1, 1, 1), 1), ((4,), 1), ((), 1)])
def test_exactly_one_double(lengths: tuple[int, ...], deviation: int) -> None:
    limit = DistributeSplitEvents(id="doubles", events=(0,), duration=2, minimum=1, maximum=1)
    case = problem(grid(4, 4), ["class"], [event("maths", 4, 0, durations=())], [limit])
    found = judge(case, place(case, *((0, 4 * day, length) for day, length in enumerate(lengths))))
    assert [v.deviation for v in found] == ([deviation] if deviation else [])


def test_no_single_lessons() -> None:
    """A maximum of 0 forbids the length; three singles are three too many."""
    limit = DistributeSplitEvents(id="singles", events=(0,), duration=1, minimum=0, maximum=0)
    case = problem(grid(3, 2), ["class"], [event("maths", 3, 0, durations=())], [limit])
    found = judge(case, place(case, (0, 0, 1), (0, 2, 1), (0, 4, 1)))
    assert str(found[0].sentence) == "maths is taught in 3 pieces of 1 lessons; 0 to 0 are wanted"
    assert found[0].deviation == 3
