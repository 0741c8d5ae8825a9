"""The early and the late lessons of the week are shared fairly (早晚课均衡): nobody has more than their part.

Point: a resource. Deviation: its lessons within the times beyond its share [periods], each week looked at apart where they
differ. The share is given by whoever makes the constraint, as a rule in proportion to the load, rounded up.
Source: 排课要求 of school offices (第一节、最后一节均衡).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class ShareTimes(Constraint):
    """Each resource of ``shares``, pairs (resource index, most lessons), has at most so many lessons in ``time_group`` (id)."""

    kind: ClassVar[str] = "share_times"
    time_group: str
    shares: tuple[tuple[int, int], ...]

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """Those who have a share."""
        return tuple(index for index, _ in self.shares)

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the lessons of each resource within the times."""
        problem = view.problem
        group = problem.time_groups[self.time_group]
        for index, share in self.shares:
            for week in problem.week_views(problem.events_of[index]):
                occupied = view.occupied(index, week)
                found = [(meet, time) for time in group.times for meet in occupied.get(time, ())]
                if len(found) > share:
                    yield Violation(
                        self,
                        problem.resources[index].name,
                        len(found) - share,
                        Message(
                            "{who}: {count} lessons in {times}, a fair share is {limit}",
                            who=problem.resources[index].name,
                            count=len(found),
                            times=group.name,
                            limit=share,
                        ),
                        times=tuple(dict.fromkeys(time for _, time in found)),
                        meets=tuple(dict.fromkeys(meet for meet, _ in found)),
                        resources=(index,),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The sum of the literals beyond the share."""
        for index, share, literals, most in self._counts(model):
            value = model.excess(model.sum(*literals), share, most)
            yield Deviation(model.problem.resources[index].name, value, max(0, most - share))

    def enforce(self, model: TimetableModel) -> None:
        """The sum of the literals is at most the share."""
        for _, share, literals, most in self._counts(model):
            if most > share:
                model.cp.add(model.sum(*literals) <= share)

    def _counts(self, model: TimetableModel) -> Iterator[tuple[int, int, list[IntVar], int]]:
        """Yield for each resource and week the literals of its lessons within the times, and how many can hold."""
        problem = model.problem
        times = problem.time_groups[self.time_group].times
        for index, share in self.shares:
            for week in problem.week_views(problem.events_of[index]):
                literals = [literal for time in times for literal in model.using(index, time, week)]
                yield index, share, literals, len(literals)
