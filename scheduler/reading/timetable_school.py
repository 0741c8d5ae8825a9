"""The outline of a school as its published timetable shows it: classes, teachers, rooms and, where times are shown, bells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message
from instances.lessons import PlacedLesson
from instances.origin import Origin
from instances.school import Note, Room, School, SchoolClass, Teacher
from instances.spelling import normalise
from scheduler.reading.timetable_entries import BlockReading
from scheduler.reading.timetable_views import Merged, identity
from scheduler.reading.workbook import Workbook

_SCHOOL = re.compile(r"[\u4e00-\u9fff（）()]{2,20}?(?:小学|中学|学校|一中|二中|三中|实验校|外国语)(?:[（(][^（）()]{1,8}[）)])?")

Days = dict[int, tuple[Section, ...]]


def outline(
    workbooks: Sequence[Workbook], readings: list[BlockReading], merged: Merged, schedules: Sequence[BellSchedule] = ()
) -> tuple[School, list[Note]]:
    """Return the school without courses, and the notes on what stands in for what the timetable does not show.

    ``schedules`` are those of a sheet 作息时间表; they say more than the headers of a timetable and count in their place.
    """
    classes = tuple(
        SchoolClass(found.label, found.grade, found.number, origin=_where(readings, found.label))
        for found in sorted(merged.classes.values(), key=lambda c: (c.grade or 99, c.number or 99, c.label))
    )
    subjects: dict[str, dict[str, None]] = defaultdict(dict)
    rooms: dict[str, None] = {}
    for lesson in merged.lessons:
        for teacher in lesson.teachers:
            subjects[teacher][lesson.subject] = None
        rooms.update(dict.fromkeys(lesson.rooms))
    bells, notes = _bells(readings, merged, classes)
    if schedules:
        bells = tuple(_with_activities(bell, merged.lessons) for bell in schedules)
    school = School(
        name=_name(workbooks),
        classes=classes,
        teachers=tuple(Teacher(name, tuple(found)) for name, found in sorted(subjects.items())),
        courses=(),
        bells=bells,
        rooms=tuple(Room(name, capacity=_capacity(name, readings)) for name in sorted(rooms)),
        origin=workbooks[0].origin,
    )
    return school, notes


def _where(readings: list[BlockReading], name: str) -> Origin:
    for reading in readings:
        for owner in reading.owners:
            if owner.name == name and owner.cell is not None:
                return owner.cell.origin
    return readings[0].block.sheet.origin


def _capacity(room: str, readings: list[BlockReading]) -> int:
    """Return how many classes a room takes: as its timetable says (可同时容纳3个班), else 1; an open place is not limited."""
    for reading in readings:
        if reading.view == "room" and any(owner.name == room for owner in reading.owners):
            for cell in reading.block.titles:
                if match := re.search(r"容纳[:：]?(\d{1,2})个?班", normalise(cell.text)):
                    return int(match.group(1))
    return 99 if re.search(r"操场|体育馆|田径场|球场|运动场|礼堂|报告厅|风雨", room) else 1


def _name(workbooks: Sequence[Workbook]) -> str:
    for workbook in workbooks:
        for sheet in workbook.sheets:
            for (row, _), cell in sheet.cells.items():
                if row <= 3 and (match := _SCHOOL.search(normalise(cell.text))):
                    return match.group(0)
    return workbooks[0].path.stem


def _with_activities(bell: BellSchedule, lessons: Sequence[PlacedLesson]) -> BellSchedule:
    """A numbered period in which the timetable shows hardly more than 体育活动 is an activity period, whatever the bells call it."""
    found = {
        (day, s.period)
        for day in bell.days
        for s in bell.lessons(day)
        if _mostly_activity([x.kind for x in lessons if x.period == s.period and x.kind != "event"])
    }
    days = {
        day: tuple(replace(s, kind=SectionKind.ACTIVITY) if (day, s.period) in found else s for s in sections)
        for day, sections in bell.days.items()
    }
    return replace(bell, days=days)


def _mostly_activity(kinds: list[str]) -> bool:
    return 2 * kinds.count("activity") > len(kinds)


def _bells(readings: list[BlockReading], merged: Merged, classes: tuple[SchoolClass, ...]) -> tuple[tuple[BellSchedule, ...], list[Note]]:
    """Group the grades by the times that their tables show; without any time a documented default keeps the shape of the day."""
    notes: list[Note] = []
    by_grade: dict[int, Days] = {}
    general: Days | None = None
    for reading in readings:
        if not reading.sections:
            continue
        days = {day: tuple(sections) for day, sections in reading.sections.items()}
        if reading.view != "class":
            general = general or days
            continue
        for grade in sorted({owner.found.grade for owner in reading.owners if owner.found}):
            if grade not in by_grade:
                by_grade[grade] = days
            elif (both := _union(by_grade[grade], days)) is not None:
                by_grade[grade] = both
            else:
                where = reading.block.edges[0].origin if reading.block.edges else reading.block.sheet.origin
                notes.append(
                    Note(
                        Message("these times differ from those of another table of the grade; the first table counts"), where, assumed=True
                    )
                )
    if not by_grade and general:
        return (BellSchedule("", (), general, origin=readings[0].block.sheet.origin),), notes
    if not by_grade:
        if not merged.lessons:
            return (), notes
        notes.append(
            Note(
                Message("the timetable shows no times: lessons of 40 minutes from 8:20 are drawn in, and no rule is judged by them"),
                assumed=True,
            )
        )
        return tuple(_assumed(readings, merged.lessons)), notes
    groups: dict[tuple[tuple[int, tuple[Section, ...]], ...], list[int]] = defaultdict(list)
    for grade, days in sorted(by_grade.items()):
        groups[tuple(sorted((day, _bare(sections)) for day, sections in days.items()))].append(grade)
    schedules = []
    missing = sorted({c.grade for c in classes} - set(by_grade))
    for grades in groups.values():
        days = by_grade[grades[0]]
        name = "、".join(str(grade) for grade in grades) if len(groups) > 1 else ""
        everyone = () if len(groups) == 1 and not missing else tuple(grades)
        first = next(iter(days.values()))[0]
        schedules.append(BellSchedule(name, everyone, days, origin=first.origin))
    if missing and merged.lessons:
        rest = list(_assumed(readings, [x for x in merged.lessons if x.start is None] or merged.lessons))
        schedules.extend(BellSchedule("", tuple(missing), bell.days, assumed=True) for bell in rest[:1])
    return tuple(schedules), notes


def _bare(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(Section(s.kind, s.start, s.end, "", s.period) for s in sections)


def _union(first: Days, second: Days) -> Days | None:
    """Lay two tables' times over one another; None when a period has two times."""
    found: Days = {}
    for day in sorted(first | second):
        sections = {(s.start, s.end): s for s in (*second.get(day, ()), *first.get(day, ()))}
        periods = [s.period for s in sections.values() if s.period is not None]
        if len(periods) != len(set(periods)):
            return None
        found[day] = tuple(sections[key] for key in sorted(sections))
    return found


def _assumed(readings: list[BlockReading], lessons: Iterable[PlacedLesson]) -> Iterable[BellSchedule]:
    """Draw in lessons of 40 minutes with 10 between, from 8:20, the afternoon from 14:00."""
    lessons = [lesson for lesson in lessons if lesson.period >= 1]
    noons = [noon for reading in readings for noon in reading.noons.values()]
    days: Days = {}
    for day in sorted({lesson.day for lesson in lessons}):
        last = max(lesson.period for lesson in lessons if lesson.day == day)
        morning = max(noons) if noons else min(4, last)
        activities = {
            period
            for period in range(1, last + 1)
            if (here := [x for x in lessons if x.day == day and x.period == period]) and all(x.kind == "activity" for x in here)
        }
        sections = []
        for period in range(1, last + 1):
            start = 500 + (period - 1) * 50 if period <= morning else 840 + (period - morning - 1) * 50
            kind = SectionKind.ACTIVITY if period in activities else SectionKind.LESSON
            sections.append(Section(kind, start, start + 40, period=period))
        days[day] = tuple(sections)
    yield BellSchedule("", (), days, assumed=True, origin=readings[0].block.sheet.origin)


def classes_by_identity(school: School) -> dict[tuple[int, int | str], str]:
    """Return the names of a school's classes by what makes two spellings one class."""
    return {(c.grade, c.number if c.number is not None else c.name): c.name for c in school.classes}


__all__ = ["classes_by_identity", "identity", "outline"]
