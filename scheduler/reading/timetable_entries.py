"""The entries of a block: every lesson that its cells show, and every cell that could not be read."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from instances.bells import Section, SectionKind
from instances.class_names import ClassName
from instances.language import Message
from instances.origin import Origin
from instances.school import Weeks
from instances.spelling import normalise
from scheduler.errors import Finding
from scheduler.reading.timetable_blocks import Block, Line
from scheduler.reading.timetable_cells import CellLesson, read_cell
from scheduler.reading.timetable_labels import read_label
from scheduler.reading.timetable_names import Owner, class_of, grade_in_title, owner_of_names, owner_of_titles, role_of
from scheduler.reading.timetable_positions import PAUSES, Position, positions
from scheduler.reading.workbook import Cell

_SAID_OF_ALL = 0.3  # a table whose cells name classes this often is a teachers' or rooms' timetable


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson in a slot of somebody's timetable."""

    owner: Owner
    position: Position
    period: int
    lesson: CellLesson
    origin: Origin
    label: str
    double: int = 0


@dataclass
class BlockReading:
    """What one block gave. ``view`` is ``class``, ``teacher`` or ``room``; ``sections`` are its bells by day where times are shown."""

    block: Block
    view: str
    owners: list[Owner] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    unread: list[Finding] = field(default_factory=list)
    assumed: list[Cell] = field(default_factory=list)
    sections: dict[int, list[Section]] = field(default_factory=dict)
    noons: dict[int, int] = field(default_factory=dict)
    used: set[Origin] = field(default_factory=set)


def read_block(block: Block, file_name: str, year: int | None) -> BlockReading:
    """Read all cells of a block. ``year`` is the year in which the school year begins, for classes such as 2023级1班."""
    sheet_name = block.sheet.name
    day = next((d for text in (sheet_name, *(t.text for t in block.titles)) if (d := _day_in(text)) is not None), None)
    places = positions(block, day)
    grade = next((g for text in (*(t.text for t in block.titles), sheet_name) if (g := grade_in_title(text))), None)
    titled = owner_of_titles(block.titles, sheet_name, file_name, year)
    owners: dict[int, Owner | None] = {}
    lines = block.columns if block.names_across else block.rows
    for line in lines:
        owners[line.index] = owner_of_names(line.names, grade, year) if line.names else None
    by_line = any(owners.values())
    contents = list(block.slots())
    view = _view(block, [owner for owner in owners.values() if owner] or ([titled] if titled else []), contents)
    reading = BlockReading(block, view)
    reading.used.update(cell.origin for cell in block.edges)
    named = [line for line in lines if (owner := owners.get(line.index)) is not None and (owner.kind == "class" or _has_data(block, line))]
    reading.used.update(cell.origin for line in named for _, cell in line.names)
    seen: set[object] = set()
    for row, column, cells in contents:
        if not cells:
            continue
        line = column if block.names_across else row
        owner = owners.get(line.index) if by_line else titled
        position = places.get((row.index, column.index))
        reading.used.update(cell.origin for cell in cells)
        if position is not None and not position.periods:
            _pause(reading, cells, position)
            continue
        problem = None
        if position is None:
            problem = Message("no day of the week is named for this cell")
        elif owner is None:
            problem = Message("no class or teacher is named for this row") if by_line else Message("the table names no class or teacher")
        if problem is not None:
            if not all(read_label(cell.text) for cell in cells):
                reading.unread.extend(Finding(problem, cell.origin, cell.text, fatal=False) for cell in cells)
            continue
        assert position is not None
        assert owner is not None
        owner = _as(owner, view, grade, year)
        if (owner.name, owner.found) not in seen:
            seen.add((owner.name, owner.found))
            reading.owners.append(owner)
        _slot(reading, owner, position, cells, row)
    for line in lines:  # classes without any lesson are classes all the same
        if by_line and (found := owners.get(line.index)) and (found.name, found.found) not in seen and found.kind == "class" == view:
            seen.add((found.name, found.found))
            reading.owners.append(found)
    _bells(reading, places)
    _doubles(reading)
    return reading


def _has_data(block: Block, line: Line) -> bool:
    across = block.rows if block.names_across else block.columns
    at = (lambda other: (other, line.index)) if block.names_across else (lambda other: (line.index, other))
    return any(block.sheet.at(*at(other.index)) for other in across)


def _day_in(text: str) -> int | None:
    if (label := read_label(text)).day is not None:
        return label.day
    match = re.search(r"星期[一二三四五六日]|周[一二三四五六日](?!例)", text)
    return read_label(match.group(0)).day if match else None


def _view(block: Block, owners: list[Owner], contents: list[tuple[Line, Line, tuple[Cell, ...]]]) -> str:
    """Whose timetables these are: what the names say, unless the cells say otherwise."""
    kinds = [owner.kind for owner in owners]
    if kinds and kinds.count("class") * 2 > len(kinds):
        return "class"
    texts = [cell.text for _, _, cells in contents for cell in cells if not read_label(cell.text)]
    naming = sum(_names_class(text) for text in texts)
    headed = any(role_of(header) == "teacher" for line in (*block.rows, *block.columns) for header, _ in line.names)
    if naming >= _SAID_OF_ALL * max(1, len(texts)) or headed:
        return "room" if kinds and kinds.count("room") * 2 > len(kinds) else "teacher"
    return "class" if kinds else "teacher"


def _names_class(text: str) -> bool:
    parts = [*re.split(r"[\n、,，/\s]+", text), *re.split(r"[\n、,，/]+", text)]
    return any(class_of(part) is not None for part in parts) or bool(re.search(r"\d\)?班|Grade\d{1,2}Class", normalise(text)))


def _as(owner: Owner, view: str, grade: int | None, year: int | None) -> Owner:
    """A class with a name of its own (火箭班) was taken for a teacher until its cells were seen."""
    if view == "class" and owner.kind != "class":
        return Owner("class", owner.name, owner.cell, ClassName(grade or 0, None, owner.name))
    if view != "class" and owner.kind == "class":
        return Owner(view, owner.name, owner.cell)
    return owner


def _pause(reading: BlockReading, cells: tuple[Cell, ...], position: Position) -> None:
    for cell in cells:
        if not read_label(cell.text) and position.kind in PAUSES and position.clock is None and not position.name:
            reading.unread.append(
                Finding(Message("this line has no period, so the cell was not read"), cell.origin, cell.text, fatal=False)
            )


def _slot(reading: BlockReading, owner: Owner, position: Position, cells: tuple[Cell, ...], row: Line) -> None:
    if len(cells) == 1 and (kind := read_label(cells[0].text).kind) in PAUSES and kind is not SectionKind.MEETING:
        return
    grade = owner.found.grade if owner.found else None
    content = read_cell(tuple(cell.text for cell in cells), reading.view, grade)
    if not content.readable:
        reading.unread.extend(
            Finding(
                Message("this cell is not understood"),
                cell.origin,
                cell.text,
                Message("subject and teacher, such as 语文 and 王老师"),
                fatal=False,
            )
            for cell in cells
        )
        return
    if content.assumed:
        reading.assumed.append(cells[0])
    subject = next((cell.text for header, cell in row.names if re.search(r"学科|科目|subject", header, re.IGNORECASE)), "")
    printed = "\n".join(cell.text for cell in cells)
    for lesson in content.lessons:
        for n, period in enumerate(position.periods):
            double = n + 1 if len(position.periods) == 2 else 0
            label = lesson.label or subject
            reading.entries.append(Entry(owner, position, period, _labelled(lesson, label), cells[0].origin, printed, double))


def _labelled(lesson: CellLesson, label: str) -> CellLesson:
    if lesson.label == label:
        return lesson
    return CellLesson(
        label, lesson.teachers, lesson.classes, lesson.rooms, lesson.weeks, lesson.double, lesson.joint, lesson.group, lesson.block
    )


def _bells(reading: BlockReading, places: dict[tuple[int, int], Position]) -> None:
    """Collect the sections whose times the edges show, and where noon is if the halves of the day are shown."""
    found: dict[int, dict[tuple[int, int], Section]] = defaultdict(dict)
    where = reading.block.edges[0].origin if reading.block.edges else reading.block.sheet.origin
    for position in places.values():
        if position.clock is not None:
            start, end = position.clock
            length = max(1, len(position.periods))
            shown = position.kind in (SectionKind.LESSON, SectionKind.ACTIVITY)
            for n in range(length):
                a, b = start + (end - start) * n // length, start + (end - start) * (n + 1) // length
                period = position.periods[n] if position.periods and shown else None
                found[position.day].setdefault((a, b), Section(position.kind, a, b, position.name, period, where))
        if position.half == 1 and position.periods:
            reading.noons[position.day] = max(reading.noons.get(position.day, 0), position.periods[-1])
    reading.sections = {day: [sections[key] for key in sorted(sections)] for day, sections in sorted(found.items())}


def _doubles(reading: BlockReading) -> None:
    """Mark double lessons: one merged cell over two periods, or two neighbours with 【连】."""
    by_place: dict[tuple[str, int, Weeks, str], dict[int, int]] = defaultdict(dict)
    for n, entry in enumerate(reading.entries):
        by_place[entry.owner.name, entry.position.day, entry.lesson.weeks, entry.lesson.label][entry.period] = n
    for periods in by_place.values():
        for period in sorted(periods):
            first, second = periods[period], periods.get(period + 1)
            if second is None or reading.entries[first].double:
                continue
            a, b = reading.entries[first], reading.entries[second]
            marked = a.lesson.double and b.lesson.double
            if marked or (a.origin == b.origin and not b.double):
                reading.entries[first] = _doubled(a, 1)
                reading.entries[second] = _doubled(b, 2)


def _doubled(entry: Entry, double: int) -> Entry:
    return Entry(entry.owner, entry.position, entry.period, entry.lesson, entry.origin, entry.label, double)
