"""What is spread, limited or wanted at times, as counts of lessons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from constraints.base import Constraint, CostFunction
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.occupy_times import OccupyTimes
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.share_times import ShareTimes
from constraints.timetable.spread_events import SpreadEvents
from scheduler.solving.hall import unions_of
from scheduler.solving.kempe.charge import charge, scale
from scheduler.solving.kempe.days import Table
from scheduler.solving.kempe.memo import Memo
from scheduler.solving.kempe.units import Units
from scheduler.solving.shortage import RoomShortage

COUNTED = SpreadEvents | PreferTimes | LimitConcurrency | RoomShortage | AvoidClashes | LimitLessons | OccupyTimes | ShareTimes
# counters by time, the weeks that count, and whether every period does or only starts
_Counted = tuple[dict[int, tuple[int, ...]], int, bool]


class Counts:
    """The counters: ``cost[counter][count]`` is what a count costs, or where ``total_of`` names a total, what it adds to that;
    ``total_cost[n][sum]`` is the cost of the total ``totals + n``. ``own[unit]`` is what a unit costs by start. ``counters[unit][start]``
    are the counters that a unit adds to at a start, one as often as it adds to it, but those of ``limits[unit][start]``: what must not be
    exceeded, rooms of a kind, and there may be hundreds of kinds.
    """

    def __init__(self, units: Units, totals: int) -> None:
        self.units = units
        self.problem = units.problem
        self.cost: list[list[int]] = []
        self.total_of: list[int | None] = []
        self.total_cost: list[Table] = []
        self.own: list[dict[int, int]] = [defaultdict(int) for _ in units.meets]
        self._totals = totals
        self._placed = [0] * len(self.problem.events)  # periods
        for meet in (meet for unit in units.meets for meet in unit):
            self._placed[meet.event] += meet.duration
        self._counted: list[_Counted] = []
        self._counted_of: dict[int, list[int]] = defaultdict(list)  # by event
        self._limited_of: dict[int, list[int]] = defaultdict(list)  # the same for what must not be exceeded
        for constraint in self.problem.constraints:
            if isinstance(constraint, COUNTED):
                self._read(constraint)
        self.counters = [Memo(partial(self._found, self._counted_of, unit)) for unit in range(len(units.meets))]
        self.limits = [Memo(partial(self._found, self._limited_of, unit)) for unit in range(len(units.meets))]

    def _found(self, of_event: dict[int, list[int]], unit: int, start: int) -> list[int]:
        found: list[int] = []
        for meet in self.units.meets[unit]:
            span = self.problem.span(start, meet.duration) or ()
            for number in of_event[meet.event]:
                counters_at, weeks, every_period = self._counted[number]
                if meet.weeks & weeks:
                    for time in span if every_period else span[:1]:
                        found += counters_at.get(time, ())
        return found

    # -- reading ----------------------------------------------------------------------------------------------------------

    def _read(self, c: Constraint) -> None:
        problem, times = self.problem, range(len(self.problem.times))
        match c:
            case SpreadEvents():
                for key in c.event_groups:
                    for week in problem.week_views(problem.event_groups[key]):
                        self._spread(c, problem.event_groups[key], 1 << week)
            case LimitLessons():
                if not (c.required and (c.minimum, c.maximum) == (0, 0)):  # else such starts are not allowed
                    self._lessons(c)
            case OccupyTimes():
                self._occupy(c)
            case PreferTimes():
                if not c.required:  # else such starts are not allowed
                    self._times(c)
            case LimitConcurrency():
                for key in c.event_groups:
                    most = [(instant, c.maximum) for instant in problem.instants]
                    for week in problem.week_views(problem.event_groups[key]):
                        self._limit(c, problem.event_groups[key], 1 << week, most, lambda n: charge(c, n))
            case RoomShortage():
                for union in unions_of([suitable for suitable, _ in c.lists]) or ():
                    events = [event for suitable, found in c.lists if suitable <= union for event in found]
                    rooms = [((time,), sum(c.rooms[room][time] for room in union)) for time in times]
                    self._limit(c, events, problem.every_week, rooms, lambda n: charge(c, n))
            case AvoidClashes():
                for resource in c.resources:
                    if problem.resources[resource].capacity > 1:
                        self._places(c, resource, problem.resources[resource].capacity)
            case ShareTimes():
                for resource, share in c.shares:
                    self._share(c, resource, share)

    def _counter(self, cost: list[int], total: int | None = None) -> int:
        """Make a counter."""
        self.cost.append(cost)
        self.total_of.append(total)
        return len(self.cost) - 1

    def _count(
        self,
        of_event: dict[int, list[int]],
        events: Iterable[int],
        counters_at: Mapping[int, Sequence[int]],
        weeks: int,
        *,
        every_period: bool,
    ) -> None:
        """Let the meets of some events add to counters, those that run in any of the weeks."""
        for event in events if counters_at else ():
            of_event[event].append(len(self._counted))
        self._counted.append(({time: tuple(counters) for time, counters in counters_at.items()}, weeks, every_period))

    def _spread(self, c: SpreadEvents, events: Sequence[int], weeks: int) -> None:
        """A counter for each time group; where not they but their sum has a cost, they count what is off."""
        most = sum(self._placed[event] for event in events)
        summed = c.cost_function is not CostFunction.LINEAR and len(c.limits) > 1
        for limit in c.limits:
            off = [max(limit.minimum - n, n - limit.maximum, 0) for n in range(most + 1)]
            total = self._totals + len(self.total_cost) if summed else None
            counter = self._counter(off if summed else [charge(c, n) for n in off], total)
            times = self.problem.time_groups[limit.time_group].times
            self._count(self._counted_of, events, dict.fromkeys(times, (counter,)), weeks, every_period=False)
        if summed:
            self.total_cost.append(Table(partial(charge, c)))

    def _lessons(self, c: LimitLessons) -> None:
        for key in c.event_groups:
            events = self.problem.event_groups[key]
            most = sum(self._placed[event] for event in events)
            cost = [charge(c, max(c.minimum - n, n - c.maximum, 0)) for n in range(most + 1)]
            for week in self.problem.week_views(events):
                for group in c.time_groups:
                    counters_at = dict.fromkeys(self.problem.time_groups[group].times, (self._counter(cost),))
                    self._count(self._counted_of, events, counters_at, 1 << week, every_period=True)

    def _occupy(self, c: OccupyTimes) -> None:
        """A slot is empty or it is not; where their number has a cost that is not linear, what they are about stays."""
        for key in c.event_groups:
            events = self.problem.event_groups[key]
            if c.cost_function is not CostFunction.LINEAR and len(c.slots) > 1:
                self._keep(events)
                continue
            cost = [charge(c, 1), *[0] * sum(self._placed[event] for event in events)]
            for slot in c.slots:
                counter = self._counter(cost)
                self._count(
                    self._counted_of, events, dict.fromkeys(slot, (counter,)), c.weeks or self.problem.every_week, every_period=True
                )

    def _keep(self, events: Collection[int]) -> None:
        self.units.keep(n for n, unit in enumerate(self.units.meets) if any(meet.event in events for meet in unit))

    def _limit(
        self, c: Constraint, events: Collection[int], weeks: int, most: Iterable[tuple[Sequence[int], int]], cost: Callable[[int], int]
    ) -> None:
        """At each moment, a set of times, at most so many meets of some events run, else the excess has a cost."""
        running = sum(self._placed[event] for event in events)
        costs: dict[int, list[int]] = {}
        counters_at: dict[int, list[int]] = defaultdict(list)
        for moment, maximum in most:
            if running > maximum:
                if maximum not in costs:
                    costs[maximum] = [cost(max(0, n - maximum)) for n in range(running + 1)]
                counter = self._counter(costs[maximum])
                for time in moment:
                    counters_at[time].append(counter)
        self._count(self._limited_of if c.required else self._counted_of, events, counters_at, weeks, every_period=True)

    def _places(self, c: AvoidClashes, resource: int, capacity: int) -> None:
        """A resource that several lessons can use at once is full when ``capacity`` do; what is beyond is charged by the lesson."""
        problem = self.problem
        events = self._taught_by(resource)
        if c.cost_function is not CostFunction.LINEAR:  # of the sum over all moments
            self._keep(events)
            return
        for week in problem.week_views(problem.events_of[resource]) if events else ():
            self._limit(c, events, 1 << week, [(instant, capacity) for instant in problem.instants], lambda n: n * scale(c))

    def _share(self, c: ShareTimes, resource: int, share: int) -> None:
        events = self._taught_by(resource)
        cost = [charge(c, max(n - share, 0)) for n in range(sum(self._placed[event] for event in events) + 1)]
        for week in self.problem.week_views(self.problem.events_of[resource]):
            counters_at = dict.fromkeys(self.problem.time_groups[c.time_group].times, (self._counter(cost),))
            self._count(self._counted_of, events, counters_at, 1 << week, every_period=True)

    def _taught_by(self, resource: int) -> set[int]:
        """Return the events of a resource; none where some meets of an event are without it: then all of them stay."""
        meets = [meet for unit in self.units.meets for meet in unit]
        events = {meet.event for meet in meets if resource in meet.resources}
        if all(meet.resources.count(resource) == 1 for meet in meets if meet.event in events):
            return events
        self._keep(events)
        return set()

    def _times(self, c: PreferTimes) -> None:
        events, wanted = set(c.events), set(c.times)
        for number, unit in enumerate(self.units.meets):
            for meet in unit:
                if meet.event in events and c.duration in (None, meet.duration):
                    if c.cost_function is not CostFunction.LINEAR and self.problem.events[meet.event].duration != meet.duration:
                        self.units.keep((number,))
                    for start in self.units.allowed[number]:
                        if start not in wanted:
                            self.own[number][start] += charge(c, meet.duration)
