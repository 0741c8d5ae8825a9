"""A group of lessons has between a least and a most number of periods in each group of times.

Says, by choice of groups: maths at most twice a day, a lesson of Chinese every day, PE not in the first period, the class
teacher has the first lesson on Monday, subject forbidden or wanted in certain periods.

Point: a group of events and a group of times. Deviation: periods below ``minimum`` or beyond ``maximum`` [periods], each week looked
at apart where they differ. Kin of XHSTT's SpreadEventsConstraint, which counts meets where this counts periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitLessons(Constraint):
    """Each of ``event_groups`` has ``minimum`` to ``maximum`` periods in each of ``time_groups`` (ids, see Problem)."""

    kind: ClassVar[str] = "limit_lessons"
    event_groups: tuple[str, ...]
    time_groups: tuple[str, ...]
    minimum: int = 0
    maximum: int

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The maximum: a part has no more than the whole, and its excess over it is no more either."""
        return replace(self, minimum=0) if self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the periods of each event group in each time group."""
        problem = view.problem
        for group in self.event_groups:
            events = problem.event_groups[group]
            for key in self.time_groups:
                times = set(problem.time_groups[key].times)
                for week in problem.week_views(events):
                    found = [(meet, time) for event in events for meet, time in view.lessons(event, week) if time in times]
                    count = len(found)
                    if self.minimum <= count <= self.maximum:
                        continue
                    point = f"{problem.group_name(group)} {problem.time_groups[key].name}"
                    text = (
                        Message(
                            "{lessons}: {count} in {times}, at most {limit} allowed",
                            lessons=problem.group_name(group),
                            count=count,
                            times=problem.time_groups[key].name,
                            limit=self.maximum,
                        )
                        if count > self.maximum
                        else Message(
                            "{lessons}: {count} in {times}, at least {limit} wanted",
                            lessons=problem.group_name(group),
                            count=count,
                            times=problem.time_groups[key].name,
                            limit=self.minimum,
                        )
                    )
                    yield Violation(
                        self,
                        point,
                        max(count - self.maximum, self.minimum - count),
                        text,
                        times=tuple(sorted({time for _, time in found}) or sorted(times)),
                        meets=tuple(dict.fromkeys(meet for meet, _ in found)),
                        resources=problem.events[events[0]].fixed_resources() if events else (),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The count is a sum of literals; where nothing is allowed it is the deviation itself, with no variable of its own."""
        for group, key, literals, longest in self._counts(model):
            point = f"{group} {key}"
            if self.maximum == 0 and self.minimum == 0:
                yield Deviation(point, sum(literals), longest)
                continue
            total = sum(literals)
            out = model.sum(model.excess(total, self.maximum, longest), model.shortfall(total, self.minimum))
            yield Deviation(point, out, max(longest - self.maximum, self.minimum, 0))

    def enforce(self, model: TimetableModel) -> None:
        """Bounds on the count; a clique where at most one is allowed."""
        for _, _, literals, longest in self._counts(model):
            if self.maximum == 1 and longest > 1:
                model.cp.add_at_most_one(literals)
            elif longest > self.maximum:
                model.cp.add(sum(literals) <= self.maximum)
            if self.minimum > 0:
                model.cp.add(sum(literals) >= self.minimum)

    def _counts(self, model: TimetableModel) -> Iterator[tuple[str, str, list[IntVar], int]]:
        problem = model.problem
        for group in self.event_groups:
            events = problem.event_groups[group]
            for key in self.time_groups:
                times = problem.time_groups[key].times
                for week in problem.week_views(events):
                    running = [model.lessons((event,), times, week) for event in events]
                    most = sum(min(problem.events[event].duration, len(found)) for event, found in zip(events, running, strict=True))
                    yield group, key, [literal for found in running for literal in found], most

    def prune(self, domains: Domains) -> None:
        """Where none is allowed, no placement touches the times."""
        if self.maximum == 0:
            for group in self.event_groups:
                for key in self.time_groups:
                    times = frozenset(domains.problem.time_groups[key].times)
                    for event in domains.problem.event_groups[group]:
                        domains.forbid_times(event, times)
