"""At least so many minutes of physical activity for every class on every school day.

Measured [minutes a day]: sections of the bells of the kinds ``sections`` (those with a period number count where the timetable
fills them), plus the lessons of ``lessons`` and the activity periods that the timetable has that day. The rule set says what
counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import is_whole
from constraints.bell.section_times import KIND_NAMES
from constraints.case import ACTIVITY, PE, Case, day_name, in_minutes, school_days
from constraints.kind import NEEDS_BELLS, NEEDS_TIMETABLE, Family, Kind, Parameters, Placing, Ruling, Subject, Whole, listed
from constraints.placing.activity_periods import keep_moving, merge
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message
from instances.school import School, SchoolClass


class ActivityMinutesParameters(Parameters):
    """``at_least`` minutes; ``sections`` of the bells and ``lessons`` (subjects) that count."""

    at_least: Whole
    sections: tuple[SectionKind, ...] = (SectionKind.LONG_BREAK, SectionKind.ACTIVITY, SectionKind.MORNING_EXERCISE)
    lessons: tuple[Subject, ...] = (PE,)


class ActivityMinutes(Kind[ActivityMinutesParameters]):
    """See the module."""

    name = "activity_minutes"
    family = Family.PLACING
    parameters = ActivityMinutesParameters

    def limit(self, params: ActivityMinutesParameters) -> Message:
        counted = listed(tuple(str(KIND_NAMES[kind]) for kind in params.sections))
        what = Message("{lessons}, {sections}", lessons=listed(params.lessons), sections=counted)
        return Message("≥ {n} minutes of physical activity a day ({what})", n=params.at_least, what=what)

    def judge(self, ruling: Ruling[ActivityMinutesParameters], case: Case) -> Iterator[Verdict]:
        params = ruling.params
        for school_class in case.classes(ruling.rule.grades):
            bell = case.bell_of(school_class.grade)
            in_timetable = school_class.name in case.lessons_of
            days = school_days(bell) if bell else tuple(sorted({x.day for x in case.lessons_of.get(school_class.name, ())}))
            if not days:
                yield ruling.unknown(school_class.name, NEEDS_TIMETABLE)
                continue
            known = bell is not None and not bell.assumed
            least = [
                (_from_bells(params, bell, day) if known and bell else 0) + self._taught(params, case, school_class, day) for day in days
            ]
            if all(minutes >= params.at_least for minutes in least):
                sentence = Message("at least {n} minutes every day", n=min(least))
                yield ruling.passed(school_class.name, sentence, in_minutes(min(least)), origins=(bell.origin,) if bell else ())
            elif not known or (bell and not is_whole(bell)):
                yield ruling.unknown(school_class.name, NEEDS_BELLS)
            elif not in_timetable:
                yield ruling.unknown(school_class.name, NEEDS_TIMETABLE)
            else:
                for day, minutes in zip(days, least, strict=True):
                    if minutes < params.at_least:
                        slots = tuple((school_class.name, day, x.period) for x in case.lessons_of[school_class.name] if x.day == day)
                        sentence = Message("{n} minutes of physical activity", n=minutes)
                        yield ruling.broken(f"{school_class.name} {day_name(day)}", sentence, in_minutes(minutes), slots=slots)

    def _taught(self, params: ActivityMinutesParameters, case: Case, school_class: SchoolClass, day: int) -> int:
        """Return the minutes that the timetable adds to the bells on a day, in the poorer of two weeks."""
        found = []
        for week in (0, 1):
            moving = {
                x.period: x
                for x in case.lessons_of.get(school_class.name, ())
                if x.day == day and x.meets_in(week) and (x.subject in params.lessons or x.subject == ACTIVITY or x.kind == "activity")
            }
            found.append(sum(case.minutes(x, school_class.grade) or 0 for x in moving.values()))
        return min(found)

    def place(self, ruling: Ruling[ActivityMinutesParameters], school: School) -> Placing:
        case, found = Case(school), []
        for school_class in case.classes(ruling.rule.grades):
            bell = case.bell_of(school_class.grade)
            if bell is None or not school_days(bell):
                continue
            missing = ruling.params.at_least - min(_from_bells(ruling.params, bell, day) for day in school_days(bell))
            shortest = min((s.minutes for day in school_days(bell) for s in bell.periods(day)), default=0)
            if missing > 0 and shortest > 0 and not bell.assumed:
                lessons = -(-missing // shortest) if is_whole(bell) else 1  # bare bells do not show the long break
                found.append(keep_moving(ruling.rule, case, school_class, ruling.params.lessons, lessons))
        return merge(found)


def _from_bells(params: ActivityMinutesParameters, bell: BellSchedule, day: int) -> int:
    return sum(s.minutes for s in bell.days.get(day, ()) if s.kind in params.sections and s.period is None)
