"""Parallel classes of a teacher keep in step (进度平齐): no class gets far ahead of the other.

Point: a pair of event groups, one for each of two parallel classes. Deviation: after each checkpoint (a day, or half of one) the
difference of the lessons so far of the two groups beyond ``most``, summed over the checkpoints [lessons]. Counting starts
with the first week of the cycle and goes on through the second where they differ.
Source: 排课要求 of school offices (进度平齐, 课时进度一致).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar, LinearExprT

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class KeepInStep(Constraint):
    """After each of ``time_groups`` (ids, in order of the week) the two groups of each of ``pairs`` are at most ``most`` lessons apart."""

    kind: ClassVar[str] = "keep_in_step"
    pairs: tuple[tuple[str, str], ...]
    time_groups: tuple[str, ...]
    most: int = 1

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the lessons of both groups from checkpoint to checkpoint."""
        problem = view.problem
        for first, second in self.pairs:
            ours, theirs = problem.event_groups[first], problem.event_groups[second]
            ahead, deviation, apart, late = 0, 0, 0, []
            for week in problem.week_views((*ours, *theirs)):
                for key in self.time_groups:
                    times = set(problem.time_groups[key].times)
                    ahead += sum(time in times for event in ours for _, time in view.lessons(event, week))
                    ahead -= sum(time in times for event in theirs for _, time in view.lessons(event, week))
                    if abs(ahead) > self.most:
                        deviation += abs(ahead) - self.most
                        apart = max(apart, abs(ahead))
                        late.append(problem.time_groups[key])
            if deviation:
                yield Violation(
                    self,
                    f"{problem.group_name(first)}, {problem.group_name(second)}",
                    deviation,
                    Message(
                        "{first} and {second}: up to {count} lessons apart after {times}, at most {limit} wanted",
                        first=problem.group_name(first),
                        second=problem.group_name(second),
                        count=apart,
                        times=", ".join(dict.fromkeys(group.name for group in late)),
                        limit=self.most,
                    ),
                    times=tuple(dict.fromkeys(time for group in late for time in group.times)),
                    meets=tuple(meet for event in (*ours, *theirs) for meet in view.meets_of[event] if meet.start is not None),
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """At each checkpoint one slack, no less than the difference either way beyond ``most``."""
        for first, second in self.pairs:
            slacks, top = [], 0
            for ours, theirs, bound in self._counts(model, first, second):
                slacks.append(model.cp.new_int_var(0, bound - self.most, ""))
                top += bound - self.most
                model.cp.add(ours <= model.sum(theirs, slacks[-1], self.most))
                model.cp.add(theirs <= model.sum(ours, slacks[-1], self.most))
            yield Deviation(f"{first}, {second}", model.sum(*slacks), top)

    def enforce(self, model: TimetableModel) -> None:
        """At each checkpoint the difference lies within ``most`` either way: linear, without variables."""
        for first, second in self.pairs:
            for ours, theirs, _ in self._counts(model, first, second):
                model.cp.add(ours <= model.sum(theirs, self.most))
                model.cp.add(theirs <= model.sum(ours, self.most))

    def _counts(self, model: TimetableModel, first: str, second: str) -> Iterator[tuple[LinearExprT, LinearExprT, int]]:
        """Yield for each checkpoint at which they can be too far apart the lessons so far of both groups, and a bound of them."""
        problem = model.problem
        groups = problem.event_groups[first], problem.event_groups[second]
        so_far: tuple[list[IntVar], list[IntVar]] = [], []
        for week in problem.week_views((*groups[0], *groups[1])):
            for key in self.time_groups:
                for literals, events in zip(so_far, groups, strict=True):
                    literals.extend(model.lessons(events, problem.time_groups[key].times, week))
                bound = max(len(literals) for literals in so_far)
                if bound > self.most:
                    yield model.sum(*so_far[0]), model.sum(*so_far[1]), bound
