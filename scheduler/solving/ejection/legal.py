"""A first legal timetable: by ejection, with CP-SAT's feasibility jump beside it; what ejection leaves over by neighbourhood search.

None is best everywhere (two cores): ejection has fet01 in 1 s and fet05 in 2 s, feasibility jump fet04 in 12 s, where ejection comes to a
stand with rooms missing; of fet02 ejection leaves six lessons over after 5 s, and neighbourhood search places them in 20 to 60 s.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait

from ortools.sat.python import cp_model

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_time import AssignTime
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.best import forgiving
from scheduler.solving.breakout import break_out
from scheduler.solving.build import Reading, build, requirements_only
from scheduler.solving.ejection.pairs import understood
from scheduler.solving.ejection.search import Ejection
from scheduler.solving.options import SolveOptions
from scheduler.solving.pooling import reduce
from scheduler.solving.solve import Search
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Workbench, tier_cost

_SHARE = 0.8  # of the time
_JUMPS_SHARE = 0.4  # of that, for feasibility jump before the other first-solution workers join in
_NOT_JUMPS = (
    "fs_random",
    "fs_random_no_lp",
    "fs_random_quick_restart",
    "fs_random_quick_restart_no_lp",
)  # the other first-solution workers
_PATIENCE = 5000  # steps in vain before neighbourhood search takes over
_NEARLY = 0.06  # required cost for each period, at most, for that


def first_timetable(problem: Problem, options: SolveOptions, deadline: Deadline) -> Timetable | None:
    """Return a timetable to begin from: a legal one if it is found in good time, else the fullest that ejection had.

    None in deterministic runs.
    """
    if deadline.deterministic:
        return None
    reduced = reduce(problem)
    part = deadline.part(min(deadline.left, _SHARE * options.time_limit))
    ejecting, jumping = part.part(part.seconds), part.part(part.seconds)
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(_by_jumps, reduced.problem, options, jumping, ejecting)
        found = by_ejection(reduced.problem, options.seed, ejecting)
        nearly = _is_nearly_legal(reduced.problem, found)
        while nearly and not beside.done():  # a stop that comes while a solver starts up is lost
            jumping.stop()
            wait([beside], timeout=0.05)
        jumped = beside.result()
    impossible = jumped is None and ejecting.interrupted
    if jumped is None and nearly and not impossible and _cost(reduced.problem, found):
        found = _mended(reduced.problem, found, options, part)
    return reduced.expand(found if jumped is None else jumped) or Timetable(())


def _by_jumps(problem: Problem, options: SolveOptions, part: Deadline, other: Deadline) -> Timetable | None:
    """Return a timetable by CP-SAT's feasibility jump and one worker without relaxations, later with all first-solution workers.

    Stops what runs beside it where it has one, or the proof that there is none.
    """
    model = build(problem, requirements_only)
    for share, left_out in ((_JUMPS_SHARE, _NOT_JUMPS), (1.0, ())):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = max(2, options.cores)
        solver.parameters.random_seed = options.seed
        solver.parameters.linearization_level = 0
        solver.parameters.subsolvers.append("no_lp")
        solver.parameters.ignore_subsolvers.extend(left_out)
        with part.guarding(solver, share * part.left):
            status = solver.solve(model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
            other.stop()
            return None if status == cp_model.INFEASIBLE else model.read(solver)
        if part.left <= 0:
            return None
    return None


def by_ejection(problem: Problem, seed: int, deadline: Deadline) -> Timetable:
    """Return the fullest timetable of ejection, once it is nearly legal and nothing more is gained, or all stands, or the time is up.

    Empty for problems that the search does not understand, and in deterministic runs, for it goes by the clock.
    """
    if deadline.deterministic or not understood(problem):
        return Timetable(())
    ejection = Ejection(problem, [c for c in problem.constraints if c.required], seed)
    found = Timetable(())
    while ejection.possible and ejection.out and deadline.left > 0 and not _is_nearly_legal(problem, found):
        found = ejection.run(lambda: deadline.left > 0, _PATIENCE)
    return found


def _is_nearly_legal(problem: Problem, timetable: Timetable) -> bool:
    """Say whether so little is missing or broken that neighbourhood search is the way to mend it."""
    return _cost(problem, timetable) <= _NEARLY * sum(event.duration for event in problem.events)


def _mended(problem: Problem, start: Timetable, options: SolveOptions, deadline: Deadline) -> Timetable:
    """Return a timetable of no higher required cost, by neighbourhood search on what is not placed or broken."""
    held = forgiving(problem, start, preferences=False)

    def policy(constraint: Constraint) -> Reading:
        return Reading.COUNTED if constraint.required and isinstance(constraint, AssignTime) else held(constraint)

    search = Search(problem, options, deadline, lambda progress: None)
    search.required_tier = True
    model = build(problem, policy)
    bench = Workbench(model, tier_cost(model, required=True))
    search.best = bench.complete(start) if deadline.left > 0 else None
    if search.best is None:
        return start
    break_out(search, bench, deadline.left)
    return bench.timetable(search.best)


def _cost(problem: Problem, timetable: Timetable) -> int:
    return evaluate(problem, TimetableView(problem, timetable))[0].required
