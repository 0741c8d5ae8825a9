"""A workbook under construction: sheets with safe text, styles made once and reused, pages set up for A4."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_rowcol_to_cell

from scheduler.writing.headline import program_version

Style = dict[str, Any]

# Excel's own limit, less one for the mark of a cut.
LONGEST_TEXT = 32_766
_MADE = datetime(2000, 1, 1)
A4 = 9
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

FONT: Style = {"font_name": "等线", "font_size": 10, "valign": "vcenter", "font_color": "#000000"}
TITLE: Style = {**FONT, "font_size": 16, "bold": True}
SUBTITLE: Style = {**FONT, "font_size": 10, "font_color": "#404040"}
HEADER: Style = {**FONT, "bold": True, "align": "center", "text_wrap": True, "border": 1, "border_color": "#7F7F7F", "bg_color": "#E7E6E6"}
BODY: Style = {**FONT, "text_wrap": True, "border": 1, "border_color": "#A6A6A6"}
CENTRED: Style = {**BODY, "align": "center"}
LINK: Style = {**BODY, "font_color": "#0B3D91", "underline": 1}


def safe(text: str) -> str:
    """Return text that a cell can hold: line ends as Excel has them, what XML forbids replaced, cut at Excel's limit."""
    text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"


def display_width(text: str) -> int:
    """Return the width of a line in half-width characters: a Chinese character takes two."""
    return sum(2 if ord(ch) > 0x2E7F else 1 for ch in text)


def line_count(text: str, width: float) -> int:
    """Return the number of lines that text takes in a column ``width`` half-width characters wide."""
    return sum(max(1, -(-display_width(line) // max(1, int(width)))) for line in text.split("\n"))


def close_workbook(workbook: xlsxwriter.Workbook) -> None:
    """Write the file of a workbook. Raises OSError (disk full), which xlsxwriter hides in an error of its own."""
    try:
        workbook.close()
    except FileCreateError as error:
        raise error.args[0] from error


class Book:
    """A workbook at ``path``; ``addresses`` maps (kind, name, day, period) to the (sheet, row, column) that shows it."""

    def __init__(self, path: Path, title: str) -> None:
        options: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        # Column widths are counted in digits of the default font: one that is as wide on every office program.
        options["default_format_properties"] = {"font_name": "Arial", "font_size": 10}
        self.workbook = xlsxwriter.Workbook(str(path), options)
        # A fixed date: the same answer gives the same bytes.
        self.workbook.set_properties(
            {
                "title": safe(title),
                "author": f"kebiao {program_version()}",
                "created": _MADE,
            }
        )
        self._styles: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._sheets: dict[str, Sheet] = {}
        self.addresses: dict[tuple[str, str, int, int], tuple[str, int, int]] = {}
        self.tops: dict[tuple[str, str], tuple[str, int, int]] = {}

    def style(self, style: Style) -> Any:
        """Return the workbook's format for a style, made once."""
        key = tuple(sorted(style.items()))
        if key not in self._styles:
            self._styles[key] = self.workbook.add_format(style)
        return self._styles[key]

    def sheet(self, name: str) -> Sheet:
        """Return the sheet of that name; a new one, set up to print on A4 across and as wide as the page, the first time."""
        if name not in self._sheets:
            self._sheets[name] = Sheet(self, name)
        return self._sheets[name]

    def close(self) -> None:
        """Write the file. Raises OSError."""
        close_workbook(self.workbook)


class Sheet:
    """One sheet. Rows and columns count from 0."""

    def __init__(self, book: Book, name: str) -> None:
        self.book = book
        self.name = name
        self.texts: dict[tuple[int, int], str] = {}
        self.raw = book.workbook.add_worksheet(name)
        self.raw.set_landscape()
        self.raw.set_paper(A4)
        self.raw.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.55)
        self.raw.fit_to_pages(1, 0)
        self.raw.center_horizontally()
        self.raw.hide_gridlines(2)
        self.raw.set_footer("&C&8&P / &N&R&8&A")

    def text(self, row: int, column: int, text: str, style: Style = BODY) -> None:
        """Write text as text: whatever it begins with, it never becomes a formula, also when the cell is edited again."""
        self._string(row, column, text, style)

    def _guarded(self, text: str, style: Style) -> Any:
        return self.book.style({**style, "quote_prefix": True} if text.startswith(_FORMULA_STARTS) else style)

    def _string(self, row: int, column: int, text: str, style: Style) -> None:
        text = self._noted(row, column, safe(text))
        if text:
            self.raw.write_string(row, column, text, self._guarded(text, style))
        else:
            self.raw.write_blank(row, column, None, self.book.style(style))

    def _noted(self, row: int, column: int, text: str) -> str:
        """Keep a text under its (row, column) as counted from 1, for the digest of the sheet; return it."""
        self.texts[row + 1, column + 1] = text
        return text

    def number(self, row: int, column: int, value: float, style: Style = BODY) -> None:
        """Write a number."""
        self.raw.write_number(row, column, value, self.book.style(style))

    def two_part(self, row: int, column: int, head: str, tail: str, style: Style, small: Style) -> None:
        """Write a head and, in smaller letters on the next line, a tail."""
        head, tail = safe(head), safe(tail)
        # Runs of letters are not escaped by XlsxWriter as whole strings are: "_x0041_" would be read as "A".
        if head and tail and len(head) + len(tail) < LONGEST_TEXT and "_x" not in head + tail:
            whole = self._guarded(head, style)
            self._noted(row, column, f"{head}\n{tail}")
            self.raw.write_rich_string(row, column, self.book.style(_font_of(style)), head + "\n", self.book.style(small), tail, whole)
        else:
            self._string(row, column, "\n".join(filter(None, (head, tail))), style)

    def merged(self, first_row: int, first_column: int, last_row: int, last_column: int, text: str, style: Style) -> None:
        """Write text over a rectangle of cells."""
        text = safe(text)
        if (first_row, first_column) == (last_row, last_column):
            self._string(first_row, first_column, text, style)
            return
        self.raw.merge_range(first_row, first_column, last_row, last_column, "", self.book.style(style))
        self._string(first_row, first_column, text, style)

    def link(self, row: int, column: int, target: tuple[str, int, int], text: str, style: Style = LINK) -> None:
        """Write a link to a cell of this workbook."""
        sheet, target_row, target_column = target
        quoted = sheet.replace("'", "''")
        url = f"internal:'{quoted}'!{cell_name(target_row, target_column)}"
        text = self._noted(row, column, safe(text))
        self.raw.write_url(row, column, url, self._guarded(text, style), text)

    def widths(self, widths: Sequence[float]) -> None:
        """Set the column widths, from the first column on."""
        for column, width in enumerate(widths):
            self.raw.set_column(column, column, width)

    def table(self, row: int, header: Sequence[str], widths: Sequence[float]) -> None:
        """Write the header row of a table and set its widths; it stays on screen and repeats on each printed page."""
        self.widths(widths)
        for column, name in enumerate(header):
            self.text(row, column, name, HEADER)
        self.raw.set_row(row, 20)

    def height_for(self, row: int, texts: Sequence[str], widths: Sequence[float], line: float = 14, least: float = 16) -> None:
        """Make a row high enough for its texts: Excel does not do so by itself for merged cells or on other programs."""
        lines = max((line_count(text, width - 1) for text, width in zip(texts, widths, strict=False)), default=1)
        self.raw.set_row(row, min(400, max(least, lines * line + 3)))


def cell_name(row: int, column: int) -> str:
    """Return the ``A1`` name of a cell."""
    return str(xl_rowcol_to_cell(row, column))


def _font_of(style: Style) -> Style:
    """Return the part of a style that a run of letters can have."""
    return {key: value for key, value in style.items() if key in ("font_name", "font_size", "bold", "font_color", "underline")}
