"""Meets are spread over the week: at most one a day, one before Wednesday.

Point: a group of events. Deviation: summed over the time groups, the meets that start in it fewer than its ``minimum`` or more than its
``maximum`` [meets], each week looked at apart where they differ. Source: XHSTT SpreadEventsConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, slots=True)
class SpreadLimit:
    """``minimum`` to ``maximum`` meets start in the time group with this id."""

    time_group: str
    minimum: int
    maximum: int


@dataclass(frozen=True, kw_only=True)
class SpreadEvents(Constraint):
    """Each of ``event_groups`` (ids) has in each time group as many meets as its limit says."""

    kind: ClassVar[str] = "spread_events"
    event_groups: tuple[str, ...]
    limits: tuple[SpreadLimit, ...]

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the meets that start in each time group."""
        problem = view.problem
        groups = [(limit, problem.time_groups[limit.time_group], set(problem.time_groups[limit.time_group].times)) for limit in self.limits]
        for key in self.event_groups:
            events = problem.event_groups[key]
            for week in problem.week_views(events):
                meets = [meet for event in events for meet in view.meets_of[event] if meet.weeks >> week & 1 and meet.start is not None]
                total = 0
                off: list[Message] = []
                concerned: list[int] = []
                for limit, group, times in groups:
                    starts = [meet.start for meet in meets if meet.start in times]
                    deviation = max(limit.minimum - len(starts), len(starts) - limit.maximum, 0)
                    if deviation:
                        total += deviation
                        off.append(
                            Message(
                                "{part}: {count} instead of {least} to {most}",
                                part=group.name,
                                count=len(starts),
                                least=limit.minimum,
                                most=limit.maximum,
                            )
                        )
                        concerned.extend(start for start in starts if start is not None)
                if total:
                    yield Violation(
                        self,
                        problem.group_name(key),
                        total,
                        Message("{lessons} are badly spread: {found}", lessons=problem.group_name(key), found=Listing(off)),
                        times=tuple(sorted(set(concerned))),
                        meets=tuple(meet for meet in meets if meet.start in concerned),
                        resources=problem.events[events[0]].fixed_resources() if events else (),
                        about=key,
                    )

    def _counts(self, model: TimetableModel, key: str, week: int) -> Iterator[tuple[SpreadLimit, list[IntVar], int]]:
        """For each limit the literals that it counts, and how many of them can hold at most."""
        problem = model.problem
        events = problem.event_groups[key]
        most = sum(problem.events[event].duration for event in events)
        for limit in self.limits:
            times = set(problem.time_groups[limit.time_group].times)
            literals = [model.x[p] for event in events for p in model.placements_of(event) if p.start in times and p.weeks >> week & 1]
            yield limit, literals, min(len(literals), most)

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Too many and too few in each time group; whole days by the counts of days."""
        for key in self.event_groups:
            events = model.problem.event_groups[key]
            for week in model.problem.week_views(events):
                parts, bound = [], 0
                for limit, literals, most in self._counts(model, key, week):
                    of_days = model.day_counts.starting(events, model.problem.time_groups[limit.time_group].times, week)
                    count = model.sum(*(literals if of_days is None else of_days))
                    parts += [model.excess(count, limit.maximum, most), model.shortfall(count, limit.minimum)]
                    bound += max(most - limit.maximum, limit.minimum, 0)
                yield Deviation(model.problem.group_name(key), model.sum(*parts), bound)

    def enforce(self, model: TimetableModel) -> None:
        """Bounds on each count; a clique where at most one is allowed."""
        for key in self.event_groups:
            for week in model.problem.week_views(model.problem.event_groups[key]):
                for limit, literals, most in self._counts(model, key, week):
                    if limit.maximum == 1 and most > 1:
                        model.cp.add_at_most_one(literals)
                    elif most > limit.maximum:
                        model.cp.add(model.sum(*literals) <= limit.maximum)
                    if limit.minimum > 0:
                        model.cp.add(model.sum(*literals) >= limit.minimum)

    def prune(self, domains: Domains) -> None:
        """Where none is allowed, no meet starts in the time group."""
        closed = {t for limit in self.limits if limit.maximum == 0 for t in domains.problem.time_groups[limit.time_group].times}
        if closed:
            for key in self.event_groups:
                for event in domains.problem.event_groups[key]:
                    domains.keep(event, [p for p in domains.placements[event] if p.start not in closed])
