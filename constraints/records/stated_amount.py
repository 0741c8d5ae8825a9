"""A number that the school states of itself: homework minutes, exams a term, hours of sleep.

Measured: every statement on ``item`` (see ``constraints.records.items``, with units) against the bounds, for each grade of the rule that
the school has. A grade of which nothing is stated is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, everyone, grade_names, number
from constraints.kind import Bounds, Family, Kind, Ruling
from constraints.records.items import BY_ID, AmountId
from constraints.verdict import Verdict
from instances.language import Message


class StatedAmountParameters(Bounds):
    """``item``: an id of the list of items."""

    item: AmountId


class StatedAmount(Kind[StatedAmountParameters]):
    """See the module."""

    name = "stated_amount"
    family = Family.RECORDS
    parameters = StatedAmountParameters

    def limit(self, params: StatedAmountParameters) -> Message:
        item = BY_ID[params.item]
        return Message("{item}: {bounds} {unit}", item=item.title, bounds=params.text(), unit=item.unit or "")

    def judge(self, ruling: Ruling[StatedAmountParameters], case: Case) -> Iterator[Verdict]:
        params, item = ruling.params, BY_ID[ruling.params.item]
        needs = Message("“{item}” in the sheet of records", item=item.title)
        silent = []
        for grade in sorted({c.grade for c in case.classes(ruling.rule.grades)}):
            records = list(case.records.of(params.item, grade)) if case.records else []
            if not records:
                silent.append(grade)
            for record in records:
                value = float(record.value)
                sentence = Message("{item}: {n} {unit} stated", item=item.title, n=number(value), unit=item.unit or "")
                point = str(Message("grade {grade}", grade=grade))
                yield ruling.measured(params.holds(value), point, sentence, number(value), origins=(record.origin,))
        if silent:
            point = str(Message("grades {grades}", grades=grade_names(tuple(silent)))) if ruling.rule.grades else everyone()
            yield ruling.unknown(point, needs)
