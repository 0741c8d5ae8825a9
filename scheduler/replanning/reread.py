"""Reads our own workbook again after somebody worked on it in Excel: the data sheet, and what the visible sheets say beyond it.

The sheets with the weeks of the classes (班级课表) and the master timetable (总课表) are compared, cell by cell, with the texts that the
data sheet gives. A text that moved takes its lesson along; an emptied cell takes it away; a new text is read as people write lessons.
Edits on the sheets of teachers and rooms are refused: they say nothing that the class sheets do not say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from instances.language import LANGUAGES, Message, in_language
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import Origin
from scheduler.errors import Finding, InputError
from scheduler.reading.own_timetable import changed_sheets, read_data_sheet
from scheduler.reading.timetable_cells import read_cell
from scheduler.reading.workbook import Cell, Sheet, Workbook, open_workbook
from scheduler.writing.cells import class_cell, master_cell
from scheduler.writing.week import day_name

Slot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell that no longer shows what kebiao wrote."""

    class_name: str
    day: int
    period: int
    before: str
    after: str
    origin: Origin


@dataclass(frozen=True)
class Reread:
    """The timetable as the sheets show it now, the one that was written, and the edits between the two."""

    timetable: SchoolTimetable
    written: SchoolTimetable
    edits: tuple[Edit, ...] = ()


@dataclass
class _Shown:
    """The cells of one class on one sheet, by (day, period)."""

    sheet: str
    cells: dict[Slot, Cell] = field(default_factory=dict)


def reread(source: Path | Workbook) -> Reread:
    """Return the timetable of a workbook that kebiao wrote, with edits made by hand worked in.

    Raises InputError with all findings when the file is no such workbook, when sheets contradict each other, or when a text
    cannot be read as a lesson.
    """
    workbook = source if isinstance(source, Workbook) else open_workbook(Path(source))
    written, data = read_data_sheet(workbook)
    changed = [finding.origin.sheet for finding in changed_sheets(workbook, data)]
    if not changed:
        return Reread(written, written)
    language, names = _language(workbook)
    with in_language(language):
        return _Reading(workbook, written, changed, names).result()


def _language(workbook: Workbook) -> tuple[str, dict[str, str]]:
    """Return the language that the workbook was written in and its names of the sheets, by ours."""
    present = {sheet.name for sheet in workbook.sheets}
    for language in LANGUAGES:
        with in_language(language):
            names = {name: str(Message(name)) for name in ("Class timetables", "Master timetable")}
        if set(names.values()) & present:
            return language, names
    text = Message("The sheets with the timetables of the classes are gone")
    raise InputError([Finding(text, workbook.origin)])


class _Reading:
    def __init__(self, workbook: Workbook, written: SchoolTimetable, changed: list[str], names: Mapping[str, str]) -> None:
        self.sheets = {sheet.name: sheet for sheet in workbook.sheets}
        self.written = written
        self.changed = changed
        self.names = names
        self.findings: list[Finding] = []
        self.edits: list[Edit] = []
        self.rooms = [None, *sorted({room for lesson in written.lessons for room in lesson.rooms})]
        self.activities = sorted({lesson.period for lesson in written.lessons if lesson.kind == "activity"})
        self.added = 0
        self.at: dict[str, dict[Slot, tuple[PlacedLesson, ...]]] = {}
        for name, lessons in written.by_class.items():
            found: dict[Slot, list[PlacedLesson]] = defaultdict(list)
            for lesson in lessons:
                found[lesson.day, lesson.period].append(lesson)
            order = {"every": 0, "odd": 1, "even": 2, "either": 3}
            self.at[name] = {slot: tuple(sorted(x, key=lambda y: order[y.weeks])) for slot, x in found.items()}

    def result(self) -> Reread:
        week, master = self.names["Class timetables"], self.names["Master timetable"]
        readable = [name for name in (week, master) if name in self.changed and name in self.sheets]
        other = [name for name in self.changed if name not in (week, master)]
        by_sheet: dict[str, dict[str, dict[Slot, tuple[PlacedLesson, ...]]]] = {}
        for name in readable:
            shown = self._weeks(self.sheets[name]) if name == week else self._master(self.sheets[name])
            by_sheet[name] = {own: self._contents(own, found, name == master) for own, found in shown.items()}
        contents = self._agreed(by_sheet)
        if other and not self.edits:
            for name in other:
                text = Message("Lessons are edited on the sheets of the classes or on the master timetable; changes here are not read")
                self.findings.append(Finding(text, self.sheets[name].origin if name in self.sheets else Origin("", name)))
        if self.findings:
            raise InputError(self.findings)
        edits = {(e.class_name, e.day, e.period): e for e in reversed(self.edits)}
        return Reread(self._timetable(contents), self.written, tuple(edits[key] for key in sorted(edits)))

    # -- where the cells are ------------------------------------------------------------------------------------------

    def _weeks(self, sheet: Sheet) -> dict[str, _Shown]:
        """Find the week of each class: its title, the row of days three below, then periods as far as they go."""
        pattern = re.compile(re.escape(str(Message("{name} timetable", name="\0"))).replace("\0", "(.+)"))
        titles = []
        for row in range(1, sheet.height + 1):
            match = pattern.fullmatch(sheet.at(row, 1).text)
            days = {column: day for column in range(4, sheet.width + 1) if (day := self._day(sheet.at(row + 2, column))) is not None}
            if match and days:
                titles.append((row, match.group(1), days))
        found: dict[str, _Shown] = {}
        for number, (top, name, days) in enumerate(titles):
            end = titles[number + 1][0] if number + 1 < len(titles) else sheet.height + 1
            found[name] = shown = _Shown(sheet.name)
            period = 0
            for row in range(top + 3, end):
                label = sheet.at(row, 2).text
                if not label or sheet.at(row, 2).filled:
                    continue
                period = int(label) if label.isdecimal() else next((p for p in self.activities if p > period), period + 1)
                shown.cells.update({(day, period): sheet.at(row, column) for column, day in days.items()})
        return found

    def _master(self, sheet: Sheet) -> dict[str, _Shown]:
        """Find the row of each class and the (day, period) of each column."""
        columns: dict[int, Slot] = {}
        for column in range(2, sheet.width + 1):
            day, period = self._day(sheet.at(2, column)), sheet.at(4, column).text
            if day is not None and period.isdecimal():
                columns[column] = (day, int(period))
        found: dict[str, _Shown] = {}
        for row in range(6, sheet.height + 1):
            if name := sheet.at(row, 1).text:
                found[name] = _Shown(sheet.name, {slot: sheet.at(row, column) for column, slot in columns.items()})
        return found

    @staticmethod
    def _day(cell: Cell) -> int | None:
        return next((day for day in range(1, 8) if cell.text == day_name(day)), None)

    # -- what they say ------------------------------------------------------------------------------------------------

    def _texts(self, lessons: tuple[PlacedLesson, ...], master: bool) -> set[str]:
        """Return the texts a cell with these lessons may show; the home room of a class is not shown, and not known here."""
        if master:
            return {_bare(master_cell(lessons).text)}
        return {_bare(class_cell(lessons, room).text) for room in self.rooms}

    def _contents(self, name: str, shown: _Shown, master: bool) -> dict[Slot, tuple[PlacedLesson, ...]]:
        """Return what stands in each cell of a class whose text was changed."""
        at = self.at.get(name, {})
        changed = {slot: cell for slot, cell in shown.cells.items() if _bare(cell.text) not in self._texts(at.get(slot, ()), master)}
        vacated = [(at[slot], self._texts(at[slot], master)) for slot in changed if slot in at]
        contents: dict[Slot, tuple[PlacedLesson, ...]] = {}
        for slot, cell in sorted(changed.items()):
            text = _bare(cell.text)
            self.edits.append(Edit(name, *slot, _line(at.get(slot, ()), master), " ".join(cell.text.split()), cell.origin))
            number = next((n for n, (_lessons, texts) in enumerate(vacated) if text in texts), None)
            if not text:
                contents[slot] = ()
            elif number is not None:
                contents[slot] = vacated.pop(number)[0]
            else:
                known = next((lessons for lessons in at.values() if text in self._texts(lessons, master)), None)
                contents[slot] = known if known is not None else self._typed(name, slot, cell)
        return contents

    def _typed(self, name: str, slot: Slot, cell: Cell) -> tuple[PlacedLesson, ...]:
        """Read a text that nothing of ours says: subject and teacher as people write them."""
        content = read_cell((cell.text,), "class", None)
        if not content.readable or not content.lessons:
            text = Message("This cell cannot be read as a lesson")
            expected = Message("subject, and the teacher on the next line")
            self.findings.append(Finding(text, cell.origin, cell.text, expected))
            return ()
        own = [lesson for lessons in self.at.get(name, {}).values() for lesson in lessons]
        made = []
        for read in content.lessons:
            like = next((x for x in own if read.label in (x.label, x.subject) and (not read.teachers or x.teachers == read.teachers)), None)
            like = like or next((x for x in own if read.label in (x.label, x.subject)), None)
            base = like or PlacedLesson(0, 0, read.label, (name,), label=read.label)
            made.append(
                replace(
                    base, teachers=read.teachers or base.teachers, rooms=read.rooms or base.rooms, weeks=read.weeks, double=0, block=None
                )
            )
        return tuple(made)

    def _agreed(
        self, by_sheet: Mapping[str, Mapping[str, Mapping[Slot, tuple[PlacedLesson, ...]]]]
    ) -> dict[str, dict[Slot, tuple[PlacedLesson, ...]]]:
        """Put the sheets together; where both were changed they must say the same."""
        merged: dict[str, dict[Slot, tuple[PlacedLesson, ...]]] = defaultdict(dict)
        for classes in by_sheet.values():
            for name, contents in classes.items():
                for slot, lessons in contents.items():
                    before = merged[name].setdefault(slot, lessons)
                    if _what(before) != _what(lessons):
                        edit = next(e for e in self.edits if (e.class_name, e.day, e.period) == (name, *slot))
                        text = Message("The class sheet and the master timetable were changed differently for {name}", name=name)
                        self.findings.append(Finding(text, edit.origin, edit.after))
        return dict(merged)

    def _timetable(self, contents: Mapping[str, Mapping[Slot, tuple[PlacedLesson, ...]]]) -> SchoolTimetable:
        """Return the lessons with the changes made; a lesson of several classes stays one where all of them moved it alike."""
        kept: dict[int, list[str]] = {}
        for number, lesson in enumerate(self.written.lessons):
            kept[number] = [name for name in lesson.classes if (lesson.day, lesson.period) not in contents.get(name, {})]
        result: list[PlacedLesson] = []
        for number, lesson in enumerate(self.written.lessons):
            if len(kept[number]) == len(lesson.classes):
                result.append(lesson)
            elif kept[number]:
                result.append(replace(lesson, classes=tuple(kept[number])))
        joined: dict[tuple[PlacedLesson, Slot], list[str]] = defaultdict(list)
        for name, slots in contents.items():
            for slot, lessons in slots.items():
                for lesson in lessons:
                    joined[lesson, slot].append(name)
        for (lesson, (day, period)), names in joined.items():
            classes = tuple(name for name in lesson.classes if name in names) or tuple(names)
            start, end = self._clock(classes, day, period)
            moved = replace(
                lesson, day=day, period=period, classes=classes, start=start, end=end, origin=self._origin(classes[0], day, period)
            )
            result.append(moved)
        result = list(_without_stray_doubles(result))
        result.sort(key=lambda x: (x.day, x.period, x.classes, x.teachers, x.label, x.weeks))
        return SchoolTimetable(tuple(result), self.written.unplaced)

    def _clock(self, classes: tuple[str, ...], day: int, period: int) -> tuple[int | None, int | None]:
        """Return the clock times of a period of a class, as other lessons of it (that day, else another day) tell them."""
        own = [lesson for name in classes for lesson in self.written.by_class.get(name, ()) if lesson.period == period]
        for lesson in sorted(own, key=lambda x: x.day != day):
            return lesson.start, lesson.end
        return None, None

    def _origin(self, name: str, day: int, period: int) -> Origin:
        return next((e.origin for e in self.edits if (e.class_name, e.day, e.period) == (name, day, period)), Origin())


def _without_stray_doubles(lessons: list[PlacedLesson]) -> Iterator[PlacedLesson]:
    """Take the mark of a double period from lessons whose other half no longer stands beside them."""
    at = {(x.day, x.period, x.classes, x.subject, x.teachers, x.double) for x in lessons if x.double}
    for x in lessons:
        step = {1: 1, 2: -1}.get(x.double, 0)
        whole = (x.day, x.period + step, x.classes, x.subject, x.teachers, 3 - x.double) in at
        yield x if not x.double or whole else replace(x, double=0)


def _what(lessons: tuple[PlacedLesson, ...]) -> list[tuple[str, tuple[str, ...], str]]:
    return sorted((x.label or x.subject, x.teachers, x.weeks.value) for x in lessons)


def _bare(text: str) -> str:
    return "".join(text.split())


def _line(lessons: tuple[PlacedLesson, ...], master: bool) -> str:
    text = master_cell(lessons).text if master and lessons else class_cell(lessons).text
    return " ".join(text.split())
