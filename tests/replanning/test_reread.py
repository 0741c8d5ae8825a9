"""Our own workbook, edited in Excel, read again."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError
from scheduler.outcome import Outcome
from scheduler.replanning.changes import changes_between
from scheduler.replanning.living import broken_by_edits, living, outcome_of
from scheduler.replanning.replan_school import replan_school, write_replanned
from scheduler.replanning.reread import Reread, reread
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from scheduler.writing.workbook import write_workbook
from tests.replanning.living_school import case, closed, in_force, plan


@cache
def outcome() -> Outcome:
    return make_timetable(plan(), SolveOptions(time_limit=5, workers=2), rulesets=())


@cache
def written(language: str = "zh") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timetable.xlsx"
        write_workbook(outcome(), path, language=language)
        return path.read_bytes()


def edited(*edits: tuple[str, str, str], language: str = "zh") -> Reread:
    """Read the workbook after (sheet, cell, text) were typed in; a text ``=A1`` takes what stood in that cell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timetable.xlsx"
        path.write_bytes(written(language))
        book = openpyxl.load_workbook(path)
        before = {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        for sheet, cell, text in edits:
            book[sheet][cell] = before[sheet, text[1:]] if text.startswith("=") else text or None
        book.save(path)
        return reread(path)


def slot_cells() -> list[str]:
    """The cells of the first class, Monday to Wednesday, four periods: found by the period labels of column B."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "timetable.xlsx"
        path.write_bytes(written())
        sheet = openpyxl.load_workbook(path)["班级课表"]
        rows = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 2).value or "").isdecimal()][:4]
    return [f"{column}{row}" for row in rows for column in "DEF"]


def place_of(cell: str) -> tuple[int, int]:
    """(day, period) of one of :func:`slot_cells`."""
    cells = slot_cells()
    return cells.index(cell) % 3 + 1, cells.index(cell) // 3 + 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_untouched_workbook_is_read_exactly(language: str) -> None:
    found = edited(language=language)
    assert found.edits == ()
    assert [replace(x, origin=y.origin) for x, y in zip(outcome().timetable.lessons, found.timetable.lessons, strict=True)] == list(  # type: ignore[union-attr]
        found.timetable.lessons
    )


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_exchanging_two_cells_exchanges_the_lessons(data: st.DataObject) -> None:
    """For any two cells of a class: what stood in one stands in the other, all else is as it was."""
    first, second = data.draw(st.lists(st.sampled_from(slot_cells()), min_size=2, max_size=2, unique=True))
    found = edited(("班级课表", first, f"={second}"), ("班级课表", second, f"={first}"))
    trade = {place_of(first): place_of(second), place_of(second): place_of(first)}

    def plain(timetable: object, swap: bool) -> list[tuple[object, ...]]:
        return sorted(
            (
                (
                    *(trade.get((x.day, x.period), (x.day, x.period)) if swap and "三(1)班" in x.classes else (x.day, x.period)),
                    x.classes,
                    x.subject,
                    x.teachers,
                )
            )
            for x in timetable.lessons  # type: ignore[attr-defined]
        )

    assert plain(found.timetable, False) == plain(outcome().timetable, True)
    assert {(e.day, e.period) for e in found.edits} <= set(trade)


def test_an_edit_that_breaks_a_requirement_is_named() -> None:
    """Class 1's music is put where class 2 has music: the teacher is in two places."""
    timetable = outcome().timetable
    assert timetable is not None
    mine = next(x for x in timetable.by_class["三(1)班"] if x.subject == "音乐")
    theirs = next(x for x in timetable.by_class["三(2)班"] if x.subject == "音乐")
    cells = slot_cells()
    here, there = (cells[(x.period - 1) * 3 + x.day - 1] for x in (mine, theirs))
    read = edited(("班级课表", here, f"={there}"), ("班级课表", there, f"={here}"))
    broken = broken_by_edits(living(plan(), read, ()))
    assert any(v.constraint.required and "叶五" in str(v.sentence) for v in broken)


def test_an_emptied_cell_takes_the_lesson_away_and_a_typed_one_adds_it() -> None:
    timetable = outcome().timetable
    assert timetable is not None
    taken = {(x.day, x.period) for x in timetable.by_class["三(1)班"]}
    free = next(cell for cell in slot_cells() if place_of(cell) not in taken)
    music = next(x for x in timetable.by_class["三(1)班"] if x.subject == "音乐")
    cell = slot_cells()[(music.period - 1) * 3 + music.day - 1]
    read = edited(("班级课表", cell, ""), ("班级课表", free, "音乐\n叶五"))
    moved = [x for x in read.timetable.by_class["三(1)班"] if x.subject == "音乐"]
    assert [(x.day, x.period, x.teachers, x.courses) for x in moved] == [(*place_of(free), ("叶五",), music.courses)]


def test_edits_on_the_master_timetable_are_read_too() -> None:
    """The first class stands in row 6; its first two columns are Monday's first two periods."""
    read = edited(("总课表", "B6", "=C6"), ("总课表", "C6", "=B6"))
    changed = changes_between(read.written, read.timetable)
    assert {(c.name, c.day, c.period) for c in changed if c.kind == "class"} <= {("三(1)班", 1, 1), ("三(1)班", 1, 2)}
    assert len(read.timetable.lessons) == len(read.written.lessons)


def test_edits_that_cannot_be_used_are_all_reported() -> None:
    """Nonsense in one cell, and a change on a teacher's sheet alone."""
    with pytest.raises(InputError) as error:
        edited(("班级课表", slot_cells()[0], "=(?)#"[1:] * 60))
    assert error.value.findings[0].origin.cell == slot_cells()[0]
    with pytest.raises(InputError):
        edited(("教师课表", "D5", "别的"))


def test_the_replanned_workbook_says_what_changed_and_is_read_again(tmp_path: Path) -> None:
    lesson = next(x for x in in_force().by_class["三(1)班"] if x.subject == "音乐")
    result = replan_school(case(closed("叶五", (lesson.day, lesson.period))), SolveOptions(time_limit=5, workers=2))
    path = tmp_path / "new.xlsx"
    write_replanned(result, path, language="zh")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:2] == ["变更", "通知单"]
    texts = {str(cell.value) for row in book["变更"].iter_rows() for cell in row if cell.value}
    assert "三(1)班" in texts
    assert "叶五" in texts
    read = reread(path)
    assert [(x.day, x.period, x.subject) for x in read.timetable.lessons] == [
        (x.day, x.period, x.subject)
        for x in result.outcome.timetable.lessons  # type: ignore[union-attr]
    ]
    assert outcome_of(case(), case_solution()).timetable is not None


def case_solution():  # type: ignore[no-untyped-def]
    """The timetable in force as the solution of its own plan."""
    return replan_school(case(), SolveOptions(time_limit=5)).replanned.solution
