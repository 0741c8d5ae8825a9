"""Bells, schools and timetables for tests of rules, in a line or two."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from constraints.case import Case
from constraints.judging import judge_rule
from constraints.kinds import KIND_OF
from constraints.rule import Level, Rule, Source
from constraints.verdict import Verdict
from instances.bells import BellSchedule, Section, SectionKind
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.records import Record, Records
from instances.school import Course, School, SchoolClass, Weeks


def minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def day(text: str) -> tuple[Section, ...]:
    """``8:20-9:00 lesson, 9:00-9:30 long_break``; lessons are numbered, as is a section written with a ``*``."""
    sections, period = [], 0
    for part in text.split(","):
        times, kind = part.split()
        start, end = times.split("-")
        numbered = kind == "lesson" or kind.endswith("*")
        period += numbered
        sections.append(Section(SectionKind(kind.rstrip("*")), minute(start), minute(end), "", period if numbered else None))
    return tuple(sections)


def bells(text: str, days: range | tuple[int, ...] = range(1, 6), grades: tuple[int, ...] = (), **more: Any) -> BellSchedule:
    """The same day on each of ``days``."""
    return BellSchedule("bells", grades, {d: day(text) for d in days}, **more)


SIX = (
    "8:00-8:20 arrival, 8:20-9:00 lesson, 9:00-9:30 long_break, 9:30-10:10 lesson, 10:25-10:30 eye_exercise, 10:30-11:10 lesson, "
    "11:25-12:05 lesson, 12:05-14:00 noon_rest, 14:00-14:40 lesson, 14:40-14:45 eye_exercise, 15:00-15:40 lesson, "
    "15:50-16:30 activity*, 16:30-18:30 after_school"
)


def school(grade: int = 1, bell: BellSchedule | None = None, **hours: float) -> School:
    """One class, named ``c``, with these lessons a week by subject."""
    courses = tuple(Course(s, s, ("c",), (f"{s}老师",), Fraction(n).limit_denominator(2)) for s, n in hours.items())
    return School("school", (SchoolClass("c", grade),), (), courses, (bell,) if bell else ())


def lessons(*entries: str, name: str = "c") -> SchoolTimetable:
    """``1.2 语文`` is a lesson on Monday, period 2; a third word is its kind, or ``odd``/``even``."""
    placed = []
    for entry in entries:
        slot, subject, *more = entry.split()
        d, p = slot.split(".")
        weeks = next((Weeks(word) for word in more if word in ("odd", "even")), Weeks.EVERY)
        kind = next((word for word in more if word not in ("odd", "even")), "lesson")
        placed.append(PlacedLesson(int(d), int(p), subject, (name,), (f"{subject}老师",), weeks=weeks, kind=kind))
    return SchoolTimetable(tuple(placed))


def records(**values: float | bool) -> Records:
    return Records(tuple(Record(item, value) for item, value in values.items()))


def rule(kind: str, level: Level = Level.MUST, grades: tuple[int, ...] = (), **params: Any) -> Rule:
    made = Rule("r", kind, level, Source("a document"), {"zh": "规则", "en": "rule"}, grades, params)
    KIND_OF[kind].ruling(made)
    return made


def verdicts(made: Rule, on: School, timetable: SchoolTimetable | None = None, stated: Records | None = None) -> list[Verdict]:
    return judge_rule(made, Case(on, timetable, stated))


def statuses(made: Rule, on: School, timetable: SchoolTimetable | None = None, stated: Records | None = None) -> set[str]:
    return {verdict.status.value for verdict in verdicts(made, on, timetable, stated)}
