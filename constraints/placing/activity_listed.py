"""Activity periods that stand in the timetable itself: at least so many a week.

Measured for each class: periods a week of activity (体育活动) in its timetable, plus activity sections of the bells that have no period
number. ``after_lessons`` counts only those after the last lesson of the day or in the afternoon.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import half_of
from constraints.case import ACTIVITY, Case, school_days
from constraints.kind import NEEDS_TIMETABLE, Family, Half, Kind, Parameters, Placing, Ruling, Whole
from constraints.placing.activity_periods import activity_course, merge, room_for
from constraints.verdict import Verdict
from instances.bells import BellSchedule, SectionKind
from instances.language import Message
from instances.school import School


class ActivityListedParameters(Parameters):
    """``at_least`` periods a week; ``afternoon``: only those of the afternoon."""

    at_least: Whole = 1
    afternoon: bool = False


class ActivityListed(Kind[ActivityListedParameters]):
    """See the module."""

    name = "activity_listed"
    family = Family.PLACING
    parameters = ActivityListedParameters

    def limit(self, params: ActivityListedParameters) -> Message:
        if params.afternoon:
            return Message("≥ {n} afternoon activity periods a week in the timetable", n=params.at_least)
        return Message("≥ {n} activity periods a week in the timetable", n=params.at_least)

    def judge(self, ruling: Ruling[ActivityListedParameters], case: Case) -> Iterator[Verdict]:
        for school_class in case.classes(ruling.rule.grades):
            bell = case.bell_of(school_class.grade)
            count = self._in_bells(ruling.params, bell) if bell is not None and not bell.assumed else 0
            lessons = case.lessons_of.get(school_class.name)
            if lessons is None and count < ruling.params.at_least:
                yield ruling.unknown(school_class.name, NEEDS_TIMETABLE)
                continue
            mine = [
                x for x in lessons or () if (x.kind == "activity" or x.subject == ACTIVITY) and
                not (ruling.params.afternoon and case.in_morning(x, school_class.grade))
            ]  # fmt: skip
            count += len({(x.day, x.period) for x in mine})
            slots = tuple((school_class.name, x.day, x.period) for x in mine)
            sentence = Message("{n} activity periods a week", n=count)
            yield ruling.measured(count >= ruling.params.at_least, school_class.name, sentence, str(count), slots=slots)

    def _in_bells(self, params: ActivityListedParameters, bell: BellSchedule) -> int:
        return sum(
            s.kind is SectionKind.ACTIVITY and s.period is None and (not params.afternoon or half_of(bell, day, s) is Half.AFTERNOON)
            for day in school_days(bell)
            for s in bell.days[day]
        )

    def place(self, ruling: Ruling[ActivityListedParameters], school: School) -> Placing:
        case, found = Case(school), []
        for school_class in case.classes(ruling.rule.grades):
            bell, hours = case.bell_of(school_class.grade), case.planned(school_class.name)
            if bell is None or hours is None:
                continue
            wanted = ruling.params.at_least - self._in_bells(ruling.params, bell) - int(hours.of.get(ACTIVITY, 0))
            if wanted <= 0:
                continue
            room = room_for(school, school_class, bell, hours)
            if room < wanted:
                sentence = Message(
                    "“{rule}” gave way for {name}: it takes {wanted} activity periods a week, bells and plan leave room for {room}",
                    rule=ruling.rule.label(), name=school_class.name, wanted=wanted, room=room,
                )  # fmt: skip
                found.append(Placing(gave_way=(sentence,)))
            else:
                found.append(Placing((activity_course(school_class, wanted),)))
        return merge(found)
