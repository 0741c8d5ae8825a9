"""What a timetable costs, as tables: the days of a person as bit masks, what is spread or limited as counts.

The cost of a move is then a few look-ups. Requirements and preferences are one whole number, a unit of required cost being ``REQUIRED``.
A day of a resource is known by its *key*, ``resource * days + day``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from constraints.base import Constraint, CostFunction
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_workload import LimitWorkload
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents
from instances.problem import Problem
from scheduler.solving.hall import unions_of
from scheduler.solving.kempe.units import Units
from scheduler.solving.shortage import RoomShortage

REQUIRED = 10**9
_MOST_HOURS = 14  # of a day, for tables of a reasonable size
_CONSTANT = (  # whatever the starts: who does what, in which lengths; and links, for what is linked moves as one
    AssignResource | AssignTime | AvoidSplitAssignments | DistributeSplitEvents | LimitWorkload | LinkEvents | OrderEvents | PreferResources
) | SplitEvents
_OF_DAYS = LimitIdleTimes | ClusterBusyTimes | LimitBusyTimes | AvoidUnavailableTimes
_READ = _OF_DAYS | SpreadEvents | PreferTimes | LimitConcurrency | RoomShortage | AvoidClashes

Table = list[int]


class NotUnderstood(Exception):
    """A problem with something that these tables cannot say."""


def refuse_unknown(problem: Problem) -> None:
    """Raise NotUnderstood where there can be no tables."""
    if problem.weeks > 1 or any(len(instant) > 1 for instant in problem.instants):
        raise NotUnderstood("weeks or times that overlap")
    periods = [time.period for time in problem.times]
    if periods and max(periods) - min(periods) >= _MOST_HOURS:
        raise NotUnderstood("long days")
    if len(set(problem.positions)) < len(problem.times):
        raise NotUnderstood("several times at one position")
    for c in problem.constraints:
        if not isinstance(c, _READ | _CONSTANT) or (isinstance(c, AvoidClashes) and not c.required):
            raise NotUnderstood(c.kind)
        if isinstance(c, LimitIdleTimes | ClusterBusyTimes | LimitBusyTimes):
            groups = [problem.time_groups[key].times for key in c.time_groups]
            over_days = any(len({problem.times[time].day for time in group}) > 1 for group in groups)
            if over_days and not isinstance(c, LimitBusyTimes):
                raise NotUnderstood("a part of the week that is no part of a day")
            if over_days and c.cost_function is not CostFunction.LINEAR and len(groups) > 1:
                raise NotUnderstood("a limit over days that is not linear")


class Tables:
    """Tables, and the state that they are read with.

    ``masks[key]`` are the busy hours of a day; ``day_cost[key][mask]`` is what they cost by themselves, and ``sums[key]`` holds (total,
    table by mask) for what is summed over days; ``total_cost[total][value]``, the values being ``totals``. ``counts`` are of ``counters``,
    ``count_cost[counter][count]`` what they cost, or what they add to the total ``total_of[counter]``. ``own_cost[unit]`` is by start;
    ``people[unit]`` are the keys of its people on the first day; ``place[duration][start]`` is (day, mask).
    """

    def __init__(self, units: Units) -> None:
        self.units = units
        self.problem = problem = units.problem
        days = sorted({time.day for time in problem.times})
        first = min((time.period for time in problem.times), default=0)
        self.days = len(days)
        self.day = [days.index(time.day) for time in problem.times]
        self._hour = [time.period - first for time in problem.times]
        self._hours = max(self._hour, default=0) + 1
        self._bank: dict[object, Table] = {}
        self._parts: dict[int, list[Table]] = defaultdict(list)
        self.sums: list[list[tuple[int, Table]]] = [[] for _ in range(len(problem.resources) * self.days)]
        self.total_cost: list[Table] = []
        self.count_cost: list[Table] = []
        self.total_of: list[int | None] = []
        self._counted: list[tuple[dict[int, int], bool]] = []  # counter by time, and whether every period counts or only starts
        self._counted_of: dict[int, list[int]] = defaultdict(list)  # by event
        self._limited_of: dict[int, list[int]] = defaultdict(list)  # the same for what must not be exceeded
        self.own_cost: list[dict[int, int]] = [defaultdict(int) for _ in units.meets]
        for constraint in problem.constraints:
            self._read(constraint)
        added: dict[tuple[int, ...], Table] = {}
        self.day_cost: list[Table | None] = [None] * (len(problem.resources) * self.days)
        for key, parts in self._parts.items():
            alike = tuple(map(id, parts))
            if alike not in added:
                added[alike] = _added(parts)
            self.day_cost[key] = added[alike]
        self._keep_others()
        self._fill()

    # -- reading ----------------------------------------------------------------------------------------------------------

    def _read(self, c: Constraint) -> None:
        if isinstance(c, _OF_DAYS):
            if not (isinstance(c, AvoidUnavailableTimes) and c.required):  # else such starts are not allowed
                self._read_days(c)
        elif isinstance(c, SpreadEvents):
            self._read_spread(c)
        elif isinstance(c, PreferTimes):
            self._read_times(c)
        elif isinstance(c, LimitConcurrency):
            for key in c.event_groups:
                most = [c.maximum] * len(self.problem.times)
                self._limit(c, frozenset(self.problem.event_groups[key]), most, partial(_charge, c))
        elif isinstance(c, RoomShortage):
            for union in unions_of([suitable for suitable, _ in c.lists]) or ():
                events = frozenset(e for suitable, found in c.lists if suitable <= union for e in found)
                most = [sum(c.rooms[room][time] for room in union) for time in range(len(self.problem.times))]
                self._limit(c, events, most, partial(_charge, c))
        elif isinstance(c, AvoidClashes):
            for resource in c.resources:
                if self.problem.resources[resource].capacity > 1:
                    self._count_places(c, resource, self.problem.resources[resource].capacity)

    def _read_days(self, c: LimitIdleTimes | ClusterBusyTimes | LimitBusyTimes | AvoidUnavailableTimes) -> None:
        """Make for each resource a table for each day, or where not the days but their sum has a cost, also one of that."""
        groups = [tuple(c.times)] if isinstance(c, AvoidUnavailableTimes) else [self.problem.time_groups[k].times for k in c.time_groups]
        scale, low, high = _scale(c), 0, 0
        if isinstance(c, LimitIdleTimes | ClusterBusyTimes):
            low, high = c.minimum, c.maximum
        over_days = [group for group in groups if len({self.day[time] for time in group}) > 1]
        count: Callable[[Sequence[bool]], int]
        match c:
            case LimitBusyTimes():
                count = partial(_outside, c)
                for group in over_days:
                    self._add_sums(c.resources, [group], sum, lambda busy: _charge(c, _off(c, busy)))
                groups = [group for group in groups if group not in over_days]
            case AvoidUnavailableTimes():
                count = sum
            case LimitIdleTimes():
                count = _idle
            case ClusterBusyTimes():
                count = any
        if low == high == 0 and c.cost_function is CostFunction.LINEAR:
            for day, table in self._by_day(groups, count, (c.kind, getattr(c, "minimum", 0), getattr(c, "maximum", 0)), scale):
                for resource in c.resources:
                    self._parts[resource * self.days + day].append(table)
        elif groups:
            self._add_sums(c.resources, groups, count, lambda total: _charge(c, max(low - total, total - high, 0)))

    def _add_sums(
        self, resources: Sequence[int], groups: Sequence[Sequence[int]], count: Callable[[Sequence[bool]], int], cost: Callable[[int], int]
    ) -> None:
        tables = list(self._by_day(groups, count, count, 1))
        most = sum(max(table) for _, table in tables)
        costs = [cost(total) for total in range(most + 1)]
        for resource in resources:
            self.total_cost.append(costs)
            for day, table in tables:
                self.sums[resource * self.days + day].append((len(self.total_cost) - 1, table))

    def _by_day(
        self, groups: Sequence[Sequence[int]], count: Callable[[Sequence[bool]], int], name: object, scale: int
    ) -> list[tuple[int, Table]]:
        """Return (day, table by mask) of what is counted in the groups, times ``scale``."""
        hours: dict[int, list[list[int]]] = defaultdict(list)
        for group in groups:
            parts: dict[int, list[int]] = defaultdict(list)
            for time in dict.fromkeys(group):
                parts[self.day[time]].append(self._hour[time])
            for day, part in parts.items():
                hours[day].append(sorted(part))
        found = []
        for day, parts_of_day in sorted(hours.items()):
            signature = (name, scale, tuple(map(tuple, parts_of_day)))
            if signature not in self._bank:
                self._bank[signature] = [
                    scale * sum(count([bool(mask >> hour & 1) for hour in part]) for part in parts_of_day)
                    for mask in range(1 << self._hours)
                ]
            found.append((day, self._bank[signature]))
        return found

    def _read_spread(self, c: SpreadEvents) -> None:
        """Make a counter for each time group; where not they but their sum has a cost, they count what is off."""
        summed = c.cost_function is not CostFunction.LINEAR and len(c.limits) > 1
        for key in c.event_groups:
            events = self.problem.event_groups[key]
            most = sum(self.problem.events[event].duration for event in events)
            for limit in c.limits:
                off = [max(limit.minimum - n, n - limit.maximum, 0) for n in range(most + 1)]
                counter_at = dict.fromkeys(self.problem.time_groups[limit.time_group].times, len(self.count_cost))
                self._count(self._counted_of, events, counter_at, every_period=False)
                self.count_cost.append(off if summed else [_charge(c, n) for n in off])
                self.total_of.append(len(self.total_cost) if summed else None)
            if summed:
                worst = sum(max(off) for off in self.count_cost[-len(c.limits) :])
                self.total_cost.append([_charge(c, n) for n in range(worst + 1)])

    def _limit(self, c: Constraint, events: Collection[int], most: Sequence[int], cost: Callable[[int], int]) -> None:
        """At each time at most so many meets of some events run, else the excess has a cost."""
        running = sum(1 for unit in self.units.meets for meet in unit if meet.event in events)
        costs: dict[int, Table] = {}
        counter_at = {}
        for time, maximum in enumerate(most):
            if running > maximum:
                if maximum not in costs:
                    costs[maximum] = [cost(max(0, n - maximum)) for n in range(running + 1)]
                counter_at[time] = len(self.count_cost)
                self.count_cost.append(costs[maximum])
                self.total_of.append(None)
        self._count(self._limited_of if c.required else self._counted_of, events, counter_at, every_period=True)

    def _count(self, of_event: dict[int, list[int]], events: Iterable[int], counter_at: dict[int, int], *, every_period: bool) -> None:
        for event in events if counter_at else ():
            of_event[event].append(len(self._counted))
        self._counted.append((counter_at, every_period))

    def _count_places(self, c: AvoidClashes, resource: int, capacity: int) -> None:
        """A resource that several lessons can use at once is full when ``capacity`` do; what is beyond is charged by the lesson."""
        events = {meet.event for unit in self.units.meets for meet in unit if resource in meet.resources}
        if any(meet.event in events and meet.resources.count(resource) != 1 for unit in self.units.meets for meet in unit):
            self.units.keep(n for n, resources in enumerate(self.units.resources) if resource in resources)
        else:
            self._limit(c, events, [capacity] * len(self.problem.times), lambda excess: excess * _scale(c))

    def _read_times(self, c: PreferTimes) -> None:
        if c.required:
            return  # such starts are not allowed
        events, wanted = set(c.events), set(c.times)
        for number, unit in enumerate(self.units.meets):
            for meet in unit:
                if meet.event in events and c.duration in (None, meet.duration):
                    if c.cost_function is not CostFunction.LINEAR and self.problem.events[meet.event].duration != meet.duration:
                        self.units.keep((number,))
                    for start in self.units.allowed[number]:
                        if start not in wanted:
                            self.own_cost[number][start] += _charge(c, meet.duration)

    def _keep_others(self) -> None:
        """What has somebody whose days cost something and who may be at two places at once stays where it is."""
        self._watched = {key // self.days for key, table in enumerate(self.day_cost) if table or self.sums[key]}
        loose = self._watched - self.units.limited
        self.units.keep(n for n, resources in enumerate(self.units.resources) if not loose.isdisjoint(resources))

    # -- state ------------------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        units, days = self.units, self.days
        self.people = [[r * days for r in resources if r in self._watched] for resources in units.resources]
        self.place = {
            duration: [
                (self.day[start], sum(1 << self._hour[time] for time in self.problem.span(start, duration) or ()))
                for start in range(len(self.problem.times))
            ]
            for duration in set(units.duration)
        }
        self.masks = [0] * (len(self.problem.resources) * days)
        self.totals = [0] * len(self.total_cost)
        self.counts = [0] * len(self.count_cost)
        self._counters: list[dict[int, list[int]]] = [{} for _ in units.meets]
        self._limits: list[dict[int, list[int]]] = [{} for _ in units.meets]
        for number, start in enumerate(units.start):
            for time in self.problem.span(start, units.duration[number]) or ():
                for base in self.people[number]:
                    self.masks[base + self.day[time]] |= 1 << self._hour[time]
            for counter in (*self.counters(number, start), *self.limits(number, start)):
                self.counts[counter] += 1
        for key, sums in enumerate(self.sums):
            for total, table in sums:
                self.totals[total] += table[self.masks[key]]
        for counter, part in enumerate(self.total_of):
            if part is not None:
                self.totals[part] += self.count_cost[counter][self.counts[counter]]

    def counters(self, unit: int, start: int) -> list[int]:
        """Return the counters that a unit adds to at a start, one as often as it adds to it, but those of ``limits``."""
        found = self._counters[unit].get(start)
        if found is None:
            found = self._counters[unit][start] = self._found(self._counted_of, unit, start)
        return found

    def limits(self, unit: int, start: int) -> list[int]:
        """Return the counters of what must not be exceeded that a unit adds to: rooms of a kind, and there may be hundreds of kinds."""
        found = self._limits[unit].get(start)
        if found is None:
            found = self._limits[unit][start] = self._found(self._limited_of, unit, start)
        return found

    def _found(self, of_event: dict[int, list[int]], unit: int, start: int) -> list[int]:
        found: list[int] = []
        for meet in self.units.meets[unit]:
            span = self.problem.span(start, meet.duration) or ()
            for number in of_event[meet.event]:
                counter_at, every_period = self._counted[number]
                found += [counter_at[time] for time in (span if every_period else span[:1]) if time in counter_at]
        return found

    def total(self) -> int:
        """Return the cost of all that the tables say."""
        cost = sum(table[self.masks[key]] for key, table in enumerate(self.day_cost) if table)
        cost += sum(table[total] for table, total in zip(self.total_cost, self.totals, strict=True))
        alone = zip(self.count_cost, self.counts, self.total_of, strict=True)
        cost += sum(table[count] for table, count, part in alone if part is None)
        return cost + sum(self.own_cost[n].get(start, 0) for n, start in enumerate(self.units.start))


def _scale(c: Constraint) -> int:
    return c.weight * (REQUIRED if c.required else 1)


def _charge(c: Constraint, deviation: int) -> int:
    return _scale(c) * c.cost_function(deviation)


def _off(c: LimitBusyTimes, busy: int) -> int:
    return max(c.minimum - busy, busy - c.maximum, 0) if busy else 0


def _outside(c: LimitBusyTimes, bits: Sequence[bool]) -> int:
    return _off(c, sum(bits))


def _idle(bits: Sequence[bool]) -> int:
    busy = [n for n, bit in enumerate(bits) if bit]
    return busy[-1] - busy[0] + 1 - len(busy) if busy else 0


def _added(parts: Sequence[Table]) -> Table:
    return parts[0] if len(parts) == 1 else [sum(values) for values in zip(*parts, strict=True)]
