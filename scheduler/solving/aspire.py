"""Aspiration: hold as many preferences as possible at cost zero, by feasibility alone.

CP-SAT decides "is there a timetable in which these preferences cost nothing" in a second or two where minimising the same
cost takes it a minute. What the days on their own must cost (``bounds``) says which preferences cannot be had; the others are asked
for as if they were required, together with "the rest costs no more than the bound". Where the answer is no, or none comes, the most
costly so far are left out too, and in the end all are asked for in halves. Then the cost of those that could not be had is brought
down, with the others held, by asking for a fraction of it again and again.

All of this only makes a start for the search on the whole model, which gives nothing up for good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from constraints.base import Constraint, Violation, evaluate
from instances.language import Message
from instances.timetable import TimetableView
from scheduler.solving.bounds import DayBound, day_bound
from scheduler.solving.parts import Parts, inside
from scheduler.solving.turns import Descent, Interludes, Pace
from scheduler.solving.vectors import Vector, Workbench, tier_cost

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SHARE = 0.6  # of the time limit, for all of it
_SHARE_IN_VAIN = 0.5  # as long as nothing could be had
_WHOLE_SHARE = 0.05  # of the time limit, for a call on the whole model where neighbourhood search gained nothing
_WORTH_ASKING = 0.15  # of the time limit must be left, for the bound from single days takes so long
_REFUSALS = 5  # questions in a row without a yes
_SHORTEST = 2.0  # seconds for one question
_WORTH = 0.3  # of the gap (as a logarithm): a question may take as long as neighbourhood search, the last time, for that
_LONGEST = 0.15  # of the time limit, for one question
_TIMES_LEGAL = 5.0  # times what the first legal timetable took, for one question
_SMALLEST_PART, _FIRST_PART = 4, 12  # resources (classes) freed together
_LARGE = 64  # so many resources make a question about all of them hopeless before the parts are in order
_SHARES = (0.0, 0.3, 0.6, 0.9)  # of its cost that a part may keep, asked in this order
_PART_SECONDS = 2.5  # for one question about a part
_PART_REFUSALS = 1  # unless the problem is large: then there is nothing better to do


def aspire(search: Search, bench: Workbench, descent: Descent) -> None:
    """Improve ``search.best`` by holding preferences at zero."""
    if search.best is None or search.best.objective == 0 or search.deadline.left < _WORTH_ASKING * search.options.time_limit:
        return
    groups = _cheapest_first(search, bench)
    if len(groups) > 1:
        _Aspiration(search, bench, descent).run(groups)


def _cheapest_first(search: Search, bench: Workbench) -> list[list[str]]:
    """Return the ids of the preferences, those of one group together, by what they cost in the incumbent."""
    constraints: tuple[Constraint, ...] = bench.model.problem.constraints
    together: dict[str, list[str]] = defaultdict(list)
    for constraint in constraints:
        if not constraint.required and constraint.id in bench.model.costs:
            together[constraint.group or constraint.id].append(constraint.id)
    assert search.best is not None
    cost: dict[str, int] = defaultdict(int)
    for violation in _violations(search, bench):
        cost[violation.constraint.id] += violation.cost.preference
    return sorted(together.values(), key=lambda ids: sum(cost[id] for id in ids))


def _violations(search: Search, bench: Workbench) -> list[Violation]:
    """Return what the incumbent costs, by the checks."""
    assert search.best is not None
    return evaluate(search.problem, TimetableView(search.problem, bench.timetable(search.best)))[1]


class _Aspiration:
    """The questions of one run: ``held`` are the preferences that can be had together, ``found`` the solution that shows it."""

    def __init__(self, search: Search, bench: Workbench, descent: Descent) -> None:
        self.search = search
        self.bench = bench
        self.held: list[str] = []
        assert search.best is not None
        self.found: Vector = search.best
        self.descent = descent
        self.interludes = Interludes(search, descent)
        self._longest = max(_SHORTEST, min(_TIMES_LEGAL * search.effort_of_legal, _LONGEST * search.options.time_limit))
        self.stop_at = search.deadline.left - _SHARE * search.options.time_limit
        self.give_up_at = search.deadline.left - _SHARE_IN_VAIN * search.options.time_limit
        self.answered = False
        self.took = 0.0  # seconds of the last question
        self.refusals = 0

    @property
    def patience(self) -> float:
        """Seconds for one question: no longer than neighbourhood search would take to close a part of the gap, but for the shortest."""
        return min(self._longest, max(_SHORTEST, self.interludes.seconds_to_close(_WORTH)))

    @property
    def left(self) -> float:
        """Seconds left for aspiration: less while no question has been answered with yes, none after too many without."""
        if self.refusals >= _REFUSALS:
            return 0.0
        return self.search.deadline.left - (self.stop_at if self.answered else self.give_up_at)

    def run(self, groups: list[list[str]]) -> None:
        """Ask for all that the days allow, then for less and less; hold what can be had and minimise the rest."""
        search = self.search
        parts = Parts(search.problem)
        large = len(parts.members) >= _LARGE
        self.interludes.begin()
        if self.left <= 0:
            return
        if large:
            self.by_parts(parts)
        days = day_bound(search.problem, search.options, search.deadline, 0.15 * search.options.time_limit)
        search.raise_bound(days.cost)
        search.report(Message("bound from single days"))
        groups = [g for g in groups if days.unavoidable.isdisjoint(g)] + [g for g in groups if not days.unavoidable.isdisjoint(g)]
        dropped = sum(not days.unavoidable.isdisjoint(g) for g in groups)
        if dropped and self.just_there([id for ids in groups for id in ids], days):
            return
        if self.interludes.in_vain and self.descent.ask_whole(_WHOLE_SHARE * search.options.time_limit):
            return
        if not large:
            self.by_parts(parts)
        for left_out in dict.fromkeys((dropped, dropped or 1, dropped + 2)):
            if self.take(groups[: len(groups) - left_out]):
                self.hold([g for g in groups[len(groups) - left_out :] if days.unavoidable.isdisjoint(g)], known=left_out <= 1)
                break
        else:
            self.hold([g for g in groups if days.unavoidable.isdisjoint(g)], known=True)
        if self.held and len(self.held) < sum(map(len, groups)):
            self.lower(self.held)

    def lower(self, zero: Sequence[str]) -> None:
        """Bring the cost down with ``zero`` held, by asking for a fraction of it again and again; bolder after yes, humbler after no."""
        search, fraction = self.search, 0.3
        while self.left > 0 and not search.closed and search.best is not None:
            cost, bound = search.best.objective, search.bound or 0
            target = bound + int(fraction * (cost - bound))
            if self.ask(zero, min(self.patience, self.left), at_most=min(target, cost - 1)):
                fraction = max(0.3, fraction - 0.1)
            elif fraction >= 0.9:
                break
            else:
                fraction = min(0.9, fraction + 0.3)

    def just_there(self, everything: Sequence[str], days: DayBound) -> bool:
        """Ask for a timetable that costs only where the days do, and no more: an answer that ends the search and is worth waiting for.

        On nine-year36 it came after 1.4 to 6.6 s in six runs, and in two not within 4 to 7 s.
        """
        return self.left > 0 and self.ask(everything, min(3 * self._longest, self.left), but=days.points, at_most=days.cost)

    def by_parts(self, parts: Parts) -> None:
        """Ask for parts of the timetable that cost nothing, with the others as they are, the most costly first.

        A part that is refused is asked again to cost a share of what it does; parts grow where the answers come fast.
        """
        search, problem = self.search, self.search.problem
        if len(parts.members) < 2 * _SMALLEST_PART:
            return
        self.refusals = 0
        size = float(min(_FIRST_PART, len(parts.members) // 2))
        asked: Counter[int] = Counter()
        violations: Sequence[Violation] = []
        known: Vector | None = None
        patience = _REFUSALS if len(parts.members) >= _LARGE else _PART_REFUSALS
        while self.refusals < patience and self.left > 0 and not search.closed and search.best is not None:
            if known is not search.best:
                known = search.best
                violations = _violations(search, self.bench)
            cost = parts.cost_of(problem, violations)
            seeds = [member for member in parts.members if cost[member] and asked[member] < len(_SHARES)]
            if not seeds:
                break
            first = min(seeds, key=lambda member: (asked[member], -cost[member], member))
            share = _SHARES[asked[first]]
            chosen = parts.around(first, int(size))
            free = parts.events(chosen)
            within = inside(problem, free, violations)
            asked[first] += 1
            if within == 0:
                continue
            self.found = search.best
            target = search.best.objective - within + min(within - 1, int(share * within))
            if self.ask((), min(_PART_SECONDS, self.left), at_most=target, free=free):
                asked.update(member for member in chosen if member != first and not asked[member])
                if self.took < _PART_SECONDS / 4:
                    size = min(1.25 * size, len(parts.members))
            elif self.took > _PART_SECONDS / 2:
                size = max(0.8 * size, _SMALLEST_PART)
        self.refusals = 0

    def hold(self, wanted: Sequence[list[str]], *, known: bool) -> None:
        """Hold what can be had of ``wanted``; ``known`` says that all together cannot."""
        if not wanted or self.search.closed or self.left <= 0:
            return
        if not known and self.take(wanted):
            return
        if len(wanted) > 1:
            middle = (len(wanted) + 1) // 2
            self.hold(wanted[:middle], known=False)
            self.hold(wanted[middle:], known=False)

    def take(self, wanted: Sequence[list[str]]) -> bool:
        """Hold all of ``wanted`` if a timetable shows that it can be done."""
        if self.search.closed or self.left <= 0:
            return False
        asked = [*self.held, *(id for ids in wanted for id in ids)]
        if not self.ask(asked, min(self.patience, self.left)):
            return False
        self.held = asked
        return True

    def ask(
        self,
        zero: Sequence[str],
        seconds: float,
        *,
        but: frozenset[tuple[str, str]] = frozenset(),
        at_most: int | None = None,
        free: frozenset[int] | None = None,
    ) -> bool:
        """Look for a timetable in which the constraints ``zero`` cost nothing, ``but`` at these points, and everything together costs
        ``at_most`` so much; events that are not ``free`` stay where they are.
        """
        pace = Pace(self.search)
        copy = self.bench.clone(self.found)
        if free is not None:
            self.bench.fix(copy, self.bench.outside(free, None), self.found.values)
        copy.add(cp_model.LinearExpr.sum([value for key, value in self.bench.model.cost_by_point(zero) if key not in but]) == 0)
        if at_most is not None:
            copy.add(tier_cost(self.bench.model, required=False) <= at_most)
        copy.proto.clear_objective()
        solver = self.search.solver(self.search.options.cores)
        solver.parameters.interleave_search = self.search.options.deterministic
        with self.search.deadline.guarding(solver, seconds):
            status = solver.solve(copy)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self.refusals += 1
            self.took = pace.seconds
            if not but:  # what the days tell is worth asking on at once
                self.interludes.after(pace)
            return False
        self.answered, self.refusals = True, 0
        self.found = self.bench.vector_of(solver)
        self._offer()
        self.took = pace.seconds
        self.interludes.after(pace)
        return True

    def _offer(self) -> None:
        """Make the solution the incumbent if it is better, after its penalties are made tight."""
        exact = self.bench.complete(self.bench.timetable(self.found))
        assert self.search.best is not None
        if exact is not None and exact.objective < self.search.best.objective:
            self.search.best = exact
            self.search.report(Message("holding preferences"))
