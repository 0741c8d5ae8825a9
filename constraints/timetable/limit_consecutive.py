"""Nobody teaches too long without a pause (最多连上): at most three lessons in a row.

Point: a resource and a sequence of times, a day or a half-day. Deviation: the windows of ``maximum`` + 1 consecutive positions in all of
which the resource is busy [windows]: with at most 3, a run of 4 is one window, a run of 5 two. Positions are the
(day, period) of the times of the sequence, those of several grids merged. Each week is looked at apart where they differ.
Source: 排课要求 of school offices (最多连上); FET "max hours continuously".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, ResourceConstraint, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitConsecutive(ResourceConstraint):
    """Each of ``resources`` (indices) has at most ``maximum`` busy positions in a row within each of ``time_groups`` (ids)."""

    kind: ClassVar[str] = "limit_consecutive"
    time_groups: tuple[str, ...]
    maximum: int

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The same where the part cuts no sequence in two."""
        groups = [frozenset(problem.time_groups[key].times) for key in self.time_groups]
        whole = all(group <= times or group.isdisjoint(times) for group in groups)
        return self if whole and self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Walk each sequence and count the positions of each run."""
        problem = view.problem
        for key in self.time_groups:
            times = problem.time_groups[key].times
            positions = sorted({problem.positions[time] for time in times})
            for index, week in self.points(problem):
                occupied = view.occupied(index, week)
                taken = {problem.positions[time] for time in times if time in occupied}
                runs = [list(run) for busy, run in groupby(positions, taken.__contains__) if busy]
                long = [run for run in runs if len(run) > self.maximum]
                if long:
                    concerned = {position for run in long for position in run}
                    where = tuple(time for time in times if time in occupied and problem.positions[time] in concerned)
                    yield Violation(
                        self,
                        f"{problem.resources[index].name} {problem.time_groups[key].name}",
                        sum(len(run) - self.maximum for run in long),
                        Message(
                            "{who}: {count} lessons in a row in {times}, at most {limit} allowed",
                            who=problem.resources[index].name,
                            count=max(len(run) for run in long),
                            times=problem.time_groups[key].name,
                            limit=self.maximum,
                        ),
                        times=where,
                        meets=tuple(dict.fromkeys(meet for time in where for meet in occupied[time])),
                        resources=(index,),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal for each window, at least 1 where all its positions are busy."""
        for index, key, windows in self._windows(model):
            full = []
            for window in windows:
                full.append(model.cp.new_bool_var(""))
                model.cp.add(model.sum(*window) <= self.maximum + full[-1])
            yield Deviation(f"{model.problem.resources[index].name} {key}", model.sum(*full), len(full))

    def enforce(self, model: TimetableModel) -> None:
        """At most ``maximum`` positions of each window are busy."""
        for _, _, windows in self._windows(model):
            for window in windows:
                model.cp.add(model.sum(*window) <= self.maximum)

    def _windows(self, model: TimetableModel) -> Iterator[tuple[int, str, list[Sequence[LinearExprT]]]]:
        """Yield, by resource and sequence, the windows whose positions can all be busy."""
        problem = model.problem
        size = self.maximum + 1
        for key in self.time_groups:
            places = problem.at_positions(problem.time_groups[key].times)
            for index, week in self.points(problem):
                possible = [any(model.using(index, time, week) for time in times) for times in places]
                starts = [start for start in range(len(places) - size + 1) if all(possible[start : start + size])]
                needed = {place for start in starts for place in range(start, start + size)}
                busy = {place: model.busy(index, places[place], week) for place in sorted(needed)}
                if starts:
                    yield index, key, [[busy[place] for place in range(start, start + size)] for start in starts]
