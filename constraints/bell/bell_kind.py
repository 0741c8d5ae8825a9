"""What all kinds that judge bell schedules share: they measure one day of one bell schedule, and say it once for equal days."""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from constraints.case import Case, day_name, everyone, grade_names, school_days
from constraints.kind import NEEDS_BELLS, Family, Half, Kind, P, Ruling, listed
from constraints.verdict import Verdict
from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message
from instances.origin import NOWHERE, Origin


@dataclass(frozen=True)
class Measure:
    """What one day of a bell schedule shows. ``holds`` None: it cannot be told, and ``sentence`` says what it needs."""

    holds: bool | None
    sentence: Message
    value: str = ""
    origins: tuple[Origin, ...] = ()


class BellKind(Kind[P]):
    """Judges each bell schedule that the rule's grades follow; bells that are only assumed are not judged."""

    family = Family.BELL

    def days(self, params: P, bell: BellSchedule) -> tuple[int, ...]:
        """Return the days to judge: by default those with lessons."""
        return school_days(bell) or tuple(sorted(bell.days))

    @abstractmethod
    def day(self, params: P, bell: BellSchedule, day: int) -> Measure | None:
        """Return what a day shows, None where the rule has nothing to say of it."""

    def judge(self, ruling: Ruling[P], case: Case) -> Iterator[Verdict]:
        grades = case.grades(ruling.rule.grades)
        bells = list(case.bells(grades))
        if not bells:
            yield ruling.unknown(grade_names(grades) or everyone(), NEEDS_BELLS)
        for bell in bells:
            if bell.assumed:
                yield ruling.unknown(bell_point(bell, grades), NEEDS_BELLS, origins=(bell.origin,))
            else:
                yield from self.judge_bell(ruling, bell, case)

    def judge_bell(self, ruling: Ruling[P], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        """Yield one verdict for each different thing that the days show."""
        days = self.days(ruling.params, bell)
        grades = case.grades(ruling.rule.grades)
        shown: dict[Measure, list[int]] = {}
        for day in days:
            measure = self.day(ruling.params, bell, day)
            if measure is not None:
                same = next(
                    (m for m in shown if (m.holds, m.sentence, m.value) == (measure.holds, measure.sentence, measure.value)), measure
                )
                shown.setdefault(same, []).append(day)
        if not shown:
            yield ruling.beside_the_point(bell_point(bell, grades), Message("these bells have nothing of the kind"))
        for measure, on in shown.items():
            point = bell_point(bell, grades, () if len(on) == len(days) else tuple(on))
            origins = tuple(o for o in measure.origins if o != NOWHERE) or (bell.origin,)
            if measure.holds is None:
                yield ruling.unknown(point, measure.sentence, origins=origins)
            else:
                yield ruling.measured(measure.holds, point, measure.sentence, measure.value, origins=origins)


def bell_point(bell: BellSchedule, grades: tuple[int, ...], days: tuple[int, ...] = ()) -> str:
    """Return the name of a bell schedule with its season, the grades judged and, where it matters, the days."""
    judged = tuple(g for g in bell.grades if g in grades) if bell.grades and grades else bell.grades or grades
    season = {"summer": str(Message("summer")), "winter": str(Message("winter"))}.get(bell.season, "")
    parts = [bell.name, season, str(Message("grades {grades}", grades=grade_names(judged))) if judged else ""]
    parts.append(listed(tuple(day_name(day) for day in days)))
    return " · ".join(part for part in parts if part)


_EDGES = {SectionKind.LESSON, SectionKind.LUNCH, SectionKind.NOON_REST, SectionKind.ARRIVAL, SectionKind.DISMISSAL}


def is_whole(bell: BellSchedule) -> bool:
    """Say whether what the bells do not list is not there. A bare list of lessons cannot show that there is no self-study, say;
    nor can bells of which only some times are known.
    """
    return not bell.partial and any(s.kind not in _EDGES and s.period is None for sections in bell.days.values() for s in sections)


def half_of(bell: BellSchedule, day: int, section: Section) -> Half:
    """Return the half of the day in which a section begins; what ends at noon is still the morning."""
    noon = bell.noon(day)
    return Half.MORNING if section.start < noon or section.end <= noon else Half.AFTERNOON


def of_kinds(bell: BellSchedule, day: int, kinds: tuple[SectionKind, ...], half: Half | None = None) -> tuple[Section, ...]:
    """Return the sections of a day that are of some kinds, in one half or in both."""
    return tuple(s for s in bell.days.get(day, ()) if s.kind in kinds and (half is None or half_of(bell, day, s) is half))


def between_lessons(bell: BellSchedule, day: int) -> list[tuple[Section, Section]]:
    """Return the pairs of lessons that follow each other within one half of the day."""
    lessons = bell.lessons(day)
    return [(a, b) for a, b in itertools.pairwise(lessons) if half_of(bell, day, a) is half_of(bell, day, b)]


def places(sections: tuple[Section, ...]) -> tuple[Origin, ...]:
    """Return the cells of sections."""
    return tuple(s.origin for s in sections if s.origin != NOWHERE)
