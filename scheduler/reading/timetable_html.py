"""Tables of a web page (also one that a browser or a school system saved as .xls) as sheets of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from instances.language import Message
from instances.origin import Origin
from scheduler.errors import Finding, InputError
from scheduler.reading.workbook import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Cell, Sheet, Workbook, column_letters

_BREAKS = frozenset({"br", "p", "div", "li"})
_SKIPPED = frozenset({"script", "style", "title"})
_ROW_ENDS = frozenset({"tr", "tbody", "thead", "tfoot", "table"})


def is_html(path: Path) -> bool:
    """Say whether a file is a web page, whatever its name says; a file that cannot be opened is none."""
    try:
        with path.open("rb") as file:
            head = file.read(4000)
    except OSError:
        return False
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return False
    plain = head.replace(b"\0", b"").lower()
    return b"<html" in plain or b"<table" in plain or b"<!doctype html" in plain


def open_html(path: Path) -> Workbook:
    """Read every table of a page as a sheet; ``rowspan`` and ``colspan`` are filled as merged cells are. Raises InputError without one."""
    content = path.read_bytes()
    if len(content) > MAX_BYTES:
        message = Message(
            "the file has {size} MB; at most {limit} MB can be read", size=len(content) // 1_000_000, limit=MAX_BYTES // 1_000_000
        )
        raise InputError([Finding(message, Origin(path.name))])
    parser = _Tables()
    parser.feed(_decode(content))
    parser.close()
    sheets = []
    tables = [table for table in parser.tables if table.cells]
    for number, table in enumerate(tables, start=1):
        name = table.title or (f"{path.stem} {number}" if len(tables) > 1 else path.stem)
        sheet = _sheet(path, name, table)
        if sheet.cells:
            sheets.append(sheet)
    if not sheets:
        raise InputError([Finding(Message("this web page holds no table"), Origin(path.name))])
    return Workbook(path, tuple(sheets))


def _decode(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    named = re.search(rb"charset=[\"']?([\w-]+)", content[:4000], re.IGNORECASE)
    candidates = [named.group(1).decode("ascii")] if named else []
    for encoding in (*candidates, "utf-8", "gb18030"):
        try:
            return content.decode("gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("gb18030", errors="replace")


@dataclass
class _Table:
    """Cells as (row, column, rows, columns, text), from 1; ``title`` is the heading before the table or its caption."""

    title: str = ""
    cells: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    row: int = 0


class _Tables(HTMLParser):
    """Collects tables; forgiving of missing end tags, as browsers are. An inner table's text belongs to the outer cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.heading = ""
        self._depth = 0
        self._skip = 0
        self._cell: tuple[int, int, int] | None = None
        self._text: list[str] = []
        self._collects: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skip += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append(_Table(self.heading))
                self.heading = ""
        elif tag in _BREAKS and (self._cell or self._collects):
            self._text.append("\n")
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].row += 1
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            values = dict(attrs)
            table = self.tables[-1]
            table.row = max(table.row, 1)
            column = 1
            while (table.row, column) in table.taken:
                column += 1
            self._cell = (column, _span(values.get("rowspan")), _span(values.get("colspan")))
            self._text = []
        elif tag in ("h1", "h2", "h3", "h4", "caption") and self._cell is None:
            self._collects = tag
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skip = max(0, self._skip - 1)
        elif tag == self._collects:
            text = " ".join("".join(self._text).split())
            if tag == "caption" and self.tables:
                self.tables[-1].title = text
            else:
                self.heading = text
            self._collects = ""
        elif self._depth == 1 and (tag in ("td", "th") or tag in _ROW_ENDS):
            self._end_cell()
        if tag == "table":
            self._depth = max(0, self._depth - 1)
        elif tag in _BREAKS and self._cell:
            self._text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skip and (self._cell or self._collects):
            self._text.append(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is None or not self.tables:
            return
        table = self.tables[-1]
        column, rows, columns = self._cell
        lines = (re.sub(r"[\s\xa0]+", " ", line).strip() for line in "".join(self._text).split("\n"))
        text = "\n".join(line for line in lines if line)
        table.cells.append((table.row, column, rows, columns, text))
        table.taken.update((r, c) for r in range(table.row, table.row + rows) for c in range(column, column + columns))
        self._cell = None


def _span(value: str | None) -> int:
    return min(int(value), 500) if value and value.strip().isdigit() and int(value) > 0 else 1


def _sheet(path: Path, name: str, table: _Table) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    for top, left, rows, columns, text in table.cells:
        if not text or top > MAX_ROWS or left > MAX_COLUMNS:
            continue
        origin = Origin(path.name, name, f"{column_letters(left)}{top}")
        for row in range(top, top + rows):
            for column in range(left, left + columns):
                cells.setdefault((row, column), Cell(text, text, origin, filled=(row, column) != (top, left)))
    return Sheet(name, dict(sorted(cells.items())), Origin(path.name, name))
