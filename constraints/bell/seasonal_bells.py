"""A bell schedule for summer and one for winter (冬令、夏令).

Measured: for each grade, whether it has bells of both seasons.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, everyone, grade_names
from constraints.kind import NEEDS_BELLS, Family, Kind, Parameters, Ruling
from constraints.verdict import Verdict
from instances.language import Message


class SeasonalBellsParameters(Parameters):
    """No parameters."""


class SeasonalBells(Kind[SeasonalBellsParameters]):
    """See the module."""

    name = "seasonal_bells"
    family = Family.BELL
    parameters = SeasonalBellsParameters

    def limit(self, params: SeasonalBellsParameters) -> Message:
        return Message("bells for summer and for winter")

    def judge(self, ruling: Ruling[SeasonalBellsParameters], case: Case) -> Iterator[Verdict]:
        grades = case.grades(ruling.rule.grades)
        bells = [bell for bell in case.bells(grades) if not bell.assumed and not bell.partial]
        if not bells:
            yield ruling.unknown(everyone(), NEEDS_BELLS)
            return
        lacking = tuple(
            grade
            for grade in grades or (0,)
            if not {"summer", "winter"} <= {bell.season for bell in bells if not bell.grades or not grade or grade in bell.grades}
        )
        origins = tuple(bell.origin for bell in bells)
        if lacking:
            point = grade_names(tuple(g for g in lacking if g)) or everyone()
            yield ruling.broken(point, Message("bells of one season only"), "1", origins=origins)
        else:
            yield ruling.passed(everyone(), Message("bells for both seasons"), "2", origins=origins)
