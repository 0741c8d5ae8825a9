"""Legal again with the fewest moved lessons, then the fewest people disturbed, then quality.

Three solves, each with the answer of the one before as a limit and a start. All of them search the whole timetable, so the first two
numbers are optimal where CP-SAT closes them, else there is a bound (docs/living-timetable.md has the measurements).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from constraints.base import evaluate
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.errors import Disagreement, Infeasible
from scheduler.outcome import Progress, Proof, Solution
from scheduler.replanning.kept import Kept, hint_all, kept_periods, new_solver, people_literals
from scheduler.replanning.moves import PERSON_TYPES, Moves, moves_between, places
from scheduler.replanning.nearby import first_legal, nearby, nearer
from scheduler.solving.build import build, requirements_only, strict
from scheduler.solving.interchangeable import pool
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Workbench

# Shares of the time limit after which a stage ends with what it has.
_MOVES_SHARE, _PEOPLE_SHARE = 0.6, 0.75
_MANY = 8  # so many moves and more are first brought down by a neighbourhood search


@dataclass(frozen=True)
class Replanned:
    """The answer. ``moves_bound`` is a lower bound of ``moves.moved``; equal means proved optimal. ``people_bound`` likewise, given the
    moves.
    """

    solution: Solution
    moves: Moves
    moves_bound: int
    people_bound: int


def replan(
    problem: Problem,
    old: Timetable,
    options: SolveOptions | None = None,
    *,
    locked: Iterable[Kept] = (),
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
) -> Replanned:
    """Return the legal timetable of ``problem`` that is nearest to ``old``; ``locked`` periods stay.

    Raises Infeasible when there is none, or none was found in the time limit (the message says which); Disagreement when the checker does
    not confirm the answer.
    """
    options = options or SolveOptions(time_limit=20)
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    history: list[Progress] = []

    def report(cost: Cost | None, phase: Message) -> None:
        history.append(Progress(deadline.elapsed, cost, None, phase))
        tell(history[-1])

    cost, _ = evaluate(problem, TimetableView(problem, old))
    if not cost.required:
        solution = Solution(Proof.OPTIMAL, old, cost, None, deadline.elapsed, deadline.elapsed, options.seed, options.cores)
        return Replanned(solution, moves_between(problem, old, old), 0, 0)
    pooled = pool(problem)
    start = pooled.shrink(old)
    before = places(pooled.problem, start)
    locked = frozenset(locked)
    unlocked = Infeasible(str(Message("No legal timetable keeps everything that is locked; lock less.")))

    # 1: fewest moves, over the requirements alone.
    model = build(pooled.problem, requirements_only)
    kept = kept_periods(model, before)
    if any(key not in kept for key in locked):
        raise unlocked
    for key in locked:
        model.cp.add(kept[key] == 1)
    most = _most_kept(pooled.problem, before)
    model.cp.maximize(cp_model.LinearExpr.sum(list(kept.values())))
    best, held = nearby(model, start, options, deadline)
    if best is not None:
        report(Cost(0, most - held), Message("fewest moves"))
    moves_bound = 0
    if best is None or held < most:
        if best is None:
            best = first_legal(model, start, options, deadline, unlocked if locked else None)
            held = most - moves_between(pooled.problem, start, best).moved
            report(Cost(0, most - held), Message("legal timetable found"))
        if most - held > _MANY:
            best, held = nearer(model, best, held, before, options, deadline)
            report(Cost(0, most - held), Message("fewest moves"))
        hint_all(model, best)
        solver = new_solver(options)
        with deadline.guarding(solver, max(1.0, _MOVES_SHARE * options.time_limit - deadline.elapsed)):
            status = solver.solve(model.cp)
        if status == cp_model.INFEASIBLE:
            raise Disagreement("a model that has a solution is said to have none")
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) and round(solver.objective_value) > held:
            best, held = model.read(solver), round(solver.objective_value)
        moves_bound = moves_proved(status, solver.best_objective_bound, most)
        report(Cost(0, most - held), Message("fewest moves"))

    # 2: fewest people, at no more moves.
    people_bound = 0
    if held < _periods(pooled.problem):
        people = people_literals(model, kept, before)
        model.cp.proto.clear_objective()
        model.cp.add(cp_model.LinearExpr.sum(list(kept.values())) >= held)
        model.cp.minimize(cp_model.LinearExpr.sum(list(people.values())))
        hint_all(model, best)
        solver = new_solver(options)
        with deadline.guarding(solver, max(0.5, (_PEOPLE_SHARE - _MOVES_SHARE) * options.time_limit)):
            status = solver.solve(model.cp)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            best = model.read(solver)
            people_bound = int(solver.best_objective_bound + 1 - 1e-6)
        report(Cost(0, most - held), Message("fewest people disturbed"))
        best = _improved(pooled.problem, best, before, held, locked, options, deadline)

    real = pooled.expand(best)
    if real is None:
        raise Disagreement("rooms of one kind cannot be handed out")
    real = _with_old_rooms(problem, real, old)
    moves = moves_between(problem, old, real)
    cost, _ = evaluate(problem, TimetableView(problem, real))
    if cost.required:
        raise Disagreement(str(Message("the checker finds requirements broken: {cost}", cost=cost.required)))
    if moves.moved > most - held:
        raise Disagreement(f"counted {moves.moved} moves, the model {most - held}")
    proof = Proof.OPTIMAL if moves.moved <= moves_bound else Proof.WITHIN_GAP
    solution = Solution(
        proof, real, cost, None, deadline.elapsed, deadline.elapsed, options.seed, options.cores, deadline.interrupted, tuple(history)
    )
    return Replanned(solution, moves, min(moves_bound, moves.moved), min(people_bound, len(moves.people)))


def _periods(problem: Problem) -> int:
    return sum(event.duration for event in problem.events)


def _most_kept(problem: Problem, before: dict[int, Counter[tuple[int, int]]]) -> int:
    """The number of periods that could stay if nothing were in the way."""
    return sum(min(problem.events[event].duration, sum(found.values())) for event, found in before.items())


def _improved(
    problem: Problem,
    legal: Timetable,
    before: dict[int, Counter[tuple[int, int]]],
    held: int,
    locked: frozenset[Kept],
    options: SolveOptions,
    deadline: Deadline,
) -> Timetable:
    """3: the best quality with as many kept periods, and nobody disturbed who is not already."""
    disturbed = moves_between(problem, _as_timetable(problem, legal, before), legal).people
    model = build(problem, strict)
    kept = kept_periods(model, before)
    total = model.total([c.id for c in problem.constraints if not c.required])
    for key, value in kept.items():
        if key in locked:
            model.cp.add(value == 1)
    model.cp.add(cp_model.LinearExpr.sum(list(kept.values())) >= held)
    stands = {(m.event, m.duration, m.start, m.weeks) for m in legal.meets}
    for placement, literal in model.x.items():
        people = {r for r in problem.events[placement.event].fixed_resources() if problem.resources[r].type in PERSON_TYPES}
        if not people <= disturbed:
            model.cp.add(literal == int(tuple(placement) in stands))
    bench = Workbench(model, total)
    vector = bench.complete(legal)
    if vector is None or bench.constant is not None:
        return legal
    solver = new_solver(options)
    copy = bench.clone(vector)
    with deadline.guarding(solver, deadline.left):
        status = solver.solve(copy)
    return model.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else bench.timetable(vector)


def _as_timetable(problem: Problem, legal: Timetable, before: dict[int, Counter[tuple[int, int]]]) -> Timetable:
    """Return the old periods as single meets: enough to compare places."""
    from instances.timetable import Meet

    return Timetable.of(
        [
            Meet(event, 1, time, weeks, tuple(role.resource for role in problem.events[event].roles))
            for event, found in before.items()
            for (time, weeks), count in found.items()
            for _ in range(count)
        ]
    )


def _with_old_rooms(problem: Problem, timetable: Timetable, old: Timetable) -> Timetable:
    """Hand out the rooms once more so that as many lessons as possible keep theirs; times stay."""
    wanted: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for meet in old.meets:
        for number, resource in enumerate(meet.resources):
            if resource is not None and problem.events[meet.event].roles[number].resource is None and meet.start is not None:
                wanted[meet.event, meet.start, number].add(resource)
    lost = (
        resource not in wanted.get((meet.event, meet.start, number), {resource})
        for meet in timetable.meets
        if meet.start is not None
        for number, resource in enumerate(meet.resources)
    )
    if not any(lost):
        return timetable
    model = build(problem, requirements_only)
    placed, filled = model.literals_of(timetable)
    for placement, literal in model.x.items():
        model.cp.add(literal == int(placement in placed))
    same = [y for (p, n, r), y in model.y.items() if r in wanted.get((p.event, p.start, n), ())]
    model.cp.maximize(cp_model.LinearExpr.sum(same))
    for key, y in model.y.items():
        model.cp.add_hint(y, int(key in filled))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 5
    solver.parameters.catch_sigint_signal = False
    status = solver.solve(model.cp)
    return model.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else timetable


def moves_proved(status: cp_model.CpSolverStatus, best_bound: float, most: int) -> int:
    """Return the lower bound of the moves that a call proved, given the ``most`` periods that could stay.

    A call that ends without a solution (UNKNOWN) reports 0 as its bound, which is none: nothing is proved by it.
    """
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0
    return max(0, most - int(best_bound + 1e-6))
