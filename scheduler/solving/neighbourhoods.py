"""Which part of a timetable a sub-solve may change.

A neighbourhood frees the placements of some events inside some times; everything else keeps its place. The kinds are those of the
literature (Dorneles, Araújo and Buriol 2014: classes, teachers, days; Kingston: defects), with sizes that adapt to what a sub-solve
can close in its time.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from constraints.base import Violation
from constraints.timetable.link_events import LinkEvents
from instances.problem import Problem
from instances.timetable import TimetableView

_TOWARDS_DEFECTS = 0.6  # share of the draws that begin at a violation
_MEMORY = 0.85  # of what a kind gained, after each call


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Events and times that are free; ``times`` None means all. ``kind`` names the family it came from."""

    kind: str
    events: frozenset[int]
    times: frozenset[int] | None = None


@dataclass
class Kind:
    """A family of neighbourhoods with its size (how many days, resources or defects to free) and its record."""

    name: str
    size: float
    smallest: float
    largest: float
    resource_type: str = ""
    days: int | None = None
    recent_gain: float = 0.2
    recent_seconds: float = 1.0
    calls: int = 0
    gains: int = 0
    seconds: float = 0.0

    @property
    def gain_rate(self) -> float:
        """Recent gain per second."""
        return self.recent_gain / self.recent_seconds

    def learn(self, gain: float, seconds: float, limit: float, closed: bool) -> None:
        """Adapt the size and the record after a sub-solve.

        ``gain`` is relative to the cost, below 0 where nothing as good was found; ``closed`` means proved optimal.
        """
        self.calls += 1
        self.gains += gain > 0
        self.seconds += seconds
        self.recent_gain = _MEMORY * self.recent_gain + max(gain, 0.0)
        self.recent_seconds = _MEMORY * self.recent_seconds + max(seconds, 0.05)
        if closed and gain <= 0 and seconds < 0.5 * limit:
            factor = 1.35 if seconds < 0.1 * limit else 1.1
        elif not closed and gain <= 0:
            factor = 0.85
        else:
            factor = 1.0
        self.size = min(self.largest, max(self.smallest, self.size * factor))


@dataclass
class Neighbourhoods:
    """Draws neighbourhoods of one problem. Deterministic for a given ``random.Random``."""

    problem: Problem
    rng: random.Random
    kinds: list[Kind] = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        self._days = [frozenset(group.times) for group in problem.days] or [frozenset(range(len(problem.times)))]
        self._by_type: dict[str, list[int]] = defaultdict(list)
        for index, resource in enumerate(problem.resources):
            if problem.events_of[index]:
                self._by_type[resource.type].append(index)
        self._related: dict[int, list[int]] = {}
        self._linked: dict[int, set[int]] = defaultdict(set)
        for constraint in problem.constraints:
            if isinstance(constraint, LinkEvents) and constraint.required:
                for key in constraint.event_groups:
                    for event in problem.event_groups[key]:
                        self._linked[event].update(problem.event_groups[key])
        self._choosable = {r for event in problem.events for role in event.roles if role.resource is None for r in role.candidates}
        self._holding: dict[int, set[int]] = {}
        self._everything = frozenset(range(len(problem.events)))
        self.kinds = []
        if len(self._days) > 2:
            self.kinds.append(Kind("days", 2, 1, len(self._days) - 1))
        for type_, resources in sorted(self._by_type.items()):
            if len(resources) > 2:
                largest = float(len(resources))
                self.kinds.append(Kind(f"{type_} sets", min(4.0, largest), 1, largest, type_))
                self.kinds.append(Kind(f"{type_} sets in 3 days", min(10.0, largest), 2, largest, type_, 3))
        self.kinds.append(Kind("defects", 2, 1, 40))

    def see(self, view: TimetableView) -> None:
        """Take note of who fills the open roles: a room is free with the lessons that it has, not with all that it could have."""
        self._holding = {resource: {meet.event for meet in view.meets_with(resource)} for resource in self._choosable}

    def _events_of(self, resource: int) -> Collection[int]:
        return self._holding.get(resource) or self.problem.events_of[resource]

    def draw(self, violations: Sequence[Violation]) -> tuple[Kind, Neighbourhood]:
        """Choose a kind by its record and draw a neighbourhood; defects are drawn from ``violations``."""
        kinds = [kind for kind in self.kinds if violations or kind.name != "defects"]
        best = max(kind.gain_rate for kind in kinds) or 1.0
        kind = self.rng.choices(kinds, [0.1 + kind.gain_rate / best for kind in kinds])[0]
        return kind, self._draw(kind, violations)

    def _draw(self, kind: Kind, violations: Sequence[Violation]) -> Neighbourhood:
        size = max(1, int(kind.size + self.rng.random()))
        defect = self.rng.choice(violations) if violations and self.rng.random() < _TOWARDS_DEFECTS else None
        if kind.name == "days":
            return Neighbourhood(kind.name, self._everything, self._some_days(size, defect))
        if kind.name == "defects":
            return self._around_defects(size, violations)
        resources = self._connected(self._by_type[kind.resource_type], size, defect)
        events = self._with_linked({event for resource in resources for event in self._events_of(resource)})
        return Neighbourhood(kind.name, events, None if kind.days is None else self._some_days(kind.days, defect))

    def _some_days(self, number: int, defect: Violation | None) -> frozenset[int]:
        """Return the times of some days, one of those of the defect among them."""
        chosen = self.rng.sample(self._days, min(number, len(self._days)))
        if defect is not None and defect.times:
            time = self.rng.choice(defect.times)
            own = [day for day in self._days if time in day]
            chosen = [*own, *(day for day in chosen if day not in own)][: len(chosen)]
        return frozenset().union(*chosen)

    def _with_linked(self, events: set[int]) -> frozenset[int]:
        """Return events with those that must run at the same times: neither can move without the other."""
        return frozenset(events.union(*(self._linked[event] for event in events if event in self._linked)))

    def _neighbours(self, resource: int) -> list[int]:
        """Resources of the same type that share other resources' events with this one, most shared first."""
        if resource not in self._related:
            problem, type_ = self.problem, self.problem.resources[resource].type
            shared: Counter[int] = Counter()
            for event in problem.events_of[resource]:
                for other in problem.events[event].fixed_resources():
                    if other != resource:
                        for through in problem.events_of[other]:
                            shared.update(
                                r for r in problem.events[through].fixed_resources() if problem.resources[r].type == type_ and r != resource
                            )
            self._related[resource] = [r for r, _ in shared.most_common()]
        return self._related[resource]

    def _connected(self, resources: Sequence[int], size: int, defect: Violation | None) -> list[int]:
        """Grow a connected set of resources, from one with the defect if there is any among them, else from a random one."""
        costly = [] if defect is None else self._concerned(defect, frozenset(resources))
        chosen = [self.rng.choice(costly or resources)]
        while len(chosen) < min(size, len(resources)):
            near = [r for r in self._neighbours(self.rng.choice(chosen))[:12] if r not in chosen]
            rest = near or [r for r in resources if r not in chosen]
            chosen.append(self.rng.choice(rest))
        return chosen

    def _concerned(self, defect: Violation, among: frozenset[int]) -> list[int]:
        """Return the resources of a set that a violation names, or whose lessons it names."""
        named = [*defect.resources, *(r for meet in defect.meets for r in self.problem.events[meet.event].fixed_resources())]
        return [r for r in dict.fromkeys(named) if r in among]

    def _around_defects(self, size: int, violations: Sequence[Violation]) -> Neighbourhood:
        """Free all lessons of those who are in some violations, and of somebody whom each of them meets."""
        problem, free = self.problem, set[int]()
        for violation in self.rng.sample(list(violations), min(size, len(violations))):
            core = {meet.event for meet in violation.meets} or {e for r in violation.resources[:1] for e in self._events_of(r)}
            free.update(core)
            if core:
                event = self.rng.choice(sorted(core))
                for resource in (*violation.resources[:1], *problem.events[event].fixed_resources()):
                    free.update(self._events_of(resource))
        return Neighbourhood("defects", self._with_linked(free))
