"""Reads back the timetable of a workbook that kebiao wrote, exactly, from its data sheet (``scheduler.writing.data_sheet``).

The sheets that people see are compared with what was written: after a lesson is moved by hand the data sheet no longer tells the
truth, and reading it is refused instead of judging the old timetable.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import Origin
from instances.school import Weeks
from scheduler.errors import Finding, InputError
from scheduler.reading.workbook import Sheet, Workbook, column_letters, open_workbook
from scheduler.writing.data_sheet import COLUMNS, FIRST_DIGEST_COLUMN, MAGIC, SCHEMA_VERSION, UNPLACED, digest, parted

_HIGHEST = {"day": 7, "period": 99, "double": 2, "start": 24 * 60, "end": 24 * 60}


def is_own_timetable(workbook: Workbook) -> bool:
    """Say whether a workbook has the data sheet of kebiao."""
    return _data_sheet(workbook) is not None


def read_own_timetable(source: Path | Workbook) -> SchoolTimetable:
    """Return the timetable of a workbook that kebiao wrote; the origin of each lesson is its row of the data sheet.

    Raises InputError with all findings when the file is no such workbook, was written by another version of the data sheet, is
    damaged, or has timetable sheets that were changed since (then read those: they are what counts).
    """
    workbook = source if isinstance(source, Workbook) else open_workbook(Path(source))
    timetable, sheet = read_data_sheet(workbook)
    if findings := changed_sheets(workbook, sheet):
        raise InputError(findings)
    return timetable


def read_data_sheet(workbook: Workbook) -> tuple[SchoolTimetable, Sheet]:
    """Return the timetable that was written, and its sheet, whatever was changed on the others since; raises InputError as above."""
    sheet = _data_sheet(workbook)
    if sheet is None:
        raise InputError([Finding(Message("This workbook has no data sheet of kebiao"), workbook.origin)])
    if sheet.at(1, 2).text != str(SCHEMA_VERSION):
        text = Message("The data sheet was written by another version of kebiao")
        raise InputError([Finding(text, sheet.place(1, 2), sheet.at(1, 2).text, Message("version {number}", number=SCHEMA_VERSION))])
    places = {sheet.at(2, column).text: column for column in range(1, sheet.width + 1)}
    missing = [name for name in COLUMNS if name not in places]
    if missing:
        text = Message("The data sheet lacks columns: {names}", names=", ".join(missing))
        raise InputError([Finding(text, sheet.place(2, 1))])
    findings: list[Finding] = []
    lessons: list[PlacedLesson] = []
    unplaced: list[tuple[str, int]] = []
    for number in sorted({row for row, _column in sheet.cells if row > 2}):
        row = _Row(sheet, number, places, findings)
        if row.text("kind") == UNPLACED:
            unplaced.append((next(iter(row.names("courses")), ""), row.number("period") or 0))
        else:
            lessons.append(row.lesson())
    if findings:
        raise InputError(findings)
    return SchoolTimetable(tuple(lessons), tuple(unplaced)), sheet


def changed_sheets(workbook: Workbook, data: Sheet) -> list[Finding]:
    """Return a finding for each timetable sheet that no longer shows what was written, or is gone."""
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    findings = []
    for column in range(FIRST_DIGEST_COLUMN + 1, data.width + 1, 2):
        name, expected = data.at(1, column).text, data.at(1, column + 1).text
        if not name:
            break
        shown = sheets.get(name)
        cells = {at: _stored(cell.value) for at, cell in shown.cells.items() if not cell.filled} if shown else {}
        if digest(cells) != expected:
            text = Message("This sheet was changed after kebiao wrote it; the data sheet does not hold the change")
            findings.append(Finding(text, Origin(workbook.path.name, name)))
    return findings


def _data_sheet(workbook: Workbook) -> Sheet | None:
    return next((sheet for sheet in reversed(workbook.sheets) if sheet.at(1, 1).text == MAGIC), None)


def _stored(value: object) -> str:
    """Return the text of a cell as it is stored, not stripped as for people."""
    return "" if value is None else str(value)


class _Row:
    """One row of the data sheet; what cannot be read goes to ``findings``."""

    def __init__(self, sheet: Sheet, row: int, places: Mapping[str, int], findings: list[Finding]) -> None:
        self.sheet = sheet
        self.row = row
        self.places = places
        self.findings = findings

    def text(self, name: str) -> str:
        return _stored(self.sheet.at(self.row, self.places[name]).value)

    def names(self, name: str) -> tuple[str, ...]:
        try:
            return parted(self.text(name))
        except csv.Error:
            self._refuse(name, Message("names parted by |"))
            return ()

    def number(self, name: str) -> int | None:
        text = self.sheet.at(self.row, self.places[name]).text
        if not text:
            return None
        if text.isascii() and text.isdecimal() and int(text) <= _HIGHEST[name]:
            return int(text)
        self._refuse(name, Message("a whole number from 0 to {most}", most=_HIGHEST[name]))
        return None

    def needed(self, name: str) -> int:
        if not self.sheet.at(self.row, self.places[name]).text:
            self._refuse(name, Message("a whole number from 0 to {most}", most=_HIGHEST[name]))
        return self.number(name) or 0

    def weeks(self) -> Weeks:
        text = self.text("weeks")
        if text in list(Weeks):
            return Weeks(text)
        self._refuse("weeks", Message("one of {words}", words=", ".join(Weeks)))
        return Weeks.EVERY

    def _refuse(self, name: str, expected: Message) -> None:
        cell = f"{column_letters(self.places[name])}{self.row}"
        origin = Origin(self.sheet.origin.file, self.sheet.name, cell)
        self.findings.append(Finding(Message("This cell of the data sheet cannot be read"), origin, self.text(name), expected))

    def lesson(self) -> PlacedLesson:
        return PlacedLesson(
            self.needed("day"),
            self.needed("period"),
            self.text("subject"),
            self.names("classes"),
            self.names("teachers"),
            self.names("rooms"),
            self.text("label"),
            self.weeks(),
            self.number("start"),
            self.number("end"),
            self.number("double") or 0,
            self.names("courses"),
            self.text("block") or None,
            self.text("kind"),
            self.sheet.place(self.row, 1),
        )
