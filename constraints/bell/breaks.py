"""Breaks between lessons: least length of each, least time of all together.

Measured [minutes]: the time between two lessons of the same half of a day, less eye exercises and self-study that stand in it.
``together`` is the sum of all of them in a day; long breaks count in both.
"""

from __future__ import annotations

from pydantic import model_validator

from constraints.bell.bell_kind import BellKind, Measure, between_lessons
from constraints.case import in_minutes
from constraints.kind import NEEDS_LESSONS, Parameters, Whole, times
from instances.bells import BellSchedule, SectionKind
from instances.language import Message


class BreaksParameters(Parameters):
    """``each`` break at least, ``together`` in a day at least."""

    each: Whole | None = None
    together: Whole | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> BreaksParameters:
        if self.each is None and self.together is None:
            raise ValueError("bounds")
        return self


class Breaks(BellKind[BreaksParameters]):
    """See the module."""

    name = "breaks"
    parameters = BreaksParameters

    def limit(self, params: BreaksParameters) -> Message:
        if params.each is not None and params.together is not None:
            return Message("breaks ≥ {each} minutes each, ≥ {together} a day", each=params.each, together=params.together)
        if params.each is not None:
            return Message("breaks ≥ {each} minutes each", each=params.each)
        return Message("breaks ≥ {together} minutes a day", together=params.together)

    def day(self, params: BreaksParameters, bell: BellSchedule, day: int) -> Measure | None:
        if bell.partial:
            return Measure(None, NEEDS_LESSONS)
        gaps = []
        for before, after in between_lessons(bell, day):
            used = sum(
                s.minutes
                for s in bell.days[day]
                if before.end <= s.start < after.start and s.kind in (SectionKind.EYE_EXERCISE, SectionKind.SELF_STUDY)
            )
            gaps.append((after.start - before.end - used, before))
        if not gaps:
            return None
        short = [(gap, before) for gap, before in gaps if params.each is not None and gap < params.each]
        total = sum(gap for gap, _ in gaps)
        if short:
            sentence = Message(
                "breaks that are too short: {breaks}", breaks=", ".join(f"{times(before.end)} {in_minutes(gap)}" for gap, before in short)
            )
            return Measure(False, sentence, in_minutes(min(gap for gap, _ in short)), tuple(before.origin for _, before in short))
        holds = params.together is None or total >= params.together
        shortest = min(gap for gap, _ in gaps)
        sentence = Message("shortest break {shortest} minutes, {total} minutes a day", shortest=shortest, total=total)
        return Measure(holds, sentence, in_minutes(total if params.together is not None else shortest))
