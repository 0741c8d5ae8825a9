"""What every constraint is: who it applies to, how its deviation is costed, how it is encoded and how it is checked.

A constraint has *points of application* (a teacher, a class and day, a pair of events ...). At each point it has a *deviation*, a
whole number, 0 where it is satisfied. Its cost there is ``weight * cost_function(deviation)``; the costs of required
constraints are summed in one tier, those of preferences in the next (XHSTT, Post et al. 2014).

``check`` is the definition: plain Python over the finished timetable, it finds all deviations. ``encode`` is the CP-SAT reading
of the same words. Neither may call the other; ``tests`` compare them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from instances.language import Message
from instances.origin import NOWHERE, Origin
from instances.problem import Problem
from instances.timetable import Cost, Meet, TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import LinearExprT

    from constraints.model import Domains, TimetableModel


class CostFunction(StrEnum):
    """How the deviation at one point becomes cost, before the weight: XHSTT's three functions."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"
    STEP = "step"

    def __call__(self, deviation: int) -> int:
        """Return the cost of a deviation: d, d*d, or 1 where d > 0."""
        if self is CostFunction.LINEAR:
            return deviation
        if self is CostFunction.QUADRATIC:
            return deviation * deviation
        return 1 if deviation > 0 else 0


@dataclass(frozen=True, slots=True)
class Violation:
    """A constraint that does not hold at one point.

    ``point`` names it for people (a teacher, "三年级1班 Monday"); ``times`` are the times concerned (indices), ``meets`` the meets,
    ``resources`` the resources; ``sentence`` says what is wrong, with the numbers. ``about`` is the id of the resource, event or event
    group that the point is, for reports in XHSTT.
    """

    constraint: Constraint
    point: str
    deviation: int
    sentence: Message
    times: tuple[int, ...] = ()
    meets: tuple[Meet, ...] = ()
    resources: tuple[int, ...] = ()
    about: str = ""

    @property
    def cost(self) -> Cost:
        """The cost of this violation, in its tier."""
        amount = self.constraint.weight * self.constraint.cost_function(self.deviation)
        return Cost(required=amount) if self.constraint.required else Cost(preference=amount)


@dataclass(frozen=True, slots=True)
class Deviation:
    """The deviation at one point as CP-SAT sees it: a linear expression that, minimised, equals what ``check`` finds.

    ``bound`` is an upper bound of it.
    """

    point: str
    value: LinearExprT
    bound: int


@dataclass(frozen=True, kw_only=True)
class Constraint(ABC):
    """Base of all constraints on timetables.

    ``rule`` is the id of the regulation, or the line of 排课要求, that asks for it; ``origin`` the cell it came from; ``group`` names
    what a person could change to make it go away (for explanations), by default the constraint's id.
    """

    id: str
    name: Message | str = ""
    required: bool = True
    weight: int = 1
    cost_function: CostFunction = CostFunction.LINEAR
    rule: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)
    group: str = ""

    kind: ClassVar[str]

    @abstractmethod
    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Yield every violation in a timetable. The definition of the constraint."""

    @abstractmethod
    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Return the deviation at every point as CP-SAT expressions ("counted")."""

    def enforce(self, model: TimetableModel) -> None:
        """Forbid every deviation ("enforced", no slack). Constraints with a stronger form override this."""
        for deviation in self.encode(model):
            model.require_zero(deviation.value)

    def prune(self, domains: Domains) -> None:  # noqa: B027 - nothing to take out is a fair default
        """Take out placements that an enforced reading forbids, before literals are made. By default none."""

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """Return what this constraint says of some times alone, None if nothing.

        The caller cuts the time groups down to ``times``. The restriction must hold wherever the whole does, and over
        disjoint sets of times its costs must sum to no more than the whole cost. Used for bounds.
        """
        return None

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """Return the resources (indices) that this constraint tells apart from their equals; by default its ``resources``."""
        named: tuple[int, ...] = getattr(self, "resources", ())
        return named

    def label(self) -> str:
        """Return the name that people see."""
        return str(self.name) or self.id


@dataclass(frozen=True, kw_only=True)
class ResourceConstraint(Constraint):
    """A constraint whose point of application is a resource: each of ``resources`` (indices), in each week where its weeks differ."""

    resources: tuple[int, ...]

    def points(self, problem: Problem) -> Iterator[tuple[int, int]]:
        """Yield the points: (resource, week)."""
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                yield index, week

    def violation(
        self,
        problem: Problem,
        resource: int,
        deviation: int,
        sentence: Message,
        *,
        times: tuple[int, ...] = (),
        meets: tuple[Meet, ...] = (),
    ) -> Violation:
        """Return the violation at a resource."""
        named = problem.resources[resource]
        return Violation(self, named.name, deviation, sentence, times=times, meets=meets, resources=(resource,), about=named.id)


def evaluate(problem: Problem, view: TimetableView) -> tuple[Cost, list[Violation]]:
    """Return the cost of a timetable and all its violations, by the checks alone."""
    cost = Cost()
    found: list[Violation] = []
    for constraint in problem.constraints:
        for violation in constraint.check(view):
            cost += violation.cost
            found.append(violation)
    return cost, found
