"""The real course plans of the benchmarks (not part of the project; found through KEBIAO_BENCHMARKS)."""

from __future__ import annotations

import os
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import pytest

from instances.bells import SectionKind
from instances.school import RequirementKind as K
from instances.school import Slot, Weeks
from scheduler.reading.read import read_school
from tests.reading.sheets import echo

FOLDER = Path(os.environ.get("KEBIAO_BENCHMARKS", Path(__file__).parents[2].parent / "shared" / "benchmarks")) / "excel"
PRIMARY = FOLDER / "primary51_course_plan_hengdapi.xlsx"
SENIOR = [FOLDER / "senior20_teaching_assignment_matrix_zsyang168_anon.xlsx", FOLDER / "senior20_course_info_zsyang168.xlsx"]

pytestmark = pytest.mark.skipif(not PRIMARY.exists(), reason=f"the benchmark workbooks are not in {FOLDER}")


def weekly(school):
    totals = defaultdict(Fraction)
    for course in school.courses:
        for name in course.classes:
            totals[name] += course.periods
    return totals


def test_primary51_is_read_whole():
    """51 classes (9, 11, 7, 8, 8, 8 by grade), 133 teachers, 741 tasks, 23 subject columns, 30 lessons in every class (SOURCES.md)."""
    school = read_school([PRIMARY])
    assert [sum(1 for c in school.classes if c.grade == g) for g in range(1, 7)] == [9, 11, 7, 8, 8, 8]
    assert (len(school.teachers), len(school.courses)) == (133, 741)
    assert len({c.label for c in school.courses}) == 23
    assert set(weekly(school).values()) == {30}
    halves = [c for c in school.courses if c.periods == Fraction(1, 2)]
    assert {c.label for c in halves} == {"校本人工智能", "地方", "心理"}
    assert {c.weeks for c in halves} == {Weeks.EITHER}
    assert {c.subject for c in school.courses if c.label.startswith("体育")} == {"体育"}


def test_primary51_defaults():
    """No bells: six lessons a day from 8:20. No rooms: at most six PE classes at once (173 lessons in 30 periods)."""
    school = read_school(PRIMARY)
    (bell,) = school.bells
    assert bell.assumed
    assert [len(bell.lessons(day)) for day in range(1, 6)] == [6] * 5
    assert bell.lessons(1)[0].start == 8 * 60 + 20
    (limit,) = [r for r in school.requirements if r.kind is K.AT_MOST_AT_ONCE]
    assert (limit.count, limit.required, limit.scope.subjects) == (6, True, ("体育",))
    assert {n.assumed for n in school.notes} == {True, False}


@pytest.mark.parametrize("order", [1, -1])
def test_senior20_is_read_from_two_workbooks_in_any_order(order):
    school = read_school(SENIOR[::order])
    assert len(school.classes) == 20
    assert {(c.grade, c.number) for c in school.classes} == {(10, n) for n in range(1, 21)}
    assert school.classes[0].name == "高一（1）"
    assert (school.classes[0].home_teacher, school.classes[0].room) == ("教师001", "崇正楼201")
    assert len(school.courses) == 20 * 13
    assert set(weekly(school).values()) == {37}
    assert sum(1 for c in school.courses if c.teachers == ("代课2",)) == 7
    assert {c.label for c in school.courses if not c.teachers} == {"体育"}
    assert [len(b.lessons(1)) for b in school.bells] == [8]


def test_senior20_reserved_times():
    """语文 4:2-4: its eleven teachers are free on Thursday, periods 2 to 4."""
    reserved = [r for r in read_school(SENIOR).requirements if r.kind is K.FORBIDDEN]
    assert len(reserved) == 9
    chinese = next(r for r in reserved if "教师001" in r.scope.teachers)
    assert chinese.slots == (Slot(4, 2), Slot(4, 3), Slot(4, 4))
    assert len(chinese.scope.teachers) == 11


def test_senior20_echo_names_what_is_odd():
    said = echo(read_school(SENIOR))
    for text in (
        "代课2 stands for one substitute",
        "体育 has hours but no column of teachers",
        "政治 is understood as 思想政治",
        "classes down, subjects across",
    ):
        assert text in said


def test_default_bells_of_the_real_plans_have_an_activity_period_each_afternoon():
    for school in (read_school(PRIMARY), read_school(SENIOR)):
        for bell in school.bells:
            for day in range(1, 6):
                (activity,) = [s for s in bell.days[day] if s.kind is SectionKind.ACTIVITY]
                assert activity.period == len(bell.lessons(day)) + 1
                assert activity.start >= bell.lessons(day)[-1].end
