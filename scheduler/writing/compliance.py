"""合规报告: what each rule says of this school and timetable, breaches first, with links to the cells that show them."""

from __future__ import annotations

from collections.abc import Sequence

from constraints.verdict import Status, Verdict
from instances.language import Message, _
from scheduler.outcome import Outcome
from scheduler.writing.book import BODY, CENTRED, SUBTITLE, TITLE, Book, Sheet
from scheduler.writing.cells import listed
from scheduler.writing.headline import Judgement, counts, judgements, level_name, points_text, status_name
from scheduler.writing.week import slot_name

WIDTHS = (11.0, 8.0, 26.0, 18.0, 11.0, 13.0, 38.0, 28.0, 16.0)
LINKS = 4
LINK_WIDTH = 15.0
MARKS = {
    Status.FAIL: ("✗ ", "#F4B6B0"),
    Status.WARNING: ("! ", "#F9DFA9"),
    Status.NOTE: ("○ ", "#DDE9F7"),
    Status.UNKNOWN: ("? ", "#E7E6E6"),
    Status.PASS: ("✓ ", "#FFFFFF"),
    Status.NOT_APPLICABLE: ("- ", "#FFFFFF"),
}
HEADER_ROW = 2


def add_compliance(book: Book, name: str, title: str, outcome: Outcome) -> None:
    """Add the sheet; run after the timetable sheets, whose cells it links to."""
    sheet = book.sheet(name)
    widths = [*WIDTHS, *[LINK_WIDTH] * LINKS, 8.0]
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    sheet.text(1, 0, summary(outcome.verdicts), {**SUBTITLE, "bold": True, "text_wrap": False})
    heads = (
        _("verdict"), _("level"), _("rule"), _("where"), _("measured"), _("limit"), _("what it says"), _("source"), _("cells of the input"),
        *(f"{_('cell of the timetable')} {i + 1}" for i in range(LINKS)), _("more"),
    )  # fmt: skip
    sheet.table(HEADER_ROW, heads, widths)
    row = HEADER_ROW + 1
    for message in outcome.gave_way:
        sheet.text(row, 0, "⇄ " + _("gave way"), {**CENTRED, "bold": True, "bg_color": "#F9DFA9"})
        for column in (*range(1, 6), *range(7, len(heads))):
            sheet.text(row, column, "", BODY)
        sheet.text(row, 6, str(message), BODY)
        sheet.height_for(row, [str(message)], [WIDTHS[6]])
        row += 1
    for line in judgements(outcome.verdicts):
        _add_line(sheet, row, line)
        row += 1
    if row > HEADER_ROW + 1:
        sheet.raw.autofilter(HEADER_ROW, 0, row - 1, len(heads) - 1)
    sheet.raw.freeze_panes(HEADER_ROW + 1, 3)
    sheet.raw.repeat_rows(0, HEADER_ROW)


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return the counts of the verdicts in one line."""
    found = counts(verdicts)
    if not found:
        return _("No rule was judged.")
    return _("Verdicts: ") + listed(f"{status_name(status)} {count}" for status, count in found.items())


def _add_line(sheet: Sheet, row: int, line: Judgement) -> None:
    mark, tint = MARKS[line.status]
    sheet.text(row, 0, mark + status_name(line.status), {**CENTRED, "bold": line.status is Status.FAIL, "bg_color": tint})
    sheet.text(row, 1, level_name(line.rule.level), CENTRED)
    texts = (
        line.rule.label(), points_text(line.points), line.measured, line.limit, line.sentence, str(line.rule.source),
        points_text(line.origins, 3),
    )  # fmt: skip
    for column, text in enumerate(texts, 2):
        sheet.text(row, column, text, BODY)
    for column in range(9, 9 + LINKS + 1):
        sheet.text(row, column, "", BODY)
    for column, (class_name, day, period) in enumerate(line.slots[:LINKS], 9):
        label = f"{class_name} {slot_name(day, period)}"
        target = find_cell(sheet.book, class_name, day, period)
        if target:
            sheet.link(row, column, target, label)
        else:
            sheet.text(row, column, label, BODY)
    if len(line.slots) > LINKS:
        sheet.text(row, 9 + LINKS, str(Message("+ {count}", count=len(line.slots) - LINKS)), CENTRED)
    links = [f"{c} {slot_name(d, p)}" for c, d, p in line.slots[:LINKS]]
    sheet.height_for(row, [*texts, *links], [*WIDTHS[2:], *[LINK_WIDTH] * LINKS])


def find_cell(book: Book, name: str, day: int, period: int) -> tuple[str, int, int] | None:
    """Return where the workbook shows a class, teacher or room at a period."""
    for kind in ("class", "teacher", "room", "master"):
        if (kind, name, day, period) in book.addresses:
            return book.addresses[kind, name, day, period]
    return None
