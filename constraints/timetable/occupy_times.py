"""Given times are taken by lessons of a group (固排): class meeting on Monday in the last period, every slot that was fixed.

Point: a group of events. Deviation: the slots in which no lesson of the group runs [slots]. A slot is a set of times of which one must be
taken (the same period in the bells of several grades), in at least one of ``weeks``.
Source: 排课要求 of school offices (固排); kin of XHSTT PreferTimesConstraint, which says where lessons may be, not what is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class OccupyTimes(Constraint):
    """In each of ``slots``, tuples of times (indices), a lesson of each of ``event_groups`` (ids) runs.

    ``weeks`` is the mask of the weeks in one of which it must run; 0 stands for all weeks of the cycle.
    """

    kind: ClassVar[str] = "occupy_times"
    event_groups: tuple[str, ...]
    slots: tuple[tuple[int, ...], ...]
    weeks: int = 0

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The slots of the part."""
        kept = tuple(slot for slot in self.slots if slot and times.issuperset(slot))
        return replace(self, slots=kept) if kept and self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """List the slots that no lesson of the group takes."""
        problem = view.problem
        for group in self.event_groups:
            events = problem.event_groups[group]
            taken = {time for week in self._weeks(problem) for event in events for _, time in view.lessons(event, week)}
            empty = [slot for slot in self.slots if taken.isdisjoint(slot)]
            if empty:
                yield Violation(
                    self,
                    problem.group_name(group),
                    len(empty),
                    Message(
                        "{lessons}: no lesson at the fixed times {times}",
                        lessons=problem.group_name(group),
                        times=", ".join(problem.times[slot[0]].name for slot in empty if slot),
                    ),
                    times=tuple(dict.fromkeys(time for slot in empty for time in slot)),
                    meets=tuple(meet for event in events for meet in view.meets_of[event]),
                    resources=problem.events[events[0]].fixed_resources() if events else (),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal for each slot, at least 1 where no lesson takes it."""
        for group in self.event_groups:
            empty = []
            for literals in self._takers(model, group):
                empty.append(model.cp.new_bool_var(""))
                model.cp.add_bool_or(*literals, empty[-1])
            yield Deviation(group, model.sum(*empty), len(empty))

    def enforce(self, model: TimetableModel) -> None:
        """At least one lesson takes each slot."""
        for group in self.event_groups:
            for literals in self._takers(model, group):
                model.cp.add_bool_or(literals)

    def _takers(self, model: TimetableModel, group: str) -> Iterator[list[IntVar]]:
        problem = model.problem
        for slot in self.slots:
            found = [literal for week in self._weeks(problem) for literal in model.lessons(problem.event_groups[group], slot, week)]
            yield list(dict.fromkeys(found))

    def prune(self, domains: Domains) -> None:
        """A group with no more periods than there are slots has none to spare for other times."""
        problem = domains.problem
        places = [time for slot in self.slots for time in slot]
        if len(set(places)) < len(places):
            return
        for group in self.event_groups:
            events = problem.event_groups[group]
            if sum(problem.events[event].duration for event in events) <= len(self.slots):
                for event in events:
                    domains.keep(event, [p for p in domains.placements[event] if set(domains.spans[p.start, p.duration]) <= set(places)])

    def _weeks(self, problem: Problem) -> tuple[int, ...]:
        """Return the weeks of the mask."""
        return tuple(week for week in range(problem.weeks) if (self.weeks or problem.every_week) >> week & 1)
