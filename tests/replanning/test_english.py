"""Our own English workbook is read back as the Chinese one is: by replan, swap and check exactly, by the audit from what people see."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest

from instances.class_names import parse
from instances.lessons import PlacedLesson
from instances.sample_school import sample_school
from scheduler.outcome import Outcome
from scheduler.reading.timetable import read_timetable
from scheduler.replanning.living import living
from scheduler.replanning.reread import reread
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from scheduler.writing.workbook import write_workbook


@cache
def outcome(names: str) -> Outcome:
    """The timetable of the sample school with names in a language."""
    return make_timetable(sample_school(names), SolveOptions(time_limit=3, workers=2))


def taught(lessons: tuple[PlacedLesson, ...]) -> set[tuple[object, ...]]:
    """What an audit must see of lessons; activities and events are told from lessons in other ways."""
    return {(x.day, x.period, x.classes, x.teachers, x.rooms) for x in lessons if x.kind == "lesson" and x.teachers}


@pytest.mark.parametrize("names", ["zh", "en"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_audit_reads_the_lessons_that_were_written(names: str, language: str, tmp_path: Path) -> None:
    """All sheets together, without the data sheet: same classes, same lessons, no view that differs, the bells of every day."""
    made = outcome(names)
    path = tmp_path / "timetable.xlsx"
    write_workbook(made, path, language=language)
    read = read_timetable([path])
    assert made.timetable is not None
    assert [c.name for c in read.school.classes] == [c.name for c in made.school.classes]
    assert taught(read.timetable.lessons) == taught(made.timetable.lessons)
    assert read.unread == ()
    assert read.differences == ()
    assert [{day: len(s) for day, s in bell.days.items()} for bell in read.school.bells] == [
        {day: len(s) for day, s in bell.days.items()} for bell in made.school.bells
    ]


@pytest.mark.parametrize("names", ["zh", "en"])
def test_a_lesson_moved_by_hand_is_read_where_it_is(names: str, tmp_path: Path) -> None:
    """Two cells of the English class sheet are exchanged in Excel: the two lessons have exchanged their places, all others stay."""
    made = outcome(names)
    path = tmp_path / "timetable.xlsx"
    write_workbook(made, path, language="en")
    book = openpyxl.load_workbook(path)
    sheet = book["Class timetables"]
    row = next(row for row in range(1, 30) if str(sheet.cell(row, 2).value or "") == "1")
    first, second = next((a, b) for a, b in (("D", "E"), ("E", "F"), ("F", "G")) if sheet[f"{a}{row}"].value != sheet[f"{b}{row}"].value)
    cells = sheet[f"{first}{row}"], sheet[f"{second}{row}"]
    cells[0].value, cells[1].value = cells[1].value, cells[0].value
    book.save(path)
    read = reread(path)
    assert {(e.day, e.period) for e in read.edits} == {("DEFG".index(first) + 1, 1), ("DEFG".index(second) + 1, 1)}
    found = living(sample_school(names), read)
    assert found.placed.homeless == ()
    assert len(read.timetable.lessons) == len(made.timetable.lessons)  # type: ignore[union-attr]
    assert read.timetable.lessons != read.written.lessons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Class 3-1", (3, 1)),
        ("Class 3(2)", (3, 2)),
        ("Grade 3 Class 1", (3, 1)),
        ("Class 1, Grade 3", (3, 1)),
        ("Grade 10-12 Class", (10, 12)),
        ("Class 7A", (7, 1)),
    ],
)
def test_english_class_names_are_read(text: str, expected: tuple[int, int]) -> None:
    found = parse(text)
    assert found is not None
    assert (found.grade, found.number, found.label) == (*expected, text)
