"""Replanning: nothing moves without need, the fewest move with need, locks hold, and the answer is legal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import evaluate
from instances.timetable import TimetableView
from scheduler.errors import Infeasible, InputError
from scheduler.replanning.living import living
from scheduler.replanning.locks import parse_lock, parse_locks
from scheduler.replanning.moves import moves_between
from scheduler.replanning.replan_school import ReplannedSchool, locked_periods, replan_school
from scheduler.solving.options import SolveOptions
from tests.replanning.living_school import case, closed, in_force, plan

OPTIONS = SolveOptions(time_limit=10, workers=2)
TEACHERS = ("林一", "周二", "高三", "何四", "叶五")


def required(result: ReplannedSchool) -> int:
    """Required cost by the checker alone."""
    assert result.outcome.solution.timetable is not None
    return evaluate(result.outcome.problem, TimetableView(result.outcome.problem, result.outcome.solution.timetable))[0].required


def test_an_unchanged_plan_moves_nothing() -> None:
    result = replan_school(case(), OPTIONS)
    assert result.outcome.timetable == in_force()
    assert result.changes == ()
    assert (result.replanned.moves.moved, result.replanned.moves_bound) == (0, 0)


def test_one_closed_period_moves_the_lesson_and_at_most_who_stands_in_the_way() -> None:
    """The music teacher's lesson of class 1 must go; the class has one free period, so one move or one swap is enough."""
    lesson = next(x for x in in_force().by_class["三(1)班"] if x.subject == "音乐")
    result = replan_school(case(closed("叶五", (lesson.day, lesson.period))), OPTIONS)
    assert required(result) == 0
    assert result.replanned.moves.moved in (1, 2)
    assert result.replanned.moves_bound == result.replanned.moves.moved
    assert all((x.day, x.period) != (lesson.day, lesson.period) for x in result.outcome.timetable.by_teacher["叶五"])  # type: ignore[union-attr]


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(TEACHERS), st.sets(st.tuples(st.integers(1, 3), st.integers(1, 4)), min_size=1, max_size=2))
def test_disruptions_are_repaired_legally_and_counted_right(teacher: str, slots: set[tuple[int, int]]) -> None:
    """Moves are counted by comparing the two timetables; no fewer can do: every lesson in a closed period has to go."""
    disrupted = case(closed(teacher, *slots))
    stuck = sum((x.day, x.period) in slots for x in in_force().by_teacher[teacher])
    try:
        result = replan_school(disrupted, OPTIONS)
    except Infeasible:
        pytest.fail("one or two closed periods leave room")
    assert required(result) == 0
    assert result.outcome.solution.timetable is not None
    counted = moves_between(disrupted.compiled.problem, disrupted.placed.timetable, result.outcome.solution.timetable)
    assert counted == result.replanned.moves
    assert stuck <= result.replanned.moves_bound <= counted.moved
    assert (counted.moved == 0) == (stuck == 0)
    assert bool(result.changes) == (counted.moved > 0)


def test_one_more_lesson_of_pe_for_one_less_of_maths() -> None:
    """The new lesson takes the place of the dropped one, or a free one: nobody else is moved, or one if the PE teacher is busy."""
    school = plan()
    hours = {"三(1)班-体育": Fraction(3), "三(1)班-数学": Fraction(2)}
    changed = replace(school, courses=tuple(replace(c, periods=hours.get(c.id, c.periods)) for c in school.courses))
    result = replan_school(living(changed, in_force(), ()), OPTIONS)
    assert required(result) == 0
    assert (result.replanned.moves.added, result.replanned.moves.dropped) == (1, 1)
    assert result.replanned.moves.moved == result.replanned.moves_bound <= 1


def test_locked_lessons_stay() -> None:
    lesson = next(x for x in in_force().by_class["三(1)班"] if x.subject == "音乐")
    disrupted = case(closed("叶五", (lesson.day, lesson.period)))
    locks = parse_locks(["三(2)班"], disrupted.school)
    assert len(locked_periods(disrupted, locks)) == 11
    result = replan_school(disrupted, OPTIONS, locks=locks)
    assert {change.name for change in result.changes if change.kind == "class"} == {"三(1)班"}


def test_locking_what_has_to_move_is_impossible() -> None:
    lesson = next(x for x in in_force().by_class["三(1)班"] if x.subject == "音乐")
    disrupted = case(closed("叶五", (lesson.day, lesson.period)))
    with pytest.raises(Infeasible, match="locked"):
        replan_school(disrupted, OPTIONS, locks=parse_locks(["叶五"], disrupted.school))


def test_a_plan_that_cannot_be_is_said_to_be_impossible() -> None:
    every = [(day, period) for day in (1, 2, 3) for period in (1, 2, 3, 4)]
    with pytest.raises(Infeasible, match="No timetable meets"):
        replan_school(case(closed("叶五", *every)), OPTIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三(1)班 周一第3节", (("三(1)班",), (), 1, 3)),
        ("三（1）班", (("三(1)班",), (), None, None)),
        ("高三 星期五", ((), ("高三",), 5, None)),
        ("Mon 3", ((), (), 1, 3)),
        ("第4节", ((), (), None, 4)),
    ],
)
def test_locks_are_read_as_people_write_them(text: str, expected: tuple[object, ...]) -> None:
    lock = parse_lock(text, plan())
    assert (lock.classes, lock.teachers, lock.day, lock.period) == expected


def test_all_locks_that_name_nothing_are_reported_at_once() -> None:
    with pytest.raises(InputError) as error:
        parse_locks(["九(9)班", "周一", "？？"], plan())
    assert [finding.value for finding in error.value.findings] == ["九(9)班", "？？"]
