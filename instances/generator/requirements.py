"""排课要求 of a made-up school: every kind of requirement, mostly wishes.

What is required fits by counting (tests/instances/test_generator_arithmetic.py): fixed events fill slots that the plans leave free,
common preparation of the groups is spread over the afternoons, part-time teachers have few lessons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from random import Random

from instances.bells import BellSchedule, SectionKind
from instances.generator.staffing import Post
from instances.generator.wishes import teachers_requirements
from instances.school import Course, Requirement, RequirementKind, Room, SchoolClass, Selector, Slot, Stage, Weeks, stage_of

_K = RequirementKind
_CLASS_MEETING = {Stage.PRIMARY: Slot(5, 5), Stage.JUNIOR: Slot(5, 7), Stage.SENIOR: Slot(1, 8)}
_LARGEST_GROUP = 40  # teachers who can be away on one afternoon
_LABOUR_SHARE = 12  # one plot of the school garden for as many classes


@dataclass(frozen=True)
class Plan:
    """What the requirements are made for. ``demands`` scales the number of those that are about single teachers."""

    classes: Sequence[SchoolClass]
    posts: Sequence[Post]
    courses: Sequence[Course]
    rooms: Sequence[Room]
    bells: Sequence[BellSchedule]
    demands: float

    @cached_property
    def grades(self) -> tuple[int, ...]:
        """The grades of the school, in order."""
        return tuple(sorted({c.grade for c in self.classes}))

    def only(self, *grades: int) -> tuple[int, ...]:
        """Return those of the grades that the school has."""
        return tuple(grade for grade in grades if grade in self.grades)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of the school, in order."""
        return tuple(dict.fromkeys(stage_of(grade) for grade in self.grades))

    def of_stage(self, stage: Stage) -> tuple[int, ...]:
        """Return the grades of a stage that the school has."""
        return tuple(grade for grade in self.grades if stage_of(grade) is stage)

    def in_grade(self, grade: int, subject: str) -> list[Course]:
        """Return the courses of a subject in the classes of a grade, in order, without optional blocks."""
        names = {c.name for c in self.classes if c.grade == grade}
        return [c for c in self.courses if c.subject == subject and c.block is None and names.issuperset(c.classes)]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The subjects taught in the school."""
        return frozenset(c.subject for c in self.courses)

    @cached_property
    def last_lessons(self) -> tuple[Slot, ...]:
        """The last lesson of each day, by the longest day of any stage."""
        return tuple(Slot(day, max(len(bell.lessons(day)) for bell in self.bells)) for day in range(1, 6))


def requirements_of(
    classes: Sequence[SchoolClass],
    posts: Sequence[Post],
    courses: Sequence[Course],
    rooms: Sequence[Room],
    bells: Sequence[BellSchedule],
    rng: Random,
    demands: float,
) -> list[Requirement]:
    """Return the requirements of a school: fixed events always, the others where ``demands`` is more than 0."""
    plan = Plan(classes, posts, courses, rooms, bells, demands)
    found = list(_fixed_events(plan))
    if demands > 0:
        found.extend(_subjects(plan))
        found.extend(_courses(plan))
        found.extend(_groups(plan))
        homes = {c.home_teacher for c in classes}
        found.extend(teachers_requirements(posts, frozenset(filter(None, homes)), plan.last_lessons, rng, demands))
    return found


def every_day(*periods: int, days: Iterable[int] = range(1, 6)) -> tuple[Slot, ...]:
    """Return the slots of some periods on some days."""
    return tuple(Slot(day, period) for day in days for period in periods)


def _fixed_events(plan: Plan) -> Iterator[Requirement]:
    """升旗, 社团, 班会 and the staff meeting: what fills the slots that weekly plans leave."""
    for stage in plan.stages:
        grades = plan.of_stage(stage)
        low = plan.only(1, 2)
        if stage is Stage.PRIMARY and low:
            yield Requirement(_K.EVENT, Selector(grades=low), every_day(6, days=range(2, 6)), text="低年级社团活动")
        if stage is not Stage.PRIMARY:
            yield Requirement(_K.EVENT, Selector(grades=grades), (Slot(1, 1),), text="升旗仪式")
        if stage is Stage.SENIOR:
            yield Requirement(_K.EVENT, Selector(grades=grades), every_day(7, 8, days=(5,)), text="社团活动")
        yield Requirement(_K.FIXED, Selector(grades=grades, subjects=("班会",)), (_CLASS_MEETING[stage],), text="班会统一时间")
    groups = tuple(dict.fromkeys(post.group for post in plan.posts))
    after = max(s.period or 0 for bell in plan.bells for s in bell.periods(3) if s.kind is SectionKind.ACTIVITY)
    yield Requirement(_K.EVENT, Selector(groups=groups), (Slot(3, after),), text="教职工例会")


def _subjects(plan: Plan) -> Iterator[Requirement]:
    """Rules about when subjects are taught."""
    main = ("语文", "数学", "英语")
    yield Requirement(
        _K.PREFERRED, Selector(grades=plan.only(6, 9, 12), subjects=main), every_day(1, 2, 3, 4), required=False,
        text="毕业年级语数英尽量排上午",
    )  # fmt: skip
    yield Requirement(_K.AVOIDED, Selector(subjects=("体育",)), every_day(5), required=False, text="午饭后第一节尽量不排体育")
    yield Requirement(_K.FORBIDDEN, Selector(subjects=("劳动",)), every_day(1), text="第一节不排劳动课")
    yield Requirement(_K.MAX_PER_DAY, Selector(subjects=main), count=4, text="语数英合计每天不超过4节")
    daily = plan.only(5, 6, 7, 8, 9, 12)
    yield Requirement(_K.MIN_PER_DAY, Selector(grades=daily, subjects=("数学",)), count=1, text="保证每天有1节数学")
    if low := plan.only(1, 2):
        yield Requirement(_K.MIN_PER_DAY, Selector(grades=low, subjects=("语文",)), count=1, text="低年级每天有语文")
    twice = "科学" if "科学" in plan.subjects else "历史"
    spread = plan.only(3, 4, 5, 6) or plan.only(7, 8, 9, 10)
    yield Requirement(
        _K.DAYS_BETWEEN, Selector(grades=spread, subjects=(twice,)), count=2, required=False, text=f"{twice}两节课之间至少隔一天"
    )
    yield Requirement(
        _K.NOT_NEXT_TO, Selector(subjects=("体育",)), other=Selector(subjects=("劳动",)), required=False, text="体育与劳动不相邻"
    )
    fine = "书法" if "书法" in plan.subjects else "美术"
    yield Requirement(
        _K.NOT_AFTER, Selector(subjects=(fine,)), other=Selector(subjects=("体育",)), required=False, text=f"体育课后不排{fine}"
    )
    plots = max(2, -(-len(plan.classes) // _LABOUR_SHARE))
    yield Requirement(
        _K.AT_MOST_AT_ONCE, Selector(subjects=("劳动",)), count=plots, text=f"劳动基地同时最多容纳{plots}个班"
    )  # fmt: skip
    doubles = {Stage.PRIMARY: ("美术", (3, 4)), Stage.JUNIOR: ("综合实践", (7,)), Stage.SENIOR: ("信息技术", (10,))}
    for stage in plan.stages:
        subject, grades = doubles[stage]
        yield Requirement(_K.DOUBLES, Selector(grades=plan.only(*grades), subjects=(subject,)), count=1, text=f"{subject}两节连上")
        first = plan.of_stage(stage)[:1]
        days = range(1, 6) if stage is Stage.PRIMARY else range(2, 6)
        yield Requirement(
            _K.HOME_TEACHER, Selector(grades=first), every_day(1, days=days), 2, required=False, text="起始年级班主任每周至少上两个第一节"
        )
    step = plan.only(5, 8, 11)
    yield Requirement(_K.IN_STEP, Selector(grades=step, subjects=("数学",)), count=1, required=False, text="同一教师平行班数学进度平齐")


def _courses(plan: Plan) -> Iterator[Requirement]:
    """Requirements about single courses: joint, at the same time, never at the same time, odd weeks; and a room that is closed."""
    for grade in plan.only(5, 8, 11):
        if len(pair := plan.in_grade(grade, "综合实践")[:2]) == 2:
            yield Requirement(_K.JOINT, Selector(courses=tuple(c.id for c in pair)), text="两个班综合实践合班上")
    for grade in plan.only(3, 7, 10):
        yield Requirement(
            _K.FORTNIGHTLY, Selector(grades=(grade,), subjects=("心理",)), weeks=Weeks.ODD, text="心理课单周上，校本课程双周上"
        )
    if pair := _same_time_pair(plan):
        yield Requirement(_K.SAME_TIME, Selector(courses=tuple(c.id for c in pair)), text=f"两个班{pair[0].subject}同时上，便于分层教学")
    shared = next(found for s, g in (("科学", 5), ("生物", 8), ("生物", 10)) if (found := plan.in_grade(g, s)))[:4]
    yield Requirement(_K.NOT_SAME_TIME, Selector(courses=tuple(c.id for c in shared)), text="共用一套实验器材，不能同时上")
    computers = [room for room in plan.rooms if room.kind == "微机室"]
    yield Requirement(_K.FORBIDDEN, Selector(rooms=(computers[-1].name,)), (Slot(4, 6),), text="机房维护")


def _same_time_pair(plan: Plan) -> list[Course]:
    """Return two courses of one grade that different teachers can give at one time, without special rooms."""
    joint = (5, 8, 11)
    for subject in ("英语", "书法", "数学", "综合实践"):
        for grade in (grade for grade in reversed(plan.grades) if grade not in joint):
            courses = plan.in_grade(grade, subject)
            for first, second in pairwise(courses):
                if first.teachers != second.teachers and first.periods == second.periods and not first.doubles:
                    return [first, second]
    return []


def _groups(plan: Plan) -> Iterator[Requirement]:
    """Common preparation (教研) of each group on one afternoon; last lessons shared fairly in the first group.

    A group too large to be away at once prepares in two or more parts.
    """
    groups: dict[str, list[str]] = {}
    for post in plan.posts:
        groups.setdefault(post.group, []).append(post.name)
    groups = {group: names for group, names in groups.items() if len(names) > 1}
    parts: list[tuple[str, Selector, frozenset[str]]] = []
    for group, names in groups.items():
        count = -(-len(names) // _LARGEST_GROUP)
        size = -(-len(names) // count)
        for number in range(count):
            part = names[number * size : (number + 1) * size]
            whom = Selector(groups=(group,)) if count == 1 else Selector(teachers=tuple(part))
            parts.append((f"{group}教研" if count == 1 else f"{group}教研（第{number + 1}批）", whom, frozenset(part)))
    for (text, whom, _), day in zip(parts, _preparation_days(plan, [names for _, _, names in parts]), strict=True):
        yield Requirement(_K.COMMON_FREE, whom, every_day(5, 6, days=(day,)), 2, text=text)
    yield Requirement(_K.FAIR_TIMES, Selector(groups=(next(iter(groups)),)), plan.last_lessons, required=False, text="最后一节大家均摊")


def _preparation_days(plan: Plan, parts: Sequence[frozenset[str]]) -> Iterator[int]:
    """Yield a day, Monday to Thursday, for each part of the staff: on no afternoon is a class without most of its teachers, nor the
    school; before that, on none are there fewer teachers left than the classes need.
    """
    missing: dict[int, Counter[str]] = {day: Counter() for day in range(1, 5)}
    away: dict[int, frozenset[str]] = {day: frozenset() for day in range(1, 5)}
    for names in parts:
        hours: Counter[str] = Counter()
        for course in plan.courses:
            if not names.isdisjoint(course.teachers):
                for name in course.classes:
                    hours[name] += int(course.periods)
        burden = {
            day: (_stranded(plan, away[day] | names), len(away[day]) * len(names) + sum(missing[day][name] * hours[name] for name in hours))
            for day in missing
        }
        best = min(missing, key=burden.__getitem__)
        missing[best] += hours
        away[best] |= names
        yield best


def _stranded(plan: Plan, away: Collection[str]) -> int:
    """Return how many classes go without when each teacher who is not away takes one of their classes (augmenting paths)."""
    teachers: dict[str, set[str]] = {c.name: set() for c in plan.classes}
    for course in plan.courses:
        if course.teachers and not any(name in away for name in course.teachers):
            for name in course.classes:
                teachers[name].add(course.teachers[0])
    taken: dict[str, str] = {}

    def seat(name: str, asked: set[str]) -> bool:
        for teacher in sorted(teachers[name] - asked):
            if teacher not in asked:
                asked.add(teacher)
                if teacher not in taken or seat(taken[teacher], asked):
                    taken[teacher] = name
                    return True
        return False

    return sum(not seat(name, set()) for name in teachers)
