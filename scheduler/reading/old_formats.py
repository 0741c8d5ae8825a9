"""The formats beside ``.xlsx``: old ``.xls`` workbooks (through xlrd) and comma or tab separated text."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from instances.language import Message
from scheduler.reading.workbook import MAX_CELLS, Workbook, make_sheet, refusal, too_many


def read_ole(path: Path, content: bytes) -> Workbook:
    """Read a file in the old container format: an ``.xls`` workbook, or an encrypted ``.xlsx``."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise refusal(path, Message("the workbook is protected with a password: remove the password and save it again"))
    if "WordDocument".encode("utf-16-le") in content:
        raise refusal(path, Message("this is a Word document, not an Excel workbook"))
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower() or "password" in str(error).lower():
            raise refusal(path, Message("the workbook is protected with a password: remove the password and save it again")) from None
        raise refusal(path, Message("the old .xls workbook cannot be read: open it in Excel and save it as .xlsx")) from None
    except Exception:  # xlrd trusts the file and fails in many ways on a broken one
        raise refusal(path, Message("the old .xls workbook cannot be read: open it in Excel and save it as .xlsx")) from None
    sheets = []
    for source in book.sheets():
        if source.nrows * source.ncols > 2 * MAX_CELLS:
            raise refusal(path, too_many(), source.name)
        raw: dict[tuple[int, int], Any] = {}
        for row in range(source.nrows):
            for column in range(source.ncols):
                kind, value = source.cell_type(row, column), source.cell_value(row, column)
                if kind == xlrd.XL_CELL_DATE:
                    try:
                        value = xlrd.xldate_as_datetime(value, book.datemode) if value >= 1 else timedelta(days=value)
                    except (ValueError, OverflowError):
                        value = str(value)
                elif kind == xlrd.XL_CELL_ERROR:
                    value = xlrd.error_text_from_code.get(value, "#VALUE!")
                elif kind == xlrd.XL_CELL_BOOLEAN:
                    value = bool(value)
                if kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                    raw[row + 1, column + 1] = value
        merged = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in source.merged_cells]
        sheet = make_sheet(path, source.name, raw, merged, [], source.visibility != 0)
        if sheet.cells:
            sheets.append(sheet)
    if not sheets:
        raise refusal(path, Message("the workbook is empty: none of its sheets holds anything"), cell="A1")
    return Workbook(path, tuple(sheets))


def read_text(path: Path, content: bytes) -> Workbook:
    """Read comma or tab separated text as one sheet named after the file; UTF-8, else GB 18030 as Chinese Excel writes it."""
    if b"\0" in content[:2000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal(path, Message("this is not a text file, although its name says so"))
    text = ""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if not text:
        raise refusal(path, Message("the text is in an unknown encoding: save it as .xlsx"))
    if not re.search(r"[,\t;]", text):
        raise refusal(path, Message("this text has no columns; a table needs commas or tabs between them"))
    delimiter = max(",\t;", key=text.count)
    raw = {}
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            for column, value in enumerate(values, start=1):
                if value.strip():
                    raw[row, column] = value.strip()
            if len(raw) > MAX_CELLS:
                raise refusal(path, too_many())
    except csv.Error as error:
        raise refusal(path, Message("the text is not a table: {reason}", reason=str(error))) from None
    return Workbook(path, (make_sheet(path, path.stem, raw, (), []),))
