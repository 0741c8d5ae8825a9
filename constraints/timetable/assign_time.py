"""Every period of an event is placed.

Point: an event. Deviation: periods of the event that have no time, or more than its duration [periods].
Source: XHSTT AssignTimeConstraint (Post et al. 2014), which counts the duration of meets without a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AssignTime(Constraint):
    """All periods of ``events`` (indices) have a time."""

    kind: ClassVar[str] = "assign_time"
    events: tuple[int, ...]

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the periods of each event that have no time."""
        for index in self.events:
            event = view.problem.events[index]
            placed = sum(meet.duration for meet in view.meets_of[index] if meet.start is not None)
            if placed < event.duration:
                yield Violation(
                    self,
                    event.name,
                    event.duration - placed,
                    Message(
                        "{event}: {missing} of {total} lessons are not placed",
                        event=event.name,
                        missing=event.duration - placed,
                        total=event.duration,
                    ),
                    resources=event.fixed_resources(),
                    about=event.id,
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Duration minus the durations of the meets that are placed (the model never places more)."""
        for index in self.events:
            event = model.problem.events[index]
            yield Deviation(event.name, event.duration - model.placed(index), event.duration)

    def enforce(self, model: TimetableModel) -> None:
        """Every period is placed: an equation for each event."""
        for index in self.events:
            model.place_all(index)
