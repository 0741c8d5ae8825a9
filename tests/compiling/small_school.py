"""A school small enough to reason about by hand: two classes, three days of four periods (two before, two after lunch)."""

from __future__ import annotations

from fractions import Fraction

from instances.bells import BellSchedule, Section, SectionKind
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Course, Requirement, Room, School, SchoolClass, Teacher, Weeks
from scheduler.compiling.preferences import DEFAULT_PREFERENCES
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable

DAYS = (1, 2, 3)


def bells(periods: int = 4, activity: bool = False, start: int = 500) -> BellSchedule:
    """Half of the periods in the morning, half in the afternoon, 40 minutes each with 10 between."""
    day: list[Section] = []
    clock = start
    for number in range(1, periods + 1):
        if number == periods // 2 + 1:
            day.append(Section(SectionKind.LUNCH, clock, clock + 120))
            clock += 120
        day.append(Section(SectionKind.LESSON, clock, clock + 40, period=number))
        clock += 50
    if activity:
        day.append(Section(SectionKind.ACTIVITY, clock, clock + 40, period=periods + 1))
    return BellSchedule("bells", (), {d: tuple(day) for d in DAYS})


def course(subject: str, class_: str, teacher: str, periods: int | Fraction, **more: object) -> Course:
    """A course with an id made of class and subject."""
    return Course(f"{class_}-{subject}", subject, (class_,), (teacher,), Fraction(periods), **more)  # type: ignore[arg-type]  # the keywords of Course


def school(
    courses: list[Course],
    *requirements: Requirement,
    bell: BellSchedule | None = None,
    rooms: tuple[Room, ...] = (),
    classes: tuple[SchoolClass, ...] | None = None,
    groups: dict[str, str] | None = None,
) -> School:
    """A school of grade 3 classes; teachers are those of the courses. No default wishes, no rule sets."""
    names = dict.fromkeys(name for c in courses for name in c.classes)
    teachers = dict.fromkeys(name for c in courses for name in c.teachers)
    return School(
        "small",
        classes or tuple(SchoolClass(name, 3, number) for number, name in enumerate(names, 1)),
        tuple(Teacher(name, group=(groups or {}).get(name)) for name in teachers),
        tuple(courses),
        (bell or bells(),),
        rooms,
        requirements,
        rulesets=(),
        weights=dict.fromkeys(DEFAULT_PREFERENCES, 0),
    )


def timetable(given: School, seed: int = 0) -> SchoolTimetable:
    """The timetable of a school, which must be complete and legal."""
    outcome = make_timetable(given, SolveOptions(time_limit=20, seed=seed, deterministic=True), rulesets=())
    assert outcome.solution.cost is not None
    assert outcome.solution.cost.required == 0, [str(v.sentence) for v in outcome.violations]
    assert outcome.timetable is not None
    assert not outcome.timetable.unplaced
    return outcome.timetable


def impossible(given: School) -> bool:
    """Say whether it is proved that no timetable meets all that is required."""
    outcome = make_timetable(given, SolveOptions(time_limit=20, workers=2), rulesets=())
    return outcome.solution.proof.value == "impossible"


def slots(found: tuple[PlacedLesson, ...], subject: str) -> list[tuple[int, int]]:
    """(day, period) of the lessons of a subject."""
    return [(lesson.day, lesson.period) for lesson in found if lesson.subject == subject]


__all__ = ["Weeks", "bells", "course", "impossible", "school", "slots", "timetable"]
