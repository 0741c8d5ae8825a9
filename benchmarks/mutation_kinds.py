"""Single violations, each at a random place of a legal timetable. A kind returns None where it finds no place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from mutation_print import Posted

from instances.lessons import PlacedLesson
from instances.school import SchoolClass, Weeks

Mutate = Callable[[Posted, Random], Posted | None]


@dataclass(frozen=True)
class Kind:
    """A kind of violation: the rules that must report it (one is enough), and those that may report it as well."""

    name: str
    mutate: Mutate
    expects: frozenset[str]
    allows: frozenset[str] = frozenset()


LESSON_KINDS: list[Kind] = []


def kind(name: str, *expects: str, allows: Sequence[str] = (), kinds: list[Kind] = LESSON_KINDS) -> Callable[[Mutate], Mutate]:
    """Enter a mutation in the list of kinds."""

    def register(mutate: Mutate) -> Mutate:
        kinds.append(Kind(name, mutate, frozenset(expects), frozenset(allows)))
        return mutate

    return register


# -- places -----------------------------------------------------------------------------------------------------------


def taught(posted: Posted, *subjects: str) -> list[PlacedLesson]:
    """Weekly lessons of one class, of some subjects or of any."""
    return [
        x for x in posted.lessons
        if x.kind == "lesson" and len(x.classes) == 1 and x.weeks is Weeks.EVERY and not x.block and (not subjects or x.subject in subjects)
    ]  # fmt: skip


def pick(rng: Random, lessons: Sequence[PlacedLesson]) -> PlacedLesson | None:
    return rng.choice(lessons) if lessons else None


def changed(posted: Posted, old: PlacedLesson, *new: PlacedLesson) -> Posted:
    return replace(posted, lessons=tuple(y for x in posted.lessons for y in (new if x is old else (x,))))


def class_of(posted: Posted, name: str) -> SchoolClass:
    return next(c for c in posted.school.classes if c.name == name)


def of_grades(posted: Posted, lessons: Sequence[PlacedLesson], grades: range) -> list[PlacedLesson]:
    return [x for x in lessons if class_of(posted, x.classes[0]).grade in grades]


def as_subject(posted: Posted, lesson: PlacedLesson, subject: str) -> PlacedLesson | None:
    """The lesson given over to another subject of the class and its teacher."""
    other = next((x for x in taught(posted, subject) if x.classes == lesson.classes), None)
    return replace(lesson, subject=subject, label=subject, teachers=other.teachers, rooms=(), double=0) if other else None


def replaced(posted: Posted, rng: Random, subjects: Sequence[str], by: str, grades: range = range(1, 13)) -> Posted | None:
    lesson = pick(rng, [x for x in of_grades(posted, taught(posted, *subjects), grades) if _free(posted, x, by)])
    new = as_subject(posted, lesson, by) if lesson else None
    return changed(posted, lesson, new) if lesson and new else None


def _free(posted: Posted, lesson: PlacedLesson, by: str) -> bool:
    """Whether the teacher of the other subject has no lesson at this time, so that no clash comes along."""
    new = as_subject(posted, lesson, by)
    return new is not None and not any(
        set(new.teachers) & set(x.teachers) for x in posted.lessons if x is not lesson and overlap(x, lesson)
    )


def at(posted: Posted, lesson: PlacedLesson) -> list[PlacedLesson]:
    """The lessons at the same time; where grades have bells of their own, the same period may be another time."""
    return [x for x in posted.lessons if (x.day, x.period, x.start) == (lesson.day, lesson.period, lesson.start)]


def overlap(a: PlacedLesson, b: PlacedLesson) -> bool:
    """Whether two lessons share time by the clock, whatever their grades' bells."""
    return a.day == b.day and (a.start or 0) < (b.end or 0) and (b.start or 0) < (a.end or 0)


def empty_slots(posted: Posted, name: str) -> list[tuple[int, int]]:
    grade = class_of(posted, name).grade
    bell = next(b for b in posted.bells if not b.grades or grade in b.grades)
    taken = {(x.day, x.period) for x in posted.lessons if name in x.classes}
    return [(d, s.period) for d in bell.days for s in bell.periods(d) if s.period and (d, s.period) not in taken]


# -- clashes ----------------------------------------------------------------------------------------------------------

WITH_PLAN = ("plan-hours", "plan-teacher")
RULES_OF_HOURS = (
    "weekly-total", "pe-", "subjects-", "information", "foreign", "class-meeting", "calligraphy", "labour", "integrated", "activity-",
    "music", "art", "science", "psychology", "local",
)  # fmt: skip


@kind("teacher in two classes at once", "teacher-clash", allows=WITH_PLAN)
def teacher_clash(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in taught(posted) if x.teachers])
    others = [x for x in at(posted, lesson) if x.teachers and not set(x.teachers) & set(lesson.teachers)] if lesson else []
    others = [x for x in others if x.weeks is Weeks.EVERY and x.classes and x.classes != lesson.classes] if lesson else []
    return changed(posted, lesson, replace(lesson, teachers=rng.choice(others).teachers)) if lesson and others else None


@kind("lesson moved onto another of the same teacher", "teacher-clash", allows=("activity-", "pe-", "room-clash"))
def moved_onto(posted: Posted, rng: Random) -> Posted | None:
    """Two lessons of a class change places; in the new one the teacher is already in another class."""
    for _ in range(40):
        lesson = pick(rng, [x for x in taught(posted) if x.teachers and not x.double])
        mine = [x for x in taught(posted) if lesson and x.classes == lesson.classes and not x.double and x.subject != lesson.subject]
        for other in rng.sample(mine, len(mine)):
            busy = [x for x in at(posted, other) if x is not other and set(x.teachers) & set(lesson.teachers)]
            if lesson and any(x.weeks is Weeks.EVERY for x in busy) and other.day == lesson.day:
                a = replace(lesson, period=other.period, start=other.start, end=other.end)
                b = replace(other, period=lesson.period, start=lesson.start, end=lesson.end)
                return changed(changed(posted, lesson, a), other, b)
    return None


@kind("teacher clash in odd weeks only", "teacher-clash", allows=WITH_PLAN)
def odd_clash(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in posted.lessons if x.weeks is Weeks.ODD and len(x.classes) == 1])
    others = [x for x in at(posted, lesson) if x.weeks is Weeks.EVERY and x.teachers and x.kind == "lesson"] if lesson else []
    return changed(posted, lesson, replace(lesson, teachers=rng.choice(others).teachers[:1])) if lesson and others else None


@kind("class with two lessons at once", "class-clash", allows=(*WITH_PLAN, *RULES_OF_HOURS, "teacher-clash", "room-clash"))
def class_clash(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, taught(posted))
    mine = [x for x in taught(posted) if lesson and x.classes == lesson.classes and x.subject != lesson.subject]
    other = pick(rng, mine)
    return changed(posted, other, replace(other, day=lesson.day, period=lesson.period, rooms=())) if lesson and other else None


@kind("room taken twice", "room-clash")
def room_clash(posted: Posted, rng: Random) -> Posted | None:
    small = {r.name for r in posted.school.rooms if r.capacity == 1}
    roomed = [x for x in taught(posted) if set(x.rooms) & small]
    lesson = pick(rng, roomed)
    others = [x for x in taught(posted) if lesson and x in at(posted, lesson) and not set(x.rooms) & set(lesson.rooms)]
    others = [x for x in others if lesson and x.subject != lesson.subject]
    other = pick(rng, others)
    return changed(posted, other, replace(other, rooms=lesson.rooms)) if lesson and other else None


@kind("even week printed as odd", "class-clash", allows=(*WITH_PLAN, "teacher-clash", "room-clash", "weekly-total"))
def wrong_week(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in posted.lessons if x.weeks is Weeks.EVEN and len(x.classes) == 1])
    return changed(posted, lesson, replace(lesson, weeks=Weeks.ODD)) if lesson else None


@kind("fortnightly lesson printed for every week", "plan-hours", "class-clash", allows=("teacher-clash", "room-clash", "weekly-total"))
def every_week(posted: Posted, rng: Random) -> Posted | None:
    """The lesson of the other weeks goes, for A and 【双】B in one cell still reads as odd and even."""
    lesson = pick(rng, [x for x in posted.lessons if x.weeks is Weeks.ODD and len(x.classes) == 1])
    if lesson is None:
        return None
    rest = [x for x in at(posted, lesson) if x.classes == lesson.classes and x.weeks is Weeks.EVEN]
    alone = changed(posted, lesson, replace(lesson, weeks=Weeks.EVERY))
    return replace(alone, lessons=tuple(x for x in alone.lessons if x not in rest))


# -- hours and teachers against the plan ------------------------------------------------------------------------------


@kind("lesson missing", "plan-hours", allows=RULES_OF_HOURS)
def missing(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, taught(posted))
    return changed(posted, lesson) if lesson else None


@kind("lesson too many", "plan-hours", allows=(*RULES_OF_HOURS, "teacher-clash"))
def extra(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in taught(posted) if empty_slots(posted, x.classes[0])])
    if lesson is None:
        return None
    day, period = rng.choice(empty_slots(posted, lesson.classes[0]))
    return replace(posted, lessons=(*posted.lessons, replace(lesson, day=day, period=period, start=None, end=None, rooms=(), double=0)))


@kind("PE taken for mathematics", "plan-hours", allows=RULES_OF_HOURS)
def pe_taken(posted: Posted, rng: Random) -> Posted | None:
    return replaced(posted, rng, ("体育",), "数学")


@kind("music or art taken for Chinese", "plan-hours", allows=RULES_OF_HOURS)
def arts_taken(posted: Posted, rng: Random) -> Posted | None:
    return replaced(posted, rng, ("音乐", "美术"), "语文")


@kind("one main subject in place of another", "plan-hours", allows=RULES_OF_HOURS)
def main_for_main(posted: Posted, rng: Random) -> Posted | None:
    return replaced(posted, rng, ("语文",), "数学")


@kind("lesson given by another teacher", "plan-teacher", allows=("specialist", "own-teachers"))
def wrong_teacher(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in taught(posted) if x.teachers])
    if lesson is None:
        return None
    busy = {t for x in posted.lessons if overlap(x, lesson) for t in x.teachers}
    planned = {t for c in posted.school.courses if lesson.classes[0] in c.classes and c.subject == lesson.subject for t in c.teachers}
    free = sorted({t.name for t in posted.school.teachers} - busy - planned)
    return changed(posted, lesson, replace(lesson, teachers=(rng.choice(free),))) if free else None


@kind("class left out of the timetable", "plan-hours")
def class_left_out(posted: Posted, rng: Random) -> Posted | None:
    return replace(posted, hidden_classes=frozenset({rng.choice(posted.school.classes).name}))


@kind("lessons of two classes exchanged", "plan-hours", "plan-teacher", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def exchanged(posted: Posted, rng: Random) -> Posted | None:
    for _ in range(40):
        a, b = pick(rng, taught(posted)), pick(rng, taught(posted))
        if a and b and (a.day, a.period) == (b.day, b.period) and a.classes != b.classes and a.teachers != b.teachers:
            return changed(changed(posted, a, replace(a, classes=b.classes)), b, replace(b, classes=a.classes))
    return None


# -- rules about lessons ----------------------------------------------------------------------------------------------


@kind("too few PE lessons", "pe-1-2", "pe-3-9", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def too_little_pe(posted: Posted, rng: Random) -> Posted | None:
    return replaced(posted, rng, ("体育",), "语文")


@kind("29 lessons where 30 are due", "weekly-total-1-2", "weekly-total-3-6", "weekly-total-7-9", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def one_lesson_less(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, taught(posted, "语文", "数学", "英语"))
    return changed(posted, lesson) if lesson else None


@kind("day without PE and without activity", "activity-without-pe", allows=("activity-", *WITH_PLAN))
def no_activity(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in posted.lessons if x.kind == "activity"])
    return changed(posted, lesson) if lesson else None


@kind("activity period used for a lesson", "activity-without-pe", allows=("teacher-clash", "room-clash", *RULES_OF_HOURS, *WITH_PLAN))
def activity_taken(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, [x for x in posted.lessons if x.kind == "activity" and len(x.classes) == 1])
    maths = next((x for x in taught(posted, "数学") if lesson and x.classes == lesson.classes), None)
    if lesson is None or maths is None:
        return None
    return changed(posted, lesson, replace(maths, day=lesson.day, period=lesson.period, start=lesson.start, end=lesson.end, double=0))


@kind("no class meeting", "plan-hours", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def no_meeting(posted: Posted, rng: Random) -> Posted | None:
    """The rule set lets the hours be pooled within the term, so that only the plan can say that they are missing."""
    return replaced(posted, rng, ("班会",), "语文")


@kind("no information technology", "information-3-8", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def no_information(posted: Posted, rng: Random) -> Posted | None:
    return replaced(posted, rng, ("信息科技",), "数学", range(3, 9))


def _subject_dropped(posted: Posted, rng: Random, subjects: Sequence[str], grades: range) -> Posted | None:
    lesson = pick(rng, of_grades(posted, taught(posted, *subjects), grades))
    if lesson is None:
        return None
    return replace(posted, lessons=tuple(x for x in posted.lessons if not (x.classes == lesson.classes and x.subject == lesson.subject)))


@kind("foreign language dropped", "foreign-language-3-6", "subjects-junior", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def no_english(posted: Posted, rng: Random) -> Posted | None:
    return _subject_dropped(posted, rng, ("英语",), range(3, 10))


@kind("a required subject dropped", "subjects-primary", "subjects-junior", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def no_arts(posted: Posted, rng: Random) -> Posted | None:
    return _subject_dropped(posted, rng, ("音乐", "美术", "科学", "道德与法治", "历史"), range(1, 10))


# -- views, and posted against executed -------------------------------------------------------------------------------


@kind("class timetable differs from the master", "views-agree")
def second_view(posted: Posted, rng: Random) -> Posted | None:
    other = replaced(replace(posted), rng, ("语文", "数学", "体育", "音乐"), "英语", range(3, 13))
    return replace(posted, second=other.lessons) if other else None


def _executed(posted: Posted, other: Posted | None) -> Posted | None:
    return replace(posted, executed=other.lessons) if other else None


@kind("in use: PE given to mathematics", "posted-executed", "executed-as-posted", "no-encroachment")
def used_stolen(posted: Posted, rng: Random) -> Posted | None:
    return _executed(posted, replaced(posted, rng, ("体育", "音乐", "美术", "信息科技", "劳动"), "数学"))


@kind("in use: lesson not taught", "posted-executed", allows=("executed-as-posted",))
def used_missing(posted: Posted, rng: Random) -> Posted | None:
    return _executed(posted, missing(posted, rng))


@kind("in use: lesson that is not posted", "posted-executed", allows=("executed-as-posted",))
def used_extra(posted: Posted, rng: Random) -> Posted | None:
    return _executed(posted, extra(posted, rng))


@kind("in use: two lessons swapped", "posted-executed", allows=("executed-as-posted",))
def used_swapped(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, taught(posted))
    other = pick(rng, [x for x in taught(posted) if lesson and x.classes == lesson.classes and x.subject != lesson.subject])
    if lesson is None or other is None:
        return None
    a, b = replace(lesson, day=other.day, period=other.period), replace(other, day=lesson.day, period=lesson.period)
    return _executed(posted, changed(changed(posted, lesson, a), other, b))


@kind("in use: another teacher", "posted-executed", allows=("executed-as-posted",))
def used_teacher(posted: Posted, rng: Random) -> Posted | None:
    return _executed(posted, wrong_teacher(posted, rng))


@kind("cell that cannot be read", "unread", allows=(*RULES_OF_HOURS, *WITH_PLAN))
def unreadable(posted: Posted, rng: Random) -> Posted | None:
    lesson = pick(rng, taught(posted))
    text = rng.choice(("???", "#REF", "3+2", "见附件" * 50, "2026"))
    return replace(posted, overwritten={(lesson.classes[0], lesson.day, lesson.period): text}) if lesson else None
