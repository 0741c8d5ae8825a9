"""Pupils in a class (班额).

Measured: the size that the plan gives for each class.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case
from constraints.kind import Family, Kind, Parameters, Ruling, Whole
from constraints.verdict import Verdict
from instances.language import Message


class ClassSizeParameters(Parameters):
    """``at_most`` pupils."""

    at_most: Whole


class ClassSize(Kind[ClassSizeParameters]):
    """See the module."""

    name = "class_size"
    family = Family.PLAN
    parameters = ClassSizeParameters

    def limit(self, params: ClassSizeParameters) -> Message:
        return Message("≤ {n} pupils in a class", n=params.at_most)

    def judge(self, ruling: Ruling[ClassSizeParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            size, origins = school_class.size, (school_class.origin,)
            if size is None:
                yield ruling.unknown(school_class.name, Message("the number of pupils of the class"), origins=origins)
            else:
                holds = size <= ruling.params.at_most
                yield ruling.measured(holds, school_class.name, Message("{n} pupils", n=size), str(size), origins=origins)
