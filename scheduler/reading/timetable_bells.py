"""The bell schedule beside a published timetable: a sheet 作息时间表, one table or one for each group of grades and days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from instances.bells import BellSchedule, Section
from instances.language import Message
from instances.school import Note
from instances.spelling import normalise
from scheduler.reading.bells import is_bell_sheet, read_bells
from scheduler.reading.echo import Echo
from scheduler.reading.timetable_labels import read_label
from scheduler.reading.workbook import Sheet

_TIME = re.compile(r"时间|^time$", re.IGNORECASE)
_DAY = re.compile(r"(?:星期|周)[一二三四五六日]|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", re.IGNORECASE)
_NUMBERS = r"(?:\d{1,2}[、,])*\d{1,2}"


def read_schedules(sheet: Sheet, notes: list[Note]) -> list[BellSchedule]:
    """Return the bell schedules of a sheet; nothing where it holds none, or a faulty one, which ``notes`` say."""
    if not is_bell_sheet(sheet):
        return []
    found: dict[tuple[int, ...], dict[int, tuple[Section, ...]]] = {}
    several = list(_parts(sheet))
    bells: list[BellSchedule] = []
    for title, part in several:
        echo = Echo()
        read = read_bells([part], echo)
        fault = next((finding for finding in echo.findings if finding.fatal), None)
        if fault is not None or not read:
            if fault is not None:
                notes.append(Note(Message("the bell schedule is not used: {reason}", reason=fault.message), fault.origin, fault.value))
            return []
        days = _days(title)
        for bell in read:
            if len(several) == 1:
                bells.append(bell)
            else:
                here = found.setdefault(_grades(title) or bell.grades, {})
                here.update({day: sections for day, sections in bell.days.items() if not days or day in days})
    bells += [BellSchedule(sheet.name, grades, dict(sorted(days.items())), origin=sheet.origin) for grades, days in found.items()]
    notes.append(Note(Message("bell schedule of the school"), sheet.origin))
    return [replace(bell, assumed=False) for bell in bells]


def _parts(sheet: Sheet) -> Iterator[tuple[str, Sheet]]:
    """Part a sheet at the titles that stand alone in their row above a row with 时间; one part when there are fewer than two."""
    tops = [row for row in range(1, sheet.height) if _alone(sheet, row) and any(_TIME.search(cell.text) for cell in sheet.row(row + 1))]
    if len(tops) < 2:
        yield "", sheet
        return
    for top, bottom in zip(tops, [*tops[1:], sheet.height + 1], strict=True):
        cells = {at: cell for at, cell in sheet.cells.items() if top < at[0] < bottom}
        yield next(cell.text for cell in sheet.row(top) if cell), replace(sheet, cells=cells)


def _alone(sheet: Sheet, row: int) -> bool:
    return len({cell.origin for cell in sheet.row(row) if cell}) == 1


def _days(title: str) -> set[int]:
    return {day for text in _DAY.findall(title) if (day := read_label(text).day) is not None}


def _grades(title: str) -> tuple[int, ...]:
    match = re.search(rf"({_NUMBERS})年级|grades?({_NUMBERS})", normalise(title), re.IGNORECASE)
    return tuple(int(n) for n in re.split(r"[、,]", match.group(1) or match.group(2))) if match else ()
