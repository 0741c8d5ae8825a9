"""The weeks that get printed: one for each class, teacher and room, with the rows of its bell schedule.

Plain data for every writer (workbook, HTML); texts in the language in force when they are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from instances.bells import BellSchedule, Section, SectionKind, clock
from instances.language import Message, _
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import School

EVENING = 18 * 60
SHOWN_BREAKS = (SectionKind.MORNING_READING, SectionKind.LONG_BREAK, SectionKind.LUNCH, SectionKind.NOON_REST, SectionKind.DINNER)


class Half(StrEnum):
    """Part of the day a period stands in; ``NONE`` where no bell schedule says."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NONE = ""


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period of the day: its number, part of the day, clock times (empty where they differ between schedules), kind of section."""

    period: int
    half: Half
    times: str
    kind: SectionKind


@dataclass(frozen=True, slots=True)
class BreakRow:
    """A break between two periods that people look for in a timetable (大课间, 午休)."""

    name: str
    times: str


@dataclass(frozen=True)
class Frame:
    """The rows and days of a printed week. ``open`` are the (day, period) that exist: a Friday may be shorter. ``times`` are the clock
    times of each, where all schedules agree.
    """

    days: tuple[int, ...]
    rows: tuple[PeriodRow | BreakRow, ...]
    open: frozenset[tuple[int, int]]
    times: Mapping[tuple[int, int], str]

    @property
    def periods(self) -> tuple[PeriodRow, ...]:
        """The rows that hold lessons."""
        return tuple(row for row in self.rows if isinstance(row, PeriodRow))


@dataclass(frozen=True)
class WeekView:
    """The week of one class, teacher or room (``kind``). ``details`` are short facts for the line below the name."""

    kind: str
    name: str
    details: tuple[str, ...]
    frame: Frame
    cells: Mapping[tuple[int, int], tuple[PlacedLesson, ...]]
    show_times: bool = False
    home_room: str | None = None

    @property
    def title(self) -> str:
        """The heading in print, by which the audit knows whose week it is."""
        if self.kind == "class":
            return str(Message("{name} timetable", name=self.name))
        if self.kind == "teacher":
            return str(Message("{name}, teacher's timetable", name=self.name))
        return str(Message("{name}, room timetable", name=self.name))


def day_name(day: int) -> str:
    """Return the name of a day, 1 (Monday) to 7 (Sunday)."""
    names = (
        Message("Monday"), Message("Tuesday"), Message("Wednesday"), Message("Thursday"),
        Message("Friday"), Message("Saturday"), Message("Sunday"),
    )  # fmt: skip
    return str(names[day - 1]) if 1 <= day <= 7 else str(day)


def half_name(half: Half) -> str:
    """Return the name of a part of the day."""
    names = {Half.MORNING: _("morning"), Half.AFTERNOON: _("afternoon"), Half.EVENING: _("evening")}
    return names.get(half, "")


def slot_name(day: int, period: int) -> str:
    """Return a short name of a cell of the week: ``周二第3节``."""
    return str(Message("{day} period {period}", day=day_name(day), period=period))


def section_name(kind: SectionKind) -> str:
    """Return the usual name of a kind of section."""
    names = {
        SectionKind.ARRIVAL: _("arrival"),
        SectionKind.MORNING_EXERCISE: _("morning exercise"),
        SectionKind.MORNING_READING: _("morning reading"),
        SectionKind.MEETING: _("assembly"),
        SectionKind.LESSON: _("lesson"),
        SectionKind.BREAK: _("break"),
        SectionKind.LONG_BREAK: _("long break"),
        SectionKind.EYE_EXERCISE: _("eye exercise"),
        SectionKind.LUNCH: _("lunch"),
        SectionKind.NOON_REST: _("noon rest"),
        SectionKind.SELF_STUDY: _("self-study"),
        SectionKind.ACTIVITY: _("activity period"),
        SectionKind.AFTER_SCHOOL: _("after-school service"),
        SectionKind.DINNER: _("dinner"),
        SectionKind.EVENING: _("evening self-study"),
        SectionKind.DISMISSAL: _("dismissal"),
    }
    return names[kind]


def span(start: int | None, end: int | None) -> str:
    """Return ``8:20-9:00``, or nothing where the clock is unknown."""
    return f"{clock(start)}-{clock(end)}" if start is not None and end is not None else ""


def _half(section: Section, noon: int) -> Half:
    if section.kind is SectionKind.EVENING or section.start >= EVENING:
        return Half.EVENING
    return Half.MORNING if section.start < noon else Half.AFTERNOON


def frame_of(bells: Sequence[BellSchedule], lessons: Iterable[PlacedLesson]) -> Frame:
    """Return the week that holds the periods of all ``bells`` and, whatever they say, every one of ``lessons``."""
    taken = {(lesson.day, lesson.period) for lesson in lessons}
    sections: dict[tuple[int, int], list[tuple[Section, Half]]] = {}
    for bell in bells:
        for day in bell.days:
            for section in bell.periods(day):
                sections.setdefault((day, section.period or 0), []).append((section, _half(section, bell.noon(day))))
    opened = frozenset(sections) | taken
    days = tuple(sorted({day for day, _p in opened}))
    rows: list[PeriodRow | BreakRow] = []
    for period in sorted({p for _d, p in opened}):
        found = [(day, *entry) for (day, p), entries in sorted(sections.items()) if p == period for entry in entries]
        rows.append(
            PeriodRow(
                period,
                found[0][2] if found else Half.NONE,
                _times([(day, section) for day, section, _h in found], len(bells)),
                _kind([section.kind for _d, section, _h in found]),
            )
        )
    spans = {slot: {span(section.start, section.end) for section, _h in found} for slot, found in sections.items()}
    times = {slot: next(iter(found)) for slot, found in spans.items() if len(found) == 1}
    return Frame(days, _with_breaks(rows, bells, sections) if len(bells) == 1 else tuple(rows), opened, times)


def _kind(kinds: Sequence[SectionKind]) -> SectionKind:
    return kinds[0] if kinds and len(set(kinds)) == 1 else SectionKind.LESSON


def _times(found: Sequence[tuple[int, Section]], bells: int) -> str:
    """Return the clock times of a period: one line when all days agree, a line for each day that differs; none for several bells."""
    by_time: dict[tuple[int, int], list[int]] = {}
    for day, section in found:
        by_time.setdefault((section.start, section.end), []).append(day)
    if len(by_time) == 1:
        return span(*next(iter(by_time)))
    if bells > 1 or not by_time:
        return ""
    usual, *others = sorted(by_time.items(), key=lambda item: (-len(item[1]), item[1]))
    return "\n".join([span(*usual[0]), *(f"{' '.join(day_name(d) for d in days)} {span(*times)}" for times, days in others)])


def _with_breaks(
    rows: Sequence[PeriodRow | BreakRow], bells: Sequence[BellSchedule], sections: Mapping[tuple[int, int], list[tuple[Section, Half]]]
) -> tuple[PeriodRow | BreakRow, ...]:
    """Put the breaks of the most usual kind of day between the periods."""
    if not bells or not bells[0].days:
        return tuple(rows)
    kinds: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for each, found in sorted(bells[0].days.items()):
        kinds.setdefault(tuple((s.start, s.end) for s in found), []).append(each)
    day = max(kinds.values(), key=len)[0]
    breaks = [s for s in sorted(bells[0].days[day], key=lambda s: s.start) if s.kind in SHOWN_BREAKS and s.period is None]
    result: list[PeriodRow | BreakRow] = []
    for row in rows:
        entry = sections.get((day, row.period)) if isinstance(row, PeriodRow) else None
        while entry and breaks and breaks[0].start < entry[0][0].start:
            section = breaks.pop(0)
            result.append(BreakRow(section.name or section_name(section.kind), span(section.start, section.end)))
        result.append(row)
    return tuple(result)


def _cells(lessons: Iterable[PlacedLesson]) -> dict[tuple[int, int], tuple[PlacedLesson, ...]]:
    cells: dict[tuple[int, int], list[PlacedLesson]] = {}
    for lesson in lessons:
        cells.setdefault((lesson.day, lesson.period), []).append(lesson)
    order = {"every": 0, "odd": 1, "even": 2, "either": 3}
    return {slot: tuple(sorted(found, key=lambda x: order[x.weeks])) for slot, found in cells.items()}


def _order(named: Iterable[str], used: Iterable[str]) -> list[str]:
    """Return the names the school lists, in its order, then those that only the timetable knows."""
    return list(dict.fromkeys([*named, *sorted(used)]))


def _bells_of(school: School, classes: Iterable[str]) -> list[BellSchedule]:
    """Return the bell schedules of some classes, each once; all of the school's for classes it does not know."""
    grades = {c.name: c.grade for c in school.classes}
    found: list[BellSchedule] = []
    for name in classes:
        try:
            bell = school.bell_of(grades[name])
        except LookupError:
            continue
        if not any(bell is other for other in found):
            found.append(bell)
    return found or list(school.bells)


def school_frame(school: School, timetable: SchoolTimetable) -> Frame:
    """Return the week of the whole school, for the master timetable."""
    return frame_of(_bells_of(school, (c.name for c in school.classes)), timetable.lessons)


def class_views(school: School, timetable: SchoolTimetable) -> list[WeekView]:
    """Return the week of every class, in the school's order."""
    known = {c.name: c for c in school.classes}
    views = []
    for name in _order(known, timetable.by_class):
        lessons = timetable.by_class.get(name, ())
        about = known.get(name)
        details = []
        if about and about.home_teacher:
            details.append(str(Message("Class teacher: {name}", name=about.home_teacher)))
        if about and about.room:
            details.append(str(Message("Room: {name}", name=about.room)))
        if about and about.size:
            details.append(str(Message("Pupils: {count}", count=about.size)))
        frame = frame_of(_bells_of(school, [name]), lessons)
        views.append(WeekView("class", name, tuple(details), frame, _cells(lessons), home_room=about.room if about else None))
    return views


def teacher_views(school: School, timetable: SchoolTimetable) -> list[WeekView]:
    """Return the week of every teacher who has a lesson, in the school's order."""
    known = {t.name: t for t in school.teachers}
    views = []
    for name in _order(known, timetable.by_teacher):
        lessons = timetable.by_teacher.get(name, ())
        if not lessons:
            continue
        about = known.get(name)
        details = [str(Message("Group: {name}", name=about.group))] if about and about.group else []
        details.append(str(Message("Lessons a week: {count}", count=_periods(lessons))))
        views.append(_shared_view("teacher", name, details, school, lessons))
    return views


def room_views(school: School, timetable: SchoolTimetable) -> list[WeekView]:
    """Return the week of every room that is used, in the school's order."""
    known = {r.name: r for r in school.rooms}
    views = []
    for name in _order(known, timetable.by_room):
        lessons = timetable.by_room.get(name, ())
        if not lessons:
            continue
        about = known.get(name)
        details = [str(Message("Lessons a week: {count}", count=_periods(lessons)))]
        if about and about.capacity > 1:
            details.append(str(Message("Classes at once: {count}", count=about.capacity)))
        views.append(_shared_view("room", name, details, school, lessons))
    return views


def _shared_view(kind: str, name: str, details: Sequence[str], school: School, lessons: tuple[PlacedLesson, ...]) -> WeekView:
    bells = _bells_of(school, dict.fromkeys(c for lesson in lessons for c in lesson.classes))
    frame = frame_of(bells, lessons)
    return WeekView(kind, name, tuple(details), frame, _cells(lessons), show_times=any(not row.times for row in frame.periods))


def _periods(lessons: Iterable[PlacedLesson]) -> str:
    """Return the lessons a week, fortnightly ones as halves: ``12.5``. Meetings and activity periods are no lessons."""
    halves = sum(2 if lesson.weeks == "every" else 1 for lesson in lessons if lesson.kind == "lesson")
    return f"{halves / 2:g}"
