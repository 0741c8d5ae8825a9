"""Subject names in the spellings of schools."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances import subjects


@pytest.mark.parametrize(
    ("text", "grade", "name"),
    [
        ("体育与健康", None, "体育"),
        ("体育一", 3, "体育"),
        ("体育四", 3, "体育"),
        ("体育（二）", 3, "体育"),
        ("体育2", 3, "体育"),
        ("语", None, "语文"),
        ("语 文", None, "语文"),
        ("数", None, "数学"),
        ("外语", None, "英语"),
        ("音", None, "音乐"),
        ("书", None, "书法"),
        ("微机", 5, "信息科技"),
        ("微机", 10, "信息技术"),
        ("信息技术", 8, "信息科技"),
        ("信息技术", 11, "信息技术"),
        ("政治", 8, "道德与法治"),
        ("政治", 10, "思想政治"),
        ("道法", 2, "道德与法治"),
        ("品德", 2, "道德与法治"),
        ("班队会", 1, "班会"),
        ("少先队活动", 1, "班会"),
        ("综合", 4, "综合实践"),
        ("心理健康教育", 7, "心理"),
        ("校本", 7, "校本课程"),
        ("PE", 7, "体育"),
        ("Math", 7, "数学"),
        ("化学(二)", 10, "化学"),
    ],
)
def test_known(text, grade, name):
    read = subjects.parse(text, grade)
    assert read.known
    assert read.name == name


@pytest.mark.parametrize(
    ("text", "name", "label"), [("心理(0.5)", "心理", "心理"), ("地方（0.5）", "地方课程", "地方"), ("心理 0.5", "心理", "心理")]
)
def test_half_lessons_in_the_name(text, name, label):
    read = subjects.parse(text)
    assert (read.name, read.label, read.factor) == (name, label, Fraction(1, 2))


def test_unknown_subjects_stay_as_they_are():
    read = subjects.parse("校本人工智能(0.5)")
    assert (read.name, read.label, read.known, read.factor) == ("校本人工智能", "校本人工智能", False, Fraction(1, 2))
    assert subjects.parse("国学").factor is None


def test_every_canonical_name_is_itself_up_to_grade_nine():
    for name in subjects.CANONICAL:
        grade = 10 if name in ("思想政治", "信息技术", "通用技术") else 7
        assert subjects.canonical(name, grade) == name


def test_traits_name_canonical_subjects():
    for trait in (subjects.MAIN, subjects.PE, subjects.ACTIVITY, subjects.ARTS, subjects.SCIENCES, subjects.EXAM, subjects.PRACTICE):
        assert trait <= set(subjects.CANONICAL)


@given(st.text(max_size=15), st.one_of(st.none(), st.integers(1, 12)))
@settings(deadline=None, max_examples=200)
def test_any_text_has_a_name(text, grade):
    assert isinstance(subjects.canonical(text, grade), str)
