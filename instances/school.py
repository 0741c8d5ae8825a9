"""A school in the office's own words: 班级, 教师, 课程计划, 作息时间表, 场地, 排课要求.

Plain data, as read. Names are the identities: a class, teacher or room is known by the text that the plan prints for it. Every
record carries the cell that it came from. Grades are 1 to 12 (7 to 9 junior, 10 to 12 senior), days 1 (Monday) to 7 (Sunday), periods
1, 2, ... through the day as in the bell schedule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from instances.bells import BellSchedule
from instances.language import Message
from instances.origin import NOWHERE, Origin


class Stage(StrEnum):
    """学段."""

    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"


def stage_of(grade: int) -> Stage:
    """Return the stage of a grade: 1-6 primary, 7-9 junior, 10-12 senior."""
    return Stage.PRIMARY if grade <= 6 else Stage.JUNIOR if grade <= 9 else Stage.SENIOR


class Weeks(StrEnum):
    """The weeks in which a fortnightly lesson (单双周) runs; ``EITHER`` leaves odd or even to the solver."""

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class (班级). ``name`` is printed as it came; grade and number are its normalised identity."""

    name: str
    grade: int
    number: int | None = None
    size: int | None = None
    home_teacher: str | None = None
    room: str | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher. ``group`` is the teaching-research group (教研组). Limits and wishes are :class:`Requirement` records."""

    name: str
    subjects: tuple[str, ...] = ()
    group: str | None = None
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Room:
    """A place for lessons (场地). ``capacity`` is how many classes fit at once (a field may take three).

    Rooms of one ``kind`` (微机室) may stand in for one another: a course may ask for a room or for a kind.
    """

    name: str
    kind: str = ""
    capacity: int = 1
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Course:
    """One row of the course plan (课程计划): these teachers teach this subject to these classes.

    ``periods`` is lessons a week; 1/2 is a lesson every other week. Several classes = joint lesson (合班); several teachers = taught
    together. ``doubles`` of the lessons are double periods (连堂, each takes two of ``periods``). Courses of the same ``block``
    run at the same time with the classes mixed (走班). ``room`` names a room or a kind of room. ``subject`` is the canonical name,
    ``label`` the text that the plan prints.
    """

    id: str
    subject: str
    classes: tuple[str, ...]
    teachers: tuple[str, ...]
    periods: Fraction
    label: str = ""
    doubles: int = 0
    weeks: Weeks = Weeks.EVERY
    room: str | None = None
    block: str | None = None
    origin: Origin = NOWHERE


class RequirementKind(StrEnum):
    """What a line of 排课要求 asks. ``count`` and ``slots`` mean what each line says."""

    FORBIDDEN = "forbidden"  # 禁排: nothing of the scope in slots
    FIXED = "fixed"  # 固排: the scope's lesson stands in every one of slots
    PREFERRED = "preferred"  # 优先: the scope's lessons stand in slots
    AVOIDED = "avoided"  # 尽量不排: as forbidden, but a wish
    DOUBLES = "doubles"  # 连堂: count double periods a week
    FORTNIGHTLY = "fortnightly"  # 单双周: weeks names odd, even or either
    JOINT = "joint"  # 合班: the courses of the scope are taught as one lesson
    SAME_TIME = "same_time"  # 同时: the scope's courses start at the same times
    NOT_SAME_TIME = "not_same_time"  # 不同时: no two of the scope's courses at once
    AT_MOST_AT_ONCE = "at_most_at_once"  # 同时最多: at most count of the scope's lessons at once
    MAX_PER_DAY = "max_per_day"  # 每天最多: at most count lessons a day of the scope's subjects together, in each class
    MIN_PER_DAY = "min_per_day"  # 每天至少: at least count lessons of the scope's subjects together, each day, in each class
    DAYS_BETWEEN = "days_between"  # 间隔: at least count days from one lesson of a course to the next, so never two on one day
    NOT_NEXT_TO = "not_next_to"  # 不相邻: scope and other not in neighbouring periods of a class
    NOT_AFTER = "not_after"  # 不紧跟: scope not right after other
    COMMON_FREE = "common_free"  # 教研: teachers of the scope free together for count periods in one of slots
    TEACHER_MAX_DAY = "teacher_max_day"  # 每天最多 count 节
    TEACHER_MAX_ROW = "teacher_max_row"  # 最多连上 count 节
    TEACHER_MAX_DAYS = "teacher_max_days"  # 每周最多 count 天有课
    TEACHER_FREE_HALF_DAYS = "teacher_free_half_days"  # 至少 count 个半天无课
    TEACHER_MAX_IDLE = "teacher_max_idle"  # 每周空堂最多 count 节
    FAIR_TIMES = "fair_times"  # 早晚课均衡: the scope's teachers share the lessons in slots fairly
    IN_STEP = "in_step"  # 进度平齐: parallel classes of a teacher never more than count lessons apart
    HOME_TEACHER = "home_teacher"  # 班主任: the home teacher has count of the class's lessons in slots
    MENTOR = "mentor"  # 师徒: mentor (other) free during count lessons of the novice (scope) each week
    EVENT = "event"  # 固定活动: an event named in text, in slots, for the scope's classes and teachers


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A period of the week, as people name it: day 1 (Monday) to 7, period number as printed."""

    day: int
    period: int


@dataclass(frozen=True, slots=True)
class Selector:
    """Whom a requirement is about. An empty field does not restrict; all fields together must hold.

    ``groups`` are teaching-research groups, ``courses`` ids of courses.
    """

    classes: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    teachers: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.classes, self.grades, self.teachers, self.subjects, self.rooms, self.groups, self.courses))


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of 排课要求, or a wish found elsewhere in the plan, with the cell it stands in.

    ``weight`` is the cost of one unit of deviation when it is a wish (``required`` false); None takes the documented default.
    ``text`` is what the office wrote; ``rule`` the id of the regulation that asks for it, if one does.
    """

    kind: RequirementKind
    scope: Selector = Selector()
    slots: tuple[Slot, ...] = ()
    count: int | None = None
    other: Selector = Selector()
    weeks: Weeks = Weeks.EVERY
    required: bool = True
    weight: int | None = None
    text: str = ""
    rule: str = ""
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class School:
    """Everything the office hands over. ``notes`` is the "understood as" echo (读入说明): how the input was read and which
    documented defaults stand in for what it does not say.
    """

    name: str
    classes: tuple[SchoolClass, ...]
    teachers: tuple[Teacher, ...]
    courses: tuple[Course, ...]
    bells: tuple[BellSchedule, ...]
    rooms: tuple[Room, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    rulesets: tuple[str, ...] = ("national",)
    weights: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    origin: Origin = NOWHERE

    def bell_of(self, grade: int) -> BellSchedule:
        """Return the bell schedule of a grade: the first that names it, else the first that names no grade.

        Raises LookupError when no schedule fits; readers see to it that one does.
        """
        for bell in self.bells:
            if grade in bell.grades:
                return bell
        for bell in self.bells:
            if not bell.grades:
                return bell
        raise LookupError(f"no bell schedule for grade {grade}")


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the "understood as" echo: the cell, what stands there, and how it was understood."""

    text: Message
    origin: Origin = NOWHERE
    value: str = ""
    assumed: bool = False
