"""读入说明: how every cell of the plan was understood, and which documented defaults stand in for what it does not say."""

from __future__ import annotations

from instances.language import _
from instances.school import School
from scheduler.writing.book import BODY, CENTRED, SUBTITLE, TITLE, Book

WIDTHS = (26.0, 12.0, 10.0, 30.0, 62.0, 10.0)


def add_notes(book: Book, name: str, title: str, school: School) -> None:
    """Add the sheet, one line for each note of the reader."""
    sheet = book.sheet(name)
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    sheet.text(
        1, 0, _("Please compare: this is how the plan was understood. What is marked as assumed does not stand in the plan."), SUBTITLE
    )
    sheet.table(2, (_("file"), _("sheet"), _("cell"), _("what stands there"), _("understood as"), _("assumed")), WIDTHS)
    for row, note in enumerate(school.notes, 3):
        texts = (note.origin.file, note.origin.sheet, note.origin.cell, note.value, str(note.text))
        tint = {"bg_color": "#F9F1DC"} if note.assumed else {}
        for column, text in enumerate(texts):
            sheet.text(row, column, text, {**BODY, **tint})
        sheet.text(row, 5, _("assumed") if note.assumed else "", {**CENTRED, **tint})
        sheet.height_for(row, texts, WIDTHS)
    if school.notes:
        sheet.raw.autofilter(2, 0, 2 + len(school.notes), 5)
    sheet.raw.freeze_panes(3, 0)
    sheet.raw.repeat_rows(2)
