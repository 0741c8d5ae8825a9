"""班级课表, 教师课表, 场地课表: one week below the other, each on a page of its own in print."""

from __future__ import annotations

from collections.abc import Mapping

from instances.bells import SectionKind
from instances.language import _
from scheduler.writing.book import CENTRED, FONT, HEADER, SUBTITLE, TITLE, Book, Sheet, Style, line_count
from scheduler.writing.cells import CellText, view_cell
from scheduler.writing.colours import tint_of
from scheduler.writing.week import BreakRow, PeriodRow, WeekView, day_name, half_name

# A4 across with the margins of Book: 277 mm = 1047 px wide, 184 mm = 520 pt high, less a tenth for fonts and printers that differ.
PAGE_PIXELS = 975
PAGE_POINTS = 490.0
LEADING = (4.5, 5.5, 12.5)
HEADS = (20.0, 30.0, 18.0, 22.0)  # sheet title, name, details, days
BREAK_HEIGHT = 16.0
TALLEST_ROW = 58.0
CLOSED = "#D9D9D9"
HEAD: Style = {**CENTRED, "font_size": 12, "bold": True}
TAIL: Style = {**FONT, "font_size": 9.5}
LINES: Style = {**CENTRED, "font_size": 9.5}
BREAK: Style = {**CENTRED, "font_size": 9, "bg_color": "#F2F2F2", "italic": False, "font_color": "#404040"}
SIDE: Style = {**HEADER, "font_size": 10}
TIMES: Style = {**CENTRED, "font_size": 9}


def add_views(book: Book, name: str, title: str, views: list[WeekView], colours: Mapping[str, str]) -> None:
    """Add a sheet with the weeks; notes in ``book`` where each of their cells stands."""
    sheet = book.sheet(name)
    days = max((len(view.frame.days) for view in views), default=5)
    leading = sum(7 * width + 5 for width in LEADING)
    width = max(9.0, ((PAGE_PIXELS - leading) / max(days, 1) - 5) / 7)
    sheet.widths([*LEADING, *[width] * days])
    sheet.raw.set_row(0, HEADS[0])
    sheet.text(0, 0, title, {**SUBTITLE, "bold": True})
    row = 1
    breaks: list[int] = []
    tallest = 0.0
    for view in views:
        if row > 1:
            breaks.append(row)
        row, height = _add_view(sheet, view, row, days, width, colours)
        tallest = max(tallest, height)
    # Fitting to the page width would make Excel ignore the page breaks: the widths fit by themselves, and the height by a scale.
    sheet.raw.set_print_scale(max(40, min(100, int(100 * PAGE_POINTS / max(tallest, 1)))))
    sheet.raw.set_h_pagebreaks(breaks[:1023])
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.repeat_rows(0)
    sheet.raw.print_area(0, 0, max(row - 1, 1), 2 + days)


def _add_view(sheet: Sheet, view: WeekView, top: int, columns: int, width: float, colours: Mapping[str, str]) -> tuple[int, float]:
    """Write one week from row ``top`` on; return the row after it and its height on paper in points, sheet title included."""
    frame = view.frame
    book = sheet.book
    last = 2 + columns
    book.tops[view.kind, view.name] = (sheet.name, top, 0)
    sheet.merged(top, 0, top, last, view.title, {**TITLE, "align": "center"})
    sheet.merged(top + 1, 0, top + 1, last, "    ".join(view.details), {**SUBTITLE, "align": "center"})
    sheet.merged(top + 2, 0, top + 2, 1, _("period"), HEADER)
    sheet.text(top + 2, 2, _("time"), HEADER)
    for column, day in enumerate(frame.days):
        sheet.text(top + 2, 3 + column, day_name(day), {**HEADER, "font_size": 12})
    for offset, height in enumerate(HEADS[1:]):
        sheet.raw.set_row(top + offset, height)
    texts = {slot: view_cell(view, lessons) for slot, lessons in view.cells.items()}
    base = _row_height(view)
    total = sum(HEADS)
    row = top + 3
    for entry in frame.rows:
        if isinstance(entry, BreakRow):
            sheet.text(row, 1, "", BREAK)
            sheet.text(row, 2, entry.times, BREAK)
            sheet.merged(row, 3, row, 2 + len(frame.days), entry.name, BREAK)
            height = BREAK_HEIGHT
        else:
            height = max(base, *(_height(texts.get((day, entry.period)), width) for day in frame.days), 0)
            _period_row(sheet, view, entry, row, texts, colours)
        sheet.raw.set_row(row, height)
        total += height
        row += 1
    _halves(sheet, view, top + 3)
    return row, total


def _row_height(view: WeekView) -> float:
    """Return the height of a period row that fills the page."""
    periods = len(view.frame.periods)
    breaks = len(view.frame.rows) - periods
    return min(TALLEST_ROW, (PAGE_POINTS - sum(HEADS) - breaks * BREAK_HEIGHT) / max(periods, 1))


def _height(cell: CellText | None, width: float) -> float:
    """Return the height that a cell needs, in points."""
    if cell is None:
        return 0
    head = line_count(cell.head, width * 10 / 13) * 16 if cell.head else 0
    return 6 + head + sum(line_count(line, width) * 12.8 for line in cell.tail if line)


def _period_row(
    sheet: Sheet, view: WeekView, entry: PeriodRow, row: int, texts: Mapping[tuple[int, int], CellText], colours: Mapping[str, str]
) -> None:
    activity = entry.kind is SectionKind.ACTIVITY
    sheet.text(row, 1, _("activity") if activity else str(entry.period), SIDE)
    sheet.text(row, 2, entry.times, TIMES)
    for column, day in enumerate(view.frame.days):
        slot = (day, entry.period)
        sheet.book.addresses[view.kind, view.name, day, entry.period] = (sheet.name, row, 3 + column)
        cell = texts.get(slot)
        if cell is None:
            sheet.text(row, 3 + column, "", CENTRED if slot in view.frame.open else {**CENTRED, "bg_color": CLOSED})
            continue
        tint = tint_of(view.cells[slot], colours)
        tail = "\n".join(line for line in cell.tail if line)
        sheet.two_part(row, 3 + column, cell.head, tail, {**(HEAD if cell.head else LINES), "bg_color": tint}, TAIL)


def _halves(sheet: Sheet, view: WeekView, top: int) -> None:
    """Write 上午 / 下午 / 晚上 down the first column, merged over the periods of each and the breaks between them."""
    rows = view.frame.rows
    start = 0
    while start < len(rows):
        first = rows[start]
        if isinstance(first, BreakRow):
            sheet.text(top + start, 0, "", BREAK)
            start += 1
            continue
        last = start
        for index in range(start + 1, len(rows)):
            row = rows[index]
            if isinstance(row, PeriodRow):
                if row.half is not first.half:
                    break
                last = index
        sheet.merged(top + start, 0, top + last, 0, half_name(first.half), SIDE)
        start = last + 1
