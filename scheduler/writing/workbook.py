"""The workbook: the timetables of all classes, teachers and rooms, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from instances.language import Message, _, in_language
from instances.lessons import SchoolTimetable
from scheduler.outcome import Outcome
from scheduler.writing.atomic import replacing
from scheduler.writing.bells import add_bells
from scheduler.writing.book import Book
from scheduler.writing.colours import tints
from scheduler.writing.compliance import add_compliance
from scheduler.writing.data_sheet import add_data
from scheduler.writing.master import add_master
from scheduler.writing.notes import add_notes
from scheduler.writing.quality import add_quality
from scheduler.writing.unplaced import add_unplaced
from scheduler.writing.views import add_views
from scheduler.writing.week import class_views, room_views, school_frame, teacher_views


def write_workbook(
    outcome: Outcome,
    path: Path,
    *,
    language: str | None = None,
    inputs: Sequence[Path] = (),
    first: Callable[[Book], None] = lambda book: None,
) -> None:
    """Write the workbook, whole or not at all, in ``language`` (default: the one in force); ``first`` may add sheets at its front.

    Raises OutputError when ``path`` is one of ``inputs`` or cannot be written. The same outcome gives the same bytes.
    """
    with in_language(language), replacing(Path(path), inputs) as temporary:
        book = Book(temporary, outcome.school.name)
        first(book)
        _add_sheets(book, outcome)
        book.close()


def sheet_title(outcome: Outcome, name: str) -> str:
    """Return the title of a sheet; it says so when the timetable is incomplete."""
    unfinished = outcome.timetable is not None and outcome.timetable.unplaced
    title = f"{outcome.school.name} {name}".strip()
    return str(Message("{title} (incomplete)", title=title)) if unfinished else title


def _add_sheets(book: Book, outcome: Outcome) -> None:
    school, timetable = outcome.school, outcome.timetable
    shown = _add_timetables(book, outcome, timetable) if timetable is not None else []
    add_bells(book, _("Bell schedule"), sheet_title(outcome, _("Bell schedule")), school)
    add_compliance(book, _("Compliance"), sheet_title(outcome, _("Compliance")), outcome)
    add_quality(book, _("Quality"), sheet_title(outcome, _("Quality")), outcome)
    add_notes(book, _("Reading notes"), sheet_title(outcome, _("Reading notes")), school)
    if timetable is not None:
        add_data(book, _("Data"), school.name, timetable, shown)


def _add_timetables(book: Book, outcome: Outcome, timetable: SchoolTimetable) -> list[str]:
    """Add what is missing, the master timetable, and the weeks it links to; return the names of the sheets that show lessons."""
    school = outcome.school
    colours = tints(school, (lesson.subject for lesson in timetable.lessons))
    if timetable.unplaced:
        add_unplaced(book, _("Not placed"), sheet_title(outcome, _("Not placed")), school, timetable)
    master = _("Master timetable")
    shown = [master]
    book.sheet(master)  # stands before the sheets it links to, and is filled after them
    classes = class_views(school, timetable)
    for name, views in (
        (_("Class timetables"), classes),
        (_("Teacher timetables"), teacher_views(school, timetable)),
        (_("Room timetables"), room_views(school, timetable)),
    ):
        if views:
            shown.append(name)
            add_views(book, name, sheet_title(outcome, name), views, colours)
    add_master(book, master, sheet_title(outcome, master), school_frame(school, timetable), classes, colours)
    return shown
