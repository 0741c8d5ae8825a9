"""自查记录: statements of a school, read from a sheet and judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from constraints.ruleset import load_ruleset
from constraints.verdict import Status
from instances.language import set_language
from scheduler.auditing.audit import audit
from scheduler.auditing.records_sheet import items_of, read_records, write_records_sheet
from scheduler.errors import InputError
from scheduler.reading.timetable import read_timetable
from tests.auditing.layouts import master, week


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def sheet(path: Path, rows: list[tuple[object, ...]]) -> Path:
    book = Workbook()
    book.active.append(["自查记录"])
    book.active.append(["项目", "年级", "填报"])
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_statements_by_grade_yes_and_no_and_what_is_not_understood(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [
        ("每天书面作业时间", "三至六年级", "50分钟"),
        ("每天书面作业时间", "1-2", 0),
        ("不拖堂", None, "是"),
        ("课间允许学生走出教室", "全校", "否"),
        ("今日天气", None, "晴"),
        ("每天书面作业时间", "三年级", "适量"),
        ("不拖堂", "某年级", "是"),
    ]
    records, findings = read_records([sheet(tmp_path / "r.xlsx", rows)])
    assert [(r.item, r.value, r.grades, r.origin.cell) for r in records.entries] == [
        ("homework_minutes", 50.0, (3, 4, 5, 6), "C3"),
        ("homework_minutes", 0.0, (1, 2), "C4"),
        ("no_overrunning", True, (), "C5"),
        ("free_breaks", False, (), "C6"),
    ]
    assert [f.origin.cell for f in findings] == ["A7", "C8", "B9"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_sheet_reads_back_when_filled_in(language: str, tmp_path: Path) -> None:
    """Every item that the national rules ask for, in the order written, in both languages."""
    ruleset = load_ruleset("national")
    path = tmp_path / "records.xlsx"
    write_records_sheet(ruleset, path, language=language)
    book = load_workbook(path)
    items = items_of(ruleset)
    for row, item in enumerate(items, 4):
        book.active.cell(row, 3, "是" if item.yes_no else "17:30" if item.clock else 3)
    book.save(path)
    records, findings = read_records([path])
    assert findings == []
    assert [r.item for r in records.entries] == [item.id for item in items]
    assert len(items) >= 5


def test_stated_homework_is_judged_with_its_cell(tmp_path: Path) -> None:
    records, _ = read_records([sheet(tmp_path / "r.xlsx", [("每天书面作业时间", None, 90)])])
    result = audit(read_timetable(master(week(0), tmp_path / "t.xlsx")), load_ruleset("national"), records=records)
    verdicts = [v for v in result.verdicts if v.rule.id == "homework-3-6"]
    assert {v.status for v in verdicts} == {Status.FAIL}
    assert {o.cell for v in verdicts for o in v.origins} == {"C3"}


def test_a_workbook_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_records([master(week(0), tmp_path / "t.xlsx")])
