"""Calls of CP-SAT on the whole model, from the incumbent: one that also proves, one that only improves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from instances.language import Message
from scheduler.errors import Disagreement
from scheduler.solving.vectors import Workbench

if TYPE_CHECKING:
    from scheduler.solving.solve import Search


def plain(search: Search, bench: Workbench, seconds: float) -> bool:
    """One call with CP-SAT's usual workers, which raises the bound; True when it proved the incumbent optimal."""
    solver = search.solver(search.options.cores)
    solver.parameters.relative_gap_limit = search.options.gap
    begun, _ = _call(search, bench, solver, seconds)
    if begun:
        search.raise_bound(solver.best_objective_bound)
        search.report(Message("whole model"))
    return search.closed


def descend(search: Search, bench: Workbench, seconds: float) -> float:
    """One call in which every worker does large neighbourhood search. Return the seconds until that began.

    It tells no bound: it raises none worth having, and what is enforced in the model may be more than the problem asks (``best.py``).

    The model is presolved once and lightly, and a neighbourhood is then cut out of it in milliseconds, so that this gains on large models
    where a sub-solve of our own needs a second (two cores, from the same start, 25 s: KosovaInstance1 23399 to 570, presolved in full 4127,
    by our own neighbourhoods in 30 s 10443).
    """
    solver = search.solver(search.options.cores)
    parameters = solver.parameters
    parameters.use_lns_only = True
    parameters.interleave_search = search.options.cores == 1
    parameters.linearization_level = 0
    parameters.relative_gap_limit = search.options.gap
    presolve_lightly(solver)
    _, seconds = _call(search, bench, solver, seconds)
    return seconds


def presolve_lightly(solver: cp_model.CpSolver) -> None:
    """Let a solver presolve in one round, without what looks for more than that shows by itself."""
    solver.parameters.max_presolve_iterations = 1
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0


def without_probing(solver: cp_model.CpSolver) -> None:
    """Let a solver presolve to the end, but not try literals, look for symmetries or resolve clauses.

    That is most of the time to a first legal timetable (docs/architecture.md).
    """
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.cp_model_use_sat_presolve = False


def _call(search: Search, bench: Workbench, solver: cp_model.CpSolver, seconds: float) -> tuple[bool, float]:
    """Solve from the incumbent, which is replaced by what is no worse. Return whether the search began, and the seconds until then."""
    assert search.best is not None
    began, listener = search.deadline.used, _Listener(search)
    with search.deadline.guarding(solver, seconds):
        status = solver.solve(bench.clone(search.best), listener)
    begun = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    if begun:
        found = bench.vector_of(solver)
        if found.objective <= search.best.objective:
            search.best = found
    elif status == cp_model.INFEASIBLE:
        raise Disagreement("CP-SAT calls a model infeasible for which a solution is known")
    return begun, (search.deadline.used if listener.first is None else listener.first) - began


class _Listener(cp_model.CpSolverSolutionCallback):
    """Tells of better solutions while a call runs; ``first`` is when the hint was found to be one."""

    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search = search
        self.first: float | None = None

    def on_solution_callback(self) -> None:
        self.first = self.first or self._search.deadline.used
        bound = int(self.best_objective_bound + 0.999999)
        self._search.report(Message("whole model"), round(self.objective_value), max(bound, self._search.bound or 0))
