"""Self-study lessons (自习) belong to the pupils: nobody lectures in them.

Measured: self-study lessons of the timetable, else self-study courses of the plan, that have a teacher. ``supervised`` allows one
teacher to watch.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import SELF_STUDY, Case
from constraints.kind import NEEDS_PLAN, Family, Kind, Parameters, Ruling
from constraints.verdict import Verdict
from instances.language import Message


class SelfStudyFreeParameters(Parameters):
    """``supervised``: one teacher may be there."""

    supervised: bool = False


class SelfStudyFree(Kind[SelfStudyFreeParameters]):
    """See the module."""

    name = "self_study_free"
    family = Family.PLAN
    parameters = SelfStudyFreeParameters

    def limit(self, params: SelfStudyFreeParameters) -> Message:
        if params.supervised:
            return Message("self-study with at most one teacher")
        return Message("self-study without a teacher")

    def judge(self, ruling: Ruling[SelfStudyFreeParameters], case: Case) -> Iterator[Verdict]:
        most = 1 if ruling.params.supervised else 0
        for school_class in case.classes(ruling.rule.grades):
            name = school_class.name
            if name in case.lessons_of:
                mine = [x for x in case.lessons_of[name] if x.subject == SELF_STUDY or x.kind == "self_study"]
                taught = [x for x in mine if len(x.teachers) > most]
                slots = tuple((name, x.day, x.period) for x in taught)
                sentence = Message("{n} self-study lessons have a teacher", n=len(taught))
                yield ruling.measured(not taught, name, sentence, str(len(taught)), slots=slots)
            elif case.planned(name) is not None:
                courses = [c for c in case.school.courses if name in c.classes and c.subject == SELF_STUDY and len(c.teachers) > most]
                sentence = Message("{n} self-study lessons have a teacher", n=len(courses))
                yield ruling.measured(not courses, name, sentence, str(len(courses)), origins=tuple(c.origin for c in courses))
            else:
                yield ruling.unknown(name, NEEDS_PLAN)
