"""RelateMeets, each relation by hand on a week of two days x four periods (times 0-3 and 4-7)."""

from __future__ import annotations

import pytest

from constraints.timetable.relate_meets import RelateMeets, Relation
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem

TIMES = grid(2, 4)


def case(relation: Relation, limit: int = 0, pauses: frozenset[tuple[int, int]] = frozenset()) -> Problem:
    """A double lesson and a single one of different people, related in this order."""
    related = RelateMeets(id="c", event_groups=("both",), relation=relation, limit=limit, pauses=pauses)
    lessons = [event("double", 2, 0, durations=(2,)), event("single", 1, 1)]
    return problem(TIMES, ["A", "B"], lessons, [related], event_groups={"both": (0, 1)})


@pytest.mark.parametrize(
    ("relation", "limit", "starts", "holds"),
    [
        (Relation.SAME_START, 0, (1, 1), True),
        (Relation.SAME_START, 0, (1, 5), False),
        (Relation.SAME_DAY, 0, (1, 0), True),
        (Relation.SAME_DAY, 0, (1, 4), False),
        (Relation.SAME_PERIOD, 0, (1, 5), True),
        (Relation.SAME_PERIOD, 0, (1, 6), False),
        (Relation.FOLLOW, 0, (0, 2), True),
        (Relation.FOLLOW, 0, (1, 0), False),
        (Relation.FOLLOW, 0, (0, 3), False),
        (Relation.ADJACENT, 0, (1, 0), True),
        (Relation.ADJACENT, 0, (0, 3), False),
        (Relation.ADJACENT, 1, (0, 3), True),
        (Relation.ADJACENT, 1, (0, 1), False),
        (Relation.ADJACENT_IF_SAME_DAY, 0, (0, 3), False),
        (Relation.ADJACENT_IF_SAME_DAY, 0, (0, 7), True),
        (Relation.ORDERED, 0, (0, 2), True),
        (Relation.ORDERED, 0, (0, 1), False),
        (Relation.ORDERED, 0, (4, 3), False),
        (Relation.ORDERED_IF_SAME_DAY, 0, (4, 3), True),
        (Relation.ORDERED_IF_SAME_DAY, 0, (2, 0), False),
        (Relation.APART, 1, (0, 3), True),
        (Relation.APART, 1, (0, 2), False),
        (Relation.APART, 1, (0, 4), True),
        (Relation.DAYS_WITHIN, 0, (0, 4), False),
        (Relation.DAYS_WITHIN, 1, (0, 4), True),
    ],
)
def test_relations(relation: Relation, limit: int, starts: tuple[int, int], holds: bool) -> None:
    """One pair of meets; where the relation does not hold the deviation is 1."""
    related = case(relation, limit)
    found = judge(related, place(related, (0, starts[0], 2), (1, starts[1], 1)))
    assert [violation.deviation for violation in found] == ([] if holds else [1])


def test_pauses_part_nothing() -> None:
    """Lunch in period 3 lies between the double and the single lesson: they still follow each other."""
    lunch = frozenset({(1, 3)})
    with_lunch, without = case(Relation.FOLLOW, 0, lunch), case(Relation.FOLLOW)
    assert not judge(with_lunch, place(with_lunch, (0, 0, 2), (1, 3, 1)))
    assert len(judge(without, place(without, (0, 0, 2), (1, 3, 1)))) == 1


def test_meets_of_one_event() -> None:
    """Three lessons of one event on one day in periods 1, 2 and 4: of the three pairs only the first is adjacent."""
    related = RelateMeets(id="c", event_groups=("E",), relation=Relation.ADJACENT_IF_SAME_DAY)
    lessons = problem(TIMES, ["A"], [event("E", 3, 0)], [related])
    assert [v.deviation for v in judge(lessons, place(lessons, (0, 0, 1), (0, 1, 1), (0, 3, 1)))] == [2]
    assert not judge(lessons, place(lessons, (0, 0, 1), (0, 1, 1), (0, 7, 1)))


def test_a_lesson_without_a_time_is_in_no_pair() -> None:
    """Only one of the two is placed."""
    related = case(Relation.SAME_START)
    assert not judge(related, place(related, (1, 3, 1)))
