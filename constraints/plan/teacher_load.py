"""Lessons of a teacher a week: not more than the plan gives, and not more than a limit.

Measured: lessons a week of each teacher in the timetable, a joint lesson once. Without ``at_most`` the course plan is the limit
(不随意增加教师课时).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from constraints.case import Case, everyone, number
from constraints.kind import NEEDS_PLAN, NEEDS_TIMETABLE, Amount, Family, Kind, Parameters, Ruling
from constraints.verdict import Verdict
from instances.language import Message


class TeacherLoadParameters(Parameters):
    """``at_most`` lessons a week; None: those of the plan."""

    at_most: Amount | None = None


class TeacherLoad(Kind[TeacherLoadParameters]):
    """See the module."""

    name = "teacher_load"
    family = Family.PLAN
    parameters = TeacherLoadParameters

    def limit(self, params: TeacherLoadParameters) -> Message:
        if params.at_most is None:
            return Message("lessons of a teacher ≤ those of the plan")
        return Message("≤ {n} lessons a week for a teacher", n=number(params.at_most))

    def judge(self, ruling: Ruling[TeacherLoadParameters], case: Case) -> Iterator[Verdict]:
        planned: dict[str, Fraction] = defaultdict(Fraction)
        for course in case.school.courses:
            for teacher in course.teachers:
                planned[teacher] += course.periods
        if not planned and ruling.params.at_most is None:
            yield ruling.unknown(everyone(), NEEDS_PLAN)
            return
        if case.timetable is None and ruling.params.at_most is None:
            yield ruling.unknown(everyone(), NEEDS_TIMETABLE)
            return
        loads = dict(planned)
        if case.timetable is not None:
            loads = {
                teacher: Fraction(len({(x.day, x.period, w) for x in lessons for w in (0, 1) if x.kind == "lesson" and x.meets_in(w)}), 2)
                for teacher, lessons in case.timetable.by_teacher.items()
            }
        over = False
        for teacher, load in loads.items():
            limit = ruling.params.at_most if ruling.params.at_most is not None else planned.get(teacher, Fraction(0))
            if load > limit:
                over = True
                slots = tuple((teacher, x.day, x.period) for x in case.timetable.by_teacher[teacher]) if case.timetable else ()
                sentence = Message("{teacher} has {n} lessons a week, limit {limit}", teacher=teacher, n=number(load), limit=number(limit))
                yield ruling.broken(teacher, sentence, number(load), slots=slots)
        if not over and loads:
            yield ruling.passed(everyone(), Message("no teacher has more"), number(max(loads.values())))
