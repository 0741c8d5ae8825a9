"""Problem -> Solution, whatever the problem: a legal timetable where one is found in good time, else the one of least required cost.

The second way (``docs/architecture.md``): times first, with the needs of open roles counted; then the roles; then neighbourhood search on
the required cost. What the incumbent satisfies is enforced, what it breaks is counted, so that the models stay tight; when a round of that
brings nothing, the next one counts nearly everything, for a requirement that holds may have to give way. Where the required cost comes
down to 0 the search goes on as for any legal timetable, else with the required cost held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ortools.sat.python import cp_model

from constraints.base import Constraint, Violation, evaluate
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.link_events import LinkEvents
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.errors import Disagreement
from scheduler.outcome import Progress, Proof, Solution
from scheduler.solving.breakout import break_out, events_of
from scheduler.solving.build import Policy, Reading, build, requirements_only
from scheduler.solving.ejected import ejected
from scheduler.solving.interchangeable import Pooled, pool
from scheduler.solving.kempe.turn import move_lessons
from scheduler.solving.options import SolveOptions
from scheduler.solving.repair import repair
from scheduler.solving.roles import fill_roles, has_choices
from scheduler.solving.shortage import RoomShortage, Shortened, never_filled, shorten
from scheduler.solving.solve import Search, alternate, first_legal, solution_of, solve
from scheduler.solving.stopping import Deadline
from scheduler.solving.times_first import without_choices
from scheduler.solving.turns import Descent
from scheduler.solving.vectors import Workbench, tier_cost
from scheduler.solving.whole import descend, plain

LEGAL_SHARE = 0.25  # of the time, for a legal timetable by the requirements alone
SMALL, LEGAL_SHARE_OF_SMALL = 8_000, 0.5  # events times times: small problems without slack are settled by exact search (hdtt6: 13 s)
LONGEST_LEGAL = 150.0  # seconds: what is not legal by then hardly ever becomes so in that way
EJECTION_SHARE = 0.25  # for the times of all lessons by ejection, which stops by itself after many steps in vain
TIMES_SHARE = 0.3  # for the same by CP-SAT where ejection does not understand the problem
LEAST_SHARE = 0.06  # for a start by CP-SAT where not all that times must satisfy can hold
ROLES_SHARE = 0.06  # for the first choice of teachers and rooms
WHOLE_SHARE = 0.05  # for each look at the whole model of the required cost, which may prove that there is no less
REQUIRED_SHARE, GAINING_SHARE = 0.75, 0.9  # of the time until the preferences get the rest, and where the last turn gained
VAIN_SHARE = 0.15  # of the time, for the required cost without a gain
TURN_SHARE, LONG_TURN_SHARE = 0.05, 0.15  # of the time, for a turn of a kind of search; where it gained in its last one
LEAST_TURN, LEAST_TURN_SHARE = 5.0, 0.1  # seconds for a turn at least, but no more than this of the time
_UNTRIED = 1e-9  # rate of a kind of search that had no turn yet: less than any gain, more than none
GRAVE = 100  # weight from which a requirement that holds is not given up again

Tell = Callable[[Progress], None]


def best_timetable(
    problem: Problem,
    options: SolveOptions,
    *,
    tell: Tell = lambda progress: None,
    deadline: Deadline | None = None,
    start: Timetable | None = None,
) -> Solution:
    """Return the best legal timetable found, or where there is none in good time, one of the least required cost found.

    ``start`` is a timetable to begin from. If it is not legal, then a legal one was looked for in vain, and the search for the least
    required cost begins at once.
    The proof is INFEASIBLE where no timetable can be legal. Raises Disagreement where the checker does not confirm the answer.
    """
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    options = replace(options, linear_start=False)  # SAHS96: 10 s where it was none in 20; hdtt5 0.3 for 3.4
    solution = _best(_preassigned(problem), options, tell, deadline, start)
    if solution.timetable is None:
        return solution
    return replace(solution, cost=evaluate(problem, TimetableView(problem, solution.timetable))[0])


def _best(problem: Problem, options: SolveOptions, tell: Tell, deadline: Deadline, start: Timetable | None) -> Solution:
    if start is not None and not evaluate(problem, TimetableView(problem, start))[0].required:
        return solve(problem, options, tell=tell, deadline=deadline, start=start)
    impossible = never_filled(problem)
    if not impossible and start is None:
        share = LEGAL_SHARE_OF_SMALL if len(problem.events) * len(problem.times) <= SMALL else LEGAL_SHARE
        patience = min(share, LONGEST_LEGAL / options.time_limit)
        legal = solve(problem, replace(options, patience=patience), tell=tell, deadline=deadline)
        if legal.timetable is not None:
            return legal
        impossible = legal.proof is Proof.INFEASIBLE
    least = LeastBroken(problem, options, deadline, tell, start)
    found = least.timetable()
    if deadline.left > 0 and not evaluate(problem, TimetableView(problem, found))[0].required:
        return solve(problem, options, tell=tell, deadline=deadline, start=found)
    return least.with_preferences(impossible)


def _preassigned(problem: Problem) -> Problem:
    """Return the problem with the requirement that what has a preassigned time takes place, whether or not the problem says so (XHSTT)."""
    fixed = tuple(index for index, event in enumerate(problem.events) if event.start is not None)
    held = AssignTime(id="preassigned times", events=fixed, weight=GRAVE * GRAVE)
    return replace(problem, constraints=(*problem.constraints, held)) if fixed else problem


class LeastBroken:
    """The search for the least required cost; ``required`` is the cost of the best timetable it has.

    Times are chosen where there is no ``start``, and once more where nothing of it stands and there is time to build a model.
    """

    def __init__(self, problem: Problem, options: SolveOptions, deadline: Deadline, tell: Tell, start: Timetable | None) -> None:
        self._original = problem
        self._shortened: Shortened = shorten(problem)
        self._pooled: Pooled = pool(self._shortened.problem, keep_open=True)
        self._problem, self._kept = _clashes_apart(self._pooled.problem)
        self._search = Search(self._problem, options, deadline, tell)
        self._search.required_tier = True
        self._search.raise_bound(0)
        self._best = self._pooled.shrink(self._shortened.shrink(start or Timetable(())))
        self.required = self._cost(self._best)
        if start is None or (not start.meets and self._search.can_build):
            self._place()
        self._fill()
        self._lower()

    def timetable(self) -> Timetable:
        """Return the best timetable, as one of the original problem."""
        pooled = self._pooled.expand(self._best)
        if pooled is None:  # a rare mix of double and fortnightly lessons: those roles stay open
            meets = (replace(m, resources=tuple(None if r in self._pooled.pools else r for r in m.resources)) for m in self._best.meets)
            pooled = self._pooled.expand(Timetable(tuple(meets)))
            assert pooled is not None
        return self._shortened.expand(pooled)

    def with_preferences(self, impossible: bool) -> Solution:
        """Spend the rest of the time on the preferences, with the required cost held."""
        search, expected = self._search, None
        search.start_tier(self.required, None)
        self._best = move_lessons(search, self._problem, self._best)
        if search.can_build:
            model = build(self._problem, forgiving(self._problem, self._best, kept=self._kept))
            required = tier_cost(model, required=True)
            if not isinstance(required, int):
                model.cp.add(required <= self.required)
            bench = Workbench(model, tier_cost(model, required=False))
            search.best = bench.complete(self._best)
            if search.best is not None:
                alternate(search, Descent(search, bench), search.options.time_limit)
                self._best, expected = bench.timetable(search.best), search.best.objective
        timetable = self.timetable()
        cost, _ = evaluate(self._original, TimetableView(self._original, timetable))
        if cost.required > self.required or (expected is not None and cost.preference > expected):
            raise Disagreement(f"cost {cost} by the checker, {Cost(self.required, expected or 0)} by the model")
        return solution_of(search, timetable, cost, Proof.INFEASIBLE if impossible else Proof.UNKNOWN if cost.required else Proof.FEASIBLE)

    def _cost(self, timetable: Timetable) -> int:
        return evaluate(self._problem, TimetableView(self._problem, timetable))[0].required

    def _take(self, timetable: Timetable | None, phase: Message) -> None:
        """Make a timetable the best one if it is no worse."""
        if timetable is not None and (cost := self._cost(timetable)) <= self.required:
            self._best, self.required = timetable, cost
            self._search.report(phase, cost)

    def _place(self) -> None:
        """Choose times: by ejection where that understands the problem; with every requirement on them if that is soon found; else with as
        little broken as one call finds.
        """
        times, search = without_choices(self._problem), self._search
        until = search.deadline.left - EJECTION_SHARE * search.options.time_limit
        if until < search.building:
            until = 0.0  # nothing can follow
        found = None
        if not search.options.deterministic:  # ejection goes by the clock
            found = ejected(times, lambda: search.deadline.left > max(until, 0.0), search.options.seed)
        if found is None:
            found, _ = first_legal(search, times, requirements_only, share=TIMES_SHARE)
        if found is None:
            model = build(times, forgiving(times, Timetable(()), wide=True, preferences=False))
            bench = Workbench(model, tier_cost(model, required=True))
            solver = search.solver(search.options.cores)
            solver.parameters.linearization_level = 0
            with search.deadline.guarding(solver, LEAST_SHARE * search.options.time_limit):
                status = solver.solve(bench.clone())
            found = bench.timetable(bench.vector_of(solver)) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
        self._take(found, Message("fewest broken requirements"))

    def _fill(self) -> None:
        """Choose who and what fills the open roles, the times as they stand."""
        search = self._search
        if has_choices(self._problem) and search.can_build:
            filled = fill_roles(search, self._bench(wide=False), self._best, ROLES_SHARE * search.options.time_limit)
            self._take(filled, Message("fewest broken requirements"))

    def _lower(self) -> None:
        """Neighbourhood search on the required cost, in turns: what is enforced follows the incumbent.

        The next turn is that of the kind that gained fastest in its last one. When none gained, nearly everything is counted in the next
        round, or only what is broken again. Given up only when each had a turn since the last gain.
        """
        search, wide = self._search, False
        limit = search.options.time_limit
        wished = any(not c.required for c in self._problem.constraints)  # else nobody waits for the rest of the time
        kinds = (self._break_out, self._repair_apart, self._descend)
        rates: dict[Callable[[float, bool], None], float] = {}
        gained, in_vain = search.deadline.used, 0
        while self.required > 0 and search.can_build:
            rest = (1 - (REQUIRED_SHARE if in_vain else GAINING_SHARE)) * limit if wished else 0.0
            given_up = wished and in_vain >= len(kinds) and search.deadline.used - gained > VAIN_SHARE * limit
            if given_up or (left := search.deadline.left - rest) <= 0.05:
                return
            if len(rates) == len(kinds) and not any(rates.values()):
                wide, rates = not wide, {}
                if wide:
                    if self._look_at_all(min(left, WHOLE_SHARE * limit)):
                        return
                    continue
            before, began = self.required, search.deadline.used
            turn = max(kinds, key=lambda kind: rates.get(kind, _UNTRIED))
            share = LONG_TURN_SHARE if rates.get(turn) else TURN_SHARE
            turn(min(left, max(share * limit, min(LEAST_TURN, LEAST_TURN_SHARE * limit))), wide)
            rates[turn] = (before - self.required) / max(0.01, search.deadline.used - began)
            in_vain += 1
            if self.required < before:
                gained, in_vain = search.deadline.used, 0

    def _repair_apart(self, seconds: float, wide: bool) -> None:
        """A turn of neighbourhoods in models of their own."""
        policy = forgiving(self._problem, self._best, wide=wide, preferences=False, kept=self._kept)
        repaired = repair(self._search, self._problem, policy, self._best, self.required, seconds)
        self._take(repaired, Message("fewest broken requirements"))

    def _descend(self, seconds: float, wide: bool) -> None:
        """A turn of CP-SAT's neighbourhood search on the whole model."""
        self._search_by(descend, seconds, wide)

    def _break_out(self, seconds: float, wide: bool) -> None:
        """A turn of neighbourhoods in which what stays broken weighs more and more."""
        self._search_by(break_out, seconds, wide)

    def _search_by(self, way: Callable[[Search, Workbench, float], object], seconds: float, wide: bool) -> None:
        search, bench = self._search, self._bench(wide=wide)
        search.best = bench.complete(self._best)
        if search.best is not None:
            way(search, bench, seconds)
            self._take(bench.timetable(search.best), Message("fewest broken requirements"))

    def _look_at_all(self, seconds: float) -> bool:
        """One call on the whole model; True when it proved that no timetable has less required cost."""
        search, bench = self._search, self._bench(wide=True)
        search.best = bench.complete(self._best)
        if search.best is None:
            return False
        proved = plain(search, bench, seconds)
        self._take(bench.timetable(search.best), Message("whole model"))
        return proved

    def _bench(self, *, wide: bool) -> Workbench:
        began = self._search.deadline.elapsed
        model = build(self._problem, forgiving(self._problem, self._best, wide=wide, preferences=False, kept=self._kept))
        self._search.building = self._search.deadline.elapsed - began
        return Workbench(model, tier_cost(model, required=True))


def forgiving(problem: Problem, start: Timetable, *, wide: bool = False, preferences: bool = True, kept: Iterable[str] = ()) -> Policy:
    """Return the policy that counts what a timetable breaks, who fills a role, and the clashes of those in linked events for which
    something is broken; ``wide``: all that is not grave, too.

    Linked events that cannot be placed cost one each; placed where one of their people is busy they cost one in all.
    ``kept`` are the ids of requirements that are always enforced.
    """
    view, always = TimetableView(problem, start), set(kept)
    violations = [v for c in problem.constraints if c.required for v in c.check(view)]
    counted = {v.constraint.id for v in violations}
    linked = {r for event in _linked_with(problem, violations) for r in problem.events[event].fixed_resources()}
    counted |= {c.id for c in problem.constraints if isinstance(c, AvoidClashes) and len(c.resources) == 1 and c.resources[0] in linked}

    def policy(constraint: Constraint) -> Reading:
        if not constraint.required:
            return Reading.COUNTED if preferences else Reading.LEFT_OUT
        if constraint.id in always:
            return Reading.ENFORCED
        if constraint.id in counted or isinstance(constraint, AssignResource | RoomShortage):
            return Reading.COUNTED
        return Reading.COUNTED if wide and constraint.weight < GRAVE else Reading.ENFORCED

    return policy


def _linked_with(problem: Problem, violations: Iterable[Violation]) -> set[int]:
    """Return the linked events of which one has no time, or takes part in a clash."""
    about = [v for v in violations if isinstance(v.constraint, AssignTime | AvoidClashes)]
    broken = {event for v in about for event in events_of(problem, v)}
    groups = [problem.event_groups[key] for c in problem.constraints if isinstance(c, LinkEvents) and c.required for key in c.event_groups]
    return {event for group in groups if len(group) > 1 and broken.intersection(group) for event in group}


def _clashes_apart(problem: Problem) -> tuple[Problem, tuple[str, ...]]:
    """Return the problem with the required clashes of each resource in a constraint of its own, and the ids of those that stay enforced.

    These are the clashes of all who are only chosen: a role that would clash can stay open at no higher cost.
    """
    given = {r for event in problem.events for r in event.fixed_resources()}
    constraints: list[Constraint] = []
    kept: list[str] = []
    for c in problem.constraints:
        if not (isinstance(c, AvoidClashes) and c.required):
            constraints.append(c)
            continue
        if chosen := tuple(r for r in c.resources if r not in given):
            kept.append(f"{c.id} of choices")
            constraints.append(replace(c, id=kept[-1], resources=chosen))
        constraints.extend(replace(c, id=f"{c.id} of {problem.resources[r].id}", resources=(r,)) for r in c.resources if r in given)
    return replace(problem, constraints=tuple(constraints)), tuple(kept)
