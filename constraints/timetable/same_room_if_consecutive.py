"""Nobody changes rooms between lessons that follow each other: the same room for the next lesson of the same teacher or class.

Point: the group of lessons as a whole. Deviation: the moments (week, day, period at which a lesson of the group begins) at which a
lesson of the group that ends right before, pauses left out, has a room that one that begins does not have [moments].
Rooms that are not chosen do not count. Source: FET (Lalescu, Dirr), "activities same room if consecutive".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import Meet, TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel

Position = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class SameRoomIfConsecutive(Constraint):
    """Among ``places``, pairs (event, number of a role), lessons that follow each other have one room.

    ``pauses`` are the positions (day, period) that part nothing, such as lunch.
    """

    kind: ClassVar[str] = "same_room_if_consecutive"
    places: tuple[tuple[int, int], ...]
    pauses: frozenset[Position] = frozenset()

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """All rooms that the lessons can have."""
        roles = [problem.events[event].roles[number] for event, number in self.places]
        return tuple({r for role in roles for r in (role.candidates if role.resource is None else (role.resource,))})

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Gather the lessons that end and begin at each position and compare their rooms."""
        problem = view.problem
        after = self._positions_after(problem)
        wrong: dict[tuple[int, Position], list[Meet]] = {}
        rooms: dict[int, None] = {}
        for week in problem.week_views([event for event, _ in self.places]):
            ending: dict[Position, list[tuple[Meet, int]]] = defaultdict(list)
            beginning: dict[Position, list[tuple[Meet, int]]] = defaultdict(list)
            for event, number in self.places:
                for meet in view.meets_of[event]:
                    room = meet.resources[number]
                    if meet.start is not None and room is not None and meet.weeks >> week & 1:
                        day, period = problem.positions[meet.start]
                        beginning[day, period].append((meet, room))
                        then = after.get((day, period + meet.duration - 1))
                        if then is not None:
                            ending[then].append((meet, room))
            for position in sorted(beginning):
                changed = {(a, b) for a, old in ending[position] for b, new in beginning[position] if old != new}
                if changed:
                    wrong[week, position] = [meet for pair in sorted(changed, key=str) for meet in pair]
                    rooms.update((room, None) for _, room in (*ending[position], *beginning[position]))
        if wrong:
            meets = tuple(dict.fromkeys(meet for found in wrong.values() for meet in found))
            yield Violation(
                self,
                self.label(),
                len(wrong),
                Message(
                    "{lessons} follow each other in different rooms ({rooms}): {times}",
                    lessons=Listing(dict.fromkeys(problem.events[meet.event].name for meet in meets)),
                    rooms=Listing(problem.resources[room].name for room in rooms),
                    times=Listing(dict.fromkeys(problem.times[meet.start].name for meet in meets if meet.start is not None)),
                ),
                times=tuple(dict.fromkeys(meet.start for meet in meets if meet.start is not None)),
                meets=meets,
                resources=tuple(rooms),
            )

    def _positions_after(self, problem: Problem) -> dict[Position, Position]:
        """For each position the next one of its day that is no pause."""
        after: dict[Position, Position] = {}
        for day, period in sorted(set(problem.positions)):
            then = period + 1
            while (day, then) in self.pauses:
                then += 1
            after[day, period] = (day, then)
        return after

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """A slack for each moment, at least 1 where a lesson ends in one room and one begins in another."""
        slacks = []
        for moment in self._moments(model):
            slacks.append(model.cp.new_bool_var(""))
            for ending, beginning in moment:
                model.cp.add(model.sum(ending, beginning) <= 1 + slacks[-1])
        yield Deviation(self.label(), model.sum(*slacks), len(slacks))

    def enforce(self, model: TimetableModel) -> None:
        """No lesson begins in another room than one that ends right before it."""
        for moment in self._moments(model):
            for ending, beginning in moment:
                model.cp.add_at_most_one(ending, beginning)

    def _moments(self, model: TimetableModel) -> Iterator[list[tuple[IntVar, IntVar]]]:
        """Yield for each moment the pairs of literals (one ends in a room, one begins in another) that may not both hold."""
        problem = model.problem
        after = self._positions_after(problem)
        for week in problem.week_views([event for event, _ in self.places]):
            ending: dict[Position, dict[int, list[IntVar]]] = defaultdict(lambda: defaultdict(list))
            beginning: dict[Position, dict[int, list[IntVar]]] = defaultdict(lambda: defaultdict(list))
            for event, number in self.places:
                fixed = problem.events[event].roles[number].resource
                chosen = (
                    [(p, r, model.y[p, number, r]) for p, r in model.fillings(event, number)]
                    if fixed is None
                    else [(p, fixed, model.x[p]) for p in model.placements_of(event)]
                )
                for p, room, literal in chosen:
                    if p.weeks >> week & 1:
                        day, period = problem.positions[p.start]
                        beginning[day, period][room].append(literal)
                        then = after.get((day, period + p.duration - 1))
                        if then is not None:
                            ending[then][room].append(literal)
            for position in sorted(set(ending) & set(beginning)):
                pairs = []
                for room, literals in sorted(ending[position].items()):
                    others = [x for other, found in sorted(beginning[position].items()) if other != room for x in found]
                    if others:
                        name = ("room change", self.places, self.pauses, week, position, room)
                        pairs.append((model.any_of((*name, "ends"), literals), model.any_of((*name, "begins elsewhere"), others)))
                if pairs:
                    yield pairs
