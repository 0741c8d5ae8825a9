"""Layout 2: one row for each class, two columns for each subject, (hours, teacher); only the first of a pair needs a header."""

from __future__ import annotations

from fractions import Fraction

from instances.language import Message
from scheduler.reading.class_rows import check_total, class_rows
from scheduler.reading.gather import Gathering, describe_columns
from scheduler.reading.recognise import Table
from scheduler.reading.workbook import Cell, column_letters


def read_pairs(table: Table, gathering: Gathering) -> None:
    """Read the classes, teachers and courses of a sheet of column pairs."""
    echo, sheet = gathering.echo, table.sheet
    pairs: list[tuple[int, int, Cell]] = []
    for column, header in table.subjects.items():
        partner = table.partners.get(column)
        if partner is None and not any(sheet.at(row, column) for row in table.data_rows()):
            echo.note(Message("no class takes {subject}", subject=header.text), header)
            echo.use(header)
            continue
        if partner is None:
            echo.wrong(
                Message("the other column of the pair for this subject is missing"), header, Message("hours and teacher side by side")
            )
            continue
        hours, teacher = (column, partner) if table.hours_first else (partner, column)
        pairs.append((hours, teacher, header))
        describe_columns(
            echo,
            [
                (
                    header,
                    Message(
                        "subject {subject}: lessons a week in column {hours}, teacher in column {teacher}",
                        subject=gathering.subject(header).name,
                        hours=column_letters(hours),
                        teacher=column_letters(teacher),
                    ),
                )
            ],
        )
        echo.use(sheet.at(table.header, partner))
    for row, name, grade in class_rows(table, gathering):
        total = Fraction(0)
        for hours_column, teacher_column, header in pairs:
            hours_cell, teacher_cell = sheet.at(row, hours_column), sheet.at(row, teacher_column)
            if not hours_cell and not teacher_cell:
                continue
            subject = gathering.subject(header, grade)
            lessons = gathering.hours(hours_cell, subject.factor)
            teachers = gathering.teachers_in(teacher_cell)
            if lessons is None:
                if teacher_cell and not hours_cell:
                    echo.wrong(
                        Message("{teacher} is to teach {subject}, but how many lessons?", teacher=teacher_cell.text, subject=subject.label),
                        hours_cell,
                        Message("lessons a week: a number such as 4, 0.5 or 1/2"),
                    )
                elif teacher_cell and hours_cell and hours_cell.normal in ("0", "0.0"):
                    echo.note(Message("0 lessons: the class does not take {subject}", subject=subject.label), hours_cell)
                continue
            if not teachers and not teacher_cell:
                echo.warn(
                    Message("no teacher is named: the lessons of {subject} are placed without one", subject=subject.label), hours_cell
                )
            gathering.add_course(subject, (name,), teachers, lessons, hours_cell.origin)
            total += lessons
        check_total(table, row, total, gathering)
