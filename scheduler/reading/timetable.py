"""Any published timetable in, lessons and the outline of a school out.

``read_timetable`` takes what schools publish (docs/auditing.md): 总课表, 班级课表, 教师课表, one-class sheets, transposed tables, aSc
exports, as .xlsx, .xls, .csv or a web page. It says how it understood each table, lists every cell that it could not read, and
never guesses silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from instances.bells import BellSchedule
from instances.class_names import school_year_of
from instances.language import Message
from instances.lessons import SchoolTimetable
from instances.origin import Origin
from instances.school import Note, School
from instances.spelling import normalise
from instances.subjects import parse as parse_subject
from scheduler.errors import Finding, InputError
from scheduler.reading.timetable_bells import read_schedules
from scheduler.reading.timetable_blocks import find_blocks
from scheduler.reading.timetable_entries import BlockReading, read_block
from scheduler.reading.timetable_school import outline
from scheduler.reading.timetable_views import merge
from scheduler.reading.workbook import Sheet, Workbook, open_workbook

_OWN_SHEETS = frozenset(
    [
        *("合规报告", "质量报告", "未满足之处", "读入说明", "数据", "未排课程", "无解分析"),
        *("Compliance", "Quality", "Where they are not met", "Reading notes", "Data", "Not placed", "Why impossible"),
    ]
)
"""Sheets of our own workbooks, and tables of our own page, that are no timetables."""

_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".csv", ".html", ".htm", ".mht")


@dataclass(frozen=True)
class TimetableReading:
    """What was read of a published timetable.

    ``school`` is an outline: classes, teachers, rooms and, where the headers show times, bells; no courses. ``unread`` are the cells
    that the verdicts do not cover; ``differences`` the places where two views of one timetable contradict each other.
    ``slots`` counts the periods of classes that hold a lesson.
    """

    school: School
    timetable: SchoolTimetable
    notes: tuple[Note, ...]
    unread: tuple[Finding, ...] = ()
    differences: tuple[Finding, ...] = ()
    slots: int = 0

    @property
    def uncovered(self) -> tuple[Message, ...]:
        """What the verdicts do not cover, in sentences."""
        found = []
        if self.unread:
            found.append(Message("{n} cells could not be read and are not judged; they are listed by cell", n=len(self.unread)))
        if not any(lesson.teachers for lesson in self.timetable.lessons):
            found.append(Message("the timetable names no teachers: clashes of teachers are not judged"))
        if not any(lesson.rooms for lesson in self.timetable.lessons):
            found.append(Message("the timetable names no rooms: clashes of rooms are not judged"))
        if not self.school.bells or all(bell.assumed for bell in self.school.bells):
            found.append(Message("the timetable shows no times: rules about the bell schedule are not judged"))
        if any(c.grade == 0 for c in self.school.classes):
            names = "、".join(c.name for c in self.school.classes if c.grade == 0)
            found.append(
                Message("the grade of these classes is not known, so rules for grades do not reach them: {classes}", classes=names)
            )
        return tuple(found)


def read_timetable(paths: Path | Sequence[Path]) -> TimetableReading:
    """Read one timetable from a file, several files or a folder. Raises InputError when no table is found in any of them."""
    files = list(_files([paths] if isinstance(paths, Path) else paths))
    workbooks: list[Workbook] = []
    findings: list[Finding] = []
    for path in files:
        try:
            workbooks.append(open_table(path))
        except InputError as error:
            findings.extend(error.findings)
    if findings:
        raise InputError(findings)
    return read_workbooks(workbooks)


def open_table(path: Path) -> Workbook:
    """Open a workbook, or a web page with tables (also one that is called .xls)."""
    from scheduler.reading.timetable_html import is_html, open_html

    return open_html(path) if is_html(path) else open_workbook(path)


def read_workbooks(workbooks: Sequence[Workbook]) -> TimetableReading:
    """Read a timetable from opened workbooks. Raises InputError when there is no table in them."""
    readings: list[BlockReading] = []
    notes: list[Note] = []
    bells: list[BellSchedule] = []
    read_sheets: list[tuple[Sheet, list[BlockReading]]] = []
    for workbook in workbooks:
        year = _school_year(workbook)
        for sheet in workbook.sheets:
            if sheet.name in _OWN_SHEETS or sheet.hidden:
                notes.append(Note(Message("this sheet was not read: it is no timetable"), sheet.origin))
                continue
            if "作息" in sheet.name and (schedules := read_schedules(sheet, notes)):
                bells.extend(schedules)
                continue
            found = [read_block(block, workbook.path.stem, year) for block in find_blocks(sheet)]
            found = [reading for reading in found if reading.entries or reading.unread]
            if not found:
                schedules = read_schedules(sheet, notes)
                bells.extend(schedules)
                if not schedules:
                    notes.append(Note(Message("no timetable was found on this sheet"), sheet.origin))
                continue
            read_sheets.append((sheet, found))
            readings.extend(found)
    if not any(reading.entries for reading in readings):
        cells = [finding for reading in readings for finding in reading.unread][:50]
        names = ", ".join(workbook.path.name for workbook in workbooks)
        raise InputError(
            [
                Finding(
                    Message("no timetable was found: a table needs days of the week, periods, and the name of a class or teacher"),
                    Origin(names),
                    expected=Message("for example classes down and 星期一 to 星期五 with their periods across"),
                ),
                *cells,
            ]
        )
    merged = merge(readings)
    for sheet, found in read_sheets:
        notes.extend(_echo(sheet, found))
    school, more = outline(workbooks, readings, merged, bells)
    notes.extend(more)
    notes.extend(_subjects(merged.lessons))
    timetable = SchoolTimetable(tuple(sorted(merged.lessons, key=lambda x: (x.day, x.period, x.classes, x.weeks, x.subject, x.teachers))))
    slots = len({(name, x.day, x.period) for x in timetable.lessons for name in x.classes})
    unread = tuple(finding for reading in readings for finding in reading.unread)
    return TimetableReading(school, timetable, tuple(notes), unread, tuple(merged.differences), slots)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            found = sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES and not p.name.startswith(("~$", ".")))
            if not found:
                raise InputError([Finding(Message("this folder holds no timetable"), Origin(path.name))])
            yield from found
        else:
            yield path


def _school_year(workbook: Workbook) -> int | None:
    texts = [workbook.path.stem]
    for sheet in workbook.sheets[:3]:
        texts += [sheet.name, *(cell.text for (row, _), cell in sheet.cells.items() if row <= 3 and not cell.filled)]
    return next((year for text in texts if (year := school_year_of(text)) is not None), None)


_VIEWS = {
    "class": Message("timetable of classes: {owners}"),
    "teacher": Message("timetable of teachers: {owners}"),
    "room": Message("timetable of rooms: {owners}"),
}


def _echo(sheet: Sheet, readings: list[BlockReading]) -> Iterable[Note]:
    """Say how the tables of a sheet were understood, and name the cells outside them."""
    for reading in readings:
        names = [owner.name for owner in reading.owners]
        shown = "、".join(names[:4]) + (f" … ({len(names)})" if len(names) > 4 else "")
        days = sorted({entry.position.day for entry in reading.entries})
        periods = sorted({entry.period for entry in reading.entries})
        where = next((cell.origin for cell in reading.block.edges), sheet.origin)
        yield Note(
            Message(
                "{view}; {days} days, periods {first} to {last}, {lessons} lessons read, {unread} cells not read",
                view=Message(_VIEWS[reading.view].text, owners=shown),
                days=len(days),
                first=periods[0] if periods else "-",
                last=periods[-1] if periods else "-",
                lessons=len(reading.entries),
                unread=len(reading.unread),
            ),
            where,
        )
        for cell in reading.assumed:
            yield Note(
                Message("two subjects in one cell without a mark: understood as odd weeks / even weeks"),
                cell.origin,
                cell.text,
                assumed=True,
            )
    used = {origin for reading in readings for origin in reading.used}
    used |= {finding.origin for reading in readings for finding in reading.unread}
    rest = [cell for cell in sheet.cells.values() if not cell.filled and cell.origin not in used]
    for cell in rest[:200]:
        yield Note(Message("text outside the lessons"), cell.origin, cell.text)


def _subjects(lessons: Iterable[object]) -> Iterable[Note]:
    """Say how subject names were understood, each once."""
    seen: dict[str, tuple[str, bool, Origin]] = {}
    for lesson in lessons:
        label = getattr(lesson, "label", "")
        if label and label not in seen:
            known = parse_subject(label).known
            seen[label] = (getattr(lesson, "subject", ""), known, getattr(lesson, "origin", Origin()))
    for label, (subject, known, origin) in seen.items():
        if not known:
            yield Note(Message("subject {label} is not in the list of subjects and stands for itself", label=label), origin, label)
        elif normalise(label) != normalise(subject):
            yield Note(Message("subject {label} understood as {subject}", label=re.sub(r"\s+", " ", label), subject=subject), origin, label)
