"""Times for nearly all lessons in seconds, by ejection: the start for the search on the required cost.

What must run together is one event meanwhile, and rooms are limits on how many lessons run at once. DK-HG-12, one core: required cost 12,
the best known, 16 s after the start; neighbourhoods from one CP-SAT call were at 783 after 50 s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from constraints.base import Constraint
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.link_events import LinkEvents
from instances.language import Message
from instances.problem import Event, Problem, Role
from instances.timetable import Meet, Timetable
from scheduler.solving.ejection.pairs import understood
from scheduler.solving.ejection.search import Ejection
from scheduler.solving.hall import unions_of
from scheduler.solving.shortage import RoomShortage

_PATIENCE, _ROUNDS = 4000, 12  # steps in vain before the weights begin anew, and how often that
_TENURE_EACH = 1.5  # steps of tabu for each lesson that is out: EnglandStPaul 14 and 15 of required cost after 60 s, with 0.2 18


def ejected(times: Problem, more: Callable[[], bool], seed: int) -> Timetable | None:
    """Return a timetable of most lessons of a problem without choices, found while ``more()``; None where it is not understood."""
    joined, leader = _joined(times)
    if not understood(joined):
        return None
    required: list[Constraint] = [c for c in joined.constraints if c.required]
    members: dict[int, list[int]] = {}
    for event, first in enumerate(leader):
        members.setdefault(first, []).append(event)
    worth = [event.durations[0] * len(members.get(index, ())) if event.duration else 0 for index, event in enumerate(joined.events)]
    search = Ejection(joined, required, seed, worth, _TENURE_EACH, tallied=False)  # EnglandStPaul, 15 s: 11 to 15, tallied 14 to 19
    if not search.possible:
        return None
    return Timetable.of(
        [
            Meet(event, meet.duration, meet.start, meet.weeks, tuple(role.resource for role in times.events[event].roles))
            for meet in search.run(more, _PATIENCE, _ROUNDS).meets
            for event in members[meet.event]
        ]
    )


def _joined(problem: Problem) -> tuple[Problem, list[int]]:
    """Return the problem with linked events as one, the first of them (the others have no periods), and for each event that first one."""
    leader = list(range(len(problem.events)))
    links = [c for c in problem.constraints if isinstance(c, LinkEvents) and c.required]
    for group in [problem.event_groups[key] for c in links for key in c.event_groups]:
        alike = {(problem.events[e].duration, problem.events[e].durations, problem.events[e].start) for e in group}
        if len(alike) == 1:
            old = {leader[e] for e in group}
            leader = [min(old) if first in old else first for first in leader]
    resources: dict[int, dict[int, None]] = {first: {} for first in leader}
    for event, first in enumerate(leader):
        resources[first].update(dict.fromkeys(problem.events[event].fixed_resources()))
    events = tuple(
        _one_length(
            replace(event, roles=tuple(Role("", r) for r in resources[index])) if leader[index] == index else replace(event, duration=0)
        )
        for index, event in enumerate(problem.events)
    )
    groups = {key: tuple(dict.fromkeys(leader[e] for e in group)) for key, group in problem.event_groups.items()}
    constraints: list[Constraint] = []
    for c in problem.constraints:
        if isinstance(c, RoomShortage):
            for suitable in sorted(unions_of(dict(c.lists)) or (), key=lambda rooms: (len(rooms), sorted(rooms))):
                key = f"{c.id} {len(groups)}"
                groups[key] = tuple(dict.fromkeys(leader[e] for rooms, found in c.lists if rooms <= suitable for e in found))
                most = max(map(sum, zip(*(c.rooms[room] for room in suitable), strict=True)))
                if len(groups[key]) > most:
                    constraints.append(
                        LimitConcurrency(
                            id=key, name=Message("No more lessons at once than rooms of a kind"), event_groups=(key,), maximum=most
                        )
                    )
        elif not isinstance(c, LinkEvents | AssignResource):
            named: Any = getattr(c, "events", None)
            constraints.append(c if named is None else replace(c, **{"events": tuple(dict.fromkeys(leader[e] for e in named))}))
    return replace(problem, events=events, event_groups=groups, constraints=tuple(constraints)), leader


def _one_length(event: Event) -> Event:
    """Return an event of one period, or of none, with its only meet length said."""
    return replace(event, durations=(1,)) if event.duration <= 1 else event
