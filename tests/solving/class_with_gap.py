"""A class whose teacher has a gap, which two lessons that change places close."""

from __future__ import annotations

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_idle_times import LimitIdleTimes
from instances.problem import Problem, TimeGroup
from instances.timetable import Cost, Timetable, TimetableView
from tests.builders import event, grid, problem

WITH_GAP = (0, 0, 1), (1, 1, 1), (2, 2, 1)  # what ``place`` needs to put the lesson without the teacher between the two with her


def cost(case: Problem, timetable: Timetable) -> Cost:
    """The cost by the checks."""
    return evaluate(case, TimetableView(case, timetable))[0]


def gap(*more: Constraint, days: int = 1) -> Problem:
    """A class with three periods on its first day, the first and the last with a teacher who wants no gap."""
    events = [event("a", 1, 0, 1), event("b", 1, 0), event("c", 1, 0, 1)]
    laws = [AssignTime(id="assign", events=(0, 1, 2)), AvoidClashes(id="clashes", resources=(0, 1))]
    wish = LimitIdleTimes(id="gaps", required=False, weight=5, resources=(1,), time_groups=("day1",))
    week = TimeGroup("week", "week", tuple(range(3 * days)))
    return problem(grid(days, 3), ["class", "teacher"], events, [*laws, wish, *more], time_groups={"week": week})
