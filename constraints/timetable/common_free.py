"""A group has free time together (教研时间): some block of times in which none of its teachers has a lesson.

Point: the set of resources as a whole. Deviation: in the best of the candidate blocks, the number of (resource, time) at which the
resource is busy and which overlap the block by the clock [periods]; over all weeks together where they differ, for the group
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

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The same where all blocks lie in the part, which for a requirement is often one fixed afternoon."""
        inside = all(times.issuperset(self._overlapping(problem, block)) for block in self.blocks)
        return self if self.blocks and inside else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """List who has lessons when in each block; the best block counts."""
        problem = view.problem
        best: tuple[tuple[int, ...], list[tuple[int, int, int]]] | None = None
        for block in self.blocks:
            in_the_way = [
                (index, week, time)
                for index in self.resources
                for week in self._weeks(problem)
                for time in sorted(view.occupied(index, week))
                if any(time in problem.overlapping[own] for own in block)
            ]
            if best is None or len(in_the_way) < len(best[1]):
                best = block, in_the_way
        if best is not None and best[1]:
            block, in_the_way = best
            who = tuple(dict.fromkeys(index for index, _, _ in in_the_way))
            yield Violation(
                self,
                self.label(),
                len(in_the_way),
                Message(
                    "{who}: no common free time; at best, {times}, lessons of {busy} stand in the way",
                    who=self.label(),
                    times=", ".join(dict.fromkeys(problem.times[time].name for time in block)),
                    busy=", ".join(problem.resources[index].name for index in who),
                ),
                times=tuple(dict.fromkeys(time for _, _, time in in_the_way)),
                meets=tuple(dict.fromkeys(meet for index, week, time in in_the_way for meet in view.occupied(index, week)[time])),
                resources=who,
            )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal chooses a block, and the deviation is no less than the lessons in the chosen one."""
        problem = model.problem
        counts = []
        for block in self.blocks:
            counts.append([
                model.busy(index, (time,), week)
                for index in self.resources
                for week in self._weeks(problem)
                for time in self._overlapping(problem, block)
                if model.using(index, time, week)
            ])  # fmt: skip
        bound = min((len(busy) for busy in counts), default=0)
        if bound == 0:
            return
        if len(counts) == 1:
            yield Deviation(self.label(), model.sum(*counts[0]), bound)
            return
        least = model.cp.new_int_var(0, bound, "")
        chosen = [model.cp.new_bool_var("") for _ in counts]
        model.cp.add_exactly_one(chosen)
        for choice, busy in zip(chosen, counts, strict=True):
            model.cp.add(model.sum(*busy) <= least + len(busy) * (1 - choice))
        yield Deviation(self.label(), least, bound)

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
                    for time in self._overlapping(problem, block):
                        literals = model.using(index, time, week)
                        if index in model.clash_free and literals:
                            model.cp.add_at_most_one(choice, *literals)
                        else:
                            for literal in literals:
                                model.cp.add_implication(choice, ~literal)

    def prune(self, domains: Domains) -> None:
        """Where there is one block only, no placement that surely uses one of the resources overlaps it."""
        if len(self.blocks) == 1:
            times = frozenset(self._overlapping(domains.problem, self.blocks[0]))
            for index in self.resources:
                for event in domains.problem.events_of[index]:
                    if index in domains.problem.events[event].fixed_resources():
                        domains.forbid_times(event, times)

    def _weeks(self, problem: Problem) -> tuple[int, ...]:
        """Return the weeks to look at: one alone where all events of all resources run every week."""
        return problem.week_views([event for index in self.resources for event in problem.events_of[index]])

    @staticmethod
    def _overlapping(problem: Problem, block: tuple[int, ...]) -> list[int]:
        """Return the times that overlap a block by the clock."""
        return sorted({other for time in block for other in problem.overlapping[time]})
