"""The kinds of rule that the code knows, in the order in which documents list them."""

from __future__ import annotations

from typing import Any

from constraints.bell.breaks import Breaks
from constraints.bell.daily_cap import DailyCap
from constraints.bell.lesson_length import LessonLength
from constraints.bell.lessons_in_half import LessonsInHalf
from constraints.bell.section_times import SectionTimes
from constraints.bell.sections_per_day import SectionsPerDay
from constraints.kind import Kind
from constraints.placing.activity_minutes import ActivityMinutes
from constraints.placing.activity_on_days_without_pe import ActivityOnDaysWithoutPE
from constraints.plan.subjects_offered import SubjectsOffered
from constraints.plan.weekly_lessons import WeeklyLessons
from constraints.plan.weekly_total import WeeklyTotal
from constraints.records.stated_amount import StatedAmount
from constraints.records.stated_fact import StatedFact

KINDS: tuple[Kind[Any], ...] = (
    WeeklyTotal(),
    WeeklyLessons(),
    SubjectsOffered(),
    ActivityOnDaysWithoutPE(),
    ActivityMinutes(),
    SectionTimes(),
    DailyCap(),
    LessonLength(),
    LessonsInHalf(),
    Breaks(),
    SectionsPerDay(),
    StatedAmount(),
    StatedFact(),
)

KIND_OF: dict[str, Kind[Any]] = {kind.name: kind for kind in KINDS}
