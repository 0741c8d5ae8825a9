"""At most so many lessons in the morning, or in the afternoon.

Measured: numbered lesson sections of the bells that begin before, or after, noon; where the bells have more, the lessons that the
timetable of each class has there. The solver leaves the periods beyond the limit empty where the other periods suffice.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import BellKind, Measure, bell_point, half_of
from constraints.case import Case, day_name, school_days
from constraints.kind import NEEDS_LESSONS, Half, Parameters, Placing, Ruling, Whole
from constraints.rule import Level
from constraints.verdict import Status, Verdict
from instances.bells import BellSchedule
from instances.language import Message
from instances.school import Requirement, RequirementKind, School, Selector, Slot


class LessonsInHalfParameters(Parameters):
    """``at_most`` lessons in ``half``."""

    half: Half
    at_most: Whole


class LessonsInHalf(BellKind[LessonsInHalfParameters]):
    """See the module."""

    name = "lessons_in_half"
    parameters = LessonsInHalfParameters

    def limit(self, params: LessonsInHalfParameters) -> Message:
        if params.half is Half.MORNING:
            return Message("≤ {n} lessons in the morning", n=params.at_most)
        return Message("≤ {n} lessons in the afternoon", n=params.at_most)

    def day(self, params: LessonsInHalfParameters, bell: BellSchedule, day: int) -> Measure | None:
        lessons = [s for s in bell.lessons(day) if half_of(bell, day, s) is params.half]
        if bell.partial and len(lessons) <= params.at_most:
            return Measure(None, NEEDS_LESSONS)
        return Measure(len(lessons) <= params.at_most, Message("{n} lesson periods", n=len(lessons)), str(len(lessons)))

    def judge_bell(self, ruling: Ruling[LessonsInHalfParameters], bell: BellSchedule, case: Case) -> Iterator[Verdict]:
        verdicts = list(super().judge_bell(ruling, bell, case))
        classes = [c for c in case.classes(ruling.rule.grades) if case.bell_of(c.grade) is bell and c.name in case.lessons_of]
        if not classes or all(v.status is Status.PASS for v in verdicts):
            yield from verdicts
            return
        params, over = ruling.params, False
        for school_class in classes:
            for day in school_days(bell):
                mine = [
                    x
                    for x in case.lessons_of[school_class.name]
                    if x.day == day and x.kind == "lesson" and case.in_morning(x, school_class.grade) is (params.half is Half.MORNING)
                ]
                count = max(len({x.period for x in mine if x.meets_in(week)}) for week in (0, 1))
                if count > params.at_most:
                    over = True
                    slots = tuple((school_class.name, day, x.period) for x in mine)
                    yield ruling.broken(f"{school_class.name} {day_name(day)}", Message("{n} lessons", n=count), str(count), slots=slots)
        if not over:
            sentence = Message("the bells have room for more, but no class has so many lessons")
            yield ruling.passed(bell_point(bell, case.grades(ruling.rule.grades)), sentence, origins=(bell.origin,))

    def place(self, ruling: Ruling[LessonsInHalfParameters], school: School) -> Placing:
        case = Case(school)
        requirements, gave_way = [], []
        for school_class in case.classes(ruling.rule.grades):
            bell, hours = case.bell_of(school_class.grade), case.planned(school_class.name)
            if bell is None or hours is None:
                continue
            surplus, room = [], 0
            for day in school_days(bell):
                half = [s for s in bell.lessons(day) if half_of(bell, day, s) is ruling.params.half]
                surplus += [Slot(day, s.period) for s in half[ruling.params.at_most :] if s.period is not None]
                room += len(bell.lessons(day))
            if not surplus:
                continue
            if hours.total > room - len(surplus):
                gave_way.append(
                    Message(
                        "“{rule}” gave way for {name}: its lessons need the periods beyond the limit",
                        rule=ruling.rule.label(),
                        name=school_class.name,
                    )
                )
                continue
            requirements.append(
                Requirement(
                    RequirementKind.FORBIDDEN,
                    Selector(classes=(school_class.name,)),
                    tuple(surplus),
                    required=ruling.rule.level is Level.MUST,
                    text=ruling.rule.label(),
                    rule=ruling.rule.id,
                )
            )
        return Placing(requirements=tuple(requirements), gave_way=tuple(gave_way))
