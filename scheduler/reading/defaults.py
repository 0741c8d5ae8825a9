"""Documented defaults where a plan does not say: bell schedules by stage, and how many PE classes share the sports field.

The default bells obey the national rule set (docs/reading-plans.md lists them): the first lesson not before 8:20 (primary) or 8:00
(secondary), at most four lessons in the morning, a long break of 30 minutes, eye exercises in the morning and in the afternoon, and an
activity period of 40 to 60 minutes after the last lesson. A lesson has 40 minutes, breaks have 10.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from instances.bells import BellSchedule, Section, SectionKind
from instances.class_names import grade_label
from instances.language import Message
from instances.school import Course, Note, Requirement, RequirementKind, SchoolClass, Selector, Stage, stage_of
from instances.subjects import PE

LESSON_MINUTES = 40
MORNING_LESSONS = 4
SCHOOL_DAYS = (1, 2, 3, 4, 5)
FEWEST_LESSONS_A_DAY = 6
MAX_LESSONS_A_DAY = 12
"""Beyond this a plan is taken to be mistaken."""

_FIRST_LESSON = {Stage.PRIMARY: 8 * 60 + 20, Stage.JUNIOR: 8 * 60, Stage.SENIOR: 8 * 60}
_AFTERNOON = {Stage.PRIMARY: 13 * 60 + 50, Stage.JUNIOR: 14 * 60, Stage.SENIOR: 14 * 60}
_EVENING = 19 * 60
_MAX_AFTERNOON = 5


def lessons_by_day(weekly: Fraction | int) -> dict[int, int]:
    """Spread weekly lessons over five days, as even as can be, short days last: 30 -> 6 each, 26 -> 6, 5, 5, 5, 5."""
    whole = math.ceil(weekly)
    base, extra = divmod(whole, len(SCHOOL_DAYS))
    return {day: base + (1 if number < extra else 0) for number, day in enumerate(SCHOOL_DAYS)}


def default_bells(grades: Iterable[int], weekly: Fraction | int) -> BellSchedule:
    """Return the default bell schedule of grades of one stage whose classes have up to ``weekly`` lessons a week.

    Every day gets as many periods as the longest day needs, so that 26 lessons leave four free periods: the solver chooses which.
    """
    grades = tuple(sorted(set(grades)))
    stage = stage_of(grades[0]) if grades else Stage.JUNIOR
    count = max(FEWEST_LESSONS_A_DAY, *lessons_by_day(weekly).values())
    sections = tuple(_day(stage, min(count, MAX_LESSONS_A_DAY)))
    name = "、".join(grade_label(grade) for grade in grades)
    return BellSchedule(name, grades, dict.fromkeys(SCHOOL_DAYS, sections), assumed=True)


def bells_for(
    classes: Iterable[SchoolClass], weekly: Mapping[str, Fraction], covered: Iterable[BellSchedule] = ()
) -> tuple[list[BellSchedule], list[Note]]:
    """Return default bells for the classes whose grade has none, one schedule for each (stage, lessons a day), with a note each."""
    known = {grade for bell in covered for grade in bell.grades}
    if any(not bell.grades for bell in covered):
        return [], []
    most: dict[int, Fraction] = defaultdict(Fraction)
    for one in classes:
        if one.grade not in known:
            most[one.grade] = max(most[one.grade], weekly.get(one.name, Fraction(0)))
    alike: dict[tuple[Stage, int], list[int]] = defaultdict(list)
    for grade, lessons in sorted(most.items()):
        alike[stage_of(grade), max(FEWEST_LESSONS_A_DAY, *lessons_by_day(lessons).values())].append(grade)
    bells, notes = [], []
    for (_, count), grades in alike.items():
        bell = default_bells(grades, max(most[grade] for grade in grades))
        bells.append(bell)
        notes.append(
            Note(
                Message(
                    "no bell schedule is given for {grades}: assumed {count} lessons a day of {minutes} minutes "
                    "({morning} in the morning), first lesson {first}, activity period from {activity}",
                    grades=bell.name,
                    count=len(bell.lessons(1)),
                    minutes=LESSON_MINUTES,
                    morning=min(count, MORNING_LESSONS),
                    first=_clock(bell.lessons(1)[0].start),
                    activity=_clock(next(s.start for s in bell.days[1] if s.kind is SectionKind.ACTIVITY)),
                ),
                assumed=True,
            )
        )
    return bells, notes


def pe_capacity(courses: Iterable[Course], bells: Iterable[BellSchedule]) -> tuple[Requirement, Note] | None:
    """Return the default limit of PE lessons at once, or None where no more than three classes have PE.

    The limit is the PE lessons of the week over the periods of the week, rounded up, at least 3: 173 lessons in 30 periods -> 6.
    """
    pe = [course for course in courses if course.subject in PE]
    total = sum((course.periods for course in pe), Fraction(0))
    periods = min((sum(len(bell.lessons(day)) for day in bell.days) for bell in bells), default=0)
    if not pe or not periods or len({name for course in pe for name in course.classes}) <= 3:
        return None
    limit = max(3, math.ceil(total / periods))
    requirement = Requirement(
        RequirementKind.AT_MOST_AT_ONCE, Selector(subjects=tuple(sorted({course.subject for course in pe}))), count=limit, required=True
    )
    note = Note(
        Message(
            "no rooms are given: assumed at most {limit} classes have PE at once ({total} lessons in {periods} periods, at least 3)",
            limit=limit,
            total=str(total),
            periods=periods,
        ),
        assumed=True,
    )
    return requirement, note


def _day(stage: Stage, count: int) -> Iterable[Section]:
    """Yield the sections of a school day with ``count`` lessons: long break after lesson 2, eye exercises after lessons 3 and 5 or 6."""
    K = SectionKind
    now = _FIRST_LESSON[stage]
    morning = min(count, MORNING_LESSONS)
    afternoon = min(count - morning, _MAX_AFTERNOON)
    yield Section(K.ARRIVAL, now - 20, now, "到校")
    for number in range(1, morning + 1):
        yield Section(K.LESSON, now, now + LESSON_MINUTES, f"第{number}节", number)
        now += LESSON_MINUTES
        if number == morning:
            break
        if number == min(2, morning - 1):
            yield Section(K.LONG_BREAK, now, now + 30, "大课间")
            now += 30
        elif number == 3:
            yield Section(K.EYE_EXERCISE, now, now + 5, "眼保健操")
            yield Section(K.BREAK, now + 5, now + 15, "课间")
            now += 15
        else:
            yield Section(K.BREAK, now, now + 10, "课间")
            now += 10
    yield Section(K.LUNCH, now, now + 40, "午餐")
    start = _AFTERNOON[stage]
    yield Section(K.NOON_REST, now + 40, start - 10, "午休")
    now = start - 5
    yield Section(K.EYE_EXERCISE, now, now + 5, "眼保健操")
    now = start
    for number in range(morning + 1, morning + afternoon + 1):
        yield Section(K.LESSON, now, now + LESSON_MINUTES, f"第{number}节", number)
        now += LESSON_MINUTES
        if number < morning + afternoon:
            yield Section(K.BREAK, now, now + 10, "课间")
            now += 10
    yield Section(K.BREAK, now, now + 10, "课间")
    now += 10
    evening = count - morning - afternoon
    length = 40 if stage is Stage.PRIMARY else 45
    yield Section(K.ACTIVITY, now, now + length, "体育活动", count + 1)
    now += length
    if evening:
        yield Section(K.DINNER, now, max(_EVENING, now + 30), "晚餐")
        now = max(_EVENING, now + 30)
        for number in range(morning + afternoon + 1, count + 1):
            yield Section(K.LESSON, now, now + LESSON_MINUTES, f"第{number}节", number)
            now += LESSON_MINUTES + 10
        now -= 10
    yield Section(K.DISMISSAL, now, now, "放学")


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
