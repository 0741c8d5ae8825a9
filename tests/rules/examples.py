"""For every kind of rule a case that keeps it and one that breaks it, built from the rule's own parameters.

Each builder takes the validated parameters, a grade, and whether the rule is to be kept; what it builds follows from the definition
of the kind alone, in plain arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from constraints.bell.sections_per_day import Window
from constraints.case import Case
from constraints.kind import Half
from constraints.kinds import KIND_OF
from constraints.rule import Rule
from instances.bells import BellSchedule, Section, SectionKind
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.records import Record, Records
from instances.school import Course, Room, School, SchoolClass

K = SectionKind
Build = Callable[[Any, int, bool], Case]


def example(rule: Rule, kept: bool) -> Case:
    """Return a case that keeps, or breaks, a rule."""
    params = KIND_OF[rule.kind].ruling(rule).params
    grade = rule.grades[0] if rule.grades else 3
    case = BUILDERS[rule.kind](params, grade, kept)
    conditions = tuple(Record(params.only_if, True) for _ in range(1) if params.only_if)
    return replace(case, records=Records((*(case.records.entries if case.records else ()), *conditions)))


def off(bounds: Any, kept: bool, step: float = 1) -> float:
    """A value that keeps the bounds, or misses them by ``step``."""
    if bounds.exactly is not None:
        return bounds.exactly + (0 if kept else step)
    if bounds.more_than is not None:
        return bounds.more_than + (step if kept else 0)
    if bounds.at_least is not None:
        return bounds.at_least - (0 if kept else step)
    return bounds.at_most + (0 if kept else step)


def plan(grade: int, hours: dict[str, float], **more: Any) -> School:
    courses = tuple(Course(s, s, ("c",), (f"{s}师",), Fraction(n).limit_denominator(2)) for s, n in hours.items() if n)
    return School("s", (SchoolClass("c", grade),), (), courses, (), **more)


def table(hours: dict[str, int], **more: Any) -> SchoolTimetable:
    """Lessons one after the other, 7 a day."""
    names = [s for s, n in hours.items() for _ in range(n)]
    return SchoolTimetable(tuple(PlacedLesson(1 + i // 7, 1 + i % 7, s, ("c",), (f"{s}师",), **more) for i, s in enumerate(names)))


def ring(grade: int, *sections: Section, days: range = range(1, 6), **more: Any) -> Case:
    """Bells of these sections and a break, which shows that they are whole."""
    whole = (*sections, Section(K.BREAK, 1400, 1405))
    bell = BellSchedule("b", (), dict.fromkeys(days, whole), **more)
    return Case(School("s", (SchoolClass("c", grade),), (), (), (bell,)))


def lesson(start: int, length: int = 40, period: int = 1) -> Section:
    return Section(K.LESSON, start, start + length, "", period)


NOON = Section(K.NOON_REST, 720, 780)


def weekly_total(p: Any, grade: int, kept: bool) -> Case:
    return Case(plan(grade, {"语文": off(p, kept)}))


def weekly_lessons(p: Any, grade: int, kept: bool) -> Case:
    value = off(p, kept, 0.5)
    return Case(plan(grade, {"数学": 1} | ({p.subjects[0]: value} if value > 0 else {})))


def weekly_minutes(p: Any, grade: int, kept: bool) -> Case:
    value = int(off(p, kept, 5))
    return Case(plan(grade, {"语文": 1}), SchoolTimetable((PlacedLesson(1, 1, "语文", ("c",), start=480, end=480 + value),)))


def subjects_offered(p: Any, grade: int, kept: bool) -> Case:
    first, *others = [s.split("|")[-1] for s in p.subjects]
    return Case(plan(grade, {"书法": 1} | dict.fromkeys([first] if kept else [], 1) | dict.fromkeys(others, 1)))


def subject_share(p: Any, grade: int, kept: bool) -> Case:
    least = p.at_least if p.at_least is not None else 0
    share = (least + p.at_most) / 2 if p.at_most is not None else least
    share = share if kept else (p.at_most + 2 if p.at_most is not None else least - 2)
    hours = Fraction(round(share * 2), 2)
    classes = tuple(SchoolClass(f"c{g}", g) for g in range(1, 10))
    courses = tuple(
        Course(f"{c.name}{s}", s, (c.name,), ("t",), n) for c in classes for s, n in ((p.subjects[0], hours), ("其他", 100 - hours)) if n
    )
    return Case(School("s", classes, (), courses, ()))


def plan_kept(p: Any, grade: int, kept: bool) -> Case:
    subject = p.subjects[0] if p.subjects else "语文"
    change = 0 if kept else 1 if p.direction == "at_most" else -1
    return Case(plan(grade, {subject: 3}), table({subject: 3 + change}))


def own_teachers(p: Any, grade: int, kept: bool) -> Case:
    subject = p.subjects[0]
    teachers = (f"{subject}师",) if kept else ("数学师",)
    return Case(plan(grade, {subject: 1}), SchoolTimetable((PlacedLesson(1, 1, subject, ("c",), teachers),)))


def specialist_teachers(p: Any, grade: int, kept: bool) -> Case:
    pairs = ((p.subjects[0], "甲"), (p.others[0], "乙" if kept else "甲"))
    courses = tuple(Course(s, s, ("c",), (t,), Fraction(1)) for s, t in pairs)
    return Case(School("s", (SchoolClass("c", grade),), (), courses, ()))


def staffed(p: Any, grade: int, kept: bool) -> Case:
    course = Course("a", "语文", ("c",), ("孙雪",) if kept else ("代课2",), Fraction(1))
    return Case(School("s", (SchoolClass("c", grade),), (), (course,), ()))


def teacher_load(p: Any, grade: int, kept: bool) -> Case:
    limit = int(p.at_most) if p.at_most is not None else 3
    return Case(plan(grade, {"语文": limit}), table({"语文": limit + (0 if kept else 1)}))


def self_study_free(p: Any, grade: int, kept: bool) -> Case:
    study = PlacedLesson(1, 1, "自习", ("c",), () if kept else ("甲", "乙"), kind="self_study")
    return Case(plan(grade, {"语文": 1}), SchoolTimetable((study,)))


def class_size(p: Any, grade: int, kept: bool) -> Case:
    return Case(School("s", (SchoolClass("c", grade, size=p.at_most + (0 if kept else 1)),), (), (), ()))


def rooms_listed(p: Any, grade: int, kept: bool) -> Case:
    names = [words.split("|")[0] for words in p.rooms][0 if kept else 1 :]
    rooms = tuple(Room(f"{name}1", name) for name in names)
    return Case(School("s", (SchoolClass("c", grade),), (), (), (), rooms=rooms))


def activity_without_pe(p: Any, grade: int, kept: bool) -> Case:
    days = ring(grade, lesson(480), NOON, Section(K.ACTIVITY, 960, 1000, "", 2)).school
    placed = [PlacedLesson(d, 1, p.pe[0] if d < 5 else "语文", ("c",)) for d in range(1, 6)]
    activity = PlacedLesson(
        5, 2 if kept else 1, "体育活动" if kept else "语文", ("c",), kind="activity" if kept else "lesson", start=960, end=1000
    )
    return Case(days, SchoolTimetable((*placed, activity)))


def activity_listed(p: Any, grade: int, kept: bool) -> Case:
    case = ring(grade, lesson(480), NOON, Section(K.ACTIVITY, 960, 1000, "", 2))
    periods = [
        PlacedLesson(d + 1, 2, "体育活动", ("c",), kind="activity", start=960, end=1000) for d in range(p.at_least - (0 if kept else 1))
    ]
    return replace(case, timetable=SchoolTimetable((PlacedLesson(1, 1, "语文", ("c",)), *periods)))


def activity_minutes(p: Any, grade: int, kept: bool) -> Case:
    rest = Section(p.sections[0], 600, 600 + p.at_least - 40 - (0 if kept else 5))
    case = ring(grade, lesson(480), rest)
    return replace(case, timetable=SchoolTimetable(tuple(PlacedLesson(d, 1, p.lessons[0], ("c",)) for d in range(1, 6))))


def common_time(p: Any, grade: int, kept: bool) -> Case:
    periods = p.periods + 1
    day = p.days[0] if p.days else 1
    bell = BellSchedule("b", (), {day: tuple(lesson(480 + 50 * i, period=i + 1) for i in range(periods))})
    courses = tuple(Course(t, "语文", ("c",), (t,), Fraction(1)) for t in ("甲", "乙"))
    busy = 1 if kept else 2
    lessons = tuple(PlacedLesson(day, i + 1, "语文", ("c",), ("甲" if i % 2 else "乙",)) for i in range(busy))
    return Case(School("s", (SchoolClass("c", grade),), (), courses, (bell,)), SchoolTimetable(lessons))


def school_week(p: Any, grade: int, kept: bool) -> Case:
    return ring(grade, lesson(480), days=range(1, 6 if kept else p.days[-1] + 1))


def section_times(p: Any, grade: int, kept: bool) -> Case:
    kind, length = p.sections[0], 40
    bound = p.not_before if p.not_before is not None else p.not_after
    wrong = -5 if p.not_before is not None else 5
    edge = bound + (0 if kept else wrong)
    start = edge if p.edge == "start" else edge - length
    period = 1 if kind is K.LESSON else None
    if p.half is Half.MORNING:
        noon = Section(K.NOON_REST, max(start + length, 660), max(start + length, 660) + 60)
    elif p.half is Half.AFTERNOON:
        noon = Section(K.NOON_REST, start - 70, start - 10)
    else:
        noon = Section(K.NOON_REST, 1300, 1310)
    return ring(grade, Section(kind, start, start + length, "", period), noon)


def daily_cap(p: Any, grade: int, kept: bool) -> Case:
    minutes = p.minutes + (0 if kept else 5)
    if p.span:
        ends = (Section(K.ARRIVAL, 400, 410), Section(K.DISMISSAL, 400 + minutes, 400 + minutes))
        bell = BellSchedule("b", (), {d: (*ends, Section(K.BREAK, 450, 455), lesson(460)) for d in range(1, 6)})
        return Case(School("s", (SchoolClass("c", grade),), (), (), (bell,)))
    return ring(grade, lesson(400, minutes - 40), Section(p.counts[-1], 1000, 1040, "", 2 if p.counts[-1] is K.LESSON else None))


def lesson_length(p: Any, grade: int, kept: bool) -> Case:
    right = p.minutes[0] if p.minutes else p.at_least or p.at_most
    wrong = (p.at_most if p.at_most is not None else max([*p.minutes, p.at_least or 0])) + 5
    if not p.minutes and p.at_most is None:
        wrong = p.at_least - 5
    return ring(grade, lesson(480, right if kept else wrong))


def lessons_in_half(p: Any, grade: int, kept: bool) -> Case:
    count = p.at_most + (0 if kept else 1)
    start = 420 if p.half is Half.MORNING else 800
    return ring(grade, *(lesson(start + 45 * i, period=i + 1) for i in range(count)), NOON)


def breaks(p: Any, grade: int, kept: bool) -> Case:
    each = p.each or 10
    gap = max(each, -(-(p.together or 0) // 2)) if kept else each - 5 if p.each else 1
    lessons = [lesson(420 + i * (40 + gap), period=i + 1) for i in range(3)]
    return ring(grade, *lessons, Section(K.NOON_REST, 800, 860))


WINDOW_AT = {
    None: 610,
    Window.BEFORE_LESSONS: 430,
    Window.MORNING: 610,
    Window.NOON: 725,
    Window.AFTERNOON: 850,
    Window.AFTER_LESSONS: 900,
    Window.EVENING: 1120,
}


def sections_per_day(p: Any, grade: int, kept: bool) -> Case:
    day = [lesson(480), lesson(530, 40, 2), lesson(660, 40, 3), lesson(800, 40, 4)]
    noon = [] if p.window is Window.NOON or K.NOON_REST in p.sections else [NOON]
    at = 575 if p.after_lesson == 2 else WINDOW_AT[p.window]
    if p.whole:
        length = int(off(p, kept, 5))
        return ring(grade, *day, *noon, Section(p.sections[0], at, at + length))
    count = int(off(p, kept))
    length = max(p.minutes, 5)
    days = range(1, max([5, *p.days]) + 1)
    return ring(grade, *day, *noon, *(Section(p.sections[0], at + i, at + i + length) for i in range(count)), days=days)


def sections_per_week(p: Any, grade: int, kept: bool) -> Case:
    count = int(off(p, kept))
    more = Section(p.sections[-1], 1000, 1000 + max(p.minutes, 30))
    base = (lesson(480), Section(K.BREAK, 520, 530))
    bell = BellSchedule("b", (), {d: (*base, more) if d <= count else base for d in range(1, 6)})
    return Case(School("s", (SchoolClass("c", grade),), (), (), (bell,)))


def sections_voluntary(p: Any, grade: int, kept: bool) -> Case:
    case = ring(grade, lesson(480), Section(p.sections[0], WINDOW_AT[p.window or Window.EVENING], 1200 if p.window is None else 450))
    return replace(case, records=Records((Record(p.item, kept),)))


def nothing_taught_in(p: Any, grade: int, kept: bool) -> Case:
    return ring(grade, lesson(480), Section(p.sections[0], 700, 760), lesson(760 if kept else 730, period=2))


def weekly_event(p: Any, grade: int, kept: bool) -> Case:
    base = (lesson(480), Section(K.BREAK, 520, 530))
    event = Section(K.MEETING, 460, 480, p.words[0])
    days = {d: (*base, event) if d in p.days and (kept or d != p.days[0]) else base for d in range(1, 6)}
    return Case(School("s", (SchoolClass("c", grade),), (), (), (BellSchedule("b", (), days),)))


def same_bells(p: Any, grade: int, kept: bool) -> Case:
    bells = tuple(BellSchedule(f"b{start}", (), {1: (lesson(start),)}) for start in (480, 480 if kept else 490))
    return Case(School("s", (SchoolClass("c", grade),), (), (), bells))


def seasonal_bells(p: Any, grade: int, kept: bool) -> Case:
    bells = tuple(BellSchedule(season, (), {1: (lesson(480),)}, season) for season in (("summer", "winter") if kept else ("summer",)))
    return Case(School("s", (SchoolClass("c", grade),), (), (), bells))


def service_until_work_ends(p: Any, grade: int, kept: bool) -> Case:
    case = ring(grade, lesson(480), Section(K.AFTER_SCHOOL, 960, 1050 if kept else 1045))
    return replace(case, records=Records((Record("local_work_ends", 1050),)))


def stated_amount(p: Any, grade: int, kept: bool) -> Case:
    return Case(School("s", (SchoolClass("c", grade),), (), (), ()), records=Records((Record(p.item, off(p, kept)),)))


def stated_fact(p: Any, grade: int, kept: bool) -> Case:
    value = p.expected if kept else not p.expected
    return Case(School("s", (SchoolClass("c", grade),), (), (), ()), records=Records((Record(p.item, value),)))


BUILDERS: dict[str, Build] = {
    "weekly_total": weekly_total,
    "weekly_lessons": weekly_lessons,
    "weekly_minutes": weekly_minutes,
    "subjects_offered": subjects_offered,
    "subject_share": subject_share,
    "plan_kept": plan_kept,
    "own_teachers": own_teachers,
    "specialist_teachers": specialist_teachers,
    "staffed": staffed,
    "teacher_load": teacher_load,
    "self_study_free": self_study_free,
    "class_size": class_size,
    "rooms_listed": rooms_listed,
    "activity_listed": activity_listed,
    "activity_minutes": activity_minutes,
    "common_time": common_time,
    "school_week": school_week,
    "section_times": section_times,
    "daily_cap": daily_cap,
    "lesson_length": lesson_length,
    "lessons_in_half": lessons_in_half,
    "breaks": breaks,
    "sections_per_day": sections_per_day,
    "sections_per_week": sections_per_week,
    "sections_voluntary": sections_voluntary,
    "nothing_taught_in": nothing_taught_in,
    "weekly_event": weekly_event,
    "same_bells": same_bells,
    "seasonal_bells": seasonal_bells,
    "service_until_work_ends": service_until_work_ends,
    "stated_amount": stated_amount,
    "stated_fact": stated_fact,
    "activity_on_days_without_pe": activity_without_pe,
}
