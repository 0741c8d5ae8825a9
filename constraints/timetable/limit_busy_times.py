"""On a day with lessons, a resource has neither too few nor too many: two to five lessons a day.

Point: a resource. Deviation: summed over the time groups in which it is busy at all, the busy times fewer than ``minimum`` or more than
``maximum`` [periods]; a wholly free time group is fine. Every period taught counts, also where two bell schedules give two of them
the same number; two meets at one time (a clash) count once. Each week is looked at apart where they differ. Source: XHSTT
LimitBusyTimesConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, ResourceConstraint, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import LinearExpr, LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitBusyTimes(ResourceConstraint):
    """Each of ``resources`` (indices) is busy at no or at ``minimum`` to ``maximum`` times of each of ``time_groups`` (ids)."""

    kind: ClassVar[str] = "limit_busy_times"
    time_groups: tuple[str, ...]
    minimum: int = 0
    maximum: int

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The maximum: a part has no more than the whole."""
        return replace(self, minimum=0) if self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the busy times of each time group."""
        problem = view.problem
        groups = [problem.time_groups[key] for key in self.time_groups]
        for index, week in self.points(problem):
            occupied = view.occupied(index, week)
            total = 0
            off: list[Message] = []
            concerned: list[int] = []
            for group in groups:
                busy = [time for time in dict.fromkeys(group.times) if time in occupied]
                count = len(busy)
                deviation = max(self.minimum - count, count - self.maximum, 0) if count else 0
                if deviation:
                    total += deviation
                    off.append(Message("{part}: {count}", part=group.name, count=count))
                    concerned.extend(busy)
            if total:
                yield self.violation(
                    problem,
                    index,
                    total,
                    Message(
                        "{who}: lessons {found}, {least} to {most} wanted",
                        who=problem.resources[index].name,
                        found=Listing(off),
                        least=self.minimum,
                        most=self.maximum,
                    ),
                    times=tuple(dict.fromkeys(concerned)),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """For each time group the times too many, and those too few where it is busy at all."""
        problem = model.problem
        for index, week in self.points(problem):
            parts: list[LinearExprT] = []
            bound = 0
            for key in self.time_groups:
                count, most = self._count(model, index, key, week)
                parts.append(model.excess(count, self.maximum, most))
                bound += max(most - self.maximum, self.minimum - 1, 0) if most else 0
                if most and self.minimum > 1:
                    some = model.occurs(index, problem.time_groups[key].times, week)
                    under = model.cp.new_int_var(0, self.minimum - 1, "")
                    model.cp.add(under >= self.minimum * some - count)
                    parts.append(under)
            yield Deviation(problem.resources[index].name, model.sum(*parts), bound)

    def enforce(self, model: TimetableModel) -> None:
        """Bounds on the count of each time group."""
        problem = model.problem
        for index, week in self.points(problem):
            for key in self.time_groups:
                count, most = self._count(model, index, key, week)
                if most > self.maximum:
                    model.cp.add(count <= self.maximum)
                if most and self.minimum > 1:
                    some = model.occurs(index, problem.time_groups[key].times, week)
                    model.cp.add(count >= self.minimum * some)

    def _count(self, model: TimetableModel, resource: int, key: str, week: int) -> tuple[LinearExpr, int]:
        """The number of busy times in a time group, and how many there can be."""
        busy = [model.busy(resource, (time,), week) for time in dict.fromkeys(model.problem.time_groups[key].times)]
        busy = [value for value in busy if not isinstance(value, int)]
        return model.sum(*busy), len(busy)
