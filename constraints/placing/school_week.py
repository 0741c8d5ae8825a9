"""No lessons on certain days: weekends, evenings of the week.

Measured: lesson and self-study sections of the bells on ``days``, and lessons of the timetable there; with ``after``, those that
begin at that clock time or later on any day count too.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import bell_point
from constraints.case import Case, day_name, everyone
from constraints.kind import NEEDS_TIMETABLE, Clock, Day, Family, Kind, Parameters, Ruling, listed, times
from constraints.verdict import Verdict
from instances.bells import SectionKind
from instances.language import Message


class SchoolWeekParameters(Parameters):
    """``days`` without lessons; ``after``: no lessons from this time on."""

    days: tuple[Day, ...] = (6, 7)
    after: Clock | None = None


class SchoolWeek(Kind[SchoolWeekParameters]):
    """See the module."""

    name = "school_week"
    family = Family.PLACING
    parameters = SchoolWeekParameters

    def limit(self, params: SchoolWeekParameters) -> Message:
        days = listed(tuple(day_name(day) for day in params.days))
        if params.after is not None:
            return Message("no lessons on {days}, none from {time} on", days=days, time=times(params.after))
        return Message("no lessons on {days}", days=days)

    def judge(self, ruling: Ruling[SchoolWeekParameters], case: Case) -> Iterator[Verdict]:
        params, judged = ruling.params, False
        grades = case.grades(ruling.rule.grades)
        for bell in case.bells(grades):
            if bell.assumed:
                continue
            wrong = [
                (day, s)
                for day, sections in sorted(bell.days.items())
                for s in sections
                if s.kind in (SectionKind.LESSON, SectionKind.SELF_STUDY) and self._forbidden(params, day, s.start)
            ]
            if bell.partial and not wrong:
                continue
            judged = True
            sentence = Message("{n} lesson periods", n=len(wrong))
            origins = tuple(s.origin for _, s in wrong) or (bell.origin,)
            yield ruling.measured(not wrong, bell_point(bell, grades), sentence, str(len(wrong)), origins=origins)
        for school_class in case.classes(ruling.rule.grades):
            lessons = case.lessons_of.get(school_class.name)
            if lessons is None:
                continue
            judged = True
            bad = [x for x in lessons if x.kind in ("lesson", "self_study") and self._forbidden(params, x.day, x.start)]
            slots = tuple((school_class.name, x.day, x.period) for x in bad)
            yield ruling.measured(not bad, school_class.name, Message("{n} lessons", n=len(bad)), str(len(bad)), slots=slots)
        if not judged:
            yield ruling.unknown(everyone(), NEEDS_TIMETABLE)

    def _forbidden(self, params: SchoolWeekParameters, day: int, start: int | None) -> bool:
        return day in params.days or (params.after is not None and start is not None and start >= params.after)
