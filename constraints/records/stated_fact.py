"""Something that the school states as done or not done: the timetable is posted, lessons do not overrun.

Measured: every statement on ``item`` must be yes, or no where ``expected`` is false. What is not stated is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, everyone, grade_names
from constraints.kind import Family, Kind, Parameters, Ruling
from constraints.records.items import BY_ID, FactId
from constraints.verdict import Verdict
from instances.language import Message


class StatedFactParameters(Parameters):
    """``item``: an id of the list of items; ``expected``: what must be stated."""

    item: FactId
    expected: bool = True


class StatedFact(Kind[StatedFactParameters]):
    """See the module."""

    name = "stated_fact"
    family = Family.RECORDS
    parameters = StatedFactParameters

    def limit(self, params: StatedFactParameters) -> Message:
        item = BY_ID[params.item]
        return Message("{item}: yes", item=item.title) if params.expected else Message("{item}: no", item=item.title)

    def judge(self, ruling: Ruling[StatedFactParameters], case: Case) -> Iterator[Verdict]:
        item = BY_ID[ruling.params.item]
        records = [r for r in (case.records.entries if case.records else ()) if r.item == item.id]
        if ruling.rule.grades:
            records = [r for r in records if not r.grades or set(r.grades) & set(ruling.rule.grades)]
        for record in records:
            point = str(Message("grades {grades}", grades=grade_names(record.grades))) if record.grades else everyone()
            sentence = Message("stated: yes") if record.value else Message("stated: no")
            yield ruling.measured(bool(record.value) is ruling.params.expected, point, sentence, str(sentence), origins=(record.origin,))
        if not records:
            yield ruling.unknown(everyone(), Message("“{item}” in the sheet of records", item=item.title))
