"""A first legal timetable: by ejection and chains in turn, with CP-SAT's feasibility jump beside them; what they leave over by
neighbourhood search.

None is best everywhere (two cores): ejection has fet01 in 1 s and fet05 in 2 s, chains NehaleSS2017T1a in 3 s, where ejection comes to a
stand with seven lessons out, feasibility jump fet04 in 12 s, where rooms are missing; of fet02 ejection leaves six lessons over after
5 s, and neighbourhood search places them in 20 to 60 s.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor, wait

from ortools.sat.python import cp_model

from constraints.base import Constraint, evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.limit_place_changes import LimitPlaceChanges
from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.best import forgiving
from scheduler.solving.breakout import break_out
from scheduler.solving.build import Policy, Reading, build, requirements_only
from scheduler.solving.ejection.chains import Chains
from scheduler.solving.ejection.pairs import understood
from scheduler.solving.ejection.search import Ejection
from scheduler.solving.options import SolveOptions
from scheduler.solving.pooling import reduce
from scheduler.solving.roles import fill_roles, has_choices
from scheduler.solving.solve import Search, building_time
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Workbench, tier_cost

_SHARE = 0.8  # of the time
_FIRST_JUMPS, _LONGER = 12.0, 1.2  # seconds of the first attempt of CP-SAT, and how much longer each next one is
_EVERY = 3  # attempts, of which the last has all first-solution workers
_JUMPS_SHARE = 0.4  # of the time, at most, until neighbourhood search ends the first attempt
_NOT_JUMPS = (
    "fs_random",
    "fs_random_no_lp",
    "fs_random_quick_restart",
    "fs_random_quick_restart_no_lp",
)  # the other first-solution workers
_PATIENCE, _PART = 2000, 2  # steps in vain, or half of all there were, until it is the turn of chains
_EJECTION_SHARE = 0.5  # of the time, for ejection where something runs beside it
_BUILDING_SHARE = 0.3  # of the time, for a model: where it takes longer, ejection is alone
_ROLES_SHARE = 0.2  # of the time, for the rooms of what stands (MED_2019-20-1: 5 s)
_OF_ROLES = (AssignResource, AvoidSplitAssignments, LimitPlaceChanges, SameRoomIfConsecutive)
_NEARLY = 0.06  # required cost for each period, at most, for neighbourhood search


def first_timetable(problem: Problem, options: SolveOptions, deadline: Deadline) -> Timetable | None:
    """Return a timetable to begin from: a legal one if it is found in good time, else the fullest that ejection had.

    None in deterministic runs.
    """
    if deadline.deterministic:
        return None
    reduced = reduce(problem)
    part = deadline.part(min(deadline.left, _SHARE * options.time_limit))
    if building_time(reduced.problem) > _BUILDING_SHARE * part.left:
        return reduced.expand(by_ejection(reduced.problem, options.seed, part, alone=True)) or Timetable(())
    ejecting, jumping = part.part(part.seconds), part.part(part.seconds)
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(_by_jumps, reduced.problem, options, jumping, ejecting)
        found = by_ejection(reduced.problem, options.seed, ejecting)
        broken = _cost(reduced.problem, found)
        if broken and not beside.done() and has_choices(reduced.problem) and _is_nearly_legal(reduced.problem, found, _OF_ROLES):
            found = _with_roles(reduced.problem, found, options, ejecting)
        broken, nearly = _cost(reduced.problem, found), _is_nearly_legal(reduced.problem, found)
        if broken:
            wait([beside], timeout=max(0.0, _first_attempt(part) - jumping.used))
        while nearly and not beside.done():  # a stop that comes while a solver starts up is lost
            jumping.stop()
            wait([beside], timeout=0.05)
        jumped = beside.result()
    impossible = jumped is None and ejecting.interrupted
    if jumped is None and nearly and broken and not impossible:
        found = _mended(reduced.problem, found, options, part)
    return reduced.expand(found if jumped is None else jumped) or Timetable(())


def _by_jumps(problem: Problem, options: SolveOptions, part: Deadline, other: Deadline) -> Timetable | None:
    """Return a timetable by CP-SAT's feasibility jump and one worker without relaxations, in every third attempt with all first-solution
    workers; each attempt has a seed of its own, for some take ten times as long as others (fet03, six seeds: 4 to 33 s, one none in 40).

    Stops what runs beside it where it has one, or the proof that there is none.
    """
    began = part.used
    model = build(problem, requirements_only)
    limit = _FIRST_JUMPS + 2 * (part.used - began)
    for attempt in itertools.count(1):
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = max(2, options.cores)
        solver.parameters.random_seed = options.seed + attempt
        solver.parameters.linearization_level = 0
        solver.parameters.subsolvers.append("no_lp")
        if attempt % _EVERY:
            solver.parameters.ignore_subsolvers.extend(_NOT_JUMPS)
        with part.guarding(solver, min(limit, part.left)):
            status = solver.solve(model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
            other.stop()
            return None if status == cp_model.INFEASIBLE else model.read(solver)
        if part.left <= 0:
            break
        limit *= _LONGER
    return None


def by_ejection(problem: Problem, seed: int, deadline: Deadline, *, alone: bool = False) -> Timetable:
    """Return the fullest timetable of ejection and chains, once all stands, or nothing more is gained, or the time is up; ``alone``: only
    then. Each has as long as the other in turn; chains begin from nothing and from the fullest of ejection by turns.

    Empty for problems that the search does not understand, and in deterministic runs, for it goes by the clock.
    """
    if deadline.deterministic or not understood(problem):
        return Timetable(())
    ejection = Ejection(problem, [c for c in problem.constraints if c.required], seed)
    chains = Chains(ejection.pairs, ejection.weeks, seed)
    from_ejection = itertools.cycle((False, True))
    until = 0.0 if alone else (1 - _EJECTION_SHARE) * deadline.left
    found, gains = Timetable(()), True

    def more() -> bool:
        return deadline.left > until

    while ejection.possible and ejection.best and chains.best and more():
        if not (alone or gains or deadline.used < _first_attempt(deadline)):
            break
        before, began = min(ejection.best, chains.best), deadline.used
        ejection.run(more, max(_PATIENCE, ejection.steps // _PART))
        turn = deadline.used - began
        while ejection.best and chains.best and more() and deadline.used < began + 2 * turn:
            chains.run(more, ejection.placed if next(from_ejection) else None)
        fullest = ejection if ejection.best <= chains.best else chains
        gains = fullest.best < before
        found = ejection.pairs.timetable(fullest.placed)
        if not (alone or _is_nearly_legal(problem, found, _OF_ROLES)):
            break
    return found


def _first_attempt(deadline: Deadline) -> float:
    """Return the seconds that ejection and feasibility jump have beside each other before either is given up."""
    return min(_FIRST_JUMPS, _JUMPS_SHARE * deadline.seconds)


def _is_nearly_legal(problem: Problem, timetable: Timetable, besides: tuple[type[Constraint], ...] = ()) -> bool:
    """Say whether so little is missing or broken, the kinds ``besides`` apart, that neighbourhood search is the way to mend it."""
    _, violations = evaluate(problem, TimetableView(problem, timetable))
    broken = sum(v.cost.required for v in violations if not isinstance(v.constraint, besides))
    return broken <= _NEARLY * sum(event.duration for event in problem.events)


def _with_roles(problem: Problem, start: Timetable, options: SolveOptions, deadline: Deadline) -> Timetable:
    """Return the timetable with rooms chosen anew: ejection knows which are taken or closed, not which should be the same or near."""
    search, bench = _on_required_cost(problem, forgiving(problem, start, preferences=False), options, deadline)
    return fill_roles(search, bench, start, _ROLES_SHARE * options.time_limit) or start


def _mended(problem: Problem, start: Timetable, options: SolveOptions, deadline: Deadline) -> Timetable:
    """Return a timetable of no higher required cost, by neighbourhood search on what is not placed or broken."""
    held = forgiving(problem, start, preferences=False)

    def policy(constraint: Constraint) -> Reading:
        return Reading.COUNTED if constraint.required and isinstance(constraint, AssignTime) else held(constraint)

    search, bench = _on_required_cost(problem, policy, options, deadline)
    search.best = bench.complete(start) if deadline.left > 0 else None
    if search.best is None:
        return start
    break_out(search, bench, deadline.left)
    return bench.timetable(search.best)


def _on_required_cost(problem: Problem, policy: Policy, options: SolveOptions, deadline: Deadline) -> tuple[Search, Workbench]:
    """Return a search of its own on the required cost, and its model."""
    search = Search(problem, options, deadline, lambda progress: None)
    search.required_tier = True
    model = build(problem, policy)
    return search, Workbench(model, tier_cost(model, required=True))


def _cost(problem: Problem, timetable: Timetable) -> int:
    return evaluate(problem, TimetableView(problem, timetable))[0].required
