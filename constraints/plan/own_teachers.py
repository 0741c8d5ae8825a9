"""Lessons of some subjects are given by the teachers whom the course plan names for them, not handed to others (空堂 otherwise).

Measured: lessons of ``subjects`` in the timetable whose teachers are none of those of the class and subject in the plan. A lesson without
a teacher counts as handed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case
from constraints.kind import NEEDS_PLAN, NEEDS_TIMETABLE, Family, Kind, Parameters, Ruling, Subject, listed
from constraints.verdict import Verdict
from instances.language import Message


class OwnTeachersParameters(Parameters):
    """``subjects``: those protected."""

    subjects: tuple[Subject, ...]


class OwnTeachers(Kind[OwnTeachersParameters]):
    """See the module."""

    name = "own_teachers"
    family = Family.PLAN
    parameters = OwnTeachersParameters

    def limit(self, params: OwnTeachersParameters) -> Message:
        return Message("{subjects}: taught by the teachers of the plan", subjects=listed(params.subjects))

    def judge(self, ruling: Ruling[OwnTeachersParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            name = school_class.name
            lessons = case.lessons_of.get(name)
            if case.planned(name) is None:
                yield ruling.unknown(name, NEEDS_PLAN)
                continue
            if lessons is None:
                yield ruling.unknown(name, NEEDS_TIMETABLE)
                continue
            own = {
                s: {t for c in case.school.courses if name in c.classes and c.subject == s for t in c.teachers}
                for s in ruling.params.subjects
            }
            strange = [x for x in lessons if own.get(x.subject) and not own[x.subject] & set(x.teachers)]
            if strange:
                who = listed(tuple(f"{x.subject}: {listed(x.teachers) or '—'}" for x in strange))
                slots = tuple((name, x.day, x.period) for x in strange)
                yield ruling.broken(name, Message("lessons given by others: {who}", who=who), str(len(strange)), slots=slots)
            else:
                yield ruling.passed(name, Message("all given by the teachers of the plan"), "0")
