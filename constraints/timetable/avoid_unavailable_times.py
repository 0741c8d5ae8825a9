"""Resources are left alone at times at which they are unavailable (禁排).

Point: a resource. Deviation: the unavailable times at which it is busy [periods], each week looked at apart where they differ.
Source: XHSTT AvoidUnavailableTimesConstraint (Post et al. 2014).
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
    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class AvoidUnavailableTimes(ResourceConstraint):
    """None of ``resources`` is busy at any of ``times`` (both indices)."""

    kind: ClassVar[str] = "avoid_unavailable_times"
    times: tuple[int, ...]

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The unavailable times of the part."""
        return replace(self, times=tuple(t for t in self.times if t in times)) if self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """List the unavailable times at which each resource is busy."""
        problem = view.problem
        for index, week in self.points(problem):
            occupied = view.occupied(index, week)
            busy = tuple(time for time in self.times if time in occupied)
            if busy:
                yield self.violation(
                    problem,
                    index,
                    len(busy),
                    Message(
                        "{who} has lessons at unavailable times: {times}",
                        who=problem.resources[index].name,
                        times=Listing(problem.times[time].name for time in busy),
                    ),
                    times=busy,
                    meets=tuple(meet for time in busy for meet in occupied[time]),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The number of unavailable times at which the resource is busy."""
        problem = model.problem
        for index, week in self.points(problem):
            busy = [value for time in self.times if not isinstance(value := model.busy(index, (time,), week), int)]
            yield Deviation(problem.resources[index].name, model.sum(*busy), len(busy))

    def prune(self, domains: Domains) -> None:
        """Nothing that uses the resource touches an unavailable time."""
        for index in self.resources:
            domains.close(index, frozenset(self.times))
