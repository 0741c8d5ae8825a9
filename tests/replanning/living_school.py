"""A school with a timetable in force: two classes, three days of four periods; everybody can be reasoned about by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from instances.lessons import SchoolTimetable
from instances.school import Requirement, RequirementKind, School, Selector, Slot
from scheduler.replanning.living import Living, living
from tests.compiling import small_school
from tests.compiling.small_school import course


def plan(*requirements: Requirement, wishes: bool = False) -> School:
    """Eleven lessons in twelve periods for each class; 数学, 体育 and 音乐 have one teacher for both."""
    courses = [
        course(subject, name, teacher.get(name, teacher["*"]), periods)
        for name in ("三(1)班", "三(2)班")
        for subject, periods, teacher in (
            ("语文", 4, {"三(1)班": "林一", "*": "周二"}),
            ("数学", 3, {"*": "高三"}),
            ("体育", 2, {"*": "何四"}),
            ("音乐", 1, {"*": "叶五"}),
            ("班会", 1, {"三(1)班": "林一", "*": "周二"}),
        )
    ]
    made = small_school.school(courses, *requirements)
    return replace(made, name="示例小学", weights={}) if wishes else replace(made, name="示例小学")


@cache
def in_force() -> SchoolTimetable:
    """A legal timetable of the plan."""
    return small_school.timetable(plan())


def case(*requirements: Requirement, wishes: bool = False) -> Living:
    """The plan, perhaps with more requirements than it was made for, and the timetable in force."""
    return living(plan(*requirements, wishes=wishes), in_force(), ())


def closed(teacher: str, *slots: tuple[int, int]) -> Requirement:
    """A teacher is not to teach in these (day, period)."""
    return Requirement(RequirementKind.FORBIDDEN, Selector(teachers=(teacher,)), tuple(Slot(*slot) for slot in slots))
