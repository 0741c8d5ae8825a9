"""The week's notice board: every changed lesson of a week on one page that can be printed. Nothing from outside; all text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from instances.bells import clock
from instances.language import Message, _, current_language
from scheduler.covering.diary import Diary
from scheduler.writing.atomic import write_text
from scheduler.writing.cells import listed, subject_of
from scheduler.writing.week import day_name

_PAGE = """<!DOCTYPE html>
<html lang="{{ language }}"><head><meta charset="utf-8"><title>{{ title }}</title>
<style>
@page { size: A4; margin: 12mm } body { font-family: "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #000; margin: 1em }
h1 { font-size: 20pt; text-align: center; margin: 0 0 2mm } p { text-align: center; margin: 0 0 5mm }
table { border-collapse: collapse; width: 100%; font-size: {{ size }}pt }
th, td { border: 1px solid #555; padding: .3em .5em; text-align: left }
th { background: #e7e6e6 } tr { break-inside: avoid } thead { display: table-header-group }
</style></head><body>
<h1>{{ title }}</h1><p>{{ subtitle }}</p>
{% if rows %}<table><thead><tr>{% for head in heads %}<th>{{ head }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>{% else %}<p>{{ nothing }}</p>{% endif %}
</body></html>
"""

LARGEST, SMALLEST = 12.0, 6.0  # points
PAGE, ROW = 245.0, 0.72  # mm that the table may take on the sheet, and mm of a row for each point


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A changed place of the week: date, class, period, what was to be there and what is."""

    date: date
    class_name: str
    period: int
    before: str
    after: str


def notice_rows(diary: Diary, week: int) -> list[NoticeRow]:
    """Return what differs from the plain timetable in a week of the term, by date, period and class."""
    monday = diary.calendar.monday + timedelta(days=7 * (week - 1))
    plain = Diary(diary.school, diary.timetable, diary.calendar)
    rows = []
    for day in diary.calendar.dates(monday, monday + timedelta(days=6)):
        was, now = _cells(plain, day), _cells(diary, day)
        for key in sorted({*was, *now}):
            if was.get(key) != now.get(key):
                rows.append(NoticeRow(day, key[1], key[0], was.get(key, "—"), now.get(key, "—")))
    return rows


def _cells(diary: Diary, day: date) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for lesson in diary.on(day):
        at = "" if lesson.start is None else f" ({clock(lesson.start)})"
        text = " ".join(part for part in (subject_of(lesson), listed(lesson.teachers), listed(lesson.rooms)) if part) + at
        for name in lesson.classes:
            key = (lesson.period, name)
            found[key] = f"{found[key]} / {text}" if key in found else text
    return found


def type_size(rows: int) -> float:
    """Return the size in points at which so many rows fit one sheet, as long as people can read it (55 rows); then a second follows."""
    return round(max(SMALLEST, min(LARGEST, PAGE / (rows + 1) / ROW)), 1)


def write_notice(diary: Diary, week: int, path: Path, *, inputs: Sequence[Path] = ()) -> list[NoticeRow]:
    """Write the page and return its rows."""
    from jinja2 import Environment

    rows = notice_rows(diary, week)
    monday = diary.calendar.monday + timedelta(days=7 * (week - 1))
    page = Environment(autoescape=True).from_string(_PAGE)
    text = page.render(
        language=current_language(),
        size=type_size(len(rows)),
        title=str(Message("{school}: changed lessons", school=diary.school.name)),
        subtitle=str(Message("Week {week}, {first} to {last}", week=week, first=monday, last=monday + timedelta(days=6))),
        heads=(_("date"), _("period"), _("class"), _("before"), _("now")),
        rows=[(f"{r.date.isoformat()} {day_name(r.date.isoweekday())}", r.period, r.class_name, r.before, r.after) for r in rows],
        nothing=_("No lesson is changed this week."),
    )
    write_text(path, text, inputs)
    return rows
