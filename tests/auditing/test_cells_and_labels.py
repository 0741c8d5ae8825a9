"""Edge labels and cells, written in the ways of schools, with the meaning worked out by hand; the command and its exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from typer.testing import CliRunner

from instances.bells import SectionKind
from instances.language import set_language
from instances.school import Weeks
from scheduler.cli.app import build_app
from scheduler.reading.timetable_cells import read_cell
from scheduler.reading.timetable_labels import Label, read_label
from scheduler.reading.timetable_names import class_in_title
from tests.auditing.layouts import master, week

LABELS = {
    "星期一": Label(day=1),
    "周五(9.5)": Label(day=5),
    "星期一\n9月1日": Label(day=1),
    "Wednesday": Label(day=3),
    "周一第1节": Label(day=1, periods=(1,)),
    "周三 上午 3": Label(day=3, periods=(3,), half=1),
    "1节\n08:20~09:00": Label(periods=(1,), clock=(500, 540)),
    "1 8:00-8:40": Label(periods=(1,), clock=(480, 520)),
    "8:00\n8:40": Label(clock=(480, 520)),
    "８：００—８：４０": Label(clock=(480, 520)),
    "1:30-2:10": Label(clock=(810, 850)),
    "第一节课": Label(periods=(1,)),
    "第1-2节": Label(periods=(1, 2)),
    "一二": Label(periods=(1, 2), bare=True),
    "十一": Label(periods=(11,), bare=True),
    "下午第2节": Label(periods=(2,), half=2),
    "大课间（9:00—9:30）": Label(clock=(540, 570), kind=SectionKind.LONG_BREAK),
    "眼保健操1": Label(kind=SectionKind.EYE_EXERCISE),
    "第八节 社团": Label(periods=(8,), kind=SectionKind.AFTER_SCHOOL),
    "晚自习": Label(kind=SectionKind.EVENING),
    "周一例会": Label(),
    "语文": Label(),
    "25:00-26:00": Label(),
    "": Label(),
}


@pytest.mark.parametrize("text", LABELS)
def test_labels(text: str) -> None:
    assert read_label(text) == LABELS[text]


Lesson = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], Weeks]
EVERY = Weeks.EVERY
CELLS: dict[tuple[str, str], list[Lesson]] = {
    ("语文\n孙雪", "class"): [("语文", ("孙雪",), (), (), EVERY)],
    ("【连】语文\n孙雪", "class"): [("语文", ("孙雪",), (), (), EVERY)],
    ("语文[double]\n孙雪", "class"): [("语文", ("孙雪",), (), (), EVERY)],
    ("语文(王)", "class"): [("语文", ("王",), (), (), EVERY)],
    ("语文 王老师", "class"): [("语文", ("王老师",), (), (), EVERY)],
    ("语文-王老师", "class"): [("语文", ("王老师",), (), (), EVERY)],
    ("语文(阅读)\n王", "class"): [("语文(阅读)", ("王",), (), (), EVERY)],
    ("数学\n张三、李四", "class"): [("数学", ("张三", "李四"), (), (), EVERY)],
    ("英语\n王/李", "class"): [("英语", ("王", "李"), (), (), EVERY)],
    ("音乐\n韩晓明、音乐室1", "class"): [("音乐", ("韩晓明",), (), ("音乐室1",), EVERY)],
    ("信息科技@微机室1\n王", "class"): [("信息科技", ("王",), (), ("微机室1",), EVERY)],
    ("【单】心理/【双】校本\n【单】余/【双】汪", "class"): [("心理", ("余",), (), (), Weeks.ODD), ("校本", ("汪",), (), (), Weeks.EVEN)],
    ("心理(0.5)", "class"): [("心理(0.5)", (), (), (), EVERY)],
    ("心理/校本", "class"): [("心理", (), (), (), Weeks.ODD), ("校本", (), (), (), Weeks.EVEN)],
    ("心理/【双】校本", "class"): [("心理", (), (), (), Weeks.ODD), ("校本", (), (), (), Weeks.EVEN)],
    ("单周：心理\n双周：校本", "class"): [("心理", (), (), (), Weeks.ODD), ("校本", (), (), (), Weeks.EVEN)],
    ("三年级1班\n语文", "teacher"): [("语文", (), ("三年级1班",), (), EVERY)],
    ("701", "teacher"): [("", (), ("701",), (), EVERY)],
    ("一1班、一2班\n体育", "teacher"): [("体育", (), ("一1班", "一2班"), (), EVERY)],
    ("七(4)班 体育 胡敏\n八(3)班 体育 曾丽", "room"): [
        ("体育", ("胡敏",), ("七(4)班",), (), EVERY),
        ("体育", ("曾丽",), ("八(3)班",), (), EVERY),
    ],
    ("—", "class"): [],
    ("无课", "class"): [],
}


@pytest.mark.parametrize(("text", "view"), CELLS)
def test_cells(text: str, view: str) -> None:
    content = read_cell((text,), view)
    assert content.readable
    assert [(x.label, x.teachers, tuple(c.label for c in x.classes), x.rooms, x.weeks) for x in content.lessons] == CELLS[text, view]


@pytest.mark.parametrize("text", ["???", "3+2", "6", "=A1", "语文\n数学\n王", "请假" * 80])
def test_what_is_no_lesson_is_not_guessed(text: str) -> None:
    assert not read_cell((text,), "class").readable


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["class", "teacher", "room"]))
def test_no_text_makes_the_grammar_fail(text: str, view: str) -> None:
    """Whatever stands in a cell is lessons, nothing, or unreadable; a readable lesson of a class has a name."""
    read_label(text)
    content = read_cell((text,), view)
    assert content.readable or not content.lessons
    assert all(lesson.label or lesson.classes for lesson in content.lessons)


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("三(1)班 课程表", "三(1)班"),
        ("实验小学六（12）班课程表", "六(12)班"),
        ("实验小学一年级1班课程表", "一年级1班"),
        ("七年级1班 课程表", "七年级1班"),
        ("八2班课表", "八2班"),
        ("高一(2)班 课程表", "高一(2)班"),
        ("语文一(上)册", None),
        ("第三周 一班一品", None),
    ],
)
def test_the_class_in_a_title(title: str, label: str | None) -> None:
    found = class_in_title(title)
    assert (found.label if found else None) == label


def test_the_command_and_its_exit_codes(tmp_path: Path) -> None:
    """1 for a timetable that breaks rules, 2 for what cannot be read (raised as InputError, which the command line turns into 2)."""
    from scheduler.errors import InputError

    set_language("en")
    path = master(week(0), tmp_path / "t.xlsx")
    run = CliRunner().invoke(build_app(), ["audit", str(path), "-o", str(tmp_path / "r.xlsx"), "--new-records", str(tmp_path / "n.xlsx")])
    assert run.exit_code == 1, run.output
    assert (tmp_path / "r.xlsx").is_file()
    assert (tmp_path / "n.xlsx").is_file()
    Workbook().save(tmp_path / "empty.xlsx")
    assert isinstance(CliRunner().invoke(build_app(), ["audit", str(tmp_path / "empty.xlsx")]).exception, InputError)
    assert isinstance(CliRunner().invoke(build_app(), ["audit", str(path), "--rules", str(tmp_path / "no.toml")]).exception, InputError)


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    path = master(week(0), tmp_path / "t.xlsx")
    before = path.read_bytes()
    run = CliRunner().invoke(build_app(), ["audit", str(path), "-o", str(path)])
    assert run.exit_code != 0
    assert path.read_bytes() == before
