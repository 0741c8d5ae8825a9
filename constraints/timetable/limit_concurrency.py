"""At most so many lessons of a group run at once (同时最多): three PE classes on the field, two of one room kind, never together (不同时).

Point: a group of events and a moment of the week. Deviation: lessons of the group that run at the moment beyond ``maximum``
[lessons], each week looked at apart where they differ. A moment is a set of times that overlap by the clock, so grades with
different bells are counted together. A joint lesson (合班) is one event and counts once.
Source: 排课要求 of school offices (同时最多, 不同时, 场地); kin of XHSTT AvoidClashesConstraint for a resource with a capacity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Meet, TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitConcurrency(Constraint):
    """At any moment at most ``maximum`` lessons of each of ``event_groups`` (ids) run; 1 means never two at the same time."""

    kind: ClassVar[str] = "limit_concurrency"
    event_groups: tuple[str, ...]
    maximum: int

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The same: it is about single moments."""
        return self

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the lessons of each group, moment by moment."""
        problem = view.problem
        for group in self.event_groups:
            events = problem.event_groups[group]
            for week in problem.week_views(events):
                running: dict[int, list[Meet]] = defaultdict(list)
                for event in events:
                    for meet, time in view.lessons(event, week):
                        running[time].append(meet)
                for instant in problem.instants if running else ():
                    meets = [meet for time in instant for meet in running.get(time, ())]
                    if len(meets) > self.maximum:
                        moment = next(time for time in instant if time in running)
                        yield Violation(
                            self,
                            f"{problem.group_name(group)} {problem.times[moment].name}",
                            len(meets) - self.maximum,
                            Message(
                                "{lessons}: {count} at once at {time}, at most {limit} allowed",
                                lessons=problem.group_name(group),
                                count=len(meets),
                                time=problem.times[moment].name,
                                limit=self.maximum,
                            ),
                            times=tuple(time for time in instant if time in running),
                            meets=tuple(meets),
                        )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """At each moment, the sum of the literals beyond the maximum; no slack where there are too few to exceed it."""
        for group, literals, most in self._moments(model):
            yield Deviation(group, model.excess(model.sum(*literals), self.maximum, most), max(0, most - self.maximum))

    def enforce(self, model: TimetableModel) -> None:
        """A clique at each moment where one is allowed, else a cardinality bound."""
        for _, literals, most in self._moments(model):
            if self.maximum == 1 and len(literals) > 1:
                model.cp.add_at_most_one(literals)
            elif most > self.maximum:
                model.cp.add(model.sum(*literals) <= self.maximum)

    def _moments(self, model: TimetableModel) -> Iterator[tuple[str, list[IntVar], int]]:
        """Yield for each moment the literals of a group's lessons, and how many can hold."""
        problem = model.problem
        for group in self.event_groups:
            events = problem.event_groups[group]
            for week in problem.week_views(events):
                for instant in problem.instants:
                    running = [model.lessons((event,), instant, week) for event in events]
                    most = sum(min(problem.events[event].duration, len(found)) for event, found in zip(events, running, strict=True))
                    if most > self.maximum:
                        yield group, [literal for found in running for literal in found], most
