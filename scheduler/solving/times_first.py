"""Times first, teachers and rooms later: a problem without its open roles, which bounds what those will need.

Which teacher or room fills a role is left for later; while times are chosen it only counts that, at each time, the lessons that can use
nothing outside a set of resources are no more than that set can take (Hall), lessons that have one of the set for good included.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from constraints.base import Constraint
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.prefer_resources import PreferResources
from instances.language import Message
from instances.problem import Problem
from scheduler.solving.hall import components, surely_filled, unions_of

_MOST_UNIONS = 100  # of lists that are bounded each; beyond, only the lists and all of them together, for the roles are chosen later anyway


def without_choices(problem: Problem) -> Problem:
    """Return the problem with its open roles empty and their needs counted; its timetables are ones of ``problem`` with roles unfilled."""
    groups, limits = _needs(problem)
    choosable = {r for event in problem.events for role in event.roles if role.resource is None for r in role.candidates}
    events = tuple(replace(event, roles=tuple(replace(role, candidates=()) for role in event.roles)) for event in problem.events)
    constraints = tuple(c for c in problem.constraints if not _about_choices(c, problem, choosable))
    return replace(problem, events=events, constraints=(*constraints, *limits), event_groups={**problem.event_groups, **groups})


def _about_choices(constraint: Constraint, problem: Problem, choosable: set[int]) -> bool:
    """Say whether a constraint asks for more than times can give before the roles are filled."""
    if isinstance(constraint, AvoidClashes | AvoidUnavailableTimes):
        return False
    if isinstance(constraint, AssignResource | PreferResources | AvoidSplitAssignments):
        return True
    return not choosable.isdisjoint(constraint.resources_named(problem))


def _needs(problem: Problem) -> tuple[dict[str, tuple[int, ...]], list[LimitConcurrency]]:
    """Return the groups of events that compete for a set of resources, and how many of them can run at once."""
    limited = {r for c in problem.constraints if isinstance(c, AvoidClashes) and c.required for r in c.resources}
    sure = surely_filled(problem)
    groups: dict[str, tuple[int, ...]] = {}
    limits: list[LimitConcurrency] = []
    for component in components(problem):
        lists: dict[frozenset[int], list[int]] = defaultdict(list)
        for event, number in component:
            if (event, number) in sure:
                lists[frozenset(problem.events[event].roles[number].candidates)].append(event)
        unions = unions_of(lists)
        if unions is None or len(unions) > _MOST_UNIONS:
            unions = {*lists, frozenset().union(*lists)}
        for union in sorted(unions, key=lambda members: (len(members), sorted(members))):
            if not union or not union <= limited:
                continue
            wanting = [event for suitable, events in lists.items() if suitable <= union for event in events]
            wanting += [index for r in union for index in problem.events_of[r] if r in problem.events[index].fixed_resources()]
            most = sum(problem.resources[r].capacity for r in union)
            if len(wanting) > most:
                key = f"choices {len(groups)}"
                groups[key] = tuple(sorted(wanting))
                limits.append(
                    LimitConcurrency(
                        id=key, name=Message("No more lessons at once than rooms of a kind"), event_groups=(key,), maximum=most
                    )
                )
    return groups, limits
