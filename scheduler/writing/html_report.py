"""``--html``: one file without anything from outside, to look at, filter and print. All text is escaped by the template engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from instances.bells import SectionKind
from instances.language import _, current_language, in_language
from scheduler.outcome import Outcome
from scheduler.writing.atomic import write_text
from scheduler.writing.cells import view_cell
from scheduler.writing.colours import tint_of, tints
from scheduler.writing.compliance import MARKS, summary
from scheduler.writing.headline import Judgement, headline, judgements, level_name, points_text, proof_sentence, status_name, tallies
from scheduler.writing.quality import kind_name
from scheduler.writing.week import BreakRow, WeekView, class_views, day_name, half_name, room_views, slot_name, teacher_views

MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell of a week."""

    head: str
    tail: tuple[str, ...]
    tint: str
    open: bool


@dataclass(frozen=True, slots=True)
class HtmlRow:
    """A row of a week: a break when ``cells`` is empty."""

    half: str
    name: str
    times: str
    cells: tuple[HtmlCell, ...]


@dataclass(frozen=True, slots=True)
class HtmlWeek:
    """A week as the template takes it."""

    kind: str
    title: str
    details: str
    days: tuple[str, ...]
    rows: tuple[HtmlRow, ...]


def write_html(outcome: Outcome, path: Path, *, language: str | None = None, inputs: Sequence[Path] = ()) -> None:
    """Write the page, UTF-8, whole or not at all. Raises OutputError as ``write_workbook`` does."""
    with in_language(language):
        write_text(Path(path), html_text(outcome), inputs)


def html_text(outcome: Outcome) -> str:
    """Return the page in the language in force."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("scheduler.writing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    timetable = outcome.timetable
    weeks: list[tuple[str, list[HtmlWeek]]] = []
    if timetable is not None:
        colours = tints(outcome.school, (lesson.subject for lesson in timetable.lessons))
        for name, views in (
            (_("Class timetables"), class_views(outcome.school, timetable)),
            (_("Teacher timetables"), teacher_views(outcome.school, timetable)),
            (_("Room timetables"), room_views(outcome.school, timetable)),
        ):
            if views:
                weeks.append((name, [_week(view, colours) for view in views]))
    return environment.get_template("report.html").render(
        _=_,
        language="zh-CN" if current_language() == "zh" else "en",
        outcome=outcome,
        sentence=str(proof_sentence(outcome)),
        incomplete=timetable is not None and bool(timetable.unplaced),
        headline=headline(outcome),
        summary=summary(outcome.verdicts),
        sections=weeks,
        gave_way=[str(message) for message in outcome.gave_way],
        judgements=[_judgement_row(line) for line in judgements(outcome.verdicts)[:MOST_ROWS]],
        tallies=[
            (t.label, kind_name(t.required), t.weight, len(t.violations), t.deviation, t.cost.required + t.cost.preference)
            for t in tallies(outcome)
        ],
        violations=[
            (t.label, str(v.point), v.deviation, v.cost.required + v.cost.preference, str(v.sentence))
            for t in tallies(outcome)
            for v in t.violations
        ][:MOST_ROWS],
        notes=[(str(note.origin), note.value, str(note.text), note.assumed) for note in outcome.school.notes],
    )


def _judgement_row(line: Judgement) -> tuple[str, ...]:

    where = [f"{name} {slot_name(day, period)}" for name, day, period in line.slots]
    return (
        MARKS[line.status][0] + status_name(line.status), level_name(line.rule.level), line.rule.label(), points_text(line.points),
        line.measured, line.limit, line.sentence, str(line.rule.source), points_text([*line.origins, *where], 8), MARKS[line.status][1],
    )  # fmt: skip


def _week(view: WeekView, colours: Mapping[str, str]) -> HtmlWeek:
    rows = []
    for row in view.frame.rows:
        if isinstance(row, BreakRow):
            rows.append(HtmlRow("", row.name, row.times, ()))
            continue
        cells = []
        for day in view.frame.days:
            lessons = view.cells.get((day, row.period), ())
            text = view_cell(view, lessons)
            tail = tuple(line for line in text.tail if line)
            cells.append(HtmlCell(text.head, tail, tint_of(lessons, colours), (day, row.period) in view.frame.open))
        name = _("activity") if row.kind is SectionKind.ACTIVITY else str(row.period)
        rows.append(HtmlRow(half_name(row.half), name, row.times, tuple(cells)))
    details = "    ".join(view.details)
    return HtmlWeek(view.kind, view.title, details, tuple(day_name(day) for day in view.frame.days), tuple(rows))
