"""Lessons a week of a subject in each class.

Measured: lessons a week [periods; every other week counts 1/2] of all ``subjects`` together, in the timetable where there is one,
else in the course plan. ``pooled`` allows the hours to be taught in one stretch of the term (集中安排): too few a week is then not
judged a breach but not judged at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, number
from constraints.kind import NEEDS_PLAN, Bounds, Family, Kind, Ruling, Subject, listed
from constraints.verdict import Verdict
from instances.language import Message


class WeeklyLessonsParameters(Bounds):
    """``subjects`` are counted together."""

    subjects: tuple[Subject, ...]
    pooled: bool = False


class WeeklyLessons(Kind[WeeklyLessonsParameters]):
    """See the module."""

    name = "weekly_lessons"
    family = Family.PLAN
    parameters = WeeklyLessonsParameters

    def limit(self, params: WeeklyLessonsParameters) -> Message:
        return Message("{subjects} {bounds} lessons a week", subjects=listed(params.subjects), bounds=params.text())

    def judge(self, ruling: Ruling[WeeklyLessonsParameters], case: Case) -> Iterator[Verdict]:
        params = ruling.params
        for school_class in case.classes(ruling.rule.grades):
            hours = case.hours(school_class.name)
            if hours is None:
                yield ruling.unknown(school_class.name, NEEDS_PLAN)
                continue
            found = hours.sum(params.subjects)
            origins = tuple(o for s in params.subjects for o in hours.origins.get(s, ())) or (school_class.origin,)
            slots = tuple(x for s in params.subjects for x in hours.slots.get(s, ()))
            too_few = found < (params.exactly or params.at_least or 0)
            if params.pooled and too_few:
                proof = Message("proof that the hours are taught in one stretch of the term")
                yield ruling.unknown(school_class.name, proof, origins=origins)
                continue
            sentence = Message("{n} lessons of {subjects} a week", n=number(found), subjects=listed(params.subjects))
            yield ruling.measured(params.holds(found), school_class.name, sentence, number(found), origins=origins, slots=slots)
