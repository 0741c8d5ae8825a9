"""Nobody is in two places at once.

Point: a resource. Deviation: at each moment of the week, the meets it takes part in beyond its capacity, summed over the
moments [meets], each week looked at apart where they differ. A moment is a set of times that overlap by the clock, so a teacher of two
grades with different bells is covered. Source: XHSTT AvoidClashesConstraint (Post et al. 2014), with capacity and clock times added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, ResourceConstraint, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import Meet, TimetableView

if TYPE_CHECKING:
    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AvoidClashes(ResourceConstraint):
    """Each of ``resources`` (indices) takes part in at most ``capacity`` meets at any moment."""

    kind: ClassVar[str] = "avoid_clashes"

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The same: clashes are counted moment by moment."""
        return self if self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count, moment by moment, the meets beyond the capacity."""
        problem = view.problem
        for index, week in self.points(problem):
            resource = problem.resources[index]
            occupied = view.occupied(index, week)
            total = 0
            times: dict[int, None] = {}
            clashing: dict[Meet, None] = {}
            for instant in problem.instants if _crowded(occupied, resource.capacity) else ():
                meets = [meet for time in instant for meet in occupied.get(time, ())]
                if len(meets) > resource.capacity:
                    total += len(meets) - resource.capacity
                    times.update((time, None) for time in instant if time in occupied)
                    clashing.update((meet, None) for meet in meets)
            if total:
                yield self.violation(
                    problem,
                    index,
                    total,
                    Message(
                        "{who}: {lessons} at the same time ({times}), at most {limit} possible",
                        who=resource.name,
                        limit=resource.capacity,
                        lessons=Listing(dict.fromkeys(problem.events[meet.event].name for meet in clashing)),
                        times=Listing(dict.fromkeys(problem.times[time].name for time in times)),
                    ),
                    times=tuple(times),
                    meets=tuple(clashing),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """At each moment, the sum of the literals beyond the capacity."""
        problem = model.problem
        for index, week in self.points(problem):
            resource = problem.resources[index]
            parts, bound = [], 0
            for instant in problem.instants:
                literals = [literal for time in instant for literal in model.using(index, time, week)]
                if len(literals) > resource.capacity:
                    parts.append(model.excess(model.sum(*literals), resource.capacity, len(literals)))
                    bound += len(literals) - resource.capacity
            yield Deviation(resource.name, model.sum(*parts), bound)

    def enforce(self, model: TimetableModel) -> None:
        """Cliques: at most one literal of a resource at each moment (or a capacity)."""
        problem = model.problem
        for index, week in self.points(problem):
            capacity = problem.resources[index].capacity
            for instant in problem.instants:
                literals = [literal for time in instant for literal in model.using(index, time, week)]
                if len(literals) > capacity == 1:
                    model.cp.add_at_most_one(literals)
                elif len(literals) > capacity:
                    model.cp.add(model.sum(*literals) <= capacity)


def _crowded(occupied: Mapping[int, Sequence[Meet]], capacity: int) -> bool:
    """Say whether a resource has more meets than it can take part in at once, at any time or times of the week."""
    return sum(map(len, occupied.values())) > capacity
