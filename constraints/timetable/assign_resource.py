"""Every role of an event that is left open gets a resource: a room, a teacher.

Point: an event and a role. Deviation: periods of the event in which nobody fills the role [periods]; a period that is not placed
counts as not filled. Source: XHSTT AssignResourceConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class AssignResource(Constraint):
    """The open role named ``role`` of each of ``events`` (indices) is filled; events without such a role are left alone."""

    kind: ClassVar[str] = "assign_resource"
    events: tuple[int, ...]
    role: str

    def _points(self, problem: Problem) -> Iterator[tuple[int, int]]:
        for index in self.events:
            for number in problem.events[index].roles_named(self.role):
                if problem.events[index].roles[number].resource is None:
                    yield index, number

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the periods of each event in which the role stays open."""
        for index, number in self._points(view.problem):
            event = view.problem.events[index]
            filled = [meet for meet in view.meets_of[index] if meet.resources[number] is not None]
            missing = event.duration - sum(meet.duration for meet in filled)
            if missing > 0:
                yield Violation(
                    self,
                    event.name,
                    missing,
                    Message(
                        "{event}: nobody and nothing is chosen as {role} for {missing} of {total} lessons",
                        event=event.name,
                        role=self.role,
                        missing=missing,
                        total=event.duration,
                    ),
                    meets=tuple(meet for meet in view.meets_of[index] if meet not in filled),
                    resources=event.fixed_resources(),
                    about=event.id,
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Duration minus the durations of the meets in which the role is filled."""
        for index, number in self._points(model.problem):
            event = model.problem.events[index]
            yield Deviation(event.name, event.duration - model.filled(index, number), event.duration)

    def enforce(self, model: TimetableModel) -> None:
        """The event is placed, and each of its meets has the role filled."""
        for index, number in self._points(model.problem):
            model.place_all(index)
            model.fill_all(index, number)

    def prune(self, domains: Domains) -> None:
        """Tell the model that the role is always filled, so that it can say "exactly one" from the start."""
        domains.must_fill.update(self._points(domains.problem))
