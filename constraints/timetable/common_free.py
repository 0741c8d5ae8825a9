"""A group has free time together (教研时间): some block of times in which none of its teachers has a lesson.

Point: the set of resources as a whole. Deviation: in the best of the candidate blocks, the number of (resource, time of the block)
at which the resource is in a lesson that overlaps the time by the clock [periods]; over all weeks together where they differ, for the group
meets at the same time every week.
Source: 排课要求 of school offices (教研组活动, 集体备课).
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
    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class CommonFree(Constraint):
    """All of ``resources`` (indices) are free in one of ``blocks``, each a tuple of times (indices)."""

    kind: ClassVar[str] = "common_free"
    resources: tuple[int, ...]
    blocks: tuple[tuple[int, ...], ...]

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count who is busy when in each block; the best block counts."""
        problem = view.problem
        busy: list[list[tuple[int, int, int]]] = []  # for each block: resource, time of its lesson, week
        counts = []
        for block in self.blocks:
            found, count = [], 0
            for index in self.resources:
                for week in self._weeks(problem):
                    occupied = view.occupied(index, week)
                    for time in block:
                        lessons = [(index, other, week) for other in problem.overlapping[time] if other in occupied]
                        found += lessons
                        count += bool(lessons)
            busy.append(found)
            counts.append(count)
        if counts and min(counts) > 0:
            best = counts.index(min(counts))
            who = tuple(dict.fromkeys(index for index, _, _ in busy[best]))
            yield Violation(
                self,
                self.label(),
                counts[best],
                Message(
                    "{who}: no common free time; at best, {times}, lessons stand in the way of {busy}",
                    who=self.label(),
                    times=", ".join(problem.times[time].name for time in self.blocks[best]),
                    busy=", ".join(problem.resources[index].name for index in who),
                ),
                times=self.blocks[best],
                meets=tuple(dict.fromkeys(meet for index, time, week in busy[best] for meet in view.occupied(index, week).get(time, ()))),
                resources=who,
            )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal chooses a block, and the deviation is no less than the lessons in the chosen one."""
        problem = model.problem
        counts, bounds = [], []
        for block in self.blocks:
            busy = [
                model.busy(index, problem.overlapping[time], week)
                for index in self.resources
                for week in self._weeks(problem)
                for time in block
                if any(model.using(index, other, week) for other in problem.overlapping[time])
            ]
            counts.append(model.sum(*busy))
            bounds.append(len(busy))
        if not self.blocks or min(bounds) == 0:
            return
        if len(self.blocks) == 1:
            yield Deviation(self.label(), counts[0], bounds[0])
            return
        least = model.cp.new_int_var(0, min(bounds), "")
        chosen = [model.cp.new_bool_var("") for _ in self.blocks]
        model.cp.add_exactly_one(chosen)
        for choice, count, bound in zip(chosen, counts, bounds, strict=True):
            model.cp.add(least >= count - bound * (1 - choice))
        yield Deviation(self.label(), least, min(bounds))

    def enforce(self, model: TimetableModel) -> None:
        """One literal chooses a block, and nobody has a lesson in the chosen one."""
        problem = model.problem
        if not self.blocks:
            return
        chosen = [model.cp.new_bool_var("") for _ in self.blocks]
        model.cp.add_exactly_one(chosen)
        for choice, block in zip(chosen, self.blocks, strict=True):
            for index in self.resources:
                for week in self._weeks(problem):
                    for time in sorted({other for own in block for other in problem.overlapping[own]}):
                        literals = model.using(index, time, week)
                        if index in model.clash_free and literals:
                            model.cp.add_at_most_one(choice, *literals)
                        else:
                            for literal in literals:
                                model.cp.add_implication(choice, ~literal)

    def prune(self, domains: Domains) -> None:
        """Where there is one block only, no placement that surely uses one of the resources overlaps it."""
        if len(self.blocks) == 1:
            times = frozenset(other for time in self.blocks[0] for other in domains.problem.overlapping[time])
            for index in self.resources:
                for event in domains.problem.events_of[index]:
                    if index in domains.problem.events[event].fixed_resources():
                        domains.forbid_times(event, times)

    def _weeks(self, problem: Problem) -> tuple[int, ...]:
        """Return the weeks to look at: one alone where all events of all resources run every week."""
        return problem.week_views([event for index in self.resources for event in problem.events_of[index]])
