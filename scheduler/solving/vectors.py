"""A model with its incumbent: values of all variables, never of some of them.

A hint on part of the variables is worse than none, so every solution is kept as the full vector of values; for a timetable that
comes from elsewhere the rest is completed by a short solve with all placements fixed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from constraints.base import Constraint
from constraints.model import TimetableModel
from instances.timetable import Timetable

Array = NDArray[Any]
_COMPLETION_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Vector:
    """Values of all variables of a model, in order, and the objective there."""

    values: Sequence[int]
    objective: int


class Workbench:
    """Clones of one model in which parts are fixed; the model itself is never changed."""

    def __init__(self, model: TimetableModel, objective: cp_model.LinearExprT) -> None:
        self.model = model
        model.cp.proto.clear_objective()
        if not isinstance(objective, int):
            model.cp.minimize(objective)
        self.constant = objective if isinstance(objective, int) else None
        self.placements = list(model.x)
        self.x_index = [literal.index for literal in model.x.values()]
        self.y_keys = list(model.y)
        self.y_index = [literal.index for literal in model.y.values()]

    @cached_property
    def _spans(self) -> tuple[list[frozenset[int]], Array, Array]:
        """The sets of times that placements occupy; of each literal its event and the number of its set."""
        placements = [*self.placements, *(placement for placement, _, _ in self.y_keys)]
        keys = {key: number for number, key in enumerate(dict.fromkeys((p.start, p.duration) for p in placements))}
        spans = [frozenset(self.model.spans[key]) for key in keys]
        return spans, np.array([p.event for p in placements], np.int64), np.array([keys[p.start, p.duration] for p in placements], np.int64)

    def outside(self, events: Collection[int], times: frozenset[int] | None) -> list[int]:
        """Return the variables of the placements, and of who fills roles, but those of ``events`` inside ``times`` (None: all)."""
        spans, event_of, span_of = self._spans
        free = np.zeros(len(self.model.problem.events), bool)
        free[list(events)] = True
        inside = np.array([times is None or span <= times for span in spans], bool)
        fixed: list[int] = np.flatnonzero(~(free[event_of] & inside[span_of])).tolist() if len(event_of) else []
        variables = self.x_index + self.y_index
        return [variables[n] for n in fixed]

    def clone(self, hint: Vector | None = None) -> cp_model.CpModel:
        """Return a copy of the model, hinted with a full vector if one is given."""
        copy = self.model.cp.clone()
        if hint is not None:
            copy.proto.clear_solution_hint()
            copy.proto.solution_hint.vars.extend(range(len(hint.values)))
            copy.proto.solution_hint.values.extend(hint.values)
        return copy

    @staticmethod
    def fix(copy: cp_model.CpModel, indices: Iterable[int], values: Sequence[int]) -> None:
        """Fix variables of a copy to their value in a vector."""
        variables = copy.proto.variables
        for index in indices:
            domain = variables[index].domain
            domain[0] = domain[1] = values[index]

    def vector_of(self, solver: cp_model.CpSolver) -> Vector:
        """Return the solution of a solver as a vector."""
        objective = self.constant if self.constant is not None else round(solver.objective_value)
        return Vector(list(solver.response_proto.solution), objective)

    def complete(self, timetable: Timetable) -> Vector | None:
        """Return the cheapest vector with exactly the placements of a timetable; None if the model forbids them."""
        placed, filled = self.model.literals_of(timetable)
        if not placed <= self.model.x.keys():
            return None
        copy = self.clone()
        variables = copy.proto.variables
        for placement, index in zip(self.placements, self.x_index, strict=True):
            domain = variables[index].domain
            domain[0] = domain[1] = int(placement in placed)
        for key, index in zip(self.y_keys, self.y_index, strict=True):
            domain = variables[index].domain
            domain[0] = domain[1] = int(key in filled)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = _COMPLETION_SECONDS
        solver.parameters.catch_sigint_signal = False
        status = solver.solve(copy)
        return self.vector_of(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None

    def timetable(self, vector: Vector) -> Timetable:
        """Return the timetable of a vector."""
        return self.model.read_values(vector.values)


def tier_cost(model: TimetableModel, *, required: bool) -> cp_model.LinearExprT:
    """Return the summed cost of a model's counted requirements, or of its preferences."""
    constraints: tuple[Constraint, ...] = model.problem.constraints
    return model.total(c.id for c in constraints if c.required is required)
