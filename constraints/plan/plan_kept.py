"""The timetable gives each class the lessons of its course plan, no more and no less (开足课时，不随意增减).

Measured for each class: lessons a week of each subject (or of ``subjects`` only; or, with ``whole``, of all together) in the timetable
minus those in the plan. ``direction`` says what breaks the rule: fewer (``at_least``), more (``at_most``) or either (``equal``).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from constraints.case import ACTIVITY, SELF_STUDY, Case, Hours, number
from constraints.kind import NEEDS_PLAN, NEEDS_TIMETABLE, Family, Kind, Parameters, Ruling, Subject, listed
from constraints.verdict import Verdict
from instances.language import Message


class PlanKeptParameters(Parameters):
    """``subjects``: empty for all; ``whole``: only the total counts."""

    direction: Literal["equal", "at_least", "at_most"] = "equal"
    subjects: tuple[Subject, ...] = ()
    whole: bool = False


class PlanKept(Kind[PlanKeptParameters]):
    """See the module."""

    name = "plan_kept"
    family = Family.PLAN
    parameters = PlanKeptParameters

    def limit(self, params: PlanKeptParameters) -> Message:
        sign = {"equal": "=", "at_least": "≥", "at_most": "≤"}[params.direction]
        if params.whole:
            return Message("lessons a week {sign} those of the plan", sign=sign)
        if params.subjects:
            return Message("lessons of {subjects} {sign} those of the plan", sign=sign, subjects=listed(params.subjects))
        return Message("lessons of every subject {sign} those of the plan", sign=sign)

    def judge(self, ruling: Ruling[PlanKeptParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            planned, placed = case.planned(school_class.name), case.placed(school_class.name)
            if planned is None:
                yield ruling.unknown(school_class.name, NEEDS_PLAN)
            elif placed is None:
                yield ruling.unknown(school_class.name, NEEDS_TIMETABLE)
            else:
                yield self._compare(ruling, school_class.name, planned, placed)

    def _compare(self, ruling: Ruling[PlanKeptParameters], name: str, planned: Hours, placed: Hours) -> Verdict:
        params = ruling.params
        if params.whole:
            wrong = self._wrong(params, placed.total - planned.total)
            sentence = Message("{n} lessons a week, {wanted} in the plan", n=number(placed.total), wanted=number(planned.total))
            return ruling.measured(not wrong, name, sentence, number(placed.total))
        subjects = params.subjects or tuple(s for s in dict.fromkeys((*planned.of, *placed.of)) if s not in (ACTIVITY, SELF_STUDY))
        wrong_ones = tuple(s for s in subjects if self._wrong(params, placed.of.get(s, 0) - planned.of.get(s, 0)))
        if not wrong_ones:
            return ruling.passed(name, Message("as in the plan"))
        differences = tuple(f"{s} {number(placed.of.get(s, 0))}/{number(planned.of.get(s, 0))}" for s in wrong_ones)
        sentence = Message("not as in the plan (timetable/plan): {differences}", differences=listed(differences))
        slots = tuple(x for s in wrong_ones for x in placed.slots.get(s, ()))
        origins = tuple(o for s in wrong_ones for o in planned.origins.get(s, ()))
        return ruling.broken(name, sentence, listed(differences), slots=slots, origins=origins)

    def _wrong(self, params: PlanKeptParameters, difference: Fraction | int) -> bool:
        return (difference < 0 and params.direction != "at_most") or (difference > 0 and params.direction != "at_least")
