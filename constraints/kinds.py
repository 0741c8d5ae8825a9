"""The kinds of rule that the code knows, in the order in which documents list them."""

from __future__ import annotations

from typing import Any

from constraints.bell.breaks import Breaks
from constraints.bell.daily_cap import DailyCap
from constraints.bell.lesson_length import LessonLength
from constraints.bell.lessons_in_half import LessonsInHalf
from constraints.bell.nothing_taught_in import NothingTaughtIn
from constraints.bell.same_bells import SameBells
from constraints.bell.seasonal_bells import SeasonalBells
from constraints.bell.section_times import SectionTimes
from constraints.bell.sections_per_day import SectionsPerDay
from constraints.bell.sections_per_week import SectionsPerWeek
from constraints.bell.sections_voluntary import SectionsVoluntary
from constraints.bell.service_until_work_ends import ServiceUntilWorkEnds
from constraints.bell.weekly_event import WeeklyEvent
from constraints.kind import Kind
from constraints.placing.activity_listed import ActivityListed
from constraints.placing.activity_minutes import ActivityMinutes
from constraints.placing.activity_on_days_without_pe import ActivityOnDaysWithoutPE
from constraints.placing.common_time import CommonTime
from constraints.placing.school_week import SchoolWeek
from constraints.plan.class_size import ClassSize
from constraints.plan.own_teachers import OwnTeachers
from constraints.plan.plan_kept import PlanKept
from constraints.plan.rooms_listed import RoomsListed
from constraints.plan.self_study_free import SelfStudyFree
from constraints.plan.specialist_teachers import SpecialistTeachers
from constraints.plan.staffed import Staffed
from constraints.plan.subject_share import SubjectShare
from constraints.plan.subjects_offered import SubjectsOffered
from constraints.plan.teacher_load import TeacherLoad
from constraints.plan.weekly_lessons import WeeklyLessons
from constraints.plan.weekly_minutes import WeeklyMinutes
from constraints.plan.weekly_total import WeeklyTotal
from constraints.records.stated_amount import StatedAmount
from constraints.records.stated_fact import StatedFact

KINDS: tuple[Kind[Any], ...] = (
    WeeklyTotal(),
    WeeklyMinutes(),
    WeeklyLessons(),
    SubjectsOffered(),
    SubjectShare(),
    PlanKept(),
    OwnTeachers(),
    SpecialistTeachers(),
    Staffed(),
    TeacherLoad(),
    SelfStudyFree(),
    ClassSize(),
    RoomsListed(),
    ActivityOnDaysWithoutPE(),
    ActivityListed(),
    ActivityMinutes(),
    CommonTime(),
    SchoolWeek(),
    SectionTimes(),
    DailyCap(),
    LessonLength(),
    LessonsInHalf(),
    Breaks(),
    SectionsPerDay(),
    SectionsPerWeek(),
    SectionsVoluntary(),
    NothingTaughtIn(),
    WeeklyEvent(),
    SameBells(),
    SeasonalBells(),
    ServiceUntilWorkEnds(),
    StatedAmount(),
    StatedFact(),
)

KIND_OF: dict[str, Kind[Any]] = {kind.name: kind for kind in KINDS}
