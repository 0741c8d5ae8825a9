"""总课表: every class in a row, every period of the week in a column."""

from __future__ import annotations

from collections.abc import Mapping

from instances.language import _
from scheduler.writing.book import CENTRED, FONT, HEADER, LINK, TITLE, Book, Sheet, Style, line_count
from scheduler.writing.cells import master_cell
from scheduler.writing.colours import tint_of
from scheduler.writing.week import Frame, WeekView, day_name, half_name

CLASS_WIDTH = 10.0
CELL_WIDTH = 5.0
TAIL: Style = {**FONT, "font_size": 8, "font_color": "#262626"}
CLOSED = "#D9D9D9"
FIRST_ROW = 5
SHORT = 5  # longer names are printed smaller


def add_master(book: Book, name: str, title: str, frame: Frame, views: list[WeekView], colours: Mapping[str, str]) -> None:
    """Add the sheet; class names lead to the class's own week."""
    sheet = book.sheet(name)
    rows = {row.period: row for row in frame.periods}
    columns = [(day, period) for day in frame.days for period in rows if (day, period) in frame.open]
    sheet.widths([CLASS_WIDTH, *[CELL_WIDTH] * len(columns)])
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    sheet.merged(1, 0, FIRST_ROW - 1, 0, _("class"), HEADER)
    _headers(sheet, frame, columns)
    day_starts = {column for column, (day, _p) in enumerate(columns) if column and columns[column - 1][0] != day}
    for number, view in enumerate(views):
        row = FIRST_ROW + number
        top = book.tops.get(("class", view.name))
        link: Style = {**LINK, "align": "center", "valign": "vcenter", "bold": True, "font_color": "#000000"}
        if top:
            sheet.link(row, 0, top, view.name, link)
        else:
            sheet.text(row, 0, view.name, {**CENTRED, "bold": True})
        most = line_count(view.name, CLASS_WIDTH)
        for column, slot in enumerate(columns):
            lessons = view.cells.get(slot, ())
            book.addresses.setdefault(("master", view.name, *slot), (name, row, column + 1))
            style = {**CENTRED, **({"left": 2} if column in day_starts else {})}
            if lessons:
                cell = master_cell(lessons)
                style["bg_color"] = tint_of(lessons, colours)
                roomy = len(cell.head) <= SHORT
                style["font_size"] = 10 if roomy else 8
                sheet.two_part(row, column + 1, cell.head, "\n".join(filter(None, cell.tail)), style, TAIL)
                tail_lines = sum(line_count(line, CELL_WIDTH * 1.25) for line in cell.tail if line)
                most = max(most, line_count(cell.head, CELL_WIDTH - 0.5 if roomy else CELL_WIDTH * 1.25) + tail_lines)
            else:
                sheet.text(row, column + 1, "", style if slot in view.frame.open else {**style, "bg_color": CLOSED})
        sheet.raw.set_row(row, 6 + 13 * max(2, most))
    sheet.raw.freeze_panes(FIRST_ROW, 1)
    sheet.raw.repeat_rows(0, FIRST_ROW - 1)
    sheet.raw.repeat_columns(0, 0)


def _headers(sheet: Sheet, frame: Frame, columns: list[tuple[int, int]]) -> None:
    """Write the four header rows: day, part of the day, period, clock times where all grades share them."""
    rows = {row.period: row for row in frame.periods}
    halves = [rows[period].half for _d, period in columns]
    start = 0
    for end in range(1, len(columns) + 1):
        if end == len(columns) or columns[end][0] != columns[start][0]:
            sheet.merged(1, start + 1, 1, end, day_name(columns[start][0]), HEADER)
            start = end
    start = 0
    for end in range(1, len(columns) + 1):
        if end == len(columns) or (columns[end][0], halves[end]) != (columns[start][0], halves[start]):
            sheet.merged(2, start + 1, 2, end, half_name(halves[start]), {**HEADER, "bold": False})
            start = end
    timed = False
    shared = all(slot in frame.times for slot in columns if rows[slot[1]].half)
    for column, (day, period) in enumerate(columns):
        times = frame.times.get((day, period), "") if shared else ""
        timed = timed or bool(times)
        sheet.text(3, column + 1, str(period), HEADER)
        sheet.text(4, column + 1, times.replace("-", "\n"), {**HEADER, "bold": False, "font_size": 8})
    for row in (1, 2, 3):
        sheet.raw.set_row(row, 18)
    sheet.raw.set_row(4, 26 if timed else 4)
