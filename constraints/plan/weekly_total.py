"""Lessons of a class a week, all subjects together.

Measured: lessons a week [periods], an optional-course block once, daily activity periods not counted. ``minutes`` is the weekly
teaching time that the number stands for: where the school sets another lesson length, keeping the minutes keeps the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, in_minutes, number, school_days
from constraints.kind import NEEDS_PLAN, Bounds, Family, Kind, Ruling, Whole
from constraints.verdict import Verdict
from instances.language import Message
from instances.school import SchoolClass


class WeeklyTotalParameters(Bounds):
    """``minutes``: total lesson time a week that also satisfies the rule, None if only the number counts."""

    minutes: Whole | None = None


class WeeklyTotal(Kind[WeeklyTotalParameters]):
    """See the module."""

    name = "weekly_total"
    family = Family.PLAN
    parameters = WeeklyTotalParameters

    def limit(self, params: WeeklyTotalParameters) -> Message:
        if params.minutes is not None:
            return Message("{bounds} lessons a week in all, or {minutes} minutes", bounds=params.text(), minutes=params.minutes)
        return Message("{bounds} lessons a week in all", bounds=params.text())

    def judge(self, ruling: Ruling[WeeklyTotalParameters], case: Case) -> Iterator[Verdict]:
        params = ruling.params
        for school_class in case.classes(ruling.rule.grades):
            name = school_class.name
            hours = case.hours(name)
            if hours is None:
                yield ruling.unknown(name, NEEDS_PLAN)
                continue
            minutes = weekly_minutes(case, school_class)
            count, origins = number(hours.total), (school_class.origin,)
            if params.minutes is not None and minutes == params.minutes and not params.holds(hours.total):
                sentence = Message("{n} lessons a week of {minutes} minutes together", n=count, minutes=minutes)
                yield ruling.passed(name, sentence, f"{count} ({in_minutes(minutes)})", origins=origins)
                continue
            sentence = Message("{n} lessons a week in all", n=count)
            yield ruling.measured(params.holds(hours.total), name, sentence, count, origins=origins)


def weekly_minutes(case: Case, school_class: SchoolClass) -> int | None:
    """Return the lesson minutes a week of a class: from the timetable, else from the plan where all its lessons have one length."""
    hours = case.hours(school_class.name)
    bell = case.bell_of(school_class.grade)
    if hours is None:
        return None
    if hours.from_timetable:
        total = 0
        seen: set[tuple[int, int, int]] = set()
        for lesson in case.lessons_of[school_class.name]:
            minutes = case.minutes(lesson, school_class.grade)
            if lesson.kind not in ("lesson", "self_study"):
                continue
            if minutes is None:
                return None
            for week in (0, 1):
                if lesson.meets_in(week) and (lesson.day, lesson.period, week) not in seen:
                    seen.add((lesson.day, lesson.period, week))
                    total += minutes
        return total // 2
    if bell is None or bell.assumed:
        return None
    lengths = {section.minutes for day in school_days(bell) for section in bell.lessons(day)}
    return int(hours.total * lengths.pop()) if len(lengths) == 1 else None
