"""Interchangeable resources as one pool: three computer rooms are one resource of capacity three.

While times are chosen, nobody needs to know which of the rooms it is. Two resources are equals when they are candidates for just the same
roles and no constraint tells them apart; equals become one resource with the sum of their capacities, and a role chooses among pools.
When the times stand, the real ones are handed out from first lesson to last: meets on one set of resources form an interval graph, so the
capacity is enough; a small CP-SAT model stands by for the rare mixes of double and fortnightly lessons.

On XHSTT this takes the choices (role, candidate) from 82,209 to 1,227 (UK-SP-06), from 45,035 to 1,224 (NL-KP-05), from 50,930 to
7,045 (DK-FG-12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from constraints.base import Constraint
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.prefer_resources import PreferResources
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import Meet, Timetable
from scheduler.solving.hall import Counted, count, surely_filled

Cell = tuple[int, int]  # week, moment


@dataclass(frozen=True)
class Pooled:
    """The problem that the search sees, and how to get back. ``pools`` maps a pool's index to its members."""

    original: Problem
    problem: Problem
    pools: dict[int, tuple[int, ...]]
    counted: Counted

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem as one of the pooled problem."""
        pool_of = {member: pool for pool, members in self.pools.items() for member in members}
        return Timetable.of(
            [
                replace(meet, resources=tuple(None if r is None else pool_of.get(r, r) for r in meet.resources))
                for meet in self.counted.shrink(timetable).meets
            ]
        )

    def expand(self, timetable: Timetable) -> Timetable | None:
        """Return the timetable with real resources; None in the rare case that they cannot be handed out."""
        meets = list(timetable.meets)
        for pool, members in self.pools.items():
            wanted = [(index, number) for index, meet in enumerate(meets) for number, r in enumerate(meet.resources) if r == pool]
            cells = {index: frozenset(self._cells(meets[index])) for index, _ in wanted}
            wanted.sort(key=lambda role: min(cells[role[0]], key=lambda cell: cell[::-1], default=(0, 0))[::-1])
            chosen = self._in_order(wanted, cells, members) or self._exactly(wanted, cells, members)
            if chosen is None:
                return None
            for (index, number), resource in chosen.items():
                resources = list(meets[index].resources)
                resources[number] = resource
                meets[index] = replace(meets[index], resources=tuple(resources))
        return self.counted.expand(Timetable.of(meets))

    def _cells(self, meet: Meet) -> Iterator[Cell]:
        span = self.problem.span(meet.start, meet.duration) if meet.start is not None else None
        for time in span or ():
            for moment in self.moments[time]:
                yield from ((week, moment) for week in range(self.problem.weeks) if meet.weeks >> week & 1)

    @property
    def moments(self) -> Sequence[Sequence[int]]:
        """For each time the moments of the week (clock overlaps) that it is part of."""
        found: list[list[int]] = [[] for _ in self.problem.times]
        for number, instant in enumerate(self.problem.instants):
            for time in instant:
                found[time].append(number)
        return found

    def _in_order(
        self, wanted: Sequence[tuple[int, int]], cells: dict[int, frozenset[Cell]], members: Sequence[int]
    ) -> dict[tuple[int, int], int] | None:
        """Give each role, from first lesson to last, the first member that is free; None when there is none."""
        used: dict[tuple[int, Cell], int] = defaultdict(int)
        chosen: dict[tuple[int, int], int] = {}
        for role in wanted:
            for member in members:
                capacity = self.original.resources[member].capacity
                if all(used[member, cell] < capacity for cell in cells[role[0]]):
                    chosen[role] = member
                    for cell in cells[role[0]]:
                        used[member, cell] += 1
                    break
            else:
                return None
        return chosen

    def _exactly(
        self, wanted: Sequence[tuple[int, int]], cells: dict[int, frozenset[Cell]], members: Sequence[int]
    ) -> dict[tuple[int, int], int] | None:
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        literals = {(role, member): model.new_bool_var("") for role in wanted for member in members}
        at: dict[tuple[int, Cell], list[cp_model.IntVar]] = defaultdict(list)
        for role in wanted:
            model.add_exactly_one(literals[role, member] for member in members)
            for member in members:
                for cell in cells[role[0]]:
                    at[member, cell].append(literals[role, member])
        for (member, _), together in at.items():
            if len(together) > self.original.resources[member].capacity:
                model.add(sum(together) <= self.original.resources[member].capacity)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return {role: member for (role, member), literal in literals.items() if solver.boolean_value(literal)}


def pool(original: Problem, *, keep_open: bool = False) -> Pooled:
    """Return the problem with its equals pooled.

    Roles that must be filled are counted where that is enough (see ``hall``), and get their pool for good where it is the only one, unless
    ``keep_open``: for searches in which a requirement may give way, an unfilled role must stay possible.
    """
    counted = Counted(original, original, frozenset()) if keep_open else count(original)
    problem = counted.problem
    pools = dict(enumerate(_equals(problem), start=len(problem.resources)))
    pool_of = {member: pool for pool, members in pools.items() for member in members}
    resources = [*problem.resources]
    for members in pools.values():
        parts = [problem.resources[member] for member in members]
        name = "/".join(part.name for part in parts)
        resources.append(Resource(f"pool:{name}", name, parts[0].type, sum(part.capacity for part in parts)))
    settled = set() if keep_open else surely_filled(problem)
    events = [_pooled_event(event, index, pool_of, settled) for index, event in enumerate(problem.events)]
    constraints = tuple(_pooled_constraint(constraint, pool_of) for constraint in problem.constraints)
    shown = replace(problem, resources=tuple(resources), events=tuple(events), constraints=constraints)
    return Pooled(original, shown, pools, counted)


def _equals(problem: Problem) -> list[tuple[int, ...]]:
    """Return the sets of two or more resources that nothing tells apart."""
    apart = {resource for event in problem.events for resource in event.fixed_resources()}
    marks: dict[int, set[Hashable]] = defaultdict(set)
    for event in problem.events:
        for role in event.roles:
            for resource in role.candidates if role.resource is None else ():
                marks[resource].add(role.candidates)
    for constraint in problem.constraints:
        if isinstance(constraint, PreferResources) or (isinstance(constraint, AvoidClashes) and constraint.required):
            for resource in constraint.resources:
                marks[resource].add(constraint.id)
        else:
            apart.update(constraint.resources_named(problem))
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for resource in sorted(marks.keys() - apart):
        if any(isinstance(mark, tuple) for mark in marks[resource]):
            alike[problem.resources[resource].type, frozenset(marks[resource])].append(resource)
    return [tuple(members) for members in alike.values() if len(members) > 1]


def _pooled(resources: Iterable[int], pool_of: dict[int, int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(pool_of.get(resource, resource) for resource in resources))


def _pooled_event(event: Event, index: int, pool_of: dict[int, int], settled: set[tuple[int, int]]) -> Event:
    roles: list[Role] = []
    for number, role in enumerate(event.roles):
        candidates = _pooled(role.candidates, pool_of)
        if role.resource is None and len(candidates) == 1 and (index, number) in settled:
            roles.append(replace(role, resource=candidates[0], candidates=()))
        else:
            roles.append(replace(role, candidates=candidates))
    return replace(event, roles=tuple(roles))


def _pooled_constraint(constraint: Constraint, pool_of: dict[int, int]) -> Constraint:
    if isinstance(constraint, PreferResources | AvoidClashes):
        return replace(constraint, resources=_pooled(constraint.resources, pool_of))
    return constraint
