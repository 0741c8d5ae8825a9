"""A legal timetable by ejection, finished by CP-SAT where a few lessons are left over; feasibility jump runs beside it.

Neither is better everywhere (two cores): ejection has fet01 in 2 s and fet05 in 5 s, feasibility jump fet04 in 4 s where ejection needs 36,
and fet02 in 52 s where ejection ends with lessons left over.
"""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from ortools.sat.python import cp_model

from constraints.base import evaluate
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.build import build, requirements_only
from scheduler.solving.ejection.pairs import understood
from scheduler.solving.ejection.search import Ejection
from scheduler.solving.options import SolveOptions
from scheduler.solving.pooling import reduce
from scheduler.solving.stopping import Deadline

_SHARE = 0.8  # of the time
_JUMPS_SHARE = 0.4  # of that, for feasibility jump before the other first-solution workers join in
_NOT_JUMPS = (
    "fs_random",
    "fs_random_no_lp",
    "fs_random_quick_restart",
    "fs_random_quick_restart_no_lp",
)  # the other first-solution workers
_PATIENCE = 2500  # steps in vain before CP-SAT tries to finish
_NEARLY = 0.04  # of the lessons may be out for that
_SECONDS = 4.0  # for a call to finish
_SMALLEST = 40  # events that are freed at first
_GROWTH = 1.7  # of their number, each time it was in vain


def first_timetable(problem: Problem, options: SolveOptions, deadline: Deadline) -> Timetable | None:
    """Return a timetable to begin from: a legal one if it is found in good time, else the fullest that ejection had.

    None in deterministic runs.
    """
    if deadline.deterministic:
        return None
    reduced = reduce(problem)
    part = deadline.part(min(deadline.left, _SHARE * options.time_limit))
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(_by_jumps, reduced.problem, options, part)
        found = by_ejection(reduced.problem, part, part.seconds, options.seed)
        legal = not _cost(reduced.problem, found)
        while legal and not beside.done():  # a stop that comes while a solver starts up is lost
            part.stop()
            wait([beside], timeout=0.05)
        jumped = None if legal else beside.result()
    return reduced.expand(found if jumped is None else jumped) or Timetable(())


def _by_jumps(problem: Problem, options: SolveOptions, part: Deadline) -> Timetable | None:
    """Return a timetable by CP-SAT's feasibility jump and one worker without relaxations, later with all first-solution workers.

    Stops the part of the run where it has one.
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
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            part.stop()
            return model.read(solver)
        if status == cp_model.INFEASIBLE or part.left <= 0:
            return None
    return None


def by_ejection(problem: Problem, deadline: Deadline, seconds: float, seed: int) -> Timetable:
    """Return a timetable that satisfies all requirements, by the checks, or after at most ``seconds`` the fullest there was.

    Empty for problems that the search does not understand, and in deterministic runs, for it goes by the clock.
    """
    if deadline.deterministic or not understood(problem):
        return Timetable(())
    required = [c for c in problem.constraints if c.required]
    search = Ejection(problem, required, seed)
    until = deadline.left - seconds

    def more() -> bool:
        return deadline.left > max(until, 0.0)

    size, rng, found = 0.0, random.Random(seed), Timetable(())
    while search.possible and more() and size < len(problem.events):
        found = search.run(more, _PATIENCE)
        if not _cost(problem, found):
            return found
        if search.best > _NEARLY * len(search.start):
            continue
        size = 0.0 if not search.out and not size else max(_SMALLEST, _GROWTH * size)
        free = _around(problem, _broken(problem, found), int(size), rng) if size else set()
        finished = _finish(problem, found, free, deadline, seed) if more() else None
        if finished is not None and not _cost(problem, finished):
            return finished
        if search.out and size > len(problem.events) / 2:
            size = 0.0
    return found


def _cost(problem: Problem, timetable: Timetable) -> int:
    return evaluate(problem, TimetableView(problem, timetable))[0].required


def _broken(problem: Problem, timetable: Timetable) -> set[int]:
    """Return the events that are not all placed; where there are none, those in a violation of a requirement."""
    view = TimetableView(problem, timetable)
    missing = {index for index, event in enumerate(problem.events) if sum(meet.duration for meet in view.meets_of[index]) < event.duration}
    if missing:
        return missing
    broken: set[int] = set()
    for violation in evaluate(problem, view)[1]:
        if violation.constraint.required:
            times = set(violation.times)
            meets = violation.meets or [meet for resource in violation.resources for meet in view.meets_with(resource)]
            broken.update(meet.event for meet in meets if violation.meets or not times or not times.isdisjoint(view.times_of(meet)))
    return broken


def _around(problem: Problem, broken: set[int], size: int, rng: random.Random) -> set[int]:
    """Return the broken events and others, up to ``size`` in all, those that share most people with them first, with some luck."""
    shared: Counter[int] = Counter()
    for event in sorted(broken):
        for resource in problem.events[event].fixed_resources():
            shared.update(problem.events_of[resource])
    others = sorted(shared.keys() - broken, key=lambda event: -shared[event] * rng.random())
    return broken | set(others[: max(0, size - len(broken))])


def _finish(problem: Problem, timetable: Timetable, free: set[int], deadline: Deadline, seed: int) -> Timetable | None:
    """Return a legal timetable in which the events outside ``free`` keep their times; rooms may change everywhere."""
    view = TimetableView(problem, timetable)
    events = tuple(
        event if index in free else replace(event, times=frozenset(t for meet in view.meets_of[index] for t in view.times_of(meet)))
        for index, event in enumerate(problem.events)
    )
    model = build(replace(problem, events=events), requirements_only)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    solver.parameters.random_seed = seed
    with deadline.guarding(solver, _SECONDS):
        status = solver.solve(model.cp)
    return model.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
