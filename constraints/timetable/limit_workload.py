"""The weekly workload of a resource stays within limits.

A role has the workload of its own, else that of its event, else the duration of the event; a meet carries its share by duration, which
need not be whole. Point: a resource. Deviation: workload below ``minimum`` or above ``maximum``, rounded up [workload units, by default
periods], each week looked at apart where they differ. Source: XHSTT LimitWorkloadConstraint (Post et al. 2014); the shares are not rounded
one by one, as the costs published for AU-BG-98 and AU-TE-99 show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Deviation, ResourceConstraint, Violation
from instances.language import Message
from instances.problem import Event
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitWorkload(ResourceConstraint):
    """Each of ``resources`` (indices) has a workload of ``minimum`` to ``maximum``."""

    kind: ClassVar[str] = "limit_workload"
    minimum: int = 0
    maximum: int

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Add up the workload of the meets that each resource takes part in."""
        problem = view.problem
        for index, week in self.points(problem):
            meets = list({id(meet): meet for meet in view.meets_with(index) if meet.weeks >> week & 1}.values())
            load = sum(
                (
                    _share(problem.events[meet.event], number, meet.duration)
                    for meet in meets
                    for number, resource in enumerate(meet.resources)
                    if resource == index
                ),
                Fraction(0),
            )
            deviation = max(ceil(self.minimum - load), ceil(load - self.maximum), 0)
            if deviation:
                yield self.violation(
                    problem,
                    index,
                    deviation,
                    Message(
                        "{who} has a workload of {load}, {least} to {most} wanted",
                        who=problem.resources[index].name,
                        load=load if load.denominator == 1 else f"{float(load):.1f}",
                        least=self.minimum,
                        most=self.maximum,
                    ),
                    meets=tuple(meets),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The workload is a weighted sum of literals, over a common denominator."""
        problem = model.problem
        for index, week in self.points(problem):
            shares: list[tuple[Fraction, IntVar]] = []
            most = Fraction(0)
            for number in problem.events_of[index]:
                found = self._shares(model, index, number, week)
                shares += found
                event = problem.events[number]
                most += sum(_share(event, role, event.duration) for role in range(len(event.roles))) if found else 0
            unit = lcm(*(share.denominator for share, _ in shares))
            load = model.sum(*(int(share * unit) * literal for share, literal in shares))
            over, under = max(ceil(most - self.maximum), 0), max(self.minimum, 0)
            off = model.cp.new_int_var(0, max(over, under), "")
            if over:
                model.cp.add(unit * off >= load - self.maximum * unit)
            if under:
                model.cp.add(unit * off >= self.minimum * unit - load)
            yield Deviation(problem.resources[index].name, off, max(over, under))

    def _shares(self, model: TimetableModel, resource: int, index: int, week: int) -> list[tuple[Fraction, IntVar]]:
        """The (workload, literal) pairs of a resource in one event."""
        event = model.problem.events[index]
        found: list[tuple[Fraction, IntVar]] = []
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


def _share(event: Event, role: int, duration: int) -> Fraction:
    """Return the workload of a role in a meet of ``duration`` periods."""
    own = event.roles[role].workload
    load = own if own is not None else event.workload if event.workload is not None else event.duration
    return Fraction(duration * load, event.duration)
