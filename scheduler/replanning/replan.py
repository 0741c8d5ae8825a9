"""Legal again with the fewest moved lessons, then the fewest people disturbed, then quality.

Solves one after the other, each with the answer of the one before as a limit and a start. The first two search the whole timetable, so
their numbers are optimal where CP-SAT closes them, else there is a bound (docs/living-timetable.md has the measurements).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from constraints.base import Constraint, evaluate
from constraints.model import TimetableModel
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.errors import Disagreement, Infeasible, NotFound
from scheduler.outcome import Progress, Proof, Solution
from scheduler.replanning.kept import Before, hint, hint_all, kept_periods, new_solver, people_literals
from scheduler.replanning.moves import Kept, Moves, kept_between, most_kept, moves_between, stood
from scheduler.replanning.nearby import any_legal, nearby
from scheduler.replanning.rooms import searched, with_old_rooms
from scheduler.solving.build import Policy, Reading, build
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from scheduler.solving.vectors import Workbench

# Shares of the time limit after which a stage ends with what it has; quality gets no more than its own share.
_FIRST_SHARE, _MOVES_SHARE, _PEOPLE_SHARE, _QUALITY_SHARE = 0.25, 0.65, 0.8, 0.2
_ROOMS_SHARE = 0.1  # for keeping times where another room is enough
_SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)


class Locked(Infeasible):
    """What is locked leaves no legal timetable; without it there would be one."""


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
    first: frozenset[str] = frozenset(),
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
) -> Replanned:
    """Return the legal timetable of ``problem`` that is nearest to ``old``; ``locked`` periods keep their time.

    ``first`` are the ids of preferences that come before the moves: their cost is made as low as it can be, then moves are counted.
    Raises Infeasible when there is none, Locked when the locks are why, NotFound when the time ran out; Disagreement when the checker does
    not confirm the answer.
    """
    options = options or SolveOptions(time_limit=20)
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    cost, violations = evaluate(problem, TimetableView(problem, old))
    if not cost.required and not any(v.constraint.id in first for v in violations):
        solution = Solution(Proof.OPTIMAL, old, cost, None, deadline.elapsed, deadline.elapsed, options.seed, options.cores)
        return Replanned(solution, moves_between(problem, old, old), 0, 0)
    way = searched(problem)
    search = _Search(way.problem, way.shrink(old), frozenset(locked), first, options, deadline, tell)
    best = search.run()
    real = way.expand(best)
    if real is None:
        raise Disagreement("rooms of one kind cannot be handed out")
    if way.problem is not problem:
        real = with_old_rooms(problem, real, old, deadline)
    moves = moves_between(problem, old, real)
    cost, _ = evaluate(problem, TimetableView(problem, real))
    if cost.required:
        raise Disagreement(str(Message("the checker finds requirements broken: {cost}", cost=cost.required)))
    if moves.moved - moves.rooms > search.most - search.held:
        raise Disagreement(f"counted {moves.moved} moves, {moves.rooms} of them of rooms, the model {search.most - search.held}")
    proof = Proof.OPTIMAL if moves.moved <= search.moves_bound else Proof.WITHIN_GAP
    history = tuple(search.history)
    solution = Solution(
        proof, real, cost, None, deadline.elapsed, search.first_legal, options.seed, options.cores, deadline.interrupted, history
    )
    return Replanned(solution, moves, min(search.moves_bound, moves.moved), min(search.people_bound, len(moves.people)))


def _counting(first: frozenset[str]) -> Policy:
    """Requirements enforced, what comes before the moves counted, other preferences left out."""

    def policy(constraint: Constraint) -> Reading:
        if constraint.required:
            return Reading.ENFORCED
        return Reading.COUNTED if constraint.id in first else Reading.LEFT_OUT

    return policy


class _Search:
    """The state that the stages share. ``most`` periods could stay at best, ``held`` stay in the best timetable so far."""

    def __init__(
        self,
        problem: Problem,
        start: Timetable,
        locked: frozenset[Kept],
        first: frozenset[str],
        options: SolveOptions,
        deadline: Deadline,
        tell: Callable[[Progress], None],
    ) -> None:
        self.problem, self.start, self.locked, self.first = problem, start, locked, first
        self.options, self.deadline, self._tell = options, deadline, tell
        self.before: Before = stood(problem, start)
        self.most = most_kept(problem, self.before)
        self.held = 0
        self.moves_bound = self.people_bound = 0
        self.least_first = 0
        self.first_legal: float | None = None
        self.history: list[Progress] = []

    def run(self) -> Timetable:
        """Return the nearest legal timetable of the problem that is searched."""
        model = build(self.problem, _counting(self.first))
        self._lock(model)
        kept = kept_periods(model, self.before)
        best = self._first_things_first(model) if self.first else None
        best = self._fewest_moves(model, kept, best)
        if self.held < sum(event.duration for event in self.problem.events):
            best = self._fewest_people(model, kept, best)
            best = self._best_quality(best)
        return best

    def _report(self, phase: Message) -> None:
        self.history.append(Progress(self.deadline.elapsed, Cost(0, self.most - self.held), self.moves_bound, phase))
        self._tell(self.history[-1])

    def _until(self, share: float) -> float:
        """Return the seconds until a share of the time limit is used; half a second at least."""
        return max(0.5, share * self.options.time_limit - self.deadline.used)

    def _lock(self, model: TimetableModel) -> None:
        times = kept_periods(model, self.before, rooms=False)
        for key in sorted(self.locked, key=lambda k: (k.event, k.time, k.weeks)):
            if key in times:
                model.cp.add(times[key] == 1)
            else:
                model.cp.add_bool_or([])

    def _impossible(self) -> Infeasible:
        """Return what to raise when a model with the locks has no solution: are they to blame?"""
        if self.locked:
            model = build(self.problem, _counting(frozenset()))
            if any_legal(model, self.start, self.options, self.deadline, self._until(1.0)) != cp_model.INFEASIBLE:
                return Locked(str(Message("No legal timetable keeps everything that is locked; lock less.")))
        return Infeasible(str(Message("No timetable meets all requirements of the changed plan.")))

    def _first_things_first(self, model: TimetableModel) -> Timetable:
        """Make the cost of what comes before the moves as low as it can be, and hold it there."""
        total = model.total(sorted(self.first))
        best = self._solved(model, self.start, self._until(_FIRST_SHARE))
        if not isinstance(total, int):
            model.cp.minimize(total)
            hint_all(model, best, self.deadline)
            solver = new_solver(self.options)
            with self.deadline.guarding(solver, self._until(2 * _FIRST_SHARE)):
                if solver.solve(model.cp) in _SOLVED:
                    best = model.read(solver)
        self.least_first = sum(
            v.cost.preference for v in evaluate(self.problem, TimetableView(self.problem, best))[1] if v.constraint.id in self.first
        )
        model.cp.proto.clear_objective()
        if not isinstance(total, int):
            model.cp.add(total <= self.least_first)
        return best

    def _solved(self, model: TimetableModel, start: Timetable, seconds: float) -> Timetable:
        """Solve from a timetable that may be broken; raises Infeasible where nothing comes of it."""
        hint(model, start)
        solver = new_solver(self.options)
        with self.deadline.guarding(solver, seconds):
            status = solver.solve(model.cp)
        if status == cp_model.INFEASIBLE:
            raise self._impossible()
        if status not in _SOLVED:
            raise NotFound(str(Message("No legal timetable was found in the time limit; that does not mean that there is none.")))
        return model.read(solver)

    def _fewest_moves(self, model: TimetableModel, kept: dict[Kept, cp_model.LinearExprT], known: Timetable | None) -> Timetable:
        """1: keep as many periods as can be: next door first, then in the whole school, which proves it."""
        self.moves_bound = self._forced(kept)
        model.cp.maximize(cp_model.LinearExpr.sum(list(kept.values())))
        best = nearby(model, self.start, self.options, self.deadline) or known
        if best is not None:
            self._take(best)
            if self.most - self.held <= self.moves_bound:
                return best
            hint_all(model, best, self.deadline)
        else:
            hint(model, self.start)
        solver = new_solver(self.options)
        with self.deadline.guarding(solver, self._until(_MOVES_SHARE if best is not None else _PEOPLE_SHARE)):
            status = solver.solve(model.cp)
        if status == cp_model.INFEASIBLE:
            if best is not None:
                raise Disagreement("a model that has a solution is said to have none")
            raise self._impossible()
        if status in _SOLVED:
            if best is None or round(solver.objective_value) > self.held:
                best = model.read(solver)
                self._take(best)
            self.moves_bound = max(self.moves_bound, self.most - int(solver.best_objective_bound + 1e-6))
            self._report(Message("fewest moves"))
        elif best is None:
            model.cp.proto.clear_objective()
            best = self._solved(model, self.start, self._until(1.0))
            self._take(best)
        return best

    def _take(self, best: Timetable) -> None:
        if self.first_legal is None:
            self.first_legal = self.deadline.elapsed
        now = stood(self.problem, best)
        self.held = sum(
            min(len(kept_between(found, now[event])), self.problem.events[event].duration) for event, found in self.before.items()
        )
        self._report(Message("fewest moves"))

    def _forced(self, kept: dict[Kept, cp_model.LinearExprT]) -> int:
        """Return how many periods have to move because their old place is closed: a lower bound that needs no search."""
        forced = 0
        for event, found in self.before.items():
            may_stay = sum(Kept(event, old.time, old.weeks) in kept for old in found)
            forced += max(0, min(self.problem.events[event].duration, len(found)) - may_stay)
        return forced

    def _fewest_people(self, model: TimetableModel, kept: dict[Kept, cp_model.LinearExprT], best: Timetable) -> Timetable:
        """2: disturb as few people as can be, at no more moves."""
        people = people_literals(model, kept)
        model.cp.add(cp_model.LinearExpr.sum(list(kept.values())) >= self.held)
        model.cp.minimize(cp_model.LinearExpr.sum(list(people.values())))
        hint_all(model, best, self.deadline)
        solver = new_solver(self.options)
        with self.deadline.guarding(solver, self._until(_PEOPLE_SHARE)):
            status = solver.solve(model.cp)
        if status in _SOLVED:
            best = model.read(solver)
            self.people_bound = int(solver.best_objective_bound + 1 - 1e-6)
        self._report(Message("fewest people disturbed"))
        return best

    def _fewest_times(self, model: TimetableModel, legal: Timetable) -> Timetable:
        """Let lessons that move all the same keep their time where another room is enough."""
        now = stood(self.problem, legal)
        moved = {
            Kept(event, old.time, old.weeks)
            for event, found in self.before.items()
            for old in set(found).difference(kept_between(found, now[event]))
            if old.rooms
        }
        times = [value for key, value in kept_periods(model, self.before, rooms=False).items() if key in moved]
        if not times:
            return legal
        stay = cp_model.LinearExpr.sum(times)
        model.cp.maximize(stay)
        hint_all(model, legal, self.deadline)
        solver = new_solver(self.options)
        with self.deadline.guarding(solver, _ROOMS_SHARE * self.options.time_limit):
            status = solver.solve(model.cp)
        if status in _SOLVED:
            legal = model.read(solver)
            model.cp.add(stay >= round(solver.objective_value))
        return legal

    def _best_quality(self, legal: Timetable) -> Timetable:
        """3: the best quality with as many kept periods, nobody disturbed who is not already, and rooms changed sooner than times."""
        problem = self.problem
        disturbed = moves_between(problem, self.start, legal).people
        model = build(problem, lambda c: Reading.ENFORCED if c.required else Reading.COUNTED)
        self._lock(model)
        kept = kept_periods(model, self.before)
        total = model.total([c.id for c in problem.constraints if not c.required])
        if self.first and not isinstance(first := model.total(sorted(self.first)), int):
            model.cp.add(first <= self.least_first)
        model.cp.add(cp_model.LinearExpr.sum(list(kept.values())) >= self.held)
        people = {person for person, resource in enumerate(problem.resources) if resource.type in ("teacher", "class")}
        settled = {e for e, event in enumerate(problem.events) if not people.intersection(event.fixed_resources()) <= disturbed}
        stands, _ = model.literals_of(legal)
        for placement, literal in model.x.items():
            if placement.event in settled:
                model.cp.add(literal == int(placement in stands))
        now = stood(problem, legal)
        for event in settled:
            for old in kept_between(self.before.get(event, ()), now[event]):
                model.cp.add(kept[Kept(event, old.time, old.weeks)] == 1)
        legal = self._fewest_times(model, legal)
        bench = Workbench(model, total)
        vector = bench.complete(legal)
        if vector is None or bench.constant is not None:
            return legal
        solver = new_solver(self.options)
        copy = bench.clone(vector)
        with self.deadline.guarding(solver, min(_QUALITY_SHARE * self.options.time_limit, self.deadline.left)):
            status = solver.solve(copy)
        self._report(Message("best quality"))
        return model.read(solver) if status in _SOLVED else bench.timetable(vector)
