"""How many meets of each event begin on each day: integer variables beside the literals, for what is said of whole days.

Lessons spread over the week, busy days and loads of a day do not depend on the times within it. Said of counts they are sums of a few
numbers instead of some dozens of literals, and CP-SAT finds bounds that the literals hide (docs/architecture.md). The two stages of
Sørensen and Dahms (2014, first days, then times) rest on the same numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from constraints.model import Placement, TimetableModel


class DayCount(NamedTuple):
    """``meets`` of one event, ``most`` at most, with this duration and week mask, begin on ``day`` (a number in ``DayCounts.days``)."""

    day: int
    duration: int
    weeks: int
    meets: cp_model.IntVar
    most: int


class DayCounts:
    """The counts of a model, made for an event when they are first asked for; every week has its own where meets differ.

    There are none (``usable`` is False) where days overlap, leave out times or are fewer than two, or where a meet may run from one day
    into the next.
    """

    def __init__(self, model: TimetableModel) -> None:
        self._model = model
        problem = model.problem
        self.days = [frozenset(group.times) for group in problem.days if group.times]
        self._day = {time: day for day, times in enumerate(self.days) for time in times}
        apart = sum(map(len, self.days)) == len(self._day)
        spans = {model.spans[p.start, p.duration] for placements in model.by_event for p in placements}
        within = all(span[0] in self._day and len({self._day.get(time) for time in span}) == 1 for span in spans)
        self.usable = len(self.days) > 1 and apart and within
        self._of: dict[int, list[DayCount]] = {}

    def of(self, event: int) -> list[DayCount]:
        """Return the counts of an event, those that can be more than 0."""
        if event not in self._of:
            self._of[event] = list(self._made(event))
        return self._of[event]

    def starting(self, events: Iterable[int], times: Iterable[int], week: int) -> list[cp_model.IntVar] | None:
        """Return counts whose sum is the number of meets that start at ``times``; None where these are not whole days."""
        days = self._whole(frozenset(times))
        if days is None:
            return None
        return [found.meets for event in events for found in self.of(event) if found.day in days and found.weeks >> week & 1]

    def lessons(self, resource: int, day: int, week: int) -> list[DayCount]:
        """Return the counts of a day of the events that a resource is given to."""
        problem = self._model.problem
        events = [event for event in problem.events_of[resource] if resource in problem.events[event].fixed_resources()]
        return [found for event in events for found in self.of(event) if found.day == day and found.weeks >> week & 1]

    def room(self, resource: int, day: int, week: int) -> int:
        """Return at how many times of a day a resource may be busy."""
        return sum(1 for time in self.days[day] if self._model.using(resource, time, week))

    @staticmethod
    def periods(counts: Sequence[DayCount]) -> cp_model.LinearExpr:
        """Return the periods that counted meets take."""
        return cp_model.LinearExpr.weighted_sum([found.meets for found in counts], [found.duration for found in counts])

    def are_days(self, times: Iterable[int]) -> bool:
        """Say whether times are one or more whole days, and can be counted."""
        return self._whole(frozenset(times)) is not None

    def day_of(self, times: Iterable[int]) -> int | None:
        """Return the number of the day that ``times`` are; None where they are no day, or no counts can be had."""
        wanted = frozenset(times)
        return self.days.index(wanted) if self.usable and wanted in self.days else None

    def _whole(self, times: frozenset[int]) -> frozenset[int] | None:
        """Return the days that times consist of; None where they are not whole days, or no counts can be had."""
        days = frozenset(self._day[time] for time in times if time in self._day)
        return days if days and self.usable and sum(len(self.days[day]) for day in days) == len(times) else None

    def _made(self, event: int) -> Iterator[DayCount]:
        model = self._model
        groups: dict[tuple[int, int, int], list[Placement]] = defaultdict(list)
        for placement in model.placements_of(event):
            groups[self._day[placement.start], placement.duration, placement.weeks].append(placement)
        for (day, duration, weeks), placements in sorted(groups.items()):
            literals = [model.x[placement] for placement in placements]
            times = {time for p in placements for time in model.spans[p.start, p.duration]}
            most = min(model.problem.events[event].duration // duration, len(times) // duration, len(literals))
            yield DayCount(day, duration, weeks, literals[0] if len(literals) == 1 else self._sum(literals, most), most)

    def _sum(self, literals: Sequence[cp_model.IntVar], most: int) -> cp_model.IntVar:
        """Return a variable that is the sum of literals, and no more than there is room for."""
        total = self._model.cp.new_int_var(0, most, "")
        self._model.cp.add(cp_model.LinearExpr.sum(literals) == total)
        return total
