"""A start for an incomplete timetable: one that breaks requirements, thinned until what is left obeys them."""

from __future__ import annotations

from collections import Counter

from constraints.base import Constraint, Violation
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from instances.problem import Problem
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.solving.build import Policy, Reading, elastic

_LAWS = (AssignTime, AssignResource, AvoidClashes, DistributeSplitEvents)


def laws_only(constraint: Constraint) -> Reading:
    """All lessons placed, nobody in two places, rooms, doubles; every wish and every other requirement left out."""
    return Reading.ENFORCED if constraint.required and isinstance(constraint, _LAWS) else Reading.LEFT_OUT


def thinned(problem: Problem, timetable: Timetable) -> Timetable:
    """Return the lessons of a timetable that may stand in an incomplete one: what ``elastic`` enforces holds for them.

    The lessons that break the most go first.
    """
    policy: Policy = elastic(problem)
    enforced = [c for c in problem.constraints if policy(c) is Reading.ENFORCED]
    meets = list(timetable.meets)
    while meets:
        view = TimetableView(problem, Timetable.of(meets))
        found = [violation for constraint in enforced for violation in constraint.check(view)]
        if not found:
            break
        named = [_meets_of(violation, view) for violation in found]
        often = Counter(meet for guilty in named for meet in guilty)
        gone: set[Meet] = set()
        for guilty in named:
            if guilty and gone.isdisjoint(guilty):
                gone.add(max(guilty, key=lambda meet: (often[meet], meet.event)))
        if not gone:
            return Timetable(())
        meets = [meet for meet in meets if meet not in gone]
    return Timetable.of(meets)


def _meets_of(violation: Violation, view: TimetableView) -> list[Meet]:
    """Return the meets that a violation names, else those of its resources at its times."""
    if violation.meets:
        return [meet for meet in violation.meets if meet.start is not None]
    times = set(violation.times)
    return [m for r in violation.resources for m in view.meets_with(r) if not times or not times.isdisjoint(view.times_of(m))]
