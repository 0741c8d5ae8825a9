"""Some lessons do not follow others: no maths right after PE (不紧跟), no two main subjects side by side (不相邻).

Point: a pair of event groups, usually of one class. Deviation: pairs of neighbouring times of which the first has a lesson of the first
group and the second one of the second; with ``both_ways`` the other way round counts too [pairs of times]. Neighbours are
consecutive times of one grid on one day, unless ``neighbours`` lists them. A double period whose event is in both groups counts.
Each week is looked at apart where they differ.
Source: 排课要求 of school offices (不相邻, 不紧跟).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AvoidSequence(Constraint):
    """For each of ``pairs`` (first, second), ids of event groups, no lesson of ``second`` stands right after one of ``first``.

    ``neighbours`` are the pairs (time, next time) that count, None for all consecutive times of a day: a school can leave out
    those with the long break or lunch between them.
    """

    kind: ClassVar[str] = "avoid_sequence"
    pairs: tuple[tuple[str, str], ...]
    both_ways: bool = False
    neighbours: frozenset[tuple[int, int]] | None = None

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The same, for the pairs of neighbours that lie in the part."""
        return self if self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Find the times with lessons of each group and the neighbours among them."""
        problem = view.problem
        neighbours = self._neighbours(problem)
        for first, second in self.pairs:
            leading, trailing = problem.event_groups[first], problem.event_groups[second]
            for week in problem.week_views((*leading, *trailing)):
                before = {time: meet for event in leading for meet, time in view.lessons(event, week)}
                after = {time: meet for event in trailing for meet, time in view.lessons(event, week)}
                found = [(time, following) for time, following in neighbours if time in before and following in after]
                if self.both_ways:
                    found += [pair for pair in neighbours if pair[0] in after and pair[1] in before and pair not in found]
                if found:
                    times = sorted({time for pair in found for time in pair})
                    values = {
                        "first": problem.group_name(first),
                        "second": problem.group_name(second),
                        "times": ", ".join(problem.times[following].name for _, following in sorted(found)),
                    }
                    yield Violation(
                        self,
                        problem.group_name(second),
                        len(found),
                        Message("{second} next to {first}: {times}", **values)
                        if self.both_ways
                        else Message("{second} right after {first}: {times}", **values),
                        times=tuple(times),
                        meets=tuple(dict.fromkeys(held[time] for time in times for held in (before, after) if time in held)),
                        resources=problem.events[trailing[0]].fixed_resources(),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal for each pair of neighbours, at least 1 where both lessons stand."""
        for second, offences in self._offences(model):
            slacks = []
            for sides in offences:
                slacks.append(model.cp.new_bool_var(""))
                for before, after in sides:
                    model.cp.add(model.sum(before, after) <= 1 + slacks[-1])
            yield Deviation(second, model.sum(*slacks), len(slacks))

    def enforce(self, model: TimetableModel) -> None:
        """At most one of the two lessons: linear, a clique where each group is taught one lesson at a time."""
        for _, offences in self._offences(model):
            for sides in offences:
                for before, after in sides:
                    model.cp.add(model.sum(before, after) <= 1)

    def _offences(self, model: TimetableModel) -> Iterator[tuple[str, list[list[tuple[LinearExprT, LinearExprT]]]]]:
        """Yield, by pair of groups, for each pair of neighbours the 0/1 expressions that may not both be 1, in one or two readings."""
        problem = model.problem
        neighbours = self._neighbours(problem)
        for first, second in self.pairs:
            leading, trailing = problem.event_groups[first], problem.event_groups[second]
            for week in problem.week_views((*leading, *trailing)):
                offences = []
                for time, following in neighbours:
                    readings = [(leading, time, trailing, following), (trailing, time, leading, following)]
                    sides = [
                        (model.runs(a, (at,), week), model.runs(b, (then,), week))
                        for a, at, b, then in readings[: 1 + self.both_ways]
                        if model.lessons(a, (at,), week) and model.lessons(b, (then,), week)
                    ]
                    if sides:
                        offences.append(sides)
                if offences:
                    yield second, offences

    def _neighbours(self, problem: Problem) -> list[tuple[int, int]]:
        """Return the pairs of times that count as neighbours, in order."""
        if self.neighbours is not None:
            return sorted(self.neighbours)
        return [
            (time, following)
            for time, following in enumerate(problem.following)
            if following is not None and problem.times[time].day == problem.times[following].day
        ]
