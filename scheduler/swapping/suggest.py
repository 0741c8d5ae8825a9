"""All legal ways to put a lesson elsewhere: single moves, swaps of two and three, and Kempe chains, best first.

A *Kempe chain* between two stretches of the week moves every lesson that is in the way to the other side until nobody is in two places:
it is how a swap in one class is carried through the classes that share its teachers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from constraints.base import Constraint
from instances.problem import Problem
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.swapping.units import Units

LONGEST_CHAIN = 8
MOST_JUDGED = 1500


class Mark(StrEnum):
    """How quality changes."""

    BETTER = "★"
    SAME = "√"
    WORSE = "≈"


@dataclass(frozen=True)
class Suggestion:
    """Meets with their new places. ``difference`` is the change of preference cost; ``reasons`` say which preference, worst first."""

    moved: tuple[tuple[Meet, Meet], ...]
    difference: int
    reasons: tuple[tuple[Constraint, int], ...] = field(default=())

    @property
    def mark(self) -> Mark:
        """★ better, √ same, ≈ worse."""
        return Mark.BETTER if self.difference < 0 else Mark.SAME if self.difference == 0 else Mark.WORSE

    def apply(self, timetable: Timetable) -> Timetable:
        """Return the timetable with the moves made."""
        new = dict(self.moved)
        return Timetable.of([new.get(meet, meet) for meet in timetable.meets])


def rank(suggestion: Suggestion) -> tuple[object, ...]:
    """Return the order of suggestions: quality first, then few moves, then the order of events and times."""
    places = tuple((_order(old), _order(new)) for old, new in suggestion.moved)
    return (suggestion.difference, len(suggestion.moved), places)


def _order(meet: Meet) -> tuple[int, int, int, int]:
    return (meet.event, -1 if meet.start is None else meet.start, meet.weeks, meet.duration)


class Swaps:
    """Suggestions for one timetable; made once, asked for many lessons."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self.problem = problem
        self.timetable = timetable
        self.view = TimetableView(problem, timetable)
        self.units = Units(problem, self.view)

    def suggest(self, meet: Meet, start: int | None = None) -> list[Suggestion]:
        """Return every legal suggestion that moves ``meet`` (to ``start``, if given), the best first; the same every time.

        No requirement gets worse in any of them; with a legal timetable all of them are legal.
        """
        found: dict[frozenset[tuple[Meet, Meet]], Suggestion] = {}
        judged = 0
        for moved in self._candidates(meet, start):
            key = frozenset(moved.items())
            stays = any(old != meet and old.event == meet.event and new.start == meet.start for old, new in moved.items())
            if key in found or stays:
                continue
            judged += 1
            if judged > MOST_JUDGED:
                break
            changed = self.units.difference(moved)
            if changed is not None:
                reasons = [(constraint, preference) for constraint, _required, preference in changed.values() if preference]
                reasons.sort(key=lambda reason: (-reason[1], reason[0].id))
                pairs = tuple(sorted(moved.items(), key=lambda pair: _order(pair[0])))
                found[key] = Suggestion(pairs, sum(amount for _c, amount in reasons), tuple(reasons))
        return sorted(found.values(), key=rank)

    # -- candidates ---------------------------------------------------------------------------------------------------

    def starts(self, meet: Meet) -> list[int]:
        """Return the other times at which a meet may start as far as its event says."""
        event = self.problem.events[meet.event]
        if event.start is not None:
            return []
        found = []
        for start in sorted(event.times) if event.times is not None else range(len(self.problem.times)):
            span = self.problem.span(start, meet.duration)
            if start != meet.start and span is not None and (event.times is None or event.times.issuperset(span)):
                found.append(start)
        return found

    def _candidates(self, meet: Meet, wanted: int | None) -> Iterator[dict[Meet, Meet]]:
        """Yield candidates, short ones first."""
        starts = [start for start in self.starts(meet) if wanted is None or start == wanted]
        longer: list[tuple[Meet, Meet, Meet]] = []
        for start in starts:
            new = self._at(meet, start, {meet})
            if new is None:
                continue
            in_way = self._in_way(new, {meet})
            if not in_way:
                yield {meet: new}
                continue
            chain = self._kempe(meet, start)
            if chain is not None:
                yield chain
            if len(in_way) == 1:
                longer.append((meet, new, next(iter(in_way))))
        for first, new, second in longer:
            yield from self._cycles(first, new, second)

    def _cycles(self, first: Meet, new: Meet, second: Meet) -> Iterator[dict[Meet, Meet]]:
        """Yield what ``second``, whose place ``first`` takes, can do: go to a free time, or let a third take the first's place."""
        movers = {first, second}
        for start in self.starts(second):
            if start == first.start:
                continue  # a swap: the chain has it
            other = self._at(second, start, movers)
            if other is None or self._clash(new, other):
                continue
            in_way = self._in_way(other, movers)
            if not in_way:
                yield {first: new, second: other}
            elif len(in_way) == 1:
                third = next(iter(in_way))
                if third.duration != first.duration or first.start is None or first.start not in self.starts(third):
                    continue
                last = self._at(third, first.start, movers | {third})
                if last is None or self._clash(new, last) or self._clash(other, last):
                    continue
                if not self._in_way(last, movers | {third}):
                    yield {first: new, second: other, third: last}

    def _kempe(self, meet: Meet, start: int) -> dict[Meet, Meet] | None:
        """Exchange the stretches of ``meet`` and of its new place for everybody who is in the way; None when that cannot close."""
        if meet.start is None:
            return None
        here, there = meet.start, start
        moved: dict[Meet, Meet] = {}
        waiting = [(meet, there)]
        while waiting:
            current, target = waiting.pop()
            if current in moved:
                if moved[current].start != target:
                    return None
                continue
            if len(moved) >= LONGEST_CHAIN or (current != meet and target not in self.starts(current)):
                return None
            new = self._at(current, target, {current, *moved})
            if new is None:
                return None
            moved[current] = new
            for other in sorted(self._in_way(new, {current}), key=_order):
                if other.start is None:
                    return None
                if other in moved:
                    if self._clash(new, moved[other]):
                        return None
                    continue
                shift = here - there if target - there in range(meet.duration) else there - here
                waiting.append((other, other.start + shift))
        news = list(moved.values())
        clash = any(self._clash(a, b) for n, a in enumerate(news) for b in news[:n])
        return None if clash or any(self._in_way(new, set(moved)) for new in news) else moved

    def _at(self, meet: Meet, start: int, movers: set[Meet]) -> Meet | None:
        """Return the meet at another time, in the same rooms or in others that are free; None when none is."""
        new = replace(meet, start=start)
        roles = self.problem.events[meet.event].roles
        for number, resource in enumerate(meet.resources):
            if resource is None or roles[number].resource is not None:
                continue
            choice = (resource, *(c for c in roles[number].candidates if c != resource))
            free = next((c for c in choice if not self._taken(c, new, movers)), None)
            if free is None:
                return None
            resources = list(new.resources)
            resources[number] = free
            new = replace(new, resources=tuple(resources))
        return new

    def _in_way(self, new: Meet, movers: set[Meet]) -> set[Meet]:
        """Return the meets that ``new`` clashes with: they need a person or a room that it needs."""
        return {other for resource in new.resources if resource is not None for other in self._taken(resource, new, movers)}

    def _taken(self, resource: int, new: Meet, movers: set[Meet]) -> set[Meet]:
        if self.problem.resources[resource].capacity > 1:
            return set()  # the check counts
        found: set[Meet] = set()
        for week in range(self.problem.weeks):
            if new.weeks >> week & 1:
                occupied = self.view.occupied(resource, week)
                for time in self.view.times_of(new):
                    for overlapping in self.problem.overlapping[time]:
                        found.update(other for other in occupied.get(overlapping, ()) if other not in movers)
        return found

    def _clash(self, a: Meet, b: Meet) -> bool:
        """Say whether two meets in their new places need one resource at one moment."""
        shared = {r for r in a.resources if r is not None and self.problem.resources[r].capacity == 1} & set(b.resources)
        if not shared or not a.weeks & b.weeks:
            return False
        taken = set(self.view.times_of(b))
        return any(not taken.isdisjoint(self.problem.overlapping[time]) for time in self.view.times_of(a))


def suggest(problem: Problem, timetable: Timetable, meets: Sequence[Meet], start: int | None = None) -> list[Suggestion]:
    """Return the suggestions for some meets together, the best first."""
    swaps = Swaps(problem, timetable)
    found = [suggestion for meet in meets for suggestion in swaps.suggest(meet, start)]
    return sorted(found, key=rank)
