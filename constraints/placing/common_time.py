"""Teachers who meet: a time in the week at which all of a group are free of lessons (教研, 集体备课, 例会).

Measured: lesson periods of the week, by the clock of the bells, at which no teacher of the group has a lesson in the timetable.
``whom`` is the whole ``staff``, the teachers of each ``subject``, or those of each ``grade``; groups of one teacher are left out.
``days`` restricts the week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

from constraints.case import ACTIVITY, SELF_STUDY, Case, day_name, everyone, school_days
from constraints.kind import NEEDS_TIMETABLE, Day, Family, Kind, Parameters, Placing, Ruling, Subject, Whole, listed
from constraints.rule import Level
from constraints.verdict import Verdict
from instances.language import Message
from instances.school import Requirement, RequirementKind, School, Selector, Slot


class CommonTimeParameters(Parameters):
    """``periods`` a week in common; ``subjects``: empty for all."""

    whom: Literal["staff", "subject", "grade"]
    periods: Whole = 1
    days: tuple[Day, ...] = ()
    subjects: tuple[Subject, ...] = ()


class CommonTime(Kind[CommonTimeParameters]):
    """See the module."""

    name = "common_time"
    family = Family.PLACING
    parameters = CommonTimeParameters

    def limit(self, params: CommonTimeParameters) -> Message:
        who = {
            "staff": Message("the whole staff"),
            "subject": Message("the teachers of each subject"),
            "grade": Message("the teachers of each grade"),
        }[params.whom]
        if params.days:
            days = listed(tuple(day_name(day) for day in params.days))
            return Message("≥ {n} common free periods for {who} on {days}", n=params.periods, who=who, days=days)
        return Message("≥ {n} common free periods a week for {who}", n=params.periods, who=who)

    def _groups(self, params: CommonTimeParameters, school: School, grades: tuple[int, ...]) -> dict[str, tuple[str, ...]]:
        grade_of = {c.name: c.grade for c in school.classes if not grades or c.grade in grades}
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for course in school.courses:
            for name in course.classes:
                if name in grade_of and course.subject not in (ACTIVITY, SELF_STUDY):
                    if params.subjects and course.subject not in params.subjects:
                        continue
                    grade = str(Message("grade {grade}", grade=grade_of[name]))
                    key = {"staff": everyone(), "subject": course.subject, "grade": grade}[params.whom]
                    found[key].update(dict.fromkeys(course.teachers))
        return {key: tuple(teachers) for key, teachers in found.items() if len(teachers) > 1}

    def judge(self, ruling: Ruling[CommonTimeParameters], case: Case) -> Iterator[Verdict]:
        groups = self._groups(ruling.params, case.school, ruling.rule.grades)
        if case.timetable is None or not groups:
            yield ruling.unknown(everyone(), NEEDS_TIMETABLE)
            return
        slots = self._slots(ruling.params, case)
        for name, teachers in groups.items():
            busy = {(x.day, x.period) for t in teachers for x in case.timetable.by_teacher.get(t, ()) if x.kind == "lesson"}
            free = [slot for slot in slots if (slot.day, slot.period) not in busy]
            sentence = Message("{n} common free periods", n=len(free))
            yield ruling.measured(len(free) >= ruling.params.periods, name, sentence, str(len(free)))

    def _slots(self, params: CommonTimeParameters, case: Case) -> tuple[Slot, ...]:
        """Return the periods of the week, those of the school's longest day where bells differ."""
        found: dict[Slot, None] = {}
        for bell in case.school.bells:
            for day in school_days(bell):
                if not params.days or day in params.days:
                    found.update({Slot(day, s.period): None for s in bell.periods(day) if s.period is not None})
        return tuple(sorted(found))

    def place(self, ruling: Ruling[CommonTimeParameters], school: School) -> Placing:
        slots = self._slots(ruling.params, Case(school))
        requirements = tuple(
            Requirement(
                RequirementKind.COMMON_FREE,
                Selector(teachers=teachers),
                slots,
                ruling.params.periods,
                required=ruling.rule.level is Level.MUST,
                text=ruling.rule.label(),
                rule=ruling.rule.id,
            )
            for teachers in self._groups(ruling.params, school, ruling.rule.grades).values()
        )
        return Placing(requirements=requirements if slots else ())
