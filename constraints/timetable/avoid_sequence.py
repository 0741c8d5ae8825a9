"""Some lessons do not follow others: no maths right after PE (不紧跟), no two main subjects side by side (不相邻).

Point: a resource, usually a class. Deviation: pairs of neighbouring times of which the first has a lesson of group ``first`` with the
resource and the second one of group ``second``; ``symmetric``: the other way round counts too [pairs of times]. Neighbours are
consecutive times of one grid on one day, unless ``neighbours`` lists them. A double period whose event is in both groups counts.
Each week is looked at apart where they differ.
Source: 排课要求 of school offices (不相邻, 不紧跟).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar, LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AvoidSequence(Constraint):
    """With each of ``resources`` (indices), no lesson of event group ``second`` stands right after one of ``first`` (ids).

    ``neighbours`` are the pairs (time, next time) that count, None for all consecutive times of a day: a schedule can leave out
    those with the long break or lunch between them.
    """

    kind: ClassVar[str] = "avoid_sequence"
    resources: tuple[int, ...]
    first: str
    second: str
    symmetric: bool = False
    neighbours: frozenset[tuple[int, int]] | None = None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Find the times with lessons of each group and the neighbours among them."""
        problem = view.problem
        leading, trailing = set(problem.event_groups[self.first]), set(problem.event_groups[self.second])
        pairs = self._neighbours(problem)
        for index in self.resources:
            name = problem.resources[index].name
            for week in problem.week_views(problem.events_of[index]):
                occupied = view.occupied(index, week)
                before = {time for time, meets in occupied.items() if any(meet.event in leading for meet in meets)}
                after = {time for time, meets in occupied.items() if any(meet.event in trailing for meet in meets)}
                found = [
                    (time, following)
                    for time, following in pairs
                    if (time in before and following in after) or (self.symmetric and time in after and following in before)
                ]
                if found:
                    text = "{who}: {second} next to {first}: {times}" if self.symmetric else "{who}: {second} right after {first}: {times}"
                    yield Violation(
                        self,
                        name,
                        len(found),
                        Message(
                            text,
                            who=name,
                            first=problem.group_name(self.first),
                            second=problem.group_name(self.second),
                            times=", ".join(problem.times[following].name for _, following in found),
                        ),
                        times=tuple(sorted({time for pair in found for time in pair})),
                        meets=tuple(
                            dict.fromkeys(
                                meet for pair in found for time in pair for meet in occupied[time] if meet.event in leading | trailing
                            )
                        ),
                        resources=(index,),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal for each pair of neighbours, at least 1 where both lessons stand; no other variable for clash-free resources."""
        for index in self.resources:
            offences = []
            for sides in self._sides(model, index):
                offences.append(model.cp.new_bool_var(""))
                for before, after in sides:
                    model.cp.add(model.sum(self._some(model, index, before), self._some(model, index, after)) <= 1 + offences[-1])
            if offences:
                yield Deviation(model.problem.resources[index].name, model.sum(*offences), len(offences))

    def enforce(self, model: TimetableModel) -> None:
        """A clique of the lessons at the two times; where the resource may clash, one of the two sides is empty."""
        for index in self.resources:
            for sides in self._sides(model, index):
                for before, after in sides:
                    if index in model.clash_free:
                        model.cp.add_at_most_one(dict.fromkeys((*before, *after)))
                        shared = set(before) & set(after)  # one meet that stands at both times, in both groups
                        for literal in shared:
                            model.cp.add(literal == 0)
                    else:
                        model.cp.add(model.sum(self._some(model, index, before), self._some(model, index, after)) <= 1)

    def _sides(self, model: TimetableModel, index: int) -> Iterator[list[tuple[list[IntVar], list[IntVar]]]]:
        """Yield for each pair of neighbours the literals that may not stand together, in one or two readings."""
        problem = model.problem
        leading, trailing = frozenset(problem.event_groups[self.first]), frozenset(problem.event_groups[self.second])
        pairs = self._neighbours(problem)
        for week in problem.week_views(problem.events_of[index]):
            attending = partial(model.attending, index, week=week)
            for time, following in pairs:
                sides = [(attending(leading, time), attending(trailing, following))]
                if self.symmetric:
                    sides.append((attending(trailing, time), attending(leading, following)))
                sides = [(before, after) for before, after in sides if before and after]
                if sides:
                    yield sides

    @staticmethod
    def _some(model: TimetableModel, index: int, literals: list[IntVar]) -> LinearExprT:
        """Return "one of these holds" as a 0/1 expression, for meets of one resource at one time."""
        if len(literals) == 1 or index in model.clash_free:
            return model.sum(*literals)
        return model.any_of(("some", tuple(literal.index for literal in literals)), literals)

    def _neighbours(self, problem: Problem) -> list[tuple[int, int]]:
        """Return the pairs of times that count as neighbours, in order."""
        if self.neighbours is not None:
            return sorted(self.neighbours)
        return [
            (time, following)
            for time, following in enumerate(problem.following)
            if following is not None and problem.times[time].day == problem.times[following].day
        ]
