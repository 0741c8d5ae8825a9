"""What a timetable costs, as tables: days of people, counts of lessons, points about a few lessons. A move costs a few look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.fill_parts import FillParts
from constraints.timetable.limit_place_changes import LimitPlaceChanges
from constraints.timetable.limit_workload import LimitWorkload
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from constraints.timetable.split_events import SplitEvents
from instances.problem import Problem
from scheduler.solving.kempe.charge import NotUnderstood
from scheduler.solving.kempe.counts import COUNTED, Counts
from scheduler.solving.kempe.days import OF_DAYS, Days, Table, refuse_parts
from scheduler.solving.kempe.points import OF_POINTS, Points
from scheduler.solving.kempe.units import Units

_CONSTANT = (  # whatever the starts: who does what, in which lengths
    AssignResource | AssignTime | AvoidSplitAssignments | DistributeSplitEvents | FillParts | LimitWorkload | PreferResources | SplitEvents
)
_KEPT = EdgeOfDay | LimitPlaceChanges | LinkEvents | OrderEvents | SameRoomIfConsecutive  # what is linked moves as one, the others stay
_READ = OF_DAYS | COUNTED | OF_POINTS


def refuse_unknown(problem: Problem) -> None:
    """Raise NotUnderstood where there can be no tables."""
    grids = [(time.grid, time.day, time.period) for time in problem.times]
    if len(set(grids)) < len(grids):
        raise NotUnderstood("several times at one position")
    refuse_parts(problem)
    for c in problem.constraints:
        if not isinstance(c, _READ | _CONSTANT | _KEPT) or (isinstance(c, AvoidClashes) and not c.required):
            raise NotUnderstood(c.kind)


class Tables:
    """Tables, and the state that they are read with.

    ``masks[key]`` are the busy times of a day (``days`` has the keys), ``totals`` and ``counts`` what is counted, ``values`` what each
    point costs. ``keys[unit][day]`` are the keys of its people; ``place[duration][start]`` is (day, mask);
    ``points_of[unit]`` are the points that depend on it.
    """

    def __init__(self, units: Units) -> None:
        self.units = units
        self.days = days = Days(units)
        self.counts_of = Counts(units, len(days.total_cost))
        watched = days.watched()
        loose = {use for use in watched if use[0] not in units.limited}
        units.keep(n for n, uses in enumerate(units.uses) if not loose.isdisjoint(uses))  # who may be at two places at once
        self._steps = _unlike(days.total_cost, days.eased_total_cost)
        self._day_steps = _unlike(days.day_cost, days.eased_day_cost)
        self.ease(False)
        bases = [tuple(days.base(use) for use in uses if use in watched) for uses in units.uses]
        self.keys = [[tuple(base + day for base in people) for day in range(days.days)] for people in bases]
        self.place = {
            duration: [
                (days.day[start], sum(days.bit[time] for time in units.problem.span(start, duration) or ()))
                for start in range(len(units.problem.times))
            ]
            for duration in set(units.duration)
        }
        self.points = list(Points(units).all())
        self.points_of: list[list[int]] = [[] for _ in units.meets]
        for number, point in enumerate(self.points):
            for unit in dict.fromkeys(point.units):
                self.points_of[unit].append(number)
        self._fill()

    @property
    def can_ease(self) -> bool:
        """Say whether what some days cost can be eased: those too many, or with too few lessons."""
        return bool(self._steps or self._day_steps)

    def ease(self, eased: bool) -> None:
        """Let days too many, or with too few lessons, cost by the lessons on them, or again in full."""
        days = self.days
        self.day_cost = days.eased_day_cost if eased else days.day_cost
        self.total_cost = [*(days.eased_total_cost if eased else days.total_cost), *self.counts_of.total_cost]

    def spared(self) -> int:
        """Return how much less they cost, as they are now, where they are eased."""
        totals, masks = self.totals, self.masks
        of_days = sum([table[masks[key]] - slope[masks[key]] for key, table, slope in self._day_steps])
        return of_days + sum([table[totals[n]] - slope[totals[n]] for n, table, slope in self._steps])

    def _fill(self) -> None:
        units, days, counts = self.units, self.days, self.counts_of
        self.masks = [0] * len(days.day_cost)
        self.totals = [0] * len(self.total_cost)
        self.counts = [0] * len(counts.cost)
        for number, start in enumerate(units.start):
            for time in units.problem.span(start, units.duration[number]) or ():
                for key in self.keys[number][days.day[time]]:
                    self.masks[key] |= days.bit[time]
            for counter in (*counts.counters[number][start], *counts.limits[number][start]):
                self.counts[counter] += 1
        for key, sums in enumerate(days.sums):
            for total, table in sums:
                self.totals[total] += table[self.masks[key]]
        for counter, part in enumerate(counts.total_of):
            if part is not None:
                self.totals[part] += counts.cost[counter][self.counts[counter]]
        self.values = [point.cost([units.start[unit] for unit in point.units]) for point in self.points]

    def total(self) -> int:
        """Return the cost of all that the tables say."""
        counts = self.counts_of
        cost = sum(table[self.masks[key]] for key, table in enumerate(self.day_cost) if table is not None)
        cost += sum(table[total] for table, total in zip(self.total_cost, self.totals, strict=True))
        alone = zip(counts.cost, self.counts, counts.total_of, strict=True)
        cost += sum(table[count] for table, count, part in alone if part is None)
        return cost + sum(self.values) + sum(counts.own[n].get(start, 0) for n, start in enumerate(self.units.start))


def _unlike(full: Sequence[Table | None], eased: Sequence[Table | None]) -> list[tuple[int, Table, Table]]:
    """Return where a table and its eased one are not the same: its number and both."""
    both = enumerate(zip(full, eased, strict=True))
    return [(number, one, other) for number, (one, other) in both if one is not None and other is not None and one is not other]


def overlap(units: Units, moved: Sequence[tuple[int, int, int]]) -> bool:
    """Say whether of some units, each with its old and new start, two that clash overlap where they go."""
    return any(
        units.clashing[one] >> other & 1
        and not set(units.reach[units.duration[one]][to]).isdisjoint(units.problem.span(then, units.duration[other]) or ())
        for (one, _, to), (other, _, then) in combinations(moved, 2)
    )
