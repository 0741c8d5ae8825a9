"""How many meets of one length an event has: two double lessons a week, no single ones.

Point: an event. Deviation: meets of ``duration`` periods fewer than ``minimum`` or more than ``maximum`` [meets].
Source: XHSTT DistributeSplitEventsConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class DistributeSplitEvents(Constraint):
    """Each of ``events`` (indices) has ``minimum`` to ``maximum`` meets of exactly ``duration`` periods."""

    kind: ClassVar[str] = "distribute_split_events"
    events: tuple[int, ...]
    duration: int
    minimum: int
    maximum: int

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the meets of this length."""
        for index in self.events:
            event = view.problem.events[index]
            found = tuple(meet for meet in view.meets_of[index] if meet.duration == self.duration)
            off = max(self.minimum - len(found), len(found) - self.maximum, 0)
            if off:
                yield Violation(
                    self,
                    event.name,
                    off,
                    Message(
                        "{event} is taught in {count} pieces of {duration} lessons; {least} to {most} are wanted",
                        event=event.name,
                        count=len(found),
                        duration=self.duration,
                        least=self.minimum,
                        most=self.maximum,
                    ),
                    meets=found or tuple(view.meets_of[index]),
                    resources=event.fixed_resources(),
                    about=event.id,
                )

    def _literals(self, model: TimetableModel, index: int) -> list[IntVar]:
        return [model.x[p] for p in model.placements_of(index) if p.duration == self.duration]

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The number of meets of this length is a sum of literals."""
        for index in self.events:
            literals = self._literals(model, index)
            count = model.sum(*literals)
            most = min(len(literals), model.problem.events[index].duration // self.duration)
            off = model.sum(model.excess(count, self.maximum, most), model.shortfall(count, self.minimum))
            yield Deviation(model.problem.events[index].name, off, max(most - self.maximum, self.minimum, 0))

    def enforce(self, model: TimetableModel) -> None:
        """Bounds on the number."""
        for index in self.events:
            count = model.sum(*self._literals(model, index))
            if self.minimum > 0:
                model.cp.add(count >= self.minimum)
            if self.maximum < model.problem.events[index].duration // self.duration:
                model.cp.add(count <= self.maximum)

    def prune(self, domains: Domains) -> None:
        """No meet of this length where none is allowed."""
        if self.maximum == 0:
            for index in self.events:
                domains.keep(index, [p for p in domains.placements[index] if p.duration != self.duration])
