"""Share of a subject in the lessons of the nine years of compulsory education.

Measured [%]: lessons of ``subjects`` over grades 1 to 9, divided by all lessons; the average class of each grade counts, with 35
teaching weeks, 33 in grade 9. A school that lacks one of the nine grades cannot be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from constraints.case import Case, everyone, number
from constraints.kind import Bounds, Family, Kind, Ruling, Subject, listed
from constraints.verdict import Verdict
from instances.language import Message


class SubjectShareParameters(Bounds):
    """Bounds in percent; ``subjects`` are counted together."""

    subjects: tuple[Subject, ...]


class SubjectShare(Kind[SubjectShareParameters]):
    """See the module."""

    name = "subject_share"
    family = Family.PLAN
    parameters = SubjectShareParameters

    def limit(self, params: SubjectShareParameters) -> Message:
        return Message("{subjects} {bounds} % of nine years", subjects=listed(params.subjects), bounds=params.text())

    def judge(self, ruling: Ruling[SubjectShareParameters], case: Case) -> Iterator[Verdict]:
        part = whole = Fraction(0)
        for grade in range(1, 10):
            hours = [h for c in case.classes((grade,)) if (h := case.hours(c.name)) is not None]
            if not hours:
                yield ruling.unknown(everyone(), Message("the plans of all grades 1 to 9"))
                return
            weeks = 33 if grade == 9 else 35
            part += weeks * sum((h.sum(ruling.params.subjects) for h in hours), Fraction(0)) / len(hours)
            whole += weeks * sum((h.total for h in hours), Fraction(0)) / len(hours)
        share = round(float(part / whole) * 100, 2) if whole else 0.0
        sentence = Message("{subjects} take {n} % of the lessons of nine years", subjects=listed(ruling.params.subjects), n=number(share))
        yield ruling.measured(ruling.params.holds(share), everyone(), sentence, f"{number(share)} %")
