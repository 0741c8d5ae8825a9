"""Replanning: nothing moves without need, the fewest move with need, locks hold, and the answer is legal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import evaluate
from constraints.kind import Placing
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.prefer_times import PreferTimes
from instances.lessons import SchoolTimetable
from instances.school import Requirement, RequirementKind, Room, School, SchoolClass, Selector, Slot, Teacher
from instances.timetable import TimetableView
from scheduler.compiling.compile import compile_school
from scheduler.compiling.placing_back import place_back
from scheduler.errors import Infeasible, InputError
from scheduler.replanning.living import Living, living
from scheduler.replanning.locks import parse_lock, parse_locks
from scheduler.replanning.moves import moves_between
from scheduler.replanning.replan import Locked, replan
from scheduler.replanning.replan_school import ReplannedSchool, locked_periods, replan_school, write_replanned
from scheduler.replanning.reread import Reread
from scheduler.solving.options import SolveOptions
from tests.builders import event, grid, place, problem
from tests.compiling.small_school import course
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


def test_a_new_class_takes_part_of_the_lessons_and_the_others_stay() -> None:
    """班级拆分: a third class with teachers of its own but for PE; its lessons are new, nobody else has to move."""
    school = plan()
    own = [course(subject, "三(3)班", "新六", periods) for subject, periods in (("语文", 4), ("数学", 3), ("音乐", 1), ("班会", 1))]
    split = replace(
        school,
        classes=(*school.classes, SchoolClass("三(3)班", 3, 3)),
        teachers=(*school.teachers, Teacher("新六")),
        courses=(*school.courses, *own, course("体育", "三(3)班", "何四", 2)),
    )
    result = replan_school(living(split, in_force(), ()), OPTIONS)
    moves = result.replanned.moves
    assert required(result) == 0
    assert (moves.moved, moves.added, moves.dropped) == (0, 11, 0)
    assert {change.name for change in result.changes if change.kind == "class"} == {"三(3)班"}


def test_half_of_the_lessons_of_a_teacher_go_to_another() -> None:
    """A change of teacher is no move: it is counted apart."""
    school = plan()
    taken = replace(
        school,
        teachers=(*school.teachers, Teacher("新六")),
        courses=tuple(replace(c, teachers=("新六",)) if c.id == "三(1)班-数学" else c for c in school.courses),
    )
    result = replan_school(living(taken, in_force(), ()), OPTIONS)
    assert (result.replanned.moves.moved, result.retaught) == (0, 3)
    assert any("3 lessons keep their time and have another teacher" in fact for fact in result.facts())


def with_labs(*rooms: Room, closed_in: tuple[tuple[int, int], ...] = ()) -> School:
    """The plan with music in rooms of a kind; the first of them may be closed in some (day, period)."""
    school = plan(
        *([Requirement(RequirementKind.FORBIDDEN, Selector(rooms=("音乐室1",)), tuple(Slot(*x) for x in closed_in))] * bool(closed_in))
    )
    courses = tuple(replace(c, room="音乐室") if c.subject == "音乐" else c for c in school.courses)
    return replace(school, courses=courses, rooms=rooms)


def in_first_room() -> SchoolTimetable:
    """The timetable in force with all music in the first room."""
    return replace(in_force(), lessons=tuple(replace(x, rooms=("音乐室1",)) if x.subject == "音乐" else x for x in in_force().lessons))


ONE, TWO = Room("音乐室1", "音乐室"), Room("音乐室2", "音乐室")


def test_a_closed_room_is_left_at_the_same_time_where_another_is_free() -> None:
    """Both music lessons stood in room 1, which closes for the week: both go to room 2, no time changes, and that is the least."""
    week = tuple((day, period) for day in (1, 2, 3) for period in (1, 2, 3, 4))
    result = replan_school(living(with_labs(ONE, TWO, closed_in=week), in_first_room(), ()), OPTIONS)
    moves = result.replanned.moves
    assert required(result) == 0
    assert (moves.moved, moves.rooms, result.replanned.moves_bound) == (2, 2, 2)
    assert {x.rooms for x in result.outcome.timetable.lessons if x.subject == "音乐"} == {("音乐室2",)}  # type: ignore[union-attr]


def test_the_only_room_that_closes_for_a_period_moves_the_lesson_that_stands_there() -> None:
    lesson = next(x for x in in_force().by_class["三(1)班"] if x.subject == "音乐")
    changed = with_labs(ONE, closed_in=((lesson.day, lesson.period),))
    result = replan_school(living(changed, in_first_room(), ()), OPTIONS)
    moves = result.replanned.moves
    assert required(result) == 0
    assert 1 <= moves.moved == result.replanned.moves_bound <= 2
    assert moves.rooms == 0


def test_a_room_that_the_plan_no_longer_has_is_no_move() -> None:
    result = replan_school(living(with_labs(TWO, replace(TWO, name="音乐室3")), in_first_room(), ()), OPTIONS)
    assert (result.replanned.moves.moved, result.rehoused) == (0, 2)


def ruled(*requirements: Requirement) -> Living:
    """The case when rule sets ask for ``requirements``."""
    school = plan()
    compiled = compile_school(school, (), requirements)
    return Living(school, (), Placing((), requirements, ()), compiled, Reread(in_force(), in_force()), place_back(compiled, in_force()))


def test_a_rule_that_cannot_hold_gives_way_and_is_named_and_the_others_hold() -> None:
    """One rule leaves the music teacher no period at all, another closes a period in which PE stands: only the first gives way."""
    every = [(day, period) for day in (1, 2, 3) for period in (1, 2, 3, 4)]
    lesson = next(x for x in in_force().by_teacher["何四"])
    hopeless = replace(closed("叶五", *every), rule="no-music")
    fair = replace(closed("何四", (lesson.day, lesson.period)), rule="no-pe-then")
    result = replan_school(ruled(hopeless, fair), OPTIONS)
    assert result.outcome.gave_way
    assert all("no-music" in str(text) for text in result.outcome.gave_way)
    assert not any((x.day, x.period) == (lesson.day, lesson.period) for x in result.outcome.timetable.by_teacher["何四"])  # type: ignore[union-attr]
    assert any("no-music" in fact for fact in result.facts())


def test_rules_that_can_hold_do_not_give_way_to_locks() -> None:
    """A lock that stands against a rule is refused: the rule is not given up for it."""
    lesson = next(x for x in in_force().by_teacher["叶五"])
    disrupted = ruled(replace(closed("叶五", (lesson.day, lesson.period)), rule="no-music-then"))
    with pytest.raises(Locked):
        replan_school(disrupted, OPTIONS, locks=parse_locks(["叶五"], disrupted.school))


def test_a_deterministic_run_gives_the_same_bytes(tmp_path: Path) -> None:
    lesson = next(x for x in in_force().by_class["三(1)班"] if x.subject == "音乐")
    written = []
    for name in ("first.xlsx", "second.xlsx"):
        disrupted = case(closed("叶五", (lesson.day, lesson.period)), wishes=True)
        result = replan_school(disrupted, SolveOptions(time_limit=5, deterministic=True))
        assert result.replanned.moves.moved > 0
        write_replanned(result, tmp_path / name, language="zh")
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_fewer_moves_would_do(rng: Random) -> None:
    """A class of five lessons in six times, some closed: the least number of moves is found by trying all timetables."""
    times = grid(2, 3)
    stands = rng.sample(range(6), 5)
    shut = {n: tuple(rng.sample(range(6), rng.randint(0, 3))) for n in range(5)}
    wishes = [
        PreferTimes(id=f"open{n}", name="open", events=(n,), times=tuple(t for t in range(6) if t not in closed_times), required=True)
        for n, closed_times in shut.items()
    ]
    clash = AvoidClashes(id="clash", name="clash", resources=(0,))
    placed = AssignTime(id="placed", name="placed", events=tuple(range(5)))
    made = problem(times, ["class"], [event(f"e{n}", 1, 0) for n in range(5)], [clash, placed, *wishes])
    old = place(made, *((n, start, 1) for n, start in enumerate(stands)))
    legal = [p for p in permutations(range(6), 5) if all(t not in shut[n] for n, t in enumerate(p))]
    if not legal:
        with pytest.raises(Infeasible):
            replan(made, old, OPTIONS)
        return
    found = replan(made, old, OPTIONS)
    assert found.moves.moved == found.moves_bound == min(sum(a != b for a, b in zip(p, stands, strict=True)) for p in legal)
