"""The sheet 自查记录: what a school states of itself, item by item, perhaps grade by grade. An empty sheet to fill in, and its reader.

Columns, found by their headers: 项目, 年级 (empty: the whole school), 填报, 单位. Yes and no are 是 and 否; clock times 17:30.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from constraints.records.items import BY_ID, ITEMS, Item
from constraints.ruleset import RuleSet
from instances.class_names import parse_grade
from instances.language import Message, _, in_language
from instances.records import Record, Records
from instances.spelling import key, normalise
from scheduler.auditing.headers import find_headers
from scheduler.errors import Finding, InputError
from scheduler.reading.workbook import Cell, open_workbook

_YES = frozenset({"是", "有", "已", "√", "✓", "y", "yes", "true", "1"})
_NO = frozenset({"否", "无", "没有", "未", "×", "x", "n", "no", "false", "0"})
_HEADERS = {"item": r"项目|内容|^item$", "grades": r"年级|^grades?$", "value": r"填报|数值|情况|结果|^value$|^statement$"}


def items_of(ruleset: RuleSet) -> list[Item]:
    """Return the items that the rules of a rule set ask for, in the order of the list of items."""
    asked = {rule.params[name] for rule in ruleset.rules for name in ("item", "only_if", "unless") if rule.params.get(name)}
    if any(rule.kind == "service_until_work_ends" for rule in ruleset.rules):
        asked.add("local_work_ends")
    return [item for item in ITEMS if item.id in asked]


def write_records_sheet(ruleset: RuleSet, path: Path, *, language: str | None = None) -> None:
    """Write an empty sheet with the items that a rule set asks for. Raises OutputError."""
    from scheduler.writing.atomic import replacing
    from scheduler.writing.book import BODY, CENTRED, SUBTITLE, TITLE, Book

    with in_language(language), replacing(path) as temporary:
        book = Book(temporary, _("Records"))
        sheet = book.sheet(_("Records"))
        sheet.text(0, 0, _("What the school states of itself"), TITLE)
        sheet.text(1, 0, _("Grades empty: the whole school. A line may be copied for each grade. Leave empty what is not known."), SUBTITLE)
        sheet.table(2, (_("item"), _("grades"), _("statement"), _("unit")), (60.0, 14.0, 18.0, 14.0))
        for row, item in enumerate(items_of(ruleset), 3):
            sheet.text(row, 0, str(item.title), BODY)
            sheet.text(row, 1, "", CENTRED)
            sheet.text(row, 2, "", CENTRED)
            unit = str(item.unit) if item.unit else _("time, such as 17:30") if item.clock else _("yes / no")
            sheet.text(row, 3, unit, CENTRED)
        sheet.raw.freeze_panes(3, 0)
        book.close()


def read_records(paths: Sequence[Path]) -> tuple[Records, list[Finding]]:
    """Read the statements of some workbooks. Lines that cannot be read are findings; raises InputError where no sheet holds records."""
    entries: list[Record] = []
    findings: list[Finding] = []
    seen = False
    for path in paths:
        for sheet in open_workbook(path).sheets:
            found = find_headers(sheet, _HEADERS, lambda names: names >= {"item", "value"})
            if found is None:
                continue
            seen = True
            header, columns = found
            for row in range(header + 1, sheet.height + 1):
                cells = {name: sheet.at(row, column) for name, column in columns.items()}
                if cells["item"] and cells["value"]:
                    _line(cells, entries, findings)
    if not seen:
        expected = Message("a sheet with the columns 项目 and 填报")
        raise InputError([Finding(Message("no sheet of records was found"), expected=expected)])
    return Records(tuple(entries)), findings


def _line(cells: dict[str, Cell], entries: list[Record], findings: list[Finding]) -> None:
    item = _item(cells["item"].text)
    cell = cells["value"]
    if item is None:
        findings.append(Finding(Message("no rule asks for this item"), cells["item"].origin, cells["item"].text, fatal=False))
        return
    value = _value(item, cell.text)
    grades = _grades(cells["grades"].text) if "grades" in cells else ()
    if value is None or grades is None:
        where = cell if value is None else cells["grades"]
        expected = (
            Message("a grade, such as 三年级 or 1-2") if value is not None else Message("是 or 否") if item.yes_no else Message("a number")
        )
        findings.append(Finding(Message("this statement is not understood"), where.origin, where.text, expected, fatal=False))
        return
    entries.append(Record(item.id, value, grades, cell.origin))


def _item(text: str) -> Item | None:
    if text in BY_ID:
        return BY_ID[text]
    for language in ("zh", "en"):
        with in_language(language):
            for item in ITEMS:
                if key(str(item.title)) == key(text):
                    return item
    return None


def _value(item: Item, text: str) -> float | bool | None:
    plain = key(text)
    if item.yes_no:
        return True if plain in _YES else False if plain in _NO else None
    if item.clock and (match := re.fullmatch(r"(\d{1,2})[:.点](\d{2})分?", plain)):
        return int(match.group(1)) * 60 + int(match.group(2))
    match = re.fullmatch(r"(?:≤|<=|不超过|约)?(\d+(?:\.\d+)?)(?:分钟|小时|次|天|节|%|min|h)?", plain)
    return float(match.group(1)) if match else None


def _grades(text: str) -> tuple[int, ...] | None:
    plain = normalise(text)
    if not plain or plain in ("全校", "所有", "all"):
        return ()
    found: list[int] = []
    for part in re.split(r"[、,，;；和]", plain):
        ends = [parse_grade(end) for end in re.split(r"[-~至到]", part)]
        if None in ends or not 1 <= len(ends) <= 2:
            return None
        numbers = [n for n in ends if n is not None]
        found.extend(range(numbers[0], numbers[-1] + 1))
    return tuple(dict.fromkeys(found))
