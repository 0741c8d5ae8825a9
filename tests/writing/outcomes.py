"""Outcomes made by hand: a small school with everything a printed timetable can hold."""

from __future__ import annotations

from fractions import Fraction

from constraints.base import evaluate
from constraints.rule import Level, Rule, Source
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_lessons import LimitLessons
from constraints.verdict import Status, Verdict
from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import Origin
from instances.problem import Problem
from instances.school import Course, Note, Room, School, SchoolClass, Teacher, Weeks
from instances.timetable import TimetableView
from scheduler.outcome import Outcome, Proof, Solution
from tests.builders import event, grid, place, problem

STARTS = (500, 550, 620, 670, 840, 890)  # 8:20, 9:10, 10:20, 11:10, 14:00, 14:50


def bell(grades: tuple[int, ...] = (3,), *, shift: int = 0, name: str = "一至六年级") -> BellSchedule:
    """Four lessons in the morning with a long break, lunch, two in the afternoon (one on Fridays), activities."""
    lessons = [Section(SectionKind.LESSON, s + shift, s + shift + 40, "", n) for n, s in enumerate(STARTS, 1)]
    breaks = [
        Section(SectionKind.LONG_BREAK, 590 + shift, 620 + shift, "大课间"),
        Section(SectionKind.LUNCH, 710 + shift, 780 + shift, "午餐"),
    ]
    activity = [Section(SectionKind.ACTIVITY, 940 + shift, 980 + shift, "体育活动", 7)]
    whole = tuple(sorted([*lessons, *breaks, *activity], key=lambda s: s.start))
    friday = tuple(sorted([*lessons[:5], *breaks], key=lambda s: s.start))
    return BellSchedule(name, grades, {1: whole, 2: whole, 3: whole, 4: whole, 5: friday})


def lesson(day: int, period: int, subject: str, classes: str, teachers: str = "", **more: object) -> PlacedLesson:
    """A lesson with its clock times; names are parted by spaces."""
    start = (*STARTS, 940)[period - 1]
    return PlacedLesson(
        day, period, subject, tuple(classes.split()), tuple(teachers.split()), label=str(more.pop("label", subject)),
        start=start, end=start + 40, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def school() -> School:
    """Two classes, six teachers, a field and a computer room."""
    cell = Origin("计划.xlsx", "课程计划", "B3")
    return School(
        "示例小学",
        (SchoolClass("三(1)班", 3, 1, 42, "张三", "301"), SchoolClass("三(2)班", 3, 2, 40, "李四", "302")),
        tuple(
            Teacher(name, group=group)
            for name, group in (("张三", "语文组"), ("李四", "数学组"), ("王五", "体育组"), ("赵六", None), ("钱七", None), ("孙八", None))
        ),
        (
            Course("c1", "语文", ("三(1)班",), ("张三",), Fraction(6), "语文", doubles=1, origin=cell),
            Course("c2", "数学", ("三(1)班",), ("李四",), Fraction(5), "数学"),
            Course("c3", "体育", ("三(1)班", "三(2)班"), ("王五",), Fraction(2), "体育与健康", room="操场"),
            Course("c4", "心理", ("三(1)班",), ("赵六",), Fraction(1, 2), "心理", weeks=Weeks.ODD),
            Course("c5", "校本", ("三(1)班",), ("钱七",), Fraction(1, 2), "校本", weeks=Weeks.EVEN),
        ),
        (bell(),),
        (Room("操场", capacity=3), Room("微机室1", "微机室")),
        notes=(
            Note(Message("{n} classes found", n=2), Origin("计划.xlsx", "班级", "A2"), "三(1)班"),
            Note(Message("{n} classes found", n=0), Origin("计划.xlsx", "作息时间", ""), "", assumed=True),
        ),
    )


def timetable() -> SchoolTimetable:
    """Doubles, fortnightly pairs, a joint lesson, a block in which classes mix, an activity period, flag raising, a full field."""
    return SchoolTimetable(
        (
            lesson(1, 1, "升旗", "三(1)班 三(2)班", kind="event"),
            lesson(1, 2, "语文", "三(1)班", "张三", courses=("c1",), double=1),
            lesson(1, 3, "语文", "三(1)班", "张三", courses=("c1",), double=2),
            lesson(1, 4, "数学", "三(1)班", "李四", courses=("c2",), rooms=("301",)),
            lesson(2, 1, "体育", "三(1)班 三(2)班", "王五", label="体育与健康", rooms=("操场",), courses=("c3",)),
            lesson(2, 2, "心理", "三(1)班", "赵六", weeks=Weeks.ODD, courses=("c4",)),
            lesson(2, 2, "校本", "三(1)班", "钱七", weeks=Weeks.EVEN, courses=("c5",)),
            lesson(3, 5, "信息科技", "三(2)班", "孙八 赵六", rooms=("微机室1",)),
            lesson(4, 6, "航模", "三(1)班 三(2)班", "赵六", block="社团A", rooms=("微机室1",)),
            lesson(4, 6, "合唱", "三(1)班 三(2)班", "钱七", block="社团A", rooms=("301",)),
            lesson(1, 7, "体育活动", "三(1)班", "王五", kind="activity", rooms=("操场",)),
            lesson(1, 7, "体育活动", "三(2)班", "张三", kind="activity", rooms=("操场",)),
        )
    )


def rule(key: str, level: Level = Level.MUST, title: str = "每周总课时") -> Rule:
    return Rule(
        key, "weekly_total", level, Source("义务教育课程方案", "教材〔2022〕2号", "2022-04", "教育部"), {"zh": title, "en": f"rule {key}"}
    )


def small_problem() -> Problem:
    """Five days of six periods; the two classes and a teacher who is in two places at once on Monday, first period."""
    times = grid(5, 6)
    clash = AvoidClashes(id="clash", name=Message("No clashes"), resources=(0,))
    spread = LimitLessons(
        id="spread", name="=语文每天最多1节", required=False, weight=5, event_groups=("a",), time_groups=("day1",), maximum=1,
        origin=Origin("计划.xlsx", "排课要求", "C4"),
    )  # fmt: skip
    met = LimitLessons(id="met", name=Message("met"), required=False, event_groups=("a",), time_groups=("day2",), maximum=1)
    events = (event("a", 2, 0, 1), event("b", 1, 0, 2))
    return problem(times, ("张三", "三(1)班", "三(2)班"), events, (clash, spread, met))


def outcome(**more: object) -> Outcome:
    """The whole: one clash (required cost 1), one wish broken (cost 5), and a verdict of every status."""
    case = small_problem()
    solved = place(case, (0, 0, 1), (0, 1, 1), (1, 0, 1))
    cost, violations = evaluate(case, TimetableView(case, solved))
    solution = Solution(Proof.FEASIBLE, solved, cost, 3, 12.5, 0.75, 7, 2)
    verdicts = (
        Verdict(rule("r2"), Status.PASS, "三(1)班", Message("ok"), "30", "≤ 30"),
        Verdict(rule("r2"), Status.PASS, "三(2)班", Message("ok"), "30", "≤ 30"),
        Verdict(rule("r3", Level.ENCOURAGED), Status.NOTE, "三(2)班", Message("{n} classes found", n=1), "1", "2"),
        Verdict(rule("r4", Level.SHOULD), Status.WARNING, "三(2)班", Message("{n} classes found", n=1), "1", "2"),
        Verdict(
            rule("r1"), Status.FAIL, "三(1)班", Message("{n} classes found", n=3), "25", "≥ 26",
            (Origin("计划.xlsx", "课程计划", "B3"),), (("三(1)班", 1, 2), ("三(1)班", 1, 3), ("三(9)班", 1, 3)),
        ),
        Verdict(rule("r5"), Status.UNKNOWN, "", Message("no rooms given")),
        Verdict(rule("r6"), Status.NOT_APPLICABLE, "", Message("no grade 7")),
    )  # fmt: skip
    base: dict[str, object] = {
        "school": school(), "problem": case, "solution": solution, "timetable": timetable(), "violations": tuple(violations),
        "verdicts": verdicts, "gave_way": (Message("{n} classes found", n=9),), "options": {"time": "60"},
    }  # fmt: skip
    return Outcome(**{**base, **more})  # type: ignore[arg-type]
