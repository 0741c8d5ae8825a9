"""Conflicts planted in a generated school: each kind takes a solvable plan and makes it impossible in its own way.

A plant returns the plan and the numbers of the rows (or ids of the courses) that it planted: the conflict that is reported must
name one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from random import Random

from instances.generator import generate
from instances.school import Course, Requirement, RequirementKind, School, Selector, Slot, Weeks

K = RequirementKind
Plant = Callable[[School, Random], tuple[School, tuple[str, ...]]]


def slots(days: Iterable[int], periods: Iterable[int]) -> tuple[Slot, ...]:
    return tuple(Slot(day, period) for day in days for period in periods)


def added(school: School, *rows: Requirement) -> tuple[School, tuple[str, ...]]:
    first = len(school.requirements)
    ids = tuple(f"requirement:{first + number}" for number in range(len(rows)))
    return replace(school, requirements=school.requirements + rows), ids


def row(
    kind: RequirementKind, text: str, places: Iterable[Slot] = (), count: int | None = None, **scope: tuple[object, ...]
) -> Requirement:
    return Requirement(kind, Selector(**scope), tuple(places), count, text=text)  # type: ignore[arg-type]  # each field has its own type


def load(school: School, teacher: str) -> int:
    return sum(int(c.periods) for c in school.courses if teacher in c.teachers)


def busy_teacher(school: School, rng: Random, least: int = 11) -> str:
    return rng.choice(sorted(t.name for t in school.teachers if load(school, t.name) >= least))


def changed(school: School, course: Course, **changes: object) -> School:
    return replace(school, courses=tuple(replace(c, **changes) if c.id == course.id else c for c in school.courses))  # type: ignore[arg-type]  # each field has its own type


def teacher(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    name = busy_teacher(school, rng)
    return added(
        school,
        row(K.FORBIDDEN, f"{name}只有周三、周四上午能来", slots((1, 2, 5), range(1, 9)) + slots((3, 4), range(4, 9)), teachers=(name,)),
    )


def teacher_days(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    return added(school, row(K.TEACHER_MAX_DAYS, "每周最多来1天", count=1, teachers=(busy_teacher(school, rng),)))


def teacher_day_limit(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    return added(school, row(K.TEACHER_MAX_DAY, "每天最多2节", count=2, teachers=(busy_teacher(school, rng),)))


def room(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    kind = rng.choice(["微机室", "音乐室", "美术室"])
    return added(school, row(K.FORBIDDEN, f"{kind}只有周五开放", slots(range(1, 5), range(1, 9)), rooms=(kind,)))


def school_class(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    name = rng.choice([c.name for c in school.classes if c.grade >= 3])
    return added(school, row(K.FORBIDDEN, f"{name}周一上午外出", slots((1,), range(1, 5)), classes=(name,)))


def bell(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    grade = rng.choice([3, 4, 5, 6])
    return added(school, row(K.EVENT, f"{grade}年级周二、周四下午提前放学", slots((2, 4), (6,)), grades=(grade,)))


def hours(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    course = rng.choice([c for c in school.courses if c.subject == "英语" and len(c.classes) == 1 and c.block is None])
    return changed(school, course, periods=course.periods + 5), (f"course:{course.id}",)


def rule(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    course = rng.choice([c for c in school.courses if c.subject == "英语" and c.periods == 3 and len(c.classes) == 1])
    return added(school, row(K.MIN_PER_DAY, "每天一节英语", count=1, classes=course.classes, subjects=("英语",)))


def joint_chain(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Two classes taught together by a teacher each, one of whom comes when the other is away."""
    grade = rng.choice([3, 4, 9])
    names = [c.name for c in school.classes if c.grade == grade]
    courses = [c for c in school.courses if c.subject == "音乐" and c.classes and c.classes[0] in names]
    other = next(t.name for t in school.teachers if "音乐" in t.subjects and t.name != courses[0].teachers[0])
    school = changed(school, courses[1], teachers=(other,))
    return added(
        school,
        row(K.JOINT, "两个班音乐合班", courses=(courses[0].id, courses[1].id)),
        row(K.FORBIDDEN, "只有周一至周三能来", slots((4, 5), range(1, 9)), teachers=(courses[0].teachers[0],)),
        row(K.FORBIDDEN, "只有周四、周五能来", slots((1, 2, 3), range(1, 9)), teachers=(other,)),
    )


def block(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Courses made to run together (走班) that share a teacher."""
    pairs = [
        (a, b) for a in school.courses for b in school.courses
        if a.id < b.id and a.subject == b.subject and set(a.teachers) & set(b.teachers) and a.periods == b.periods >= 2
        and a.subject in ("数学", "英语", "科学")
    ]  # fmt: skip
    first, second = rng.choice(pairs)
    return added(school, row(K.SAME_TIME, "走班同时上课", courses=(first.id, second.id)))


def common_free(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """A preparation meeting in all the periods in which the class meeting of its members is fixed."""
    group = rng.choice([g for g in dict.fromkeys(t.group for t in school.teachers) if g and "语文" in g])
    junior = group.startswith("初中")
    return added(school, row(K.COMMON_FREE, f"{group}周五教研", (Slot(5, 7 if junior else 5),), 1, groups=(group,)))


def doubles(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Two double periods of maths where only single periods are open."""
    course = rng.choice([c for c in school.courses if c.subject == "数学" and c.periods >= 4 and len(c.classes) == 1])
    return added(
        school,
        row(K.DOUBLES, "数学连堂两次", count=2, courses=(course.id,)),
        row(K.FORBIDDEN, "数学不排第2、4、6、7节", slots(range(1, 6), (2, 4, 6, 7)), courses=(course.id,)),
    )


def fortnight(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """The two fortnightly lessons of a full class both in odd weeks."""
    names = [c.name for c in school.classes if c.grade in (4, 5, 6)]
    halves = [c for c in school.courses if c.periods == Fraction(1, 2) and c.classes[0] in names]
    name = rng.choice(sorted({c.classes[0] for c in halves}))
    mine = tuple(c.id for c in halves if c.classes == (name,))
    extra = replace(row(K.FORTNIGHTLY, "都排单周", courses=mine), weeks=Weeks.ODD)
    return added(school, extra)


def fixed(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    course = rng.choice([c for c in school.courses if c.subject == "美术" and len(c.classes) == 1])
    slot = Slot(rng.randint(2, 4), 2)
    return added(
        school,
        row(K.FIXED, "美术固定", (slot,), courses=(course.id,)),
        row(K.FORBIDDEN, "美术老师外出", (slot,), teachers=course.teachers),
    )


def walking_block(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """A real block (走班) of two courses whose teachers are never there on the same day."""
    pairs = [
        (a, b) for a in school.courses for b in school.courses
        if a.id < b.id and a.subject == b.subject == "英语" and a.periods == b.periods and a.block is None and b.block is None
        and len(a.teachers) == len(b.teachers) == 1 and a.teachers != b.teachers and grade_of(school, a) == grade_of(school, b)
    ]  # fmt: skip
    first, second = rng.choice(pairs)
    for course in (first, second):
        school = changed(school, course, block="英语走班")
    school, ids = added(
        school,
        row(K.FORBIDDEN, "只有周一、周二能来", slots((3, 4, 5), range(1, 9)), teachers=first.teachers),
        row(K.FORBIDDEN, "只有周三至周五能来", slots((1, 2), range(1, 9)), teachers=second.teachers),
    )
    return school, (*ids, "block:英语走班")


def grade_of(school: School, course: Course) -> int:
    return next(c.grade for c in school.classes if c.name == course.classes[0])


def daily_limit(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Six lessons of Chinese at most once a day."""
    course = rng.choice([c for c in school.courses if c.subject == "语文" and c.periods >= 6 and len(c.classes) == 1])
    return added(school, row(K.MAX_PER_DAY, "语文每天最多1节", count=1, classes=course.classes, subjects=("语文",)))


def regulation(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """No PE and no activity on a Monday, where the regulations want one of them every day."""
    name = rng.choice([c.name for c in school.classes])
    subjects = ("体育", "体育活动")
    return added(school, row(K.FORBIDDEN, "周一操场维修", slots((1,), range(1, 10)), classes=(name,), subjects=subjects))


def collision(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Two subjects of a class fixed to one period."""
    name = rng.choice([c.name for c in school.classes if c.grade >= 3])
    slot = (Slot(rng.randint(2, 4), 3),)
    return added(
        school,
        row(K.FIXED, "数学固定", slot, classes=(name,), subjects=("数学",)),
        row(K.FIXED, "语文固定", slot, classes=(name,), subjects=("语文",)),
    )


def never_together(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Two courses that share the only equipment, in a grade that has music on one day only."""
    grade = rng.choice([3, 4, 5, 6])
    names = tuple(c.name for c in school.classes if c.grade == grade)
    return added(
        school,
        row(K.NOT_SAME_TIME, "共用一间琴房", classes=names, subjects=("音乐",)),
        row(
            K.FORBIDDEN,
            "音乐只排周二上午",
            slots((1, 3, 4, 5), range(1, 9)) + slots((2,), range(5, 9)),
            grades=(grade,),
            subjects=("音乐",),
        ),
    )


def not_at_once(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """The PE of many classes never at the same time: more lessons than periods."""
    return added(school, row(K.AT_MOST_AT_ONCE, "体育同时最多1个班", count=1, subjects=("体育",)))


def mixed(school: School, rng: Random) -> tuple[School, tuple[str, ...]]:
    """Two or three conflicts of different kinds at once."""
    found: tuple[str, ...] = ()
    kinds: list[Plant] = [teacher, rule, fixed, school_class, block, room, daily_limit, collision, regulation, joint_chain]
    for plant in rng.sample(kinds, rng.choice([2, 3])):
        school, more = plant(school, rng)
        found += more
    return school, found


PLANTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        teacher, teacher_days, teacher_day_limit, room, school_class, bell, hours, rule, joint_chain, block, common_free, doubles,
        fortnight, fixed, not_at_once, walking_block, daily_limit, regulation, collision, never_together, mixed,
    )
}  # fmt: skip


def planted(kind: str, seed: int, classes: int = 36) -> tuple[School, tuple[str, ...]]:
    """Return a generated school of ``classes`` classes with a conflict of a kind, and what was planted."""
    return PLANTS[kind](generate("nine-year", classes, seed), Random(f"{kind}{seed}"))
