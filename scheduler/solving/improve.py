"""Large neighbourhood search around CP-SAT: free a part of the timetable, let CP-SAT solve it, keep what is better.

One sub-solve of a fraction of a second for each core; short ones gain more than long ones (ItalyInstance4, one core, 30 s: 112 with
limits of 0.25 s, 305 with 0.5 s, both presolved in full; from good timetables 0.1 to 0.3 s differ little since). They presolve lightly: a
full presolve took 75 to 270 ms of the 200 (20 neighbourhoods of each of seven XHSTT instances), a light one 20 to 90. Two cores, 20 s, two
seeds, from the same good timetables: ItalyInstance4 35 and 41 where it was 51 and 51, BrazilInstance7 101 and 105 (119, 103), SpainSchool
542 and 506 (537, 547). Sizes adapt to what closes in that time; a neighbourhood that gained without being closed is asked again; results
that come back after the incumbent has moved on are laid over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from constraints.base import Violation, evaluate
from instances.language import Message
from instances.timetable import TimetableView
from scheduler.solving.neighbourhoods import Kind, Neighbourhood
from scheduler.solving.vectors import Vector, Workbench
from scheduler.solving.whole import presolve_lightly

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SUB_SECONDS = 0.2  # for a small model
_VARIABLES_PER_SECOND = 120_000  # of a large one, whose presolve alone takes long
_LONGEST_SUB_SECONDS = 6.0
_IN_TURN = ("no_lp", "core", "quick_restart_no_lp")  # search from above, from below, and restarts: one closes what another does not


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: Kind
    hood: Neighbourhood
    base: Vector
    found: Vector | None
    closed: bool
    seconds: float
    limit: float


def improve(search: Search, bench: Workbench, seconds: float) -> None:
    """Improve ``search.best`` for at most ``seconds``; stops early when the incumbent meets the bound."""
    neighbourhoods = search.neighbourhoods
    started = search.deadline.left
    quiet_since = search.deadline.left
    violations = _violations(search, bench)
    workers = search.options.cores
    shortest = min(max(_SUB_SECONDS, len(bench.model.cp.proto.variables) / _VARIABLES_PER_SECOND), _LONGEST_SUB_SECONDS / 2)
    again: list[tuple[Kind, Neighbourhood]] = []
    with ThreadPoolExecutor(workers) as pool:
        running: set[Future[_Answer]] = set()
        while not search.closed and search.deadline.left > 0.05 and started - search.deadline.left < seconds:
            assert search.best is not None
            quiet = quiet_since - search.deadline.left
            limit = min(shortest * max(1.0, quiet / 6), _LONGEST_SUB_SECONDS)
            while len(running) < workers:
                kind, hood = again.pop() if again else neighbourhoods.draw(violations)
                running.add(pool.submit(_sub_solve, search, bench, search.best, kind, hood, limit, search.rng.randrange(2**31 - 1)))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                answer = future.result()
                before = search.best.objective
                gain = _take(search, bench, answer)
                answer.kind.learn(gain / max(1, before), answer.seconds, answer.limit, answer.closed)
                if gain > 0:
                    quiet_since = search.deadline.left
                    violations = _violations(search, bench)
                    search.report(Message("neighbourhood search"))
                    if not answer.closed:
                        again.append((answer.kind, answer.hood))
        for future in running:
            answer = future.result()
            _take(search, bench, answer)


def _violations(search: Search, bench: Workbench) -> Sequence[Violation]:
    assert search.best is not None
    view = TimetableView(search.problem, bench.timetable(search.best))
    search.neighbourhoods.see(view)
    _, found = evaluate(search.problem, view)
    return [violation for violation in found if violation.constraint.required] if search.required_tier else found


def _sub_solve(search: Search, bench: Workbench, base: Vector, kind: Kind, hood: Neighbourhood, limit: float, seed: int) -> _Answer:
    """Solve the model with everything outside the neighbourhood fixed."""
    began = search.deadline.used
    copy = bench.clone(base)
    bench.fix(copy, bench.outside(hood.events, hood.times), base.values)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.interleave_search = True
    solver.parameters.subsolvers.extend(_IN_TURN)
    solver.parameters.random_seed = seed
    solver.parameters.cp_model_use_sat_presolve = False  # of clauses; SpainSchool, 0.1 s each, 20 s: 756 and 632 for 731 and 1141
    presolve_lightly(solver)
    with search.deadline.guarding(solver, limit):
        status = solver.solve(copy)
    found = bench.vector_of(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return _Answer(kind, hood, base, found, status == cp_model.OPTIMAL, search.deadline.used - began, limit)


def _take(search: Search, bench: Workbench, answer: _Answer) -> int:
    """Make an answer the incumbent if it is no worse, laid over an incumbent that has moved on where that is better. Return the gain."""
    assert search.best is not None
    found = answer.found
    if found is None or found.objective > answer.base.objective:
        return 0
    before = search.best.objective
    candidates = [found]
    if answer.base is not search.best and found.objective < answer.base.objective:
        merged = list(search.best.values)
        for index in bench.x_index + bench.y_index:
            if found.values[index] != answer.base.values[index]:
                merged[index] = found.values[index]
        laid = _legal(bench, merged)
        if laid is not None:
            candidates.append(laid)
    best = min(candidates, key=lambda vector: vector.objective)
    if best.objective <= before:
        search.best = best
    return before - search.best.objective


def _legal(bench: Workbench, values: Sequence[int]) -> Vector | None:
    """Return the full vector with these placements if they are legal together."""
    copy = bench.clone()
    bench.fix(copy, bench.x_index + bench.y_index, values)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    status = solver.solve(copy)
    return bench.vector_of(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
