"""Bell schedules (作息时间): the sheet of our own plan, and the tables that schools keep (:mod:`scheduler.reading.bell_layouts`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from instances.bells import BellSchedule, Section, SectionKind, clock
from instances.language import Message
from instances.origin import Origin
from instances.school import Slot
from scheduler.plan_sheets import BELLS, form_of
from scheduler.plan_slots import SlotNames
from scheduler.plan_words import SEASONS, SECTIONS, YES
from scheduler.reading.bell_layouts import looks_like_bells, read_foreign_bells, section_named
from scheduler.reading.echo import Echo
from scheduler.reading.grades import parse_grades
from scheduler.reading.slots import parse_days
from scheduler.reading.template_table import Row, read_table
from scheduler.reading.workbook import Sheet

_Key = tuple[str, str, tuple[int, ...]]


def is_bell_sheet(sheet: Sheet) -> bool:
    """Say whether a sheet holds a bell schedule: our own, or a table of lesson numbers and times."""
    return form_of(sheet.name) is BELLS or looks_like_bells(sheet)


def read_bells(sheets: Iterable[Sheet], echo: Echo) -> list[BellSchedule]:
    """Read the bell schedules of some sheets. What is wrong with them is in ``echo``; cells of no use in its notes."""
    found: list[BellSchedule] = []
    for sheet in sheets:
        found += _read_own(sheet, echo) if _is_own(sheet) else read_foreign_bells(sheet, echo)
        echo.leftovers([sheet])
    for bell in found:
        _check(bell, echo)
    return found


def _is_own(sheet: Sheet) -> bool:
    """Say whether a sheet has our headers: a row with start, end and kind."""
    headers = [{c.id for cell in row if cell and (c := BELLS.column(cell.text))} for row in sheet.rows[:12]]
    return any({"start", "kind"} <= found for found in headers)


def _read_own(sheet: Sheet, echo: Echo) -> list[BellSchedule]:
    days: dict[_Key, dict[int, list[Section]]] = {}
    origins: dict[_Key, Origin] = {}
    assumed: set[_Key] = set()
    partial: set[_Key] = set()
    key: _Key = (sheet.name, "", ())
    for row in read_table(sheet, BELLS, echo):
        key = _key(row, key, echo)
        section = _section(row, echo)
        on = parse_days(row.text("days")) if row.cell("days") else (1, 2, 3, 4, 5)
        if on is None:
            echo.wrong(Message("{value} names no days", value=row.text("days")), row.cell("days"), Message("周一, 周一至周五, Mon-Fri"))
        if row.word("assumed", YES):
            assumed.add(key)
        if row.word("partial", YES):
            partial.add(key)
        if section is not None and on is not None:
            origins.setdefault(key, row.first.origin)
            for day in on:
                days.setdefault(key, {}).setdefault(day, []).append(section)
    found = []
    for (name, season, grades), week in days.items():
        this = (name, season, grades)
        ordered = {day: tuple(sorted(sections, key=lambda s: (s.start, s.end))) for day, sections in sorted(week.items())}
        if not any(s.period is not None for sections in ordered.values() for s in sections):
            ordered = _numbered(ordered, origins[this], echo)
        found.append(BellSchedule(name, grades, ordered, season, this in assumed, origins[this], partial=this in partial))
    return found


def _key(row: Row, above: _Key, echo: Echo) -> _Key:
    """Return name, season and grades; a row without a name goes on with those above where it gives none of its own."""
    season = row.word("season", SEASONS) or ""
    grades: tuple[int, ...] | None = ()
    if row.cell("grades"):
        grades = parse_grades(row.cell("grades").text)
        if grades is None:
            echo.wrong(Message("{value} names no grades", value=row.text("grades")), row.cell("grades"), Message("一年级、二年级, or 1-6"))
    if row.cell("name"):
        return row.text("name"), season, grades or ()
    return above[0], season or above[1], grades or above[2]


def _section(row: Row, echo: Echo) -> Section | None:
    if not row.needed("start", "kind"):
        return None
    start, end = row.clock("start"), row.clock("end") if row.cell("end") else None
    kind = SECTIONS.value(row.text("kind"))
    if kind is None:
        guess = section_named(row.text("kind"))
        if guess is None:
            row.word("kind", SECTIONS)
            return None
        kind = guess.kind
        echo.note(Message("{value} is understood as {kind}", value=row.text("kind"), kind=SECTIONS.words[kind]), row.cell("kind"))
    period = row.whole("period", 1, 20)
    if start is None or (end is None and row.cell("end")):
        return None
    if end is not None and end < start:
        echo.wrong(Message("the section ends at {end}, before it starts at {start}", start=clock(start), end=clock(end)), row.cell("end"))
        return None
    return Section(kind, start, start if end is None else end, row.text("label"), period, row.first.origin)


def _numbered(days: Mapping[int, Sequence[Section]], at: Origin, echo: Echo) -> dict[int, tuple[Section, ...]]:
    """Number the lessons of each day where the sheet numbers none."""
    found: dict[int, tuple[Section, ...]] = {}
    for day, sections in days.items():
        count = itertools.count(1)
        found[day] = tuple(
            Section(s.kind, s.start, s.end, s.name, next(count) if s.kind is SectionKind.LESSON else None, s.origin) for s in sections
        )
    echo.note(Message("the lessons have no numbers; they are numbered through the day"), at, assumed=True)
    return found


def _check(bell: BellSchedule, echo: Echo) -> None:
    """Report periods that overlap, repeat a number or stand out of order, each once for all its days; and bells without lessons."""
    pairs: dict[tuple[Section, Section], list[Slot]] = {}
    for day in bell.days:
        for a, b in itertools.pairwise(bell.periods(day)):
            pairs.setdefault((a, b), []).append(Slot(day, b.period or 0))
    for (a, b), slots in pairs.items():
        where = SlotNames(tuple(slots))
        if a.period == b.period:
            echo.wrong(Message("{period} occurs twice in {bells}", period=where, bells=bell.name), b.origin)
        elif b.start < a.end:
            echo.wrong(
                Message(
                    "{period} starts at {start}, before the one ahead of it ends at {end}",
                    period=where,
                    start=clock(b.start),
                    end=clock(a.end),
                ),
                b.origin,
            )
        elif (a.period or 0) > (b.period or 0):
            echo.wrong(Message("{period} stands behind a period with a higher number", period=where), b.origin)
    if not any(bell.lessons(day) for day in bell.days):
        echo.wrong(
            Message("bell schedule {bells} has no lessons", bells=bell.name),
            bell.origin,
            Message("rows of kind lesson (课), with the number of the period"),
        )
