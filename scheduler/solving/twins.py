"""Twin events as one: three single periods that nothing tells apart are one event of three, split into singles.

XHSTT instances often name every period of a course (FinlandSecondarySchool: 280 events, 188 after; ItalyInstance4: 748 and 413). Any two
of them may change places, so a search over named ones meets each timetable many times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, replace

from constraints.base import Constraint, CostFunction
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents
from instances.problem import Event, Problem
from instances.timetable import Timetable

_ABOUT_RESOURCES = (AvoidClashes, AvoidUnavailableTimes, ClusterBusyTimes, LimitBusyTimes, LimitIdleTimes)


@dataclass(frozen=True)
class Twins:
    """A problem with its twins merged: ``families`` maps an event of ``problem`` to the events that it stands for, itself first.

    The others keep their index, with no duration and no roles.
    """

    problem: Problem
    families: dict[int, tuple[int, ...]]

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem as one of the merged problem."""
        eldest = {member: first for first, members in self.families.items() for member in members}
        return Timetable.of([replace(meet, event=eldest.get(meet.event, meet.event)) for meet in timetable.meets])

    def expand(self, timetable: Timetable) -> Timetable:
        """Return the timetable with one meet for each twin."""
        waiting = {first: list(members) for first, members in self.families.items()}
        return Timetable.of(
            [replace(meet, event=waiting[meet.event].pop(0)) if meet.event in waiting else meet for meet in timetable.meets]
        )


def merge_twins(problem: Problem) -> Twins:
    """Return the problem with its twins merged; as it is where a constraint of another kind might tell them apart."""
    marks: list[set[Hashable]] = [set() for _ in problem.events]
    apart: set[int] = set()
    constraints: tuple[Constraint, ...] = problem.constraints
    for number, constraint in enumerate(constraints):
        if isinstance(constraint, _ABOUT_RESOURCES):
            continue
        if isinstance(constraint, SpreadEvents):
            for key in constraint.event_groups:
                for event in problem.event_groups[key]:
                    marks[event].add(key)
        elif isinstance(constraint, LinkEvents):
            apart.update(event for key in constraint.event_groups for event in problem.event_groups[key])
        elif isinstance(constraint, OrderEvents):
            apart.update(event for pair in constraint.pairs for event in (pair.first, pair.second))
        elif isinstance(constraint, DistributeSplitEvents) or (isinstance(constraint, SplitEvents) and not _allows_single(constraint)):
            apart.update(constraint.events)
        elif isinstance(constraint, AssignTime | PreferTimes | SplitEvents):
            if not constraint.required and constraint.cost_function is not CostFunction.LINEAR:
                apart.update(constraint.events)
            for event in constraint.events:
                marks[event].add(number)
        else:
            return Twins(problem, {})
    alike: dict[Hashable, list[int]] = defaultdict(list)
    clash_free = {r for c in constraints if isinstance(c, AvoidClashes) and c.required for r in c.resources}
    alone = {r for r in clash_free if problem.resources[r].capacity == 1}
    for index, one in enumerate(problem.events):
        if index not in apart and _may_have_twins(one) and not alone.isdisjoint(one.fixed_resources()):
            alike[replace(one, id="", name=""), frozenset(marks[index])].append(index)
    families = {members[0]: tuple(members) for members in alike.values() if len(members) > 1}
    return Twins(_merged(problem, families), families) if families else Twins(problem, {})


def _allows_single(constraint: SplitEvents) -> bool:
    """Say whether an event of one period satisfies the constraint."""
    return constraint.min_duration <= 1 <= constraint.max_duration and constraint.min_amount <= 1 <= constraint.max_amount


def _may_have_twins(event: Event) -> bool:
    return event.duration == 1 and event.start is None and all(role.resource is not None for role in event.roles)


def _merged(problem: Problem, families: dict[int, tuple[int, ...]]) -> Problem:
    events = list(problem.events)
    for first, members in families.items():
        events[first] = replace(events[first], duration=len(members), durations=(1,))
        for member in members[1:]:
            events[member] = replace(events[member], duration=0, durations=(), roles=())
    in_family = {member for members in families.values() for member in members}
    constraints = tuple(_without(c, in_family) if isinstance(c, SplitEvents) else c for c in problem.constraints)
    return replace(problem, events=tuple(events), constraints=constraints)


def _without(constraint: SplitEvents, events: set[int]) -> SplitEvents:
    return replace(constraint, events=tuple(event for event in constraint.events if event not in events))
