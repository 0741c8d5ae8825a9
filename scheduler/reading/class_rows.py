"""What the layouts with one row for each class share: finding the rows, the class, its home teacher, room and size."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from instances.language import Message
from scheduler.reading.gather import Gathering, describe_columns, in_words, use_titles
from scheduler.reading.headers import EXAMPLE, field_of, is_summary
from scheduler.reading.recognise import Table
from scheduler.reading.template_table import number_in

_MEANINGS = {
    "class": Message("column: class"),
    "grade": Message("column: grade"),
    "teacher": Message("column: teacher"),
    "subject": Message("column: subject"),
    "hours": Message("column: lessons a week"),
    "home": Message("column: home-room teacher"),
    "room": Message("column: classroom"),
    "place": Message("column: room for the lessons"),
    "size": Message("column: number of pupils"),
    "preparation": Message("column: reserved times of the teachers of the subject"),
    "fixed": Message("column: fixed periods, free text"),
    "forbidden": Message("column: periods without lessons, free text"),
    "demand": Message("column: demands, free text"),
    "doubles": Message("column: double periods a week"),
    "double_length": Message("column: length of a double period"),
    "short": Message("column: short name of the subject"),
    "total": Message("column: total, compared with the sum"),
    "group": Message("column: teaching-research group"),
    "code": Message("column: number, not used"),
    "type": Message("column: type of class, not used"),
    "duty": Message("column: duty, not used"),
    "remark": Message("column: remark, not used"),
}
_UNUSED = ("code", "type", "duty")  # remarks are listed one by one: they may hold demands


def introduce(table: Table, gathering: Gathering) -> None:
    """Say what stands above the header, how each column was understood, and which columns are not used."""
    echo, sheet = gathering.echo, table.sheet
    use_titles(echo, sheet, table.header)
    for name, column in table.columns.items():
        header = sheet.at(table.header, column)
        describe_columns(echo, [(header, _MEANINGS[name])])
        if name in _UNUSED:
            echo.use(*(cell for (_, c), cell in sheet.cells.items() if c == column))
    for column in table.doubtful:
        header = sheet.at(table.header, column)
        echo.use(header)
        echo.warn(
            Message("this column is neither a known subject nor a known field and is not used"),
            header,
            Message("a subject, or name the column in the mapping file"),
        )


def class_rows(table: Table, gathering: Gathering) -> Iterator[tuple[int, str, int]]:
    """Yield (row, class, grade) for each class; home teacher, room and size are written to the class."""
    echo, sheet = gathering.echo, table.sheet
    introduce(table, gathering)
    if "class" not in table.columns:
        echo.wrong(Message("no column of classes was found"), sheet.place(table.header, 1), Message("a column with the header 班级"))
        return
    hint, told = gathering.grade_hint(sheet, table.header, table.grade_text)
    header = sheet.at(table.header, table.columns["class"])
    found = False
    for row in table.data_rows():
        cell = sheet.at(row, table.columns["class"])
        cells = [c for c in sheet.row(row) if c]
        if not cells:
            continue
        if (cell.filled and cell.origin == header.origin) or all(field_of(c.text) for c in cells):
            echo.use(*cells)  # the second row of a header
            continue
        if any(EXAMPLE.match(c.key) for c in cells):
            echo.use(*cells)
            echo.note(Message("row {row} holds instructions or an example and is not read", row=row), cells[0])
            continue
        if is_summary(cells[0]) and (not cell or is_summary(cell)):
            continue
        if not cell:
            if len(cells) > 1:
                echo.wrong(
                    Message("this row names no class: {row}", row=in_words(cells)),
                    cell,
                    Message("a class such as 七年级1班, 高一(1), 701 or 5-1"),
                )
                echo.use(*cells)
            continue
        grade_cell = table.cell(row, "grade")
        grade = hint
        if grade_cell:
            echo.use(grade_cell)
            from instances.class_names import parse_grade

            grade = parse_grade(grade_cell.text, gathering.stage, gathering.school_year) or hint
        names = gathering.classes_in(cell, grade)
        if names is None:
            echo.use(*cells)
            continue
        found = True
        if gathering.knows(names[0]):
            name = gathering.add_class(names[0], cell.origin, told)
            first = next(c for c in gathering.draft.classes if c.name == name)
            echo.wrong(Message("class {name} stands twice; first in {place}", name=name, place=str(first.origin)), cell)
            echo.use(*cells)
            continue
        name = gathering.add_class(names[0], cell.origin, told)
        _details(table, row, name, gathering)
        yield row, name, names[0].grade
    if not found and not any(f.fatal for f in echo.findings):
        echo.wrong(Message("the sheet has headers but no classes"), sheet.place(table.header + 1, table.columns["class"]))


def _details(table: Table, row: int, name: str, gathering: Gathering) -> None:
    if (home := table.cell(row, "home")) and (teachers := gathering.teachers_in(home)):
        gathering.amend_class(name, home_teacher=teachers[0])
    if room := table.cell(row, "room"):
        gathering.echo.use(room)
        gathering.amend_class(name, room=room.text)
    if size := table.cell(row, "size"):
        gathering.echo.use(size)
        number = number_in(size)
        if number is None or number.denominator != 1 or not 0 < number < 500:
            gathering.echo.warn(Message("this is not a number of pupils"), size)
        else:
            gathering.amend_class(name, size=int(number))


def check_total(table: Table, row: int, total: Fraction, gathering: Gathering) -> None:
    """Compare a column of totals with the sum of the lessons that were read."""
    cell = table.cell(row, "total")
    if not cell:
        return
    gathering.echo.use(cell)
    stated = number_in(cell)
    if stated is None:
        gathering.echo.warn(Message("this is not a number of lessons"), cell)
    elif stated != total:
        gathering.echo.warn(
            Message("the total says {stated}, the lessons of the row add up to {total}", stated=str(stated), total=str(total)), cell
        )
