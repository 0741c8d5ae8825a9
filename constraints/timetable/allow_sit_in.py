"""A mentor can sit in on the lessons of a novice (师徒听课): free during enough of them.

Point: the mentor. Deviation: the periods of the week in which a lesson of the novice runs while the mentor is in no lesson
that overlaps it by the clock, short of ``minimum`` [periods], each week looked at apart where they differ. A lesson that both teach
does not count.
Source: 排课要求 of school offices (师徒结对, 听课).
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
    from ortools.sat.python.cp_model import LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AllowSitIn(Constraint):
    """``mentor`` (resource index) is free during at least ``minimum`` periods of the lessons of the novice, ``event_group`` (id)."""

    kind: ClassVar[str] = "allow_sit_in"
    mentor: int
    event_group: str
    minimum: int = 1

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """The mentor."""
        return (self.mentor,)

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the times of the novice's lessons at which the mentor is not busy."""
        problem = view.problem
        novice = problem.event_groups[self.event_group]
        name = problem.resources[self.mentor].name
        for week in problem.week_views((*novice, *problem.events_of[self.mentor])):
            occupied = view.occupied(self.mentor, week)
            taught = sorted({time for event in novice for _, time in view.lessons(event, week)})
            free = [time for time in taught if not any(other in occupied for other in problem.overlapping[time])]
            if len(free) < self.minimum:
                yield Violation(
                    self,
                    name,
                    self.minimum - len(free),
                    Message(
                        "{who} is free during {count} of the lessons {lessons}, at least {limit} wanted",
                        who=name,
                        count=len(free),
                        lessons=problem.group_name(self.event_group),
                        limit=self.minimum,
                    ),
                    times=tuple(taught),
                    meets=tuple(
                        meet for event in novice for meet in view.meets_of[event] if meet.weeks >> week & 1 and meet.start is not None
                    ),
                    resources=(self.mentor,),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """What is missing from ``minimum`` times at which a sit-in is possible."""
        for possible in self._sit_ins(model):
            yield Deviation(model.problem.resources[self.mentor].name, model.shortfall(possible, self.minimum), self.minimum)

    def enforce(self, model: TimetableModel) -> None:
        """At least ``minimum`` times at which a sit-in is possible."""
        for possible in self._sit_ins(model):
            model.cp.add(possible >= self.minimum)

    def _sit_ins(self, model: TimetableModel) -> Iterator[LinearExprT]:
        """Yield for each week the sum of literals that can hold only where the novice teaches and the mentor is free."""
        problem = model.problem
        novice = problem.event_groups[self.event_group]
        for week in problem.week_views((*novice, *problem.events_of[self.mentor])):
            sit_ins = []
            for time in range(len(problem.times)):
                lessons = model.lessons(novice, (time,), week)
                if lessons:
                    sit_ins.append(model.cp.new_bool_var(""))
                    model.cp.add_bool_or(*lessons, ~sit_ins[-1])
                    for instant in problem.instants:
                        if time in instant:
                            model.cp.add(model.sum(sit_ins[-1], model.busy(self.mentor, instant, week)) <= 1)
            yield model.sum(*sit_ins)
