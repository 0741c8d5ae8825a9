"""The pre-check: what is wrong by counting alone, found in a second or two, with numbers and cells.

Every shortage is a proof: lessons against open periods of a class or teacher, rooms over any set of slots, subjects against daily
limits, doubles against the blocks of the day, fixed periods against closed ones. Nothing is searched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from constraints.base import Constraint
from constraints.model import Domains
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.occupy_times import OccupyTimes
from instances.language import Listing, Message
from instances.origin import NOWHERE
from scheduler.errors import Finding
from scheduler.explaining.counting import Counting, Overflow
from scheduler.explaining.groups import group_of_constraint
from scheduler.explaining.row_checks import row_shortages
from scheduler.explaining.shortage import Shortage
from scheduler.explaining.submodels import Submodels

_MANY = 6
_REASONS = 4
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
        self.stuck = {index for index, allowed in self.allowed.items() if not allowed and self.problem.events[index].duration > 0}
        self.counting = Counting(self.problem, self.allowed, domains.closed)
        self.told: set[tuple[str, frozenset[int]]] = set()

    def run(self) -> Iterator[Shortage]:
        """Yield the shortages: those of single rows, lessons that can stand nowhere, then what is too much for a person or a room."""
        rows = list(row_shortages(self.submodels, self.domains, self.counting, self._closing))
        yield from rows
        yield from self._nowhere({event for shortage in rows for event in shortage.events if len(shortage.events) == 1})
        yield from self._at_one_time()
        yield from self._resources()
        yield from self._concurrency()

    def _nowhere(self, told: set[int]) -> Iterator[Shortage]:
        """Lessons to which every period is closed, but for those of whom a row has told already."""
        for event in sorted(self.stuck - told):
            closing = list(self._closing([event]))
            rows = [self.submodels.groups[key] for key in closing if key in self.submodels.groups.by_id]
            text = Message(
                "{lessons}: no period is open to it (closed by {why})",
                lessons=self.problem.events[event].name,
                why=Listing(group.label for group in rows[:_REASONS]) if rows else "-",
            )
            yield self._told(text, [event], closing)

    def _at_one_time(self) -> Iterator[Shortage]:
        """Lessons that are fixed to one period and need the same person, class or room there."""
        problem = self.problem
        fixed: dict[tuple[int, int], dict[str, tuple[frozenset[int], str]]] = defaultdict(dict)
        for constraint in self.required:
            if not isinstance(constraint, OccupyTimes):
                continue
            for key in constraint.event_groups:
                events = frozenset(problem.event_groups[key])
                shared = set.intersection(*(set(problem.events[e].fixed_resources()) for e in events)) if events else set()
                for slot in constraint.slots:
                    for resource in shared:
                        for time in self._in_use(events, slot):
                            fixed[resource, time][key] = events, group_of_constraint(constraint.group, constraint.id)
        for event, allowed in self.allowed.items():
            if len(allowed) == self.problem.events[event].duration and event not in self.stuck:
                for resource in problem.events[event].fixed_resources():
                    for time in allowed:
                        fixed[resource, time].setdefault(f"event|{event}", (frozenset([event]), ""))
        told = set()
        for (resource, time), claims in sorted(fixed.items()):
            apart = _without_parts([events for events, _ in claims.values()])
            if len(apart) <= problem.resources[resource].capacity or not self._every_week(apart):
                continue
            events = frozenset().union(*apart)
            if events in told:
                continue
            told.add(events)
            needed = set.intersection(*(set(problem.events[e].fixed_resources()) for e in events))
            text = Message(
                "{names} are fixed to {time}, and all need {who}",
                names=Listing(dict.fromkeys(problem.events[e].name for e in sorted(events))),
                time=problem.times[time].name,
                who=Listing(problem.resources[r].name for r in sorted(needed)),
            )
            yield self._told(text, events, [key for _, key in claims.values() if key] + list(self._closing(events)))

    def _in_use(self, events: Iterable[int], slot: Iterable[int]) -> list[int]:
        """Return the times of a slot that some of the events may occupy, if there is one such time only."""
        times = [time for time in slot if any(time in self.allowed[event] for event in events)]
        return times if len(times) == 1 else []

    def _every_week(self, groups: Iterable[frozenset[int]]) -> bool:
        return all(self.problem.events[e].weeks == (self.problem.every_week,) or self.problem.weeks == 1 for g in groups for e in g)

    def _told(self, text: Message, events: Iterable[int], keys: Iterable[str]) -> Shortage:
        """Return a shortage of some lessons, with the cells of the groups behind it."""
        mine = frozenset(events)
        named = dict.fromkeys(keys)
        named.update((self.submodels.groups.hours[e], None) for e in sorted(mine) if e in self.submodels.groups.hours)
        known = [key for key in named if key in self.submodels.groups.by_id]
        origins = {o: None for key in known for o in self.submodels.groups[key].origins}
        return Shortage(text, tuple(origins), mine, frozenset(known))

    def _resources(self) -> Iterator[Shortage]:
        problem = self.problem
        clashing = {r for c in self.required if isinstance(c, AvoidClashes) for r in c.resources}
        for index, resource in sorted(enumerate(problem.resources), key=lambda pair: (pair[1].type != "class", pair[0])):
            if index not in clashing or resource.type == "room":
                continue
            events = [e for e in problem.events_of[index] if index in problem.events[e].fixed_resources() and e not in self.stuck]
            found = self.counting.overflow(events, self.counting.of_resources([index]), index)
            if found is not None and self._new("person", found):
                kind = "class" if resource.type == "class" else "teacher"
                yield self._shortage(resource.name, kind, found)
        yield from self._rooms()

    def _new(self, about: str, found: Overflow) -> bool:
        """Say whether these lessons were not told of yet: what stops a class stops its teachers as well, what stops a room others."""
        events = frozenset(e for e in found.events if not self.submodels.compiled.teaching.courses[e][0].id.startswith("event:"))
        new = (about, events) not in self.told
        self.told.add((about, events))
        return new

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
            events = {e for inside, mine in choices.items() if inside <= rooms for e in mine} - self.stuck
            found = self.counting.overflow(events, self.counting.of_resources(rooms))
            if found is not None and self._new("room", found):
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
        if found.week is not None:
            weeks = self.submodels.groups.weeks
            keys.update((weeks[e], None) for e in found.events if e in weeks)
        keys.update((key, None) for key in self._closing(found.events))
        rows = [self.submodels.groups[key] for key in keys if key in self.submodels.groups.by_id]
        names = list(dict.fromkeys(self.problem.events[e].name for e in found.events))
        values = {
            "who": who,
            "need": f"{found.need:g}",
            "room": f"{found.room:g}",
            "slots": found.slots,
            "names": Listing(names if len(names) <= _MANY else [*names[:_MANY], "…"]),
            "why": Listing(group.label for group in rows[:_REASONS]) if rows else "-",
        }
        text = Message(_TEXTS[kind].text, **values)
        if found.week is not None:
            text = Message("in odd weeks: {what}", what=text) if found.week == 0 else Message("in even weeks: {what}", what=text)
        return self._told(text, found.events, keys)

    def _closing(self, events: Iterable[int]) -> Iterator[str]:
        """Yield the groups of the rows that close some period to one of the lessons, those that close the most first."""
        closed: dict[str, int] = defaultdict(int)
        mine = frozenset(events)
        for constraint, times in self._closed_times:
            about = {e for _, _, concerned in self.submodels.points(constraint) for e in concerned & mine}
            for event in about:
                possible = self.problem.events[event].times
                closed[group_of_constraint(constraint.group, constraint.id)] += len(times if possible is None else possible & times)
        yield from sorted((key for key, count in closed.items() if key and count), key=lambda key: -closed[key])

    @cached_property
    def _closed_times(self) -> list[tuple[Constraint, frozenset[int]]]:
        """The rows that close periods, with the times that they close."""
        problem = self.problem
        everything = frozenset(range(len(problem.times)))
        found: list[tuple[Constraint, frozenset[int]]] = []
        for constraint in self.required:
            times: frozenset[int] = frozenset()
            if isinstance(constraint, AvoidUnavailableTimes):
                times = frozenset(constraint.times)
            elif isinstance(constraint, LimitLessons) and constraint.maximum == 0:
                times = frozenset(t for key in constraint.time_groups for t in problem.time_groups[key].times)
            elif isinstance(constraint, OccupyTimes) and any(
                sum(problem.events[e].duration for e in problem.event_groups[key]) <= len(constraint.slots)
                for key in constraint.event_groups
            ):
                times = everything.difference(*constraint.slots)
            elif isinstance(constraint, CommonFree) and len(constraint.blocks) == 1:
                times = frozenset(other for time in constraint.blocks[0] for other in problem.overlapping[time])
            if times:
                found.append((constraint, times))
        return found


def _without_parts(groups: list[frozenset[int]]) -> list[frozenset[int]]:
    """Return sets of lessons that have none in common: of those that overlap the first one stands for all."""
    kept: list[frozenset[int]] = []
    for events in sorted(dict.fromkeys(groups), key=lambda g: (len(g), sorted(g))):
        if all(events.isdisjoint(other) for other in kept):
            kept.append(events)
    return kept
