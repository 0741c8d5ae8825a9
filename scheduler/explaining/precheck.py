"""The pre-check: what is wrong by counting alone, found in a second or two, with numbers and cells.

Every shortage is a proof: lessons against open periods of a class or teacher, rooms over any set of slots, subjects against daily
limits, doubles against the blocks of the day, fixed periods against closed ones. Nothing is searched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from constraints.base import Constraint
from constraints.model import Domains
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.limit_concurrency import LimitConcurrency
from instances.language import Listing, Message
from instances.origin import NOWHERE, Origin
from scheduler.errors import Finding
from scheduler.explaining.counting import Counting, Overflow
from scheduler.explaining.groups import Group, group_of_constraint
from scheduler.explaining.row_checks import row_shortages
from scheduler.explaining.shortage import Shortage
from scheduler.explaining.submodels import Submodels

_MANY = 6
_TEXTS = {
    "class": Message("{who}: {need} lessons must stand in {slots} open periods; only {room} have room ({names}; see {why})"),
    "teacher": Message("{who} teaches {need} lessons that must stand in {slots} open periods; only {room} have room ({names}; see {why})"),
    "room": Message("{need} lessons need {who} in {slots} open periods; only {room} have room ({names}; see {why})"),
    "row": Message("{who}: {need} lessons in {slots} open periods; only {room} have room ({names}; see {why})"),
}


@dataclass(frozen=True)
class Precheck:
    """The shortages of a school, each once."""

    shortages: tuple[Shortage, ...]

    @property
    def fatal(self) -> bool:
        """Say whether counting proves that there is no timetable."""
        return any(shortage.fatal for shortage in self.shortages)

    def findings(self) -> tuple[Finding, ...]:
        """Return the shortages as findings, with the first of their cells."""
        return tuple(Finding(s.message, s.origins[0] if s.origins else NOWHERE, fatal=s.fatal) for s in self.shortages)

    def scopes(self) -> tuple[frozenset[int], ...]:
        """Return the events that each shortage is about, the fewest first."""
        return tuple(sorted({s.events for s in self.shortages if s.events and s.fatal}, key=lambda events: (len(events), sorted(events))))


def precheck(submodels: Submodels) -> Precheck:
    """Return all shortages that counting finds."""
    return Precheck(tuple(_Check(submodels).run()))


class _Check:
    def __init__(self, submodels: Submodels) -> None:
        self.submodels = submodels
        self.problem = submodels.problem
        self.required: list[Constraint] = [c for c in self.problem.constraints if c.required]
        domains = Domains(self.problem)
        for constraint in self.required:
            constraint.prune(domains)
        self.domains = domains
        self.allowed = {
            index: frozenset(time for p in placements for time in domains.spans[p.start, p.duration])
            for index, placements in enumerate(domains.placements)
        }
        self.counting = Counting(self.problem, self.allowed, domains.closed)

    def run(self) -> Iterator[Shortage]:
        """Yield the shortages, those of single rows first."""
        yield from row_shortages(self.submodels, self.domains, self.allowed)
        yield from self._resources()
        yield from self._concurrency()

    def _resources(self) -> Iterator[Shortage]:
        problem = self.problem
        clashing = {r for c in self.required if isinstance(c, AvoidClashes) for r in c.resources}
        for index, resource in enumerate(problem.resources):
            if index not in clashing or resource.type == "room":
                continue
            events = [e for e in problem.events_of[index] if index in problem.events[e].fixed_resources()]
            found = self.counting.overflow(events, self.counting.of_resources([index]), index)
            if found is not None:
                kind = "class" if resource.type == "class" else "teacher"
                yield self._shortage(resource.name, kind, found)
        yield from self._rooms()

    def _rooms(self) -> Iterator[Shortage]:
        """Rooms that stand in for one another together: every lesson that must be in one of them."""
        problem = self.problem
        choices: dict[frozenset[int], set[int]] = defaultdict(set)
        for index, event in enumerate(problem.events):
            for role in event.roles:
                if role.resource is None:
                    choices[frozenset(role.candidates)].add(index)
                elif problem.resources[role.resource].type == "room":
                    choices[frozenset({role.resource})].add(index)
        for rooms in choices:
            events = {e for inside, mine in choices.items() if inside <= rooms for e in mine}
            found = self.counting.overflow(events, self.counting.of_resources(rooms))
            if found is not None:
                keys = {self.submodels.groups.room_group[r] for r in rooms if r in self.submodels.groups.room_group}
                name = Listing(problem.resources[r].name for r in sorted(rooms))
                yield self._shortage(name, "room", found, keys)

    def _concurrency(self) -> Iterator[Shortage]:
        for constraint in self.required:
            if not isinstance(constraint, LimitConcurrency):
                continue
            for key in constraint.event_groups:
                found = self.counting.overflow(self.problem.event_groups[key], lambda clique: constraint.maximum)  # noqa: B023
                if found is not None:
                    yield self._shortage(constraint.label(), "row", found, {group_of_constraint(constraint.group, constraint.id)})

    def _shortage(self, who: object, kind: str, found: Overflow, more: Iterable[str] = ()) -> Shortage:
        keys = dict.fromkeys(more)
        keys.update((group_of_constraint(limit.group, limit.id), None) for limit in found.limits)
        keys.update((key, None) for key in self._closing(found.events))
        hours = dict.fromkeys(self.submodels.groups.hours[e] for e in found.events if e in self.submodels.groups.hours)
        rows = [self.submodels.groups[key] for key in keys if key in self.submodels.groups.by_id]
        courses = [self.submodels.groups[key] for key in hours]
        origins: dict[Origin, None] = {o: None for group in [*rows, *courses] for o in group.origins}
        names = list(dict.fromkeys(self.problem.events[e].name for e in found.events))
        values = {
            "who": who,
            "need": f"{found.need:g}",
            "room": f"{found.room:g}",
            "slots": found.slots,
            "names": Listing(names if len(names) <= _MANY else [*names[:_MANY], "…"]),
            "why": Listing(group.label for group in self._most_about(rows, found.events)) if rows else "-",
        }
        return Shortage(Message(_TEXTS[kind].text, **values), tuple(origins), frozenset(found.events), frozenset([*keys, *hours]))

    def _most_about(self, rows: list[Group], events: tuple[int, ...]) -> list[Group]:
        """Return the rows that are about the most of some lessons, the first ones first, at most four."""
        return sorted(rows, key=lambda group: -len(self.submodels.events_of_group[group.id].intersection(events)))[:4]

    def _closing(self, events: Iterable[int]) -> Iterator[str]:
        """Yield the groups of the rows that close some period to one of the lessons."""
        mine = frozenset(events)
        for constraint in self.required:
            key = group_of_constraint(constraint.group, constraint.id)
            if key.startswith("requirement:") and type(constraint).prune is not Constraint.prune:
                closes = getattr(constraint, "maximum", 0) == 0 or constraint.kind in ("occupy_times", "common_free")
                if closes and any(not mine.isdisjoint(about) for _, _, about in self.submodels.points(constraint)):
                    yield key
