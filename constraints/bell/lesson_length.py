"""Length of a lesson: 40 minutes in primary, 45 in secondary schools, 35 in some cities.

Measured: minutes of each lesson section whose length is known. ``minutes`` lists lengths that are right beside the bounds (long and
short lessons, 长短课).
"""

from __future__ import annotations

from pydantic import model_validator

from constraints.bell.bell_kind import BellKind, Measure, places
from constraints.case import number
from constraints.kind import NEEDS_LESSONS, Parameters, Whole
from instances.bells import BellSchedule
from instances.language import Message


class LessonLengthParameters(Parameters):
    """``minutes``: one length, or several that are all right; or bounds."""

    minutes: tuple[Whole, ...] = ()
    at_least: Whole | None = None
    at_most: Whole | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> LessonLengthParameters:
        if not self.minutes and self.at_least is None and self.at_most is None:
            raise ValueError("bounds")
        return self

    def holds(self, minutes: int) -> bool:
        """Say whether a lesson may be so long."""
        if minutes in self.minutes:
            return True
        if self.at_least is None and self.at_most is None:
            return False
        return (self.at_least is None or minutes >= self.at_least) and (self.at_most is None or minutes <= self.at_most)


class LessonLength(BellKind[LessonLengthParameters]):
    """See the module."""

    name = "lesson_length"
    parameters = LessonLengthParameters

    def limit(self, params: LessonLengthParameters) -> Message:
        parts = [" / ".join(number(m) for m in params.minutes)] if params.minutes else []
        parts += [f"≥ {params.at_least}"] if params.at_least is not None else []
        parts += [f"≤ {params.at_most}"] if params.at_most is not None else []
        return Message("{bounds} minutes a lesson", bounds=", ".join(parts))

    def day(self, params: LessonLengthParameters, bell: BellSchedule, day: int) -> Measure | None:
        lessons = tuple(s for s in bell.lessons(day) if s.minutes)
        if not lessons:
            return Measure(None, NEEDS_LESSONS)
        wrong = tuple(s for s in lessons if not params.holds(s.minutes))
        lengths = ", ".join(str(m) for m in sorted({s.minutes for s in wrong or lessons}))
        return Measure(
            not wrong, Message("lessons of {lengths} minutes", lengths=lengths), str(Message("{n} min", n=lengths)), places(wrong)
        )
