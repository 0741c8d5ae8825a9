"""数据: the timetable in rows and columns, from which ``scheduler.reading.own_timetable`` reads it back exactly.

Row 1: ``kebiao-timetable``, the schema version, the school, then pairs of a timetable sheet's name and the digest of its texts, by
which a reader knows whether it was changed by hand. Row 2: the names of :data:`COLUMNS`. Then one row for each
:class:`PlacedLesson`, in which a list of names is one line of CSV parted by ``|``; then, of kind ``unplaced``, one row for each course
that lacks lessons, its id under ``courses`` and their number under ``period``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence

from instances.lessons import PlacedLesson, SchoolTimetable
from scheduler.writing.book import FONT, HEADER, Book, Style

MAGIC = "kebiao-timetable"
SCHEMA_VERSION = 1
COLUMNS = (
    "day", "period", "subject", "label", "classes", "teachers", "rooms", "weeks", "double", "courses", "block", "kind", "start", "end",
)  # fmt: skip
UNPLACED = "unplaced"
FIRST_DIGEST_COLUMN = 3
PLAIN: Style = {**FONT, "valign": "top"}


def joined(names: Sequence[str]) -> str:
    """Return a list of names as one line of CSV parted by ``|``; :func:`parted` undoes it for any names."""
    line = io.StringIO()
    csv.writer(line, delimiter="|", lineterminator="\r\n").writerow(names)
    return line.getvalue().removesuffix("\r\n")


def parted(text: str) -> tuple[str, ...]:
    """Return the names in a line that :func:`joined` made."""
    return tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter="|"), ()))


def digest(cells: Mapping[tuple[int, int], str]) -> str:
    """Return a short digest of the texts of a sheet by (row, column); white space, which office programs change, does not count."""
    found = hashlib.sha256()
    for (row, column), text in sorted(cells.items()):
        if bare := "".join(text.split()):
            found.update(f"{row},{column},{bare};".encode("utf-8", errors="replace"))
    return found.hexdigest()[:16]


def lesson_row(lesson: PlacedLesson) -> list[str | int | None]:
    """Return the cells of a lesson, in the order of :data:`COLUMNS`."""
    return [
        lesson.day, lesson.period, lesson.subject, lesson.label, joined(lesson.classes), joined(lesson.teachers), joined(lesson.rooms),
        lesson.weeks.value, lesson.double, joined(lesson.courses), lesson.block, lesson.kind, lesson.start, lesson.end,
    ]  # fmt: skip


def add_data(book: Book, name: str, school: str, timetable: SchoolTimetable, shown: Sequence[str]) -> None:
    """Add the sheet, last and plain; ``shown`` names the sheets that show the same timetable to people."""
    sheet = book.sheet(name)
    sheet.widths([5, 6, 12, 12, 16, 12, 12, 7, 7, 16, 12, 9, 6, 6])
    sheet.text(0, 0, MAGIC, PLAIN)
    sheet.number(0, 1, SCHEMA_VERSION, PLAIN)
    sheet.text(0, 2, school, PLAIN)
    for number, other in enumerate(shown):
        sheet.text(0, FIRST_DIGEST_COLUMN + 2 * number, other, PLAIN)
        sheet.text(0, FIRST_DIGEST_COLUMN + 2 * number + 1, digest(book.sheet(other).texts), PLAIN)
    for column, head in enumerate(COLUMNS):
        sheet.text(1, column, head, HEADER)
    rows = [lesson_row(lesson) for lesson in timetable.lessons]
    for course, count in timetable.unplaced:
        rows.append([None, count, None, None, None, None, None, None, None, joined([course]), None, UNPLACED, None, None])
    for row, values in enumerate(rows, 2):
        for column, value in enumerate(values):
            if isinstance(value, int):
                sheet.number(row, column, value, PLAIN)
            elif value is not None:
                sheet.text(row, column, value, PLAIN)
    sheet.raw.freeze_panes(2, 0)
