"""What kebiao writes it reads back exactly; what was changed by hand it does not pass off as its own."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import NOWHERE
from instances.school import Weeks
from scheduler.errors import InputError
from scheduler.reading.own_timetable import is_own_timetable, read_own_timetable
from scheduler.reading.workbook import open_workbook
from scheduler.writing.data_sheet import digest, joined, parted
from scheduler.writing.workbook import write_workbook
from tests.writing.outcomes import outcome, timetable

# Any text that a cell can hold and that is not blank; blank cells are no cells to a spreadsheet. openpyxl reads the escapes of control
# characters (_x000D_) as what they stand for even where they were meant as they are.
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.sampled_from('=+-@\t\n|",_x0041_')
NAMES = st.text(CHARACTERS, min_size=1, max_size=8).filter(
    lambda text: text.strip("\u200b\ufeff\u3000 \n\t") and text.strip() and not re.search("_x00[01][0-9A-Fa-f]_", text)
)
LISTS = st.lists(NAMES, max_size=3).map(tuple)
LESSONS = st.builds(
    PlacedLesson,
    day=st.integers(1, 7), period=st.integers(0, 12), subject=NAMES, classes=LISTS, teachers=LISTS, rooms=LISTS, label=st.just("") | NAMES,
    weeks=st.sampled_from(Weeks), start=st.none() | st.integers(0, 1440), end=st.none() | st.integers(0, 1440), double=st.integers(0, 2),
    courses=LISTS, block=st.none() | NAMES, kind=st.sampled_from(["lesson", "activity", "event", "self_study"]),
)  # fmt: skip


def without_origins(read: SchoolTimetable) -> SchoolTimetable:
    return dataclasses.replace(read, lessons=tuple(dataclasses.replace(x, origin=NOWHERE) for x in read.lessons))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_written_timetable_is_read_back_exactly(tmp_path: Path, language: str) -> None:
    written = SchoolTimetable(timetable().lessons, (("c2", 4), ("c9|x", 1)))
    write_workbook(outcome(timetable=written), tmp_path / "out.xlsx", language=language)
    read = read_own_timetable(tmp_path / "out.xlsx")
    assert without_origins(read) == written
    assert str(read.lessons[0].origin).startswith("out.xlsx[")


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lessons=st.lists(LESSONS, max_size=6))
def test_any_names_survive_the_round_trip(tmp_path: Path, lessons: list[PlacedLesson]) -> None:
    """Separators, quotes, formulas, line breaks and escapes in names are read back as they were."""
    written = SchoolTimetable(tuple(lessons))
    write_workbook(outcome(timetable=written), tmp_path / "out.xlsx")
    assert without_origins(read_own_timetable(tmp_path / "out.xlsx")) == written


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)))))
def test_joined_names_part_again(names: list[str]) -> None:
    assert list(parted(joined(names))) == names


def test_a_lesson_moved_by_hand_is_noticed(tmp_path: Path) -> None:
    """After an edit of 班级课表 the data sheet is not believed, and the finding names the sheet."""
    path = tmp_path / "out.xlsx"
    write_workbook(outcome(), path, language="zh")
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book["班级课表"].iter_rows() for c in row if c.value == "数学\n李四")
    book["班级课表"].cell(cell.row + 1, cell.column, cell.value)
    cell.value = None
    book.save(path)
    assert is_own_timetable(open_workbook(path))
    with pytest.raises(InputError) as caught:
        read_own_timetable(path)
    assert [finding.origin.sheet for finding in caught.value.findings] == ["班级课表"]


def test_saving_again_in_another_program_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_workbook(outcome(), path, language="zh")
    openpyxl.load_workbook(path).save(path)
    assert without_origins(read_own_timetable(path)) == timetable()


def test_all_damaged_cells_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_workbook(outcome(), path, language="en")
    book = openpyxl.load_workbook(path)
    book["Data"]["A3"] = "Monday"
    book["Data"]["B4"] = None
    book["Data"]["H5"] = "sometimes"
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_own_timetable(path)
    assert [finding.origin.cell for finding in caught.value.findings] == ["A3", "B4", "H5"]


@pytest.mark.parametrize(("cell", "value", "place"), [("B1", 99, "B1"), ("H2", "wochen", "A2")])
def test_another_version_or_lacking_columns_are_refused(tmp_path: Path, cell: str, value: object, place: str) -> None:
    path = tmp_path / "out.xlsx"
    write_workbook(outcome(), path, language="en")
    book = openpyxl.load_workbook(path)
    book["Data"][cell] = value
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_own_timetable(path)
    assert [finding.origin.cell for finding in caught.value.findings] == [place]


def test_a_foreign_workbook_is_not_ours(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["周一", "语文"])
    book.save(tmp_path / "other.xlsx")
    assert not is_own_timetable(open_workbook(tmp_path / "other.xlsx"))
    with pytest.raises(InputError):
        read_own_timetable(tmp_path / "other.xlsx")


def test_the_digest_sees_place_and_text_but_not_white_space() -> None:
    assert digest({(1, 2): "a\nb"}) == digest({(1, 2): "a b", (3, 3): " "})
    assert len({digest({(1, 2): "ab"}), digest({(2, 1): "ab"}), digest({(1, 2): "ba"})}) == 3
