"""Class names of every style seen in real files become (grade, number)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.class_names import entry_year, grade_label, parse, parse_grade, parse_many, school_year_of
from instances.school import Stage
from instances.spelling import normalise, number_of

STYLES = [
    ("一年级1班", (1, 1)),
    ("高一（1）", (10, 1)),
    ("高一（20）", (10, 20)),
    ("701", (7, 1)),
    ("301", (3, 1)),
    ("1203", (12, 3)),
    ("初二(5)班", (8, 5)),
    ("初一(1)班", (7, 1)),
    ("5-1", (5, 1)),
    ("5—1", (5, 1)),
    ("12E", (12, 5)),
    ("12 I", (12, 9)),
    ("7A班", (7, 1)),
    ("七年级1班", (7, 1)),
    ("七年级（十二）班", (7, 12)),
    ("七(1)班", (7, 1)),
    ("七（１）班", (7, 1)),
    ("七1班", (7, 1)),
    ("3(2)班", (3, 2)),
    ("三年二班", (3, 2)),
    ("高二十二班", (11, 12)),
    ("高3-2", (12, 2)),
    ("小学五年级(2)班", (5, 2)),
    ("初中二年级3班", (8, 3)),
    ("初中七年级3班", (7, 3)),
    ("高一01班", (10, 1)),
    ("101班", (1, 1)),
    ("Grade 7 Class 2", (7, 2)),
    ("高一1班(实验)", (10, 1)),
    ("高一实验班", (10, None)),
    (" 高 一 (3) 班 ", (10, 3)),
    ("九年级①班", (9, 1)),
    ("八 年 级 2 班", (8, 2)),
]


@pytest.mark.parametrize(("text", "expected"), STYLES)
def test_style(text, expected):
    name = parse(text)
    assert name is not None
    assert (name.grade, name.number) == expected


def test_label_is_kept_as_written():
    assert parse("高一（1）").label == "高一（1）"


@pytest.mark.parametrize("text", ["1", "(1)班", "一班", "①", "１班", "A班"])
def test_plain_numbers_need_a_grade_from_elsewhere(text):
    assert parse(text) is None
    assert (parse(text, 9).grade, parse(text, 9).number) == (9, 1)


@pytest.mark.parametrize("text", ["合计", "语文", "", "班级", "0", "孙雪", "七年级", "初三", "备注", "13年级1班", "1999"])
def test_no_class(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "stage", "year", "expected"),
    [
        ("2023级1班", Stage.JUNIOR, 2025, (9, 1)),
        ("2025级1班", Stage.JUNIOR, 2025, (7, 1)),
        ("2023级1班", Stage.SENIOR, 2025, (12, 1)),
        ("2023级(1)班", Stage.PRIMARY, 2025, (3, 1)),
        ("高2024级3班", None, 2025, (11, 3)),
        ("2021级2班", None, 2025, (5, 2)),  # in its fifth year: primary
        ("初2026届3班", None, 2025, (9, 3)),
        ("2019级1班", Stage.JUNIOR, 2025, None),  # gone
        ("2023级1班", Stage.JUNIOR, None, None),
    ],
)
def test_year_of_entry(text, stage, year, expected):
    name = parse(text, stage=stage, school_year=year)
    assert (name and (name.grade, name.number)) == expected


@pytest.mark.parametrize(
    ("text", "grade", "expected"),
    [
        ("1,2", 7, [(7, 1), (7, 2)]),
        ("1，2", 7, [(7, 1), (7, 2)]),
        ("1、2班", 7, [(7, 1), (7, 2)]),
        ("1-3", 7, [(7, 1), (7, 2), (7, 3)]),
        ("1-3", None, [(1, 3)]),
        ("1~4班", 8, [(8, 1), (8, 2), (8, 3), (8, 4)]),
        ("七1、2班", None, [(7, 1), (7, 2)]),
        ("701 702", None, [(7, 1), (7, 2)]),
        ("1.2", 9, [(9, 1), (9, 2)]),
        ("一(1)班、一(2)班", None, [(1, 1), (1, 2)]),
        ("七（1）-（3）班", None, [(7, 1), (7, 2), (7, 3)]),
        ("高一(1)班和高二(3)班", None, [(10, 1), (11, 3)]),
    ],
)
def test_lists(text, grade, expected):
    assert [(name.grade, name.number) for name in parse_many(text, grade)] == expected


@pytest.mark.parametrize("text", ["1,谁", "3-1", "全部"])
def test_lists_that_are_not_understood(text):
    assert parse_many(text, 7) is None


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("初三", 9),
        ("七年级", 7),
        ("高一年级", 10),
        ("7", 7),
        ("九", 9),
        ("初中二年级", 8),
        ("小学六年级", 6),
        ("一年级任课表", 1),
        ("语文", None),
        ("13", None),
    ],
)
def test_grades(text, grade):
    assert parse_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "year"),
    [("2025-2026学年第一学期", 2025), ("2017秋期科任教师", 2017), ("2026年春季", 2025), ("2025—2026学年度", 2025), ("课程表", None)],
)
def test_school_years(text, year):
    assert school_year_of(text) == year


def test_entry_year():
    assert entry_year("23级1班") == 2023
    assert entry_year("三班") is None


@given(st.integers(1, 12), st.integers(1, 40))
@settings(deadline=None, max_examples=150)
def test_every_grade_and_number_in_six_styles(grade, number):
    """The usual name of any class reads back, with any brackets."""
    label = grade_label(grade)
    short = label.removesuffix("年级")
    for text in (
        f"{label}{number}班",
        f"{label}（{number}）班",
        f"{short}({number})班",
        f"{short} {number} 班",
        f"{grade}-{number}",
        f"{grade}{number:02d}",
    ):
        name = parse(text)
        assert name is not None, text
        assert (name.grade, name.number) == (grade, number), text


@given(st.text(max_size=12), st.one_of(st.none(), st.integers(1, 12)))
@settings(deadline=None, max_examples=300)
def test_any_text_is_a_class_or_none(text, grade):
    """Nothing makes the parser fail, and a class always has a grade of 1 to 12."""
    for name in [parse(text, grade), *(parse_many(text, grade) or [])]:
        assert name is None or 1 <= name.grade <= 12


@given(st.integers(1, 99))
@settings(deadline=None, max_examples=99)
def test_chinese_numerals(number):
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    text = digits[ones] if not tens else ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
    assert number_of(text) == number
    assert number_of(str(number)) == number


@given(st.text(max_size=20))
@settings(deadline=None, max_examples=200)
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
