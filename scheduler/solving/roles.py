"""Who and what fills the open roles, the times as they stand: one call of CP-SAT on the required cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from instances.problem import Problem
from instances.timetable import Timetable
from scheduler.solving.vectors import Workbench

if TYPE_CHECKING:
    from scheduler.solving.solve import Search


def has_choices(problem: Problem) -> bool:
    """Say whether there are open roles with somebody or something to choose."""
    return any(role.resource is None and role.candidates for event in problem.events for role in event.roles)


def fill_roles(search: Search, bench: Workbench, timetable: Timetable, seconds: float) -> Timetable | None:
    """Return the timetable with its open roles filled at least cost of the bench; None where nothing was found in ``seconds``."""
    vector = bench.complete(timetable) if search.deadline.left > 0 else None
    if vector is None:
        return None
    copy = bench.clone(vector)
    bench.fix(copy, bench.x_index, vector.values)
    solver = search.solver(search.options.cores)
    with search.deadline.guarding(solver, seconds):
        status = solver.solve(copy)
    return bench.timetable(bench.vector_of(solver)) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
