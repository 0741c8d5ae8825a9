"""A weekly timetable in the office's words: which lesson stands in which cell of the week.

Solved timetables and timetables that somebody else made take this same form, so that one set of rules judges both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from instances.origin import NOWHERE, Origin
from instances.school import Slot, Weeks


@dataclass(frozen=True, slots=True)
class PlacedLesson:
    """One period of the week taken by one lesson (a double period is two of these).

    ``subject`` is the canonical name and ``label`` the text to print; ``classes``, ``teachers`` and ``rooms`` are names; joint lessons
    and optional-course blocks have several. ``start`` and ``end`` are minutes after midnight (None where unknown). ``double`` is
    1 or 2 for the first and second period of a double lesson, 0 otherwise. ``courses`` are ids of :class:`Course`.
    ``kind`` is ``lesson``, ``activity`` (daily activity period), ``event`` (flag raising, staff meeting, joint preparation) or
    ``self_study``. ``origin`` is the cell of a timetable that was read.
    """

    day: int
    period: int
    subject: str
    classes: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    label: str = ""
    weeks: Weeks = Weeks.EVERY
    start: int | None = None
    end: int | None = None
    double: int = 0
    courses: tuple[str, ...] = ()
    block: str | None = None
    kind: str = "lesson"
    origin: Origin = NOWHERE

    @property
    def slot(self) -> Slot:
        """Day and period."""
        return Slot(self.day, self.period)

    def meets_in(self, week: int) -> bool:
        """Say whether the lesson runs in week 0 (odd) or 1 (even)."""
        return self.weeks in (Weeks.EVERY, (Weeks.ODD, Weeks.EVEN)[week])


@dataclass(frozen=True)
class SchoolTimetable:
    """The lessons of a week, with look-ups by class, teacher and room. ``unplaced`` names courses and the lessons they lack."""

    lessons: tuple[PlacedLesson, ...]
    unplaced: tuple[tuple[str, int], ...] = ()

    @cached_property
    def by_class(self) -> dict[str, tuple[PlacedLesson, ...]]:
        """Lessons of each class, in order of day and period."""
        return self._grouped("classes")

    @cached_property
    def by_teacher(self) -> dict[str, tuple[PlacedLesson, ...]]:
        """Lessons of each teacher, in order of day and period."""
        return self._grouped("teachers")

    @cached_property
    def by_room(self) -> dict[str, tuple[PlacedLesson, ...]]:
        """Lessons in each room, in order of day and period."""
        return self._grouped("rooms")

    def _grouped(self, field: str) -> dict[str, tuple[PlacedLesson, ...]]:
        found: dict[str, list[PlacedLesson]] = defaultdict(list)
        for lesson in sorted(self.lessons, key=lambda x: (x.day, x.period, x.weeks, x.subject)):
            for name in getattr(lesson, field):
                found[name].append(lesson)
        return {name: tuple(lessons) for name, lessons in found.items()}

    def at(self, lessons: tuple[PlacedLesson, ...], slot: Slot) -> Iterator[PlacedLesson]:
        """Yield those of ``lessons`` that stand in ``slot``."""
        return (lesson for lesson in lessons if lesson.slot == slot)
