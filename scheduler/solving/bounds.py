"""A lower bound of the preference cost, day by day.

Most preferences of a school can be told by looking at one day (main subjects in the morning, a subject once a day, lessons in a row).
Over disjoint days their costs add up, so the sum of what each day must cost is a lower bound of the whole. A day on its own is a
small problem that CP-SAT solves to the end where the bound of the whole model stays at zero.

What is kept of a day: the placements in it, each constraint's ``within``, and that a class whose week is full has no free period.
Everything else is relaxed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from constraints.base import Constraint
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.occupy_times import OccupyTimes
from instances.problem import Problem
from scheduler.solving.build import build, strict
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from scheduler.solving.whole import presolve_lightly


@dataclass(frozen=True, slots=True)
class DayBound:
    """``cost`` is a lower bound of the preference cost; ``points`` are the (constraint id, point) that make it up in one cheapest
    way of each day.
    """

    cost: int
    points: frozenset[tuple[str, str]]

    @property
    def unavoidable(self) -> frozenset[str]:
        """The ids of the preferences that cost something."""
        return frozenset(id for id, _ in self.points)


def day_bound(problem: Problem, options: SolveOptions, deadline: Deadline, seconds: float) -> DayBound:
    """Return a lower bound of the preference cost from at most ``seconds`` of work; 0 where days tell nothing."""
    days = [frozenset(group.times) for group in problem.days]
    if sum(map(len, days)) != len(frozenset().union(*days)) or _crossing(problem):
        return DayBound(0, frozenset())  # overlapping days would count a cost twice; a meet in two days is in neither part
    full = full_weeks(problem)
    found: list[DayBound] = []
    for day in days:
        part, settled = _least_cost(day_of(problem, day, full), options, deadline, seconds / len(days))
        found.append(part)
        if not settled and not part.cost:
            break  # such days are too hard to tell anything; what is left of the time is better spent on the week
    return DayBound(sum(part.cost for part in found), frozenset().union(*(part.points for part in found)))


def _crossing(problem: Problem) -> bool:
    """Say whether a meet may run from one day into the next."""
    day_of_time = {time: number for number, group in enumerate(problem.days) for time in group.times}
    return any(
        max(event.durations or (event.duration,)) > 1 and (event.times is None or {time, after} <= event.times)
        for time, after in enumerate(problem.following)
        if after is not None and day_of_time.get(time) != day_of_time.get(after)
        for event in problem.events
    )


def day_of(problem: Problem, day: frozenset[int], full: list[tuple[int, frozenset[int]]]) -> Problem:
    """Return the relaxation of a problem to the times of one day; ``full`` comes from ``full_weeks``."""
    everywhere = frozenset(range(len(problem.times)))
    events = tuple(
        replace(event, times=(everywhere if event.times is None else event.times) & day)
        if event.start is None or event.start in day
        else replace(event, start=None, times=frozenset())
        for event in problem.events
    )
    constraints: list[Constraint] = [part for c in problem.constraints if (part := c.within(problem, day)) is not None]
    groups = {key: replace(group, times=tuple(t for t in group.times if t in day)) for key, group in problem.time_groups.items()}
    event_groups = dict(problem.event_groups)
    for resource, times in full:
        key = f"all events of {problem.resources[resource].id}"
        event_groups[key] = problem.events_of[resource]
        slots = tuple((time,) for time in sorted(times & day))
        for week in problem.week_views(event_groups[key]):
            constraints.append(OccupyTimes(id=f"full:{resource}:{week}", event_groups=(key,), slots=slots, weeks=1 << week))
    return replace(problem, events=events, constraints=tuple(constraints), time_groups=groups, event_groups=event_groups)


def full_weeks(problem: Problem) -> list[tuple[int, frozenset[int]]]:
    """Return (resource, times): the resource must be busy at all these times, since its lessons fill them.

    Only resources that are at one place at a time, whose events all need them and are all placed. The times of a resource fall into
    parts that no event crosses (lesson periods, activity periods); each part is looked at by itself.
    """
    placed = {e for c in problem.constraints if isinstance(c, AssignTime) and c.required for e in c.events}
    alone = {r for c in problem.constraints if isinstance(c, AvoidClashes) and c.required for r in c.resources}
    full = []
    for index, resource in enumerate(problem.resources):
        events = problem.events_of[index]
        if index not in alone or resource.capacity != 1 or not placed.issuperset(events):
            continue
        if any(index not in problem.events[event].fixed_resources() for event in events):
            continue
        for times, members in _parts(problem, events):
            load = sum(problem.events[event].duration * _weeks(problem, event) for event in members)
            apart = all(times.isdisjoint(set(problem.overlapping[time]) - {time}) for time in times)
            if apart and load == len(times) * problem.weeks:
                full.append((index, times))
    return full


def _parts(problem: Problem, events: tuple[int, ...]) -> list[tuple[frozenset[int], list[int]]]:
    """Return the connected parts of the times of some events, each with the events that stand in it."""
    parts: list[tuple[frozenset[int], list[int]]] = []
    for event in events:
        times = problem.events[event].times
        domain = frozenset(range(len(problem.times))) if times is None else times
        members = [event]
        rest = []
        for other, others in parts:
            if other & domain:
                domain, members = domain | other, others + members
            else:
                rest.append((other, others))
        parts = [*rest, (domain, members)]
    return parts


def _weeks(problem: Problem, event: int) -> int:
    """Return the number of weeks of the cycle in which an event runs (the least, where it may choose)."""
    return min(mask.bit_count() for mask in problem.events[event].weeks)


def _least_cost(part: Problem, options: SolveOptions, deadline: Deadline, seconds: float) -> tuple[DayBound, bool]:
    """Return a lower bound of the preference cost of a part, and whether it is the least cost itself."""
    model = build(part, strict)
    ids = [c.id for c in part.constraints if not c.required and c.id in model.costs]
    cost = model.total(ids)
    if isinstance(cost, int) or deadline.left <= 0:
        return DayBound(0, frozenset()), isinstance(cost, int)
    model.cp.minimize(cost)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = options.cores
    solver.parameters.random_seed = options.seed
    presolve_lightly(solver)  # 51 classes, a day: 0.4 s, presolved in full 0.7
    with deadline.guarding(solver, seconds):
        status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return DayBound(0, frozenset()), False
    bound = max(0, int(solver.best_objective_bound + 0.999999))
    costly = [key for key, value in model.cost_by_point(ids) if solver.value(value) > 0]
    return DayBound(bound, frozenset(costly) if bound else frozenset()), status == cp_model.OPTIMAL
