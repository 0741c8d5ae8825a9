"""Random small problems with constraints of every kind, and timetables for them, legal or not.

Everything is drawn from a ``random.Random``, so Hypothesis (which hands in one of its own) and the long run of
``benchmarks/agreement_long.py`` share one generator.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any, TypeVar

from constraints.base import Constraint, CostFunction
from constraints.model import Domains, Placement
from constraints.timetable.allow_sit_in import AllowSitIn
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_sequence import AvoidSequence
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.begin_early import BeginEarly
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.fill_parts import FillParts
from constraints.timetable.keep_in_step import KeepInStep
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.limit_place_changes import LimitPlaceChanges
from constraints.timetable.limit_workload import LimitWorkload
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.occupy_times import OccupyTimes
from constraints.timetable.order_events import EventPair, OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.relate_meets import RelateMeets, Relation
from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from constraints.timetable.share_times import ShareTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.problem import Event, Problem, Resource, Role, Time, TimeGroup
from instances.timetable import Meet, Timetable

# -- problems ---------------------------------------------------------------------------------------------------------


T = TypeVar("T")


def some(rng: Random, items: Iterable[T], least: int = 1, most: int = 3) -> tuple[T, ...]:
    """Between ``least`` and ``most`` different items, in their order; fewer where there are not so many."""
    pool = list(items)
    count = min(rng.randint(least, most), len(pool))
    chosen = set(rng.sample(range(len(pool)), count))
    return tuple(item for index, item in enumerate(pool) if index in chosen)


def random_times(rng: Random) -> tuple[Time, ...]:
    """One or two grids; without clocks, or with clocks that overlap across grids (at 525 no two times of one number do)."""
    days, periods, clock = rng.randint(2, 3), rng.randint(2, 4), rng.random() < 0.8
    times = []
    for grid in range(rng.choice((1, 1, 2))):
        begin, length = (480, 40) if grid == 0 else (rng.choice((480, 505, 525)), rng.choice((40, 45)))
        for day in range(1, days + 1):
            for period in range(1, (periods if grid == 0 else max(2, periods - 1)) + 1):
                start = begin + (period - 1) * (length + 10)
                bounds = (start, start + length) if clock else (None, None)
                times.append(Time(f"{grid}.{day}.{period}", f"grid {grid} day {day} period {period}", day, period, *bounds, str(grid)))
    return tuple(times)


def random_event(rng: Random, index: int, times: int, resources: int, weeks: int) -> Event:
    """One to four periods, singles, doubles or both, fixed and open roles, every week or one of two."""
    fixed = some(rng, range(resources), 0, 2)
    workload = rng.choice((None, None, None, 1, 5))
    roles = [Role(f"given{number}", resource, workload=rng.choice((None, None, 2))) for number, resource in enumerate(fixed)]
    if rng.random() < 0.45:
        others = [r for r in range(resources) if r not in fixed]
        roles.append(Role("open", None, some(rng, others, rng.choice((0, 2)), 3), rng.choice((None, None, 3))))
    durations = rng.choice(((1,), (1,), (1,), (2,), (1, 2), ()))
    duration = rng.randint(1, 3) if durations != (2,) else rng.choice((2, 4))
    allowed = frozenset(some(rng, range(times), times // 2, times)) if rng.random() < 0.25 else None
    start = rng.randrange(times) if rng.random() < 0.08 else None
    masks = rng.choice(((1,),) if weeks == 1 else ((0b11,), (0b11,), (0b01,), (0b10,), (0b01, 0b10)))
    return Event(f"e{index}", f"event {index}", duration, tuple(roles), durations, start, allowed, masks, workload)


def random_problem(rng: Random) -> Problem:
    """A problem without constraints."""
    times = random_times(rng)
    weeks = rng.choice((1, 1, 2))
    resources = tuple(
        Resource(f"r{i}", f"resource {i}", rng.choice(("class", "teacher", "room")), rng.choice((1, 1, 1, 2)))
        for i in range(rng.randint(2, 4))
    )
    events = tuple(random_event(rng, i, len(times), len(resources), weeks) for i in range(rng.randint(2, 5)))
    groups = {}
    for day in sorted({time.day for time in times}):
        at = [i for i, time in enumerate(times) if time.day == day]
        groups[f"day{day}"] = TimeGroup(f"day{day}", f"day {day}", tuple(at), "day")
        groups[f"am{day}"] = TimeGroup(f"am{day}", f"morning {day}", tuple(i for i in at if times[i].period <= 2), "half")
    groups["some"] = TimeGroup("some", "some times", some(rng, range(len(times)), 1, 6))
    event_groups = {event.id: (i,) for i, event in enumerate(events)}
    event_groups |= {f"g{number}": some(rng, range(len(events)), 2, 4) for number in range(2)}
    if rng.random() < 0.1:
        event_groups["nothing"] = ()
    return Problem("random", times, resources, events, (), groups, event_groups, weeks=weeks)


def random_timetable(rng: Random, problem: Problem) -> Timetable:
    """A timetable, legal in part of the cases: meets anywhere, some lessons not placed, some roles not filled."""
    avoid_clashes, eager = rng.random() < 0.6, rng.choice((0.6, 1.0))
    taken: Counter[tuple[int, int, int]] = Counter()
    meets: list[Meet] = []
    for index, placements in enumerate(Domains(problem).placements):
        event = problem.events[index]
        left, pool = event.duration, sorted(placements)
        rng.shuffle(pool)
        for placement in pool:
            if placement.duration > left or rng.random() > eager:
                continue
            resources = tuple(role.resource if role.resource is not None else rng.choice((*role.candidates, None)) for role in event.roles)
            uses = _moments(problem, placement, resources)
            if avoid_clashes and any(taken[use] >= problem.resources[use[0]].capacity for use in uses):
                continue
            taken.update(uses)
            meets.append(Meet(index, placement.duration, placement.start, placement.weeks, resources))
            left -= placement.duration
    return Timetable.of(meets)


def _moments(problem: Problem, placement: Placement, resources: tuple[int | None, ...]) -> list[tuple[int, int, int]]:
    """Resource, week and moment of all that a placement uses."""
    span = problem.span(placement.start, placement.duration) or ()
    return [
        (resource, week, number)
        for resource in resources
        if resource is not None
        for week in range(problem.weeks)
        if placement.weeks >> week & 1
        for number, instant in enumerate(problem.instants)
        if not set(instant).isdisjoint(span)
    ]


# -- constraints ------------------------------------------------------------------------------------------------------

Maker = Callable[[Random, Problem], dict[str, Any]]


def _resources(rng: Random, problem: Problem) -> tuple[int, ...]:
    return some(rng, range(len(problem.resources)), 1, 4)


def _events(rng: Random, problem: Problem) -> tuple[int, ...]:
    return some(rng, range(len(problem.events)), 1, 4)


def _event_groups(rng: Random, problem: Problem) -> tuple[str, ...]:
    return some(rng, problem.event_groups, 1, 3)


def _time_groups(rng: Random, problem: Problem) -> tuple[str, ...]:
    return some(rng, problem.time_groups, 1, 3)


def _pairs(rng: Random, problem: Problem) -> tuple[tuple[str, str], ...]:
    groups = list(problem.event_groups)
    return tuple((rng.choice(groups), rng.choice(groups)) for _ in range(rng.randint(1, 2)))


def _times(rng: Random, problem: Problem, most: int = 4) -> tuple[int, ...]:
    return some(rng, range(len(problem.times)), 1, most)


def _range(rng: Random, most: int) -> dict[str, int]:
    least = rng.choice((0, rng.randint(0, most)))
    return {"minimum": least, "maximum": rng.randint(least, most)}


def _busy(rng: Random, problem: Problem) -> dict[str, Any]:
    return {"resources": _resources(rng, problem), "time_groups": _time_groups(rng, problem)}


def _limit_lessons(rng: Random, problem: Problem) -> dict[str, Any]:
    return {"event_groups": _event_groups(rng, problem), "time_groups": _time_groups(rng, problem), **_range(rng, 3)}


def _split_events(rng: Random, problem: Problem) -> dict[str, Any]:
    length, amount = _range(rng, 2), _range(rng, 3)
    limits = {"min_duration": length["minimum"], "max_duration": length["maximum"]}
    return {"events": _events(rng, problem), **limits, "min_amount": amount["minimum"], "max_amount": amount["maximum"]}


def _order_events(rng: Random, problem: Problem) -> dict[str, Any]:
    pairs = []
    for _ in range(rng.randint(1, 2)):
        first, second = rng.sample(range(len(problem.events)), 2)
        least = rng.randint(-2, 3)
        pairs.append(EventPair(first, second, least, rng.choice((None, least + rng.randint(0, 3)))))
    return {"pairs": tuple(pairs)}


def _avoid_sequence(rng: Random, problem: Problem) -> dict[str, Any]:
    neighbours = None
    if rng.random() < 0.2:
        neighbours = frozenset(some(rng, [(t, n) for t, n in enumerate(problem.following) if n is not None], 0, 5))
    return {"pairs": _pairs(rng, problem), "both_ways": rng.random() < 0.5, "neighbours": neighbours}


def _common_free(rng: Random, problem: Problem) -> dict[str, Any]:
    return {"resources": _resources(rng, problem), "blocks": tuple(_times(rng, problem, 3) for _ in range(rng.randint(1, 3)))}


def _occupy_times(rng: Random, problem: Problem) -> dict[str, Any]:
    slots = tuple(_times(rng, problem, 2) for _ in range(rng.randint(1, 3)))
    return {"event_groups": _event_groups(rng, problem), "slots": slots, "weeks": rng.randrange(1 << problem.weeks)}


def _pauses(rng: Random, problem: Problem) -> frozenset[tuple[int, int]]:
    return frozenset(some(rng, sorted(set(problem.positions)), 0, 2))


def _relate_meets(rng: Random, problem: Problem) -> dict[str, Any]:
    related = {"relation": rng.choice(list(Relation)), "limit": rng.randint(0, 2), "pauses": _pauses(rng, problem)}
    return {"event_groups": _event_groups(rng, problem), **related}


def _same_room(rng: Random, problem: Problem) -> dict[str, Any]:
    places = [(index, number) for index, event in enumerate(problem.events) for number in range(len(event.roles))]
    return {"places": some(rng, places, 1, 5), "pauses": _pauses(rng, problem)}


def _fill_parts(rng: Random, problem: Problem) -> dict[str, Any]:
    """The one open role of an event as its own part: filled by the whole or by nobody."""
    roles = [(e, n, role) for e, event in enumerate(problem.events) for n, role in enumerate(event.roles) if role.candidates]
    if not roles:
        return {"event": 0, "role": 0, "whole": 0, "parts": ()}
    event, number, role = rng.choice(roles)
    return {"event": event, "role": number, "whole": rng.choice(role.candidates), "parts": (number,)}


def _place_changes(rng: Random, problem: Problem) -> dict[str, Any]:
    rooms = list(range(len(problem.resources)))
    rng.shuffle(rooms)
    cut = rng.randint(1, max(1, len(rooms) - 1))
    places = (tuple(rooms[:cut]), tuple(rooms[cut : cut + 2]))
    return {**_busy(rng, problem), "places": places, "maximum": rng.choice((None, 0, 1)), "gap": rng.randint(0, 2)}


MAKERS: dict[type[Constraint], Maker] = {
    AssignTime: lambda rng, problem: {"events": _events(rng, problem)},
    AvoidClashes: lambda rng, problem: {"resources": _resources(rng, problem)},
    AvoidUnavailableTimes: lambda rng, problem: {"resources": _resources(rng, problem), "times": _times(rng, problem)},
    LimitLessons: _limit_lessons,
    LimitConcurrency: lambda rng, problem: {"event_groups": _event_groups(rng, problem), "maximum": rng.randint(0, 2)},
    DaysBetween: lambda rng, problem: {"event_groups": _event_groups(rng, problem), "gap": rng.randint(1, 3)},
    AvoidSequence: _avoid_sequence,
    KeepInStep: lambda rng, problem: {
        "pairs": _pairs(rng, problem), "time_groups": _time_groups(rng, problem), "most": rng.randint(0, 2),
    },
    LimitConsecutive: lambda rng, problem: {
        "resources": _resources(rng, problem), "time_groups": _time_groups(rng, problem), "maximum": rng.randint(0, 3),
    },
    ShareTimes: lambda rng, problem: {
        "time_group": rng.choice(list(problem.time_groups)),
        "shares": tuple((index, rng.randint(0, 2)) for index in _resources(rng, problem)),
    },
    CommonFree: _common_free,
    AllowSitIn: lambda rng, problem: {
        "mentor": rng.randrange(len(problem.resources)),
        "event_group": rng.choice(list(problem.event_groups)),
        "minimum": rng.randint(0, 3),
    },
    OccupyTimes: _occupy_times,
    AssignResource: lambda rng, problem: {"events": _events(rng, problem), "role": "open"},
    AvoidSplitAssignments: lambda rng, problem: {
        "event_groups": (*_event_groups(rng, problem), "g0"), "role": "open", "most": rng.choice((1, 1, 2)),
    },
    PreferResources: lambda rng, problem: {
        "events": _events(rng, problem), "role": "open", "resources": some(rng, range(len(problem.resources)), 1, 2),
    },
    PreferTimes: lambda rng, problem: {
        "events": _events(rng, problem), "times": _times(rng, problem, 9), "duration": rng.choice((None, None, 1, 2)),
    },
    SplitEvents: _split_events,
    DistributeSplitEvents: lambda rng, problem: {
        "events": _events(rng, problem), "duration": rng.randint(1, 2), **_range(rng, 2),
    },
    SpreadEvents: lambda rng, problem: {
        "event_groups": _event_groups(rng, problem),
        "limits": tuple(SpreadLimit(key, **_range(rng, 2)) for key in _time_groups(rng, problem)),
    },
    LinkEvents: lambda rng, problem: {"event_groups": _event_groups(rng, problem), "whole_cycle": rng.random() < 0.5},
    OrderEvents: _order_events,
    LimitIdleTimes: lambda rng, problem: {**_busy(rng, problem), **_range(rng, 2)},
    ClusterBusyTimes: lambda rng, problem: {**_busy(rng, problem), **_range(rng, 3)},
    LimitBusyTimes: lambda rng, problem: {**_busy(rng, problem), **_range(rng, 3)},
    RelateMeets: _relate_meets,
    BeginEarly: lambda rng, problem: {**_busy(rng, problem), "late": rng.randint(0, 2)},
    EdgeOfDay: lambda rng, problem: {
        "events": _events(rng, problem), "resource_type": rng.choice(("class", "teacher", "room")), "first": rng.random() < 0.5,
    },
    SameRoomIfConsecutive: _same_room,
    FillParts: _fill_parts,
    LimitPlaceChanges: _place_changes,
    LimitWorkload: lambda rng, problem: {"resources": _resources(rng, problem), **_range(rng, 6)},
}  # fmt: skip


def random_constraint(rng: Random, problem: Problem, kind: type[Constraint], number: int) -> Constraint:
    """A constraint of a kind, in either tier, with any cost function."""
    shape = {"cost_function": rng.choice(list(CostFunction)), "weight": rng.randint(1, 3), "required": rng.random() < 0.5}
    return kind(id=f"{kind.kind} {number}", **shape, **MAKERS[kind](rng, problem))


def random_case(rng: Random, kinds: Sequence[type[Constraint]] = tuple(MAKERS), count: int = 4) -> tuple[Problem, Timetable]:
    """A problem with ``count`` constraints of ``kinds``, clashes of all resources in half of the cases, and a timetable for it."""
    problem = random_problem(rng)
    constraints = [random_constraint(rng, problem, rng.choice(kinds), number) for number in range(count)]
    if rng.random() < 0.5:
        constraints.append(AvoidClashes(id="no clashes", resources=tuple(range(len(problem.resources)))))
    problem = dataclasses.replace(problem, constraints=tuple(constraints))
    return problem, random_timetable(rng, problem)
