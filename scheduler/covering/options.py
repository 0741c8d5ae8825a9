"""Every legal way to cover one lesson of an absent teacher: somebody takes it, or it changes places with another lesson of the class.

Costs say how good a cover is; smaller is better. They are the documented defaults of docs/living-timetable.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from instances import subjects
from instances.language import Message
from instances.lessons import PlacedLesson
from instances.school import RequirementKind
from scheduler.covering.diary import Change, DatedLesson, Diary, overlap
from scheduler.covering.rules import SELF_STUDY, Absence, closed_slots, grade_of, has_activity, is_examined, is_protected

SAME_SUBJECT_AND_CLASS, SAME_GRADE, SAME_SUBJECT, KNOWS_CLASS, STRANGER = 0, 3, 5, 10, 25
SWAP, PER_WEEK_AWAY = 6, 2
FORTNIGHT = timedelta(days=13)
MOST_SWAPS = 40


@dataclass(frozen=True, eq=False)
class Option:
    """A way to cover ``target``. ``uses`` are the (name, date, from, to) that it takes of a person or room, in minutes of the day.

    ``teacher`` is who comes instead; ``why`` the reasons for people.
    """

    target: DatedLesson
    kind: str
    teacher: str
    changes: tuple[Change, ...]
    cost: int
    why: tuple[Message, ...]
    uses: tuple[tuple[str, date, int, int], ...]
    partner: DatedLesson | None = None


@dataclass
class Rejected:
    """How many teachers were no option, by reason, and how many options broke which requirement: why a lesson cannot be covered."""

    reasons: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)


class Options:
    """Finds options in one diary, for several absences together. ``load`` is how many covers each teacher has given this term."""

    def __init__(self, diary: Diary, absences: tuple[Absence, ...], load: Mapping[str, int] | None = None) -> None:
        self.diary = diary
        self.absences = absences
        self.load = load or {}
        self.since = min(a.first for a in absences)
        self.closed = closed_slots(diary.school)
        self.capacity = {room.name: room.capacity for room in diary.school.rooms}
        self.per_day = _daily_limits(diary)
        fixed = (r for r in diary.school.requirements if r.kind is RequirementKind.FIXED and r.required)
        self.pinned = frozenset(subject for r in fixed for subject in r.scope.subjects)
        self.teaches: dict[str, set[str]] = defaultdict(set)
        self.classes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.grades: dict[str, set[int]] = defaultdict(set)
        for lesson in diary.timetable.lessons:
            if lesson.kind == "event":
                continue
            for name in lesson.teachers:
                self.teaches[name].add(lesson.subject)
                self.grades[name].add(grade_of(diary.school, lesson))
                for own in lesson.classes:
                    self.classes[name][own].add(lesson.subject)
        self.people = [t.name for t in diary.school.teachers] or sorted(self.teaches)
        self._busy: dict[date, dict[str, list[PlacedLesson]]] = {}

    def targets(self) -> list[DatedLesson]:
        """Return the lessons that have to be covered: those of the absent teachers, meetings left out."""
        found = []
        for day in self.diary.calendar.dates(self.since, max(a.last for a in self.absences)):
            for lesson in self.diary.on(day):
                if lesson.kind != "event" and any(self.away(name, day, lesson.period) for name in lesson.teachers):
                    found.append(DatedLesson(day, lesson))
        return found

    def away(self, name: str, day: date, period: int) -> bool:
        """Say whether a teacher is absent then."""
        return any(a.teacher == name and a.covers(day, period) for a in self.absences)

    def busy(self, day: date) -> dict[str, list[PlacedLesson]]:
        """Return the lessons of a date by teacher, made once."""
        if day not in self._busy:
            self._busy[day] = self.diary.busy(day)
        return self._busy[day]

    def of(self, target: DatedLesson, rejected: Rejected) -> list[Option]:
        """Return every option for a lesson, the cheapest first."""
        found = [*self._substitutes(target, rejected), *self._swaps(target, rejected)]
        return sorted(found, key=lambda o: (o.cost, o.kind, o.teacher))

    # -- substitution -------------------------------------------------------------------------------------------------

    def _substitutes(self, target: DatedLesson, rejected: Rejected) -> Iterator[Option]:
        lesson, day = target.lesson, target.date
        for name in self.people:
            if name in lesson.teachers:
                continue
            reason = self._cannot_come(name, day, lesson)
            if reason:
                rejected.reasons[reason] += 1
                continue
            subject = self._subject_with(name, lesson)
            if subject is None:
                rejected.reasons["protected"] += 1
                continue
            away = [t for t in lesson.teachers if self.away(t, day, lesson.period)]
            teachers = tuple(dict.fromkeys(name if t in away else t for t in lesson.teachers))
            new = replace(lesson, teachers=teachers)
            if subject != lesson.subject:
                new = replace(new, subject=subject, label=subject, courses=(), kind="self_study" if subject == SELF_STUDY else "lesson")
            cost, why = self._fit(name, lesson)
            yield Option(
                target, "substitute", name, (Change(target, DatedLesson(day, new)),), cost + 3 * self.load.get(name, 0), why,
                ((name, day, *_span(lesson)),),
            )  # fmt: skip

    def _cannot_come(self, name: str, day: date, lesson: PlacedLesson, without: tuple[PlacedLesson, ...] = ()) -> str:
        """Return why a teacher cannot teach at a lesson's time: absent, closed, busy, full; empty when nothing stands against it."""
        if self.away(name, day, lesson.period):
            return "absent"
        if (lesson.day, lesson.period) in self.closed.get(name, ()):
            return "closed"
        own = [x for x in self.busy(day).get(name, []) if x not in without]
        if any(overlap(lesson, x) for x in own):
            return "busy"
        most = self.per_day.get(name)
        return "full" if most is not None and len(own) >= most else ""

    def _subject_with(self, name: str, lesson: PlacedLesson) -> str | None:
        """Return what the class has when this teacher comes; None when a protected subject would be lost to an examined one."""
        grade = grade_of(self.diary.school, lesson)
        if lesson.subject in self.teaches[name] or lesson.kind == "activity" or lesson.subject == "体育活动":
            return lesson.subject
        own = {s for c in lesson.classes for s in self.classes[name].get(c, ())}
        if not is_protected(lesson.subject, grade):
            return min(own, key=lambda s: (s not in subjects.MAIN, s)) if own else SELF_STUDY
        if lesson.subject in subjects.ACTIVITY:
            return None  # only who teaches PE can keep it PE
        kept = sorted(s for s in own if not is_examined(s, grade))
        if kept:
            return kept[0]
        examined = any(is_examined(s, grade) for s in self.teaches[name])
        return None if examined or not self.teaches[name] else lesson.subject

    def _fit(self, name: str, lesson: PlacedLesson) -> tuple[int, tuple[Message, ...]]:
        knows = any(c in self.classes[name] for c in lesson.classes)
        if lesson.subject in self.teaches[name]:
            if knows:
                return SAME_SUBJECT_AND_CLASS, (Message("same subject"), Message("knows the class"))
            near = grade_of(self.diary.school, lesson) in self.grades[name]
            return (SAME_GRADE, (Message("same subject"), Message("same grade"))) if near else (SAME_SUBJECT, (Message("same subject"),))
        return (KNOWS_CLASS, (Message("knows the class"),)) if knows else (STRANGER, (Message("free then"),))

    # -- swap within the fortnight -----------------------------------------------------------------------------------

    def _swaps(self, target: DatedLesson, rejected: Rejected) -> Iterator[Option]:
        lesson, day = target.lesson, target.date
        if lesson.double or lesson.block or not lesson.classes or lesson.subject in self.pinned:
            rejected.reasons["not swapped"] += 1
            return
        made = 0
        dates = sorted(self.diary.calendar.dates(max(self.since, day - FORTNIGHT), day + FORTNIGHT), key=lambda d: (abs((d - day).days), d))
        for other_day in dates:
            for other in self.diary.on(other_day):
                if (
                    other.classes != lesson.classes
                    or other.kind != lesson.kind
                    or other.double
                    or other.block
                    or other.subject in self.pinned
                ):
                    continue
                partner = DatedLesson(other_day, other)
                if set(other.teachers) & set(lesson.teachers) or not self._swap_holds(target, partner):
                    continue
                yield self._swap(target, partner)
                made += 1
                if made >= MOST_SWAPS:
                    return
        if not made:
            rejected.reasons["no swap"] += 1

    def _swap_holds(self, target: DatedLesson, partner: DatedLesson) -> bool:
        """Say whether both teachers can, the rooms are free, and both days stay what they must be for the class."""
        here, there = target.lesson, partner.lesson
        for name in here.teachers:
            if self._cannot_come(name, partner.date, there, (here,) if target.date == partner.date else ()):
                return False
        for name in there.teachers:
            if self.away(name, partner.date, there.period):
                return False  # that lesson needs cover itself
            if self._cannot_come(name, target.date, here, (there,) if target.date == partner.date else ()):
                return False
        for rooms, at, gone in ((here.rooms, partner, there), (there.rooms, target, here)):
            for room in rooms:
                taken = sum(room in x.rooms and overlap(x, at.lesson) and x != gone for x in self.diary.on(at.date))
                if taken >= self.capacity.get(room, 1):
                    return False
        if target.date != partner.date:
            for day, comes, goes in ((target.date, there, here), (partner.date, here, there)):
                own = [x for x in self.diary.on(day) if set(x.classes) & set(here.classes)]
                if sum(x.subject == comes.subject for x in own) >= 2 and comes.subject != goes.subject:
                    return False
                if goes.subject in subjects.ACTIVITY and comes.subject not in subjects.ACTIVITY:
                    rest = [x for x in own if x is not goes and x != goes]
                    left = {c for x in rest if x.subject in subjects.ACTIVITY for c in x.classes}
                    if any(has_activity(self.diary, c, day) and c not in left for c in here.classes):
                        return False
        return True

    def _swap(self, target: DatedLesson, partner: DatedLesson) -> Option:
        here, there = target.lesson, partner.lesson
        moved = replace(here, day=there.day, period=there.period, start=there.start, end=there.end)
        back = replace(there, day=here.day, period=here.period, start=here.start, end=here.end)
        changes = (Change(target, DatedLesson(partner.date, moved)), Change(partner, DatedLesson(target.date, back)))
        weeks = abs((partner.date - target.date).days) // 7
        uses = [(name, partner.date, *_span(there)) for name in (*here.teachers, *here.rooms)]
        uses += [(name, target.date, *_span(here)) for name in (*there.teachers, *there.rooms)]
        why = (Message("no lesson is lost"),)
        return Option(
            target, "swap", there.teachers[0] if there.teachers else "", changes, SWAP + PER_WEEK_AWAY * weeks, why, tuple(uses), partner
        )


def _span(lesson: PlacedLesson) -> tuple[int, int]:
    """Return from and to in minutes; without a clock, periods stand in."""
    if lesson.start is None or lesson.end is None:
        return lesson.period, lesson.period + 1
    return lesson.start, lesson.end


def _daily_limits(diary: Diary) -> dict[str, int]:
    """Return the most lessons a day of the teachers for whom the plan requires one."""
    found: dict[str, int] = {}
    for r in diary.school.requirements:
        if r.kind is RequirementKind.TEACHER_MAX_DAY and r.required and r.count is not None:
            for name in r.scope.teachers:
                found[name] = min(found.get(name, 99), r.count)
    return found
