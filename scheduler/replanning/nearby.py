"""Legal timetables near an old one, found by freeing a few classes at a time; the whole-school solve starts from them."""

from __future__ import annotations

import random
from collections import Counter

from ortools.sat.python import cp_model

from constraints.base import evaluate
from constraints.model import TimetableModel
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.errors import Infeasible
from scheduler.replanning.kept import hint, new_solver
from scheduler.replanning.moves import places
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline


def nearby(model: TimetableModel, start: Timetable, options: SolveOptions, deadline: Deadline) -> tuple[Timetable | None, int]:
    """Free the classes in which something is broken, then twice as many, and so on: most changes are repaired next door.

    A whole-school solve finds the same moves only after seconds; it starts from this answer, and proves it.
    """
    placed, _filled = model.literals_of(start)
    best: Timetable | None = None
    held = 0
    free = _broken_classes(model.problem, start)
    classes = [r for r, resource in enumerate(model.problem.resources) if resource.type == "class"]
    while free and len(free) < 0.9 * len(classes):
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
        with deadline.guarding(solver, 0.25 * options.time_limit):
            status = solver.solve(copy)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            first = best is None
            if first or round(solver.objective_value) > held:
                best, held = model.read(solver), round(solver.objective_value)
            if not first or len(free) > 8:
                break
        elif deadline.elapsed > 0.4 * options.time_limit:
            break
        free = _grown(model.problem, free)
    return best, held


def first_legal(
    model: TimetableModel, start: Timetable, options: SolveOptions, deadline: Deadline, unlocked: Infeasible | None
) -> Timetable:
    """Return any legal timetable; raises Infeasible (``unlocked`` where locks may be the reason) when there is none or time is up."""
    copy = model.cp.clone()
    copy.proto.clear_objective()
    placed, _filled = model.literals_of(start)
    copy.proto.clear_solution_hint()
    for placement, literal in model.x.items():
        copy.proto.solution_hint.vars.append(literal.index)
        copy.proto.solution_hint.values.append(int(placement in placed))
    solver = new_solver(options)
    with deadline.guarding(solver, 0.8 * options.time_limit):
        status = solver.solve(copy)
    if status == cp_model.INFEASIBLE:
        raise unlocked or Infeasible(str(Message("No timetable meets all requirements of the changed plan.")))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Infeasible(str(Message("No legal timetable was found in the time limit; that does not mean that there is none.")))
    return model.read(solver)


def nearer(
    model: TimetableModel,
    best: Timetable,
    held: int,
    before: dict[int, Counter[tuple[int, int]]],
    options: SolveOptions,
    deadline: Deadline,
) -> tuple[Timetable, int]:
    """Bring a legal timetable nearer to the old one: some classes free, and their teachers' lessons that have moved; over and over."""
    rng = random.Random(options.seed)
    classes = [r for r, resource in enumerate(model.problem.resources) if resource.type == "class"]
    size = max(2, len(classes) // 4)
    limit = max(0.5, 0.06 * options.time_limit)
    while deadline.elapsed < 0.5 * options.time_limit and deadline.left > 0 and len(classes) > 2:
        free = set(rng.sample(classes, min(size, len(classes))))
        now = places(model.problem, best)
        placed, _filled = model.literals_of(best)
        hint(model, best)
        copy = model.cp.clone()
        variables = copy.proto.variables
        for event, placements in enumerate(model.by_event):
            moved = now[event] != before[event]
            if free.isdisjoint(model.problem.events[event].fixed_resources()) and not (moved and rng.random() < 0.5):
                for placement in placements:
                    domain = variables[model.x[placement].index].domain
                    domain[0] = domain[1] = int(placement in placed)
        solver = new_solver(options)
        with deadline.guarding(solver, limit):
            status = solver.solve(copy)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) and round(solver.objective_value) > held:
            best, held = model.read(solver), round(solver.objective_value)
        if status == cp_model.OPTIMAL:
            size += 1
        elif status != cp_model.FEASIBLE:
            size = max(2, size - 1)
    return best, held


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
