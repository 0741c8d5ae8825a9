"""Layout 4: a list with one row for each teacher, subject and classes, and Chinese free text for demands.

``1,2`` in the column of classes means classes 1 and 2 of the row's grade. Lessons a week are those of each class, or the teacher's in all
the classes together: the numbers tell (see :func:`_sense`), the mapping file can say so, and the echo says which was taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from instances.class_names import ClassName
from instances.language import Message
from instances.school import Course, RequirementKind, Selector
from instances.subjects import SubjectName
from scheduler.reading.class_rows import introduce
from scheduler.reading.gather import FreeText, Gathering, in_words
from scheduler.reading.headers import EXAMPLE, field_of, is_summary
from scheduler.reading.recognise import Table
from scheduler.reading.template_table import number_in
from scheduler.reading.workbook import Cell

_TEXTS: tuple[tuple[str, RequirementKind | None], ...] = (
    ("fixed", RequirementKind.FIXED),
    ("forbidden", RequirementKind.FORBIDDEN),
    ("demand", None),
)
_PLAUSIBLE = 10
"""No subject has more lessons a week in one class; more are those of all the classes together."""


@dataclass(frozen=True)
class _Row:
    number: int
    classes: tuple[ClassName, ...]
    subject: SubjectName
    teachers: tuple[str, ...]
    hours: Fraction
    cell: Cell


def read_rows(table: Table, gathering: Gathering) -> None:
    """Read classes, teachers, courses and free texts of a row list."""
    echo, sheet = gathering.echo, table.sheet
    introduce(table, gathering)
    if "hours" not in table.columns:
        echo.wrong(
            Message("no column of lessons a week was found"), sheet.place(table.header, 1), Message("a column with the header 周课时")
        )
        return
    hint, told = gathering.grade_hint(sheet, table.header, table.grade_text)
    rows: list[_Row] = []
    for number in table.data_rows():
        cells = [c for c in sheet.row(number) if c]
        if not cells or is_summary(cells[0]) or all(field_of(c.text) for c in cells):
            continue
        if any(EXAMPLE.match(c.key) for c in cells):
            echo.use(*cells)
            echo.note(Message("row {row} holds instructions or an example and is not read", row=number), cells[0])
            continue
        row = _row(table, number, hint, gathering)
        if row is None:
            echo.use(*cells)
        else:
            rows.append(row)
    if not rows and not any(f.fatal for f in echo.findings):
        echo.wrong(Message("the sheet has headers but no rows"), sheet.place(table.header + 1, 1))
    totals = _totals(rows, gathering)
    for row in rows:
        _add(row, table, totals, told, gathering)


def _row(table: Table, number: int, hint: int | None, gathering: Gathering) -> _Row | None:
    echo, sheet = gathering.echo, table.sheet
    cells = [c for c in sheet.row(number) if c]
    grade = hint
    grade_cell = table.cell(number, "grade")
    if grade_cell:
        grade = gathering.grade_in(grade_cell)
    class_cell, subject_cell, hours_cell = (sheet.at(number, table.columns[name]) for name in ("class", "subject", "hours"))
    classes = gathering.classes_in(class_cell, grade, many=True) if class_cell else None
    if not class_cell:
        echo.wrong(
            Message("this row names no class: {row}", row=in_words(cells)),
            class_cell,
            Message("a class such as 七年级1班, 高一(1), 701 or 5-1"),
        )
    if not subject_cell:
        echo.wrong(Message("this row names no subject: {row}", row=in_words(cells)), subject_cell, Message("the name of a subject"))
    if not hours_cell:
        echo.wrong(Message("how many lessons a week?"), hours_cell, Message("lessons a week: a number such as 4, 0.5 or 1/2"))
    teachers = gathering.teachers_in(table.cell(number, "teacher"))
    if not table.cell(number, "teacher"):
        echo.warn(Message("no teacher is named: the lessons are placed without one"), sheet.at(number, table.columns["teacher"]))
    subject = gathering.subject(subject_cell, classes[0].grade if classes else grade) if subject_cell else None
    hours = gathering.hours(hours_cell, subject.factor if subject else None)
    if not classes or subject is None or hours is None:
        return None
    return _Row(number, tuple(classes), subject, teachers, hours, hours_cell)


def _totals(rows: Sequence[_Row], gathering: Gathering) -> bool:
    """Say whether the hours of a row are those of all its classes together, and note it."""
    if not any(len(row.classes) > 1 for row in rows):
        return False
    told = gathering.mapping.file.hours
    totals = told == "total" or (told is None and _sense(rows))
    at = next(row.cell for row in rows if len(row.classes) > 1)
    text = (
        Message("lessons a week are the teacher's in all the classes of the row together")
        if totals
        else Message("lessons a week are those of each class of the row")
    )
    gathering.echo.note(text, at, assumed=told is None)
    return totals


def _sense(rows: Sequence[_Row]) -> bool:
    """Total if that makes subjects agree over their rows where "each" does not, or if "each" is beyond what a class can have.

    For each subject and grade the hours per class should be the same in all rows; the reading with fewer different values wins.
    """
    several = [row for row in rows if len(row.classes) > 1]
    if any(row.hours > _PLAUSIBLE for row in several):
        return True
    if any(row.hours / len(row.classes) * 2 % 1 for row in several):
        return False
    each: dict[tuple[str, int], set[Fraction]] = defaultdict(set)
    shared: dict[tuple[str, int], set[Fraction]] = defaultdict(set)
    for row in rows:
        where = (row.subject.name, row.classes[0].grade)
        each[where].add(row.hours)
        shared[where].add(row.hours / len(row.classes))
    return sum(map(len, shared.values())) < sum(map(len, each.values()))


def _add(row: _Row, table: Table, totals: bool, told: str, gathering: Gathering) -> None:
    echo = gathering.echo
    names = [gathering.add_class(name, table.sheet.at(row.number, table.columns["class"]).origin, told) for name in row.classes]
    hours = row.hours / len(names) if totals else row.hours
    if (hours * 2).denominator != 1:
        echo.wrong(Message("{hours} lessons cannot be shared by {count} classes", hours=str(row.hours), count=len(names)), row.cell)
        return
    doubles = _doubles(table, row.number, hours, gathering)
    place = table.cell(row.number, "place") or table.cell(row.number, "room")
    if place:
        echo.use(place)
    twice = [c for c in gathering.draft.courses if _same(c, row, names)]
    if twice:
        echo.wrong(
            Message("{subject} of {classes} stands twice with the same teacher; first in {place}", subject=row.subject.label,
                    classes="、".join(names), place=str(twice[0].origin)),
            table.sheet.at(row.number, table.columns["subject"]),
        )  # fmt: skip
        return
    ids = [
        gathering.add_course(
            row.subject, (name,), row.teachers, hours, row.cell.origin, doubles=doubles, room=place.text if place else None
        )
        for name in names
    ]
    who = Selector(teachers=row.teachers) if row.teachers else Selector(courses=tuple(ids))
    what = Selector(courses=tuple(ids))
    for field, bare in _TEXTS:
        cell = table.cell(row.number, field)
        if cell:
            echo.use(cell)
            gathering.texts.append(FreeText(cell, who, what, bare, tuple(ids), row.classes[0].grade))


def _same(course: Course, row: _Row, names: Sequence[str]) -> bool:
    return course.label == row.subject.label and bool(row.teachers) and course.teachers == row.teachers and course.classes[0] in names


def _doubles(table: Table, number: int, hours: Fraction, gathering: Gathering) -> int:
    """Return the double periods a week of a row; a length other than 2 is reported."""
    length = table.cell(number, "double_length")
    if length:
        gathering.echo.use(length)
        if number_in(length) not in (None, 0, 1, 2):
            gathering.echo.wrong(Message("only double periods (two lessons) can be placed"), length, Message("1 or 2"))
    cell = table.cell(number, "doubles")
    if not cell:
        return 0
    gathering.echo.use(cell)
    count = number_in(cell)
    if count is None or count.denominator != 1 or count < 0:
        gathering.echo.wrong(Message("this is not a number of double periods"), cell, Message("a whole number such as 1"))
        return 0
    if count and length and number_in(length) in (0, 1):
        return 0
    if count * 2 > hours:
        gathering.echo.wrong(Message("{count} double periods need more than {hours} lessons", count=int(count), hours=str(hours)), cell)
        return 0
    return int(count)
