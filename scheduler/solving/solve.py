"""Problem -> Solution.

Three stages (measured in shared research and in benchmarks/): (1) a legal timetable from the requirements alone; (2) the full model,
hinted with it, in one CP-SAT call that also gives the bound; (3) neighbourhood search around CP-SAT, one sub-solve for each core,
for what the call does not close. The stages share one incumbent and one deadline.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from constraints.base import Constraint, evaluate
from constraints.model import TimetableModel
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.errors import Disagreement
from scheduler.outcome import Progress, Proof, Solution
from scheduler.solving.build import Policy, build, requirements_only, strict
from scheduler.solving.improve import improve
from scheduler.solving.neighbourhoods import Neighbourhoods
from scheduler.solving.pooling import pool
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Vector, Workbench


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """``time_limit`` in seconds (of deterministic time when ``deterministic``); ``gap`` is relative: 0.01 stops within 1 % of the bound.

    ``workers`` None means one for each core. ``deterministic`` uses one worker and gives the same timetable every time.
    """

    time_limit: float = 60.0
    seed: int = 0
    workers: int | None = None
    gap: float = 0.0
    deterministic: bool = False

    @property
    def cores(self) -> int:
        """The number of workers in force."""
        return 1 if self.deterministic else self.workers or min(os.cpu_count() or 1, 8)


class Search:
    """The state that the stages share: best timetable, bound, clock, and who is told of progress."""

    def __init__(self, problem: Problem, options: SolveOptions, deadline: Deadline, tell: Callable[[Progress], None]) -> None:
        self.problem = problem
        self.options = options
        self.deadline = deadline
        self.rng = random.Random(options.seed)
        self.neighbourhoods = Neighbourhoods(problem, self.rng)
        self.best: Vector | None = None
        self.bound: int | None = None
        self.first_legal: float | None = None
        self.history: list[Progress] = []
        self._tell = tell

    def report(self, phase: Message) -> None:
        """Record where the search stands and tell whoever listens."""
        cost = None if self.best is None else Cost(0, self.best.objective)
        progress = Progress(self.deadline.elapsed, cost, self.bound, phase)
        self.history.append(progress)
        self._tell(progress)

    def solver(self, workers: int) -> cp_model.CpSolver:
        """Return a solver with the run's seed."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = self.rng.randrange(2**31 - 1)
        return solver

    def raise_bound(self, bound: float) -> None:
        """Take a new lower bound of the preference cost."""
        whole = int(bound + 0.999999)
        self.bound = whole if self.bound is None else max(self.bound, whole)

    @property
    def closed(self) -> bool:
        """Say whether the incumbent is within the wanted gap of the bound."""
        if self.best is None or self.bound is None:
            return False
        return self.best.objective - self.bound <= self.options.gap * self.best.objective


def solve(
    problem: Problem,
    options: SolveOptions | None = None,
    *,
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
    start: Timetable | None = None,
) -> Solution:
    """Return the best timetable found that satisfies every requirement, or the proof that there is none.

    ``start`` is a legal timetable to begin from. The checker confirms the answer: Disagreement is raised where it finds a broken
    requirement or a cost other than the model's.
    """
    options = options or SolveOptions()
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    pooled = pool(problem)
    search = Search(pooled.problem, options, deadline, tell)
    legal, proof = (pooled.shrink(start), Proof.FEASIBLE) if start is not None else first_legal(search, pooled.problem, requirements_only)
    if legal is None:
        return _solution(search, None, None, proof)
    search.first_legal = deadline.elapsed
    model = build(pooled.problem, strict)
    bench = Workbench(model, preference_cost(model))
    search.best = bench.complete(legal, deadline)
    if search.best is None:
        raise Disagreement("the full model refuses a timetable that satisfies its requirements")
    if bench.constant is not None:
        search.raise_bound(bench.constant)
    search.report(Message("legal timetable found"))
    _improve(search, bench)
    found = bench.timetable(search.best)
    exact = bench.complete(found, deadline)
    timetable = pooled.expand(found)
    assert exact is not None
    if timetable is None:
        raise Disagreement("rooms cannot be handed out although each kind has enough at every time")
    cost = confirmed_cost(problem, timetable, exact.objective)
    proof = Proof.OPTIMAL if search.bound == cost.preference else Proof.FEASIBLE if search.bound is None else Proof.WITHIN_GAP
    return _solution(search, timetable, cost, proof)


def preference_cost(model: TimetableModel) -> cp_model.LinearExprT:
    """Return the summed cost of a model's preferences."""
    constraints: tuple[Constraint, ...] = model.problem.constraints
    return model.total(c.id for c in constraints if not c.required)


def first_legal(search: Search, problem: Problem, policy: Policy) -> tuple[Timetable | None, Proof]:
    """Return a timetable that satisfies the requirements, from a model without preferences.

    Two workers at least where there are two cores: the second runs feasibility jump, which finds most first solutions.
    """
    model = build(problem, policy)
    solver = search.solver(search.options.cores)
    if search.options.deterministic:
        solver.parameters.interleave_search = True  # brings feasibility jump to one worker, reproducibly
    with search.deadline.guarding(solver, search.deadline.left):
        status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return model.read(solver), Proof.FEASIBLE
    return None, Proof.INFEASIBLE if status == cp_model.INFEASIBLE else Proof.UNKNOWN


def _improve(search: Search, bench: Workbench) -> None:
    """Alternate between one call on the full model, which raises the bound, and neighbourhood search."""
    limit = search.options.time_limit
    share = 0.25
    while not search.closed and search.deadline.left > 0.05:
        if plain(search, bench, max(2.0, share * limit)):
            break
        improve(search, bench, max(2.0, share * limit))


def plain(search: Search, bench: Workbench, seconds: float) -> bool:
    """One CP-SAT call on the full model from the incumbent; True when it proved the incumbent optimal."""
    assert search.best is not None
    solver = search.solver(search.options.cores)
    solver.parameters.relative_gap_limit = search.options.gap
    with search.deadline.guarding(solver, seconds):
        status = solver.solve(bench.clone(search.best), _Listener(search))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        found = bench.vector_of(solver)
        if found.objective <= search.best.objective:
            search.best = found
        search.raise_bound(solver.best_objective_bound)
        search.report(Message("whole model"))
    elif status == cp_model.INFEASIBLE:
        raise Disagreement("CP-SAT calls a model infeasible for which a solution is known")
    return search.closed


class _Listener(cp_model.CpSolverSolutionCallback):
    """Tells of better solutions while a call runs."""

    def __init__(self, search: Search) -> None:
        super().__init__()
        self._search = search

    def on_solution_callback(self) -> None:
        search = self._search
        bound = int(self.best_objective_bound + 0.999999)
        known = bound if search.bound is None else max(bound, search.bound)
        progress = Progress(search.deadline.elapsed, Cost(0, round(self.objective_value)), known, Message("whole model"))
        search.history.append(progress)
        search._tell(progress)


def confirmed_cost(problem: Problem, timetable: Timetable, objective: int) -> Cost:
    """Return the checker's cost; raise Disagreement unless it finds no broken requirement and the model's preference cost."""
    cost, violations = evaluate(problem, TimetableView(problem, timetable))
    if cost.required:
        broken = [str(v.sentence) for v in violations if v.constraint.required]
        raise Disagreement(f"the checker finds broken requirements in a solution: {broken[:5]}")
    if cost.preference != objective:
        raise Disagreement(f"preference cost {cost.preference} by the checker, {objective} by the model")
    return cost


def _solution(search: Search, timetable: Timetable | None, cost: Cost | None, proof: Proof) -> Solution:
    return Solution(
        proof=proof,
        timetable=timetable,
        cost=cost,
        bound=search.bound,
        seconds=search.deadline.elapsed,
        first_legal_seconds=search.first_legal,
        seed=search.options.seed,
        workers=search.options.cores,
        interrupted=search.deadline.interrupted,
        history=tuple(search.history),
    )
