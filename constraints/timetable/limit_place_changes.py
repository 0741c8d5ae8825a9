"""Few ways between buildings: a teacher changes at most so often between places, and has time for it.

A position of a time group is a change for a resource that has a lesson there in one place, and whose last lesson before it in the group
(or another at the same time) is in another place; lessons without a place do not count. Point: a resource. Deviation: the
changes, summed over the time groups, beyond ``maximum``, plus the positions at which it is in one place although it was in another
less than ``gap`` + 1 positions before [positions]; each week looked at apart where they differ.
Source: FET (Lalescu, Dirr), "max building changes" and "min gaps between building changes".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import Placement, TimetableModel


@dataclass(frozen=True, kw_only=True)
class LimitPlaceChanges(Constraint):
    """Each of ``resources`` (indices) changes places at most ``maximum`` times in all of ``time_groups`` (ids) together.

    ``places`` are the resources (indices), as a rule rooms, that lie in one place each; ``maximum`` None: any number.
    """

    kind: ClassVar[str] = "limit_place_changes"
    resources: tuple[int, ...]
    time_groups: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]
    maximum: int | None = None
    gap: int = 0

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """The people and all rooms that have a place."""
        return (*self.resources, *(room for place in self.places for room in place))

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Walk through each time group from lesson to lesson."""
        problem = view.problem
        place_of = {room: number for number, place in enumerate(self.places) for room in place}
        for index in self.resources:
            for week in problem.week_views(problem.events_of[index]):
                occupied = view.occupied(index, week)
                changes: list[int] = []
                hurried: list[int] = []
                for key in self.time_groups:
                    seen: list[set[int]] = []
                    for times in problem.at_positions(problem.time_groups[key].times):
                        meets = [meet for time in times for meet in occupied.get(time, ())]
                        here = {place_of[room] for meet in meets for room in meet.resources if room is not None and room in place_of}
                        last = next((places for places in reversed(seen) if places), set())
                        if here and len(here | last) > 1:
                            changes.append(times[0])
                        near = set().union(*seen[max(len(seen) - self.gap, 0) :]) if self.gap else set()
                        if here and any(a != b for a in here for b in near):
                            hurried.append(times[0])
                        seen.append(here)
                over = 0 if self.maximum is None else max(len(changes) - self.maximum, 0)
                if over or hurried:
                    values: dict[str, object] = {"who": problem.resources[index].name, "count": len(changes), "limit": self.maximum}
                    values["times"] = Listing(problem.times[time].name for time in (changes if over else hurried))
                    yield Violation(
                        self,
                        problem.resources[index].name,
                        over + len(hurried),
                        Message("{who} changes between buildings {count} times ({times}), at most {limit} wanted", **values)
                        if over
                        else Message("{who} has too little time between two buildings: {times}", **values),
                        times=tuple(dict.fromkeys((*changes, *hurried))),
                        resources=(index,),
                        about=problem.resources[index].id,
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """Literals for "here" and "last in this place", and for each position one for a change and one for haste."""
        problem = model.problem
        within: dict[int, dict[Placement, dict[int, IntVar]]] = {}
        for index in self.resources:
            for event in problem.events_of[index]:
                if event not in within:
                    within[event] = self._within(model, event)
            for week in problem.week_views(problem.events_of[index]):
                changes: list[IntVar] = []
                hurried: list[IntVar] = []
                for key in self.time_groups:
                    here = self._here(model, index, problem.at_positions(problem.time_groups[key].times), week, within)
                    if self.maximum is not None:
                        changes += self._changes(model, here)
                    if self.gap:
                        hurried += self._hurried(model, here)
                over = model.excess(model.sum(*changes), self.maximum, len(changes)) if self.maximum is not None else 0
                bound = max(len(changes) - self.maximum, 0) if self.maximum is not None else 0
                yield Deviation(problem.resources[index].name, model.sum(over, *hurried), bound + len(hurried))

    def _within(self, model: TimetableModel, event: int) -> dict[Placement, dict[int, IntVar]]:
        """For each placement of an event and each place the literal "it stands, with a room there"."""
        place_of = {room: number for number, place in enumerate(self.places) for room in place}
        rooms: dict[Placement, dict[int, list[IntVar]]] = defaultdict(lambda: defaultdict(list))
        for p, r, literal in _chosen(model, event, place_of):
            rooms[p][place_of[r]].append(literal)
        return {
            p: {n: found[0] if len(found) == 1 else model.any_of(("within", self.places[n], p), found) for n, found in of_place.items()}
            for p, of_place in rooms.items()
        }

    def _here(
        self,
        model: TimetableModel,
        resource: int,
        positions: Sequence[tuple[int, ...]],
        week: int,
        within: Mapping[int, Mapping[Placement, Mapping[int, IntVar]]],
    ) -> list[dict[int, IntVar]]:
        """For each of some positions (sets of times) and each place the literal "the resource has a lesson there then"."""
        position_of = {time: number for number, times in enumerate(positions) for time in times}
        found: list[dict[int, dict[IntVar, None]]] = [defaultdict(dict) for _ in positions]
        for event in model.problem.events_of[resource]:
            for p, _, literal in _chosen(model, event, (resource,)):
                if p.weeks >> week & 1:
                    numbers = {position_of[time] for time in model.spans[p.start, p.duration] if time in position_of}
                    for place, room in within[event].get(p, {}).items() if numbers else ():
                        both = _both(model, model.x[p], literal, room)
                        for number in numbers:
                            found[number][place][both] = None
        return [
            {
                place: model.any_of(("here", self.places, resource, times, week, place), literals)
                for place, literals in sorted(of_place.items())
            }
            for times, of_place in zip(positions, found, strict=True)
        ]

    @staticmethod
    def _changes(model: TimetableModel, here: list[dict[int, IntVar]]) -> list[IntVar]:
        last: dict[int, IntVar] = {}
        changes = []
        for now in here:
            if now:
                changes.append(model.cp.new_bool_var(""))
                for place, literal in now.items():
                    for other, before in (*last.items(), *now.items()):
                        if other != place:
                            model.cp.add_bool_or(~literal, ~before, changes[-1])
            kept: dict[int, IntVar] = {}
            for place in sorted(last.keys() | now.keys()):
                kept[place] = model.cp.new_bool_var("")
                if place in now:
                    model.cp.add_implication(now[place], kept[place])
                if place in last:
                    model.cp.add_bool_or(~last[place], kept[place], *now.values())
            last = kept
        return changes

    def _hurried(self, model: TimetableModel, here: list[dict[int, IntVar]]) -> list[IntVar]:
        hurried = []
        for number, now in enumerate(here):
            near = [(place, literal) for before in here[max(number - self.gap, 0) : number] for place, literal in before.items()]
            pairs = [(literal, other) for place, literal in now.items() for elsewhere, other in near if elsewhere != place]
            if pairs:
                hurried.append(model.cp.new_bool_var(""))
                for literal, other in pairs:
                    model.cp.add_bool_or(~literal, ~other, hurried[-1])
        return hurried


def _chosen(model: TimetableModel, event: int, among: Collection[int]) -> Iterator[tuple[Placement, int, IntVar]]:
    """Yield the placements of an event with each resource of those that takes part, and the literal for that."""
    for number, role in enumerate(model.problem.events[event].roles):
        resource = role.resource
        if resource is not None and resource in among:
            yield from ((p, resource, model.x[p]) for p in model.placements_of(event))
        elif resource is None and any(candidate in among for candidate in role.candidates):
            yield from ((p, r, model.y[p, number, r]) for p, r in model.fillings(event, number) if r in among)


def _both(model: TimetableModel, meet: IntVar, first: IntVar, second: IntVar) -> IntVar:
    """Return the literal "both hold" of two literals that imply that ``meet`` stands."""
    if first is meet or first is second:
        return second
    if second is meet:
        return first
    both = model.cp.new_bool_var("")
    model.cp.add_implication(both, first)
    model.cp.add_implication(both, second)
    model.cp.add_bool_or(~first, ~second, both)
    return both
