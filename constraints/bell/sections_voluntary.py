"""A section that pupils may choose to attend but are not made to: evening self-study of day pupils.

Measured: whether the bells have a section of the kinds ``sections`` within ``window``. Where they have none the rule holds; where
they have, the records must state ``item`` as yes.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import BellKind, Measure, bell_point, is_whole
from constraints.bell.section_times import KIND_NAMES
from constraints.bell.sections_per_day import Window, within
from constraints.case import Case
from constraints.kind import NEEDS_SECTIONS, Parameters, Ruling, listed
from constraints.records.items import BY_ID, FactId
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message


class SectionsVoluntaryParameters(Parameters):
    """``item``: the item of the records that says that the sections are voluntary."""

    sections: tuple[SectionKind, ...]
    window: Window | None = None
    item: FactId


class SectionsVoluntary(BellKind[SectionsVoluntaryParameters]):
    """See the module."""

    name = "sections_voluntary"
    parameters = SectionsVoluntaryParameters

    def limit(self, params: SectionsVoluntaryParameters) -> Message:
        return Message("voluntary: {what}", what=listed(tuple(str(KIND_NAMES[kind]) for kind in params.sections)))

    def day(self, params: SectionsVoluntaryParameters, bell: BellSchedule, day: int) -> Measure | None:
        found = [
            s
            for s in bell.days.get(day, ())
            if s.kind in params.sections and (params.window is None or within(bell, day, s, params.window))
        ]
        return Measure(not found, Message("the day has none"), str(len(found)))

    def judge_bell(self, ruling: Ruling[SectionsVoluntaryParameters], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        point, item = bell_point(bell, case.grades(ruling.rule.grades)), BY_ID[ruling.params.item]
        measures = [self.day(ruling.params, bell, day) for day in bell.days]
        if all(measure is None or measure.holds for measure in measures):
            if is_whole(bell):
                yield ruling.passed(point, Message("the bells have none"), "0", origins=(bell.origin,))
            else:
                yield ruling.unknown(point, NEEDS_SECTIONS, origins=(bell.origin,))
            return
        stated = list(case.records.of(item.id)) if case.records else []
        if not stated:
            yield ruling.unknown(point, Message("“{item}” in the sheet of records", item=item.title), origins=(bell.origin,))
        for record in stated:
            sentence = Message("stated: yes") if record.value else Message("stated: no")
            yield ruling.measured(bool(record.value), point, sentence, str(sentence), origins=(record.origin,))
