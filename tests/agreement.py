"""Do checker and solver agree? The questions asked of every random problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from ortools.sat.python import cp_model

from constraints.base import Constraint, Violation, evaluate
from constraints.model import TimetableModel
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.build import Policy, Reading, build
from tests.random_problems import MAKERS, random_case


class Differ(AssertionError):
    """Checker and solver differ; the text holds all that is needed to see it again."""


def check_costs(problem: Problem, timetable: Timetable) -> dict[str, int]:
    """Cost of every constraint by the checks alone."""
    view = TimetableView(problem, timetable)
    return {
        c.id: sum(v.cost.required + v.cost.preference for v in c.check(view)) for c in problem.constraints
    }  # fmt: skip


def fix(model: TimetableModel, timetable: Timetable) -> bool:
    """Fix all placements and roles to those of a timetable; False where the model has no literal for one of them."""
    placed, filled = model.literals_of(timetable)
    if not placed <= model.x.keys() or not filled <= model.y.keys():
        return False
    for placement, literal in model.x.items():
        model.cp.add(literal == (placement in placed))
    for choice, literal in model.y.items():
        model.cp.add(literal == (choice in filled))
    return True


def solve(model: TimetableModel, ids: Iterable[str] = ()) -> tuple[cp_model.CpSolver, Any]:
    """Minimise the cost of the constraints with these ids; the solver and its status."""
    model.cp.minimize(model.total(ids))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = 2.0
    return solver, solver.solve(model.cp)


def compare_fixed(problem: Problem, timetable: Timetable, policy: Policy) -> None:
    """With the placements fixed and the constraints read as ``policy`` says, each counted one costs what the checker says.

    The timetable must satisfy those that are enforced. Costs are compared one by one, hence tier by tier; and no cost exceeds
    the bound that its encoding promises.
    """
    expected = check_costs(problem, timetable)
    model = build(problem, policy)
    counted = [c.id for c in problem.constraints if policy(c) is Reading.COUNTED]
    if not fix(model, timetable):
        raise Differ(f"a legal placement was pruned\n{describe(problem, timetable)}")
    solver, status = solve(model, counted)
    if status != cp_model.OPTIMAL:
        raise Differ(f"status {solver.status_name(status)} where the checker finds a timetable\n{describe(problem, timetable)}")
    for key in counted:
        found = solver.value(model.total([key]))
        if found != expected[key]:
            raise Differ(f"{key}: checker {expected[key]}, solver {found}\n{describe(problem, timetable)}")
        for _, value, top in model.costs.get(key, ()):
            if solver.value(value) > top:
                raise Differ(f"{key}: cost {solver.value(value)} above its bound {top}\n{describe(problem, timetable)}")


def compare_counted(problem: Problem, timetable: Timetable) -> None:
    """All constraints counted."""
    compare_fixed(problem, timetable, lambda _: Reading.COUNTED)


def compare_mixed(problem: Problem, timetable: Timetable) -> None:
    """What the timetable satisfies is enforced, the rest counted: an enforced reading forbids nothing that is legal."""
    expected = check_costs(problem, timetable)
    compare_fixed(problem, timetable, lambda c: Reading.ENFORCED if expected[c.id] == 0 else Reading.COUNTED)


def compare_enforced(problem: Problem, timetable: Timetable) -> None:
    """Each constraint that the timetable breaks, enforced alone, forbids the timetable."""
    for key, cost in check_costs(problem, timetable).items():
        if cost > 0:
            model = build(problem, lambda c, key=key: Reading.ENFORCED if c.id == key else Reading.LEFT_OUT)
            if fix(model, timetable) and solve(model)[1] != cp_model.INFEASIBLE:
                raise Differ(f"{key}: enforced, yet a timetable of cost {cost} passes\n{describe(problem, timetable)}")


def compare_solved(problem: Problem, policy: Policy) -> str:
    """Solve freely: the objective is the checker's cost of the timetable read back. Returns the status."""
    model = build(problem, policy)
    counted = [c.id for c in problem.constraints if policy(c) is Reading.COUNTED]
    solver, status = solve(model, counted)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE) and len(counted) == len(problem.constraints):
        raise Differ(f"status {solver.status_name(status)} with slack for everything\n{describe(problem, Timetable(()))}")
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        timetable = model.read(solver)
        costs = check_costs(problem, timetable)
        for constraint in problem.constraints:
            if policy(constraint) is Reading.ENFORCED and costs[constraint.id]:
                raise Differ(f"{constraint.id}: enforced, yet the checker objects\n{describe(problem, timetable)}")
        cost, _ = evaluate(problem, TimetableView(problem, timetable))
        total = cost.required + cost.preference
        objective = round(solver.objective_value)
        if objective < total or (status == cp_model.OPTIMAL and objective != total):
            raise Differ(f"objective {objective}, checker {cost}\n{describe(problem, timetable)}")
    return solver.status_name(status)


def compare_all(rng: Random, kinds: Sequence[type[Constraint]] = tuple(MAKERS), count: int = 4) -> tuple[Problem, Timetable, str]:
    """Ask every question about one random case; the case and the status of the free solve."""
    problem, timetable = random_case(rng, kinds, count)
    compare_counted(problem, timetable)
    compare_mixed(problem, timetable)
    compare_enforced(problem, timetable)
    enforce = rng.random() < 0.5
    status = compare_solved(problem, lambda c: Reading.ENFORCED if enforce and c.required else Reading.COUNTED)
    return problem, timetable, status


def judge(problem: Problem, timetable: Timetable) -> list[Violation]:
    """All violations of a timetable, after asking that the solver reads the constraints alike."""
    compare_counted(problem, timetable)
    compare_mixed(problem, timetable)
    compare_enforced(problem, timetable)
    return evaluate(problem, TimetableView(problem, timetable))[1]


def describe(problem: Problem, timetable: Timetable) -> str:
    """All that is needed to see a difference again."""
    lines = [f"weeks={problem.weeks}", *map(str, enumerate(problem.times)), *map(str, enumerate(problem.resources))]
    lines += [*map(str, enumerate(problem.events)), *map(str, problem.time_groups.values()), str(dict(problem.event_groups))]
    return "\n".join((*lines, *map(repr, problem.constraints), *map(str, timetable.meets)))
