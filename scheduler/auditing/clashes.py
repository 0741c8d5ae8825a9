"""Nobody and nothing in two places at once: teachers, classes and rooms, by the clock and by odd and even weeks.

Two lessons meet when they share a week and their times overlap; lessons without clock times overlap when day and period are equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from constraints.case import day_name
from constraints.rule import Rule
from constraints.verdict import Status, Verdict
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import NOWHERE
from instances.school import School, Weeks
from scheduler.auditing.own_rules import CLASS_CLASH, ROOM_CLASH, TEACHER_CLASH
from scheduler.reading.timetable_views import GROUPS

PLACEHOLDERS = frozenset(
    "班主任 各班主任 本班 外聘 外聘教师 待定 待聘 代课 全体教师 任课教师 科任 体育组 各科教师 学生 自主 值班 值班教师 教师 老师".split()  # noqa: SIM905 - a list of words is read more easily without quotes
)
"""Words in the place of a name that may stand for several people."""

OPEN_PLACE = 99
"""The capacity of a place whose capacity the timetable does not show (操场)."""


def find_clashes(school: School, timetable: SchoolTimetable) -> Iterator[Verdict]:
    """Yield a verdict for each clash, and one for each kind that has none or cannot be judged."""
    clock = _clock(school)
    named = {t: x for t, x in timetable.by_teacher.items() if t not in PLACEHOLDERS}
    yield from _of(TEACHER_CLASH, named, clock, _teacher_meets, Message("the timetable names no teachers"))
    yield from _of(CLASS_CLASH, timetable.by_class, clock, _class_meets, Message("the timetable names no classes"))
    yield from _rooms(school, timetable, clock)


Clock = Callable[[PlacedLesson], tuple[int, int] | None]
_Pair = tuple[PlacedLesson, PlacedLesson]


def _clock(school: School) -> Clock:
    """Return the clock times of a lesson: its own, else those of the bells of its classes unless these are assumed."""
    grades = {c.name: c.grade for c in school.classes}
    sections: dict[tuple[int, int, int], tuple[int, int]] = {}
    for grade in set(grades.values()):
        try:
            bell = school.bell_of(grade)
        except LookupError:
            continue
        if not bell.assumed:
            for day in bell.days:
                sections.update({(grade, day, s.period): (s.start, s.end) for s in bell.periods(day) if s.period is not None})

    def clock(lesson: PlacedLesson) -> tuple[int, int] | None:
        if lesson.start is not None and lesson.end is not None:
            return lesson.start, lesson.end
        found = [sections.get((grades.get(name, 0), lesson.day, lesson.period)) for name in lesson.classes]
        return found[0] if found else None

    return clock


def share_a_week(a: PlacedLesson, b: PlacedLesson) -> bool:
    """Say whether two lessons run in a common week; one whose weeks are open may run in either."""
    if Weeks.EITHER in (a.weeks, b.weeks):
        return Weeks.EVERY in (a.weeks, b.weeks)
    return Weeks.EVERY in (a.weeks, b.weeks) or a.weeks is b.weeks


def _overlap(a: PlacedLesson, b: PlacedLesson, clock: Clock) -> bool:
    if a.day != b.day or not share_a_week(a, b):
        return False
    first, second = clock(a), clock(b)
    if first is None or second is None:
        return a.period == b.period
    return first[0] < second[1] and second[0] < first[1]


def _teacher_meets(a: PlacedLesson, b: PlacedLesson) -> Status | None:
    """One lesson of two classes is printed once for each class: then subject, room and time agree and the room is named."""
    same = (a.subject, a.period, a.rooms) == (b.subject, b.period, b.rooms)
    if same and a.rooms and not set(a.classes) & set(b.classes):
        return Status.WARNING
    return Status.FAIL


def _class_meets(a: PlacedLesson, b: PlacedLesson) -> Status | None:
    if a.block and a.block == b.block:
        return Status.WARNING if a.block.startswith(GROUPS) and not (a.rooms and b.rooms and a.rooms != b.rooms) else None
    return Status.FAIL


def _of(
    rule: Rule,
    lessons_of: dict[str, tuple[PlacedLesson, ...]],
    clock: Clock,
    judge: Callable[[PlacedLesson, PlacedLesson], Status | None],
    absent: Message,
) -> Iterator[Verdict]:
    if not lessons_of:
        yield Verdict(rule, Status.UNKNOWN, "", absent)
        return
    clean = True
    for name, lessons in lessons_of.items():
        for a, b in _meeting(lessons, clock):
            status = judge(a, b)
            if status is not None:
                clean = False
                yield _verdict(rule, status, name, (a, b))
    if clean:
        yield Verdict(rule, Status.PASS, "", Message("{n} checked, no clash", n=len(lessons_of)), "0", "0")


def _meeting(lessons: Iterable[PlacedLesson], clock: Clock) -> Iterator[_Pair]:
    by_day: dict[int, list[PlacedLesson]] = defaultdict(list)
    for lesson in lessons:
        by_day[lesson.day].append(lesson)
    for day in sorted(by_day):
        yield from ((a, b) for a, b in combinations(by_day[day], 2) if _overlap(a, b, clock))


def _verdict(rule: Rule, status: Status, name: str, lessons: tuple[PlacedLesson, ...]) -> Verdict:
    first = lessons[0]
    where = Message("{day} period {period}", day=day_name(first.day), period=first.period)
    shown = "；".join(show_lesson(lesson) for lesson in lessons)
    if status is Status.FAIL:
        sentence = Message("{name}, {where}: at the same time {lessons}", name=name, where=where, lessons=shown)
    elif rule is CLASS_CLASH:
        sentence = Message(
            "{name}, {where}: {lessons} stand in one cell; right only if the class is taught in groups",
            name=name,
            where=where,
            lessons=shown,
        )
    else:
        sentence = Message(
            "{name}, {where}: {lessons} in one room; right only if the classes are taught together", name=name, where=where, lessons=shown
        )
    return Verdict(
        rule,
        status,
        f"{name} {where}",
        sentence,
        str(len(lessons)),
        "≤ 1",
        tuple(dict.fromkeys(x.origin for x in lessons if x.origin != NOWHERE)),
        tuple(dict.fromkeys((c, x.day, x.period) for x in lessons for c in x.classes)),
    )


def show_lesson(lesson: PlacedLesson) -> str:
    """Return a lesson in short: 三年级1班 语文 孙雪."""
    parts = ("、".join(lesson.classes), lesson.label or lesson.subject, "、".join(lesson.teachers), "、".join(lesson.rooms))
    mark = {Weeks.ODD: "【单】", Weeks.EVEN: "【双】"}.get(lesson.weeks, "")
    return mark + " ".join(part for part in parts if part)


def _rooms(school: School, timetable: SchoolTimetable, clock: Clock) -> Iterator[Verdict]:
    if not timetable.by_room:
        yield Verdict(ROOM_CLASH, Status.UNKNOWN, "", Message("the timetable names no rooms"))
        return
    capacity = {room.name: room.capacity for room in school.rooms}
    clean = True
    for name, lessons in timetable.by_room.items():
        limit = capacity.get(name, 1)
        if limit >= OPEN_PLACE:
            yield Verdict(ROOM_CLASH, Status.UNKNOWN, name, Message("how many classes {room} takes at once is not known", room=name))
            continue
        for lesson in lessons:
            # a room is fullest when some lesson begins, so it is enough to look at those moments
            together = [x for x in lessons if x is lesson or (_overlap(lesson, x, clock) and _starts_before(x, lesson, clock, lessons))]
            for week in (0, 1):
                here = [x for x in together if x.meets_in(week)]
                if len({(x.subject, x.teachers, x.period) for x in here}) <= limit:  # a joint lesson is printed for each class
                    continue
                clean = False
                yield _verdict(ROOM_CLASH, Status.FAIL, name, tuple(here))
                break
    if clean:
        yield Verdict(ROOM_CLASH, Status.PASS, "", Message("{n} checked, no clash", n=len(timetable.by_room)), "0", "0")


def _starts_before(other: PlacedLesson, lesson: PlacedLesson, clock: Clock, lessons: tuple[PlacedLesson, ...]) -> bool:
    a, b = clock(other), clock(lesson)
    key_a = (a[0] if a else other.period, lessons.index(other))
    key_b = (b[0] if b else lesson.period, lessons.index(lesson))
    return key_a < key_b
