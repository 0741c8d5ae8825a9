"""The weekly workload of a resource stays within limits.

A role has the workload of its own, else that of its event, else the duration of the event; a meet carries its share by duration,
rounded up. Point: a resource. Deviation: workload below ``minimum`` or above ``maximum`` [workload units, by default periods], each week
looked at apart where they differ. Source: XHSTT LimitWorkloadConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.problem import Event
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitWorkload(Constraint):
    """Each of ``resources`` (indices) has a workload of ``minimum`` to ``maximum``."""

    kind: ClassVar[str] = "limit_workload"
    resources: tuple[int, ...]
    minimum: int = 0
    maximum: int

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Add up the workload of the meets that each resource takes part in."""
        problem = view.problem
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                meets = [meet for meet in dict.fromkeys(view.meets_with(index)) if meet.weeks >> week & 1]
                load = sum(
                    _share(problem.events[meet.event], number, meet.duration) * view.timetable.meets.count(meet)
                    for meet in meets
                    for number, resource in enumerate(meet.resources)
                    if resource == index
                )
                deviation = max(self.minimum - load, load - self.maximum, 0)
                if deviation:
                    yield Violation(
                        self,
                        problem.resources[index].name,
                        deviation,
                        Message(
                            "{who} has a workload of {load}, {least} to {most} wanted",
                            who=problem.resources[index].name,
                            load=load,
                            least=self.minimum,
                            most=self.maximum,
                        ),
                        meets=tuple(meets),
                        resources=(index,),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The workload is a weighted sum of literals."""
        problem = model.problem
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                shares: list[tuple[int, IntVar]] = []
                most = 0
                for number in problem.events_of[index]:
                    event = problem.events[number]
                    found = self._shares(model, index, number, week)
                    shares += found
                    most += min(sum(share for share, _ in found), event.duration * max((share for share, _ in found), default=0))
                load = model.sum(*(share * literal for share, literal in shares))
                off = model.sum(model.excess(load, self.maximum, most), model.shortfall(load, self.minimum))
                yield Deviation(problem.resources[index].name, off, max(most - self.maximum, self.minimum, 0))

    def _shares(self, model: TimetableModel, resource: int, index: int, week: int) -> list[tuple[int, IntVar]]:
        """The (workload, literal) pairs of a resource in one event."""
        event = model.problem.events[index]
        found: list[tuple[int, IntVar]] = []
        for number, role in enumerate(event.roles):
            if role.resource == resource:
                found += [(_share(event, number, p.duration), model.x[p]) for p in model.placements_of(index) if p.weeks >> week & 1]
            elif resource in role.candidates:
                found += [
                    (_share(event, number, p.duration), model.y[p, number, resource])
                    for p, r in model.fillings(index, number)
                    if r == resource and p.weeks >> week & 1
                ]
        return found


def _share(event: Event, role: int, duration: int) -> int:
    """Return the workload of a role in a meet of ``duration`` periods."""
    own = event.roles[role].workload
    load = own if own is not None else event.workload if event.workload is not None else event.duration
    return -(-duration * load // event.duration)
