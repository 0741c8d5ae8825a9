"""What the kinds count, in the cases that are easy to get wrong; every number worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from constraints.case import Case, grade_names
from constraints.judging import judge_rule, place
from constraints.rule import Level
from constraints.ruleset import RuleSet
from constraints.verdict import Status
from instances.bells import BellSchedule
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Course, RequirementKind, School, SchoolClass, Weeks
from tests.rules.schools import SIX, bells, day, lessons, rule, school, statuses, verdicts


def test_a_fortnightly_lesson_counts_half() -> None:
    half = rule("weekly_lessons", subjects=["心理"], exactly=0.5)
    assert statuses(half, school(3, 心理=0.5)) == {"pass"}
    assert statuses(half, school(3, 心理=1)) == {"fail"}
    assert statuses(half, school(3), lessons("1.1 心理 odd")) == {"pass"}
    assert statuses(half, school(3), lessons("1.1 心理 odd", "2.1 心理 even")) == {"fail"}


def test_two_fortnightly_lessons_in_one_period_are_one_lesson_of_the_total() -> None:
    table = lessons("1.1 心理 odd", "1.1 校本课程 even", "1.2 语文")
    assert [v.measured for v in verdicts(rule("weekly_total", exactly=2), school(3), table)] == ["2"]


def test_a_block_of_optional_courses_counts_once() -> None:
    """Two courses of one block at the same times: 3 lessons, not 6."""
    courses = tuple(Course(s, s, ("c",), (s,), Fraction(3), block="A") for s in ("物理", "历史"))
    on = School("s", (SchoolClass("c", 10),), (), courses, ())
    assert [v.measured for v in verdicts(rule("weekly_total", exactly=3), on)] == ["3"]


def test_activity_periods_are_no_lessons_of_the_total() -> None:
    assert [v.measured for v in verdicts(rule("weekly_total", exactly=2), school(3, 语文=2, 体育活动=3))] == ["2"]
    table = lessons("1.1 语文", "1.2 体育活动 activity", "1.3 体育活动")
    assert [v.measured for v in verdicts(rule("weekly_total", exactly=1), school(3), table)] == ["1"]


def test_other_lesson_lengths_keep_the_weekly_minutes() -> None:
    """29 lessons of 36 minutes are 1,044 minutes, not 1,040; 26 of 40 are."""
    total = rule("weekly_total", exactly=26, minutes=1040)
    long = bells("8:00-8:52 lesson, 9:00-9:52 lesson, 10:00-10:52 lesson, 14:00-14:52 lesson")
    assert statuses(total, school(1, long, 语文=20)) == {"pass"}  # 20 x 52 = 1,040
    assert statuses(total, school(1, long, 语文=21)) == {"fail"}
    assert statuses(total, school(1, replace(long, assumed=True), 语文=20)) == {"fail"}  # assumed bells prove nothing


def test_the_timetable_goes_before_the_plan() -> None:
    pe = rule("weekly_lessons", subjects=["体育"], at_least=3)
    assert statuses(pe, school(3, 体育=3), lessons("1.1 体育", "2.1 体育")) == {"fail"}
    assert statuses(pe, school(3, 体育=2), lessons("1.1 体育", "2.1 体育", "3.1 体育")) == {"pass"}


def test_an_alternative_subject_counts() -> None:
    offered = rule("subjects_offered", subjects=["音乐|艺术", "语文"])
    assert statuses(offered, school(3, 艺术=1, 语文=1)) == {"pass"}
    assert statuses(offered, school(3, 美术=1, 语文=1)) == {"fail"}


def test_plan_kept_names_each_difference() -> None:
    found = verdicts(rule("plan_kept"), school(3, 语文=2, 数学=1, 音乐=1), lessons("1.1 语文", "1.2 数学", "1.3 数学"))
    assert [v.measured for v in found] == ["语文 1/2, 数学 2/1, 音乐 0/1"]
    assert found[0].slots == (("c", 1, 1), ("c", 1, 2), ("c", 1, 3))


def test_levels_decide_how_a_breach_is_called() -> None:
    for level, status in ((Level.MUST, "fail"), (Level.SHOULD, "warning"), (Level.ENCOURAGED, "note")):
        assert statuses(rule("weekly_lessons", level, subjects=["体育"], at_least=3), school(3, 体育=2)) == {status}


def test_pe_in_one_of_two_weeks_leaves_the_other_bare() -> None:
    on = school(3, bells(SIX))
    every = [f"{d}.1 体育" for d in range(1, 5)]
    activity = rule("activity_on_days_without_pe")
    assert statuses(activity, on, lessons(*every, "5.1 体育 odd")) == {"fail"}
    assert statuses(activity, on, lessons(*every, "5.1 体育 odd", "5.7 体育活动 activity even")) == {"pass"}


def test_activity_in_the_morning_is_not_in_the_afternoon() -> None:
    on = school(3, bells(SIX))
    every = [f"{d}.1 体育" for d in range(1, 5)]
    assert statuses(rule("activity_on_days_without_pe"), on, lessons(*every, "5.2 体育活动 activity")) == {"fail"}


def test_an_activity_section_without_a_number_is_there_for_all() -> None:
    text = SIX.replace("activity*", "activity")
    assert statuses(rule("activity_on_days_without_pe"), school(3, bells(text), 体育=0)) == {"pass"}
    assert not place(RuleSet("x", {}, (rule("activity_on_days_without_pe"),)), school(3, bells(text), 语文=5)).courses


def test_eye_exercises_are_no_break() -> None:
    """10:10 to 10:25 with 5 minutes of eye exercises leaves 10 minutes."""
    text = "9:30-10:10 lesson, 10:20-10:25 eye_exercise, 10:25-11:05 lesson, 12:00-13:00 noon_rest"
    assert statuses(rule("breaks", each=10), school(3, bells(text))) == {"pass"}
    assert statuses(rule("breaks", each=11), school(3, bells(text))) == {"fail"}


def test_noon_is_no_break() -> None:
    text = "9:30-10:10 lesson, 10:20-11:00 lesson, 12:00-14:00 noon_rest, 14:00-14:40 lesson, 14:50-15:30 lesson"
    assert [v.sentence.values["total"] for v in verdicts(rule("breaks", together=20), school(3, bells(text)))] == [20]


def test_presence_leaves_out_the_noon_at_home() -> None:
    """8:15 to 16:20 is 485 minutes, less 160 at noon: 325."""
    text = "8:15-8:15 arrival, 8:30-9:10 lesson, 11:50-14:30 noon_rest, 14:30-14:30 arrival, 14:40-15:20 lesson, 16:20-16:20 dismissal"
    cap = rule("daily_cap", minutes=325, span=True, without=["noon_rest", "lunch", "after_school"])
    assert statuses(cap, school(3, bells(text))) == {"pass"}
    assert statuses(replace(cap, params={**cap.params, "minutes": 324}), school(3, bells(text))) == {"fail"}


def test_a_cap_counts_only_the_lessons_that_a_class_has() -> None:
    """Bells for seven lessons of 40 minutes; a class with six a day stays within 4 hours."""
    hours = ["8:00-8:40", "8:50-9:30", "9:40-10:20", "10:30-11:10", "14:00-14:40", "14:50-15:30", "15:40-16:20"]
    seven = bells(", ".join(f"{h} lesson" for h in hours))
    cap = rule("daily_cap", minutes=240, counts=["lesson"])
    assert statuses(cap, school(3, seven)) == {"fail"}
    six = lessons(*(f"{d}.{p} 语文" for d in range(1, 6) for p in range(1, 7)))
    assert statuses(cap, school(3, seven), six) == {"pass"}
    over = verdicts(cap, school(3, seven), lessons(*(f"{d}.{p} 语文" for d in range(1, 6) for p in range(1, 7)), "2.7 语文"))
    assert [(v.status, v.measured) for v in over] == [(Status.FAIL, "280 min")]


def test_bare_lessons_do_not_show_that_there_is_no_self_study() -> None:
    bare = bells("8:20-9:00 lesson, 9:10-9:50 lesson, 14:00-14:40 lesson")
    for kind, params in (
        ("sections_per_day", {"sections": ["evening"], "at_most": 0}),
        ("sections_per_day", {"sections": ["eye_exercise"], "at_least": 2}),
        ("daily_cap", {"minutes": 360, "counts": ["lesson", "self_study"]}),
        ("sections_per_week", {"sections": ["after_school"], "at_least": 5}),
        ("section_times", {"sections": ["after_school"], "which": "last", "edge": "end", "not_before": "18:00"}),
        ("activity_minutes", {"at_least": 60}),
    ):
        assert statuses(rule(kind, **params), school(3, bare, 体育=5), lessons("1.1 语文")) == {"not judged"}, kind


def test_different_days_get_verdicts_of_their_own() -> None:
    """Wednesday begins at 8:00, the other days at 8:30."""
    week = {d: day("8:00-8:40 lesson" if d == 3 else "8:30-9:10 lesson") for d in range(1, 6)}
    found = verdicts(rule("section_times", sections=["lesson"], not_before="8:20"), school(3, BellSchedule("b", (), week)))
    assert {v.status for v in found} == {Status.PASS, Status.FAIL}
    (late,) = [v for v in found if v.status is Status.FAIL]
    assert "Wednesday" in late.point
    assert late.measured == "8:00"


def test_a_fifth_morning_period_is_left_empty_where_the_week_allows() -> None:
    morning = "8:00-8:40 lesson, 8:45-9:25 lesson, 9:30-10:10 lesson, 10:15-10:55 lesson, 11:00-11:40 lesson"
    five = morning + ", 14:00-14:40 lesson, 14:50-15:30 lesson"
    limit = RuleSet("x", {}, (rule("lessons_in_half", half="morning", at_most=4),))
    placing = place(limit, school(3, bells(five), 语文=30))
    assert [(r.kind, [(s.day, s.period) for s in r.slots]) for r in placing.requirements] == [
        (RequirementKind.FORBIDDEN, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)])
    ]
    full = place(limit, school(3, bells(five), 语文=31))
    assert not full.requirements
    assert len(full.gave_way) == 1


def test_double_periods_of_pe_fill_one_day() -> None:
    """4 PE lessons, two of them a double: PE on 3 days, so 2 activity periods."""
    on = school(3, bells(SIX), 语文=10)
    pe = Course("pe", "体育", ("c",), ("t",), Fraction(4), doubles=1)
    on = replace(on, courses=(*on.courses, pe))
    placing = place(RuleSet("x", {}, (rule("activity_on_days_without_pe"),)), on)
    assert [c.periods for c in placing.courses] == [2]


def test_pe_lessons_decide_how_many_activity_periods_there_are() -> None:
    ruleset = RuleSet("x", {}, (rule("activity_on_days_without_pe"),))
    wanted = {pe: [c.periods for c in place(ruleset, school(3, bells(SIX), 语文=10, 体育=pe)).courses] for pe in (3, 4, 5)}
    assert wanted == {3: [2], 4: [1], 5: []}


def test_shares_of_nine_years_by_hand() -> None:
    """Chinese 7 of 30 in every grade: 23.33 %; weeks cancel out."""
    classes = tuple(SchoolClass(f"c{g}", g) for g in range(1, 10))
    courses = tuple(Course(f"{c.name}{s}", s, (c.name,), ("t",), Fraction(n)) for c in classes for s, n in (("语文", 7), ("其他", 23)))
    share = rule("subject_share", subjects=["语文"], at_least=20, at_most=22)
    found = judge_rule(share, Case(School("s", classes, (), courses, ())))
    assert [(v.status, v.measured) for v in found] == [(Status.FAIL, "23.33 %")]
    eight = judge_rule(share, Case(School("s", classes[:8], (), courses, ())))
    assert {v.status for v in eight} == {Status.UNKNOWN}


def test_conditions_of_the_records() -> None:
    afternoon = rule("section_times", sections=["lesson"], half="afternoon", not_before="14:00", unless="mountain_school")
    early = school(3, bells("8:00-8:40 lesson, 12:00-13:00 noon_rest, 13:30-14:10 lesson"))
    from tests.rules.schools import records

    assert statuses(afternoon, early) == {"fail"}
    assert statuses(afternoon, early, stated=records(mountain_school=False)) == {"fail"}
    assert statuses(afternoon, early, stated=records(mountain_school=True)) == {"not applicable"}
    daily = rule("weekly_lessons", subjects=["体育"], at_least=5, only_if="able_school")
    assert statuses(daily, school(3, 体育=3)) == {"not judged"}
    assert statuses(daily, school(3, 体育=3), stated=records(able_school=True)) == {"fail"}
    assert statuses(daily, school(3, 体育=3), stated=records(able_school=False)) == {"not applicable"}


def test_common_time_of_a_group_whose_teachers_alternate() -> None:
    """Two teachers of Chinese who share the four periods of Monday between them are never free together there."""
    bell = BellSchedule("b", (), {1: bells(SIX).days[1]})
    courses = tuple(Course(t, "语文", ("c",), (t,), Fraction(3)) for t in ("甲", "乙"))
    on = School("s", (SchoolClass("c", 3),), (), courses, (bell,))
    placed = tuple(PlacedLesson(1, p, "语文", ("c",), ("甲" if p % 2 else "乙",)) for p in range(1, 8))
    common = rule("common_time", whom="subject")
    assert statuses(common, on, SchoolTimetable(placed)) == {"fail"}
    assert statuses(common, on, SchoolTimetable(placed[:-1])) == {"pass"}


def test_weeks_that_the_solver_has_not_chosen_count_half() -> None:
    either = SchoolTimetable((PlacedLesson(1, 1, "心理", ("c",), weeks=Weeks.EITHER),))
    assert statuses(rule("weekly_lessons", subjects=["心理"], exactly=0.5), school(3), either) == {"pass"}


def test_grades_as_people_write_them() -> None:
    assert grade_names((1, 2, 3, 5)) == "1-3, 5"
    assert grade_names(()) == ""


def test_a_rule_may_name_a_subject_as_its_document_does() -> None:
    """体育与健康 is 体育, 写字 is 书法; the plan has the canonical names."""
    assert statuses(rule("weekly_lessons", subjects=["体育与健康"], at_least=3), school(3, 体育=3)) == {"pass"}
    assert statuses(rule("subjects_offered", subjects=["写字|品德"]), school(3, 书法=1)) == {"pass"}
    assert statuses(rule("subjects_offered", subjects=["写字|品德"]), school(3, 道德与法治=1)) == {"pass"}
