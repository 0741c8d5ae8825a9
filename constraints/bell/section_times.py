"""Clock limits: the first lesson not before 8:20, dismissal not after 17:30, evening self-study over by 20:30.

Measured: start or end (``edge``) of the first or last section (``which``) of some ``sections`` in a day or in one ``half`` of it
[clock time]. Bounds are inclusive. Bells that name only lessons cannot be judged on other sections. Partial bells that list any
lesson list the first one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from constraints.bell.bell_kind import BellKind, Measure, is_whole, of_kinds
from constraints.kind import NEEDS_LESSONS, NEEDS_SECTIONS, Clock, Day, Half, Parameters, times
from instances.bells import BellSchedule, SectionKind
from instances.language import Message


class SectionTimesParameters(Parameters):
    """``sections``: kinds of section; ``days``: empty for all school days."""

    sections: tuple[SectionKind, ...]
    which: Literal["first", "last"] = "first"
    edge: Literal["start", "end"] = "start"
    half: Half | None = None
    not_before: Clock | None = None
    not_after: Clock | None = None
    days: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _some_bound(self) -> SectionTimesParameters:
        if self.not_before is None and self.not_after is None:
            raise ValueError("clock bounds")
        return self


class SectionTimes(BellKind[SectionTimesParameters]):
    """See the module."""

    name = "section_times"
    parameters = SectionTimesParameters

    def limit(self, params: SectionTimesParameters) -> Message:
        signs = (("≥", params.not_before), ("≤", params.not_after))
        return Message("{bounds}", bounds=", ".join(f"{sign} {times(minute)}" for sign, minute in signs if minute is not None))

    def days(self, params: SectionTimesParameters, bell: BellSchedule) -> tuple[int, ...]:
        return tuple(d for d in sorted(bell.days) if not params.days or d in params.days)

    def day(self, params: SectionTimesParameters, bell: BellSchedule, day: int) -> Measure | None:
        found = of_kinds(bell, day, params.sections, params.half)
        if bell.partial:  # a moment of unknown length shows neither edge, but for coming, leaving and lessons
            found = tuple(s for s in found if s.minutes or s.kind in _STATED)
        lessons_only = params.sections == (SectionKind.LESSON,)
        if not found:
            if bell.partial or not (is_whole(bell) or lessons_only):
                return Measure(None, NEEDS_LESSONS if lessons_only else NEEDS_SECTIONS)
            return None
        if not bell.partial and not is_whole(bell) and not set(params.sections) <= _STATED:
            return Measure(None, NEEDS_SECTIONS)
        section = min(found, key=lambda s: s.start) if params.which == "first" else max(found, key=lambda s: s.end)
        at = section.start if params.edge == "start" else section.end
        holds = (params.not_before is None or at >= params.not_before) and (params.not_after is None or at <= params.not_after)
        if bell.partial and not self._decided(params, at, {s.kind for s in found}):
            return Measure(None, NEEDS_SECTIONS)
        name = section.name or str(KIND_NAMES[section.kind])
        sentence = (
            Message("{section} begins at {time}", section=name, time=times(at))
            if params.edge == "start"
            else Message("{section} ends at {time}", section=name, time=times(at))
        )
        return Measure(holds, sentence, times(at), (section.origin,))

    def _decided(self, params: SectionTimesParameters, at: int, kinds: set[SectionKind]) -> bool:
        """Say whether sections that partial bells do not list, earlier or later ones, cannot change the verdict."""
        if SectionKind.DISMISSAL in kinds or (params.which == "first" and kinds <= _STATED):
            return True
        if params.which == "first":
            return params.not_before is not None and at < params.not_before
        too_late = params.not_after is not None and at > params.not_after
        late_enough = params.not_before is not None and params.not_after is None and at >= params.not_before
        return too_late or late_enough


_STATED = {SectionKind.LESSON, SectionKind.ARRIVAL, SectionKind.DISMISSAL}  # known even to bells that list little else

KIND_NAMES = {
    SectionKind.ARRIVAL: Message("arrival"),
    SectionKind.MORNING_EXERCISE: Message("morning exercise"),
    SectionKind.MORNING_READING: Message("morning reading"),
    SectionKind.MEETING: Message("meeting"),
    SectionKind.LESSON: Message("lesson"),
    SectionKind.BREAK: Message("break"),
    SectionKind.LONG_BREAK: Message("long break"),
    SectionKind.EYE_EXERCISE: Message("eye exercises"),
    SectionKind.LUNCH: Message("lunch"),
    SectionKind.NOON_REST: Message("noon rest"),
    SectionKind.SELF_STUDY: Message("self-study"),
    SectionKind.ACTIVITY: Message("activity period"),
    SectionKind.AFTER_SCHOOL: Message("after-school service"),
    SectionKind.DINNER: Message("dinner"),
    SectionKind.EVENING: Message("evening self-study"),
    SectionKind.DISMISSAL: Message("dismissal"),
}
