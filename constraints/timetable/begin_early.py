"""The day begins early: with the first period in which the class is available, on few days with the second, never later.

Point: a resource. Deviation: time groups (days) in which it is busy and whose first busy position is the second of the group, beyond
``late``, plus those in which it is a later one [time groups]; each week looked at apart where they differ. Positions are the (day,
period) of the times of a group; a free day is fine.
Source: FET (Lalescu, Dirr), "students early, max beginnings at second hour".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import TimeGroup
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class BeginEarly(Constraint):
    """Each of ``resources`` (indices) begins each of ``time_groups`` (ids) at its first position, at most ``late`` at the second."""

    kind: ClassVar[str] = "begin_early"
    resources: tuple[int, ...]
    time_groups: tuple[str, ...]
    late: int = 0

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Find the first busy position of each time group."""
        problem = view.problem
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                occupied = view.occupied(index, week)
                second: list[TimeGroup] = []
                later: list[TimeGroup] = []
                for key in self.time_groups:
                    group = problem.time_groups[key]
                    marks = [any(time in occupied for time in times) for times in problem.at_positions(group.times)]
                    first = marks.index(True) if any(marks) else 0
                    if first:
                        (second if first == 1 else later).append(group)
                deviation = max(len(second) - self.late, 0) + len(later)
                if deviation:
                    yield Violation(
                        self,
                        problem.resources[index].name,
                        deviation,
                        Message(
                            "{who} does not begin with the first period: {times}; at most {limit} times with the second, never later",
                            who=problem.resources[index].name,
                            times=Listing(group.name for group in (*second, *later)),
                            limit=self.late,
                        ),
                        times=tuple(time for group in (*second, *later) for time in group.times if time in occupied),
                        resources=(index,),
                        about=problem.resources[index].id,
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Per time group a literal "not at the first position" and one "not at the first two"; the free ones are counted once."""
        problem = model.problem
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                second, later = [], []
                for first, following, rest in self._days(model, index, week):
                    second.append(model.cp.new_bool_var(""))
                    model.cp.add(following <= model.sum(first, second[-1]))
                    if rest:
                        later.append(model.cp.new_bool_var(""))
                    for busy in rest:
                        model.cp.add(busy <= model.sum(first, following, later[-1]))
                count = model.sum(*second)
                over = model.excess(count, self.late, len(second))
                yield Deviation(problem.resources[index].name, model.sum(over, *later), max(len(second) - self.late, 0) + len(later))

    def enforce(self, model: TimetableModel) -> None:
        """Where no late beginning is allowed, busy anywhere implies busy at the first position; else as counted, with bounds."""
        problem = model.problem
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                late = []
                for first, following, rest in self._days(model, index, week):
                    if not self.late:
                        for busy in (following, *rest):
                            model.cp.add(busy <= first)
                        continue
                    late.append(model.cp.new_bool_var(""))
                    model.cp.add(following <= model.sum(first, late[-1]))
                    for busy in rest:
                        model.cp.add(busy <= model.sum(first, following))
                if len(late) > self.late:
                    model.cp.add(model.sum(*late) <= self.late)

    def _days(self, model: TimetableModel, resource: int, week: int) -> Iterator[tuple[LinearExprT, LinearExprT, list[LinearExprT]]]:
        """Yield for each time group "busy" at its first position, its second, and the others that can be busy."""
        for key in self.time_groups:
            positions = model.problem.at_positions(model.problem.time_groups[key].times)
            if len(positions) > 1:
                busy = [model.busy(resource, times, week) for times in positions]
                rest: list[LinearExprT] = [value for value in busy[2:] if not isinstance(value, int)]
                if rest or not isinstance(busy[1], int):
                    yield model.sum(busy[0]), model.sum(busy[1]), rest
