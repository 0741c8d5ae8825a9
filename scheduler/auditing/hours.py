"""Lessons and teachers of a timetable against the course plan, task by task: class, subject, teacher, lessons a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from constraints.case import number
from constraints.verdict import Status, Verdict
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import NOWHERE
from instances.school import Course, School, Weeks
from instances.spelling import key
from scheduler.auditing.own_rules import PLAN_HOURS, PLAN_TEACHER
from scheduler.reading.timetable_views import same_teacher


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many class-subject tasks of the plan the timetable meets exactly, lessons and teachers."""

    tasks: int
    met: int


def class_names_between(plan: School, shown: School) -> dict[str, str]:
    """Return for each class of the plan its name in the timetable, by grade and number or by equal text."""
    by_identity = {(c.grade, c.number): c.name for c in shown.classes if c.number is not None}
    by_text = {key(c.name): c.name for c in shown.classes}
    found = {}
    for c in plan.classes:
        name = by_text.get(key(c.name)) or (by_identity.get((c.grade, c.number)) if c.number is not None else None)
        if name is not None:
            found[c.name] = name
    return found


def compare_with_plan(plan: School, shown: School, timetable: SchoolTimetable) -> tuple[list[Verdict], TaskCount]:
    """Return a verdict for each class and subject that differs, one for each class that agrees, and the count of tasks met."""
    names = class_names_between(plan, shown)
    verdicts: list[Verdict] = []
    tasks = met = 0
    for planned in plan.classes:
        courses = [c for c in plan.courses if planned.name in c.classes and c.periods > 0]
        if not courses:
            continue
        name = names.get(planned.name)
        if name is None:
            tasks += len(courses)
            sentence = Message("the plan has the class {name}, the timetable does not", name=planned.name)
            verdicts.append(Verdict(PLAN_HOURS, Status.FAIL, planned.name, sentence, "0", "", (planned.origin,)))
            continue
        found = list(_class(planned.name, name, courses, timetable.by_class.get(name, ())))
        verdicts.extend(v for v, _ in found if v is not None)
        tasks += sum(n for _, (n, _) in found)
        met += sum(m for _, (_, m) in found)
        if not any(v is not None for v, _ in found):
            sentence = Message("{n} subjects have the lessons and teachers of the plan", n=len(courses))
            verdicts.append(Verdict(PLAN_HOURS, Status.PASS, name, sentence, "0", "0"))
    for extra in sorted({c.name for c in shown.classes} - set(names.values())):
        verdicts.append(
            Verdict(PLAN_HOURS, Status.WARNING, extra, Message("the timetable has the class {name}, the plan does not", name=extra))
        )
    return verdicts, TaskCount(tasks, met)


def lessons_a_week(lessons: list[PlacedLesson]) -> Fraction:
    """Return the mean of odd and even weeks; a slot of half-groups in one subject counts once."""
    seen = {(x.day, x.period, week) for x in lessons for week in (0, 1) if x.meets_in(week) and x.weeks is not Weeks.EITHER}
    either = len({(x.day, x.period) for x in lessons if x.weeks is Weeks.EITHER})
    return Fraction(len(seen), 2) + Fraction(either, 2)


def _class(
    planned: str, name: str, courses: list[Course], lessons: tuple[PlacedLesson, ...]
) -> Iterator[tuple[Verdict | None, tuple[int, int]]]:
    """Compare subject by subject; by printed name where plan and timetable print the same names (体育 and 体育一), else by subject."""
    labels = {key(c.label or c.subject) for c in courses} & {key(x.label) for x in lessons}
    groups: dict[str, tuple[list[Course], list[PlacedLesson]]] = defaultdict(lambda: ([], []))
    for course in courses:
        label = key(course.label or course.subject)
        groups[label if label in labels else course.subject][0].append(course)
    for lesson in lessons:
        label = key(lesson.label)
        groups[label if label in labels else lesson.subject][1].append(lesson)
    for group, shown in groups.values():
        wanted = sum((c.periods for c in group), Fraction(0))
        measured = lessons_a_week(shown)
        subject = (group[0].label or group[0].subject) if group else (shown[0].label or shown[0].subject)
        if not group and shown[0].kind != "lesson":
            continue  # 升旗, 自习, 体育活动: not in every plan
        origins = tuple(dict.fromkeys(o for o in (*(c.origin for c in group), *(x.origin for x in shown)) if o != NOWHERE))
        slots = tuple(dict.fromkeys((name, x.day, x.period) for x in shown))
        if measured != wanted:
            sentence = Message(
                "{name}: {measured} lessons of {subject}, the plan has {wanted}",
                name=name,
                measured=number(measured),
                subject=subject,
                wanted=number(wanted),
            )
            yield (
                Verdict(PLAN_HOURS, Status.FAIL, f"{name} {subject}", sentence, number(measured), f"= {number(wanted)}", origins, slots),
                (len(group), 0),
            )
            continue
        wrong = _other_teachers(group, shown)
        if wrong:
            expected = "、".join(dict.fromkeys(t for c in group for t in c.teachers))
            actual = "、".join(dict.fromkeys(t for x in wrong for t in x.teachers))
            sentence = Message(
                "{name}: {subject} is given by {actual}, in the plan by {expected}",
                name=name,
                subject=subject,
                actual=actual,
                expected=expected,
            )
            cells = tuple(dict.fromkeys(x.origin for x in wrong if x.origin != NOWHERE))
            yield Verdict(PLAN_TEACHER, Status.FAIL, f"{name} {subject}", sentence, actual, expected, cells, slots), (len(group), 0)
            continue
        yield None, (len(group), len(group))


def _other_teachers(courses: list[Course], lessons: list[PlacedLesson]) -> list[PlacedLesson]:
    """Lessons whose teachers are those of none of the courses; nothing is compared where one side names no teacher."""
    allowed = [c.teachers for c in courses if c.teachers]
    if not allowed or len(allowed) < len(courses):
        return []
    return [x for x in lessons if x.teachers and not any(_gives(x.teachers, teachers) for teachers in allowed)]


def _gives(shown: tuple[str, ...], planned: tuple[str, ...]) -> bool:
    """Say whether all the teachers of a course are there; others may be with them (a joint lesson has the teachers of both courses)."""
    return all(any(same_teacher(a, b) for b in shown) for a in planned)
