"""What the commands that work on real dates share: timetable, plan, calendar and ledger opened together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from instances.language import Message
from scheduler.errors import Finding, InputError

if TYPE_CHECKING:
    from scheduler.covering.diary import Change, Diary


def ledger_path(timetable: Path, ledger: Path | None) -> Path:
    """Return the ledger's path: beside the workbook, named after it, unless another is given."""
    return ledger if ledger is not None else timetable.with_name(f"{timetable.stem}.ledger.sqlite")


def open_diary(timetable: Path, plan: Sequence[Path], calendar: Path | None, term_start: str | None, ledger: Path) -> Diary:
    """Return the diary with the ledger's changes; raises InputError when no calendar and no start of term is given."""
    from scheduler.calendar.school_calendar import plain_calendar, read_calendar
    from scheduler.covering.diary import Diary
    from scheduler.ledger.ledger import Ledger
    from scheduler.reading.read import read_school
    from scheduler.replanning.reread import reread

    if calendar is None and term_start is None:
        expected = Message("--calendar with a workbook (sheet 校历), or --term-start with a date")
        raise InputError([Finding(Message("Real dates need a school calendar"), expected=expected)])
    timeline = read_calendar(calendar) if calendar is not None else plain_calendar(day_of(term_start or "", "--term-start"))
    school = read_school(list(plan))
    read = reread(timetable)
    changes: tuple[Change, ...] = ()
    if ledger.exists():
        with Ledger(ledger) as book:
            changes = book.changes()
    return Diary(school, read.timetable, timeline, changes)


def day_of(text: str, option: str) -> date:
    """Return the date that an option gives; raises InputError for what is none."""
    from scheduler.calendar.school_calendar import date_of

    found = date_of(text)
    if found is None:
        raise InputError(
            [
                Finding(
                    Message("{option} is not a date", option=option),
                    value=text,
                    expected=Message("a date: {example}", example="2026-11-23"),
                )
            ]
        )
    return found


def now() -> str:
    """Return the time of writing, to the second, with the zone of this machine."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
