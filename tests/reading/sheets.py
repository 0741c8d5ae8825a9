"""Workbooks for tests, written in a line or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from instances.school import Course, School
from scheduler.errors import Finding, InputError
from scheduler.reading.read import read_school

Rows = Sequence[Sequence[Any]]


def write(path: Path, sheets: Mapping[str, Rows] | Rows, merged: Iterable[str] = ()) -> Path:
    """Write a workbook; ``merged`` are ranges of its first sheet."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in (sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}).items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value is not None:
                    sheet.cell(number, column, value)
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def read(tmp_path: Path, sheets: Mapping[str, Rows] | Rows, merged: Iterable[str] = (), name: str = "plan.xlsx", **options: Any) -> School:
    """Write and read."""
    return read_school([write(tmp_path / name, sheets, merged)], **options)


def findings(tmp_path: Path, sheets: Mapping[str, Rows] | Rows, merged: Iterable[str] = (), **options: Any) -> tuple[Finding, ...]:
    """Write and read a plan that must be refused; return what was found."""
    try:
        read(tmp_path, sheets, merged, **options)
    except InputError as error:
        return error.findings
    raise AssertionError("the plan was accepted")


def courses(school: School) -> dict[tuple[str, str], Course]:
    """Courses by (class, label)."""
    return {(course.classes[0], course.label): course for course in school.courses}


def echo(school: School) -> str:
    """All notes as one text."""
    return "\n".join(f"{note.origin.cell} {note.value} | {note.text}" for note in school.notes)
