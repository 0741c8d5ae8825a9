"""The pre-check: numbers by hand, and never a false alarm."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instances.language import in_language
from instances.school import School, Slot, Weeks
from scheduler.explaining.precheck import Precheck, precheck
from scheduler.solving.feasible import Found, feasible
from scheduler.solving.stopping import Deadline
from tests.explaining.schools import ONE, K, cell, more_lessons, row, school, slots, submodels


def check(plan: School) -> Precheck:
    return precheck(submodels(plan))


def texts(plan: School) -> list[str]:
    with in_language("en"):
        return [str(shortage.message) for shortage in check(plan).shortages]


def test_a_plan_that_fits_has_no_shortage():
    assert check(school()).shortages == ()


def test_class_with_more_lessons_than_periods():
    """30 lessons in 30 periods, music up from 2 to 6: 34 in 30."""
    (found,) = texts(more_lessons(school(), "音乐", 6))
    assert found.startswith("三年级1班: 34 lessons must stand in 30 open periods; only 30 have room")


def test_teacher_with_closed_days_names_row_cell_and_numbers():
    """10 maths lessons, Monday only, at most 2 a day in each class: 4 of the 10."""
    plan = school(row(K.FORBIDDEN, "高远只有周一来", *slots(range(2, 6), range(1, 7)), teachers=("高远",)))
    shortage = next(s for s in check(plan).shortages if len(s.events) == 2)
    with in_language("en"):
        text = str(shortage.message)
    assert text.startswith("高远 teaches 10 lessons that must stand in 6 open periods; only 4 have room")
    assert "高远只有周一来" in text
    assert cell(2) in shortage.origins


def test_rooms_over_a_set_of_slots():
    """The computer room takes one class at a time and is open in one period; two classes need it once each."""
    open_only = Slot(1, 1)
    closed = tuple(s for s in slots(range(1, 6), range(1, 7)) if s != open_only)
    found = texts(school(row(K.FORBIDDEN, "机房维护", *closed, rooms=("微机室",))))
    assert any(text.startswith("2 lessons need 微机室 in 1 open periods; only 1 have room") for text in found)


@pytest.mark.parametrize(
    ("added", "says"),
    [
        (row(K.SAME_TIME, "同上", subjects=("数学",)), "cannot run together, both need 高远"),
        (row(K.MIN_PER_DAY, "每天英语", count=1, subjects=("英语",)), "has 3 lessons a week, 5 are needed"),
        (
            row(K.TEACHER_MAX_DAYS, "一天", count=1, teachers=("高远",)),
            "高远 has 10 lessons a week, and at most 1 parts of the week hold 4",
        ),
        (row(K.FIXED, "固定", *slots((1, 2, 3), (1,)), subjects=("美术",)), "has 2 lessons a week and is fixed to 3 periods"),
        (row(K.DAYS_BETWEEN, "隔天", count=5, subjects=("语文",)), "1 days lie far enough apart, with at most 2 lessons each"),
        (row(K.DOUBLES, "连堂", count=2, subjects=("英语",)), "2 double periods take 4 lessons, the plan has 3"),
    ],
)
def test_rows_that_ask_for_too_much(added, says):
    assert any(says in text for text in texts(school(added)))


def test_a_lesson_that_can_stand_nowhere_is_told_once_with_the_row_that_closes_it():
    """A meeting of the class and its teachers on Monday 1, where one of them is away: one finding, not one for each member."""
    plan = school(
        row(K.EVENT, "家长会", Slot(1, 1), classes=(ONE,), teachers=("高远", "苏晴")),
        row(K.FORBIDDEN, "高远周一外出", Slot(1, 1), teachers=("高远",)),
    )
    found = [text for text in texts(plan) if "家长会" in text]
    assert len(found) == 1
    assert "no period is open to it" in found[0]
    assert "高远周一外出" in found[0]


def test_two_subjects_of_a_class_fixed_to_one_period():
    plan = school(
        row(K.FIXED, "音乐固定", Slot(2, 3), classes=(ONE,), subjects=("音乐",)),
        row(K.FIXED, "美术固定", Slot(2, 3), classes=(ONE,), subjects=("美术",)),
    )
    assert any("are fixed to" in text and "all need 叶青, 三年级1班" in text for text in texts(plan))


def test_daily_limit_of_a_teacher_counts_with_the_days():
    """10 maths lessons, at most 3 a day, on at most 3 days: 9."""
    plan = school(
        row(K.TEACHER_MAX_DAYS, "三天", count=3, teachers=("高远",)), row(K.TEACHER_MAX_DAY, "每天三节", count=3, teachers=("高远",))
    )
    assert any("高远 has 10 lessons a week, and at most 3 parts of the week hold 9" in text for text in texts(plan))


def test_odd_weeks_are_named_with_the_row():
    """29 weekly lessons and two fortnightly ones in 30 periods: 30 a week if they alternate, 31 in odd weeks if both are odd."""
    plan = school()
    half = next(c for c in plan.courses if c.subject == "音乐" and ONE in c.classes)
    other = next(c for c in plan.courses if c.subject == "美术" and ONE in c.classes)
    full = sum(c.periods for c in plan.courses if ONE in c.classes and c not in (half, other))
    courses = [c for c in plan.courses if c not in (half, other)]
    filler = next(c for c in courses if c.subject == "语文" and ONE in c.classes)
    courses[courses.index(filler)] = replace(filler, periods=filler.periods + 29 - full)
    odd = [replace(c, periods=Fraction(1, 2), weeks=Weeks.ODD) for c in (half, other)]
    found = texts(replace(plan, courses=(*courses, *odd)))
    assert any(text.startswith("in odd weeks: 三年级1班: 31 lessons must stand in 30 open periods") for text in found)


def test_doubles_that_the_plan_rounds_are_a_warning_only():
    """Two doubles of a subject with two lessons: the lessons stand as one double, which is possible."""
    found = check(school(row(K.DOUBLES, "连堂", count=2, subjects=("科学",))))
    assert found.shortages
    assert not found.fatal


WISHES = st.lists(
    st.one_of(
        st.builds(
            lambda who, first, last: row(K.FORBIDDEN, "禁排", *slots(range(first, last + 1), range(1, 7)), teachers=(who,)),
            st.sampled_from(["高远", "苏晴", "叶青"]), st.integers(1, 3), st.integers(1, 5),
        ),
        st.builds(lambda n: row(K.TEACHER_MAX_DAY, "每天", count=n, teachers=("高远",)), st.integers(1, 4)),
        st.builds(
            lambda n, s: row(K.MAX_PER_DAY, "每天", count=n, subjects=s),
            st.integers(1, 2),
            st.sampled_from([("语文", "数学"), ("数学",)]),
        ),
        st.builds(lambda n: row(K.AT_MOST_AT_ONCE, "同时", count=n, subjects=("体育", "音乐", "美术")), st.integers(1, 2)),
        st.builds(lambda p: row(K.FORBIDDEN, "停课", *slots((1,), range(1, p + 1)), classes=(ONE,)), st.integers(1, 2)),
    ),
    max_size=3,
)  # fmt: skip


@given(WISHES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_false_alarm(rows):
    """Where counting says "impossible", CP-SAT finds no timetable (rows of the sample school left out to leave some room)."""
    plan = school(*rows)
    plan = replace(plan, courses=tuple(c for c in plan.courses if c.subject not in ("综合实践", "道德与法治")))
    parts = submodels(plan)
    if precheck(parts).fatal:
        assert feasible(parts.problem, Deadline(20), 20).found is not Found.TIMETABLE
