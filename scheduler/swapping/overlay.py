"""A timetable with some meets moved, seen through the same look-ups as a whole one; what is not touched is shared with the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from instances.problem import Problem
from instances.timetable import Meet, Timetable, TimetableView


class Overlay(TimetableView):
    """The base view with each meet of ``moved`` replaced by its new form. Constraints check it like any other view."""

    def __init__(self, base: TimetableView, moved: Mapping[Meet, Meet]) -> None:
        self.problem: Problem = base.problem
        self.base = base
        self.moved = moved
        self.meets_of = list(base.meets_of)
        for event in {meet.event for meet in moved}:
            self.meets_of[event] = [moved.get(meet, meet) for meet in base.meets_of[event]]
        self._touched = {r for old, new in moved.items() for r in (*old.resources, *new.resources) if r is not None}
        self._own: dict[tuple[int, int], dict[int, list[Meet]]] = {}

    @property
    def timetable(self) -> Timetable:  # type: ignore[override]  # a field of the base, here made when asked for
        """The whole timetable, put together when somebody asks."""
        return Timetable.of([self.moved.get(meet, meet) for meet in self.base.timetable.meets])

    def meets_with(self, resource: int) -> list[Meet]:
        """Return the meets that a resource takes part in."""
        if resource not in self._touched:
            return self.base.meets_with(resource)
        kept = [meet for meet in self.base.meets_with(resource) if meet not in self.moved]
        return kept + [new for new in self.moved.values() for r in new.resources if r == resource]

    def occupied(self, resource: int, week: int) -> dict[int, list[Meet]]:
        """Return, for a resource in one week, the meets at each time at which it has any."""
        if resource not in self._touched:
            return self.base.occupied(resource, week)
        if (resource, week) not in self._own:
            at: dict[int, list[Meet]] = defaultdict(list)
            for meet in self.meets_with(resource):
                if meet.weeks >> week & 1:
                    for time in self.times_of(meet):
                        at[time].append(meet)
            self._own[resource, week] = dict(at)
        return self._own[resource, week]
