"""Events run at the same times: the parallel groups of a divided class.

Point: a group of events. Deviation: times at which some of its events run but not all [periods], each week looked at apart where
they differ, or all weeks of the cycle together (two fortnightly lessons that share a period).
Source: XHSTT LinkEventsConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, CostFunction, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar, LinearExpr

    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class LinkEvents(Constraint):
    """At every time either all events of a group run or none, for each of ``event_groups`` (ids).

    ``whole_cycle``: an event runs at a time when it runs there in any week.
    """

    kind: ClassVar[str] = "link_events"
    event_groups: tuple[str, ...]
    whole_cycle: bool = False

    def _views(self, problem: Problem, events: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """Return the sets of weeks that are looked at together."""
        weeks = tuple((week,) for week in problem.week_views(events))
        return (tuple(range(problem.weeks)),) if self.whole_cycle else weeks

    def within(self, problem: Problem, times: frozenset[int]) -> Constraint | None:
        """The same: it is about single times."""
        return self if self.cost_function is not CostFunction.STEP else None

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Find the times of some events that are not times of all."""
        problem = view.problem
        for key in self.event_groups:
            events = problem.event_groups[key]
            for weeks in self._views(problem, events):
                running = [{time for week in weeks for _, time in view.lessons(event, week)} for event in events]
                always = set(running[0]).intersection(*running) if running else set()
                loose = tuple(sorted(always.union(*running) - always))
                if loose:
                    yield Violation(
                        self,
                        problem.group_name(key),
                        len(loose),
                        Message(
                            "{lessons} do not run together at {times}",
                            lessons=problem.group_name(key),
                            times=Listing(problem.times[time].name for time in loose),
                        ),
                        times=loose,
                        meets=tuple(meet for event in events for meet in view.meets_of[event]),
                        resources=problem.events[events[0]].fixed_resources(),
                        about=key,
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """At each time a literal that is at least the difference between any event and the first."""
        problem = model.problem
        for key in self.event_groups:
            events = problem.event_groups[key]
            for weeks in self._views(problem, events):
                loose: list[IntVar] = []
                for time in range(len(problem.times)):
                    runs = [self._runs(model, event, time, weeks) for event in events if _possible(model, event, time, weeks)]
                    if not runs or len(events) == 1:
                        continue
                    some = model.cp.new_bool_var("")
                    if len(runs) < len(events):
                        for run in runs:
                            model.cp.add(some >= run)
                    else:
                        for run in runs[1:]:
                            model.cp.add(some >= run - runs[0])
                            model.cp.add(some >= runs[0] - run)
                    loose.append(some)
                yield Deviation(problem.group_name(key), model.sum(*loose), len(loose))

    def enforce(self, model: TimetableModel) -> None:
        """At each time every event runs just when the first does."""
        problem = model.problem
        for key in self.event_groups:
            events = problem.event_groups[key]
            for weeks in self._views(problem, events):
                for time in range(len(problem.times)):
                    if any(_possible(model, event, time, weeks) for event in events):
                        first, *others = (self._runs(model, event, time, weeks) for event in events)
                        for other in others:
                            model.cp.add(other == first)

    @staticmethod
    def _runs(model: TimetableModel, event: int, time: int, weeks: tuple[int, ...]) -> LinearExpr:
        """Return "the event runs at the time in one of the weeks" as a 0/1 expression."""
        if len(weeks) == 1:
            return model.sum(model.runs((event,), (time,), weeks[0]))
        literals = list(dict.fromkeys(literal for week in weeks for literal in model.covering(event, time, week)))
        if model.problem.events[event].duration == 1:
            return model.sum(*literals)
        return model.sum(model.any_of(("runs in the cycle", event, time), literals))

    def prune(self, domains: Domains) -> None:
        """No placement at a time at which another event of the group cannot run."""
        if self.whole_cycle:
            return
        for key in self.event_groups:
            events = domains.problem.event_groups[key]
            reach = [
                {(time, week) for p in domains.placements[e] for time in domains.spans[p.start, p.duration] for week in _weeks(p.weeks)}
                for e in events
            ]
            common = set.intersection(*reach) if reach else set()
            for event in events:
                kept = [
                    p
                    for p in domains.placements[event]
                    if all((time, week) in common for time in domains.spans[p.start, p.duration] for week in _weeks(p.weeks))
                ]
                domains.keep(event, kept)


def _possible(model: TimetableModel, event: int, time: int, weeks: tuple[int, ...]) -> bool:
    return any(model.covering(event, time, week) for week in weeks)


def _weeks(mask: int) -> list[int]:
    """Return the weeks of a mask: 0b10 -> [1]."""
    return [week for week in range(mask.bit_length()) if mask >> week & 1]
