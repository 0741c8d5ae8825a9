"""Who teaches what: lessons are dealt to teachers in even runs of neighbouring classes, as schools do it.

Loads (lessons a week) aim at what schools publish: about 12 for 语文 and 数学 with the duties of a home teacher on top, 12 to
14 for 英语 and the sciences, 14 to 16 for 体育, 音乐 and 美术. Home teachers (班主任) come from 语文, then 数学 and 英语, one for each
class. In primary school they also teach 班会, 综合实践 and what else their load allows, so that many teach three subjects and more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from random import Random

from instances.generator.people import names
from instances.generator.plans import HALF, PlanRow
from instances.school import SchoolClass, Stage, Teacher, stage_of

TARGETS: dict[str, int] = {
    "语文": 11, "数学": 11, "英语": 13, "体育": 15, "音乐": 14, "美术": 14, "科学": 13, "信息科技": 13, "信息技术": 13, "心理": 13,
    "道德与法治": 13, "劳动": 13,
}  # fmt: skip
OTHER_TARGET = 12
SPECIALISTS = ("体育", "音乐", "美术", "信息科技", "信息技术", "通用技术", "心理")
HOME_SUBJECTS = ("语文", "数学", "英语", "物理", "历史")  # whose teachers are home teachers, the first ones before the others
HOME_LOAD = 13  # a home teacher takes no further subject above this many lessons
_ORDER_ACROSS_STAGES = (1, 2, 7, 3, 4, 8, 5, 6, 9)


@dataclass
class Post:
    """A teacher being given lessons. ``load`` is lessons a week, ``most`` those of a week with all the fortnightly ones."""

    name: str
    group: str
    subjects: list[str] = field(default_factory=list)
    load: Fraction = Fraction(0)
    most: int = 0
    grades: set[int] = field(default_factory=set)

    def teacher(self) -> Teacher:
        """Return the teacher as the school lists them."""
        return Teacher(self.name, tuple(self.subjects), self.group)


@dataclass(frozen=True, slots=True)
class Duty:
    """Lessons to be given to a teacher: ``key`` is a class, or an optional course."""

    key: str
    subject: str
    periods: Fraction
    grade: int


class Staffroom:
    """The teachers of a school and who of them teaches what."""

    def __init__(self, rng: Random, mixed: bool) -> None:
        self._names = names(rng)
        self._mixed = mixed
        self._targets = {subject: target + rng.choice((-1, 0, 0, 1)) for subject, target in TARGETS.items()}
        self.posts: list[Post] = []
        self.given: dict[tuple[str, str], Post] = {}

    def give(self, post: Post, duty: Duty) -> None:
        """Give lessons to a teacher."""
        post.load += duty.periods
        post.most += ceil(duty.periods)
        post.grades.add(duty.grade)
        if duty.subject not in post.subjects:
            post.subjects.append(duty.subject)
        self.given[duty.key, duty.subject] = post

    def deal(self, duties: Sequence[Duty], alone: bool = False) -> None:
        """Hire as many teachers as the lessons need, or one ``alone``, and deal them out in order, in even runs."""
        total = sum((duty.periods for duty in duties), Fraction(0))
        if not total:
            return
        count = 1 if alone else -(-total // self._targets.get(duties[0].subject, OTHER_TARGET))
        hired: dict[int, Post] = {}
        before = Fraction(0)
        for duty in duties:
            number = int((before + duty.periods / 2) * count / total)
            before += duty.periods
            if number not in hired:
                hired[number] = Post(next(self._names), group_of(duty.subject, duty.grade, self._mixed))
                self.posts.append(hired[number])
            self.give(hired[number], duty)

    def teacher_of(self, class_name: str, subject: str) -> Post:
        """Return who teaches a subject to a class; raises KeyError when nobody does."""
        return self.given[class_name, subject]


def group_of(subject: str, grade: int, mixed: bool = False) -> str:
    """Return the teaching-research group (教研组); ``mixed`` says that primary and junior classes are in one school."""
    stage = stage_of(grade)
    if subject == "体育":
        return "体育组"
    if subject in ("音乐", "美术"):
        return "艺术组"
    if subject in ("信息科技", "信息技术", "通用技术", "心理", "劳动"):
        return "综合组"
    if stage is Stage.PRIMARY:
        if subject in ("语文", "道德与法治"):
            return f"{('低段', '中段', '高段')[(grade - 1) // 2]}语文组"
        if subject == "数学":
            return f"{'低段' if grade <= 3 else '高段'}数学组"
        return "小学英语组" if subject == "英语" and mixed else f"{subject}组"
    if subject in ("语文", "数学", "英语"):
        return f"{'初中' if mixed else ''}{subject}组"
    if stage is Stage.JUNIOR:
        return "理化生组" if subject in ("物理", "化学", "生物") else "文综组"
    return {"物理": "物理组", "化学": "化学生物组", "生物": "化学生物组"}.get(subject, "政史地组")


Plans = dict[str, tuple[PlanRow, ...]]


def staff(
    room: Staffroom, classes: Sequence[SchoolClass], plans: Plans, optional: Sequence[Duty], paired: Callable[[], bool]
) -> dict[str, str]:
    """Give every lesson of the plans, and the optional courses, a teacher; return the home teacher of each class.

    ``paired`` decides, class by class, whether a teacher of 语文 in grades 3 to 6 takes the next class too.
    """
    waiting: dict[str, list[Duty]] = {}
    for c in classes:
        for subject, periods in _hours(plans[c.name]).items():
            waiting.setdefault(subject, []).append(Duty(c.name, subject, periods, c.grade))
    for subject in HOME_SUBJECTS:
        for stage in Stage:
            duties = [duty for duty in waiting.get(subject, ()) if stage_of(duty.grade) is stage]
            if subject == "语文" and stage is Stage.PRIMARY:
                _deal_chinese(room, duties, paired)
            else:
                room.deal(duties)
        waiting.pop(subject, None)
    homes = _home_teachers(room, classes)
    for subject in ("班会", "综合实践", "校本课程", "书法", "道德与法治", "科学", "劳动"):
        waiting[subject] = [duty for duty in waiting.get(subject, ()) if not _taken_at_home(room, duty, homes[duty.key])]
    for duty in optional:
        waiting.setdefault(duty.subject, []).append(duty)
    for subject, duties in waiting.items():
        duties = [*duties]
        if subject in SPECIALISTS:
            duties.sort(key=lambda duty: _ORDER_ACROSS_STAGES.index(duty.grade) if duty.grade <= 9 else duty.grade)
        room.deal(duties)
    return {name: post.name for name, post in homes.items()}


def _hours(plan: Iterable[PlanRow]) -> dict[str, Fraction]:
    """Return weekly lessons by subject: practicals (实验) are taught by the teacher of the subject."""
    hours: dict[str, Fraction] = {}
    for row in plan:
        hours[row.subject] = hours.get(row.subject, Fraction(0)) + row.periods
    return hours


def _deal_chinese(room: Staffroom, duties: Sequence[Duty], paired: Callable[[], bool]) -> None:
    """One teacher for each class, some with two classes of one grade in grades 3 to 6."""
    waiting = list(duties)
    while waiting:
        run = [waiting.pop(0)]
        if run[0].grade >= 3 and waiting and waiting[0].grade == run[0].grade and paired():
            run.append(waiting.pop(0))
        room.deal(run, alone=True)


def _home_teachers(room: Staffroom, classes: Sequence[SchoolClass]) -> dict[str, Post]:
    """Match each class with one of its teachers, no teacher with two classes (augmenting paths).

    In primary school 语文 comes first; elsewhere 语文 and 数学 take turns; 物理 and 历史 stand in.
    """
    matched: dict[str, str] = {}  # teacher -> class
    wishes: dict[str, list[str]] = {}
    posts = {post.name: post for post in room.posts}
    for number, c in enumerate(classes):
        subjects = list(HOME_SUBJECTS)
        if c.grade > 6 and number % 2:
            subjects[:2] = ["数学", "语文"]
        wishes[c.name] = [room.teacher_of(c.name, s).name for s in subjects if (c.name, s) in room.given]

    def find(name: str, seen: set[str]) -> bool:
        for teacher in wishes[name]:
            if teacher not in seen:
                seen.add(teacher)
                if teacher not in matched or find(matched[teacher], seen):
                    matched[teacher] = name
                    return True
        return False

    for c in classes:
        if not find(c.name, set()):
            raise ValueError(f"no home teacher left for {c.name}")
    by_class = {name: posts[teacher] for teacher, name in matched.items()}
    return {c.name: by_class[c.name] for c in classes}


def _taken_at_home(room: Staffroom, duty: Duty, home: Post) -> bool:
    """Say whether the teachers whom the class has already take these lessons, and give them if so."""
    always = ("班会", "综合实践", "校本课程")
    if duty.subject in always:
        taker: Post | None = home
    elif duty.subject == "书法":
        taker = room.teacher_of(duty.key, "语文")
    elif stage_of(duty.grade) is not Stage.PRIMARY:
        taker = None
    elif duty.subject == "科学":
        taker = room.teacher_of(duty.key, "数学") if duty.grade <= 2 else None
        taker = taker if taker and taker.load + duty.periods <= HOME_LOAD + HALF else None
    else:
        taker = home if home.load + duty.periods <= HOME_LOAD + HALF else None
    if taker is None:
        return False
    room.give(taker, duty)
    return True


def spare(posts: Iterable[Post], most: int) -> list[Post]:
    """Return teachers with fewer than ``most`` lessons, the freest first."""
    return sorted((post for post in posts if post.load < most), key=lambda post: (post.load, post.name))
