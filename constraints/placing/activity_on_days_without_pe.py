"""On a day without PE there is an activity period (体育活动), as a rule in the afternoon.

Measured for each class and school day: no lesson of ``pe``, and no activity lesson in ``half`` either. An activity section of the bells
that has no period number is there for all classes and counts; one with a number counts where the timetable fills it.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import half_of
from constraints.case import ACTIVITY, PE, Case, day_name, school_days
from constraints.kind import NEEDS_TIMETABLE, Family, Half, Kind, Parameters, Placing, Ruling, Subject
from constraints.placing.activity_periods import keep_moving, merge
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message
from instances.lessons import PlacedLesson
from instances.school import School, SchoolClass


class ActivityOnDaysWithoutPEParameters(Parameters):
    """``pe``: the subjects that count as PE; ``half``: where the activity must stand; ``sections``: what counts as activity."""

    pe: tuple[Subject, ...] = (PE,)
    half: Half | None = Half.AFTERNOON
    sections: tuple[SectionKind, ...] = (SectionKind.ACTIVITY,)


class ActivityOnDaysWithoutPE(Kind[ActivityOnDaysWithoutPEParameters]):
    """See the module."""

    name = "activity_on_days_without_pe"
    family = Family.PLACING
    parameters = ActivityOnDaysWithoutPEParameters

    def limit(self, params: ActivityOnDaysWithoutPEParameters) -> Message:
        if params.half is Half.AFTERNOON:
            return Message("an afternoon activity period on every day without PE")
        return Message("an activity period on every day without PE")

    def judge(self, ruling: Ruling[ActivityOnDaysWithoutPEParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            lessons = case.lessons_of.get(school_class.name)
            bell = case.bell_of(school_class.grade)
            days = school_days(bell) if bell else tuple(sorted({x.day for x in lessons or ()}))
            if bell and not bell.assumed and all(self._in_bells(ruling.params, bell, day) for day in days):
                sentence = Message("the bells have an activity period every day")
                yield ruling.passed(school_class.name, sentence, origins=(bell.origin,))
            elif lessons is None:
                yield ruling.unknown(school_class.name, NEEDS_TIMETABLE)
            else:
                yield from self._judge_class(ruling, case, school_class, lessons, bell, days)

    def _judge_class(
        self,
        ruling: Ruling[ActivityOnDaysWithoutPEParameters],
        case: Case,
        school_class: SchoolClass,
        lessons: tuple[PlacedLesson, ...],
        bell: BellSchedule | None,
        days: tuple[int, ...],
    ) -> Iterator[Verdict]:
        params, bare = ruling.params, []
        for day in days:
            for week in (0, 1):
                today = [x for x in lessons if x.day == day and x.meets_in(week)]
                has_pe = any(x.subject in params.pe for x in today)
                active = any(
                    (x.kind == "activity" or x.subject == ACTIVITY)
                    and (params.half is None or case.in_morning(x, school_class.grade) is (params.half is Half.MORNING))
                    for x in today
                )
                by_bell = bell is not None and not bell.assumed and self._in_bells(params, bell, day)
                if not (has_pe or active or by_bell):
                    bare.append(day)
                    break
        for day in bare:
            slots = tuple((school_class.name, day, x.period) for x in lessons if x.day == day)
            sentence = Message("neither PE nor an activity period on {day}", day=day_name(day))
            yield ruling.broken(f"{school_class.name} {day_name(day)}", sentence, "0", slots=slots)
        if not bare:
            yield ruling.passed(school_class.name, Message("every day has PE or an activity period"))

    def _in_bells(self, params: ActivityOnDaysWithoutPEParameters, bell: BellSchedule, day: int) -> bool:
        return any(
            s.kind in params.sections and s.period is None and (params.half is None or half_of(bell, day, s) is params.half)
            for s in bell.days.get(day, ())
        )

    def place(self, ruling: Ruling[ActivityOnDaysWithoutPEParameters], school: School) -> Placing:
        case, found = Case(school), []
        for school_class in case.classes(ruling.rule.grades):
            bell = case.bell_of(school_class.grade)
            if bell is not None and not all(self._in_bells(ruling.params, bell, day) for day in school_days(bell)):
                found.append(keep_moving(ruling.rule, case, school_class, ruling.params.pe))
        return merge(found)
