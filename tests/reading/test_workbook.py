"""The foundation: cells with origins, merged ranges, formats, limits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from scheduler.errors import InputError
from scheduler.reading.workbook import column_letters, open_workbook, open_workbooks, show
from tests.reading.sheets import write


def test_cells_keep_value_text_and_origin(tmp_path):
    sheet = open_workbook(write(tmp_path / "a.xlsx", {"表": [[None, "　语文 "], [8.0, "８节"]]})).sheets[0]
    assert (sheet.height, sheet.width) == (2, 2)
    assert sheet.at(1, 2).text == "语文"
    assert str(sheet.at(1, 2).origin) == "a.xlsx[表!B1]"
    assert (sheet.at(2, 1).value, sheet.at(2, 1).text) == (8, "8")
    assert (sheet.at(2, 2).text, sheet.at(2, 2).normal) == ("８节", "8节")
    assert not sheet.at(1, 1)
    assert sheet.at(99, 99).origin.cell == "CU99"


def test_merged_ranges_are_filled_and_keep_the_first_cell_as_origin(tmp_path):
    rows = [["标题", None, None], ["班级", "语文", None], ["701", 5, "孙雪"], [None, 4, "马倩"]]
    sheet = open_workbook(write(tmp_path / "a.xlsx", rows, ["A1:Z1", "A3:A900"])).sheets[0]
    assert [cell.text for cell in sheet.row(1)] == ["标题"] * 3
    assert sheet.at(4, 1).text == "701"
    assert sheet.at(4, 1).filled
    assert sheet.at(4, 1).origin.cell == "A3"
    assert sheet.height == 4  # a merge does not make a sheet longer than what stands in it


def test_what_people_see():
    values = [None, 8, 8.0, 0.5, 1 / 3, True, time(8, 20), datetime(2026, 5, 1), date(2026, 5, 1), timedelta(hours=25), " a\r\nb "]
    assert [show(v) for v in values] == ["", "8", "8", "0.5", "0.3333333333", "TRUE", "8:20", "2026-05-01", "2026-05-01", "25:00", "a\nb"]


def test_column_letters():
    assert [column_letters(n) for n in (1, 26, 27, 52, 702, 703, 16384)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("gb18030", ","), ("utf-16", "\t"), ("utf-8-sig", ";")])
def test_text_tables(tmp_path, encoding, delimiter):
    path = tmp_path / "plan.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in [["班级", "语文"], ["七年级1班", "5"]]).encode(encoding))
    sheet = open_workbook(path).sheets[0]
    assert sheet.name == "plan"
    assert [[cell.text for cell in row] for row in sheet.rows] == [["班级", "语文"], ["七年级1班", "5"]]


def test_empty_sheets_are_named(tmp_path):
    workbook = open_workbook(write(tmp_path / "a.xlsx", {"空": [], "表": [["班级"]]}))
    assert [sheet.name for sheet in workbook.sheets] == ["表"]
    assert workbook.empty == ("空",)


def test_formula_without_value_is_a_finding_of_its_sheet(tmp_path):
    book = Workbook()
    book.active["B2"] = "=1+1"
    book.save(tmp_path / "a.xlsx")
    (sheet,) = open_workbook(tmp_path / "a.xlsx").sheets
    (finding,) = sheet.findings
    assert (finding.origin.cell, finding.value, finding.fatal) == ("B2", "=1+1", True)


def test_a_folder_gives_its_workbooks_in_order(tmp_path):
    for name in ("b.xlsx", "a.xlsx", "~$a.xlsx"):
        write(tmp_path / name, [["班级"]])
    (tmp_path / "notes.txt").write_text("no")
    assert [w.path.name for w in open_workbooks([tmp_path])] == ["a.xlsx", "b.xlsx"]


def test_findings_of_all_files_come_together(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "b.xlsx").write_text("text")
    with pytest.raises(InputError) as error:
        open_workbooks([tmp_path])
    assert [f.origin.file for f in error.value.findings] == ["a.xlsx", "b.xlsx"]


def test_far_away_formatting_costs_nothing(tmp_path):
    """A stray format in the last row of a sheet is no content."""
    book = Workbook()
    book.active["A1"] = "班级"
    book.active.row_dimensions[1048576].height = 20
    book.active.cell(1048576, 16384).number_format = "0.00"
    book.save(tmp_path / "a.xlsx")
    (sheet,) = open_workbook(tmp_path / "a.xlsx").sheets
    assert (sheet.height, sheet.width) == (1, 1)
