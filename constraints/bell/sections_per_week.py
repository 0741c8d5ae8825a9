"""On how many days of the week there is a section of some kind: after-school service on five days, a club on Thursday.

Measured: days with at least ``minutes`` of sections of the kinds ``sections`` (lessons do not count towards anything else).
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import BellKind, Measure, bell_point, is_whole, of_kinds
from constraints.bell.section_times import KIND_NAMES
from constraints.case import Case, day_name
from constraints.kind import NEEDS_SECTIONS, Bounds, Ruling, Whole, listed
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message


class SectionsPerWeekParameters(Bounds):
    """Bounds on the number of days; ``minutes`` a day at least."""

    sections: tuple[SectionKind, ...]
    minutes: Whole = 0


class SectionsPerWeek(BellKind[SectionsPerWeekParameters]):
    """See the module."""

    name = "sections_per_week"
    parameters = SectionsPerWeekParameters

    def limit(self, params: SectionsPerWeekParameters) -> Message:
        what = listed(tuple(str(KIND_NAMES[kind]) for kind in params.sections))
        return Message("{what} on {bounds} days a week", what=what, bounds=params.text())

    def day(self, params: SectionsPerWeekParameters, bell: BellSchedule, day: int) -> Measure | None:
        found = of_kinds(bell, day, params.sections)
        return Measure(bool(found) and sum(s.minutes for s in found) >= params.minutes, Message("the day has none"))

    def judge_bell(self, ruling: Ruling[SectionsPerWeekParameters], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        point = bell_point(bell, case.grades(ruling.rule.grades))
        days = [d for d in sorted(bell.days) if (measure := self.day(ruling.params, bell, d)) and measure.holds]
        enough = ruling.params.at_most is None and ruling.params.exactly is None and ruling.params.holds(len(days))
        if not is_whole(bell) and not enough:
            yield ruling.unknown(point, NEEDS_SECTIONS, origins=(bell.origin,))
            return
        names = listed(tuple(day_name(d) for d in days))
        sentence = Message("on {days}", days=names) if days else Message("on no day")
        yield ruling.measured(ruling.params.holds(len(days)), point, sentence, str(len(days)), origins=(bell.origin,))
