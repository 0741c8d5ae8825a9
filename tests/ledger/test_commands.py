"""The living timetable through the command line: covered, written down, executed, and found again by the audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from instances.school import Room, School
from scheduler.auditing.inputs import compared
from scheduler.calendar.notice import notice_rows
from scheduler.cli.dates import open_diary
from scheduler.ledger.ledger import Ledger
from scheduler.reading.read import read_school
from scheduler.reading.timetable import read_timetable
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from scheduler.writing.plan import write_plan
from scheduler.writing.workbook import write_workbook
from tests.cli.conftest import kebiao
from tests.compiling import small_school
from tests.compiling.small_school import course
from tests.replanning.living_school import plan as living_plan

MONDAY = date(2026, 9, 7)


@pytest.fixture(scope="module")
def posted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Plan and timetable of two classes, PE on a field, as files."""
    folder = tmp_path_factory.mktemp("posted")
    base = living_plan()
    courses = [
        course(c.subject, c.classes[0], c.teachers[0], c.periods, room="操场" if c.subject == "体育" else None) for c in base.courses
    ]
    school: School = small_school.school(courses, rooms=(Room("操场", "操场", 2),))
    write_plan(school, folder / "plan.xlsx", language="zh")
    outcome = make_timetable(read_school([folder / "plan.xlsx"]), SolveOptions(time_limit=20, workers=2), rulesets=())
    write_workbook(outcome, folder / "timetable.xlsx", language="zh")
    return folder / "plan.xlsx", folder / "timetable.xlsx"


def test_what_was_covered_is_found_by_the_audit_and_undone_by_a_further_line(posted: tuple[Path, Path], tmp_path: Path) -> None:
    """Cover a teacher, write the week as taught, compare: the changed cells are the differences; none is left when all is taken back."""
    plan, timetable = posted
    book = tmp_path / "book.sqlite"
    common = ("--plan", plan, "--term-start", "2026-09-01", "--ledger", book)

    def run(*arguments: object) -> str:
        done = kebiao(*arguments, cwd=tmp_path)
        assert done.returncode in (0, 1), done.stderr
        return " ".join(done.stdout.split())

    def differences(executed: str) -> set[tuple[int, str, int]]:
        found = compared([tmp_path / executed], read_timetable([timetable]))
        return {(d.day, d.class_name, d.period) for d in found.changes}

    run("cover", timetable, *common, "--absent", "林一", "--from", MONDAY, "--reason", "病假", "--book")
    diary = open_diary(timetable, [plan], None, "2026-09-01", book)
    changed = {(row.date.isoweekday(), row.class_name, row.period) for row in notice_rows(diary, 2)}
    assert changed
    with Ledger(book) as ledger:
        entries = len(ledger.entries())
    run("ledger", "executed", timetable, *common, "--week", 2, "-o", "executed.xlsx")
    assert "Room timetables" in openpyxl.load_workbook(tmp_path / "executed.xlsx").sheetnames
    assert differences("executed.xlsx") == changed
    assert "The timetable in use is the one posted" in run("audit", timetable, "--executed", "executed.xlsx")
    for number in range(1, entries + 1):
        run("ledger", "revoke", timetable, "--ledger", book, "--entry", number)
    assert f"{2 * entries} entries" in run("ledger", "list", timetable, "--ledger", book)
    run("ledger", "executed", timetable, *common, "--week", 2, "-o", "again.xlsx")
    assert differences("again.xlsx") == set()
