"""A timetable is plain data: a list of meets. Everything else is derived from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from instances.problem import Problem


@dataclass(frozen=True, slots=True, order=True)
class Meet:
    """Some periods of an event in one stretch.

    ``event`` and ``start`` are indices into the problem (start None: not placed); ``duration`` is in periods; ``weeks`` is the mask of
    the weeks in which it runs; ``resources`` holds one resource index for each role of the event, None where none is chosen.
    """

    event: int
    duration: int
    start: int | None
    weeks: int = 1
    resources: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Timetable:
    """The meets, in canonical order."""

    meets: tuple[Meet, ...]

    @staticmethod
    def of(meets: list[Meet]) -> Timetable:
        """Return a timetable with its meets in canonical order."""
        return Timetable(tuple(sorted(meets, key=lambda m: (m.event, -1 if m.start is None else m.start, m.weeks))))


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Cost in two tiers, compared in this order: what breaks requirements, then what breaks preferences."""

    required: int = 0
    preference: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.required + other.required, self.preference + other.preference)

    def __str__(self) -> str:
        return f"{self.required}/{self.preference}"


class TimetableView:
    """Look-ups in a finished timetable, for the checks. Reads nothing but the timetable and the problem."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self.problem = problem
        self.timetable = timetable
        self.meets_of: list[list[Meet]] = [[] for _ in problem.events]
        for meet in timetable.meets:
            self.meets_of[meet.event].append(meet)

    def times_of(self, meet: Meet) -> tuple[int, ...]:
        """Return the times that a meet occupies, cut off where its grid ends; empty when it is not placed."""
        if meet.start is None:
            return ()
        times = [meet.start]
        while len(times) < meet.duration:
            after = self.problem.following[times[-1]]
            if after is None:
                break
            times.append(after)
        return tuple(times)

    @cached_property
    def _uses(self) -> dict[int, list[Meet]]:
        uses: dict[int, list[Meet]] = defaultdict(list)
        for meet in self.timetable.meets:
            for resource in meet.resources:
                if resource is not None:
                    uses[resource].append(meet)
        return uses

    def meets_with(self, resource: int) -> list[Meet]:
        """Return the meets that a resource takes part in (twice, if it fills two roles of one event)."""
        return self._uses.get(resource, [])

    @cached_property
    def _occupied(self) -> dict[tuple[int, int], dict[int, list[Meet]]]:
        occupied: dict[tuple[int, int], dict[int, list[Meet]]] = {}
        for resource, meets in self._uses.items():
            for week in range(self.problem.weeks):
                at: dict[int, list[Meet]] = defaultdict(list)
                for meet in meets:
                    if meet.weeks >> week & 1:
                        for time in self.times_of(meet):
                            at[time].append(meet)
                occupied[resource, week] = dict(at)
        return occupied

    def occupied(self, resource: int, week: int) -> dict[int, list[Meet]]:
        """Return, for a resource in one week (0, 1), the meets at each time at which it has any."""
        return self._occupied.get((resource, week), {})

    def lessons(self, event: int, week: int) -> Iterator[tuple[Meet, int]]:
        """Yield (meet, time) for every period that an event occupies in one week."""
        for meet in self.meets_of[event]:
            if meet.weeks >> week & 1:
                for time in self.times_of(meet):
                    yield meet, time
