"""One bell schedule for all classes of a stage: no class or grade comes or leaves at times of its own.

Measured: on the first school day the start of the first section and the end of the last, over the bell schedules of one season
that the grades of one stage follow; all must be equal. With ``edges`` only coming, or only leaving, is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from constraints.case import Case, everyone, school_days
from constraints.kind import NEEDS_BELLS, Family, Kind, Parameters, Ruling, times
from constraints.verdict import Verdict
from instances.bells import BellSchedule
from instances.language import Message
from instances.school import Stage, stage_of


class SameBellsParameters(Parameters):
    """``edges``: what is compared."""

    edges: tuple[Literal["coming", "leaving"], ...] = ("coming", "leaving")


class SameBells(Kind[SameBellsParameters]):
    """See the module."""

    name = "same_bells"
    family = Family.BELL
    parameters = SameBellsParameters

    def limit(self, params: SameBellsParameters) -> Message:
        return Message("the same times of coming and leaving for all classes of a stage")

    def judge(self, ruling: Ruling[SameBellsParameters], case: Case) -> Iterator[Verdict]:
        bells = [bell for bell in case.bells(case.grades(ruling.rule.grades)) if not bell.assumed and not bell.partial]
        if not bells:
            yield ruling.unknown(everyone(), NEEDS_BELLS)
            return
        for stage in Stage:
            grades = tuple(g for g in case.grades(ruling.rule.grades) or range(1, 13) if stage_of(g) is stage)
            mine = [bell for bell in bells if grades and (not bell.grades or set(bell.grades) & set(grades))]
            for season in dict.fromkeys(bell.season for bell in mine):
                yield self._compare(ruling, stage, [bell for bell in mine if bell.season == season])

    def _compare(self, ruling: Ruling[SameBellsParameters], stage: Stage, bells: list[BellSchedule]) -> Verdict:
        edges = set()
        for bell in bells:
            if school_days(bell):
                sections = bell.days[school_days(bell)[0]]
                coming = min(s.start for s in sections) if "coming" in ruling.params.edges else 0
                leaving = max(s.end for s in sections) if "leaving" in ruling.params.edges else 0
                edges.add((coming, leaving))
        shown = "; ".join(f"{times(a)}-{times(b)}" for a, b in sorted(edges))
        sentence = Message("coming and leaving: {shown}", shown=shown)
        return ruling.measured(len(edges) <= 1, str(STAGES[stage]), sentence, shown, origins=tuple(bell.origin for bell in bells))


STAGES = {Stage.PRIMARY: Message("primary"), Stage.JUNIOR: Message("junior"), Stage.SENIOR: Message("senior")}
