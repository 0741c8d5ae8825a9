"""Bell schedules that obey the national rules, for each stage.

Primary: first lesson 8:20, six lessons of 40 minutes (4 + 2). Junior: 8:00, seven of 45 minutes (4 + 3). Senior: 8:00, eight of 40
minutes (4 + 4). All: long break of 30 minutes in the morning, other breaks of 15, eye exercises twice a day, an activity period of 40
minutes after the last lesson and numbered after it; up to grade 9 two hours of after-school service. On Mondays
primary pupils raise the flag before the first lesson, so that every lesson of that morning starts 20 minutes later; secondary
schools give up their first lesson for it.
"""

from __future__ import annotations

from instances.bells import BellSchedule, Section, SectionKind
from instances.school import Stage

Part = tuple[SectionKind, int, str]

_K = SectionKind
_BREAK: Part = (_K.BREAK, 15, "课间")
_LONG_BREAK: Part = (_K.LONG_BREAK, 30, "大课间")
_EYES: tuple[Part, ...] = ((_K.EYE_EXERCISE, 5, "眼保健操"), _BREAK)
_SPORT: Part = (_K.ACTIVITY, 40, "体育活动")
_SERVICE: Part = (_K.AFTER_SCHOOL, 120, "课后服务")


def _primary(meeting: int) -> tuple[Part, ...]:
    lesson: Part = (_K.LESSON, 40, "")
    return (
        (_K.ARRIVAL, 20, "到校"),
        *(((_K.MEETING, meeting, "升旗仪式"),) if meeting else ()),
        *(lesson, _LONG_BREAK, lesson, _BREAK, lesson, *_EYES, lesson),
        *((_K.LUNCH, 45 - meeting // 2, "午餐"), (_K.NOON_REST, 60 - meeting // 2, "午休")),
        *(lesson, *_EYES, lesson, _BREAK, _SPORT),
        _SERVICE,
    )


def _junior() -> tuple[Part, ...]:
    lesson: Part = (_K.LESSON, 45, "")
    return (
        (_K.ARRIVAL, 20, "到校"),
        *(lesson, _BREAK, lesson, _LONG_BREAK, lesson, *_EYES, lesson),
        *((_K.LUNCH, 40, "午餐"), (_K.NOON_REST, 45, "午休")),
        *(lesson, *_EYES, lesson, _BREAK, lesson, _BREAK, _SPORT),
        _SERVICE,
    )


def _senior() -> tuple[Part, ...]:
    lesson: Part = (_K.LESSON, 40, "")
    return (
        (_K.ARRIVAL, 20, "到校"),
        *(lesson, _BREAK, lesson, _LONG_BREAK, lesson, *_EYES, lesson),
        *((_K.LUNCH, 50, "午餐"), (_K.NOON_REST, 65, "午休")),
        *(lesson, _BREAK, lesson, *_EYES, lesson, _BREAK, lesson, _BREAK, _SPORT),
        *((_K.DINNER, 45, "晚餐"), (_K.EVENING, 90, "晚自习")),
    )


def _day(start: int, parts: tuple[Part, ...]) -> tuple[Section, ...]:
    """Lay the parts end to end from ``start``; lessons and the activity period are numbered through the day."""
    sections: list[Section] = []
    period = 0
    for kind, minutes, name in parts:
        numbered = kind in (_K.LESSON, _K.ACTIVITY)
        period += numbered
        title = f"第{period}节" if kind is _K.LESSON else name
        sections.append(Section(kind, start, start + minutes, title, period if numbered else None))
        start += minutes
    return tuple(sections)


def bell_schedule(stage: Stage) -> BellSchedule:
    """Return the bell schedule of a stage, Monday to Friday."""
    if stage is Stage.PRIMARY:
        days = {day: _day(480, _primary(20 if day == 1 else 0)) for day in range(1, 6)}
        return BellSchedule("小学作息", (1, 2, 3, 4, 5, 6), days)
    if stage is Stage.JUNIOR:
        return BellSchedule("初中作息", (7, 8, 9), {day: _day(460, _junior()) for day in range(1, 6)})
    return BellSchedule("高中作息", (10, 11, 12), {day: _day(460, _senior()) for day in range(1, 6)})
