"""Neighbourhood search on the required cost, each sub-solve in a model of its own.

A model in which everything outside the neighbourhood has but its present literals is built and presolved in a fraction of the time of the
whole one (SAHS96: 60,000 variables).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from constraints.base import Violation, evaluate
from constraints.model import Domains, Placement, TimetableModel
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.build import Policy, Reading, build
from scheduler.solving.neighbourhoods import Neighbourhood
from scheduler.solving.vectors import tier_cost

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SECONDS = 0.5  # for a small sub-solve
_VARIABLES_PER_SECOND = 12_000  # of a large one
_LONGEST_SECONDS = 8.0


def repair(search: Search, problem: Problem, policy: Policy, start: Timetable, cost: int, seconds: float) -> Timetable:
    """Return a timetable of no higher required cost than ``start``, which has ``cost``, after at most ``seconds`` of search."""
    domains = _pruned(problem, policy)
    best, began, gained = start, search.deadline.used, search.deadline.used
    violations = _violations(search, problem, best)
    while cost > 0 and search.deadline.left > 0.05 and search.deadline.used - began < seconds:
        kind, hood = search.neighbourhoods.draw(violations)
        model = _freed(problem, policy, domains, best, hood)
        shortest = max(_SECONDS, len(model.cp.proto.variables) / _VARIABLES_PER_SECOND)
        limit = min(shortest * max(1.0, (search.deadline.used - gained) / 20), _LONGEST_SECONDS)
        solver = search.solver(search.options.cores)
        solver.parameters.linearization_level = 0
        before = search.deadline.used
        with search.deadline.guarding(solver, limit):
            status = solver.solve(model.cp)
        found = round(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else cost + 1
        gain = (cost - found) / cost
        kind.learn(gain, search.deadline.used - before, limit, status == cp_model.OPTIMAL)
        if gain >= 0:
            best = model.read(solver)
        if gain > 0:
            cost, gained = found, search.deadline.used
            violations = _violations(search, problem, best)
            search.report(Message("fewest broken requirements"), cost)
    return best


def _violations(search: Search, problem: Problem, timetable: Timetable) -> Sequence[Violation]:
    view = TimetableView(problem, timetable)
    search.neighbourhoods.see(view)
    return [v for v in evaluate(problem, view)[1] if v.constraint.required]


def _pruned(problem: Problem, policy: Policy) -> Domains:
    """Return the placements and candidates that a policy leaves: found once, for they are many."""
    domains = Domains(problem)
    for constraint in problem.constraints:
        if policy(constraint) is Reading.ENFORCED:
            constraint.prune(domains)
    return domains


def _freed(problem: Problem, policy: Policy, domains: Domains, timetable: Timetable, hood: Neighbourhood) -> TimetableModel:
    """Return the model of the required cost in which only the meets of a neighbourhood can change, hinted with the timetable."""
    present = {Placement(m.event, m.duration, m.start, m.weeks): m for m in timetable.meets if m.start is not None}
    kept: dict[int, set[Placement]] = defaultdict(set)
    for placement in present:
        if placement.event not in hood.events or not _inside(hood, domains, placement):
            kept[placement.event].add(placement)
    own = copy(domains)
    own.closed, own.must_fill, own.candidates = domains.closed.copy(), domains.must_fill.copy(), domains.candidates.copy()
    own.placements = [
        kept[index] | {p for p in placements if _inside(hood, domains, p)} if index in hood.events else kept[index]
        for index, placements in enumerate(domains.placements)
    ]
    for index, number in own.candidates:
        if index not in hood.events:
            chosen = {r for p in kept[index] if (r := present[p].resources[number]) is not None}
            own.candidates[index, number] = tuple(sorted(chosen))
    model = build(problem, policy, domains=own)
    for placement, literal in model.x.items():
        if placement in kept[placement.event]:
            model.cp.add(literal == 1)
        else:
            model.cp.add_hint(literal, placement in present)
    for (placement, number, resource), literal in model.y.items():
        chosen_here = placement in present and present[placement].resources[number] == resource
        if placement in kept[placement.event]:
            model.cp.add(literal == chosen_here)
        else:
            model.cp.add_hint(literal, chosen_here)
    cost = tier_cost(model, required=True)
    if not isinstance(cost, int):
        model.cp.minimize(cost)
    return model


def _inside(hood: Neighbourhood, domains: Domains, placement: Placement) -> bool:
    return hood.times is None or hood.times.issuperset(domains.spans[placement.start, placement.duration])
