"""Reads the 自查记录 sheet: what a school states of itself, item by item, for the whole school or for some grades.

Columns are found by their headers: 项目 (item), 年级 (grades, empty for all), 填报 (number, clock time, 是 or 否). Rows without an
answer state nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from constraints.records.items import ITEMS, Item
from instances.language import Message
from instances.records import Record, Records
from instances.spelling import key
from scheduler.reading.echo import Echo
from scheduler.reading.grades import parse_grades
from scheduler.reading.workbook import Cell, Sheet, Workbook, open_workbook, refusal

SHEET_NAMES = ("自查记录", "Records")
_HEADS = {
    "item": {"项目", "自查项目", "item"},
    "grades": {"年级", "grades", "grade"},
    "value": {"填报", "填报值", "自查结果", "结果", "value", "answer"},
}
_YES = {"是", "有", "已", "√", "✓", "yes", "y", "true", "1"}
_NO = {"否", "无", "未", "没有", "×", "✗", "no", "n", "false", "0"}


def is_records_sheet(sheet: Sheet) -> bool:
    """Say whether a sheet is a 自查记录 sheet: by its name, or by a header row with 项目 and 填报."""
    return key(sheet.name) in {key(name) for name in SHEET_NAMES} or _header(sheet) is not None


def read_records_file(path: Path) -> Records:
    """Return the records of a workbook; raises InputError with all findings."""
    workbook = open_workbook(path)
    sheets = [sheet for sheet in workbook.sheets if is_records_sheet(sheet)]
    if not sheets:
        raise refusal(path, Message("there is no sheet of records"), expected=Message("a sheet 自查记录 with the columns 项目, 年级, 填报"))
    echo = Echo()
    records = read_records([Workbook(workbook.path, tuple(sheets))], echo)
    echo.stop_if_wrong()
    return records


def read_records(workbooks: Iterable[Workbook], echo: Echo) -> Records:
    """Return the records of all 自查记录 sheets; what is wrong with them is in ``echo``."""
    entries: list[Record] = []
    for workbook in workbooks:
        for sheet in workbook.sheets:
            if is_records_sheet(sheet):
                entries += _read_sheet(sheet, echo)
    return Records(tuple(entries))


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the header row and the column of each head."""
    for row in range(1, min(sheet.height, 12) + 1):
        columns: dict[str, int] = {}
        for column in range(1, sheet.width + 1):
            text = key(sheet.at(row, column).text)
            for name, spellings in _HEADS.items():
                if text in spellings:
                    columns.setdefault(name, column)
        if {"item", "value"} <= columns.keys():
            return row, columns
    return None


def _read_sheet(sheet: Sheet, echo: Echo) -> list[Record]:
    found = _header(sheet)
    if found is None:
        echo.wrong(Message("no header row was found"), sheet.origin, Message("the columns 项目, 年级, 填报"))
        return []
    header, columns = found
    names = {key(text): item for item in ITEMS for text in (item.id, *item.title.values())}
    entries = []
    for row in range(header + 1, sheet.height + 1):
        name, answer = sheet.at(row, columns["item"]), sheet.at(row, columns["value"])
        where = sheet.at(row, columns["grades"]) if "grades" in columns else None
        echo.use(name, answer, *([where] if where is not None else []))
        if not name.text or not answer.text:
            continue
        item = names.get(key(name.text))
        if item is None:
            near = difflib.get_close_matches(key(name.text), names, 1)
            expected = Message("an item of the list, such as {item}", item=names[near[0]].title) if near else Message("an item of the list")
            echo.wrong(Message("{item} is not an item of the records", item=name.text), name, expected)
            continue
        grades = parse_grades(where.text) if where is not None and where.text else ()
        if grades is None:
            echo.wrong(Message("{value} names no grades", value=where.text if where else ""), where or name, Message("1-6"))
            continue
        value = _value(item, answer)
        if value is None:
            echo.wrong(Message("{value} does not answer this item", value=answer.text), answer, _expected(item))
            continue
        entries.append(Record(item.id, value, grades, answer.origin))
    return entries


def _expected(item: Item) -> Message:
    if item.yes_no:
        return Message("yes or no")
    return Message("a clock time, such as 17:30") if item.clock else Message("a number in {unit}", unit=item.unit or "")


def _value(item: Item, cell: Cell) -> float | bool | None:
    text = key(cell.text)
    if item.yes_no:
        return True if text in _YES else False if text in _NO else None
    if item.clock:
        hours, colon, minutes = text.partition(":")
        if not colon or not hours.isdigit() or not minutes[:2].isdigit() or int(hours) > 23 or int(minutes[:2]) > 59:
            return None
        return int(hours) * 60 + int(minutes[:2])
    for unit in item.unit.values() if item.unit else ():
        text = text.removesuffix(key(unit))
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e6 else None
