"""What is taught on real dates: the weekly timetable, the school calendar, and the changes made so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import School
from scheduler.calendar.school_calendar import SchoolCalendar


@dataclass(frozen=True, slots=True)
class DatedLesson:
    """A lesson on a date."""

    date: date
    lesson: PlacedLesson


@dataclass(frozen=True, slots=True)
class Change:
    """A lesson taken out of one date and put, perhaps with another teacher or subject, on the same or another."""

    before: DatedLesson
    after: DatedLesson


@dataclass
class Diary:
    """Lessons by date. ``changes`` are applied in order; one whose lesson is no longer there changes nothing."""

    school: School
    timetable: SchoolTimetable
    calendar: SchoolCalendar
    changes: tuple[Change, ...] = ()
    _cache: dict[date, tuple[PlacedLesson, ...]] = field(default_factory=dict, repr=False)

    def on(self, day: date) -> tuple[PlacedLesson, ...]:
        """Return what is taught on a date, in order of the day."""
        if day not in self._cache:
            lessons = list(self.calendar.lessons_on(self.timetable, day))
            for change in self.changes:
                if change.before.date == day:
                    found = next((x for x in lessons if same_lesson(x, change.before.lesson)), None)
                    if found is None:
                        continue
                    lessons.remove(found)
                    if change.after.date == day:
                        lessons.append(change.after.lesson)
                elif change.after.date == day:
                    lessons.append(change.after.lesson)
            lessons.sort(key=lambda x: (x.period, x.classes, x.subject))
            self._cache[day] = tuple(lessons)
        return self._cache[day]

    def with_changes(self, more: Iterable[Change]) -> Diary:
        """Return the diary with more changes made."""
        return Diary(self.school, self.timetable, self.calendar, (*self.changes, *more))

    def busy(self, day: date) -> dict[str, list[PlacedLesson]]:
        """Return the lessons of a date by teacher."""
        found: dict[str, list[PlacedLesson]] = defaultdict(list)
        for lesson in self.on(day):
            for name in lesson.teachers:
                found[name].append(lesson)
        return found


def same_lesson(a: PlacedLesson, b: PlacedLesson) -> bool:
    """Say whether two records are the same lesson of a day: period, classes, subject and teachers."""
    return (a.period, a.classes, a.subject, a.teachers, a.block) == (b.period, b.classes, b.subject, b.teachers, b.block)


def overlap(a: PlacedLesson, b: PlacedLesson) -> bool:
    """Say whether two lessons of one day overlap by the clock; by period where the clock is not known."""
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return a.period == b.period
    return a.start < b.end and b.start < a.end
