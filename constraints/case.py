"""What rules are judged on: a school, and the timetable and records that go with it, with the look-ups that rules share.

Everything here reads the plain data of ``instances``; nothing knows how a timetable was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from instances.bells import BellSchedule, Section
from instances.language import Message, _
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import NOWHERE, Origin
from instances.records import Records
from instances.school import School, SchoolClass, Weeks

ACTIVITY = "体育活动"
PE = "体育"
SELF_STUDY = "自习"
_day_messages = (
    Message("Monday"),
    Message("Tuesday"),
    Message("Wednesday"),
    Message("Thursday"),
    Message("Friday"),
    Message("Saturday"),
    Message("Sunday"),
)


def day_name(day: int) -> str:
    """Return the name of a day (1 = Monday) in the language in force."""
    return str(_day_messages[day - 1])


def grade_names(grades: tuple[int, ...]) -> str:
    """Return grades as people write them: ``1-2, 5`` (empty for none)."""
    parts: list[list[int]] = []
    for grade in sorted(grades):
        if parts and grade == parts[-1][-1] + 1:
            parts[-1].append(grade)
        else:
            parts.append([grade])
    return ", ".join(f"{p[0]}-{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)


@dataclass(frozen=True)
class Hours:
    """Lessons a week of one class by subject, and where that is written: cells of the plan or places in the timetable.

    ``total`` counts a block of optional courses once. ``from_timetable`` says which of the two was counted.
    """

    of: Mapping[str, Fraction]
    total: Fraction
    from_timetable: bool
    origins: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    slots: Mapping[str, tuple[tuple[str, int, int], ...]] = field(default_factory=dict)

    def sum(self, subjects: tuple[str, ...]) -> Fraction:
        """Return the lessons of several subjects together."""
        return sum((self.of.get(subject, Fraction(0)) for subject in subjects), Fraction(0))


@dataclass(frozen=True)
class Case:
    """A school with, where there is one, its timetable and its records."""

    school: School
    timetable: SchoolTimetable | None = None
    records: Records | None = None

    def classes(self, grades: tuple[int, ...]) -> Iterator[SchoolClass]:
        """Yield the classes of ``grades`` (empty: all)."""
        return (c for c in self.school.classes if not grades or c.grade in grades)

    def grades(self, wanted: tuple[int, ...]) -> tuple[int, ...]:
        """Return those of ``wanted`` grades (empty: all) that the school has; ``wanted`` itself for a school without classes."""
        found = {c.grade for c in self.classes(wanted)}
        return tuple(sorted(found)) if self.school.classes else wanted

    def bell_of(self, grade: int) -> BellSchedule | None:
        """Return the bells of a grade, None where there are none."""
        try:
            return self.school.bell_of(grade)
        except LookupError:
            return None

    def bells(self, grades: tuple[int, ...]) -> Iterator[BellSchedule]:
        """Yield the bell schedules, of every season, that some of ``grades`` (empty: all) follow."""
        for bell in self.school.bells:
            if not grades or not bell.grades or set(bell.grades) & set(grades):
                yield bell

    @cached_property
    def lessons_of(self) -> Mapping[str, tuple[PlacedLesson, ...]]:
        """The timetable of each class; empty without a timetable."""
        return self.timetable.by_class if self.timetable else {}

    @cached_property
    def _planned(self) -> dict[str, Hours]:
        of: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        origins: dict[str, dict[str, list[Origin]]] = defaultdict(lambda: defaultdict(list))
        single: dict[str, Fraction] = defaultdict(Fraction)
        blocks: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for course in self.school.courses:
            for name in course.classes:
                of[name][course.subject] += course.periods
                if course.origin != NOWHERE:
                    origins[name][course.subject].append(course.origin)
                if course.block:
                    blocks[name][course.block] = max(blocks[name].get(course.block, Fraction(0)), course.periods)
                elif course.subject != ACTIVITY:
                    single[name] += course.periods
        return {
            name: Hours(
                dict(counts),
                single[name] + sum(blocks[name].values(), Fraction(0)),
                False,
                {s: tuple(o) for s, o in origins[name].items()},
            )
            for name, counts in of.items()
        }

    @cached_property
    def _placed(self) -> dict[str, Hours]:
        found = {}
        for name, lessons in self.lessons_of.items():
            taught = [x for x in lessons if x.kind in ("lesson", "self_study", "activity")]
            of: dict[str, Fraction] = defaultdict(Fraction)
            slots: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
            seen: set[tuple[str, int, int, int]] = set()
            taken: set[tuple[int, int, int]] = set()
            for lesson in taught:
                slots[lesson.subject].append((name, lesson.day, lesson.period))
                for week in (0, 1):
                    key = (lesson.subject, lesson.day, lesson.period, week)
                    if lesson.meets_in(week) and key not in seen:
                        seen.add(key)
                        of[lesson.subject] += Fraction(1, 2)
                        if lesson.subject != ACTIVITY and lesson.kind != "activity":
                            taken.add((lesson.day, lesson.period, week))
                if lesson.weeks is Weeks.EITHER:
                    of[lesson.subject] += Fraction(1, 2)
            found[name] = Hours(dict(of), Fraction(len(taken), 2), True, {}, {s: tuple(x) for s, x in slots.items()})
        return found

    def planned(self, name: str) -> Hours | None:
        """Return the course plan of a class, None where the school gave none."""
        return self._planned.get(name)

    def placed(self, name: str) -> Hours | None:
        """Return what stands in the timetable of a class, None where there is none."""
        return self._placed.get(name)

    def hours(self, name: str) -> Hours | None:
        """Return the lessons of a class: those of the timetable where there is one (it is what pupils get), else of the plan."""
        return self.placed(name) or self.planned(name)

    def section_of(self, lesson: PlacedLesson, grade: int) -> Section | None:
        """Return the section of the bells in which a lesson stands."""
        bell = self.bell_of(grade)
        if bell is None:
            return None
        return next((s for s in bell.periods(lesson.day) if s.period == lesson.period), None)

    def minutes(self, lesson: PlacedLesson, grade: int) -> int | None:
        """Return the length of a lesson in minutes: its own clock, else that of the bells; None where neither is known."""
        if lesson.start is not None and lesson.end is not None:
            return lesson.end - lesson.start
        section = self.section_of(lesson, grade)
        return section.minutes if section else None

    def in_morning(self, lesson: PlacedLesson, grade: int) -> bool:
        """Say whether a lesson stands before noon; without clock times, periods 1 to 4 are the morning."""
        bell = self.bell_of(grade)
        section = self.section_of(lesson, grade)
        start = lesson.start if lesson.start is not None else section.start if section else None
        if start is None:
            return lesson.period <= 4
        return start < (bell.noon(lesson.day) if bell and bell.days.get(lesson.day) else 750)


def school_days(bell: BellSchedule) -> tuple[int, ...]:
    """Return the days on which the bells have lessons."""
    return tuple(day for day in sorted(bell.days) if bell.lessons(day))


def number(value: Fraction | float | int) -> str:
    """Return a number as people write it: 3, 0.5."""
    return str(int(value)) if value == int(value) else f"{float(value):.2f}".rstrip("0")


def in_minutes(value: float) -> str:
    """Return a length of time with its unit."""
    return str(Message("{n} min", n=number(value)))


def everyone() -> str:
    """Return the name of the whole school as a point of judgement."""
    return _("whole school")
