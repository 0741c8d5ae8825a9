"""What a covered day must keep: nobody in two places, nobody absent teaches, protected subjects kept, the daily hour of activity.

Plain Python over the diary, written as the definition: proposals are made elsewhere and checked here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from instances import subjects
from instances.language import Message
from instances.lessons import PlacedLesson
from instances.school import RequirementKind, School
from scheduler.auditing.executed import PROTECTED
from scheduler.covering.diary import Change, Diary, overlap

SELF_STUDY = "自习"


@dataclass(frozen=True, slots=True)
class Absence:
    """A teacher who is away from ``first`` to ``last``; only in ``periods`` if any are given."""

    teacher: str
    first: date
    last: date
    periods: tuple[int, ...] = ()

    def covers(self, day: date, period: int) -> bool:
        """Say whether the teacher is away then."""
        return self.first <= day <= self.last and (not self.periods or period in self.periods)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a date."""

    date: date
    text: Message


def grade_of(school: School, lesson: PlacedLesson) -> int:
    """Return the grade of a lesson's first class, 0 where it is not known."""
    return next((c.grade for c in school.classes if c.name in lesson.classes), 0)


def is_protected(subject: str, grade: int) -> bool:
    """Say whether lessons of a subject may not be taken by an examined one (挤占)."""
    return subject in PROTECTED and not is_examined(subject, grade)


def is_examined(subject: str, grade: int) -> bool:
    """Say whether a subject is one that takes lessons: Chinese, maths, English; from grade 7 all examined subjects."""
    return subjects.is_main(subject) or (grade > 6 and subjects.is_exam(subject))


def faults(diary: Diary, dates: Iterable[date], absences: Iterable[Absence]) -> Iterator[Fault]:
    """Yield what is wrong on the given dates."""
    absences = tuple(absences)
    closed = closed_slots(diary.school)
    capacity = {room.name: room.capacity for room in diary.school.rooms}
    for day in dates:
        lessons = diary.on(day)
        yield from (Fault(day, text) for text in _clashes(lessons, capacity))
        for lesson in lessons:
            for name in lesson.teachers:
                if any(a.teacher == name and a.covers(day, lesson.period) for a in absences):
                    yield Fault(day, Message("{teacher} is absent in period {period}", teacher=name, period=lesson.period))
                if (lesson.day, lesson.period) in closed.get(name, ()):
                    yield Fault(day, Message("{teacher} may not teach in period {period}", teacher=name, period=lesson.period))


def _clashes(lessons: tuple[PlacedLesson, ...], capacity: dict[str, int]) -> Iterator[Message]:
    people: dict[str, list[PlacedLesson]] = defaultdict(list)
    rooms: dict[str, list[PlacedLesson]] = defaultdict(list)
    for lesson in lessons:
        for name in {*lesson.teachers, *lesson.classes}:
            people[name].append(lesson)
        for name in lesson.rooms:
            rooms[name].append(lesson)
    for name, own in people.items():
        for b, a in combinations(own, 2):
            if overlap(a, b) and not (a.block and a.block == b.block):
                yield Message("{who} has two lessons in period {period}", who=name, period=a.period)
    for name, own in rooms.items():
        for a in own:
            at_once = sum(overlap(a, b) for b in own)
            if at_once > capacity.get(name, 1):
                yield Message("{room} is taken by {count} lessons in period {period}", room=name, count=at_once, period=a.period)


def change_faults(diary: Diary, changes: Iterable[Change], after: Diary) -> Iterator[Fault]:
    """Yield what is wrong with changes themselves: protected lessons taken, days left without activity, classes that lose a lesson."""
    for change in changes:
        old, new = change.before, change.after
        grade = grade_of(diary.school, old.lesson)
        if old.lesson.classes != new.lesson.classes:
            yield Fault(old.date, Message("the class of a lesson may not change"))
        if is_protected(old.lesson.subject, grade) and is_examined(new.lesson.subject, grade):
            text = Message("{subject} is given to {other}", subject=old.lesson.subject, other=new.lesson.subject)
            yield Fault(old.date, text)
        for day in {old.date, new.date}:
            for name in old.lesson.classes:
                if has_activity(diary, name, day) and not has_activity(after, name, day):
                    yield Fault(day, Message("{name} is left without PE or activity", name=name))
                before, now = (sum(name in x.classes for x in d.on(day)) for d in (diary, after))
                if now != before:
                    yield Fault(day, Message("{name} has {now} lessons instead of {before}", name=name, now=now, before=before))


def has_activity(diary: Diary, name: str, day: date) -> bool:
    """Say whether a class has PE or an activity period on a date."""
    return any(name in lesson.classes and lesson.subject in subjects.ACTIVITY for lesson in diary.on(day))


def closed_slots(school: School) -> dict[str, set[tuple[int, int]]]:
    """Return, for each teacher, the (day, period) in which the plan forbids lessons."""
    found: dict[str, set[tuple[int, int]]] = {}
    for requirement in school.requirements:
        scope = requirement.scope
        if requirement.kind is not RequirementKind.FORBIDDEN or not requirement.required:
            continue
        if scope.classes or scope.grades or scope.subjects or scope.rooms or scope.courses:
            continue
        names = set(scope.teachers) | {t.name for t in school.teachers if t.group is not None and t.group in scope.groups}
        for name in names:
            found.setdefault(name, set()).update((slot.day, slot.period) for slot in requirement.slots)
    return found
