"""The workbook that is handed out: sheets, headers, drop-downs, notes, print settings, safety."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pytest

from instances.bells import BellSchedule, Section
from instances.language import in_language
from instances.sample_school import sample_school
from instances.school import Course, Requirement, RequirementKind, Room, School, SchoolClass, Selector, Teacher
from scheduler.compiling.preferences import DEFAULT_PREFERENCES
from scheduler.plan_sheets import FORMS
from scheduler.plan_words import DAYS, GRADES, KINDS, PREFERENCES, REQUIRED, SEASONS, SECTIONS, WEEKS, YES
from scheduler.reading.template_requirements import NEEDS
from scheduler.writing.atomic import OutputError
from scheduler.writing.plan import new_plan, write_plan

GOLDEN = {
    "zh": {
        "学校": ["项目", "内容", "说明"],
        "作息时间": ["作息表", "季节", "年级", "星期", "开始", "结束", "类型", "名称", "节次", "默认", "不全"],
        "班级": ["班级", "年级", "班号", "人数", "班主任", "教室"],
        "教师": ["姓名", "任教科目", "教研组"],
        "课程计划": ["编号", "班级", "科目", "显示名", "教师", "每周节数", "连堂次数", "单双周", "场地", "走班组"],
        "场地": ["场地", "类型", "同时容纳班数"],
        "排课要求": ["类型", "性质", "班级", "年级", "教师", "教研组", "科目", "场地", "课程编号", "时间", "数量", "对象", "单双周", "权重",
                   "说明", "规则"],
    },
    "en": {
        "School": ["Item", "Value", "Remark"],
        "Bells": ["Schedule", "Season", "Grades", "Days", "Start", "End", "Kind", "Name", "Period", "Assumed", "Partial"],
        "Classes": ["Class", "Grade", "Number", "Pupils", "Home teacher", "Home room"],
        "Teachers": ["Name", "Subjects", "Group"],
        "Course plan": ["No.", "Classes", "Subject", "Printed name", "Teachers", "Lessons a week", "Doubles", "Weeks", "Room", "Block"],
        "Rooms": ["Room", "Kind", "Classes at once"],
        "Requirements": ["Kind", "Must or wish", "Classes", "Grades", "Teachers", "Groups", "Subjects", "Rooms", "Courses", "Time",
                         "Number", "Other", "Weeks", "Weight", "Text", "Rule"],
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_and_headers(language: str, tmp_path: Path) -> None:
    """The golden structure: what a school office has in its hands must not change by accident."""
    path = tmp_path / "plan.xlsx"
    new_plan(path, language)
    book = openpyxl.load_workbook(path)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert {sheet.title: [cell.value for cell in sheet[1]] for sheet in visible} == GOLDEN[language]
    for sheet in visible:
        assert sheet.freeze_panes == "B2"
        assert sheet.page_setup.paperSize == 9, "A4"
        assert sheet.print_title_rows == "$1:$1"
        assert all(cell.comment is not None and len(cell.comment.text) > 3 for cell in sheet[1])
        assert all((dimension.width or 0) >= 8 for dimension in sheet.column_dimensions.values())
    with_lists = {sheet.title for sheet in visible if sheet.data_validations.dataValidation}
    assert len(with_lists) == 5, "bells, classes, teachers, course plan, requirements"


def test_drop_downs_point_at_words_and_names_that_are_there(tmp_path: Path) -> None:
    """Every list of the requirements' kinds, the classes and the teachers holds what it should, with no hole."""
    path = tmp_path / "plan.xlsx"
    write_plan(sample_school(), path)
    book = openpyxl.load_workbook(path)

    def words(sheet: str, header: str) -> list[object]:
        column = [cell.value for cell in book[sheet][1]].index(header)
        cell = book[sheet].cell(2, column + 1).coordinate
        rule = next(rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref)
        name, span = rule.formula1.split("!")
        return [cell.value for row in book[name.strip("'")][span.replace("$", "")] for cell in row if cell.value is not None]

    assert words("排课要求", "类型") == KINDS.texts("zh")
    assert words("课程计划", "班级") == ["三年级1班", "三年级2班"]
    assert "高远" in words("课程计划", "教师")
    assert words("作息时间", "类型") == SECTIONS.texts("zh")


def test_a_sheet_that_would_be_blank_shows_an_example(tmp_path: Path) -> None:
    """Without rooms and requirements there is one row each that shows how to fill them in."""
    path = tmp_path / "plan.xlsx"
    write_plan(replace(sample_school(), rooms=(), requirements=()), path)
    book = openpyxl.load_workbook(path)
    assert str(book["场地"]["A2"].value).startswith("示例：")
    assert str(book["排课要求"]["A2"].value).startswith("示例：")


def test_no_text_becomes_a_formula_and_bytes_repeat(tmp_path: Path) -> None:
    """Names that begin like formulas are stored as text; the same school gives the same file."""
    school = sample_school()
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")']
    teachers = tuple(replace(t, group=evil[i % len(evil)]) for i, t in enumerate(school.teachers))
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (first, second):
        write_plan(replace(school, name="=cmd|' /C calc'!A0", teachers=teachers), path)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_a_new_plan_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    """kebiao new refuses, in both languages, and leaves the file alone."""
    path = tmp_path / "plan.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        new_plan(path)
    texts = set()
    for language in ("zh", "en"):
        with in_language(language):
            texts.add(str(caught.value))
    assert len(texts) == 2
    assert path.read_text(encoding="utf-8") == "mine"


def test_the_sample_school_adds_up() -> None:
    """30 lessons a class in 30 periods, nobody has more lessons than half the week, no class is without a lesson."""
    school = sample_school()
    bell = school.bell_of(3)
    periods = sum(len(bell.lessons(day)) for day in bell.days)
    lessons = Counter({c.name: sum(x.periods for x in school.courses if c.name in x.classes) for c in school.classes})
    assert set(lessons.values()) == {periods} == {30}
    load = Counter[str]()
    for course in school.courses:
        load.update({name: int(course.periods) for name in course.teachers})
    assert max(load.values()) <= 15


def test_every_value_has_one_word_in_each_language() -> None:
    """No two values of a list share a spelling, none is forgotten."""
    assert set(KINDS.words) == set(RequirementKind) == set(NEEDS)
    assert set(PREFERENCES.words) >= set(DEFAULT_PREFERENCES)
    for words in (KINDS, SECTIONS, WEEKS, REQUIRED, YES, SEASONS, DAYS, GRADES, PREFERENCES):
        for value, word in words.words.items():  # type: ignore[attr-defined]
            assert all(words.value(form) == value for form in word.forms()), word
    for form in FORMS:
        for language in ("zh", "en"):
            headers = [column.header.text(language) for column in form.columns]
            assert len(set(headers)) == len(headers)
            assert [form.column(header) for header in headers] == list(form.columns)


def test_the_plan_has_a_column_for_every_field_of_the_nouns() -> None:
    """A field that is added to a noun and not to the plan would be lost on the way through Excel."""
    columns = {form.id: {column.id for column in form.columns} for form in FORMS}
    nouns = {
        "classes": (SchoolClass, {}),
        "teachers": (Teacher, {}),
        "rooms": (Room, {}),
        "courses": (Course, {}),
        "requirements": (Requirement, {"scope": "classes"}),
        "bells": (BellSchedule, {}),
    }
    for form, (noun, renamed) in nouns.items():
        names = {renamed.get(f.name, f.name) for f in fields(noun)} - {"origin", "notes"}
        assert names <= columns[form], form
    assert {"label" if f.name == "name" else f.name for f in fields(Section)} - {"origin"} <= columns["bells"]
    assert {f.name for f in fields(Selector)} <= columns["requirements"]
    assert {f.name for f in fields(School)} == {
        "name", "classes", "teachers", "courses", "bells", "rooms", "requirements", "rulesets", "weights", "notes", "origin",
    }  # fmt: skip
