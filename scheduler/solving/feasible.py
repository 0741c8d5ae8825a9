"""Is there a timetable at all? One short CP-SAT call on the requirements of a problem, for explanations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ortools.sat.python import cp_model

from constraints.base import Constraint
from constraints.model import TimetableModel
from instances.problem import Problem
from instances.timetable import Timetable
from scheduler.solving.build import Reading, build, requirements_only
from scheduler.solving.interchangeable import pool
from scheduler.solving.stopping import Deadline


class Found(Enum):
    """What a call found out. UNKNOWN: the time ran out; it is never read as "impossible"."""

    TIMETABLE = "timetable"
    NONE = "none"  # proved: there is none
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a call; ``timetable``, where it was asked for, satisfies all requirements, with real rooms."""

    found: Found
    timetable: Timetable | None = None


def feasible(
    problem: Problem, deadline: Deadline, seconds: float, *, workers: int = 1, presolve: bool = True, show: bool = False
) -> Answer:
    """Look for a timetable that satisfies the requirements of a problem, for at most ``seconds``; ``show``: and return it.

    ``presolve=False`` is a second, slower opinion on "there is none" (OR-Tools #5274: a presolve that removed solutions); it runs
    with one worker, for with more that mode has errors of its own (#5295).
    """
    pooled = pool(problem)
    model = build(pooled.problem, requirements_only)
    solver = _solver(1 if not presolve else workers)
    solver.parameters.cp_model_presolve = presolve
    with deadline.guarding(solver, seconds):
        status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(Found.TIMETABLE, pooled.expand(model.read(solver)) if show else None)
    return Answer(Found.NONE if status == cp_model.INFEASIBLE else Found.UNKNOWN)


def feasible_near(
    problem: Problem, start: Timetable, free: frozenset[int], deadline: Deadline, seconds: float, *, workers: int = 1
) -> Answer:
    """As :func:`feasible`, but every event outside ``free`` (indices) stands where it stands in ``start``, if it is all there.

    NONE says nothing about the whole problem.
    """
    pooled = pool(problem)
    model = build(pooled.problem, requirements_only)
    placed, _ = model.literals_of(pooled.shrink(start))
    known = placed & model.x.keys()
    periods: dict[int, int] = defaultdict(int)
    for placement in known:
        periods[placement.event] += placement.duration
    for placement, literal in model.x.items():
        event = placement.event
        if event not in free and periods[event] == problem.events[event].duration:
            model.cp.add(literal == (placement in known))
    solver = _solver(workers)
    with deadline.guarding(solver, seconds):
        status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(Found.TIMETABLE, pooled.expand(model.read(solver)))
    return Answer(Found.NONE if status == cp_model.INFEASIBLE else Found.UNKNOWN)


def least_broken(problem: Problem, breakable: Callable[[Constraint], bool], deadline: Deadline, seconds: float) -> Timetable | None:
    """Return a timetable that satisfies all requirements but the ``breakable`` ones, and breaks those as little as it can.

    None when there is none, or none was found in ``seconds``. The timetable has pools of rooms where rooms are alike.
    """

    def policy(constraint: Constraint) -> Reading:
        if not constraint.required:
            return Reading.LEFT_OUT
        return Reading.COUNTED if breakable(constraint) else Reading.ENFORCED

    model = build(problem, policy)
    counted = [c.id for c in problem.constraints if c.required and breakable(c)]
    _minimise(model, counted)
    solver = _solver(1)
    with deadline.guarding(solver, seconds):
        status = solver.solve(model.cp)
    return model.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _minimise(model: TimetableModel, ids: list[str]) -> None:
    total = model.total(ids)
    if not isinstance(total, int):
        model.cp.minimize(total)


def _solver(workers: int) -> cp_model.CpSolver:
    """Return a solver: one worker reads every clique into its relaxation and proves pigeonholes at the root (30 lessons, 26 periods:
    0.02 s; with the default level not in 10 s); two or more find timetables.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    if workers == 1:
        solver.parameters.linearization_level = 2
    return solver
