"""Problem -> Solution.

The stages (docs/architecture.md has the measurements): (1) a legal timetable from the requirements alone; (2) moves of lessons; (3)
aspiration: preferences held at zero by feasibility; (4) one CP-SAT call on the full model, hinted, which also gives the bound; (5)
neighbourhood search around CP-SAT, one sub-solve for each core; (6) CP-SAT's own on the whole model. 4, 5 and 6 alternate. They share one
incumbent and one deadline.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from ortools.sat.python import cp_model

from constraints.base import evaluate
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.errors import Disagreement
from scheduler.outcome import Progress, Proof, Solution
from scheduler.solving.aspire import aspire
from scheduler.solving.build import Policy, build, elastic, requirements_only, strict
from scheduler.solving.kempe.turn import can_move, is_large, move_lessons
from scheduler.solving.neighbourhoods import Neighbourhoods
from scheduler.solving.options import SolveOptions
from scheduler.solving.partial import laws_only, thinned
from scheduler.solving.pooling import Reduced, reduce
from scheduler.solving.stopping import Deadline
from scheduler.solving.turns import Descent, Pace
from scheduler.solving.vectors import Vector, Workbench, tier_cost
from scheduler.solving.whole import without_probing

_BUILT_PER_SECOND = 40_000  # events times times, of a model of the requirements: 30,000 to 120,000 on XHSTT instances
_CHOSEN_PER_SECOND = 100_000  # the same times what may fill an open role: 60,000 to 330,000, starts included, on five FET files
_COLD_SHARE = 0.25  # of the time, for the start of an incomplete timetable


def building_time(problem: Problem) -> float:
    """Return an estimate of the seconds that a model of the requirements takes to build."""
    choices = sum(len(role.candidates) for event in problem.events for role in event.roles if role.resource is None)
    return len(problem.times) * (len(problem.events) / _BUILT_PER_SECOND + choices / _CHOSEN_PER_SECOND)


class Search:
    """The state that the stages share: best timetable, bound, clock, and who is told of progress.

    ``first_legal`` is when the first legal timetable came, by the clock; ``effort_of_legal`` the same as the deadline counts it.
    ``building`` are the seconds that the last model of the requirements took, first an estimate.
    """

    def __init__(self, problem: Problem, options: SolveOptions, deadline: Deadline, tell: Callable[[Progress], None]) -> None:
        self.problem = problem
        self.options = options
        self.deadline = deadline
        self.rng = random.Random(options.seed)
        self.neighbourhoods = Neighbourhoods(problem, self.rng)
        self.best: Vector | None = None
        self.bound: int | None = None
        self.first_legal: float | None = None
        self.effort_of_legal = 0.0
        self.building = building_time(problem)
        self.history: list[Progress] = []
        self.required_tier = False
        self._required = 0
        self._tell = tell

    @property
    def can_build(self) -> bool:
        """Say whether there is time to build a model."""
        return self.deadline.deterministic or self.deadline.left > self.building

    def start_tier(self, required: int, best: Vector | None) -> None:
        """Go on to the preferences, with the required cost held."""
        self.required_tier, self._required, self.best, self.bound = False, required, best, None

    def report(self, phase: Message, objective: int | None = None, bound: int | None = None) -> None:
        """Record where the search stands and tell whoever listens."""
        if objective is None and self.best is not None:
            objective = self.best.objective
        cost = None if objective is None else Cost(objective, 0) if self.required_tier else Cost(self._required, objective)
        progress = Progress(self.deadline.elapsed, cost, None if self.required_tier else bound or self.bound, phase)
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
        whole = max(0, int(bound + 0.999999))
        self.bound = whole if self.bound is None else max(self.bound, whole)

    @property
    def closed(self) -> bool:
        """Say whether the incumbent is within the wanted gap of the bound."""
        if self.best is None:
            return False
        if self.bound is None:
            return self.best.objective == 0
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
    solution = _solve_reduced(problem, reduce(problem), options, tell, deadline, start)
    if solution is None:  # a rare mix of double and fortnightly lessons: choose the rooms together with the times
        solution = _solve_reduced(problem, reduce(problem, keep_open=True), options, tell, deadline, start)
    if solution is None:
        raise Disagreement("rooms cannot be handed out although the model has chosen them")
    return solution


def _solve_reduced(
    problem: Problem,
    reduced: Reduced,
    options: SolveOptions,
    tell: Callable[[Progress], None],
    deadline: Deadline,
    start: Timetable | None,
) -> Solution | None:
    """Solve a problem through its reduced form; None where the answer has no counterpart in the problem itself."""
    search = Search(reduced.problem, options, deadline, tell)
    legal, proof = (reduced.shrink(start), Proof.FEASIBLE) if start is not None else first_legal(search, reduced.problem, requirements_only)
    if legal is None:
        return solution_of(search, None, None, proof)
    search.first_legal, search.effort_of_legal = deadline.elapsed, deadline.used
    moving = can_move(search, reduced.problem)
    if moving:
        search.report(Message("legal timetable found"), evaluate(reduced.problem, TimetableView(reduced.problem, legal))[0].preference)
        legal = move_lessons(search, reduced.problem, legal, first=True)
        if is_large(reduced.problem) and not search.can_build:
            return _as_it_is(problem, search, reduced.expand(legal))
    model = build(reduced.problem, strict)
    bench = Workbench(model, tier_cost(model, required=False))
    search.best = bench.complete(legal)
    if search.best is None:
        raise Disagreement("the full model refuses a timetable that satisfies its requirements")
    if bench.constant is not None:
        search.raise_bound(bench.constant)
    search.report(Message("neighbourhood search") if moving else Message("legal timetable found"))
    descent = Descent(search, bench)
    aspire(search, bench, descent)
    alternate(search, descent, options.time_limit)
    if search.best.objective == 0:
        search.raise_bound(0)
    timetable = reduced.expand(bench.timetable(search.best))
    if timetable is None:
        return None
    cost = _confirmed(problem, timetable, 0, bench, search.best)
    if search.bound is not None and search.bound > cost.preference:
        raise Disagreement(f"a bound of {search.bound} above the cost {cost.preference} of a known timetable")
    proof = Proof.OPTIMAL if search.bound == cost.preference else Proof.FEASIBLE if search.bound is None else Proof.WITHIN_GAP
    return solution_of(search, timetable, cost, proof)


def _as_it_is(problem: Problem, search: Search, timetable: Timetable | None) -> Solution | None:
    """Return a legal timetable as the answer, without a bound; None where there is none."""
    if timetable is None:
        return None
    cost, violations = evaluate(problem, TimetableView(problem, timetable))
    if cost.required:
        raise Disagreement(f"moved lessons break {[str(v.sentence) for v in violations if v.constraint.required][:5]}")
    return solution_of(search, timetable, cost, Proof.FEASIBLE)


def solve_elastic(
    problem: Problem,
    options: SolveOptions | None = None,
    *,
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
    start: Timetable | None = None,
) -> Solution:
    """Return the best timetable there is of a problem whose requirements cannot all hold: least required cost first, then preferences.

    What it cannot place stays out of the timetable. ``start`` is a timetable that may break requirements; without one, lessons are first
    placed by the laws alone. Either is thinned until it is legal, and the search begins there. The proof is INFEASIBLE only where
    the required cost is proved to be above 0.
    """
    options = options or SolveOptions()
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    reduced = reduce(problem, keep_open=True)
    search = Search(reduced.problem, options, deadline, tell)
    model = build(reduced.problem, elastic(reduced.problem))
    required, preference = tier_cost(model, required=True), tier_cost(model, required=False)
    bench = Workbench(model, required)
    if start is None:
        start, _ = first_legal(search, reduced.problem, laws_only, share=_COLD_SHARE)
    else:
        start = reduced.shrink(start)
    search.best = bench.complete(thinned(reduced.problem, start)) if start is not None else None
    search.best = search.best or bench.complete(Timetable(()))
    if search.best is None:
        return solution_of(search, None, None, Proof.UNKNOWN)
    search.required_tier = True
    search.report(Message("fewest broken requirements"))
    alternate(search, Descent(search, bench), 0.6 * options.time_limit)
    least, lower = search.best.objective, search.bound or 0
    kept = bench.timetable(search.best)
    if not isinstance(required, int):
        model.cp.add(required <= least)
    bench = Workbench(model, preference)
    search.start_tier(least, bench.complete(kept))
    assert search.best is not None
    alternate(search, Descent(search, bench), options.time_limit)
    timetable = reduced.expand(bench.timetable(search.best))
    if timetable is None:
        raise Disagreement("rooms cannot be handed out although the model has chosen them")
    cost = _confirmed(problem, timetable, least, bench, search.best)
    return solution_of(search, timetable, cost, Proof.INFEASIBLE if lower > 0 else Proof.UNKNOWN if least else Proof.FEASIBLE)


def _confirmed(problem: Problem, timetable: Timetable, held: int, bench: Workbench, best: Vector) -> Cost:
    """Return the checker's cost; raise Disagreement unless the required cost is no more than was ``held`` and the preferences cost what the
    model says.

    The objective of a vector may be too high, for penalties of an unfinished call may be loose: only then the model is asked again, which
    takes seconds where it is large. For the same reason the required cost may be below what was held.
    """
    cost, violations = evaluate(problem, TimetableView(problem, timetable))
    expected = best.objective
    if cost.preference != expected:
        exact = bench.complete(bench.timetable(best))
        if exact is None:
            raise Disagreement("the model refuses its own solution")
        expected = exact.objective
    if cost.required > held or cost.preference != expected:
        broken = [str(v.sentence) for v in violations if v.constraint.required]
        raise Disagreement(f"cost {cost} by the checker, {Cost(held, expected)} by the model; broken requirements: {broken[:5]}")
    return cost


def first_legal(search: Search, problem: Problem, policy: Policy, share: float = 1.0) -> tuple[Timetable | None, Proof]:
    """Return a timetable that satisfies the requirements, from a model without preferences, in at most a ``share`` of the usual time.

    Two workers even on one core: the second runs feasibility jump, which finds most first solutions (36 classes, one core: 1 s with two
    workers, 21 s with one).
    """
    began = search.deadline.elapsed
    model = build(problem, policy)
    search.building = search.deadline.elapsed - began
    solver = search.solver(search.options.cores if search.options.deterministic else max(2, search.options.cores))
    without_probing(solver)
    if not search.options.linear_start:
        solver.parameters.linearization_level = 0
        solver.parameters.subsolvers.append("no_lp")  # "default_lp" has them whatever the level: 6 conflicts in 145 s on fet06
    if search.options.deterministic:
        solver.parameters.interleave_search = True  # brings feasibility jump to one worker, reproducibly
    with search.deadline.guarding(solver, share * search.options.patience * search.options.time_limit):
        status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return model.read(solver), Proof.FEASIBLE
    return None, Proof.INFEASIBLE if status == cp_model.INFEASIBLE else Proof.UNKNOWN


def alternate(search: Search, descent: Descent, until: float) -> None:
    """Alternate between one call on the full model, which raises the bound, and neighbourhood search, ``until`` seconds after the start.

    The call gets a short turn, twice as long each time it closed the gap as fast as neighbourhood search; else half as long, and only after
    twice as much of the other. Where neighbourhood search gained nothing, the call waits no longer than its own turn.
    """
    limit = search.options.time_limit
    turn, between = 0.05 * limit, max(4.0, 0.1 * limit)
    while not search.closed and (left := search.deadline.left - limit + until) > 0.05:
        call = Pace(search)
        if descent.ask_whole(min(left, max(2.0, turn))):
            break
        rate = call.rate
        neighbours = Pace(search)
        descent.run(min(left, between))
        if rate >= neighbours.rate:
            turn = min(2 * turn, 0.4 * limit)
            between = between if neighbours.rate else turn
        else:
            turn, between = turn / 2, 2 * between


def solution_of(search: Search, timetable: Timetable | None, cost: Cost | None, proof: Proof) -> Solution:
    """Return what a search found, with the history that it recorded."""
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
