"""Subjects that are best taught by teachers who teach nothing else (专职).

Measured: teachers of ``subjects`` in the plan who also teach one of ``others``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from constraints.case import Case, everyone
from constraints.kind import NEEDS_PLAN, Family, Kind, Parameters, Ruling, Subject, listed
from constraints.verdict import Verdict
from instances.language import Message


class SpecialistTeachersParameters(Parameters):
    """A teacher of one of ``subjects`` should teach none of ``others``."""

    subjects: tuple[Subject, ...]
    others: tuple[Subject, ...] = ("语文", "数学", "英语")


class SpecialistTeachers(Kind[SpecialistTeachersParameters]):
    """See the module."""

    name = "specialist_teachers"
    family = Family.PLAN
    parameters = SpecialistTeachersParameters

    def limit(self, params: SpecialistTeachersParameters) -> Message:
        return Message("teachers of {subjects} teach none of {others}", subjects=listed(params.subjects), others=listed(params.others))

    def judge(self, ruling: Ruling[SpecialistTeachersParameters], case: Case) -> Iterator[Verdict]:
        names = {c.name for c in case.classes(ruling.rule.grades)}
        taught: dict[str, set[str]] = defaultdict(set)
        for course in case.school.courses:
            if names & set(course.classes):
                for teacher in course.teachers:
                    taught[teacher].add(course.subject)
        if not taught:
            yield ruling.unknown(everyone(), NEEDS_PLAN)
            return
        mixed = tuple(t for t, s in taught.items() if s & set(ruling.params.subjects) and s & set(ruling.params.others))
        for teacher in mixed:
            sentence = Message("{teacher} teaches {subjects}", teacher=teacher, subjects=listed(tuple(sorted(taught[teacher]))))
            yield ruling.broken(teacher, sentence, str(len(taught[teacher])))
        if not mixed:
            yield ruling.passed(everyone(), Message("all are taught by specialists"))
