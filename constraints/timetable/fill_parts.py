"""A room that stands for several rooms is had with all its parts: who chose the double hall is in both halves.

Point: an event. Deviation: periods in which a part of the chosen room is missing, or a part is taken of a room that was not chosen, summed
over the parts [periods]; meets that are not placed do not count.
Source: FET (Lalescu, Dirr), virtual rooms: sets of real rooms of which one each is used.
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
    from ortools.sat.python.cp_model import LinearExpr

    from constraints.model import Placement, TimetableModel


@dataclass(frozen=True, kw_only=True)
class FillParts(Constraint):
    """In ``event`` the open roles ``parts`` (numbers) are filled just where the open role ``role`` is the resource ``whole`` (index)."""

    kind: ClassVar[str] = "fill_parts"
    event: int
    role: int
    whole: int
    parts: tuple[int, ...]

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """The whole and all rooms that can be its parts."""
        roles = problem.events[self.event].roles
        return (self.whole, *(resource for part in self.parts for resource in roles[part].candidates))

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Compare the parts of each meet with what was chosen."""
        event = view.problem.events[self.event]
        wrong = []
        for meet in view.meets_of[self.event]:
            off = sum((meet.resources[part] is not None) != (meet.resources[self.role] == self.whole) for part in self.parts)
            if off and meet.start is not None:
                wrong.append((meet, off * meet.duration))
        if wrong:
            yield Violation(
                self,
                event.name,
                sum(off for _, off in wrong),
                Message("{event}: the rooms taken are not those of {room}", event=event.name, room=view.problem.resources[self.whole].name),
                times=tuple(meet.start for meet, _ in wrong if meet.start is not None),
                meets=tuple(meet for meet, _ in wrong),
                resources=(self.whole,),
                about=event.id,
            )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """For each placement and part a slack, no less than the difference either way."""
        slacks, top = [], 0
        for placement, whole, part in self._pairs(model):
            off = model.cp.new_bool_var("")
            model.cp.add(whole <= part + off)
            model.cp.add(part <= whole + off)
            slacks.append(placement.duration * off)
            top += placement.duration
        yield Deviation(model.problem.events[self.event].name, model.sum(*slacks), top)

    def enforce(self, model: TimetableModel) -> None:
        """Each part is filled as often as the whole is chosen."""
        for _, whole, part in self._pairs(model):
            model.cp.add(whole == part)

    def _pairs(self, model: TimetableModel) -> Iterator[tuple[Placement, LinearExpr, LinearExpr]]:
        """Yield for each placement and part "the whole is chosen" and "the part is filled", as expressions."""
        for placement in model.placements_of(self.event):
            whole = model.y.get((placement, self.role, self.whole))
            for part in self.parts:
                chosen = [model.y.get((placement, part, r)) for r in model.problem.events[self.event].roles[part].candidates]
                yield placement, model.sum(*(() if whole is None else (whole,))), model.sum(*(y for y in chosen if y is not None))
