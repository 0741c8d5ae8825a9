"""Times at which classes and teachers meet without a course: 升旗, 班会, 教研活动."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from instances.problem import Event, Role
from instances.school import Course, RequirementKind
from scheduler.compiling.demands import Demands, describe
from scheduler.compiling.events import BOTH


def add_fixed_events(demands: Demands) -> None:
    """Make an event for each EVENT requirement (升旗, 班会, staff meeting): its classes and teachers meet in its slots.

    Classes with different bells get an event each. Must run before any event group is made.
    """
    teaching, week = demands.teaching, demands.week
    for number, r in enumerate(demands.school.requirements):
        if r.kind is not RequirementKind.EVENT:
            continue
        name = r.text or str(describe(r))
        chosen = [c for c in demands.school.classes if c.name in r.scope.classes or c.grade in r.scope.grades]
        people = [teaching.teacher(t) for t in demands.teachers(r.scope)] if r.scope.teachers or r.scope.groups else []
        grids: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for record in chosen:
            grids[week.lesson[record.grade] + week.activity[record.grade]].append(teaching.class_(record.name))
        if not grids:  # a meeting of teachers: by the first bells that have the period; clock times guard the others
            grids[tuple(week.at[slot][0] for slot in r.slots if slot in week.at)] = []
        for part, (grid, classes) in enumerate(grids.items()):
            times = frozenset(week.slots(r.slots)) & frozenset(grid)
            if times:
                members = classes + (people if part == 0 else [])
                roles = tuple(Role("class" if i in classes else "teacher", i) for i in members)
                course = Course(
                    f"event:{number}.{part}", name, tuple(teaching.resources[i].name for i in classes), (), Fraction(len(times))
                )
                event = Event(course.id, name, len(times), roles, (1,), times=times, weeks=(BOTH,))
                teaching.add(event, (course,), ("",) * len(roles))
