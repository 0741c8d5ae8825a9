"""The ledger: only ever added to, safe against crashes and tampering; counts and executed weeks follow from it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.lessons import PlacedLesson
from instances.school import Weeks
from scheduler.calendar.school_calendar import SchoolCalendar
from scheduler.covering.cover import cover
from scheduler.covering.describe import entries_of
from scheduler.covering.diary import Change, DatedLesson, Diary
from scheduler.covering.private import lesson_at, swapped
from scheduler.covering.rules import Absence
from scheduler.ledger.executed import executed_week, write_executed
from scheduler.ledger.ledger import PRIVATE, SUBSTITUTE, Entry, Ledger, LedgerError
from scheduler.ledger.month import month_counts, write_month
from scheduler.reading.timetable import read_timetable
from tests.replanning.living_school import in_force, plan

MONDAY = date(2026, 9, 7)
CALENDAR = SchoolCalendar(date(2026, 9, 1), date(2026, 12, 31))


def diary(*changes: Change) -> Diary:
    return Diary(plan(), in_force(), CALENDAR, changes)


def substitution(teacher: str = "高三", by: str = "林一") -> Change:
    lesson = next(x for x in diary().on(MONDAY) if teacher in x.teachers)
    return Change(DatedLesson(MONDAY, lesson), DatedLesson(MONDAY, replace(lesson, teachers=(by,), subject="语文", label="语文")))


def entry(*changes: Change, kind: str = SUBSTITUTE) -> Entry:
    return Entry(kind, changes or (substitution(),), "2026-09-06T08:00:00+08:00", "高三", "病假", "主任", "ok")


names = st.text(st.characters(codec="utf-8"), max_size=6)
lessons = st.builds(
    PlacedLesson,
    st.integers(1, 7), st.integers(1, 12), names, st.lists(names, max_size=2).map(tuple), st.lists(names, max_size=2).map(tuple),
    st.lists(names, max_size=1).map(tuple), names, st.sampled_from(Weeks), st.none() | st.integers(0, 1440), st.none(), st.integers(0, 2),
    st.lists(names, max_size=2).map(tuple), st.none() | names,
)  # fmt: skip
dated = st.builds(DatedLesson, st.dates(), lessons)


@settings(max_examples=20, deadline=None)
@given(found=st.lists(st.lists(st.builds(Change, dated, dated), min_size=1, max_size=2).map(tuple), min_size=1, max_size=4))
def test_what_is_written_is_read_back_whatever_it_is(tmp_path_factory: pytest.TempPathFactory, found: list[tuple[Change, ...]]) -> None:
    path = tmp_path_factory.mktemp("ledger") / "l.sqlite"
    entries = [entry(*changes) for changes in found]
    with Ledger(path) as ledger:
        written = ledger.append(entries)
    with Ledger(path) as ledger:
        assert ledger.entries() == written
        assert ledger.changes() == tuple(c for changes in found for c in changes)
    assert [e.number for e in written] == list(range(1, len(found) + 1))


def test_lines_cannot_be_changed_or_erased(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append([entry()])
    connection = sqlite3.connect(tmp_path / "l.sqlite")
    for statement in ("UPDATE ledger SET reason = ''", "DELETE FROM ledger"):
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_a_line_changed_behind_the_program_is_found(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append([entry(), entry()])
    connection = sqlite3.connect(tmp_path / "l.sqlite")
    connection.execute("DROP TRIGGER never_changed")
    connection.execute("UPDATE ledger SET reason = '事假' WHERE entry = 2")
    connection.commit()
    connection.close()
    with Ledger(tmp_path / "l.sqlite") as ledger, pytest.raises(LedgerError, match="2"):
        ledger.entries()


def test_a_crash_in_the_middle_leaves_nothing_of_the_entry(tmp_path: Path) -> None:
    """The second of two entries cannot be written: neither is."""
    bad = entry(Change(DatedLesson(MONDAY, replace(substitution().before.lesson, label=object())), substitution().after))  # type: ignore[arg-type]
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append([entry()])
        with pytest.raises(TypeError):
            ledger.append([entry(), bad])
        assert len(ledger.entries()) == 1
        ledger.append([entry()])
        assert [e.number for e in ledger.entries()] == [1, 2]


def test_a_process_killed_while_writing_leaves_whole_entries(tmp_path: Path) -> None:
    """A process appends swaps of two lines without end and is killed: what is there are whole entries, and the book goes on after them."""
    path = tmp_path / "l.sqlite"
    code = (
        "import sys; from pathlib import Path; from scheduler.ledger.ledger import Ledger\n"
        "from tests.ledger.test_ledger import entry, substitution\n"
        "two = entry(substitution(), substitution())\n"
        "with Ledger(Path(sys.argv[1])) as book:\n"
        "    while True:\n"
        "        print(book.append([two])[0].number, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(5):
            said = int(process.stdout.readline())
        process.kill()
        said = max([said, *(int(line) for line in process.stdout.read().split())])
    with Ledger(path) as ledger:
        found = ledger.entries()
        assert said <= len(found) <= said + 1  # what was reported is there; one more may have been written and not reported
        assert {len(e.changes) for e in found} == {2}
        assert ledger.append([entry()])[0].number == len(found) + 1


def test_a_transaction_cut_off_in_the_middle_is_rolled_back(tmp_path: Path) -> None:
    """A process dies between the two lines of an entry: neither line is there."""
    path = tmp_path / "l.sqlite"
    with Ledger(path) as ledger:
        ledger.append([entry()])
    code = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('PRAGMA cache_size = 1'); c.execute('BEGIN IMMEDIATE')\n"
        "row = c.execute('SELECT kind, written, absent, reason, approved, verdict, before, after, digest FROM ledger').fetchone()\n"
        "for n in range(2000):\n"
        "    c.execute('INSERT INTO ledger (entry, kind, written, absent, reason, approved, verdict, before, after, digest)'\n"
        "              ' VALUES (2, ?, ?, ?, ?, ?, ?, ?, ?, ?)', row)\n"
        "os._exit(1)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 1
    with Ledger(path) as ledger:
        assert [e.number for e in ledger.entries()] == [1]


def test_an_entry_taken_back_no_longer_holds_but_stays_in_the_book(tmp_path: Path) -> None:
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append([entry()])
        assert ledger.load() == {"林一": 1}
        ledger.revoke(1, written="2026-09-08", reason="写错")
        assert ledger.load() == {}
        assert ledger.changes() == ()
        assert [e.number for e in ledger.entries()] == [1, 2]
        for number in (1, 2, 3):
            with pytest.raises(LedgerError):
                ledger.revoke(number, written="")


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "l.sqlite").write_bytes(b"not a database at all, but long enough to be taken for one" * 20)
    with pytest.raises(LedgerError):
        Ledger(tmp_path / "l.sqlite")


def test_a_months_counts_by_hand(tmp_path: Path) -> None:
    """One lesson of 高三 given by 林一, and a swap within the month, which changes nobody's number."""
    plain = {c.teacher: c for c in month_counts(diary(), 2026, 9)}
    weeks = {day: sum(d.isoweekday() == day for d in CALENDAR.dates(date(2026, 9, 1), date(2026, 9, 30))) for day in (1, 2, 3)}
    assert plain["叶五"].planned == sum(weeks[x.day] for x in in_force().by_teacher["叶五"]) == plain["叶五"].given
    own = [x for x in in_force().by_class["三(1)班"] if x.day in (2, 3) and x.subject in ("语文", "数学", "体育")]
    first, second = own[0], next(x for x in own if x.subject != own[0].subject)
    swap = swapped(*(lesson_at(diary(), "三(1)班", MONDAY + timedelta(days=x.day - 1), x.period) for x in (first, second)))
    changed = diary(substitution(), *swap)
    counts = {c.teacher: c for c in month_counts(changed, 2026, 9)}
    assert (counts["高三"].missed, counts["高三"].given) == (1, plain["高三"].given - 1)
    assert (counts["林一"].covering, counts["林一"].given) == (1, plain["林一"].given + 1)
    assert counts["何四"] == plain["何四"]
    entries = [entry(), entry(*swap, kind=PRIVATE)]
    write_month(changed, entries, 2026, 9, tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert [sheet.max_row for sheet in book] == [2 + len(counts), 4]


def test_the_executed_week_differs_from_the_posted_one_by_the_changes(tmp_path: Path) -> None:
    change = substitution()
    week = executed_week(diary(change), 2)
    posted = executed_week(diary(), 2)
    assert set(posted.lessons) - set(week.lessons) == {change.before.lesson}
    assert set(week.lessons) - set(posted.lessons) == {change.after.lesson}
    write_executed(diary(change), 2, tmp_path / "e.xlsx")
    assert len(read_timetable(tmp_path / "e.xlsx").timetable.lessons) == len(week.lessons)


def test_covers_written_to_the_ledger_come_back_as_the_same_days(tmp_path: Path) -> None:
    absences = [Absence("高三", MONDAY, MONDAY + timedelta(days=2)), Absence("何四", MONDAY, MONDAY)]
    result = cover(diary(), absences)
    with Ledger(tmp_path / "l.sqlite") as ledger:
        ledger.append(entries_of(result, absences, written="2026-09-06"))
        again = diary(*ledger.changes())
    for day in CALENDAR.dates(MONDAY, MONDAY + timedelta(days=20)):
        assert [replace(x) for x in again.on(day)] == [replace(x) for x in result.after().on(day)]
