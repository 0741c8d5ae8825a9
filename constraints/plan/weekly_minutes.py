"""Teaching time of a class a week in minutes.

Measured [minutes a week]: lessons of the timetable by their clock; without a timetable, lessons of the plan times the length of a
lesson where all have one length.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, in_minutes
from constraints.kind import NEEDS_BELLS, NEEDS_PLAN, Bounds, Family, Kind, Ruling
from constraints.plan.weekly_total import weekly_minutes
from constraints.verdict import Verdict
from instances.language import Message


class WeeklyMinutesParameters(Bounds):
    """Bounds in minutes."""


class WeeklyMinutes(Kind[WeeklyMinutesParameters]):
    """See the module."""

    name = "weekly_minutes"
    family = Family.PLAN
    parameters = WeeklyMinutesParameters

    def limit(self, params: WeeklyMinutesParameters) -> Message:
        return Message("{bounds} minutes of lessons a week", bounds=params.text())

    def judge(self, ruling: Ruling[WeeklyMinutesParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            minutes = weekly_minutes(case, school_class)
            if minutes is None:
                needs = NEEDS_PLAN if case.hours(school_class.name) is None else NEEDS_BELLS
                yield ruling.unknown(school_class.name, needs)
                continue
            sentence = Message("{n} minutes of lessons a week", n=minutes)
            yield ruling.measured(ruling.params.holds(minutes), school_class.name, sentence, in_minutes(minutes))
