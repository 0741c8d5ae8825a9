"""The CP-SAT variables of a problem, made when they are first asked for.

A *placement* ``(event, duration, start, weeks)`` has one literal ``x``: "a meet of the event with this duration starts here, in these
weeks". Meets of an event are interchangeable, so they are counted and never numbered. Where an event has a role to be filled,
``y[placement, role, resource]`` says who fills it. Literals exist only where the domains allow them.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ortools.sat.python import cp_model

from constraints.base import Constraint, CostFunction, Deviation
from constraints.day_counts import DayCounts
from instances.problem import Problem
from instances.timetable import Meet, Timetable


class Placement(NamedTuple):
    """A possible meet: event index, duration in periods, start time index, week mask."""

    event: int
    duration: int
    start: int
    weeks: int


class Domains:
    """The placements that are still possible, by event. Enforced constraints prune them before literals are made.

    ``candidates`` are the resources that may still fill an open role (event, role number); ``closed`` the times at which a resource may
    not be chosen; ``must_fill`` the open roles that every meet of the event must fill.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.placements: list[set[Placement]] = []
        self.spans: dict[tuple[int, int], tuple[int, ...]] = {}
        for index, event in enumerate(problem.events):
            found: set[Placement] = set()
            for duration in event.durations or range(1, event.duration + 1):
                for start in range(len(problem.times)) if event.start is None else (event.start,):
                    span = self.spans.get((start, duration)) or problem.span(start, duration)
                    if span is None or (event.times is not None and not event.times.issuperset(span)):
                        continue
                    self.spans[start, duration] = span
                    found.update(Placement(index, duration, start, weeks) for weeks in event.weeks)
            self.placements.append(found)
        self.candidates: dict[tuple[int, int], tuple[int, ...]] = {
            (index, number): role.candidates
            for index, event in enumerate(problem.events)
            for number, role in enumerate(event.roles)
            if role.resource is None
        }
        self.closed: dict[int, frozenset[int]] = defaultdict(frozenset)
        self.must_fill: set[tuple[int, int]] = set()

    def forbid_times(self, event: int, times: frozenset[int], weeks: int | None = None) -> None:
        """Take out the placements of an event that occupy any of ``times`` (in any of the weeks of the mask, if given)."""
        self.placements[event] = {
            p
            for p in self.placements[event]
            if (weeks is not None and not p.weeks & weeks) or times.isdisjoint(self.spans[p.start, p.duration])
        }

    def keep(self, event: int, placements: Iterable[Placement]) -> None:
        """Keep only these placements of an event."""
        self.placements[event] &= set(placements)

    def keep_candidates(self, event: int, role: int, resources: Container[int]) -> None:
        """Keep only these candidates for an open role."""
        self.candidates[event, role] = tuple(r for r in self.candidates[event, role] if r in resources)

    def close(self, resource: int, times: frozenset[int]) -> None:
        """Take out what uses a resource at any of ``times``: placements that surely do, choices that would."""
        self.closed[resource] |= times
        for event in self.problem.events_of[resource]:
            if resource in self.problem.events[event].fixed_resources():
                self.forbid_times(event, times)


class TimetableModel:
    """A CP-SAT model of a problem: literals, derived variables, and cost by constraint.

    ``clash_free`` are the resources of which an enforced constraint says that they are at one place at a time; for those, "busy" is the
    plain sum of the literals. ``occurring`` are the literals of ``occurs`` by (resource, times, week).
    """

    def __init__(self, problem: Problem, domains: Domains, clash_free: frozenset[int] = frozenset()) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.spans = domains.spans
        self.clash_free = clash_free
        self.by_event: list[list[Placement]] = [sorted(placements) for placements in domains.placements]
        self.x: dict[Placement, cp_model.IntVar] = {}
        self.y: dict[tuple[Placement, int, int], cp_model.IntVar] = {}
        self.costs: dict[str, list[tuple[int, cp_model.LinearExprT, int]]] = defaultdict(list)
        self.points: dict[str, list[str]] = defaultdict(list)
        self._cache: dict[Hashable, cp_model.IntVar] = {}
        self._moments: dict[frozenset[int], bool] = {}
        self._covering: dict[tuple[int, int], list[Placement]] = defaultdict(list)
        self._using: dict[tuple[int, int], list[tuple[Placement, cp_model.IntVar]]] = defaultdict(list)
        self._filling: dict[tuple[int, int], list[tuple[Placement, int]]] = defaultdict(list)
        self._done: set[Hashable] = set()
        self.occurring: dict[tuple[int, tuple[int, ...], int], cp_model.IntVar] = {}
        for index, (event, placements) in enumerate(zip(problem.events, self.by_event, strict=True)):
            fixed = sorted(set(event.fixed_resources()))
            for placement in placements:
                literal = self.cp.new_bool_var("")
                self.x[placement] = literal
                for time in self.spans[placement.start, placement.duration]:
                    self._covering[placement.event, time].append(placement)
                    for resource in fixed:
                        self._using[resource, time].append((placement, literal))
                for number, role in enumerate(event.roles):
                    if role.resource is None:
                        self._fill(placement, literal, number, domains)
            self.cp.add(self.placed(index) <= event.duration)

    def _fill(self, placement: Placement, literal: cp_model.IntVar, role: int, domains: Domains) -> None:
        """Make the literals that say who fills a role: at most one, and none where there is no meet."""
        chosen = []
        span = self.spans[placement.start, placement.duration]
        for resource in domains.candidates[placement.event, role]:
            if not domains.closed[resource].isdisjoint(span):
                continue
            y = self.cp.new_bool_var("")
            self.y[placement, role, resource] = y
            self._filling[placement.event, role].append((placement, resource))
            chosen.append(y)
            for time in span:
                self._using[resource, time].append((placement, y))
        if (placement.event, role) in domains.must_fill:
            self._done.add(("filled", placement.event, role))
            self.cp.add(cp_model.LinearExpr.sum(chosen) == literal)
        elif chosen:
            self.cp.add(cp_model.LinearExpr.sum(chosen) <= literal)

    # -- what constraints ask for -----------------------------------------------------------------------------------

    def placements_of(self, event: int) -> list[Placement]:
        """Return the possible placements of an event, in order."""
        return self.by_event[event]

    def placed(self, event: int) -> cp_model.LinearExpr:
        """Return the number of periods of an event that are placed; the model never places more than its duration."""
        placements = self.by_event[event]
        return cp_model.LinearExpr.weighted_sum([self.x[p] for p in placements], [p.duration for p in placements])

    def fillings(self, event: int, role: int) -> list[tuple[Placement, int]]:
        """Return the (placement, resource) pairs for which there is a literal ``y[placement, role, resource]``."""
        return self._filling.get((event, role), [])

    def filled(self, event: int, role: int) -> cp_model.LinearExpr:
        """Return the number of periods of an event in which an open role is filled."""
        pairs = self.fillings(event, role)
        return cp_model.LinearExpr.weighted_sum([self.y[p, role, r] for p, r in pairs], [p.duration for p, _ in pairs])

    def place_all(self, event: int) -> None:
        """Require that every period of an event is placed; said once."""
        if ("placed", event) not in self._done:
            self._done.add(("placed", event))
            self.cp.add(self.placed(event) == self.problem.events[event].duration)

    def fill_all(self, event: int, role: int) -> None:
        """Require that every meet of an event has an open role filled; said once."""
        if ("filled", event, role) not in self._done:
            self._done.add(("filled", event, role))
            by_placement: dict[Placement, list[cp_model.IntVar]] = {p: [] for p in self.by_event[event]}
            for placement, resource in self.fillings(event, role):
                by_placement[placement].append(self.y[placement, role, resource])
            for placement, chosen in by_placement.items():
                self.cp.add(cp_model.LinearExpr.sum(chosen) == self.x[placement])

    def covering(self, event: int, time: int, week: int = 0) -> list[cp_model.IntVar]:
        """Return the literals of an event whose meets occupy ``time`` in ``week``."""
        return [self.x[p] for p in self._covering.get((event, time), ()) if p.weeks >> week & 1]

    def using(self, resource: int, time: int, week: int = 0) -> list[cp_model.IntVar]:
        """Return the literals that say that ``resource`` is in a meet at ``time`` in ``week`` (one for each possible meet)."""
        return [literal for p, literal in self._using.get((resource, time), ()) if p.weeks >> week & 1]

    def busy(self, resource: int, times: Sequence[int], week: int = 0) -> cp_model.LinearExpr | int:
        """Return "the resource is busy at one of ``times``", which overlap or share a position, as a 0/1 expression."""
        literals = [literal for time in times for literal in self.using(resource, time, week)]
        if not literals:
            return 0
        if len(literals) == 1:
            return literals[0]
        if resource in self.clash_free and (len(times) == 1 or self._at_one_moment(frozenset(times))):
            return cp_model.LinearExpr.sum(literals)
        return self.any_of(("busy", resource, tuple(times), week), literals)

    def lessons(self, events: Iterable[int], times: Iterable[int], week: int = 0) -> list[cp_model.IntVar]:
        """Return one literal for each (possible meet of ``events``, time of ``times`` that it occupies) in ``week``."""
        times = tuple(times)
        return [literal for event in events for time in times for literal in self.covering(event, time, week)]

    def runs(self, events: Sequence[int], times: Sequence[int], week: int = 0) -> cp_model.LinearExprT:
        """Return "one of ``events`` runs at one of ``times``", which overlap, as a 0/1 expression.

        It is the plain sum of the literals where all the events need one resource that is at one place at a time.
        """
        literals = self.lessons(events, times, week)
        if len(literals) <= 1:
            return self.sum(*literals)
        if len(times) == 1 or self._at_one_moment(frozenset(times)):
            shared = self.clash_free.intersection(*(self.problem.events[event].fixed_resources() for event in events))
            if shared:
                return self.sum(*literals)
        return self.has_lesson(events, times, week)

    def has_lesson(self, events: Sequence[int], times: Sequence[int], week: int = 0) -> cp_model.IntVar:
        """Return the literal "one of ``events`` occupies one of ``times``" (a day, a half-day), made once."""
        return self.any_of(("has lesson", tuple(events), tuple(times), week), dict.fromkeys(self.lessons(events, times, week)))

    def _at_one_moment(self, times: frozenset[int]) -> bool:
        """Say whether all of ``times`` overlap by the clock, so that nobody attends two of them."""
        if times not in self._moments:
            self._moments[times] = any(times.issubset(instant) for instant in self.problem.instants)
        return self._moments[times]

    def any_of(self, key: Hashable, literals: Iterable[cp_model.IntVar]) -> cp_model.IntVar:
        """Return the literal "at least one of these holds", exact in both directions, made once for each ``key``."""
        if key not in self._cache:
            literals = list(literals)
            found = self.cp.new_bool_var("")
            self._cache[key] = found
            if literals:
                self.cp.add_max_equality(found, literals)
            else:
                self.cp.add(found == 0)
        return self._cache[key]

    @cached_property
    def day_counts(self) -> DayCounts:
        """The meets of each event that begin on each day, counted."""
        return DayCounts(self)

    def occurs(self, resource: int, times: Sequence[int], week: int = 0) -> cp_model.IntVar:
        """Return the literal "the resource is busy somewhere in ``times``" (a day, a half-day), made once and kept in ``occurring``."""
        key = (resource, tuple(times), week)
        if key not in self.occurring:
            literals = [literal for time in times for literal in self.using(resource, time, week)]
            self.occurring[key] = self.any_of(("occurs", *key), literals)
        return self.occurring[key]

    def cached(self, key: Hashable) -> cp_model.IntVar | None:
        """Return a variable that a constraint stored under ``key``, if any."""
        return self._cache.get(key)

    def store(self, key: Hashable, variable: cp_model.IntVar) -> cp_model.IntVar:
        """Store a variable for other constraints that ask for the same thing."""
        self._cache[key] = variable
        return variable

    def excess(self, value: cp_model.LinearExprT, limit: int, bound: int) -> cp_model.LinearExprT:
        """Return an expression that, minimised, is ``max(0, value - limit)``; ``bound`` bounds ``value`` from above."""
        if bound <= limit:
            return 0
        over = self.cp.new_int_var(0, bound - limit, "")
        self.cp.add(over >= value - limit)
        return over

    def shortfall(self, value: cp_model.LinearExprT, limit: int) -> cp_model.LinearExprT:
        """Return an expression that, minimised, is ``max(0, limit - value)`` for a value that is never negative."""
        if limit <= 0:
            return 0
        under = self.cp.new_int_var(0, limit, "")
        self.cp.add(under >= limit - value)
        return under

    @staticmethod
    def sum(*values: cp_model.LinearExprT) -> cp_model.LinearExpr:
        """Return the sum of expressions and constants."""
        total: cp_model.LinearExpr = cp_model.LinearExpr.sum(values)
        return total

    def require_zero(self, value: cp_model.LinearExprT) -> None:
        """Require that an expression is 0; a constant other than 0 makes the model infeasible."""
        if isinstance(value, int):
            if value != 0:
                self.cp.add_bool_or([])
        else:
            self.cp.add(value == 0)

    # -- cost -------------------------------------------------------------------------------------------------------

    def charge(self, constraint: Constraint) -> None:
        """Encode a constraint with slack and put its cost on the bill."""
        for deviation in constraint.encode(self):
            value, top = self._shaped(constraint.cost_function, deviation)
            if not (isinstance(value, int) and value == 0):
                self.costs[constraint.id].append((constraint.weight, value, top))
                self.points[constraint.id].append(deviation.point)

    def _shaped(self, function: CostFunction, deviation: Deviation) -> tuple[cp_model.LinearExprT, int]:
        """Return cost_function(deviation) as an expression, and its upper bound."""
        value, bound = deviation.value, deviation.bound
        if isinstance(value, int):
            return function(value), function(value)
        if function is CostFunction.LINEAR or bound <= 1:
            return value, bound
        if function is CostFunction.STEP:
            some = self.cp.new_bool_var("")
            self.cp.add(value <= bound * some)
            return some, 1
        # d*d as 1 + 3 + 5 + ...: unary counters keep coefficients small and the relaxation tight.
        steps = [self.cp.new_bool_var("") for _ in range(bound)]
        self.cp.add(cp_model.LinearExpr.sum(steps) >= value)
        for lower, upper in itertools.pairwise(steps):
            self.cp.add_implication(upper, lower)
        odd = [2 * i + 1 for i in range(bound)]
        return cp_model.LinearExpr.weighted_sum(steps, odd), bound * bound

    def total(self, ids: Iterable[str]) -> cp_model.LinearExprT:
        """Return the summed cost of the constraints with these ids."""
        terms = [(weight, value) for key in ids for weight, value, _ in self.costs.get(key, ())]
        if not terms:
            return 0
        return cp_model.LinearExpr.weighted_sum([value for _, value in terms], [weight for weight, _ in terms])

    def cost_by_point(self, ids: Iterable[str]) -> Iterator[tuple[tuple[str, str], cp_model.LinearExprT]]:
        """Yield ((constraint id, point), unweighted cost there) for the constraints with these ids."""
        for key in ids:
            for (_, value, _), point in zip(self.costs.get(key, ()), self.points.get(key, ()), strict=True):
                yield (key, point), value

    # -- answers ----------------------------------------------------------------------------------------------------

    def read(self, solver: cp_model.CpSolver) -> Timetable:
        """Return the timetable of a solver's solution."""
        return self.read_values(solver.response_proto.solution)

    def read_values(self, values: Sequence[int]) -> Timetable:
        """Return the timetable of a full vector of values, in the order of the model's variables."""
        meets: list[Meet] = []
        for placement, literal in self.x.items():
            if not values[literal.index]:
                continue
            resources: list[int | None] = []
            for number, role in enumerate(self.problem.events[placement.event].roles):
                if role.resource is not None:
                    resources.append(role.resource)
                else:
                    literals = {r: self.y.get((placement, number, r)) for r in role.candidates}
                    chosen = [r for r, literal in literals.items() if literal is not None and values[literal.index]]
                    resources.append(chosen[0] if chosen else None)
            meets.append(Meet(placement.event, placement.duration, placement.start, placement.weeks, tuple(resources)))
        return Timetable.of(meets)

    def literals_of(self, timetable: Timetable) -> tuple[set[Placement], set[tuple[Placement, int, int]]]:
        """Return the placements, and the filled roles, that are true in a timetable."""
        placed: set[Placement] = set()
        filled: set[tuple[Placement, int, int]] = set()
        for meet in timetable.meets:
            if meet.start is None:
                continue
            placement = Placement(meet.event, meet.duration, meet.start, meet.weeks)
            placed.add(placement)
            for number, resource in enumerate(meet.resources):
                if resource is not None and self.problem.events[meet.event].roles[number].resource is None:
                    filled.add((placement, number, resource))
        return placed, filled
