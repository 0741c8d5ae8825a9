"""Time that may not be used for teaching: noon rest, meals, breaks, activity, after-school service, evening.

Measured: sections of the kinds ``sections`` that a teaching section of the bells (lesson, self-study) overlaps, and lessons of the
timetable that stand in them or overlap them by the clock. Activity periods and events of the timetable do not count as teaching;
nor does self-study, unless ``self_study`` says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import BellKind, Measure, bell_point, is_whole, of_kinds
from constraints.bell.section_times import KIND_NAMES
from constraints.case import ACTIVITY, SELF_STUDY, Case, day_name
from constraints.kind import NEEDS_LESSONS, NEEDS_SECTIONS, Parameters, Ruling, listed, times
from constraints.verdict import Verdict
from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message
from instances.lessons import PlacedLesson


class NothingTaughtInParameters(Parameters):
    """``sections``: kinds that stay free; ``self_study``: self-study does not belong there either."""

    sections: tuple[SectionKind, ...]
    self_study: bool = False


class NothingTaughtIn(BellKind[NothingTaughtInParameters]):
    """See the module."""

    name = "nothing_taught_in"
    parameters = NothingTaughtInParameters

    def limit(self, params: NothingTaughtInParameters) -> Message:
        return Message("no teaching in: {what}", what=listed(tuple(str(KIND_NAMES[kind]) for kind in params.sections)))

    def day(self, params: NothingTaughtInParameters, bell: BellSchedule, day: int) -> Measure | None:
        free = of_kinds(bell, day, params.sections)
        if not free and not is_whole(bell):
            return Measure(None, NEEDS_SECTIONS)
        teaching = {SectionKind.LESSON, *((SectionKind.SELF_STUDY,) if params.self_study else ())} - set(params.sections)
        clashes = [s for s in of_kinds(bell, day, tuple(teaching)) if any(s.start < f.end and f.start < s.end for f in free)]
        if clashes:
            what = listed(tuple(f"{s.name or KIND_NAMES[s.kind]} {times(s.start)}" for s in clashes))
            return Measure(False, Message("stands in it: {what}", what=what), str(len(clashes)), tuple(s.origin for s in clashes))
        if bell.partial:
            return Measure(None, NEEDS_LESSONS)
        return Measure(True, Message("nothing stands in it"), "0")

    def judge_bell(self, ruling: Ruling[NothingTaughtInParameters], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        found = [v for v in super().judge_bell(ruling, bell, case) if v.status.value != "pass"]
        for school_class in case.classes(ruling.rule.grades):
            if case.bell_of(school_class.grade) is not bell:
                continue
            for day in sorted(bell.days):
                wrong = [
                    x for x in case.lessons_of.get(school_class.name, ()) if x.day == day and self._teaches(ruling.params, x) and
                    self._inside(x, of_kinds(bell, day, ruling.params.sections))
                ]  # fmt: skip
                if wrong:
                    slots = tuple((school_class.name, day, x.period) for x in wrong)
                    what = listed(tuple(x.label or x.subject for x in wrong))
                    sentence = Message("stands in it: {what}", what=what)
                    found.append(ruling.broken(f"{school_class.name} {day_name(day)}", sentence, str(len(wrong)), slots=slots))
        yield from found
        if not found:
            point = bell_point(bell, case.grades(ruling.rule.grades))
            yield ruling.passed(point, Message("nothing stands in it"), "0", origins=(bell.origin,))

    def _teaches(self, params: NothingTaughtInParameters, lesson: PlacedLesson) -> bool:
        if lesson.kind == "self_study" or lesson.subject == SELF_STUDY:
            return params.self_study
        return lesson.kind == "lesson" and lesson.subject != ACTIVITY

    def _inside(self, lesson: PlacedLesson, free: tuple[Section, ...]) -> bool:
        if lesson.start is not None and lesson.end is not None:
            return any(lesson.start < s.end and s.start < lesson.end for s in free)
        return any(s.period == lesson.period for s in free if s.period is not None)
