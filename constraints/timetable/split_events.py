"""How an event is cut into meets: how many, and how long each may be.

Point: an event. Deviation: meets shorter than ``min_duration`` or longer than ``max_duration``, plus meets fewer than ``min_amount``
or more than ``max_amount`` [meets]. Source: XHSTT SplitEventsConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class SplitEvents(Constraint):
    """Each of ``events`` (indices) is taught in ``min_amount`` to ``max_amount`` meets of ``min_duration`` to ``max_duration`` periods."""

    kind: ClassVar[str] = "split_events"
    events: tuple[int, ...]
    min_duration: int
    max_duration: int
    min_amount: int
    max_amount: int

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the meets of a wrong length, and those too few or too many."""
        for index in self.events:
            event = view.problem.events[index]
            meets = view.meets_of[index]
            wrong = tuple(meet for meet in meets if not self.min_duration <= meet.duration <= self.max_duration)
            off = max(self.min_amount - len(meets), len(meets) - self.max_amount, 0)
            if wrong or off:
                yield Violation(
                    self,
                    event.name,
                    len(wrong) + off,
                    Message(
                        "{event} is taught in pieces of {lengths}; {least} to {most} pieces of {shortest} to {longest} lessons are wanted",
                        event=event.name,
                        lengths=" + ".join(str(meet.duration) for meet in meets) or "0",
                        least=self.min_amount,
                        most=self.max_amount,
                        shortest=self.min_duration,
                        longest=self.max_duration,
                    ),
                    meets=wrong or tuple(meets),
                    resources=event.fixed_resources(),
                    about=event.id,
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Wrong lengths are literals; the number of meets is their sum."""
        for index in self.events:
            placements = model.placements_of(index)
            wrong = [model.x[p] for p in placements if not self.min_duration <= p.duration <= self.max_duration]
            count = model.sum(*(model.x[p] for p in placements))
            most = min(len(placements), model.problem.events[index].duration)
            off = model.sum(model.excess(count, self.max_amount, most), model.shortfall(count, self.min_amount))
            yield Deviation(
                model.problem.events[index].name,
                model.sum(*wrong, off),
                min(len(wrong), most) + max(most - self.max_amount, self.min_amount, 0),
            )

    def enforce(self, model: TimetableModel) -> None:
        """Bounds on the number of meets; no meet of a wrong length."""
        for index in self.events:
            placements = model.placements_of(index)
            for p in placements:
                if not self.min_duration <= p.duration <= self.max_duration:
                    model.cp.add(model.x[p] == 0)
            count = model.sum(*(model.x[p] for p in placements))
            if self.min_amount > 0:
                model.cp.add(count >= self.min_amount)
            if self.max_amount < model.problem.events[index].duration:
                model.cp.add(count <= self.max_amount)

    def prune(self, domains: Domains) -> None:
        """Only meets of allowed length."""
        for index in self.events:
            kept = [p for p in domains.placements[index] if self.min_duration <= p.duration <= self.max_duration]
            domains.keep(index, kept)
