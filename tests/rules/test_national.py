"""The national rule set on a school that keeps it and on schools that break it, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from constraints.case import ACTIVITY, Case
from constraints.judging import judge, place
from constraints.ruleset import load_ruleset
from constraints.verdict import Status
from instances.bells import BellSchedule
from instances.school import RequirementKind, School
from tests.rules.schools import SIX, bells, lessons, school

# 26 lessons: 语8 数4 道法2 科1 体4 音2 美2 劳1 综1 班1
PLAN_1 = {"语文": 8, "数学": 4, "道德与法治": 2, "科学": 1, "体育": 4, "音乐": 2, "美术": 2, "劳动": 1, "综合实践": 1, "班会": 1}


def by_rule(on: School, **more: object) -> dict[str, set[Status]]:
    found: dict[str, set[Status]] = {}
    for verdict in judge(load_ruleset("national"), Case(on, **more)):  # type: ignore[arg-type]
        found.setdefault(verdict.rule.id, set()).add(verdict.status)
    return found


def first_grade(bell: BellSchedule | None = None, **hours: int) -> School:
    return school(1, bell or bells(SIX), **{**PLAN_1, **hours})


def test_a_school_that_keeps_the_rules_fails_none() -> None:
    found = by_rule(first_grade())
    assert {id for id, statuses in found.items() if Status.FAIL in statuses or Status.WARNING in statuses} == set()
    for id in ("weekly-total-1-2", "subjects-primary", "pe-1-2", "labour", "first-lesson-primary", "study-time-primary", "long-break"):
        assert found[id] == {Status.PASS}, id
    assert found["weekly-total-7-9"] == {Status.NOT_APPLICABLE}
    assert found["homework-1-2"] == {Status.UNKNOWN}
    assert found["activity-hour"] == {Status.UNKNOWN}  # needs a timetable


def test_every_rule_gets_a_verdict() -> None:
    national = load_ruleset("national")
    for on in (first_grade(), School("nothing", (), (), (), ()), school(12, None)):
        judged = [verdict.rule.id for verdict in judge(national, Case(on))]
        assert list(dict.fromkeys(judged)) == [rule.id for rule in national.rules]


def test_three_pe_lessons_and_27_lessons_break_the_plan_rules() -> None:
    found = by_rule(first_grade(体育=3, 数学=6))
    assert found["pe-1-2"] == {Status.FAIL}
    assert found["weekly-total-1-2"] == {Status.FAIL}
    assert found["pe-daily"] == {Status.NOTE}


def test_assumed_bells_are_never_judged() -> None:
    found = by_rule(first_grade(replace(bells(SIX), assumed=True)))
    for id in ("first-lesson-primary", "study-time-primary", "long-break", "eye-exercises", "breaks"):
        assert found[id] == {Status.UNKNOWN}


def test_one_activity_period_fills_the_day_without_pe() -> None:
    """4 PE lessons on 5 days leave 1 day; the bells have an activity period every day."""
    placing = place(load_ruleset("national"), first_grade())
    assert [(c.subject, c.periods, c.classes, c.teachers) for c in placing.courses] == [(ACTIVITY, Fraction(1), ("c",), ())]
    assert not placing.gave_way
    assert {(r.kind, r.count, r.required, r.rule) for r in placing.requirements} == {
        (RequirementKind.MIN_PER_DAY, 1, True, "activity-without-pe"),
        (RequirementKind.MIN_PER_DAY, 1, True, "activity-hour"),
    }


FULL = (
    "8:20-9:00 lesson, 9:00-9:30 long_break, 9:30-10:10 lesson, 10:20-11:00 lesson, 11:10-11:50 lesson, "
    "14:00-14:40 lesson, 14:50-15:30 lesson"
)


def test_a_full_week_makes_the_activity_rule_give_way_and_never_the_timetable() -> None:
    """30 lessons in 30 periods: no room for the activity period of the day without PE."""
    on = school(3, bells(FULL), **{**PLAN_1, "英语": 4})
    placing = place(load_ruleset("national"), on)
    assert placing.courses == ()
    assert not any(r.required for r in placing.requirements)
    assert len(placing.gave_way) == 2
    assert all("c" in str(message) for message in placing.gave_way)


def test_room_for_one_of_two_activity_periods_places_one() -> None:
    """28 lessons, 3 of them PE, in 30 periods with one forbidden: 2 wanted, 1 fits."""
    from instances.school import Requirement, Selector, Slot

    on = school(3, bells(FULL), **{**PLAN_1, "体育": 3, "英语": 3})
    on = replace(on, requirements=(Requirement(RequirementKind.FORBIDDEN, Selector(grades=(3,)), (Slot(5, 6),)),))
    placing = place(load_ruleset("national"), on)
    assert [c.periods for c in placing.courses] == [Fraction(1)]
    assert placing.gave_way


def test_activity_hour_on_a_timetable_day_by_day() -> None:
    """The long break gives 30 minutes; PE or activity adds 40. Friday has neither."""
    on = first_grade()
    table = lessons("1.1 体育", "2.1 体育", "3.1 体育", "4.7 体育活动 activity", "5.1 语文", *(f"{d}.2 语文" for d in range(1, 6)))
    judged = judge(load_ruleset("national"), Case(on, table))
    hour = [v for v in judged if v.rule.id == "activity-hour"]
    assert [(v.status, v.measured, v.slots) for v in hour] == [(Status.FAIL, "30 min", (("c", 5, 1), ("c", 5, 2)))]
    period = [v for v in judged if v.rule.id == "activity-without-pe"]
    assert [(v.status, v.slots) for v in period] == [(Status.FAIL, (("c", 5, 1), ("c", 5, 2)))]
