"""Few idle times (空堂): free periods of a teacher or class between two lessons of the same day.

A position of a time group is idle for a resource that is not busy there but is busy earlier and later in the group. Times of several bell
schedules at one position (day, period) count once. Point: a resource. Deviation: idle positions, summed over the time groups, fewer than
``minimum`` or more than ``maximum`` [periods], each week looked at apart where they differ.
Source: XHSTT LimitIdleTimesConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Deviation, ResourceConstraint, Violation
from instances.language import Listing, Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar, LinearExpr

    from constraints.model import TimetableModel

    Expression = LinearExpr | int


@dataclass(frozen=True, kw_only=True)
class LimitIdleTimes(ResourceConstraint):
    """Each of ``resources`` (indices) has ``minimum`` to ``maximum`` idle times in all of ``time_groups`` (ids) together."""

    kind: ClassVar[str] = "limit_idle_times"
    time_groups: tuple[str, ...]
    minimum: int = 0
    maximum: int = 0

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Walk through each time group from the first busy position to the last."""
        problem = view.problem
        groups = [problem.at_positions(problem.time_groups[key].times) for key in self.time_groups]
        for index, week in self.points(problem):
            occupied = view.occupied(index, week)
            idle: list[int] = []
            for group in groups:
                marks = [any(time in occupied for time in times) for times in group]
                if any(marks):
                    first, last = marks.index(True), len(marks) - 1 - marks[::-1].index(True)
                    idle.extend(group[n][0] for n in range(first, last) if not marks[n])
            deviation = max(self.minimum - len(idle), len(idle) - self.maximum, 0)
            if deviation:
                yield self.violation(
                    problem,
                    index,
                    deviation,
                    Message(
                        "{who} has {count} idle periods ({times}), at most {limit} wanted",
                        who=problem.resources[index].name,
                        count=len(idle),
                        times=Listing(problem.times[time].name for time in idle),
                        limit=self.maximum,
                    )
                    if len(idle) > self.maximum
                    else Message(
                        "{who} has {count} idle periods, at least {limit} wanted",
                        who=problem.resources[index].name,
                        count=len(idle),
                        limit=self.minimum,
                    ),
                    times=tuple(idle),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Idle literals from prefix and suffix literals; one-sided, unless idle times are asked for."""
        problem = model.problem
        for index, week in self.points(problem):
            idle = [lit for key in self.time_groups for lit in self._idle(model, index, key, week)]
            total = model.sum(*idle)
            off = model.sum(model.excess(total, self.maximum, len(idle)), model.shortfall(total, self.minimum))
            yield Deviation(problem.resources[index].name, off, max(len(idle) - self.maximum, self.minimum, 0))

    def enforce(self, model: TimetableModel) -> None:
        """Where none is allowed, "busy before and after" implies busy, with no idle literal; else a bound on the number."""
        if self.maximum or self.minimum:
            super().enforce(model)
            return
        problem = model.problem
        for index, week in self.points(problem):
            for key in self.time_groups:
                for before, busy, after in self._gaps(model, index, key, week):
                    model.cp.add(before + after - busy <= 1)

    def _idle(self, model: TimetableModel, resource: int, key: str, week: int) -> list[IntVar]:
        """The idle literals of a resource in one time group, made once for all constraints that ask."""
        literals = []
        for number, (before, busy, after) in enumerate(self._gaps(model, resource, key, week)):
            name = ("idle", resource, model.problem.time_groups[key].times, week, number, self.minimum > 0)
            idle = model.cached(name)
            if idle is None:
                idle = model.store(name, model.cp.new_bool_var(""))
                model.cp.add(idle >= before + after - busy - 1)
                if self.minimum > 0:
                    model.cp.add(2 * idle <= before + after)
                    model.cp.add(idle + busy <= 1)
            literals.append(idle)
        return literals

    def _gaps(self, model: TimetableModel, resource: int, key: str, week: int) -> Iterator[tuple[Expression, Expression, Expression]]:
        """For each inner position (busy before, busy, busy after); before and after are exact where idle times are asked for."""
        exact = self.minimum > 0
        times = model.problem.time_groups[key].times
        busy = [model.busy(resource, position, week) for position in model.problem.at_positions(times)]
        possible = [n for n, value in enumerate(busy) if not isinstance(value, int)]
        if len(possible) < 2:
            return
        inner = busy[possible[0] : possible[-1] + 1]
        before = _running(model, inner, ("before", resource, times, week, exact), exact)
        after = _running(model, inner[::-1], ("after", resource, times, week, exact), exact)[::-1]
        for n in range(1, len(inner) - 1):
            yield before[n - 1], inner[n], after[n + 1]


def _running(model: TimetableModel, busy: list[Expression], name: tuple[object, ...], exact: bool) -> list[Expression]:
    """Return for each position an expression that is at least "busy here or at an earlier one" (exactly that, if ``exact``)."""
    running: list[Expression] = [busy[0]]
    for n in range(1, len(busy) - 1):
        if isinstance(busy[n], int):
            running.append(running[-1])
            continue
        literal = model.cached((*name, n))
        if literal is None:
            literal = model.store((*name, n), model.cp.new_bool_var(""))
            if exact:
                model.cp.add_max_equality(literal, [running[-1], busy[n]])
            else:
                model.cp.add(literal >= running[-1])
                model.cp.add(literal >= busy[n])
        running.append(literal)
    running.append(busy[-1])
    return running
