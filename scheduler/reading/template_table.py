"""A sheet of our own plan as rows of named cells: finds the header, says what each column is, and turns cells into values.

A value that cannot be read is a finding with its cell and what was expected; reading goes on with None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TypeVar

from instances.language import Message
from instances.spelling import key, normalise, number_of
from scheduler.plan_sheets import Form
from scheduler.plan_words import Listing, Vocabulary
from scheduler.reading.echo import Echo
from scheduler.reading.workbook import Cell, Sheet

T = TypeVar("T")

_HEADER_ROWS = 12
"""Rows from the top in which the header is looked for."""
_EXAMPLE = re.compile(r"(示例|例|样例|example)[:：]", re.IGNORECASE)
_UNITS = re.compile(r"(?<=[\d.一二两三四五六七八九十])(课时|节|次|天|周|个|人|班|名|lessons?|periods?|days?|times)+$", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(上午|下午|am|pm)?)(\d{1,2})[:：.点时](\d{1,2})?(?:分|:\d{2})?(am|pm)?", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row: the cells of the columns that the sheet has, by the ids of :mod:`scheduler.plan_sheets`."""

    number: int
    form: Form
    cells: dict[str, Cell]
    echo: Echo

    def cell(self, column: str) -> Cell:
        """Return a cell, an empty one where the sheet has no such column."""
        return self.cells.get(column) or Cell(None, "", self.first.origin)

    @property
    def first(self) -> Cell:
        """The first cell of the row that holds anything."""
        return next((cell for cell in self.cells.values() if cell), next(iter(self.cells.values())))

    def text(self, column: str) -> str:
        """Return the text of a cell on one line."""
        return " ".join(self.cell(column).text.split())

    def optional(self, column: str) -> str | None:
        """Return the text of a cell, None when it is blank."""
        return self.text(column) or None

    def whole(self, column: str, low: int, high: int) -> int | None:
        """Return a whole number from ``low`` to ``high``; None when the cell is blank or wrong."""
        cell = self.cell(column)
        if not cell:
            return None
        number = number_in(cell)
        expected = Message("a whole number from {low} to {high}", low=low, high=high)
        if number is None:
            self.echo.wrong(Message("{value} is not a number", value=cell.text), cell, expected)
        elif number.denominator != 1:
            self.echo.wrong(Message("{value} is not a whole number", value=cell.text), cell, expected)
        elif number < low:
            self.echo.wrong(Message("{value} is too small", value=cell.text), cell, expected)
        elif number > high:
            self.echo.wrong(Message("{value} is too large", value=cell.text), cell, expected)
        else:
            return int(number)
        return None

    def word(self, column: str, words: Vocabulary[T]) -> T | None:
        """Return the value of a word from a fixed list; None when the cell is blank or wrong."""
        cell = self.cell(column)
        if not cell:
            return None
        value = words.value(cell.text)
        if value is None:
            self.echo.wrong(
                Message("{value} is not one of the words of this column", value=cell.text),
                cell,
                Message("one of {words}", words=words.listing()),
            )
        return value

    def clock(self, column: str) -> int | None:
        """Return a clock time in minutes after midnight; None when the cell is blank or wrong."""
        cell = self.cell(column)
        if not cell:
            return None
        minutes = clock_in(cell)
        if minutes is None:
            self.echo.wrong(Message("{value} is not a time of day", value=cell.text), cell, Message("a time such as 8:20"))
        return minutes

    def needed(self, *columns: str) -> bool:
        """Say whether the cells of some columns are filled; those that are not are findings."""
        blank = [name for name in columns if not self.cell(name)]
        for name in blank:
            place = self.cells.get(name, self.first)
            self.echo.wrong(
                Message("row {row}: {column} is blank", row=self.number, column=self.form[name].header),
                place,
                self.form[name].note,
            )
        return not blank


def read_table(sheet: Sheet, form: Form, echo: Echo) -> list[Row]:
    """Return the rows of a sheet; findings when needed columns are missing, notes for each column and for what is not read."""
    header = _find_header(sheet, form)
    if header is None:
        needed = [c for c in form.columns if c.needed]
        echo.wrong(
            Message("sheet {sheet} has no header row", sheet=sheet.name),
            sheet.place(1, 1),
            Message("a row with the headers {headers}", headers=Listing(tuple(c.header for c in needed))),
        )
        return []
    columns = _columns(sheet, form, header, echo)
    missing = [c for c in form.columns if c.needed and c.id not in columns]
    for column in missing:
        echo.wrong(
            Message("sheet {sheet} has no column {column}", sheet=sheet.name, column=column.header),
            sheet.place(header, 1),
            column.note,
        )
    return [] if missing else list(_rows(sheet, form, header, columns, echo))


def number_in(cell: Cell) -> Fraction | None:
    """Return the number in a cell, typed as number or text: ``4``, ``４节``, ``四``, ``0.5``, ``1/2``, ``½``; None if there is none."""
    if isinstance(cell.value, (bool, date, time, timedelta)):
        return None
    plain = normalise(cell.text).replace("⁄", "/")
    plain = _UNITS.sub("", plain)
    if re.search("[一二两三四五六七八九]{2}", plain):
        return None  # 两三节 is two or three
    whole = number_of(plain)
    if whole is not None:
        return Fraction(whole)
    if re.fullmatch(r"[-+]?\d+(\.\d+)?|[-+]?\d+/[1-9]\d*", plain):
        return Fraction(plain)
    return None


def clock_in(cell: Cell) -> int | None:
    """Return the time of day in a cell, in minutes after midnight: an Excel time, ``8:20``, ``8：20``, ``8.20``, ``下午2:30``, ``8点``."""
    value = cell.value
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.hour * 60 + value.minute + (value.second >= 30)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return minutes if 0 <= minutes < 1440 else None
    if isinstance(value, float) and 0 < value < 1:
        return round(value * 1440)
    match = _CLOCK.fullmatch(key(cell.text))
    if match is None:
        return None
    hour, minute = int(match[2]), int((match[3] or "0").ljust(2, "0") if "." in cell.text else match[3] or "0")
    if (match[1] in ("下午", "pm") or match[4] == "pm") and hour < 12:
        hour += 12
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def _find_header(sheet: Sheet, form: Form) -> int | None:
    best, row = 0, None
    for number in range(1, min(sheet.height, _HEADER_ROWS) + 1):
        found = {c.id for cell in sheet.row(number) if cell and not cell.filled and (c := form.column(cell.text))}
        if len(found) > best:
            best, row = len(found), number
    return row if best >= min(2, len(form.columns)) else None


def _columns(sheet: Sheet, form: Form, header: int, echo: Echo) -> dict[str, int]:
    columns: dict[str, int] = {}
    for number, cell in enumerate(sheet.row(header), start=1):
        if not cell:
            continue
        column = form.column(cell.text)
        echo.use(cell)
        if column is not None and column.id not in columns:
            columns[column.id] = number
            continue
        below = [sheet.at(row, number) for row in range(header + 1, sheet.height + 1)]
        echo.use(*below)
        echo.note(Message("column {column} is not one of our plan and is not read", column=cell.text), cell)
    return columns


def _rows(sheet: Sheet, form: Form, header: int, columns: dict[str, int], echo: Echo) -> Iterator[Row]:
    for number in range(header + 1, sheet.height + 1):
        row = Row(number, form, {name: sheet.at(number, column) for name, column in columns.items()}, echo)
        if not any(row.cells.values()):
            continue
        echo.use(*row.cells.values())
        if _EXAMPLE.match(row.first.text):
            echo.note(Message("row {row} is an example and is not read", row=number), row.first)
            continue
        yield row
