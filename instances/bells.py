"""Bell schedules (作息时间表): what happens at which minute of a school day.

All clock times are minutes after midnight (8:20 = 500). Days are 1 (Monday) to 7 (Sunday).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from instances.origin import NOWHERE, Origin


class SectionKind(StrEnum):
    """What a stretch of the day is for; rule sets name these kinds when they say what a cap counts."""

    ARRIVAL = "arrival"  # 到校
    MORNING_EXERCISE = "morning_exercise"  # 早操, 晨练
    MORNING_READING = "morning_reading"  # 早读, 晨读
    MEETING = "meeting"  # 晨会, 升旗, 夕会
    LESSON = "lesson"  # 课
    BREAK = "break"  # 课间
    LONG_BREAK = "long_break"  # 大课间
    EYE_EXERCISE = "eye_exercise"  # 眼保健操
    LUNCH = "lunch"  # 午餐
    NOON_REST = "noon_rest"  # 午休
    SELF_STUDY = "self_study"  # 自习
    ACTIVITY = "activity"  # 体育活动, 活动课
    AFTER_SCHOOL = "after_school"  # 课后服务
    DINNER = "dinner"  # 晚餐
    EVENING = "evening"  # 晚自习
    DISMISSAL = "dismissal"  # 放学


@dataclass(frozen=True, slots=True)
class Section:
    """One stretch ``[start, end)`` of a day, in minutes after midnight.

    ``period`` is the number printed in the timetable (第几节). Lessons are placed in sections of kind ``LESSON`` that have a
    period; the daily activity period (体育活动) in those of kind ``ACTIVITY`` that have one.
    """

    kind: SectionKind
    start: int
    end: int
    name: str = ""
    period: int | None = None
    origin: Origin = NOWHERE

    @property
    def minutes(self) -> int:
        """Length in minutes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class BellSchedule:
    """The bells of some grades: for each school day its sections in clock order.

    ``assumed`` says that the plan gave no bells and documented defaults stand in. ``season`` is ``""``, ``summer`` or ``winter``.
    ``partial`` says that only some times of the day are known: what is not listed may be there all the same.
    """

    name: str
    grades: tuple[int, ...]
    days: Mapping[int, tuple[Section, ...]]
    season: str = ""
    assumed: bool = False
    origin: Origin = NOWHERE
    notes: tuple[object, ...] = field(default=())
    partial: bool = False

    def periods(self, day: int) -> tuple[Section, ...]:
        """Return the numbered sections of ``day`` (lessons and activity periods) in clock order."""
        return tuple(section for section in self.days.get(day, ()) if section.period is not None)

    def lessons(self, day: int) -> tuple[Section, ...]:
        """Return the sections of ``day`` in which lessons may be placed."""
        return tuple(s for s in self.periods(day) if s.kind is SectionKind.LESSON)

    def noon(self, day: int) -> int:
        """Return the minute that parts morning from afternoon: the start of lunch or noon rest, else of the
        longest gap between lessons around midday, else 12:30.
        """
        for section in self.days.get(day, ()):
            if section.kind in (SectionKind.LUNCH, SectionKind.NOON_REST):
                return section.start
        lessons = self.lessons(day)
        gaps = [(b.start - a.end, a.end) for a, b in itertools.pairwise(lessons) if 600 <= a.end <= 840]
        longest, start = max(gaps, default=(0, 0), key=lambda gap: (gap[0], -gap[1]))
        return start if longest >= 40 else 750


def clock(minutes: int) -> str:
    """Return ``H:MM`` for minutes after midnight: 500 -> ``8:20``."""
    return f"{minutes // 60}:{minutes % 60:02d}"
