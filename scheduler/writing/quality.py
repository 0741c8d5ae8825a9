"""质量报告: how good the timetable is, what each requirement and preference costs, and where."""

from __future__ import annotations

from constraints.base import Violation
from instances.language import Message, _
from instances.problem import Problem
from scheduler.outcome import Outcome
from scheduler.writing.book import BODY, CENTRED, FONT, HEADER, TITLE, Book, Sheet
from scheduler.writing.compliance import find_cell
from scheduler.writing.headline import Tally, headline, points_text, tallies
from scheduler.writing.week import slot_name

WIDTHS = (30.0, 12.0, 9.0, 22.0, 9.0, 9.0, 46.0)
LINKS = 4
LINK_WIDTH = 15.0
MOST_ROWS = 5000


def add_quality(book: Book, name: str, title: str, outcome: Outcome) -> None:
    """Add the sheet; run after the timetable sheets, whose cells it links to."""
    sheet = book.sheet(name)
    sheet.widths([*WIDTHS, *[LINK_WIDTH] * LINKS])
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    row = 1
    for fact in headline(outcome):
        sheet.text(row, 0, fact.name, {**BODY, "bold": True, "bg_color": "#F2F2F2"})
        sheet.merged(row, 1, row, 6, fact.value, BODY)
        row += 1
    found = tallies(outcome)
    row = _summary(sheet, row + 1, found)
    row = _details(sheet, row + 1, outcome.problem, found)
    sheet.raw.freeze_panes(1, 1)
    sheet.raw.repeat_rows(0)


def _heads(sheet: Sheet, row: int, heads: tuple[str, ...]) -> None:
    for column, head in enumerate(heads):
        sheet.text(row, column, head, HEADER)
    sheet.raw.set_row(row, 20)


def kind_name(required: bool) -> str:
    """Return the tier of a constraint."""
    return _("requirement") if required else _("preference")


def _summary(sheet: Sheet, row: int, found: list[Tally]) -> int:
    sheet.text(row, 0, _("All requirements and preferences"), {**FONT, "bold": True, "font_size": 12})
    _heads(sheet, row + 1, (_("name"), _("kind"), _("weight"), _("places not met"), _("deviation"), _("cost"), _("asked for in")))
    row += 2
    for tally in found:
        bold = {"bold": True} if tally.violations else {}
        origins = points_text(tally.origins, 3)
        sheet.text(row, 0, tally.label, {**BODY, **bold})
        sheet.text(row, 1, kind_name(tally.required), CENTRED)
        sheet.text(row, 2, tally.weight, CENTRED)
        sheet.number(row, 3, len(tally.violations), CENTRED)
        sheet.number(row, 4, tally.deviation, CENTRED)
        sheet.number(row, 5, tally.cost.required + tally.cost.preference, {**CENTRED, **bold})
        sheet.text(row, 6, origins, BODY)
        sheet.height_for(row, [tally.label, origins], [WIDTHS[0], WIDTHS[6]])
        row += 1
    return row


def _details(sheet: Sheet, row: int, problem: Problem, found: list[Tally]) -> int:
    violations = [(tally, violation) for tally in found for violation in tally.violations]
    sheet.text(row, 0, _("Where they are not met"), {**FONT, "bold": True, "font_size": 12})
    if not violations:
        sheet.text(row + 1, 0, _("All are met everywhere."), FONT)
        return row + 2
    _heads(
        sheet,
        row + 1,
        (
            _("name"), _("kind"), _("weight"), _("where"), _("deviation"), _("cost"), _("what it says"),
            *(f"{_('cell of the timetable')} {i + 1}" for i in range(LINKS)),
        ),
    )  # fmt: skip
    row += 2
    for tally, violation in violations[:MOST_ROWS]:
        texts = (tally.label, str(violation.point), str(violation.sentence))
        cost = violation.cost
        sheet.text(row, 0, texts[0], BODY)
        sheet.text(row, 1, kind_name(tally.required), CENTRED)
        sheet.number(row, 2, violation.constraint.weight, CENTRED)
        sheet.text(row, 3, texts[1], BODY)
        sheet.number(row, 4, violation.deviation, CENTRED)
        sheet.number(row, 5, cost.required + cost.preference, CENTRED)
        sheet.text(row, 6, texts[2], BODY)
        labels = _links(sheet, row, problem, violation)
        sheet.height_for(row, [*texts, *labels], [WIDTHS[0], WIDTHS[3], WIDTHS[6], *[LINK_WIDTH] * LINKS])
        row += 1
    if len(violations) > MOST_ROWS:
        sheet.text(row, 0, str(Message("and {count} more", count=len(violations) - MOST_ROWS)), FONT)
        row += 1
    return row


def _links(sheet: Sheet, row: int, problem: Problem, violation: Violation) -> list[str]:
    """Write links to the cells of a violation; return their labels."""
    labels: list[str] = []
    for column in range(LINKS):
        sheet.text(row, 7 + column, "", BODY)
    for name, day, period in places(problem, violation):
        target = find_cell(sheet.book, name, day, period)
        if target is None or len(labels) == LINKS:
            continue
        label = f"{name} {slot_name(day, period)}"
        sheet.link(row, 7 + len(labels), target, label)
        labels.append(label)
    return labels


def places(problem: Problem, violation: Violation) -> list[tuple[str, int, int]]:
    """Return the (name, day, period) that show a violation: its resources, else those of its meets, at its times."""
    resources = list(violation.resources) or [r for meet in violation.meets for r in meet.resources if r is not None]
    times = list(violation.times) or [
        time for meet in violation.meets if meet.start is not None for time in problem.span(meet.start, meet.duration) or (meet.start,)
    ]
    found = [(problem.resources[r].name, problem.times[t].day, problem.times[t].period) for t in times for r in resources]
    return list(dict.fromkeys(found))
