"""Another rule set, another timetable: what the solver does differs as the rules say, counted in its answer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from constraints.case import ACTIVITY, PE, Case
from constraints.judging import judge, judge_rule
from constraints.ruleset import RuleSet, load_ruleset
from constraints.verdict import Status
from instances.bells import BellSchedule
from instances.school import Course, School, SchoolClass
from scheduler.bells.make import BellRequest, make_bells
from scheduler.outcome import Outcome
from scheduler.rules_demo import example_school
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from tests.rules.schools import SIX, bells, rule

PLAN = {"语文": 8, "数学": 5, "英语": 3, "道德与法治": 2, "科学": 2, "音乐": 2, "美术": 2, "劳动": 1, "班会": 1}
NOTHING = RuleSet("nothing", {"zh": "无"}, ())
ACTIVITY_RULE = RuleSet("activity", {"zh": "体育活动"}, (rule("activity_on_days_without_pe"),))


def one_class(bell: BellSchedule, **hours: int) -> School:
    courses = tuple(Course(s, s, ("一班",), (f"{s}师",), Fraction(n), s) for s, n in hours.items())
    return School("s", (SchoolClass("一班", 3),), (), courses, (bell,))


def solved(school: School, ruleset: RuleSet) -> Outcome:
    outcome = make_timetable(school, SolveOptions(time_limit=4, deterministic=True, gap=1.0), rulesets=(ruleset,))
    assert outcome.timetable is not None
    return outcome


def days_of(outcome: Outcome, subject: str) -> list[int]:
    assert outcome.timetable is not None
    return [lesson.day for lesson in outcome.timetable.lessons if lesson.subject == subject]


@pytest.mark.parametrize(("pe", "activity"), [(3, 2), (4, 1), (5, 0)])
def test_pe_three_four_or_daily_decides_the_activity_periods(pe: int, activity: int) -> None:
    """Every day has PE or activity; the activity stands in the bells' activity section, period 7, in the afternoon."""
    outcome = solved(one_class(bells(SIX), 体育=pe, **PLAN), ACTIVITY_RULE)
    assert len(days_of(outcome, PE)) == pe
    assert len(days_of(outcome, ACTIVITY)) == activity
    assert set(days_of(outcome, PE)) | set(days_of(outcome, ACTIVITY)) == {1, 2, 3, 4, 5}
    assert outcome.timetable is not None
    assert {lesson.period for lesson in outcome.timetable.lessons if lesson.subject == ACTIVITY} <= {7}
    assert not outcome.gave_way


def test_without_the_rule_there_is_no_activity_period() -> None:
    assert days_of(solved(one_class(bells(SIX), 体育=3, **PLAN), NOTHING), ACTIVITY) == []


def test_a_full_week_is_solved_all_the_same_and_says_what_gave_way() -> None:
    """26 + 4 lessons fill the 30 periods of bells without an activity section."""
    text = ", ".join(part for part in SIX.split(", ") if "activity" not in part)
    outcome = solved(one_class(bells(text), 体育=3, 综合实践=1, **PLAN), ACTIVITY_RULE)
    assert outcome.timetable is not None
    assert len(outcome.timetable.lessons) == 30
    assert len(outcome.gave_way) == 1


def test_26_and_29_lessons() -> None:
    """The national plan and Shandong's table want different totals in grade 1; a plan made for one breaks the other."""
    for name, right, wrong in (("national", 26, 29), ("shandong", 29, 26)):
        ruleset = load_ruleset(name)
        for total, status in ((right, Status.PASS), (wrong, Status.FAIL)):
            courses = (Course("a", "语文", ("c",), ("t",), Fraction(total)),)
            school = School("s", (SchoolClass("c", 1),), (), courses, ())
            assert [v.status for v in judge_rule(ruleset.rule("weekly-total-1-2"), Case(school))] == [status]


def test_four_hours_and_six() -> None:
    """33 lessons in a week of seven periods: some day has seven, 280 minutes, over the 4 h of 000/19 and within the 6 h of 000/13.

    Bells made for 000/19 have no seventh period to begin with.
    """
    seven = make_bells(load_ruleset("000/13"), BellRequest((3,), 7, length=40))[0].bells
    assert seven is not None
    outcome = solved(one_class(seven, 体育=5, 综合实践=2, **PLAN), NOTHING)
    statuses = {}
    for name in ("000/13", "000/19"):
        caps = [r for r in load_ruleset(name).rules if r.kind == "daily_cap" and r.applies_to(3)]
        found = [verdict for cap in caps for verdict in judge_rule(cap, Case(outcome.school, outcome.timetable))]
        statuses[name] = {verdict.status for verdict in found}
    assert statuses == {"000/13": {Status.PASS}, "000/19": {Status.FAIL}}
    assert make_bells(load_ruleset("000/19"), BellRequest((3,), 7, length=40))[0].bells is None
    assert make_bells(load_ruleset("000/19"), BellRequest((3,), 6, length=40))[0].bells is not None


def test_a_fifth_morning_lesson_is_avoided_where_the_rules_say_four() -> None:
    text = (
        "8:20-9:00 lesson, 9:05-9:45 lesson, 9:50-10:30 lesson, 10:35-11:15 lesson, 11:20-12:00 lesson, 12:00-14:00 noon_rest, "
        "14:00-14:40 lesson, 14:50-15:30 lesson, 15:40-16:20 lesson"
    )
    school = one_class(bells(text), 体育=3, **PLAN)
    four = RuleSet("four", {"zh": "四节"}, (rule("lessons_in_half", half="morning", at_most=4),))
    outcome = solved(school, four)
    assert outcome.timetable is not None
    assert 5 not in {lesson.period for lesson in outcome.timetable.lessons}


@pytest.mark.parametrize("name", ["000/13", "002/R09a"])
def test_an_example_school_keeps_every_rule_of_its_set(name: str) -> None:
    """The same that ``make rules-demo`` prints for all sets."""
    ruleset = load_ruleset(name)
    school, records = example_school(ruleset)
    kept = school.classes[-2:]
    courses = tuple(c for c in school.courses if c.classes[0] in {one.name for one in kept})
    school = replace(school, classes=kept, courses=courses)
    outcome = solved(school, ruleset)
    found = judge(ruleset, Case(outcome.school, outcome.timetable, records))
    assert {verdict.status for verdict in found} <= {Status.PASS, Status.NOT_APPLICABLE}
