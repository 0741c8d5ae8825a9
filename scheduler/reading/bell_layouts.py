"""Bell schedules as schools keep them: lesson names beside clock times, down a sheet or across it, one sheet for each grade or one
column for each.

Understood: ``第1节`` or a name (早读, 大课间, 眼保健操, 午休, 课后服务, 晚自习 ...) with ``8:00-8:40``, ``08:00~08:40``, or
start and end in two cells, typed as text or as Excel times. Grades come from the sheet's name or the column's header. Lessons that
start again at 1 in the afternoon are numbered on. Where no noon break is named, the longest gap between lessons around midday is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from instances.bells import BellSchedule, Section, SectionKind, clock
from instances.language import Message
from instances.spelling import CHINESE_NUMBER, key, number_of
from scheduler.plan_words import SEASONS, SECTIONS
from scheduler.reading.echo import Echo
from scheduler.reading.grades import parse_grades
from scheduler.reading.slots import parse_days
from scheduler.reading.template_table import clock_in
from scheduler.reading.workbook import Cell, Sheet

_RANGE = re.compile(r"\(?(\d{1,2}[:.点时]\d{0,2})分?(?:-|~|至|到|\||—)+(\d{1,2}[:.点时]\d{0,2})分?\)?")
_NUMBERED = re.compile(rf"(?:(?:上午|下午|早上)?第?(\d{{1,2}}|{CHINESE_NUMBER})(?:节课?|课时?)(?:\(.*\))?|第?(\d{{1,2}}))$")
_HALVES = ("上午", "下午", "晚上", "中午", "早上", "早晨", "傍晚", "晨", "午间", "am", "pm", "morning", "afternoon", "evening")
_HEADERS = (
    "时间",
    "起止时间",
    "时刻",
    "time",
    "节次",
    "课节",
    "项目",
    "内容",
    "活动",
    "开始",
    "结束",
    "开始时间",
    "结束时间",
    "上课时间",
    "下课时间",
)
# Words within a name, the longer and more telling first: 大课间 before 课间, 晚自习 before 自习.
_PARTS: tuple[tuple[str, SectionKind], ...] = (
    ("晚自习", SectionKind.EVENING),
    ("晚修", SectionKind.EVENING),
    ("大课间", SectionKind.LONG_BREAK),
    ("课间操", SectionKind.LONG_BREAK),
    ("眼保健操", SectionKind.EYE_EXERCISE),
    ("眼操", SectionKind.EYE_EXERCISE),
    ("课后", SectionKind.AFTER_SCHOOL),
    ("延时", SectionKind.AFTER_SCHOOL),
    ("托管", SectionKind.AFTER_SCHOOL),
    ("早读", SectionKind.MORNING_READING),
    ("晨读", SectionKind.MORNING_READING),
    ("晨诵", SectionKind.MORNING_READING),
    ("早自习", SectionKind.MORNING_READING),
    ("早操", SectionKind.MORNING_EXERCISE),
    ("晨练", SectionKind.MORNING_EXERCISE),
    ("晨会", SectionKind.MEETING),
    ("升旗", SectionKind.MEETING),
    ("夕会", SectionKind.MEETING),
    ("午餐", SectionKind.LUNCH),
    ("午饭", SectionKind.LUNCH),
    ("午休", SectionKind.NOON_REST),
    ("午睡", SectionKind.NOON_REST),
    ("午间", SectionKind.NOON_REST),
    ("晚餐", SectionKind.DINNER),
    ("晚饭", SectionKind.DINNER),
    ("放学", SectionKind.DISMISSAL),
    ("离校", SectionKind.DISMISSAL),
    ("到校", SectionKind.ARRIVAL),
    ("入校", SectionKind.ARRIVAL),
    ("进校", SectionKind.ARRIVAL),
    ("体育活动", SectionKind.ACTIVITY),
    ("体育锻炼", SectionKind.ACTIVITY),
    ("课外活动", SectionKind.ACTIVITY),
    ("活动课", SectionKind.ACTIVITY),
    ("自习", SectionKind.SELF_STUDY),
    ("自修", SectionKind.SELF_STUDY),
    ("课间", SectionKind.BREAK),
    ("休息", SectionKind.BREAK),
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a section's name says: its kind, and its number where it has one."""

    kind: SectionKind
    period: int | None = None


@dataclass(frozen=True, slots=True)
class _Timed:
    """A name with its time: ``lane`` is the column (or row) of the time, which tells schedules side by side apart."""

    label: Cell
    lane: int
    start: int
    end: int
    cells: tuple[Cell, ...]


def section_named(text: str) -> Named | None:
    """Return what a section's name says: 第3节 -> lesson 3, 大课间活动 -> long break; None if it says nothing."""
    plain = key(text)
    for part, kind in _PARTS:
        if part in plain and not re.match(r"(?:上午|下午)?第.{1,3}节", plain):
            return Named(kind)
    if match := _NUMBERED.match(plain):
        return Named(SectionKind.LESSON, number_of(match[1] or match[2]))
    value = SECTIONS.value(text)
    return Named(value) if value is not None else None


def looks_like_bells(sheet: Sheet) -> bool:
    """Say whether a sheet is a table of at least three lessons or named sections and their times."""
    if sheet.height > 200:
        return False
    found = [t for t in (*_down(sheet), *_across(sheet)) if section_named(t.label.text)]
    return len({t.label.origin for t in found}) >= 3


def read_foreign_bells(sheet: Sheet, echo: Echo) -> list[BellSchedule]:
    """Read a table of names and times; one schedule for each column (or row) of times."""
    down, across = list(_down(sheet)), list(_across(sheet))
    known = [sum(section_named(t.label.text) is not None for t in found) for found in (down, across)]
    vertical = known[0] >= known[1]
    lanes: dict[int, list[_Timed]] = {}
    for timed in down if vertical else across:
        lanes.setdefault(timed.lane, []).append(timed)
    if not lanes:
        echo.wrong(
            Message("no bell schedule is recognised in sheet {sheet}", sheet=sheet.name),
            sheet.place(1, 1),
            Message("rows such as 第1节 8:20-9:00, or the headers of our own plan"),
        )
    echo.use(*(cell for cell in sheet.cells.values() if cell.key in _HALVES or cell.key in _HEADERS))
    found = [_schedule(sheet, lane, timed, vertical, echo) for lane, timed in sorted(lanes.items())]
    return [bell for bell in found if bell is not None]


def _schedule(sheet: Sheet, lane: int, timed: list[_Timed], vertical: bool, echo: Echo) -> BellSchedule | None:
    sections: list[Section] = []
    last = 0
    for item in sorted(timed, key=lambda t: (t.start, t.end)):
        echo.use(item.label, *item.cells)
        named = section_named(item.label.text)
        if named is None:
            echo.warn(Message("what is {name}? It is left out of the bell schedule", name=item.label.text), item.label)
            continue
        period = named.period
        if named.kind is SectionKind.LESSON and period is not None:
            if period <= last:
                period = last + 1
                echo.note(Message("{name} is lesson {number} of the day", name=item.label.text, number=period), item.label)
            last = period
        sections.append(Section(named.kind, item.start, item.end, item.label.text, period, item.label.origin))
    if not sections:
        return None
    header = _header(sheet, lane, vertical)
    grades = parse_grades(header.text) or _grades_of(sheet)
    season = next((value for value, word in SEASONS.words.items() if word.zh[0] in header.text + sheet.name), "")
    days = parse_days(header.text) if header else None
    name = " ".join(dict.fromkeys(part for part in (sheet.name, header.text if header else "") if part))
    echo.use(header)
    sections = _with_noon(sections, echo)
    if not any(s.period is not None and s.kind is SectionKind.LESSON for s in sections):
        numbers = itertools.count(1)
        sections = [replace(s, period=next(numbers)) if s.kind is SectionKind.LESSON else s for s in sections]
    echo.note(
        Message(
            "bell schedule {name}: {lessons} lessons, first at {start}, last ends at {end}",
            name=name,
            lessons=sum(s.kind is SectionKind.LESSON for s in sections),
            start=clock(sections[0].start),
            end=clock(sections[-1].end),
        ),
        sections[0].origin,
    )
    return BellSchedule(name, grades, {day: tuple(sections) for day in days or (1, 2, 3, 4, 5)}, season, origin=sections[0].origin)


def _with_noon(sections: list[Section], echo: Echo) -> list[Section]:
    """Put in the noon break, where none is named: the longest gap of at least 40 minutes between lessons around midday."""
    if any(s.kind in (SectionKind.LUNCH, SectionKind.NOON_REST) for s in sections):
        return sections
    gaps = [(b.start - a.end, a, b) for a, b in itertools.pairwise(sections) if 600 <= a.end <= 840]
    longest, before, after = max(gaps, key=lambda gap: gap[0], default=(0, sections[0], sections[0]))
    if longest < 40:
        return sections
    echo.note(
        Message(
            "the noon break is taken to be {start} to {end}, the longest gap around midday", start=clock(before.end), end=clock(after.start)
        ),
        after.origin,
        assumed=True,
    )
    noon = Section(SectionKind.NOON_REST, before.end, after.start, "", None, after.origin)
    return sorted([*sections, noon], key=lambda s: (s.start, s.end))


def _down(sheet: Sheet) -> Iterator[_Timed]:
    """Yield names and times that stand beside each other in a row."""
    for row in sheet.rows:
        yield from _line([(number, cell) for number, cell in enumerate(row, start=1)])


def _across(sheet: Sheet) -> Iterator[_Timed]:
    """Yield names and times that stand below each other in a column."""
    for column in range(1, min(sheet.width, 60) + 1):
        yield from _line([(number, sheet.at(number, column)) for number in range(1, sheet.height + 1)])


def _line(cells: list[tuple[int, Cell]]) -> Iterator[_Timed]:
    labels = [(number, cell) for number, cell in cells if cell and _is_label(cell)]
    times: list[tuple[int, Cell, int, int | None]] = []
    for number, cell in cells:
        if cell and not cell.filled and (found := _times_in(cell)):
            times.append((number, cell, *found))
    position = 0
    while position < len(times):
        number, first, start, end = times[position]
        last = first
        position += 1
        if end is None:
            if position < len(times) and times[position][3] is None and times[position][2] > start:
                _, last, end, _ = times[position]
                position += 1
            else:
                end = start
        label = max((x for x in labels if x[0] < number), key=lambda x: x[0], default=None) or next(iter(labels), None)
        if label is not None and end >= start:
            yield _Timed(label[1], number, start, end, (first, last))


def _is_label(cell: Cell) -> bool:
    plain = cell.key
    return plain not in _HALVES and plain not in _HEADERS and _times_in(cell) is None and len(plain) <= 20


def _times_in(cell: Cell) -> tuple[int, int | None] | None:
    """Return start and end of a range, or one time and None; numbers that are no times are none."""
    match = _RANGE.search(cell.key.replace("：", ":"))
    if match:
        start, end = (clock_in(Cell(text, text, cell.origin)) for text in match.groups())
        return (start, end) if start is not None and end is not None else None
    if isinstance(cell.value, (int, float)) and not 0 < float(cell.value) < 1:
        return None
    if isinstance(cell.value, str) and ":" not in cell.key:
        return None
    single = clock_in(cell)
    return (single, None) if single is not None else None


def _header(sheet: Sheet, lane: int, vertical: bool) -> Cell:
    """Return the header of a column (or row) of times, an empty cell where there is none that says anything."""
    line = [sheet.at(row, lane) for row in range(1, sheet.height + 1)] if vertical else list(sheet.row(lane))
    for cell in line:
        if cell and _times_in(cell):
            break
        if cell and cell.key not in _HEADERS and (parse_grades(cell.text) or parse_days(cell.text) or re.search("[夏冬]", cell.text)):
            return cell
    return Cell(None, "", sheet.origin)


def _grades_of(sheet: Sheet) -> tuple[int, ...]:
    """Return the grades that the sheet's name says, or its title, or the file's name."""
    for text in (sheet.name, sheet.at(1, 1).text, PurePath(sheet.origin.file).stem):
        trimmed = re.sub(r"(作息时间表|作息时间|作息表|作息|时间表|夏季|冬季|[()（）])", "", text)
        if trimmed and not re.search(r"sheet|\d{4}", trimmed, re.IGNORECASE) and (grades := parse_grades(trimmed)):
            return grades
    return ()
