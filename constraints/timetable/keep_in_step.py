"""Parallel classes of a teacher keep in step (进度平齐): no class gets far ahead of the other.

Point: the set of event groups as a whole, one group for each parallel class. Deviation: after each checkpoint (a day, or half of one)
the lessons so far of the group that is furthest ahead minus those of the one furthest behind, beyond ``most``, summed over the
checkpoints [lessons]. Counting starts with the first week of the cycle and goes on through the second where they differ.
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
    """After each of ``checkpoints`` (time group ids, in order) the ``event_groups`` (ids) are at most ``most`` lessons apart."""

    kind: ClassVar[str] = "keep_in_step"
    event_groups: tuple[str, ...]
    checkpoints: tuple[str, ...]
    most: int = 1

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the lessons of each group from checkpoint to checkpoint."""
        problem = view.problem
        events = [event for group in self.event_groups for event in problem.event_groups[group]]
        so_far = dict.fromkeys(self.event_groups, 0)
        deviation, apart, late = 0, 0, []
        for week in problem.week_views(events):
            for key in self.checkpoints:
                times = set(problem.time_groups[key].times)
                for group in self.event_groups:
                    for event in problem.event_groups[group]:
                        so_far[group] += sum(time in times for _, time in view.lessons(event, week))
                distance = max(so_far.values()) - min(so_far.values())
                if distance > self.most:
                    deviation += distance - self.most
                    apart = max(apart, distance)
                    late.append(problem.time_groups[key])
        if deviation:
            lessons = ", ".join(problem.group_name(group) for group in self.event_groups)
            yield Violation(
                self,
                lessons,
                deviation,
                Message(
                    "{lessons}: up to {count} lessons apart after {times}, at most {limit} wanted",
                    lessons=lessons,
                    count=apart,
                    times=", ".join(dict.fromkeys(group.name for group in late)),
                    limit=self.most,
                ),
                times=tuple(dict.fromkeys(time for group in late for time in group.times)),
                meets=tuple(meet for event in dict.fromkeys(events) for meet in view.meets_of[event] if meet.start is not None),
            )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """At each checkpoint one slack, no less than the difference of any two groups beyond ``most``."""
        total, top = [], 0
        for counts, bound in self._counts(model):
            if bound > self.most:
                over = model.cp.new_int_var(0, bound - self.most, "")
                for ahead in counts:
                    for behind in counts:
                        if ahead is not behind:
                            model.cp.add(ahead - behind <= self.most + over)
                total.append(over)
                top += bound - self.most
        yield Deviation(self.label(), model.sum(*total), top)

    def enforce(self, model: TimetableModel) -> None:
        """At each checkpoint no two groups are further apart: linear, without variables."""
        for counts, bound in self._counts(model):
            if bound > self.most:
                for ahead in counts:
                    for behind in counts:
                        if ahead is not behind:
                            model.cp.add(ahead - behind <= self.most)

    def _counts(self, model: TimetableModel) -> Iterator[tuple[list[LinearExprT], int]]:
        """Yield for each checkpoint the lessons so far of each group, and the most that any of them can have."""
        problem = model.problem
        events = [event for group in self.event_groups for event in problem.event_groups[group]]
        so_far: list[list[IntVar]] = [[] for _ in self.event_groups]
        for week in problem.week_views(events):
            for key in self.checkpoints:
                for literals, group in zip(so_far, self.event_groups, strict=True):
                    literals.extend(model.lessons(problem.event_groups[group], problem.time_groups[key].times, week))
                yield [model.sum(*literals) for literals in so_far], max(len(literals) for literals in so_far)
