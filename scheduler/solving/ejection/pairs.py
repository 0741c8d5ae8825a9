"""Which lessons may not stand where others do: clashes, how two lessons stand to each other, and how many begin in a day, as arrays.

A *meet* is one lesson of an event, known by number. Only problems whose events have one duration, and whose times do not overlap, are
understood.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from constraints.base import Constraint
from constraints.model import Domains
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.relate_meets import RelateMeets
from constraints.timetable.spread_events import SpreadEvents
from instances.problem import Problem
from instances.timetable import Meet, Timetable

Array = NDArray[Any]
Wrong = Callable[[], Array]  # which two starts do not go together: float32, by the start of the first and of the second
Placed = tuple[list[int], list[tuple[int, ...]]]  # the start of each meet, or -1, and the places it has of its ``rooms``


def understood(problem: Problem) -> bool:
    """Say whether the search can speak of a problem: one week, every event with meets of one duration, no times that overlap."""
    return (
        problem.weeks == 1
        and all(len(instant) == 1 for instant in problem.instants)
        and all(len(event.durations) == 1 and event.duration % event.durations[0] == 0 for event in problem.events if event.duration)
    )


class Pairs:
    """The meets of a problem and what keeps two of them apart.

    ``event`` and ``duration`` of each meet; ``starts`` its possible starts; ``spans[duration]`` the times occupied from each start;
    ``cliques`` are groups of meets no two of which may overlap, ``clashing`` says so of two meets; ``relations`` gives for a meet (other,
    wrong), ``wrong`` a matrix by their starts; ``rooms`` for each meet lists of places of which it takes one each, ``capacity`` of a place:
    resources, then limits; ``closed[place, time]`` where a place cannot be used. A *tally* is a limit on the meets of a group that start
    in a part of the week: ``members`` and ``most`` of each, ``inside[tally, time]``, and ``tallies`` for each meet;
    there are none where they are not ``tallied``. ``crowd`` says how hard each meet is to place: its periods times
    the meets it clashes with, by its starts.
    """

    def __init__(self, problem: Problem, required: Sequence[Constraint], tallied: bool = True) -> None:
        self.problem = problem
        domains = Domains(problem)
        for constraint in required:
            constraint.prune(domains)
        self.event = [e for e, event in enumerate(problem.events) if event.duration for _ in range(event.duration // event.durations[0])]
        self.duration = [problem.events[e].durations[0] for e in self.event]
        self.meets_of: list[list[int]] = [[] for _ in problem.events]
        for meet, e in enumerate(self.event):
            self.meets_of[e].append(meet)
        starts = [np.array(sorted(p.start for p in placements), dtype=np.int64) for placements in domains.placements]
        times = range(len(problem.times))
        self.spans = {d: np.array([problem.span(start, d) or (start,) * d for start in times]) for d in set(self.duration)}
        self.fixed = [sorted(set(event.fixed_resources())) for event in problem.events]
        self.capacity = [resource.capacity for resource in problem.resources]
        limited = frozenset(r for c in required if isinstance(c, AvoidClashes) for r in c.resources)
        self.cliques = self._cliques(required, limited)
        self.clashing = self._clashing()
        self.rooms = self._rooms(required, limited)
        self.closed = np.zeros((len(self.capacity), len(problem.times)), bool)
        for resource, shut in domains.closed.items():
            self.closed[resource, sorted(shut)] = True
        self.starts = [self._with_rooms(meet, starts[e]) for meet, e in enumerate(self.event)]
        self.relations = self._relations(required)
        self._propagate()
        choices = np.array([max(1, len(found)) for found in self.starts])
        self.crowd = (self.clashing.sum(axis=1) * np.array(self.duration) / choices).tolist()
        tallies = list(self._tallies(required)) if tallied else []
        self.members = [members for members, _, _ in tallies]
        self.inside = np.zeros((len(tallies), len(problem.times)), bool)
        for tally, (_, part, _) in enumerate(tallies):
            self.inside[tally, list(part)] = True
        self.most = np.array([most for _, _, most in tallies], dtype=np.int64)
        of_meet: list[list[int]] = [[] for _ in self.event]
        for tally, members in enumerate(self.members):
            for meet in members:
                of_meet[meet].append(tally)
        self.tallies = [np.array(found, dtype=np.int64) for found in of_meet]

    def of_events(self, events: Iterable[int]) -> list[int]:
        """Return the meets of some events."""
        return [meet for event in events for meet in self.meets_of[event]]

    def timetable(self, placed: Placed) -> Timetable:
        """Return what is placed, each event with the resources chosen for its open roles."""
        meets = []
        for meet, (start, chosen) in enumerate(zip(*placed, strict=True)):
            if start >= 0:
                event = self.problem.events[self.event[meet]]
                rooms = iter(chosen)
                resources = tuple(next(rooms) if r.resource is None and r.candidates else r.resource for r in event.roles)
                meets.append(Meet(self.event[meet], self.duration[meet], start, event.weeks[0], resources))
        return Timetable.of(meets)

    def _cliques(self, required: Sequence[Constraint], limited: frozenset[int]) -> list[list[int]]:
        """Return groups of meets no two of which may overlap, none of them within another."""
        found = [
            self.of_events(e for e in self.problem.events_of[resource] if resource in self.fixed[e])
            for resource in sorted(limited)
            if self.capacity[resource] == 1
        ]
        for constraint in required:
            if isinstance(constraint, LimitConcurrency) and constraint.maximum == 1:
                found += [self.of_events(self.problem.event_groups[group]) for group in constraint.event_groups]
        kept: list[list[int]] = []
        containing: dict[int, list[frozenset[int]]] = defaultdict(list)
        for members in sorted(found, key=len, reverse=True):
            clique = frozenset(members)
            if len(clique) > 1 and not any(clique <= larger for larger in containing[members[0]]):
                kept.append(sorted(clique))
                for meet in clique:
                    containing[meet].append(clique)
        return kept

    def _clashing(self) -> Array:
        clashing = np.zeros((len(self.event), len(self.event)), bool)
        for meets in self.cliques:
            clashing[np.ix_(meets, meets)] = True
        np.fill_diagonal(clashing, False)
        return clashing

    def _rooms(self, required: Sequence[Constraint], limited: frozenset[int]) -> list[list[tuple[int, ...]]]:
        """Choices of rooms in the order of the roles; then pools of rooms, rooms that others may choose, and limits on how many lessons run
        at once.
        """
        rooms: list[list[tuple[int, ...]]] = []
        chosen = {room for event in self.problem.events for role in event.roles if role.resource is None for room in role.candidates}
        for e in self.event:
            roles, own = self.problem.events[e].roles, self.fixed[e]
            choices = [role.candidates for role in roles if role.resource is None and role.candidates]
            rooms.append([tuple(room for room in candidates if room not in own) or candidates for candidates in choices])
            rooms[-1] += [
                (role.resource,)
                for role in roles
                if role.resource in limited and (self.capacity[role.resource] > 1 or role.resource in chosen)
            ]
        for constraint in required:
            if isinstance(constraint, LimitConcurrency) and constraint.maximum > 1:
                for group in constraint.event_groups:
                    self.capacity.append(constraint.maximum)
                    for meet in self.of_events(self.problem.event_groups[group]):
                        rooms[meet].append((len(self.capacity) - 1,))
        return rooms

    def _with_rooms(self, meet: int, starts: Array) -> Array:
        """Return those of the starts at which each list of places has one that is open."""
        spans = self.spans[self.duration[meet]][starts]
        for candidates in self.rooms[meet]:
            spans = spans[~self.closed[list(candidates)][:, spans].any(axis=2).all(axis=0)]
        return spans[:, 0]

    def _relations(self, required: Sequence[Constraint]) -> list[list[tuple[int, Array]]]:
        matrices: dict[object, Array] = {}
        found: dict[tuple[int, int], list[Array]] = defaultdict(list)
        for constraint in required:
            for first, second, meaning, wrong in self._related(constraint):
                name = (meaning, self.duration[first], self.duration[second], self.event[first] == self.event[second])
                if name not in matrices:
                    matrices[name] = wrong()
                found[first, second].append(matrices[name])
        relations: list[list[tuple[int, Array]]] = [[] for _ in self.event]
        both_ways: dict[tuple[int, ...], tuple[Array, Array]] = {}
        for (first, second), parts in found.items():
            alike = tuple(map(id, parts))
            if alike not in both_ways:
                matrix = np.maximum.reduce(parts)
                both_ways[alike] = matrix, np.ascontiguousarray(matrix.T)
            matrix, other_way = both_ways[alike]
            if matrix.any():
                relations[first].append((second, matrix))
                relations[second].append((first, other_way))
        return relations

    def alike(self, meet: int) -> list[tuple[Array, Array]]:
        """Return the relations of a meet as (others, wrong), those with one matrix together."""
        others: dict[int, list[int]] = defaultdict(list)
        for other, wrong in self.relations[meet]:
            others[id(wrong)].append(other)
        wrongs = {id(wrong): wrong for _, wrong in self.relations[meet]}
        return [(np.array(members), wrongs[key]) for key, members in others.items()]

    def _tallies(self, required: Sequence[Constraint]) -> Iterator[tuple[list[int], tuple[int, ...], int]]:
        """Yield (meets, times, most) of limits above 1; what is limited to 1 is a relation of two."""
        for constraint in required:
            if isinstance(constraint, SpreadEvents):
                for group in constraint.event_groups:
                    meets = self.of_events(self.problem.event_groups[group])
                    for limit in constraint.limits:
                        if 1 < limit.maximum < len(meets):
                            yield meets, self.problem.time_groups[limit.time_group].times, limit.maximum

    def _propagate(self) -> None:
        """Take from the starts of others what a meet with a single start leaves no room for; the last starts of a meet stay."""
        single = [meet for meet, starts in enumerate(self.starts) if len(starts) == 1]
        for meet in single:  # which grows
            start = int(self.starts[meet][0])
            taken = self.spans[self.duration[meet]][start]
            wrong = {other: matrix[start] > 0 for other, matrix in self.relations[meet]}
            for other in {*np.flatnonzero(self.clashing[meet]).tolist(), *wrong}:
                starts = self.starts[other]
                lost = np.zeros(len(starts), bool)
                if self.clashing[meet, other]:
                    lost |= np.isin(self.spans[self.duration[other]][starts], taken).any(axis=1)
                if other in wrong:
                    lost |= wrong[other][starts]
                if lost.any() and not lost.all():
                    self.starts[other] = starts[~lost]
                    if len(self.starts[other]) == 1:
                        single.append(other)

    def _related(self, constraint: Constraint) -> Iterator[tuple[int, int, object, Wrong]]:
        """Yield pairs of meets (first, second, what tells their relation apart from others, wrong)."""
        problem = self.problem
        if isinstance(constraint, EdgeOfDay):
            meaning: object = (constraint.kind, constraint.first)
            for event in constraint.events:
                people = constraint.people(problem, event)
                beside = sorted({e for person in people for e in problem.events_of[person] if person in self.fixed[e]})
                for first, second in itertools.product(self.meets_of[event], self.of_events(beside)):
                    if first != second:
                        yield first, second, meaning, self._beyond(constraint, first, second)
        elif isinstance(constraint, RelateMeets | SpreadEvents | DaysBetween):
            meaning = _meaning(constraint)
            for group in constraint.event_groups:
                for first, second in itertools.combinations(self.of_events(problem.event_groups[group]), 2):
                    if isinstance(constraint, RelateMeets):
                        yield first, second, meaning, self._unrelated(constraint, first, second)
                    elif isinstance(constraint, SpreadEvents):
                        yield first, second, meaning, self._badly_spread(constraint)
                    else:
                        yield first, second, meaning, self._too_close(constraint)

    def _by_times(self, pairs: Iterable[tuple[int, int]]) -> Array:
        """Return a matrix with a one for each pair of times."""
        matrix = np.zeros((len(self.problem.times),) * 2, np.float32)
        for one, other in pairs:
            matrix[one, other] = 1
        return matrix

    def _unrelated(self, constraint: RelateMeets, first: int, second: int) -> Wrong:
        problem, same = self.problem, self.event[first] == self.event[second]
        lengths = self.duration[first], self.duration[second]

        def wrong(a: int, b: int) -> bool:
            if same and problem.positions[b] < problem.positions[a]:
                a, b = b, a
            return not constraint.agree(problem, (a, lengths[0]), (b, lengths[1]))

        times = range(len(problem.times))
        return lambda: self._by_times((a, b) for a in times for b in times if wrong(a, b))

    def _beyond(self, constraint: EdgeOfDay, first: int, second: int) -> Wrong:
        length, theirs = self.duration[first], self.spans[self.duration[second]]

        def wrong() -> Array:
            times = range(len(self.problem.times))
            beyond = self._by_times((start, time) for start in times for time in constraint.beyond(self.problem, start, length))
            matrix: Array = beyond[:, theirs].max(axis=2)
            return matrix

        return wrong

    def _badly_spread(self, constraint: SpreadEvents) -> Wrong:
        groups = [self.problem.time_groups[limit.time_group].times for limit in constraint.limits if limit.maximum == 1]
        return lambda: self._by_times(pair for group in groups for pair in itertools.product(group, group))

    def _too_close(self, constraint: DaysBetween) -> Wrong:
        def wrong() -> Array:
            day = np.array([time.day for time in self.problem.times])
            apart = np.abs(day[:, None] - day)
            matrix: Array = ((apart > 0) & (apart < constraint.gap)).astype(np.float32)
            return matrix

        return wrong


def _meaning(constraint: RelateMeets | SpreadEvents | DaysBetween) -> object:
    """Return what a constraint asks of two meets, whichever they are: a FET file has a constraint for each pair."""
    match constraint:
        case RelateMeets():
            return constraint.kind, constraint.relation, constraint.limit, constraint.pauses
        case SpreadEvents():
            return constraint.kind, constraint.limits
        case DaysBetween():
            return constraint.kind, constraint.gap
