"""作息时间表: the bell schedules in force, side by side for the days that differ."""

from __future__ import annotations

from instances.bells import BellSchedule, Section
from instances.language import Message, _
from instances.school import School
from scheduler.writing.book import BODY, CENTRED, HEADER, SUBTITLE, TITLE, Book
from scheduler.writing.cells import listed
from scheduler.writing.week import day_name, section_name, span

WIDTHS = (16, 8, 24, 16, 9)


def add_bells(book: Book, name: str, title: str, school: School) -> None:
    """Add the sheet: for each schedule a table of its sections, one for each set of days that share them."""
    sheet = book.sheet(name)
    sheet.raw.set_portrait()
    sheet.text(0, 0, title, TITLE)
    sheet.raw.set_row(0, 26)
    sheet.widths(WIDTHS)
    row = 1
    for bell in school.bells:
        for days, sections in day_groups(bell):
            about = [bell.name, str(Message("grades {grades}", grades=listed(map(str, bell.grades)))) if bell.grades else ""]
            about.append(listed(day_name(day) for day in days))
            about.append(_("assumed: the plan gives no bells") if bell.assumed else "")
            sheet.merged(row, 0, row, len(WIDTHS) - 1, "    ".join(filter(None, about)), {**SUBTITLE, "bold": True})
            for column, head in enumerate((_("time"), _("period"), _("name"), _("kind"), _("minutes"))):
                sheet.text(row + 1, column, head, HEADER)
            row += 2
            for section in sections:
                sheet.text(row, 0, span(section.start, section.end), CENTRED)
                sheet.text(row, 1, "" if section.period is None else str(section.period), CENTRED)
                sheet.text(row, 2, section.name or section_name(section.kind), BODY)
                sheet.text(row, 3, section_name(section.kind), BODY)
                sheet.number(row, 4, section.minutes, CENTRED)
                row += 1
            row += 1
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.repeat_rows(0)


def day_groups(bell: BellSchedule) -> list[tuple[tuple[int, ...], tuple[Section, ...]]]:
    """Return the days that share the same sections, together, with those sections in clock order."""
    groups: dict[tuple[object, ...], tuple[list[int], tuple[Section, ...]]] = {}
    for day in sorted(bell.days):
        sections = tuple(sorted(bell.days[day], key=lambda s: (s.start, s.end)))
        key = tuple((s.kind, s.start, s.end, s.name, s.period) for s in sections)
        groups.setdefault(key, ([], sections))[0].append(day)
    return [(tuple(days), sections) for days, sections in groups.values()]
