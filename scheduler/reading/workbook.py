"""Opening a workbook of any origin safely: plain sheets of cells that know where they came from.

Reads ``.xlsx`` and ``.xlsm`` (values only: macros are never looked at), ``.xls`` and ``.csv``. Everything that can be wrong with a
file as a whole is found here and said in the office's words: text called ``.xlsx``, password, empty, cut off, zip bomb, a million
rows. Merged ranges are taken apart and filled with the value of their first cell, whose origin they keep. A formula that has no
stored value, and an Excel error such as ``#REF!``, is a finding of its sheet: it counts only when the sheet is used.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from instances.language import Message
from instances.origin import Origin
from instances.spelling import key, normalise
from scheduler.errors import Finding, InputError

MAX_BYTES = 30_000_000
"""Largest file that is opened."""
MAX_UNPACKED_BYTES = 300_000_000
"""Largest size of a workbook when unzipped; plans of 200 classes have about 5 MB."""
MAX_ROWS = 20_000
MAX_COLUMNS = 1_000
MAX_CELLS = 1_000_000

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell. ``value`` is what the file stores, ``text`` what a person sees, stripped (``8.0`` -> ``8``, 8:20 -> ``8:20``).

    ``origin`` is the cell itself, or the first cell of the merged range that fills it (then ``filled`` is true).
    """

    value: object
    text: str
    origin: Origin
    filled: bool = False

    @property
    def normal(self) -> str:
        """The text for comparison: half width, without spaces (:func:`instances.spelling.normalise`)."""
        return normalise(self.text)

    @property
    def key(self) -> str:
        """The text for comparison, without regard to case."""
        return key(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells by (row, column), both from 1; empty cells are not stored. ``findings`` are about single cells."""

    name: str
    cells: dict[tuple[int, int], Cell]
    origin: Origin
    findings: tuple[Finding, ...] = ()
    hidden: bool = False

    @cached_property
    def height(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def width(self) -> int:
        """The last column that holds anything."""
        return max((column for _, column in self.cells), default=0)

    def at(self, row: int, column: int) -> Cell:
        """Return a cell; an empty one outside the used area or where nothing stands."""
        return self.cells.get((row, column)) or Cell(None, "", self.place(row, column))

    def place(self, row: int, column: int) -> Origin:
        """Return the origin of a cell that may be empty."""
        return Origin(self.origin.file, self.name, f"{column_letters(column)}{row}")

    def row(self, row: int) -> tuple[Cell, ...]:
        """Return a row from column 1 to the last used column of the sheet."""
        return tuple(self.at(row, column) for column in range(1, self.width + 1))

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """All rows, the first is row 1."""
        return tuple(self.row(row) for row in range(1, self.height + 1))


@dataclass(frozen=True)
class Workbook:
    """The sheets of a file, in order; sheets without any content are left out of ``sheets`` and named in ``empty``."""

    path: Path
    sheets: tuple[Sheet, ...]
    empty: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def origin(self) -> Origin:
        """The file."""
        return Origin(self.path.name)


def open_workbook(path: Path) -> Workbook:
    """Read a file into plain sheets. Raises InputError for a file that cannot be used at all."""
    content = _content(path)
    if content.startswith(_OLE):
        from scheduler.reading.old_formats import read_ole

        return read_ole(path, content)
    if content.startswith(b"PK"):
        return _xlsx(path, content)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        from scheduler.reading.old_formats import read_text

        return read_text(path, content)
    raise refusal(path, _what_else(content))


def open_workbooks(paths: Iterable[Path]) -> list[Workbook]:
    """Open several files, or all workbooks of a folder, in order. Raises one InputError with the findings of all."""
    workbooks: list[Workbook] = []
    findings: list[Finding] = []
    for path in _files(paths):
        try:
            workbooks.append(open_workbook(path))
        except InputError as error:
            findings.extend(error.findings)
    if findings:
        raise InputError(findings)
    return workbooks


def column_letters(column: int) -> str:
    """Return the letters of a column: 1 -> ``A``, 28 -> ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def show(value: object) -> str:
    """Return what a person sees in a cell that stores ``value``: ``8.0`` -> ``8``, a time -> ``8:20``, a date -> ``2026-01-02``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime):
        return show(value.date()) if value.time() == time() else f"{value:%Y-%m-%d} {show(value.time())}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            found = sorted(p for p in path.iterdir() if p.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".csv") and p.name[:2] != "~$")
            if not found:
                raise refusal(path, Message("this folder holds no Excel workbook"))
            yield from found
        else:
            yield path


def refusal(path: Path, message: Message, sheet: str = "", expected: Message | None = None, cell: str = "") -> InputError:
    """Return the error for a file that cannot be used as a whole."""
    return InputError([Finding(message, Origin(path.name, sheet, cell), expected=expected)])


def _content(path: Path) -> bytes:
    workbook = Message("an Excel workbook (.xlsx)")
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise refusal(path, Message("this is a folder, not a file"), expected=workbook)
        if size > MAX_BYTES:
            raise refusal(
                path,
                Message("the file has {size} MB; at most {limit} MB can be read", size=size // 1_000_000, limit=MAX_BYTES // 1_000_000),
            )
        content = path.read_bytes()
    except FileNotFoundError:
        raise refusal(path, Message("there is no such file"), expected=workbook) from None
    except OSError as error:
        raise refusal(path, Message("the file cannot be read: {reason}", reason=error.strerror or str(error)), expected=workbook) from None
    if not content.strip(b"\0 \t\r\n"):
        raise refusal(path, Message("the file is empty"), expected=workbook)
    return content


def _what_else(content: bytes) -> Message:
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table")) or b"<html" in head:
        return Message("this is a web page, not an Excel workbook: open it in Excel and save it as .xlsx")
    if head.startswith(b"<?xml"):
        return Message("this is an XML file, not an Excel workbook: open it in Excel and save it as .xlsx")
    if head.startswith(b"%pdf"):
        return Message("this is a PDF file, not an Excel workbook")
    if b"\0" not in content[:2000]:
        return Message("this is a text file, not an Excel workbook, whatever its name says: open it in Excel and save it as .xlsx")
    return Message("this is not an Excel workbook: open it in Excel and save it as .xlsx")


# -- xlsx -------------------------------------------------------------------------------------------------------------


def _xlsx(path: Path, content: bytes) -> Workbook:
    damaged = Message("the workbook is damaged: open it in Excel, let Excel repair it, and save it again")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if not any(name.lower() == "[content_types].xml" for name in names):
                raise refusal(path, Message("this is a zip archive, not an Excel workbook: unpack it first"))
            if any(name.startswith("word/") for name in names):
                raise refusal(path, Message("this is a Word document, not an Excel workbook"))
            if any(name.endswith("workbook.bin") for name in names):
                raise refusal(path, Message("binary workbooks (.xlsb) cannot be read: open it in Excel and save it as .xlsx"))
            formulas = _inspect(path, archive)
        return _cells(path, content, formulas)
    except InputError:
        raise
    except MemoryError:
        raise refusal(path, Message("the workbook is too large for the memory of this computer")) from None
    except Exception as error:  # a broken package can fail in openpyxl in a hundred ways; all mean the same to the office
        raise InputError([Finding(damaged, Origin(path.name), value=f"{type(error).__name__}: {error}"[:200])]) from error


def _inspect(path: Path, archive: zipfile.ZipFile) -> bool:
    """Count what unpacks, before anything is parsed; return whether there are formulas."""
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise refusal(path, Message("the workbook is protected with a password: remove the password and save it again"))
    sheets = _sheet_names(archive)
    for part, name in sheets.items():
        if part not in archive.namelist():  # openpyxl would leave the sheet out without a word
            raise refusal(path, Message("the workbook is damaged: open it in Excel, let Excel repair it, and save it again"), name)
    formulas = False
    total = 0
    for info in archive.infolist():
        rows = cells = styled = 0
        tail = b""
        with archive.open(info) as member:
            while chunk := member.read(1 << 20):
                total += len(chunk)
                if total > MAX_UNPACKED_BYTES:
                    raise refusal(
                        path,
                        Message("the workbook unpacks to more than {limit} MB and is not opened", limit=MAX_UNPACKED_BYTES // 1_000_000),
                        sheets.get(info.filename, ""),
                    )
                if not info.filename.endswith((".xml", ".rels")):
                    continue
                seen = tail + chunk
                if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                    raise refusal(path, Message("the workbook holds declarations that no spreadsheet program writes, and is not opened"))
                if "/worksheets/" in info.filename:
                    formulas = formulas or b"<f>" in seen or b"<f " in seen
                    rows += seen.count(b"<row ") - tail.count(b"<row ")
                    cells += seen.count(b"<v>") - tail.count(b"<v>") + seen.count(b"<is>") - tail.count(b"<is>")
                    styled += seen.count(b"<c ") - tail.count(b"<c ")
                    if cells > MAX_CELLS or styled > 2 * MAX_CELLS or rows > 1_100_000 or (rows > MAX_ROWS and cells > MAX_ROWS):
                        raise refusal(path, too_many(), sheets.get(info.filename, ""), cell=f"A{MAX_ROWS + 1}")
                tail = seen[-12:]
    return formulas


def too_many() -> Message:
    """Return the text for a sheet beyond the limits."""
    return Message(
        "the sheet is too large: at most {rows} rows and {cells} cells can be read; is this really a course plan?",
        rows=MAX_ROWS,
        cells=MAX_CELLS,
    )


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the sheet name of each worksheet part."""
    try:
        targets = {
            item.get("Id"): "xl/" + (item.get("Target") or "").removeprefix("/xl/")
            for item in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    except (KeyError, ElementTree.ParseError):
        return {}
    found = {}
    for item in book.iter():
        if item.tag.endswith("}sheet"):
            relation = next((value for name, value in item.attrib.items() if name.endswith("}id")), None)
            if relation in targets:
                found[targets[relation]] = item.get("name", "")
    return found


def _cells(path: Path, content: bytes, formulas: bool) -> Workbook:
    import warnings

    from openpyxl import load_workbook
    from openpyxl.worksheet.worksheet import Worksheet

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it does not keep; nothing we read
        book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False, rich_text=False)
        written = load_workbook(io.BytesIO(content), data_only=False, keep_links=False) if formulas else None
    sheets: list[Sheet] = []
    empty: list[str] = []
    for source in book.worksheets:
        if not isinstance(source, Worksheet):
            continue
        raw: dict[tuple[int, int], Any] = {at: cell.value for at, cell in source._cells.items() if cell.value is not None}
        findings: list[Finding] = []
        if written is not None:
            for at, cell in written[source.title]._cells.items():
                if cell.data_type == "f" and raw.get(at) is None:
                    findings.append(_no_value(_origin(path, source.title, at), cell.value))
        merged = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in source.merged_cells.ranges]
        sheet = make_sheet(path, source.title, raw, merged, findings, source.sheet_state != "visible")
        if sheet.cells or sheet.findings:
            sheets.append(sheet)
        else:
            empty.append(sheet.name)
    if not sheets:
        raise refusal(path, Message("the workbook is empty: none of its sheets holds anything"), empty[0] if empty else "", cell="A1")
    return Workbook(path, tuple(sheets), tuple(empty))


def _no_value(origin: Origin, formula: object) -> Finding:
    return Finding(
        Message("this formula has no stored value"),
        origin,
        str(getattr(formula, "text", formula)),
        Message("a value; open the workbook in Excel and save it, or paste the values"),
    )


def _origin(path: Path, sheet: str, at: tuple[int, int]) -> Origin:
    return Origin(path.name, sheet, f"{column_letters(at[1])}{at[0]}")


def make_sheet(
    path: Path,
    name: str,
    raw: dict[tuple[int, int], Any],
    merged: Sequence[tuple[int, int, int, int]],
    findings: list[Finding],
    hidden: bool = False,
) -> Sheet:
    """Make a sheet: texts, errors and merged ranges, which are cut off at the used area."""
    cells: dict[tuple[int, int], Cell] = {}
    for at, value in raw.items():
        text = show(value)
        if not text.strip("\u200b\ufeff\u3000 \n\t"):
            continue
        origin = _origin(path, name, at)
        if at[0] > MAX_ROWS or at[1] > MAX_COLUMNS:
            raise refusal(path, too_many(), name, cell=origin.cell)
        if text in _ERRORS:
            findings.append(Finding(Message("this cell shows an Excel error"), origin, text, Message("a value")))
        cells[at] = Cell(value, text, origin)
    bottom = max((row for row, _ in cells), default=0)
    right = max((column for _, column in cells), default=0)
    for top, left, last_row, last_column in merged:
        first = cells.get((top, left))
        if first is None:
            continue
        for row in range(top, min(last_row, bottom) + 1):
            for column in range(left, min(last_column, right) + 1):
                cells.setdefault((row, column), Cell(first.value, first.text, first.origin, filled=True))
    return Sheet(name, dict(sorted(cells.items())), Origin(path.name, name), tuple(findings), hidden)
