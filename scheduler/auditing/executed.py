"""The posted timetable against the one in use (阴阳课表): swapped, stolen, missing and extra lessons.

``stolen`` is a lesson of a protected subject that was replaced by an examined subject; it counts as an empty lesson (空堂) of the
protected subject. ``swapped`` means that two lessons of a class changed places within the week: nothing is lost. The lesson in use
comes from a second timetable, or from a lesson log (:mod:`scheduler.auditing.lesson_log`), one comparison for each week of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from constraints.case import day_name
from constraints.verdict import Status, Verdict
from instances import subjects
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import NOWHERE, Origin
from instances.school import School, Weeks
from scheduler.auditing.own_rules import POSTED_EXECUTED
from scheduler.reading.timetable_views import same_teachers

PROTECTED = frozenset(
    "体育 音乐 美术 艺术 书法 科学 信息科技 信息技术 劳动 综合实践 心理 班会 地方课程 校本课程 阅读 体育活动 道德与法治 通用技术".split()  # noqa: SIM905 - a list of words is read more easily without quotes
)
"""Subjects whose lessons are taken by others (挤占); those examined at the end of junior school only are left to the stage."""


class Change(StrEnum):
    """How the lesson in use differs from the posted one."""

    SWAPPED = "swapped"  # 调换
    STOLEN = "stolen"  # 被挤占
    REPLACED = "replaced"  # 改上其他科目
    MISSING = "missing"  # 未上
    EXTRA = "extra"  # 多出
    TEACHER = "other teacher"  # 换教师


@dataclass(frozen=True, slots=True)
class Difference:
    """One slot of one class in one week (0: every week, else its number in the log) where posted and executed differ."""

    change: Change
    class_name: str
    day: int
    period: int
    posted: str
    executed: str
    week: int = 0
    posted_at: Origin = NOWHERE
    executed_at: Origin = NOWHERE
    subject: str = ""

    def sentence(self) -> Message:
        """Say it in words."""
        values = {
            "name": self.class_name,
            "where": Message("{day} period {period}", day=day_name(self.day), period=self.period),
            "posted": self.posted or "-",
            "executed": self.executed or "-",
        }
        return Message(_SENTENCES[self.change].text, **values)


_SENTENCES = {
    Change.SWAPPED: Message("{name}, {where}: posted {posted}, taught {executed}; the two changed places within the week"),
    Change.STOLEN: Message("{name}, {where}: {posted} was taken for {executed}; counts as an empty lesson of {posted}"),
    Change.REPLACED: Message("{name}, {where}: posted {posted}, taught {executed}"),
    Change.MISSING: Message("{name}, {where}: {posted} was not taught"),
    Change.EXTRA: Message("{name}, {where}: {executed} was taught without being posted"),
    Change.TEACHER: Message("{name}, {where}: posted {posted}, taught by another teacher: {executed}"),
}


@dataclass(frozen=True)
class Comparison:
    """Posted against executed. ``weeks`` are the weeks compared (0 alone for two timetables); ``compared`` counts slots."""

    changes: tuple[Difference, ...]
    compared: int
    weeks: tuple[int, ...] = (0,)

    @property
    def stolen(self) -> tuple[Difference, ...]:
        """The protected lessons that were taken."""
        return tuple(d for d in self.changes if d.change is Change.STOLEN)

    def by_class_and_subject(self) -> dict[tuple[str, str], Counter[Change]]:
        """Totals for each class and posted subject."""
        found: dict[tuple[str, str], Counter[Change]] = defaultdict(Counter)
        for d in self.changes:
            found[d.class_name, d.subject][d.change] += 1
        return dict(sorted(found.items()))

    def by_week(self) -> dict[int, Counter[Change]]:
        """The trend: totals for each week, also those without any change."""
        found: dict[int, Counter[Change]] = {week: Counter() for week in self.weeks}
        for d in self.changes:
            found.setdefault(d.week, Counter())[d.change] += 1
        return found

    def verdicts(self) -> list[Verdict]:
        """Judge: stolen, replaced and missing lessons break the rule; swaps, extra lessons and substitutes are for the person to see."""
        if not self.changes:
            sentence = Message("{n} lessons compared, all taught as posted", n=self.compared)
            return [Verdict(POSTED_EXECUTED, Status.PASS, "", sentence, "0", "0")]
        broken = (Change.STOLEN, Change.REPLACED, Change.MISSING)
        return [
            Verdict(
                POSTED_EXECUTED,
                Status.FAIL if d.change in broken else Status.WARNING,
                f"{d.class_name} {day_name(d.day)} {d.period}",
                d.sentence(),
                d.executed,
                d.posted,
                tuple(o for o in (d.posted_at, d.executed_at) if o != NOWHERE),
                ((d.class_name, d.day, d.period),),
            )
            for d in self.changes
        ]


def compare_executed(posted: School, timetable: SchoolTimetable, executed: SchoolTimetable, names: dict[str, str]) -> Comparison:
    """Compare two timetables of a week. ``names`` gives for each posted class its name in the one in use."""
    changes: list[Difference] = []
    compared = 0
    for c in posted.classes:
        here = _slots(timetable.by_class.get(c.name, ()))
        there = _slots(executed.by_class.get(names.get(c.name, c.name), ()))
        compared += len(here)
        changes.extend(_class(c.name, here, there, 0))
    return Comparison(tuple(changes), compared)


Slots = dict[tuple[int, int], list[PlacedLesson]]


def _slots(lessons: Sequence[PlacedLesson]) -> Slots:
    found: Slots = defaultdict(list)
    for lesson in lessons:
        if lesson.kind in ("lesson", "activity", "self_study"):
            found[lesson.day, lesson.period].append(lesson)
    return found


def _shape(lessons: Sequence[PlacedLesson]) -> tuple[tuple[str, Weeks], ...]:
    return tuple(sorted({(x.subject, x.weeks) for x in lessons}))


def _show(lessons: Sequence[PlacedLesson], teachers: bool = False) -> str:
    texts = []
    for lesson in lessons:
        mark = {Weeks.ODD: "【单】", Weeks.EVEN: "【双】"}.get(lesson.weeks, "")
        name = (lesson.label or lesson.subject) + (" " + "、".join(lesson.teachers) if teachers and lesson.teachers else "")
        texts.append(mark + name)
    return "/".join(dict.fromkeys(texts))


def _class(name: str, here: Slots, there: Slots, week: int) -> Iterator[Difference]:
    """Classify the slots of a class in which the two differ."""
    differing = [slot for slot in sorted({*here, *there}) if _shape(here.get(slot, ())) != _shape(there.get(slot, ()))]
    lost = Counter(_shape(here[slot]) for slot in differing if slot in here)
    gained = Counter(_shape(there[slot]) for slot in differing if slot in there)
    moved = lost & gained  # what was only moved within the week
    for slot in sorted({*here, *there}):
        a, b = here.get(slot, []), there.get(slot, [])
        people = slot not in differing
        if people and (not any(x.teachers for x in a) or not any(x.teachers for x in b) or _same_people(a, b)):
            continue
        yield Difference(
            Change.TEACHER if people else _change(a, b, moved),
            name,
            *slot,
            _show(a, people),
            _show(b, people),
            week=week,
            posted_at=a[0].origin if a else NOWHERE,
            executed_at=b[0].origin if b else NOWHERE,
            subject=_show(a) or _show(b),
        )


def _same_people(a: Sequence[PlacedLesson], b: Sequence[PlacedLesson]) -> bool:
    first = tuple(dict.fromkeys(t for x in a for t in x.teachers))
    second = tuple(dict.fromkeys(t for x in b for t in x.teachers))
    return same_teachers(first, second)


def _change(a: Sequence[PlacedLesson], b: Sequence[PlacedLesson], moved: Counter[tuple[tuple[str, Weeks], ...]]) -> Change:
    if a and moved[_shape(a)]:
        moved[_shape(a)] -= 1
        return Change.SWAPPED
    if not b:
        return Change.MISSING
    if not a:
        return Change.SWAPPED if moved[_shape(b)] else Change.EXTRA
    taken = {x.subject for x in a if x.subject in PROTECTED} - {x.subject for x in b}
    by_exam = any(subjects.is_exam(x.subject) and x.subject not in PROTECTED for x in b)
    return Change.STOLEN if taken and by_exam else Change.REPLACED
