"""Default bells and the PE default."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.bells import SectionKind as S
from instances.school import Course
from scheduler.reading.defaults import default_bells, lessons_by_day, pe_capacity


@pytest.mark.parametrize(
    ("weekly", "grade", "expected"),
    [
        (30, 3, 6),
        (26, 1, 6),
        (34, 7, 7),
        (35, 8, 7),
        (37, 10, 8),
        (45, 9, 9),
        (40, 11, 8),
        (Fraction(61, 2), 4, 7),
        (10, 1, 6),
        (50, 12, 10),
    ],
)
def test_lessons_a_day_fit_the_plan(weekly, grade, expected):
    bell = default_bells([grade], weekly)
    assert [len(bell.lessons(day)) for day in (1, 2, 3, 4, 5)] == [expected] * 5
    assert sum(1 for s in bell.lessons(1) if s.start < bell.noon(1)) == 4


@given(st.integers(1, 12), st.integers(0, 60))
@settings(deadline=None, max_examples=150)
def test_default_bells_obey_the_national_rules(grade, weekly):
    """First lesson, four in the morning, long break of 30 minutes, eye exercises twice, 40 to 60 minutes of activity, no overlap."""
    bell = default_bells([grade], weekly)
    assert sum(len(bell.lessons(day)) for day in bell.days) >= weekly
    for day in range(1, 6):
        sections = bell.days[day]
        assert all(a.end <= b.start for a, b in itertools.pairwise(sections))
        assert all(s.start <= s.end for s in sections)
        assert bell.lessons(day)[0].start >= (500 if grade <= 6 else 480)
        assert sum(1 for s in bell.lessons(day) if s.start < bell.noon(day)) <= 4
        assert [s.minutes for s in sections if s.kind is S.LONG_BREAK] == [30]
        eyes = [s.start < bell.noon(day) for s in sections if s.kind is S.EYE_EXERCISE]
        assert eyes == [True, False]
        (activity,) = [s for s in sections if s.kind is S.ACTIVITY]
        assert 40 <= activity.minutes <= 60
        assert activity.start > bell.noon(day)
        assert [s.period for s in bell.lessons(day)] == list(range(1, len(bell.lessons(day)) + 1))
        assert activity.period == len(bell.lessons(day)) + 1


@given(st.integers(0, 60))
@settings(deadline=None, max_examples=61)
def test_lessons_by_day_add_up(weekly):
    days = lessons_by_day(weekly)
    assert sum(days.values()) == weekly
    assert max(days.values()) - min(days.values()) <= 1


def pe(classes, each):
    return [Course(f"{n}", "体育", (f"{n}班",), (), Fraction(each)) for n in range(classes)]


@pytest.mark.parametrize(("classes", "each", "limit"), [(51, 3, 6), (10, 3, 3), (36, 4, 5), (60, 3, 6)])
def test_pe_limit_is_what_arithmetic_allows_and_at_least_three(classes, each, limit):
    """51 classes x 3 lessons in 30 periods = 5.1, so 6."""
    requirement, note = pe_capacity(pe(classes, each), [default_bells([3], 30)])
    assert requirement.count == limit
    assert limit * 30 >= classes * each
    assert note.assumed


def test_no_pe_limit_where_three_classes_or_fewer_have_pe():
    assert pe_capacity(pe(3, 4), [default_bells([3], 30)]) is None
    assert pe_capacity([], [default_bells([3], 30)]) is None
