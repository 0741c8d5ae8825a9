"""Interchangeable resources as one pool: three computer rooms are one resource of capacity three.

While times are chosen, nobody needs to know which of the rooms it is. Where several resources are candidates for just the same roles
and no constraint tells them apart, the search sees a pool with the sum of their capacities; when the times stand, a small
CP-SAT model hands out the real ones (meets on one set of resources form an interval graph, so the capacity is enough but for rare
mixes of double and fortnightly lessons).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from constraints.base import Constraint
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.avoid_clashes import AvoidClashes
from instances.language import Message
from instances.problem import Event, Problem, Resource, Role
from instances.timetable import Meet, Timetable
from scheduler.solving import interchangeable
from scheduler.solving.twins import Twins, merge_twins


@dataclass(frozen=True)
class Pooled:
    """The problem that the search sees, and how to get back. ``pools`` maps a pool's index to its members."""

    original: Problem
    problem: Problem
    pools: dict[int, tuple[int, ...]]

    def expand(self, timetable: Timetable) -> Timetable | None:
        """Return the timetable with real resources; None in the rare case that they cannot be handed out."""
        meets = list(timetable.meets)
        for pool, members in self.pools.items():
            chosen = self._hand_out([(i, n) for i, m in enumerate(meets) for n, r in enumerate(m.resources) if r == pool], meets, members)
            if chosen is None:
                return None
            for (index, number), resource in chosen.items():
                resources = list(meets[index].resources)
                resources[number] = resource
                meets[index] = replace(meets[index], resources=tuple(resources))
        return Timetable.of(meets)

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem as one of the pooled problem."""
        pool_of = {member: pool for pool, members in self.pools.items() for member in members}
        return Timetable.of(
            [replace(meet, resources=tuple(None if r is None else pool_of.get(r, r) for r in meet.resources)) for meet in timetable.meets]
        )

    def _hand_out(
        self, open_roles: list[tuple[int, int]], meets: list[Meet], members: tuple[int, ...]
    ) -> dict[tuple[int, int], int] | None:
        model = cp_model.CpModel()
        literals = {(role, member): model.new_bool_var("") for role in open_roles for member in members}
        at: dict[tuple[int, int, int], list[cp_model.IntVar]] = defaultdict(list)
        instants = defaultdict(list)
        for number, instant in enumerate(self.problem.instants):
            for time in instant:
                instants[time].append(number)
        for role in open_roles:
            model.add_exactly_one(literals[role, member] for member in members)
            meet = meets[role[0]]
            assert meet.start is not None
            for time in self.problem.span(meet.start, meet.duration) or ():
                for instant_number in instants[time]:
                    for week in range(self.problem.weeks):
                        if meet.weeks >> week & 1:
                            for member in members:
                                at[member, instant_number, week].append(literals[role, member])
        for (member, _, _), together in at.items():
            capacity = self.original.resources[member].capacity
            if len(together) > capacity:
                model.add(sum(together) <= capacity)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return {role: member for (role, member), literal in literals.items() if solver.boolean_value(literal)}


def pool(problem: Problem) -> Pooled:
    """Return the problem with its interchangeable resources pooled."""
    wanted: dict[frozenset[int], list[tuple[int, int]]] = defaultdict(list)
    for index, event in enumerate(problem.events):
        for number, role in enumerate(event.roles):
            if role.resource is None and len(role.candidates) > 1:
                wanted[frozenset(role.candidates)].append((index, number))
    named = _named_apart(problem)
    fixed = {resource for event in problem.events for resource in event.fixed_resources()}
    resources = list(problem.resources)
    events = list(problem.events)
    pools: dict[int, tuple[int, ...]] = {}
    for members, roles in wanted.items():
        apart = any(members & other for other in wanted if other != members)
        twice = len({event for event, _ in roles}) < len(roles)
        if apart or twice or members & named or members & fixed:
            continue
        index = len(resources)
        name = "/".join(problem.resources[m].name for m in sorted(members))
        capacity = sum(problem.resources[m].capacity for m in members)
        resources.append(Resource(f"pool:{name}", name, "pool", capacity))
        pools[index] = tuple(sorted(members))
        for event_index, number in roles:
            events[event_index] = _with_role(events[event_index], number, index)
    if not pools:
        return Pooled(problem, problem, {})
    clashes = AvoidClashes(id="pools", name=Message("No more lessons at once than rooms of a kind"), resources=tuple(pools))
    return Pooled(
        problem,
        replace(problem, resources=tuple(resources), events=tuple(events), constraints=(*problem.constraints, clashes)),
        pools,
    )


def _with_role(event: Event, number: int, resource: int) -> Event:
    role = event.roles[number]
    roles = (*event.roles[:number], Role(role.name, resource, workload=role.workload), *event.roles[number + 1 :])
    return replace(event, roles=roles)


def _named_apart(problem: Problem) -> set[int]:
    """Return the resources that a constraint (other than the clashes and that roles are filled) may tell apart."""
    named: set[int] = set()
    constraints: tuple[Constraint, ...] = problem.constraints
    for constraint in constraints:
        if isinstance(constraint, AssignResource):
            if not constraint.required:
                named.update(range(len(problem.resources)))
        elif isinstance(constraint, AvoidClashes):
            if not constraint.required:
                named.update(constraint.resources)
        else:
            named.update(constraint.resources_named(problem))
    clash_free = {r for c in constraints if isinstance(c, AvoidClashes) and c.required for r in c.resources}
    return named | (set(range(len(problem.resources))) - clash_free)


@dataclass(frozen=True)
class Reduced:
    """What the search sees of a problem, and the way back: twins merged, then plain pools, then what overlapping choices allow."""

    twins: Twins | None
    first: Pooled | None
    second: interchangeable.Pooled

    @property
    def problem(self) -> Problem:
        """The problem that the search sees."""
        return self.second.problem

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem as one of the reduced problem."""
        for step in (self.twins, self.first, self.second):
            timetable = timetable if step is None else step.shrink(timetable)
        return timetable

    def expand(self, timetable: Timetable) -> Timetable | None:
        """Return the timetable with real resources; None in the rare case that they cannot be handed out."""
        found = self.second.expand(timetable)
        found = found if found is None or self.first is None else self.first.expand(found)
        return found if found is None or self.twins is None else self.twins.expand(found)


def reduce(problem: Problem, *, keep_open: bool = False) -> Reduced:
    """Return the problem as the search sees it; ``keep_open`` where a role may stay unfilled (a requirement may give way)."""
    if keep_open:
        return Reduced(None, None, interchangeable.pool(problem, keep_open=True))
    twins = merge_twins(problem)
    first = pool(twins.problem)
    return Reduced(twins, first, interchangeable.pool(first.problem, keep_open=False))
