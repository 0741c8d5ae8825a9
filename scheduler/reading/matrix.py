"""Layout 3: a class x subject matrix of teacher names, with the weekly hours in a second sheet or workbook.

The hours come as a list (one subject a row, perhaps by grade, perhaps with 备课时间 ``4:2-4``: Thursday, periods 2 to 4 are kept free for
the teachers of the subject) or as a grid (class or grade x subject). A cell may also say its own hours: ``孙雪(5)``, ``孙雪/5``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from instances import class_names
from instances.language import Message
from instances.origin import Origin
from instances.school import RequirementKind, Selector
from instances.spelling import key
from instances.subjects import SubjectName
from scheduler.reading.class_rows import check_total, class_rows, introduce
from scheduler.reading.gather import FreeText, Gathering, describe_columns, in_words
from scheduler.reading.headers import EXAMPLE, field_of, is_summary
from scheduler.reading.phrases import NOTHING
from scheduler.reading.recognise import Table
from scheduler.reading.workbook import Cell

_OWN_HOURS = re.compile(
    r"^(?P<name>.*?[^\d\s(（/／])\s*(?:[(（]\s*(?P<a>\d+(?:\.5)?)\s*(?:节|课时)?\s*[)）]|[/／]\s*(?P<b>\d+(?:\.5)?))$", re.S
)


@dataclass
class Hours:
    """Weekly lessons by (grade or None for all, class or "" for all, subject): a class beats a grade, a grade beats all."""

    found: dict[tuple[int | None, str, str], tuple[Fraction, Cell, SubjectName]] = field(default_factory=dict)
    used: set[tuple[int | None, str, str]] = field(default_factory=set)
    reserved: list[tuple[int | None, str, Cell]] = field(default_factory=list)

    def of(self, grade: int, name: str, subject: str) -> tuple[Fraction, Cell, SubjectName] | None:
        """Return lessons, cell and name of a subject in a class."""
        for place in ((grade, name, subject), (grade, "", subject), (None, "", subject)):
            if place in self.found:
                self.used.add(place)
                return self.found[place]
        return None

    def without_column(self, grade: int, name: str, present: Iterable[str]) -> list[tuple[Fraction, Cell, SubjectName]]:
        """Return the subjects of a class that have hours but are not among ``present``."""
        seen = set(present)
        found = []
        for grade_of, of, subject in self.found:
            if subject not in seen and grade_of in (grade, None) and of in (name, ""):
                seen.add(subject)
                if entry := self.of(grade, name, subject):
                    found.append(entry)
        return found


def read_hours(table: Table, gathering: Gathering, hours: Hours) -> None:
    """Read a list of subjects with their weekly lessons and reserved times."""
    echo, sheet = gathering.echo, table.sheet
    introduce(table, gathering)
    hint, _ = gathering.grade_hint(sheet, table.header, table.grade_text)
    for row in table.data_rows():
        cells = [c for c in sheet.row(row) if c]
        subject_cell = sheet.at(row, table.columns["subject"])
        if not cells or is_summary(cells[0]) or all(field_of(c.text) for c in cells):
            continue
        if any(EXAMPLE.match(c.key) for c in cells):
            echo.use(*cells)
            echo.note(Message("row {row} holds instructions or an example and is not read", row=row), cells[0])
            continue
        if not subject_cell:
            echo.wrong(Message("this row names no subject: {row}", row=in_words(cells)), subject_cell, Message("the name of a subject"))
            echo.use(*cells)
            continue
        grade = hint
        grade_cell = table.cell(row, "grade")
        if grade_cell:
            grade = gathering.grade_in(grade_cell)
            if grade is None:
                continue
        subject = gathering.subject(subject_cell, grade)
        if short := table.cell(row, "short"):
            echo.use(short)
        hours_cell = sheet.at(row, table.columns["hours"])
        if not hours_cell:
            echo.wrong(
                Message("no lessons a week are given for {subject}", subject=subject.label), hours_cell, Message("a number such as 4")
            )
        number = gathering.hours(hours_cell, subject.factor)
        place = (grade, "", subject.name)
        if place in hours.found and number is not None:
            echo.wrong(Message("{subject} stands twice in the list of hours", subject=subject.label), subject_cell)
        elif number is not None:
            hours.found[place] = (number, hours_cell, subject)
        reserved = table.cell(row, "preparation")
        if reserved:
            echo.use(reserved)
            if reserved.key not in NOTHING:
                hours.reserved.append((grade, subject.name, reserved))


def read_grid(table: Table, gathering: Gathering, hours: Hours) -> None:
    """Read a grid of weekly lessons: classes or grades down, subjects across."""
    echo, sheet = gathering.echo, table.sheet
    introduce(table, gathering)
    describe_columns(
        echo,
        [(cell, Message("subject {subject}: lessons a week", subject=gathering.subject(cell).name)) for cell in table.subjects.values()],
    )
    hint, _ = gathering.grade_hint(sheet, table.header, table.grade_text)
    key_column = table.columns.get("class", table.columns.get("grade", 1))
    for row in table.data_rows():
        cell = sheet.at(row, key_column)
        if not cell or is_summary(cell) or EXAMPLE.match(cell.key):
            continue
        echo.use(cell)
        grade = class_names.parse_grade(cell.text, gathering.stage, gathering.school_year) if "class" not in table.columns else None
        name = ""
        if grade is None:
            found = gathering.classes_in(cell, hint)
            if not found:
                continue
            grade, name = found[0].grade, gathering.add_class(found[0], cell.origin)
        total = Fraction(0)
        for column, header in table.subjects.items():
            subject = gathering.subject(header, grade)
            value = sheet.at(row, column)
            number = gathering.hours(value, subject.factor)
            if number is not None:
                hours.found[grade, name, subject.name] = (number, value, subject)
                total += number
        check_total(table, row, total, gathering)


def read_matrix(table: Table, gathering: Gathering, hours: Hours) -> None:
    """Read the matrix and join it with the hours; a column that no table of subjects knows counts if the hours name it."""
    echo, sheet = gathering.echo, table.sheet
    listed = {key(name.label) for _, _, name in hours.found.values()}
    named = [column for column in table.doubtful if sheet.at(table.header, column).key in listed]
    table = replace(
        table,
        subjects=dict(table.subjects) | {column: sheet.at(table.header, column) for column in named},
        doubtful=tuple(column for column in table.doubtful if column not in named),
    )
    describe_columns(
        echo,
        [
            (cell, Message("subject {subject}: the teacher of each class", subject=gathering.subject(cell).name))
            for cell in table.subjects.values()
        ],
    )
    lacking: dict[str, Cell] = {}
    alone: dict[str, tuple[Cell, list[str]]] = {}
    for row, name, grade in class_rows(table, gathering):
        present: list[str] = []
        for column, header in table.subjects.items():
            subject = gathering.subject(header, grade)
            present.append(subject.name)
            cell = sheet.at(row, column)
            own = _OWN_HOURS.match(cell.text) if cell else None
            entry = hours.of(grade, name, subject.name)
            if own:
                number: Fraction | None = Fraction(own["a"] or own["b"])
                origin: Origin = cell.origin
                cell = Cell(own["name"], own["name"].strip(), cell.origin)
            else:
                number, origin = (entry[0], cell.origin) if entry else (None, cell.origin)
            if not cell:
                if (entry and (grade, "", subject.name) in hours.found) or (grade, name, subject.name) in hours.found:
                    echo.warn(
                        Message(
                            "no teacher is named: {count} lessons of {subject} are placed without one",
                            count=str(number),
                            subject=subject.label,
                        ),
                        cell,
                    )
                    gathering.add_course(subject, (name,), (), number or Fraction(0), origin)
                elif entry:
                    echo.note(Message("no teacher is named: {name} does not take {subject}", name=name, subject=subject.label), cell)
                continue
            if cell.text.strip() in ("-", "/", "—", "×", "无"):
                echo.use(cell)
                echo.note(Message("{name} does not take {subject}", name=name, subject=subject.label), cell)
                continue
            teachers = gathering.teachers_in(cell)
            if number is None:
                lacking.setdefault(subject.label, header)
                continue
            gathering.add_course(subject, (name,), teachers, number, origin)
        for number, cell, subject in hours.without_column(grade, name, present):
            gathering.add_course(subject, (name,), (), number, cell.origin)
            alone.setdefault(subject.label, (cell, []))[1].append(name)
    _say_alone(alone, gathering)
    if lacking and not hours.found:
        first = next(iter(lacking.values()))
        echo.wrong(
            Message("the matrix names teachers but no hours: lessons a week are missing for {subjects}", subjects="、".join(lacking)),
            first,
            Message("a second sheet or workbook with the columns 课程名 and 课时, given together with this one"),
        )
        return
    for label, header in lacking.items():
        echo.wrong(
            Message("no lessons a week are given for {subject}", subject=label),
            header,
            Message("a row of the list of hours for this subject"),
        )


def _say_alone(alone: dict[str, tuple[Cell, list[str]]], gathering: Gathering) -> None:
    for label, (cell, names) in alone.items():
        gathering.echo.warn(
            Message(
                "{subject} has hours but no column of teachers: the lessons of {count} classes are placed without a teacher",
                subject=label,
                count=len(names),
            ),
            cell,
        )


def reserve_times(hours: Hours, gathering: Gathering) -> None:
    """Turn reserved preparation times into demands on the teachers of the subject (and grade)."""
    grades = {c.name: c.grade for c in gathering.draft.classes}
    for grade, subject, cell in hours.reserved:
        teachers = _teachers_of(subject, grade, grades, gathering)
        if not teachers:
            gathering.echo.warn(Message("reserved times for {subject}, which nobody teaches", subject=subject), cell)
            continue
        who = Selector(teachers=tuple(teachers))
        gathering.texts.append(FreeText(cell, who, who, RequirementKind.FORBIDDEN, grade=grade))


def check_unused(hours: Hours, gathering: Gathering) -> None:
    """Name the hours that no class takes."""
    for place, (_, cell, subject) in hours.found.items():
        if place not in hours.used:
            gathering.echo.warn(Message("hours for {subject}, which no class takes", subject=subject.label), cell)


def _teachers_of(subject: str, grade: int | None, grades: dict[str, int], gathering: Gathering) -> Sequence[str]:
    found: dict[str, None] = {}
    for course in gathering.draft.courses:
        if course.subject == subject and (grade is None or any(grades[name] == grade for name in course.classes)):
            found.update(dict.fromkeys(course.teachers))
    return list(found)
