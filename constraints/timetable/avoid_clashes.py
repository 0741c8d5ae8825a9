"""Nobody is in two places at once.

Point: a resource. Deviation: at each moment of the week, the meets it takes part in beyond its capacity, summed over the
moments [meets]. A moment is a set of times that overlap by the clock, so a teacher of two grades with different bells is covered.
Source: XHSTT AvoidClashesConstraint (Post et al. 2014), with capacity and clock times added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AvoidClashes(Constraint):
    """Each of ``resources`` (indices) takes part in at most ``capacity`` meets at any moment."""

    kind: ClassVar[str] = "avoid_clashes"
    resources: tuple[int, ...]

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count, moment by moment, the meets beyond the capacity."""
        problem = view.problem
        for index in self.resources:
            resource = problem.resources[index]
            for week in problem.week_views(problem.events_of[index]):
                occupied = view.occupied(index, week)
                for instant in problem.instants if occupied else ():
                    meets = [meet for time in instant for meet in occupied.get(time, ())]
                    if len(meets) > resource.capacity:
                        yield Violation(
                            self,
                            resource.name,
                            len(meets) - resource.capacity,
                            Message(
                                "{who} is in {count} lessons at once at {time}, at most {limit} possible",
                                who=resource.name,
                                count=len(meets),
                                time=problem.times[instant[0]].name,
                                limit=resource.capacity,
                            ),
                            times=tuple(t for t in instant if t in occupied),
                            meets=tuple(meets),
                            resources=(index,),
                        )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """At each moment, the sum of the literals beyond the capacity."""
        problem = model.problem
        for index in self.resources:
            resource = problem.resources[index]
            for week in problem.week_views(problem.events_of[index]):
                for instant in problem.instants:
                    literals = [literal for time in instant for literal in model.using(index, time, week)]
                    if len(literals) > resource.capacity:
                        bound = len(literals)
                        value = model.excess(sum(literals), resource.capacity, bound)
                        yield Deviation(resource.name, value, bound - resource.capacity)

    def enforce(self, model: TimetableModel) -> None:
        """Cliques: at most one literal of a resource at each moment (or a capacity)."""
        problem = model.problem
        for index in self.resources:
            capacity = problem.resources[index].capacity
            for week in problem.week_views(problem.events_of[index]):
                for instant in problem.instants:
                    literals = [literal for time in instant for literal in model.using(index, time, week)]
                    if len(literals) > capacity == 1:
                        model.cp.add_at_most_one(literals)
                    elif len(literals) > capacity:
                        model.cp.add(sum(literals) <= capacity)
