"""Meets start at suitable times: double lessons not across the noon break, physical education not in the first period.

Point: an event. Deviation: durations of its meets that start at a time that is not on the list [periods]; with ``duration`` given, only
meets of that length count. Meets without a time do not count here. Source: XHSTT PreferTimesConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class PreferTimes(Constraint):
    """The meets of ``events`` (of ``duration`` periods, if given) start at one of ``times`` (indices)."""

    kind: ClassVar[str] = "prefer_times"
    events: tuple[int, ...]
    times: tuple[int, ...]
    duration: int | None = None

    @cached_property
    def _wanted(self) -> frozenset[int]:
        return frozenset(self.times)

    def _wrong(self, duration: int, start: int) -> bool:
        return start not in self._wanted and self.duration in (None, duration)

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Add up the durations of the meets that start at an unsuitable time."""
        problem = view.problem
        for index in self.events:
            wrong = [m for m in view.meets_of[index] if m.start is not None and self._wrong(m.duration, m.start)]
            if wrong:
                starts = tuple(meet.start for meet in wrong if meet.start is not None)
                yield Violation(
                    self,
                    problem.events[index].name,
                    sum(meet.duration for meet in wrong),
                    Message(
                        "{event} starts at an unsuitable time: {times}",
                        event=problem.events[index].name,
                        times=Listing(problem.times[start].name for start in starts),
                    ),
                    times=starts,
                    meets=tuple(wrong),
                    resources=problem.events[index].fixed_resources(),
                    about=problem.events[index].id,
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The durations of the placements that start wrongly; no variable of its own."""
        for index in self.events:
            wrong = [p for p in model.placements_of(index) if self._wrong(p.duration, p.start)]
            bound = model.problem.events[index].duration if wrong else 0
            yield Deviation(model.problem.events[index].name, model.sum(*(p.duration * model.x[p] for p in wrong)), bound)

    def prune(self, domains: Domains) -> None:
        """No placement that starts at another time."""
        for index in self.events:
            domains.keep(index, [p for p in domains.placements[index] if not self._wrong(p.duration, p.start)])
