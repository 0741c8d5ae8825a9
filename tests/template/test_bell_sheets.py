"""Bell schedules as schools keep them: by grade, down and across, times as text and as Excel times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.bells import BellSchedule, SectionKind, clock
from instances.language import in_language
from scheduler.reading.bell_layouts import section_named
from scheduler.reading.bells import is_bell_sheet, read_bells
from scheduler.reading.echo import Echo
from scheduler.reading.template_table import clock_in
from scheduler.reading.workbook import Cell, Origin, open_workbook


def _read(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> tuple[list[BellSchedule], Echo]:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    echo = Echo()
    read = open_workbook(path)
    assert all(is_bell_sheet(sheet) for sheet in read.sheets)
    return read_bells(read.sheets, echo), echo


def _times(bell: BellSchedule, day: int = 1) -> list[str]:
    return [f"{s.period} {clock(s.start)}-{clock(s.end)}" for s in bell.lessons(day)]


def test_one_sheet_for_each_grade_with_the_noon_break_inferred(tmp_path: Path) -> None:
    """Grade 7 has eight lessons with the break after the fourth, grade 8 nine with the break after the fifth."""
    seven = ["8:00-8:40", "8:50-9:30", "10:00-10:40", "10:50-11:30", "14:00-14:40", "14:50-15:30", "15:40-16:20", "16:30-17:10"]
    eight = ["08:00~08:38", "08：48～09：26", "9:36—10:14", "10:24-11:02", "11:12-11:50", "14:00-14:38", "14:48-15:26", "15:36-16:14",
             "16:24-17:02"]  # fmt: skip
    bells, echo = _read(
        tmp_path / "作息表.xlsx",
        {
            "七年级": [["七年级作息时间表"], ["节次", "时间"], *([f"第{n}节", t] for n, t in enumerate(seven, 1))],
            "初二": [["节次", "时间"], *([f"第{n}节", t] for n, t in zip("一二三四五六七八九", eight, strict=True))],
        },
    )
    assert [bell.grades for bell in bells] == [(7,), (8,)]
    assert _times(bells[0])[:2] == ["1 8:00-8:40", "2 8:50-9:30"]
    assert _times(bells[1])[8] == "9 16:24-17:02"
    assert [bell.noon(3) for bell in bells] == [11 * 60 + 30, 11 * 60 + 50]
    rest = [[(s.start, s.end) for s in bell.days[1] if s.kind is SectionKind.NOON_REST] for bell in bells]
    assert rest == [[(690, 840)], [(710, 840)]]
    with in_language("en"):
        assert sum("the noon break is taken to be" in str(note.text) for note in echo.notes) == 2
    assert echo.findings == []


def test_named_sections_start_and_end_in_two_cells_as_excel_times(tmp_path: Path) -> None:
    """A whole day with names; lessons numbered anew in the afternoon go on from the morning."""
    rows = [
        ["项目", "开始", "结束"],
        ["到校", time(7, 50), time(8, 0)],
        ["早读", time(8, 0), time(8, 15)],
        ["上午第一节", time(8, 20), time(9, 0)],
        ["大课间活动", time(9, 0), time(9, 30)],
        ["上午第二节（含眼保健操）", time(9, 30), time(10, 15)],
        ["午餐、午休", time(11, 40), time(14, 0)],
        ["下午第一节", time(14, 0), time(14, 40)],
        ["眼保健操", time(14, 40), time(14, 45)],
        ["课后服务", time(15, 30), time(17, 30)],
        ["晚自习", "18:30", "20:00"],
        ["放学", time(20, 0), None],
    ]
    bells, echo = _read(tmp_path / "bells.xlsx", {"作息": rows})
    assert [s.kind for s in bells[0].days[5]] == [
        SectionKind.ARRIVAL, SectionKind.MORNING_READING, SectionKind.LESSON, SectionKind.LONG_BREAK, SectionKind.LESSON,
        SectionKind.LUNCH, SectionKind.LESSON, SectionKind.EYE_EXERCISE, SectionKind.AFTER_SCHOOL, SectionKind.EVENING,
        SectionKind.DISMISSAL,
    ]  # fmt: skip
    assert _times(bells[0]) == ["1 8:20-9:00", "2 9:30-10:15", "3 14:00-14:40"]
    with in_language("en"):
        assert "下午第一节 is lesson 3 of the day" in [str(note.text) for note in echo.notes]
        assert not any(str(note.text).startswith("not used") for note in echo.notes)


def test_a_column_for_each_group_of_grades(tmp_path: Path) -> None:
    """One sheet, two columns of times under the grades that keep them."""
    rows = [
        ["节次", "一、二年级", "三至六年级"],
        ["第1节", "8:30-9:10", "8:20-9:00"],
        ["第2节", "9:20-10:00", "9:10-9:50"],
        ["第3节", "10:30-11:10", "10:20-11:00"],
    ]
    bells, _ = _read(tmp_path / "bells.xlsx", {"作息时间": rows})
    assert [(bell.grades, _times(bell)[0]) for bell in bells] == [((1, 2), "1 8:30-9:10"), ((3, 4, 5, 6), "1 8:20-9:00")]


def test_lessons_across_with_times_below(tmp_path: Path) -> None:
    """The same table lying down."""
    rows = [["节次", "第1节", "第2节", "第3节", "第4节"], ["时间", "8:20-9:00", "9:10-9:50", "10:20-11:00", "11:10-11:50"]]
    bells, _ = _read(tmp_path / "bells.xlsx", {"Sheet1": rows})
    assert [_times(bell) for bell in bells] == [["1 8:20-9:00", "2 9:10-9:50", "3 10:20-11:00", "4 11:10-11:50"]]
    assert bells[0].grades == ()


def test_a_name_that_says_nothing_is_reported_not_dropped(tmp_path: Path) -> None:
    """What is 神秘时间?"""
    rows = [["第1节", "8:20-9:00"], ["第2节", "9:10-9:50"], ["第3节", "10:00-10:40"], ["神秘时间", "11:00-11:30"]]
    _, echo = _read(tmp_path / "bells.xlsx", {"作息": rows})
    with in_language("en"):
        assert [(f.origin.cell, str(f.message)) for f in echo.findings] == [("A4", "what is 神秘时间? It is left out of the bell schedule")]


def test_lessons_that_overlap_or_repeat_are_found(tmp_path: Path) -> None:
    """The third lesson starts before the second ends."""
    rows = [["第1节", "8:20-9:00"], ["第2节", "9:10-10:20"], ["第3节", "10:00-10:40"]]
    _, echo = _read(tmp_path / "bells.xlsx", {"作息": rows})
    with in_language("en"):
        assert {f.origin.cell: str(f.message) for f in echo.findings}["A3"] == (
            "Mon-Fri 3 starts at 10:00, before the one ahead of it ends at 10:20"
        )


@pytest.mark.parametrize(
    ("name", "kind", "period"),
    [
        ("第3节", SectionKind.LESSON, 3), ("第十节课", SectionKind.LESSON, 10), ("下午第一节", SectionKind.LESSON, 1),
        ("5", SectionKind.LESSON, 5),
        ("大课间", SectionKind.LONG_BREAK, None), ("晚自习第一节", SectionKind.EVENING, None), ("眼保健操", SectionKind.EYE_EXERCISE, None),
        ("课间", SectionKind.BREAK, None), ("课后延时服务", SectionKind.AFTER_SCHOOL, None), ("升旗仪式", SectionKind.MEETING, None),
    ],
)  # fmt: skip
def test_names_of_sections(name: str, kind: SectionKind, period: int | None) -> None:
    """What a name says of a section."""
    named = section_named(name)
    assert named is not None
    assert (named.kind, named.period) == (kind, period)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 1439), st.sampled_from(["{h}:{m:02d}", "{h:02d}：{m:02d}", "{h}点{m}分", "{h:02d}:{m:02d}:00"]))
def test_any_clock_time_is_read(minutes: int, form: str) -> None:
    """Every minute of the day in every way to write it."""
    text = form.format(h=minutes // 60, m=minutes % 60)
    assert clock_in(Cell(text, text, Origin())) == minutes
