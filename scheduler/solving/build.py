"""Problem -> CP-SAT model: which constraints are enforced, which are counted and which are left out is the caller's choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from constraints.base import Constraint
from constraints.model import Domains, TimetableModel
from constraints.timetable.avoid_clashes import AvoidClashes
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView


class Reading(StrEnum):
    """How a constraint enters a model."""

    ENFORCED = "enforced"  # no slack
    COUNTED = "counted"  # slack, with its cost on the bill
    LEFT_OUT = "left out"


Policy = Callable[[Constraint], Reading]


def strict(constraint: Constraint) -> Reading:
    """Requirements enforced, preferences counted."""
    return Reading.ENFORCED if constraint.required else Reading.COUNTED


def requirements_only(constraint: Constraint) -> Reading:
    """Requirements enforced, preferences left out: the model for the first legal timetable."""
    return Reading.ENFORCED if constraint.required else Reading.LEFT_OUT


def elastic(problem: Problem) -> Policy:
    """Return the policy that always leaves a timetable: what an empty timetable satisfies stays enforced, other requirements
    (lessons placed, rooms found, minimums) are counted.
    """
    empty = TimetableView(problem, Timetable(()))
    counted = {c.id for c in problem.constraints if c.required and next(iter(c.check(empty)), None) is not None}

    def policy(constraint: Constraint) -> Reading:
        return Reading.COUNTED if not constraint.required or constraint.id in counted else Reading.ENFORCED

    return policy


def build(problem: Problem, policy: Policy = strict, constraints: Iterable[Constraint] | None = None) -> TimetableModel:
    """Return the model of a problem under a policy, over ``constraints`` (default: those of the problem).

    Sub-models for explanations come from leaving constraints out, never from guarding them: guards hide
    the pigeonholes from presolve (docs/architecture.md).
    """
    chosen: list[Constraint] = list(problem.constraints if constraints is None else constraints)
    readings = [(c, policy(c)) for c in chosen]
    enforced = [c for c, reading in readings if reading is Reading.ENFORCED]
    counted = [c for c, reading in readings if reading is Reading.COUNTED]
    domains = Domains(problem)
    for constraint in enforced:
        constraint.prune(domains)
    clash_free = frozenset(
        index for c in enforced if isinstance(c, AvoidClashes) for index in c.resources if problem.resources[index].capacity == 1
    )
    model = TimetableModel(problem, domains, clash_free)
    for constraint in enforced:
        constraint.enforce(model)
    for constraint in counted:
        model.charge(constraint)
    return model
