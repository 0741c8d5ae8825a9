"""未排课程: the courses that lack lessons in an incomplete timetable."""

from __future__ import annotations

from instances.language import _
from instances.lessons import SchoolTimetable
from instances.school import School
from scheduler.writing.book import BODY, CENTRED, TITLE, Book
from scheduler.writing.cells import listed

WIDTHS = (20.0, 36.0, 28.0, 16.0, 14.0, 26.0)


def add_unplaced(book: Book, name: str, title: str, school: School, timetable: SchoolTimetable) -> None:
    """Add the sheet, one line for each course that lacks lessons."""
    sheet = book.sheet(name)
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    sheet.table(1, (_("subject"), _("classes"), _("teachers"), _("lessons a week"), _("not placed"), _("cell")), WIDTHS)
    courses = {course.id: course for course in school.courses}
    for row, (key, count) in enumerate(timetable.unplaced, 2):
        course = courses.get(key)
        texts = (
            (course.label or course.subject, listed(course.classes), listed(course.teachers), f"{float(course.periods):g}")
            if course
            else (key, "", "", "")
        )
        for column, text in enumerate(texts):
            sheet.text(row, column, text, BODY if column < 3 else CENTRED)
        sheet.number(row, 4, count, {**CENTRED, "bold": True})
        sheet.text(row, 5, str(course.origin) if course else "", BODY)
        sheet.height_for(row, texts, WIDTHS)
    sheet.raw.freeze_panes(2, 0)
    sheet.raw.repeat_rows(1)
