"""How many sections of a kind a day has, how long they are, and on which days: eye exercises twice a day, a long break each morning,
no early self-study, after-school service on five days of at least two hours.

Measured on every day of ``days`` (empty: all school days): the number of sections of the kinds ``sections`` within ``window``, each
at least ``minutes`` long and at most ``longest``. ``whole`` measures their minutes together against the bounds instead of their number.
"""

from __future__ import annotations

from enum import StrEnum

from constraints.bell.bell_kind import BellKind, Measure, is_whole, places
from constraints.bell.section_times import KIND_NAMES
from constraints.case import in_minutes
from constraints.kind import NEEDS_SECTIONS, Bounds, Day, Whole, listed
from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message


class Window(StrEnum):
    """A part of the day, by its lessons."""

    BEFORE_LESSONS = "before_lessons"
    MORNING = "morning"  # from the first lesson to noon
    NOON = "noon"  # from the last lesson of the morning to the first of the afternoon
    AFTERNOON = "afternoon"  # from noon to the end of the day
    AFTER_LESSONS = "after_lessons"
    EVENING = "evening"  # from 18:00


class SectionsPerDayParameters(Bounds):
    """``after_lesson``: only sections right after the lesson of that number of the day, before the next one, count."""

    sections: tuple[SectionKind, ...]
    window: Window | None = None
    minutes: Whole = 0
    longest: Whole | None = None
    whole: bool = False
    days: tuple[Day, ...] = ()
    after_lesson: Whole | None = None


class SectionsPerDay(BellKind[SectionsPerDayParameters]):
    """See the module."""

    name = "sections_per_day"
    parameters = SectionsPerDayParameters

    def limit(self, params: SectionsPerDayParameters) -> Message:
        what = listed(tuple(str(KIND_NAMES[kind]) for kind in params.sections))
        if params.whole:
            return Message("{bounds} minutes of {what} a day", bounds=params.text(), what=what)
        if params.minutes and params.longest is not None:
            each = Message("{least}-{most} minutes each", least=params.minutes, most=params.longest)
            return Message("{bounds} × {what} a day, {each}", bounds=params.text(), what=what, each=each)
        if params.minutes:
            each = Message("≥ {least} minutes each", least=params.minutes)
            return Message("{bounds} × {what} a day, {each}", bounds=params.text(), what=what, each=each)
        return Message("{bounds} × {what} a day", bounds=params.text(), what=what)

    def days(self, params: SectionsPerDayParameters, bell: BellSchedule) -> tuple[int, ...]:
        return params.days or super().days(params, bell)

    def day(self, params: SectionsPerDayParameters, bell: BellSchedule, day: int) -> Measure | None:
        sections = tuple(s for s in bell.days.get(day, ()) if s.kind in params.sections)
        if params.window is not None:
            sections = tuple(s for s in sections if within(bell, day, s, params.window))
        if params.after_lesson is not None:
            sections = tuple(s for s in sections if _follows(bell, day, s, params.after_lesson))
        fitting = tuple(s for s in sections if s.minutes >= params.minutes and (params.longest is None or s.minutes <= params.longest))
        value = sum(s.minutes for s in fitting) if params.whole else len(fitting)
        known = is_whole(bell) or (set(params.sections) == {SectionKind.LESSON} and not bell.partial)
        if not known and not self._decided(params, value):
            return Measure(None, NEEDS_SECTIONS)
        found = listed(tuple(f"{s.name or KIND_NAMES[s.kind]} {in_minutes(s.minutes)}" for s in sections))
        sentence = Message("the day has {found}", found=found) if found else Message("the day has none")
        return Measure(params.holds(value), sentence, in_minutes(value) if params.whole else str(value), places(sections))

    def _decided(self, params: SectionsPerDayParameters, value: int) -> bool:
        """Say whether sections that are not listed could no longer change the verdict."""
        if params.at_most is not None or params.exactly is not None:
            return value > (params.at_most if params.at_most is not None else params.exactly or 0)
        return params.holds(value)


def within(bell: BellSchedule, day: int, section: Section, window: Window) -> bool:
    """Say whether a section begins in a part of the day."""
    lessons = bell.lessons(day)
    noon = bell.noon(day)
    if window is Window.EVENING:
        return section.end > 18 * 60
    if window is Window.AFTERNOON:
        return section.start >= noon
    if not lessons:
        return {Window.NOON: section.start == noon, Window.AFTER_LESSONS: section.start > noon}.get(window, section.start < noon)
    first, last = lessons[0].start, lessons[-1].end
    if window is Window.BEFORE_LESSONS:
        return section.start < first
    if window is Window.AFTER_LESSONS:
        return section.start >= last
    if window is Window.MORNING:
        return first <= section.start < noon
    morning_end = max((s.end for s in lessons if s.start < noon), default=noon)
    afternoon_start = min((s.start for s in lessons if s.start >= noon), default=noon + 120)
    return morning_end <= section.start < afternoon_start


def _follows(bell: BellSchedule, day: int, section: Section, lesson: int) -> bool:
    lessons = bell.lessons(day)
    if len(lessons) < lesson:
        return False
    end = lessons[lesson].start if len(lessons) > lesson else 24 * 60
    return lessons[lesson - 1].end <= section.start < end
