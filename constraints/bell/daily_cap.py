"""At most so many hours a day of what the rule set counts as study, lessons or time at school.

Measured [minutes]: the sections of the kinds ``counts`` added up; or, with ``span``, the time from the start of the first section of the
day to the end of the last, less the sections of the kinds ``without`` (noon rest, say). A lesson section counts for a class only
where its timetable has a lesson; without a timetable every lesson section counts. The sources have eight phrases for this cap; each
rule names the sections that its phrase takes in.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import BellKind, Measure, bell_point, is_whole, of_kinds
from constraints.bell.section_times import KIND_NAMES
from constraints.case import Case, day_name, in_minutes
from constraints.kind import NEEDS_SECTIONS, Parameters, Ruling, Whole, listed
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message


class DailyCapParameters(Parameters):
    """``minutes`` a day at most. With ``span`` the whole day is measured, less ``without``."""

    minutes: Whole
    counts: tuple[SectionKind, ...] = (SectionKind.LESSON,)
    span: bool = False
    without: tuple[SectionKind, ...] = ()


class DailyCap(BellKind[DailyCapParameters]):
    """See the module."""

    name = "daily_cap"
    parameters = DailyCapParameters

    def limit(self, params: DailyCapParameters) -> Message:
        if params.span:
            without = listed(tuple(str(KIND_NAMES[kind]) for kind in params.without))
            return Message("≤ {n} minutes a day from coming to leaving, without {what}", n=params.minutes, what=without)
        return Message("≤ {n} minutes a day of {what}", n=params.minutes, what=listed(tuple(str(KIND_NAMES[k]) for k in params.counts)))

    def day(self, params: DailyCapParameters, bell: BellSchedule, day: int) -> Measure | None:
        return self._measure(params, bell, day, None)

    def _measure(self, params: DailyCapParameters, bell: BellSchedule, day: int, taken: frozenset[int] | None) -> Measure:
        sections = bell.days[day]
        if params.span:
            end = [s for s in sections if s.kind is SectionKind.DISMISSAL] or list(sections)
            total = max(s.start if s.kind is SectionKind.DISMISSAL else s.end for s in end) - min(s.start for s in sections)
            total -= sum(s.minutes for s in of_kinds(bell, day, params.without))
            if SectionKind.NOON_REST in params.without and not of_kinds(bell, day, params.without):
                total -= _noon_gap(bell, day)
        else:
            counted = [s for s in sections if s.kind in params.counts]
            total = sum(s.minutes for s in counted if taken is None or s.kind is not SectionKind.LESSON or s.period in taken)
        holds = total <= params.minutes
        if bell.partial and params.span and not (_has_ends(bell, day) and of_kinds(bell, day, params.without)):
            return Measure(None, NEEDS_SECTIONS)
        known = _has_ends(bell, day) if params.span else is_whole(bell) or (set(params.counts) == {SectionKind.LESSON} and not bell.partial)
        if holds and not known:
            return Measure(None, NEEDS_SECTIONS)
        return Measure(holds, Message("{n} minutes a day are counted", n=total), in_minutes(total))

    def judge_bell(self, ruling: Ruling[DailyCapParameters], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        verdicts = list(super().judge_bell(ruling, bell, case))
        params = ruling.params
        classes = [c for c in case.classes(ruling.rule.grades) if case.bell_of(c.grade) is bell and c.name in case.lessons_of]
        if params.span or not classes or all(v.status.value in ("pass", "not judged") for v in verdicts):
            yield from verdicts
            return
        over = False
        for school_class in classes:
            for day in self.days(params, bell):
                mine = [x for x in case.lessons_of[school_class.name] if x.day == day]
                measure = self._measure(params, bell, day, frozenset(x.period for x in mine))
                if measure.holds is False:
                    over = True
                    yield ruling.broken(
                        f"{school_class.name} {day_name(day)}",
                        measure.sentence,
                        measure.value,
                        origins=(bell.origin,),
                        slots=tuple((school_class.name, day, x.period) for x in mine),
                    )
        if not over:
            sentence = Message("the bells have room for more, but no class has so many lessons")
            yield ruling.passed(bell_point(bell, case.grades(ruling.rule.grades)), sentence, origins=(bell.origin,))


def _has_ends(bell: BellSchedule, day: int) -> bool:
    """Say whether the bells show when pupils come and leave: by their sections, or because they list the whole day."""
    kinds = {s.kind for s in bell.days[day]}
    return {SectionKind.ARRIVAL, SectionKind.DISMISSAL} <= kinds or is_whole(bell)


def _noon_gap(bell: BellSchedule, day: int) -> int:
    """Return the minutes between the last lesson of the morning and the first of the afternoon, where no section fills them."""
    noon = bell.noon(day)
    before = [s.end for s in bell.lessons(day) if s.start < noon]
    after = [s.start for s in bell.lessons(day) if s.start >= noon]
    return min(after) - max(before) if before and after else 0
