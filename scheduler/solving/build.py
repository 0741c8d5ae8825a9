"""Problem -> CP-SAT model: which constraints are enforced, which are counted and which are left out is the caller's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from constraints.base import Constraint
from constraints.model import Domains, TimetableModel
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.spread_events import SpreadEvents
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView


class Reading(StrEnum):
    """How a constraint enters a model."""

    ENFORCED = "enforced"  # no slack
    COUNTED = "counted"  # slack, with its cost on the bill
    LEFT_OUT = "left out"


Policy = Callable[[Constraint], Reading]


def strict(constraint: Constraint) -> Reading:
    """Requirements enforced, preferences counted."""
    return Reading.ENFORCED if constraint.required else Reading.COUNTED


def requirements_only(constraint: Constraint) -> Reading:
    """Requirements enforced, preferences left out: the model for the first legal timetable."""
    return Reading.ENFORCED if constraint.required else Reading.LEFT_OUT


def elastic(problem: Problem) -> Policy:
    """Return the policy that always leaves a timetable: what an empty timetable satisfies stays enforced, other requirements
    (lessons placed, rooms found, minimums) are counted.
    """
    empty = TimetableView(problem, Timetable(()))
    counted = {c.id for c in problem.constraints if c.required and next(iter(c.check(empty)), None) is not None}

    def policy(constraint: Constraint) -> Reading:
        return Reading.COUNTED if not constraint.required or constraint.id in counted else Reading.ENFORCED

    return policy


def build(
    problem: Problem,
    policy: Policy = strict,
    constraints: Iterable[Constraint] | None = None,
    domains: Domains | None = None,
) -> TimetableModel:
    """Return the model of a problem under a policy, over ``constraints`` (default: those of the problem).

    ``domains`` are the placements and candidates to begin with, all unless given: what has no literal costs no time. They are pruned.

    Sub-models for explanations come from leaving constraints out, never from guarding them: guards hide
    the pigeonholes from presolve (docs/architecture.md).
    """
    chosen: list[Constraint] = list(problem.constraints if constraints is None else constraints)
    readings = [(c, policy(c)) for c in chosen]
    enforced = [c for c, reading in readings if reading is Reading.ENFORCED]
    counted = [c for c, reading in readings if reading is Reading.COUNTED]
    domains = domains or Domains(problem)
    for constraint in enforced:
        constraint.prune(domains)
    clash_free = frozenset(
        index for c in enforced if isinstance(c, AvoidClashes) for index in c.resources if problem.resources[index].capacity == 1
    )
    model = TimetableModel(problem, domains, clash_free)
    for constraint in enforced:
        constraint.enforce(model)
    _fill_full_weeks(model, enforced)
    for constraint in counted:
        model.charge(constraint)
    _need_days(model, enforced, counted)
    _limit_days(model, enforced, counted)
    return model


def _fill_full_weeks(model: TimetableModel, enforced: Iterable[Constraint]) -> None:
    """Say what follows from the counting: who has as many lessons as there are times left is busy at each of them.

    CP-SAT does not find these equations itself, and without them some first timetables (BrazilInstance4) are not found in 15 s.
    """
    problem = model.problem
    placed = {event for c in enforced if isinstance(c, AssignTime) for event in c.events}
    for resource in sorted(model.clash_free):
        events = problem.events_of[resource]
        if not placed.issuperset(events) or any(resource not in problem.events[event].fixed_resources() for event in events):
            continue
        for week in problem.week_views(events):
            times = [time for time in range(len(problem.times)) if model.using(resource, time, week)]
            apart = all(set(problem.overlapping[time]).isdisjoint(set(times) - {time}) for time in times)
            load = sum(problem.events[event].duration for event in events if all(mask >> week & 1 for mask in problem.events[event].weeks))
            if apart and load == len(times):
                for time in times:
                    model.cp.add_exactly_one(model.using(resource, time, week))


def _need_days(model: TimetableModel, enforced: Iterable[Constraint], counted: Iterable[Constraint]) -> None:
    """Say what follows from the counting: a load that fills two days and a half needs three.

    Only where a preference counts busy days. Without these bounds a sub-solve does not see that nothing is to be gained there.
    """
    problem = model.problem
    placed = {event for c in enforced if isinstance(c, AssignTime) for event in c.events}
    for cluster in counted:
        if not isinstance(cluster, ClusterBusyTimes):
            continue
        groups = [frozenset(problem.time_groups[key].times) for key in cluster.time_groups]
        covered = frozenset().union(*groups)
        if sum(map(len, groups)) != len(covered):
            continue  # a lesson in two groups would count twice
        for resource in sorted(model.clash_free.intersection(cluster.resources)):
            events = problem.events_of[resource]
            if not placed.issuperset(events) or any(resource not in problem.events[event].fixed_resources() for event in events):
                continue
            for week in problem.week_views(events):
                times = {time for time in range(len(problem.times)) if model.using(resource, time, week)}
                load = sum(problem.events[e].duration for e in events if all(mask >> week & 1 for mask in problem.events[e].weeks))
                room = sorted((len(times & group) for group in groups), reverse=True)
                if times <= covered and 0 < load <= sum(room):
                    needed = next(n for n in range(1, len(room) + 1) if sum(room[:n]) >= load)
                    busy = [model.occurs(resource, problem.time_groups[key].times, week) for key in cluster.time_groups]
                    model.cp.add(model.sum(*busy) >= needed)


def _limit_days(model: TimetableModel, enforced: Iterable[Constraint], counted: Iterable[Constraint]) -> None:
    """Say what follows for the counts of days: a day holds no more lessons of anybody than it has times, none where he does not come,
    and the days of an event make up its duration.

    Only where a cost ties days to each other: what is limited on each day by itself is found without (nine-year36, proved optimal after 18
    to 23 s, took 28 s with all of this, and stayed at 17 for 14 in another run).
    """
    counts = model.day_counts
    if not any(_ties_days(model, c) for c in counted):
        return
    for resource in sorted(model.clash_free):
        for week in model.problem.week_views(model.problem.events_of[resource]):
            for day in range(len(counts.days)):
                lessons, room = counts.lessons(resource, day, week), counts.room(resource, day, week)
                if sum(found.duration * found.most for found in lessons) > room:
                    model.cp.add(counts.periods(lessons) <= room)
    for (resource, times, week), busy in model.occurring.items():
        day_there = counts.day_of(times)
        if day_there is not None and resource in model.clash_free:
            lessons = counts.lessons(resource, day_there, week)
            if len(lessons) > 1:
                model.cp.add(counts.periods(lessons) <= counts.room(resource, day_there, week) * busy)
    for event in sorted({event for c in enforced if isinstance(c, AssignTime) for event in c.events}):
        of_days = counts.of(event)
        if len(of_days) > 1:
            model.cp.add(counts.periods(of_days) == model.problem.events[event].duration)


def _ties_days(model: TimetableModel, constraint: Constraint) -> bool:
    """Say whether a constraint counts over several whole days."""
    match constraint:
        case SpreadEvents():
            keys = [limit.time_group for limit in constraint.limits]
        case ClusterBusyTimes():
            keys = list(constraint.time_groups)
        case _:
            return False
    return any(model.day_counts.are_days(model.problem.time_groups[key].times) for key in keys)
