"""Subjects that every class must have (开齐).

Measured: whether each of ``subjects`` has any lesson. A subject written ``A|B`` is there when one of them is: 音乐|艺术.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case
from constraints.kind import NEEDS_PLAN, Family, Kind, Parameters, Ruling, Subject, listed
from constraints.verdict import Verdict
from instances.language import Message


class SubjectsOfferedParameters(Parameters):
    """``subjects``: each must be offered; ``A|B`` means one of them."""

    subjects: tuple[Subject, ...]


class SubjectsOffered(Kind[SubjectsOfferedParameters]):
    """See the module."""

    name = "subjects_offered"
    family = Family.PLAN
    parameters = SubjectsOfferedParameters

    def limit(self, params: SubjectsOfferedParameters) -> Message:
        return Message("offered: {subjects}", subjects=listed(params.subjects))

    def judge(self, ruling: Ruling[SubjectsOfferedParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            hours = case.hours(school_class.name)
            if hours is None:
                yield ruling.unknown(school_class.name, NEEDS_PLAN)
                continue
            missing = tuple(s for s in ruling.params.subjects if not hours.sum(tuple(s.split("|"))))
            sentence = (
                Message("{name} has no lesson of {subjects}", name=school_class.name, subjects=listed(missing))
                if missing
                else Message("{name} has all of these subjects", name=school_class.name)
            )
            measured = listed(missing) if missing else ""
            yield ruling.measured(not missing, school_class.name, sentence, measured, origins=(school_class.origin,))
