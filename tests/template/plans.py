"""Plans for the tests: written, broken in one cell, read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import openpyxl

from instances.language import in_language
from instances.sample_school import sample_school
from instances.school import School
from scheduler.errors import Finding
from scheduler.plan_sheets import FORMS, Form
from scheduler.reading.echo import Echo
from scheduler.reading.template import read_template
from scheduler.reading.workbook import open_workbook
from scheduler.writing.plan import write_plan


def content(value: Any) -> Any:
    """What a record says, without where it was read and the notes about reading it."""
    if is_dataclass(value):
        return {f.name: content(getattr(value, f.name)) for f in fields(value) if f.name not in ("origin", "notes")}
    if isinstance(value, dict):
        return {key: content(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [content(item) for item in value]
    return value


@dataclass
class Result:
    """What reading a plan gave."""

    school: School
    findings: list[Finding]
    notes: list[str]

    def at(self, sheet: str, cell: str) -> list[str]:
        """The messages about one cell, in English."""
        with in_language("en"):
            return [str(f.message) for f in self.findings if (f.origin.sheet, f.origin.cell) == (sheet, cell)]

    @property
    def fatal(self) -> list[Finding]:
        """The findings that stop everything."""
        return [f for f in self.findings if f.fatal]


def read(path: Path) -> Result:
    """Read a plan, whatever is wrong with it."""
    echo = Echo()
    draft = read_template(open_workbook(path), echo)
    with in_language("en"):
        return Result(draft.finish(("national",), echo.notes), echo.findings, [str(note.text) for note in echo.notes])


def form(name: str) -> Form:
    """The form of a sheet by its Chinese name."""
    return next(f for f in FORMS if f.name.zh == name)


def cell_of(sheet: str, column: str, row: int) -> str:
    """The address of a cell by the Chinese header of its column."""
    index = [c.header.zh for c in form(sheet).columns].index(column)
    return f"{chr(ord('A') + index)}{row}"


def broken(
    path: Path, *changes: tuple[str, str, int, object], school: School | None = None, more: Callable[[Any], None] | None = None
) -> Result:
    """Write the sample plan, change cells (sheet, column, row, value), and read it."""
    write_plan(school or sample_school(), path)
    book = openpyxl.load_workbook(path)
    for sheet, column, row, value in changes:
        book[sheet][cell_of(sheet, column, row)].value = value
    if more is not None:
        more(book)
    book.save(path)
    return read(path)


def requirement_rows(path: Path, rows: Iterable[dict[str, object]], school: School | None = None) -> Result:
    """Write the sample plan with other requirements, each a mapping from header to value, and read it."""
    write_plan(school or sample_school(), path)
    book = openpyxl.load_workbook(path)
    sheet = book["排课要求"]
    sheet.delete_rows(2, sheet.max_row)
    for number, row in enumerate(rows, start=2):
        for header, value in row.items():
            sheet[cell_of("排课要求", header, number)].value = value
    book.save(path)
    return read(path)
