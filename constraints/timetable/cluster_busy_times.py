"""Lessons of a resource are clustered on few days: a teacher comes on at most four days.

A time group is busy for a resource that has any lesson in it. Point: a resource. Deviation: busy time groups fewer than ``minimum`` or
more than ``maximum`` [time groups], each week looked at apart where they differ.
Source: XHSTT ClusterBusyTimesConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Deviation, ResourceConstraint, Violation
from instances.language import Listing, Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class ClusterBusyTimes(ResourceConstraint):
    """Each of ``resources`` (indices) is busy in ``minimum`` to ``maximum`` of ``time_groups`` (ids)."""

    kind: ClassVar[str] = "cluster_busy_times"
    time_groups: tuple[str, ...]
    minimum: int = 0
    maximum: int

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the time groups with a lesson."""
        problem = view.problem
        groups = [problem.time_groups[key] for key in self.time_groups]
        for index, week in self.points(problem):
            occupied = view.occupied(index, week)
            busy = [group for group in groups if any(time in occupied for time in group.times)]
            deviation = max(self.minimum - len(busy), len(busy) - self.maximum, 0)
            if deviation:
                values = {
                    "who": problem.resources[index].name,
                    "count": len(busy),
                    "groups": Listing(group.name for group in busy),
                }
                yield self.violation(
                    problem,
                    index,
                    deviation,
                    Message(
                        "{who} has lessons in {count} parts of the week ({groups}), at most {limit} wanted",
                        limit=self.maximum,
                        **values,
                    )
                    if len(busy) > self.maximum
                    else Message(
                        "{who} has lessons in {count} parts of the week ({groups}), at least {limit} wanted",
                        limit=self.minimum,
                        **values,
                    ),
                    times=tuple(time for group in busy for time in group.times if time in occupied),
                )

    def _busy(self, model: TimetableModel, resource: int, week: int) -> list[IntVar]:
        groups = (model.problem.time_groups[key].times for key in self.time_groups)
        return [model.occurs(resource, times, week) for times in groups if any(model.using(resource, time, week) for time in times)]

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The number of busy time groups is a sum of "occurs" literals."""
        problem = model.problem
        for index, week in self.points(problem):
            busy = self._busy(model, index, week)
            count = model.sum(*busy)
            off = model.sum(model.excess(count, self.maximum, len(busy)), model.shortfall(count, self.minimum))
            yield Deviation(problem.resources[index].name, off, max(len(busy) - self.maximum, self.minimum, 0))

    def enforce(self, model: TimetableModel) -> None:
        """Bounds on the number of busy time groups."""
        problem = model.problem
        for index, week in self.points(problem):
            busy = self._busy(model, index, week)
            if len(busy) > self.maximum:
                model.cp.add(model.sum(*busy) <= self.maximum)
            if self.minimum > 0:
                model.cp.add(model.sum(*busy) >= self.minimum)
