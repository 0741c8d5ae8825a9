"""Reads our own plan workbook (:mod:`scheduler.plan_sheets`) into a school: sheets in any order, columns in any order, either language.

Everything wrong is found in one go. A name that is not known comes with the known names that resemble it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from instances import class_names
from instances.language import Message
from instances.origin import Origin
from instances.school import Room, School, SchoolClass, Teacher
from instances.spelling import key
from scheduler.plan_names import Names
from scheduler.plan_sheets import (
    BELLS,
    CLASSES,
    COURSES,
    FORMS,
    LISTS,
    REQUIREMENTS,
    ROOMS,
    RULE_SETS,
    SCHOOL,
    SCHOOL_NAME,
    TEACHERS,
    WEIGHTS,
    Form,
    form_of,
)  # fmt: skip
from scheduler.plan_words import GRADES, NOTHING, PREFERENCES, Word, grade_named
from scheduler.reading.bells import read_bells
from scheduler.reading.defaults import bells_for
from scheduler.reading.draft import Draft
from scheduler.reading.echo import Echo
from scheduler.reading.template_courses import check_hours, read_courses, weekly_lessons
from scheduler.reading.template_names import close_names, subject_of
from scheduler.reading.template_requirements import read_requirements
from scheduler.reading.template_table import Row, read_table
from scheduler.reading.workbook import Cell, Sheet, Workbook


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def origin(self) -> Origin: ...


N = TypeVar("N", bound=_Named)


def is_template(workbook: Workbook) -> bool:
    """Say whether a workbook is our own plan: the sheet of the course plan, or three other sheets of ours, with our headers."""
    found = set()
    for sheet in workbook.sheets:
        form = form_of(sheet.name)
        if form is not None and any(
            {c.id for cell in row if cell and (c := form.column(cell.text))} >= _needed(form) for row in sheet.rows[:12]
        ):
            found.add(form.id)
    return (COURSES.id in found and len(found) >= 2) or len(found) >= 3


def _needed(form: Form) -> set[str]:
    return {column.id for column in form.columns if column.needed}


def read_template(workbook: Workbook, echo: Echo, draft: Draft | None = None) -> Draft:
    """Read our own plan. What is wrong, and how everything was understood, is in ``echo``.

    A plan without bells gets the documented default ones; one without a name of the school leaves ``draft.name`` blank. The findings
    of the sheets themselves (Excel errors) are the caller's.
    """
    return _Template(workbook, echo, draft or Draft(origin=workbook.origin)).read()


def school_of(workbook: Workbook, rulesets: tuple[str, ...] = ("national",)) -> School:
    """Return the school of our own plan by itself; raises InputError with all findings if one of them is fatal."""
    echo = Echo()
    echo.findings.extend(finding for sheet in workbook.sheets for finding in sheet.findings)
    draft = read_template(workbook, echo)
    echo.stop_if_wrong()
    return draft.finish(rulesets, echo.notes)


class _Template:
    def __init__(self, workbook: Workbook, echo: Echo, draft: Draft) -> None:
        self.workbook = workbook
        self.echo = echo
        self.draft = draft
        self.names = Names()

    def read(self) -> Draft:
        """Read the sheets, those that others refer to first."""
        sheets = self._sheets()
        self._read_school(self._table(sheets, SCHOOL))
        self.draft.bells += read_bells(sheets[BELLS.id], self.echo)
        self._read_classes(self._table(sheets, CLASSES))
        self._read_teachers(self._table(sheets, TEACHERS))
        self._read_rooms(self._table(sheets, ROOMS))
        self._refresh_names()
        self._check_home_teachers()
        read_courses(self._table(sheets, COURSES), self.draft, self.names, self.echo, self.workbook.origin)
        self._refresh_names()
        if not self.draft.bells:
            default, notes = bells_for(self.draft.classes, weekly_lessons(self.draft.courses))
            self.draft.bells += default
            self.echo.notes += notes
        check_hours(self.draft, self.echo)
        self.draft.requirements += read_requirements(self._table(sheets, REQUIREMENTS), self.draft, self.names, self.echo)
        self.echo.leftovers(sheet for form in FORMS if form is not BELLS for sheet in sheets[form.id])
        return self.draft

    def _sheets(self) -> dict[str, list[Sheet]]:
        found: dict[str, list[Sheet]] = {form.id: [] for form in FORMS}
        for sheet in self.workbook.sheets:
            form = form_of(sheet.name)
            if form is not None:
                if found[form.id] and form is not BELLS:
                    self.echo.warn(Message("sheet {sheet} stands twice; both are read", sheet=sheet.name), sheet.origin)
                found[form.id].append(sheet)
            elif key(sheet.name) in map(key, LISTS.forms()):
                self.echo.use(*sheet.cells.values())
            else:
                self.echo.use(*sheet.cells.values())
                self.echo.note(Message("sheet {sheet} is not one of our plan and is not read", sheet=sheet.name), sheet.origin)
        return found

    def _table(self, sheets: dict[str, list[Sheet]], form: Form) -> list[Row]:
        return [row for sheet in sheets[form.id] for row in read_table(sheet, form, self.echo)]

    def _refresh_names(self) -> None:
        self.names = Names.of(self.draft.classes, self.draft.teachers, self.draft.courses, self.draft.rooms)

    # -- 学校 -----------------------------------------------------------------------------------------------------------

    def _read_school(self, rows: Iterable[Row]) -> None:
        weights = False
        for row in rows:
            item, value = row.text("item"), row.cell("value")
            if _is(item, SCHOOL_NAME):
                self.draft.name = row.text("value")
            elif _is(item, RULE_SETS):
                self._read_rulesets(value)
            elif _is(item, WEIGHTS):
                weights = True
            elif weights and item:
                self._read_weight(row, item)
            else:
                self.echo.warn(
                    Message("row {row}: {item} is not known and is not read", row=row.number, item=item or value.text),
                    row.first,
                    Message("{name}, {rules}, or below {weights} a preference", name=SCHOOL_NAME, rules=RULE_SETS, weights=WEIGHTS),
                )

    def _read_weight(self, row: Row, item: str) -> None:
        name = PREFERENCES.value(item)
        if name is None:
            self.echo.warn(
                Message("{item} is not a preference that the search knows", item=item),
                row.first,
                Message("one of {words}", words=PREFERENCES.listing()),
            )
        weight = row.whole("value", 0, 10_000)
        if weight is not None and (name or item) in self.draft.weights:
            self.echo.wrong(Message("the weight of {item} is given twice", item=item), row.first)
        elif weight is not None:
            self.draft.weights[name or item] = weight

    def _read_rulesets(self, cell: Cell) -> None:
        if not cell:
            return
        if _is(cell.text, NOTHING):
            self.draft.rulesets = ()
            self.echo.note(Message("no rule set: the timetable is judged by the requirements alone"), cell)
        else:
            self.draft.rulesets = tuple(dict.fromkeys(name for name in re.split(r"[、,，;；\s]+", cell.text) if name))

    # -- 班级, 教师, 场地 -----------------------------------------------------------------------------------------------

    def _read_classes(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if not row.needed("name"):
                continue
            name = row.text("name")
            grade = self._grade(row)
            parsed = class_names.parse(name, grade)
            number = row.whole("number", 1, 99)
            if grade is None and not row.cell("grade"):
                if parsed is None:
                    self.echo.wrong(Message("the grade of class {name} is not known", name=name), row.first, CLASSES["grade"].note)
                else:
                    grade = parsed.grade
            if number is None and parsed is not None and not row.cell("number"):
                number = parsed.number
            size = row.whole("size", 1, 200)
            record = SchoolClass(
                name, grade or 1, number, size, row.optional("home_teacher"), row.optional("room"), row.cell("name").origin
            )
            if self._first_of_name(record, self.draft.classes, Message("class {name}", name=name)):
                self.draft.classes.append(record)
                if grade is not None and self.draft.bells and not self._has_bells(grade):
                    self.echo.wrong(
                        Message("no bell schedule is for {grade}, the grade of class {name}", grade=GRADES.words[grade], name=name),
                        row.cell("grade"),
                    )

    def _grade(self, row: Row) -> int | None:
        cell = row.cell("grade")
        if not cell:
            return None
        grade = grade_named(cell.text)
        if grade is None:
            self.echo.wrong(Message("{value} is not a grade", value=cell.text), cell, CLASSES["grade"].note)
        return grade

    def _has_bells(self, grade: int) -> bool:
        return any(not bell.grades or grade in bell.grades for bell in self.draft.bells)

    def _read_teachers(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.needed("name"):
                taught = tuple(dict.fromkeys(subject_of(text)[0] for text in self.names.split("subjects", row.cell("subjects").text)))
                record = Teacher(row.text("name"), taught, row.optional("group"), row.cell("name").origin)
                if self._first_of_name(record, self.draft.teachers, Message("teacher {name}", name=record.name)):
                    self.draft.teachers.append(record)

    def _read_rooms(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.needed("name"):
                capacity = row.whole("capacity", 1, 200)
                record = Room(row.text("name"), row.text("kind"), capacity or 1, row.cell("name").origin)
                if self._first_of_name(record, self.draft.rooms, Message("room {name}", name=record.name)):
                    self.draft.rooms.append(record)

    def _first_of_name(self, record: N, before: Sequence[N], what: Message) -> bool:
        """Say whether a record is the first of its name; a second one is a finding that names the cell of the first."""
        first = next((other for other in before if key(other.name) == key(record.name)), None)
        if first is not None:
            self.echo.wrong(
                Message("{what} stands twice, first in {cell}", what=what, cell=first.origin.cell),
                record.origin,
                Message("each name once"),
            )
        return first is None

    def _check_home_teachers(self) -> None:
        if not self.draft.teachers:
            return
        for c in self.draft.classes:
            if c.home_teacher and self.names.find("teachers", c.home_teacher) is None:
                self.echo.wrong(
                    Message("the home teacher of {name}, {teacher}, is not in the sheet of teachers", name=c.name, teacher=c.home_teacher),
                    c.origin,
                    close_names(self.names, "teachers", c.home_teacher),
                )


def _is(text: str, word: Word) -> bool:
    return key(text).rstrip(":") in map(key, word.forms())
