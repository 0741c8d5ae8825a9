"""Which layout a sheet has, where its header row is and what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from instances import class_names, subjects
from instances.school import Stage
from instances.spelling import key, number_of
from scheduler.reading.bells import is_bell_sheet
from scheduler.reading.headers import field_of, header_row, subject_header
from scheduler.reading.mapping import Layout, SheetMap, SheetMapping
from scheduler.reading.workbook import Cell, Sheet, column_letters


@dataclass(frozen=True)
class Table:
    """A sheet understood as a table. ``columns`` are fields by name, ``subjects`` columns that stand under a subject.

    In layout PAIRS ``partners`` gives for each subject column that of the other half of the pair; ``hours_first`` says which half
    holds the hours. ``doubtful`` are columns with a header that is neither a field nor a known subject.
    """

    sheet: Sheet
    layout: Layout | None
    header: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    subjects: Mapping[int, Cell] = field(default_factory=dict)
    partners: Mapping[int, int] = field(default_factory=dict)
    hours_first: bool = True
    doubtful: tuple[int, ...] = ()
    grade_text: str = ""

    def cell(self, row: int, name: str) -> Cell | None:
        """Return the cell of a field in a row; None where the sheet has no such column."""
        return self.sheet.at(row, self.columns[name]) if name in self.columns else None

    def data_rows(self) -> range:
        """The rows below the header."""
        return range(self.header + 1, self.sheet.height + 1)


def recognise(sheet: Sheet, mapping: SheetMapping) -> Table:
    """Return how a sheet is understood; ``layout`` None when it is not."""
    told = mapping.of(sheet.origin)
    if told.layout in (Layout.IGNORE, Layout.BELLS):
        return Table(sheet, told.layout)
    table = _table(sheet, told, mapping)
    if table.layout is None and told.layout is None:
        turned = _table(transposed(sheet), told, mapping)
        if turned.layout in (Layout.MATRIX, Layout.GRID, Layout.PAIRS):
            return turned
        if is_bell_sheet(sheet):
            return Table(sheet, Layout.BELLS)
    return table


def transposed(sheet: Sheet) -> Sheet:
    """Return a sheet with rows and columns exchanged; the origins stay those of the file."""
    return Sheet(
        sheet.name, {(column, row): cell for (row, column), cell in sheet.cells.items()}, sheet.origin, sheet.findings, sheet.hidden
    )


def _table(sheet: Sheet, told: SheetMap, mapping: SheetMapping) -> Table:
    header = told.header or header_row(sheet)
    if header is None:
        return Table(sheet, told.layout, grade_text=told.grade)
    columns: dict[str, int] = {}
    named: dict[int, Cell] = {}
    unknown: list[int] = []
    ignored = {key(text) for text in told.ignore}
    for column in range(1, sheet.width + 1):
        cell = sheet.at(header, column)
        if cell.key in ignored or key(column_letters(column)) in ignored:
            continue
        name = _told(told, column, cell) or field_of(cell.text)
        if name:
            columns.setdefault(name, column)
        elif cell and (not cell.filled or cell.origin not in {c.origin for c in named.values()}):
            if subject_header(cell.text) or mapping.subject(cell.text):
                named[column] = cell
            else:
                unknown.append(column)
    if "class" not in columns and "grade" not in columns and named:
        first = next((column for column in range(1, min(named)) if _classes_below(sheet, header, column)), None)
        if first:
            columns = {name: column for name, column in columns.items() if column != first} | {"class": first}
            unknown = [column for column in unknown if column != first]
    layout, partners, hours_first, named = _layout(sheet, header, columns, named, unknown)
    return Table(
        sheet,
        told.layout or layout,
        header,
        columns,
        named,
        partners,
        hours_first,
        tuple(column for column in unknown if column not in named and column not in partners.values()),
        told.grade,
    )


def _told(told: SheetMap, column: int, cell: Cell) -> str | None:
    for name, where in told.columns.items():
        if where.upper() == column_letters(column) or (cell and key(where) == cell.key):
            return name
    return None


def _layout(
    sheet: Sheet, header: int, columns: Mapping[str, int], named: dict[int, Cell], unknown: list[int]
) -> tuple[Layout | None, dict[int, int], bool, dict[int, Cell]]:
    if ("class" in columns or "grade" in columns) and named:
        partners: dict[int, int] = {}
        for column in sorted({*named, *unknown}):
            if column in partners.values() or not _belongs(sheet, header, column) or not _texts(sheet, header, column + 1):
                continue
            if _numbers(sheet, header, column) or _numbers(sheet, header, column + 1):
                partners[column] = column + 1
        if partners and sum(1 for column in named if column in partners) * 2 >= len(named):
            first = sum(_numbers(sheet, header, column) for column in partners)
            second = sum(_numbers(sheet, header, column) for column in partners.values())
            both = {column: sheet.at(header, column) for column in sorted({*named, *partners})}
            return Layout.PAIRS, partners, first >= second, both
        if len(named) >= 2:
            texts = sum(len(_texts(sheet, header, column)) for column in named)
            if texts and sum(_numbers(sheet, header, column) for column in named) * 2 > texts:
                return Layout.GRID, {}, True, named
            return (Layout.MATRIX if "class" in columns else None), {}, True, named
    if {"subject", "teacher", "class"} <= columns.keys():
        return Layout.ROWS, {}, True, named
    if {"subject", "hours"} <= columns.keys():
        return Layout.HOURS, {}, True, named
    return None, {}, True, named


def _belongs(sheet: Sheet, header: int, column: int) -> bool:
    """Say whether the column to the right can be the other half of a pair: no header of its own, or one that names a half."""
    right = sheet.at(header, column + 1)
    if not right or (right.filled and right.origin == sheet.at(header, column).origin):
        return True
    mine, other = subject_header(sheet.at(header, column).text), subject_header(right.text)
    return field_of(right.text) in ("teacher", "hours") or (
        mine is not None and mine == other and re.search("师|课时|节数", right.text) is not None
    )


def _texts(sheet: Sheet, header: int, column: int) -> list[str]:
    """Return what stands in a column below the header, without the second row of a header."""
    return [cell.normal for row in range(header + 1, sheet.height + 1) if (cell := sheet.at(row, column)) and not field_of(cell.text)]


def _numbers(sheet: Sheet, header: int, column: int) -> int:
    """Count the numbers in a column."""
    return sum(
        1
        for text in _texts(sheet, header, column)
        if re.fullmatch(r"[-+]?\d+(?:\.\d+)?(?:节|课时)?|½|1/2", text) or number_of(text) is not None
    )


def _classes_below(sheet: Sheet, header: int, column: int) -> bool:
    labels = [cell.text for row in range(header + 1, sheet.height + 1) if (cell := sheet.at(row, column))]
    known = sum(1 for text in labels if class_names.parse(text, 1, Stage.JUNIOR, 2025))
    return bool(labels) and known * 2 > len(labels) and not any(subjects.is_known(text) for text in labels)
