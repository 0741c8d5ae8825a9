"""Every course has a teacher (保证师资配备).

Measured: courses of the plan without a teacher, or with a placeholder such as 代课1 or 空缺.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constraints.case import ACTIVITY, SELF_STUDY, Case
from constraints.kind import NEEDS_PLAN, Family, Kind, Parameters, Ruling, listed
from constraints.verdict import Verdict
from instances.language import Message

_VACANT = re.compile(r"^(代课|空缺|待定|缺|外聘)\w*$")


class StaffedParameters(Parameters):
    """No parameters."""


class Staffed(Kind[StaffedParameters]):
    """See the module."""

    name = "staffed"
    family = Family.PLAN
    parameters = StaffedParameters

    def limit(self, params: StaffedParameters) -> Message:
        return Message("a teacher for every course")

    def judge(self, ruling: Ruling[StaffedParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            mine = [c for c in case.school.courses if school_class.name in c.classes and c.subject not in (ACTIVITY, SELF_STUDY)]
            vacant = [c for c in mine if not any(not _VACANT.match(t) for t in c.teachers)]
            if not mine:
                yield ruling.unknown(school_class.name, NEEDS_PLAN)
            elif vacant:
                subjects = listed(tuple(c.subject for c in vacant))
                origins = tuple(c.origin for c in vacant)
                yield ruling.broken(school_class.name, Message("no teacher for {subjects}", subjects=subjects), subjects, origins=origins)
            else:
                yield ruling.passed(school_class.name, Message("every course has a teacher"))
