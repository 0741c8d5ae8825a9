"""After-school service lasts until people leave work (与当地正常下班时间相衔接).

Measured: end of the last after-school section of each day against the time that the records state as ``local_work_ends``, or
``usual`` where the rule names one and the records are silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import BellKind, Measure, bell_point, is_whole, of_kinds
from constraints.case import Case
from constraints.kind import NEEDS_SECTIONS, Clock, Parameters, Ruling, times
from constraints.records.items import BY_ID
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message


class ServiceUntilWorkEndsParameters(Parameters):
    """``usual``: the end of work to assume."""

    usual: Clock | None = None


class ServiceUntilWorkEnds(BellKind[ServiceUntilWorkEndsParameters]):
    """See the module."""

    name = "service_until_work_ends"
    parameters = ServiceUntilWorkEndsParameters

    def limit(self, params: ServiceUntilWorkEndsParameters) -> Message:
        return Message("after-school service until work ends")

    def day(self, params: ServiceUntilWorkEndsParameters, bell: BellSchedule, day: int) -> Measure | None:
        found = of_kinds(bell, day, (SectionKind.AFTER_SCHOOL,))
        end = max((s.end for s in found), default=0)
        if not found and not is_whole(bell):
            return Measure(None, NEEDS_SECTIONS)
        if not found:
            return Measure(False, Message("the day has none"))
        holds = end >= (params.usual or 0)
        return Measure(holds, Message("after-school service ends at {time}", time=times(end)), times(end), (found[-1].origin,))

    def judge_bell(self, ruling: Ruling[ServiceUntilWorkEndsParameters], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        stated = [int(r.value) for r in (case.records.of("local_work_ends") if case.records else ())]
        usual = stated[0] if stated else ruling.params.usual
        if usual is None:
            item = BY_ID["local_work_ends"].title
            needs = Message("“{item}” in the sheet of records", item=item)
            yield ruling.unknown(bell_point(bell, case.grades(ruling.rule.grades)), needs, origins=(bell.origin,))
            return
        params = ruling.params.model_copy(update={"usual": usual})
        yield from super().judge_bell(Ruling(ruling.rule, params, ruling.limit), bell, case)
