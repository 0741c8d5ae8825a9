"""One bell schedule for the whole school: no class or grade comes or leaves at times of its own.

Measured: for each day the start of the first section and the end of the last, over the bell schedules (of one season) of the rule's
grades; all must be equal. With ``edges`` only coming, or only leaving, is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from constraints.case import Case, everyone, school_days
from constraints.kind import NEEDS_BELLS, Family, Kind, Parameters, Ruling, times
from constraints.verdict import Verdict
from instances.language import Message


class SameBellsParameters(Parameters):
    """``edges``: what is compared."""

    edges: tuple[Literal["coming", "leaving"], ...] = ("coming", "leaving")


class SameBells(Kind[SameBellsParameters]):
    """See the module."""

    name = "same_bells"
    family = Family.BELL
    parameters = SameBellsParameters

    def limit(self, params: SameBellsParameters) -> Message:
        return Message("the same times of coming and leaving for all")

    def judge(self, ruling: Ruling[SameBellsParameters], case: Case) -> Iterator[Verdict]:
        bells = [bell for bell in case.bells(case.grades(ruling.rule.grades)) if not bell.assumed and not bell.partial]
        if not bells:
            yield ruling.unknown(everyone(), NEEDS_BELLS)
            return
        for season in dict.fromkeys(bell.season for bell in bells):
            edges = set()
            for bell in bells:
                if bell.season == season and school_days(bell):
                    day = school_days(bell)[0]
                    sections = bell.days[day]
                    coming = min(s.start for s in sections) if "coming" in ruling.params.edges else 0
                    leaving = max(s.end for s in sections) if "leaving" in ruling.params.edges else 0
                    edges.add((coming, leaving))
            shown = "; ".join(f"{times(a)}-{times(b)}" for a, b in sorted(edges))
            sentence = Message("coming and leaving: {shown}", shown=shown)
            origins = tuple(bell.origin for bell in bells if bell.season == season)
            yield ruling.measured(len(edges) <= 1, everyone(), sentence, shown, origins=origins)
