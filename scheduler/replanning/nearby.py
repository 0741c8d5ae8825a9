"""Legal timetables near an old one, found by freeing a few classes at a time; the whole-school solve starts from them."""

from __future__ import annotations

from collections import Counter

from ortools.sat.python import cp_model

from constraints.base import evaluate
from constraints.model import TimetableModel
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.replanning.kept import hint, new_solver
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline

# Of the time limit: what all neighbourhoods together may take before the whole school is searched, and each of them.
_SHARE, _CALL = 0.25, 0.15


def nearby(model: TimetableModel, start: Timetable, options: SolveOptions, deadline: Deadline) -> Timetable | None:
    """Free the classes in which something is broken, then twice as many, and so on, until a legal timetable is found.

    Returns the one nearest to ``start`` that such a neighbourhood holds: most changes are repaired next door, and the whole-school
    solve begins with an answer.
    """
    placed, _filled = model.literals_of(start)
    free = _broken_classes(model.problem, start)
    classes = [r for r, resource in enumerate(model.problem.resources) if resource.type == "class"]
    hint(model, start)
    while free and len(free) < 0.9 * len(classes) and deadline.used < _SHARE * options.time_limit:
        copy = model.cp.clone()
        variables = copy.proto.variables
        for event, placements in enumerate(model.by_event):
            own = [placement for placement in placements if placement in placed]
            whole = sum(p.duration for p in own) == model.problem.events[event].duration
            if whole and free.isdisjoint(model.problem.events[event].fixed_resources()):
                for placement in placements:
                    domain = variables[model.x[placement].index].domain
                    domain[0] = domain[1] = int(placement in placed)
        solver = new_solver(options)
        with deadline.guarding(solver, _CALL * options.time_limit):
            status = solver.solve(copy)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return model.read(solver)
        free = _grown(model.problem, free)
    return None


def any_legal(
    model: TimetableModel, start: Timetable, options: SolveOptions, deadline: Deadline, seconds: float
) -> cp_model.CpSolverStatus:
    """Say whether a model without an objective has a solution."""
    hint(model, start)
    solver = new_solver(options)
    with deadline.guarding(solver, seconds):
        return solver.solve(model.cp)


def _broken_classes(problem: Problem, timetable: Timetable) -> frozenset[int]:
    """Return the classes (resources) that take part in what the checker finds broken."""
    found: set[int] = set()
    for violation in evaluate(problem, TimetableView(problem, timetable))[1]:
        if violation.constraint.required:
            events = {meet.event for meet in violation.meets}
            events.update(problem.event_groups.get(violation.about, ()))
            if violation.about in problem.event_index:
                events.add(problem.event_index[violation.about])
            own = {r for r in violation.resources if problem.resources[r].type == "class"}
            found.update(own if not events else ())
            if not events and not own:
                events.update(event for resource in violation.resources for event in problem.events_of[resource])
            found.update(r for event in events for r in problem.events[event].fixed_resources() if problem.resources[r].type == "class")
    return frozenset(found)


def _grown(problem: Problem, classes: frozenset[int]) -> frozenset[int]:
    """Return as many classes again, those first that share most lessons' teachers with ``classes``."""
    shared: Counter[int] = Counter()
    for own in classes:
        for event in problem.events_of[own]:
            for person in problem.events[event].fixed_resources():
                if problem.resources[person].type == "teacher":
                    for other in problem.events_of[person]:
                        for resource in problem.events[other].fixed_resources():
                            if problem.resources[resource].type == "class" and resource not in classes:
                                shared[resource] += problem.events[other].duration
    nearest = sorted(shared, key=lambda resource: (-shared[resource], resource))[: max(2, len(classes))]
    return classes.union(nearest)
