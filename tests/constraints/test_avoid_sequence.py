"""不紧跟, 不相邻: lessons that may not follow each other."""

from __future__ import annotations

from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_sequence import AvoidSequence
from instances.problem import Problem
from tests.agreement import judge
from tests.builders import event, grid, place, problem

EVENTS = [event("pe", 2, 0), event("maths", 2, 0, durations=(1, 2))]


def day(both_ways: bool = False, neighbours: frozenset[tuple[int, int]] | None = None) -> Problem:
    """PE and maths of one class, two days of four periods; the class is at one place at a time."""
    rule = AvoidSequence(id="after pe", pairs=(("pe", "maths"),), both_ways=both_ways, neighbours=neighbours)
    return problem(grid(2, 4), ["class"], EVENTS, [rule, AvoidClashes(id="clash", resources=(0,))])


def test_right_after_counts_before_does_not() -> None:
    """PE, maths: 1. Maths, PE: 0. PE, break of a period, maths: 0."""
    case = day()
    (violation,) = judge(case, place(case, (0, 0, 1), (1, 1, 1)))
    assert (violation.deviation, violation.times) == (1, (0, 1))
    assert str(violation.sentence) == "maths right after pe: day 1 period 2"
    assert judge(case, place(case, (1, 0, 1), (0, 1, 1))) == []
    assert judge(case, place(case, (0, 0, 1), (1, 2, 1))) == []


def test_both_ways() -> None:
    """Maths, PE, maths has two neighbouring pairs, of which one way only counts one."""
    timetable = ((1, 0, 1), (0, 1, 1), (1, 2, 1))
    assert [v.deviation for v in judge(day(True), place(day(True), *timetable))] == [2]
    assert [v.deviation for v in judge(day(), place(day(), *timetable))] == [1]


def test_the_next_day_is_not_the_next_period() -> None:
    """PE in the last period of Monday, maths in the first of Tuesday."""
    case = day(True)
    assert judge(case, place(case, (0, 3, 1), (1, 4, 1))) == []


def test_across_the_break() -> None:
    """With the long break between periods 2 and 3 left out of the neighbours, PE in 2 and maths in 3 is fine."""
    case = day(neighbours=frozenset({(0, 1), (2, 3)}))
    assert judge(case, place(case, (0, 1, 1), (1, 2, 1))) == []
    assert [v.deviation for v in judge(case, place(case, (0, 0, 1), (1, 1, 1)))] == [1]


def test_a_double_offends_itself_where_it_is_in_both_groups() -> None:
    """No two maths lessons in a row: a double is one offence, two singles apart are none."""
    rule = AvoidSequence(id="no double", pairs=(("maths", "maths"),))
    case = problem(grid(2, 4), ["class"], EVENTS, [rule, AvoidClashes(id="clash", resources=(0,))])
    assert [v.deviation for v in judge(case, place(case, (1, 0, 2)))] == [1]
    assert judge(case, place(case, (1, 0, 1), (1, 2, 1))) == []
