"""Lessons that open or close the day of all who take part: sports at the end of the day, the class meeting at its beginning.

Point: an event. Deviation: pairs of a meet of the event and a resource of the event (of ``resource_type``) that is busy in the same
week and on the same day after the meet (before it, with ``first``) [pairs].
Source: FET (Lalescu, Dirr), "activities end/begin students day".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class EdgeOfDay(Constraint):
    """The meets of ``events`` (indices) are the last of the day (``first``: the first) for their resources of ``resource_type``."""

    kind: ClassVar[str] = "edge_of_day"
    events: tuple[int, ...]
    resource_type: str
    first: bool = False

    def people(self, problem: Problem, event: int) -> list[int]:
        """Return the resources of an event whose day is meant."""
        return [r for r in dict.fromkeys(problem.events[event].fixed_resources()) if problem.resources[r].type == self.resource_type]

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """All resources of the events: their whole day matters."""
        return tuple({resource for event in self.events for resource in self.people(problem, event)})

    def beyond(self, problem: Problem, start: int, duration: int) -> list[int]:
        """Return the times of the day after a meet, or before it."""
        day, period = problem.positions[start]
        return [
            time
            for time, (other, at) in enumerate(problem.positions)
            if other == day and (at < period if self.first else at >= period + duration)
        ]

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Look for lessons beyond each meet, resource by resource."""
        problem = view.problem
        for event in self.events:
            found = []
            for meet in view.meets_of[event]:
                if meet.start is None:
                    continue
                beyond = self.beyond(problem, meet.start, meet.duration)
                for resource in self.people(problem, event):
                    weeks = [week for week in range(problem.weeks) if meet.weeks >> week & 1]
                    if any(time in view.occupied(resource, week) for week in weeks for time in beyond):
                        found.append((meet, resource))
            if found:
                values: dict[str, object] = {
                    "event": problem.events[event].name,
                    "who": Listing(dict.fromkeys(problem.resources[resource].name for _, resource in found)),
                    "times": Listing(dict.fromkeys(problem.times[meet.start].name for meet, _ in found if meet.start is not None)),
                }
                yield Violation(
                    self,
                    problem.events[event].name,
                    len(found),
                    Message("{event} ({times}) should open the day, but {who} has lessons before it", **values)
                    if self.first
                    else Message("{event} ({times}) should close the day, but {who} has lessons after it", **values),
                    times=tuple(dict.fromkeys(meet.start for meet, _ in found if meet.start is not None)),
                    meets=tuple(dict.fromkeys(meet for meet, _ in found)),
                    resources=tuple(dict.fromkeys(resource for _, resource in found)),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """A slack for each placement and resource: 1 where both the placement and a lesson beyond it stand."""
        for event in self.events:
            slacks: list[LinearExprT] = []
            most = 0
            for placement in model.placements_of(event):
                for resource in self.people(model.problem, event):
                    busy = self._busy_beyond(model, resource, placement.start, placement.duration, placement.weeks)
                    if busy:
                        slacks.append(model.cp.new_bool_var(""))
                        for value in busy:
                            model.cp.add(model.sum(value, model.x[placement]) <= 1 + slacks[-1])
            shortest = min((p.duration for p in model.placements_of(event)), default=1)
            most = model.problem.events[event].duration // shortest * len(self.people(model.problem, event))
            yield Deviation(model.problem.events[event].name, model.sum(*slacks), min(most, len(slacks)))

    def enforce(self, model: TimetableModel) -> None:
        """A placement and a lesson beyond it exclude each other."""
        for event in self.events:
            for placement in model.placements_of(event):
                for resource in self.people(model.problem, event):
                    for busy in self._busy_beyond(model, resource, placement.start, placement.duration, placement.weeks):
                        model.cp.add(model.sum(busy, model.x[placement]) <= 1)

    def _busy_beyond(self, model: TimetableModel, resource: int, start: int, duration: int, weeks: int) -> list[LinearExprT]:
        """Return "busy" of a resource at each time beyond a meet at which it can be busy."""
        busy = [
            model.busy(resource, (time,), week)
            for time in self.beyond(model.problem, start, duration)
            for week in range(model.problem.weeks)
            if weeks >> week & 1
        ]
        return [value for value in busy if not isinstance(value, int)]
