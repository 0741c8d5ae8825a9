"""The constraints taken apart, so that a move is judged by the few points it can touch.

A *unit* is a constraint cut down to one of the resources, event groups, pairs or events that it applies to. The cost of a constraint is the
sum over its points, so the cost of a move is the difference of the units it touches. Kinds whose points cannot be parted stay whole.
Every unit is judged by the constraint's own ``check``: there is no second reading of the rules here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from constraints.base import Constraint
from instances.problem import Problem
from instances.timetable import Cost, Meet, TimetableView
from scheduler.swapping.overlay import Overlay

_BY_RESOURCE = frozenset(
    {
        "avoid_clashes",
        "avoid_unavailable_times",
        "limit_busy_times",
        "limit_idle_times",
        "limit_consecutive",
        "cluster_busy_times",
        "limit_workload",
    }
)
_BY_GROUP = frozenset(
    {
        "limit_lessons",
        "days_between",
        "link_events",
        "avoid_split_assignments",
        "spread_events",
        "limit_concurrency",
        "occupy_times",
    }
)
_BY_PAIR = frozenset({"avoid_sequence", "keep_in_step"})
_BY_EVENT = frozenset({"prefer_times", "prefer_resources", "assign_resource"})
# What a move cannot change: how many periods are placed, and in meets of which length.
_BLIND = frozenset({"assign_time", "distribute_split_events", "split_events"})


class Units:
    """The units of a problem with their costs in a base timetable, worked out when they are first asked for."""

    def __init__(self, problem: Problem, base: TimetableView) -> None:
        self.problem = problem
        self.base = base
        self.constraints: list[Constraint] = []
        self.parents: list[Constraint] = []
        self._of_event: dict[int, list[int]] = defaultdict(list)
        self._of_resource: dict[int, list[int]] = defaultdict(list)
        self._always: list[int] = []
        self._costs: dict[int, Cost] = {}
        for constraint in problem.constraints:
            self._part(constraint)

    def _part(self, constraint: Constraint) -> None:
        known: Any = constraint
        kind = constraint.kind
        groups = self.problem.event_groups
        if kind in _BLIND:
            return
        if kind in _BY_RESOURCE:
            for resource in known.resources:
                self._of_resource[resource].append(self._unit(replace(known, resources=(resource,)), constraint))
        elif kind == "share_times":
            for share in known.shares:
                self._of_resource[share[0]].append(self._unit(replace(known, shares=(share,)), constraint))
        elif kind in _BY_GROUP:
            for group in known.event_groups:
                unit = self._unit(replace(known, event_groups=(group,)), constraint)
                self._index(unit, groups[group])
        elif kind in _BY_PAIR:
            for pair in known.pairs:
                unit = self._unit(replace(known, pairs=(pair,)), constraint)
                self._index(unit, {event for group in pair for event in groups[group]})
        elif kind in _BY_EVENT:
            for event in known.events:
                self._index(self._unit(replace(known, events=(event,)), constraint), (event,))
        elif kind == "common_free":
            unit = self._unit(constraint, constraint)
            for resource in known.resources:
                self._of_resource[resource].append(unit)
        else:
            self._always.append(self._unit(constraint, constraint))

    def _unit(self, constraint: Constraint, parent: Constraint) -> int:
        self.constraints.append(constraint)
        self.parents.append(parent)
        return len(self.constraints) - 1

    def _index(self, unit: int, events: Iterable[int]) -> None:
        for event in events:
            self._of_event[event].append(unit)

    def touched(self, moved: Iterable[Meet]) -> list[int]:
        """Return the units that moving some meets can change."""
        found: dict[int, None] = dict.fromkeys(self._always)
        for meet in moved:
            found.update(dict.fromkeys(self._of_event.get(meet.event, ())))
            for resource in meet.resources:
                if resource is not None:
                    found.update(dict.fromkeys(self._of_resource.get(resource, ())))
        return list(found)

    def cost_before(self, unit: int) -> Cost:
        """Return the cost of a unit in the base timetable."""
        if unit not in self._costs:
            self._costs[unit] = self.cost(unit, self.base)
        return self._costs[unit]

    def cost(self, unit: int, view: TimetableView) -> Cost:
        """Return the cost of a unit in a timetable, by its own check."""
        return sum((violation.cost for violation in self.constraints[unit].check(view)), Cost())

    def difference(self, moved: dict[Meet, Meet]) -> dict[str, tuple[Constraint, int, int]] | None:
        """Return, for each constraint that changes, its difference in required and preference cost; None where a requirement suffers."""
        view = Overlay(self.base, moved)
        changed: dict[str, tuple[Constraint, int, int]] = {}
        units = self.touched([*moved, *moved.values()])
        for unit in sorted(units, key=lambda u: not self.constraints[u].required):
            before, after = self.cost_before(unit), self.cost(unit, view)
            if before != after:
                if after.required > before.required:
                    return None
                parent = self.parents[unit]
                _, required, preference = changed.get(parent.id, (parent, 0, 0))
                changed[parent.id] = (
                    parent,
                    required + after.required - before.required,
                    preference + after.preference - before.preference,
                )
        return changed
