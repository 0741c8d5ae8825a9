"""The last broken requirements: neighbourhood search around CP-SAT in which what stays broken weighs more and more.

A lesson that cannot be placed with a hundred others freed needs another one to go out in its stead. Weights for each point of each
constraint make that a gain (breakout method: Morris 1993; guided local search: Voudouris and Tsang 1999), so the search moves on where
neighbourhoods alone are at their end. Sub-solves have full linear relaxations: what keeps the last lessons out are pigeonholes,
and 24 sub-problems of fet02 with 60 of its 156 events free are improved in 24 cases with them and in 4 to 15 without.

Where a lesson has its time and nobody for a role, those who could fill it are busy with others: half of what is free are lessons of theirs.
A light presolve leaves more of the two seconds to the search (``docs/architecture.md`` has what each brought on AustraliaBGHS98).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from constraints.base import Violation, evaluate
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.vectors import Vector, Workbench
from scheduler.solving.whole import presolve_lightly

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

Array = NDArray[Any]
_SECONDS = 2.0  # for a sub-solve
_FIRST_SIZE, _SMALLEST = 60.0, 20.0  # events that are free
_LARGER, _SMALLER = 1.04, 0.94  # after a sub-solve that was closed, or not
_UNIT = 4  # what a weight of 1 counts at first; it grows by 1 with each sub-solve in vain
_PATIENCE = 60  # sub-solves in vain before the search returns to the best timetable, with the weights as they were


class Points:
    """The points at which a model counts cost, and their weights.

    ``weights`` begin as those of the constraints; ``costs_of`` gives the unweighted cost at each point of a full vector of values.
    """

    def __init__(self, bench: Workbench) -> None:
        model = bench.model
        required = [c for c in model.problem.constraints if c.required]
        self.keys: list[tuple[str, str]] = []
        offsets: list[int] = []
        terms: list[tuple[int, int, int]] = []  # point, variable, coefficient
        own = {c.id: c.weight for c in required}
        for key, value in model.cost_by_point(own):
            flat = cp_model.FlatIntExpr(cp_model.LinearExpr.weighted_sum([value, 0], [1, 1]))
            terms += [(len(self.keys), variable.index, factor) for variable, factor in zip(flat.vars, flat.coeffs, strict=True)]
            offsets.append(flat.offset)
            self.keys.append(key)
        self._rows, self._columns, self._coefficients = np.array(terms, np.int64).reshape(-1, 3).T
        self._offsets = np.array(offsets, np.int64)
        self.own = np.array([own[constraint] for constraint, _ in self.keys], np.int64)
        self.weights = _UNIT * self.own

    def costs_of(self, values: Sequence[int]) -> Array:
        """Return the unweighted cost at each point."""
        terms = self._coefficients * np.asarray(values, np.int64)[self._columns]
        return self._offsets + np.bincount(self._rows, weights=terms, minlength=len(self.keys)).astype(np.int64)

    def grow(self, costs: Array) -> None:
        """Let the points that cost something weigh more."""
        self.weights[costs > 0] += self.own[costs > 0]

    def minimise(self, copy: cp_model.CpModel) -> None:
        """Make the weighted cost the objective of a copy of the model."""
        by_variable = np.bincount(self._columns, weights=self._coefficients * self.weights[self._rows]).astype(np.int64)
        named = np.flatnonzero(by_variable)
        copy.proto.clear_objective()
        copy.proto.objective.vars.extend(named.tolist())
        copy.proto.objective.coeffs.extend(by_variable[named].tolist())
        copy.proto.objective.offset = float(self.weights @ self._offsets)


@dataclass(frozen=True, slots=True)
class _Answer:
    base: Vector
    values: list[int] | None
    closed: bool


def break_out(search: Search, bench: Workbench, seconds: float) -> None:
    """Lower the required cost of ``search.best``, which ``bench`` counts, for at most ``seconds``."""
    problem, rng, workers = search.problem, search.rng, search.options.cores
    assert search.best is not None
    here = _Here(Points(bench), search.best)
    size, vain, started = _FIRST_SIZE, 0, search.deadline.used
    seen: Vector | None = None
    with ThreadPoolExecutor(workers) as pool:
        running: set[Future[_Answer]] = set()
        while search.best.objective > 0 and search.deadline.left > 0.05 and search.deadline.used - started < seconds:
            if here.vector is not seen:
                seen, timetable = here.vector, bench.timetable(here.vector)
                violations, company = _violations(problem, timetable), Company(problem, timetable)
            if not violations:  # penalties of an unfinished call may be loose
                search.best = Vector(here.vector.values, 0)
                break
            while len(running) < workers:
                free = company.around(events_of(problem, rng.choice(violations)), int(size), rng)
                copy = bench.clone(here.vector)
                bench.fix(copy, bench.outside(free, None), here.vector.values)
                here.points.minimise(copy)
                running.add(pool.submit(_sub_solve, search, copy, here.vector, rng.randrange(2**31 - 1)))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for answer in (future.result() for future in done):
                size = min(len(problem.events), max(_SMALLEST, size * (_LARGER if answer.closed else _SMALLER)))
                if not here.go(answer):
                    here.points.grow(here.costs)
                vain += 1
                if here.vector.objective < search.best.objective:
                    search.best, vain = here.vector, 0
                    search.report(Message("fewest broken requirements"))
            if vain > _PATIENCE:
                here, vain = _Here(Points(bench), search.best), 0


@dataclass
class _Here:
    """Where the search stands, which may cost more than the best there was; ``costs`` at each point."""

    points: Points
    vector: Vector

    def __post_init__(self) -> None:
        self.costs = self.points.costs_of(self.vector.values)

    def go(self, answer: _Answer) -> bool:
        """Go on from an answer if that weighs no more; say whether it weighs less."""
        if answer.values is None:
            return False
        points, costs = self.points, self.points.costs_of(answer.values)
        before, after = int(points.weights @ self.costs), int(points.weights @ costs)
        if after < before or (after == before and answer.base is self.vector):
            self.vector, self.costs = Vector(answer.values, int(points.own @ costs)), costs
        return after < before


def _sub_solve(search: Search, copy: cp_model.CpModel, base: Vector, seed: int) -> _Answer:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    solver.parameters.cp_model_use_sat_presolve = False
    presolve_lightly(solver)
    with search.deadline.guarding(solver, _SECONDS):
        status = solver.solve(copy)
    values = list(solver.response_proto.solution) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return _Answer(base, values, status == cp_model.OPTIMAL)


def _violations(problem: Problem, timetable: Timetable) -> list[Violation]:
    return [v for v in evaluate(problem, TimetableView(problem, timetable))[1] if v.constraint.required]


def events_of(problem: Problem, violation: Violation) -> set[int]:
    """Return the events that a violation is about: those of its meets, the one it names, else all of its first resource."""
    named = {index for index, event in enumerate(problem.events) if event.id == violation.about}
    return {meet.event for meet in violation.meets} or named or {e for r in violation.resources[:1] for e in problem.events_of[r]}


class Company:
    """Who takes part in what as a timetable stands, and who could fill the roles that are open at lessons that have a time."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self._people = [set(event.fixed_resources()) for event in problem.events]
        self._able: dict[int, list[int]] = defaultdict(list)
        for meet in timetable.meets:
            self._people[meet.event].update(r for r in meet.resources if r is not None)
            if meet.start is not None:
                vacant = (role for role, chosen in zip(problem.events[meet.event].roles, meet.resources, strict=True) if chosen is None)
                self._able[meet.event].extend(r for role in vacant for r in role.candidates)
        self._lessons: dict[int, list[int]] = defaultdict(list)
        for event, people in enumerate(self._people):
            for resource in people:
                self._lessons[resource].append(event)

    def around(self, core: set[int], size: int, rng: random.Random) -> set[int]:
        """Return events and others, about ``size`` in all: to one half lessons of some who could fill open roles of ``core``, then those
        that share most people with what there is, with some luck.
        """
        free = set(core)
        able = sorted({resource for event in core for resource in self._able[event]})
        rng.shuffle(able)
        for resource in able:
            if len(free) < size / 2:
                free.update(self._lessons[resource])
        while True:
            shared: Counter[int] = Counter()
            for event in sorted(free):
                for resource in sorted(self._people[event]):
                    shared.update(self._lessons[resource])
            others = sorted(shared.keys() - free, key=lambda event: -shared[event] * rng.random())
            if not others or len(free) >= size:
                return free
            free.update(others[: max(0, size - len(free))])
