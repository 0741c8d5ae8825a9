"""Ejection chains with backtracking: a lesson is placed, what it drives out is placed in turn, and so on; where that fails all is undone.

The search of FET (Lalescu and Dirr: "recursive swapping") and of KHE (Kingston: polymorphic ejection chains), from which it is that a chain
looks for a place for each lesson once only. Where a chain fails the lesson is placed all the same, where it drives out what was driven
out least often, and that comes next.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from heapq import heapify, heappop, heappush

from scheduler.solving.ejection.pairs import Pairs, Placed
from scheduler.solving.ejection.standing import Standing
from scheduler.solving.ejection.weeks import Weeks

_DEPTH = 14  # of a chain, as in FET
_ONE_WAY = 5  # depth from which only the best start of a lesson is tried, as in FET; with all at every depth FGPS is not solved in 10 s
_CALLS = 0.3  # lessons looked at in one chain for each lesson of the problem (FET has 2; with 1 fewer are solved in 10 s)
_LEAST = 20  # of them besides
_HEAVIER = 1.0  # what each time counts that a lesson was driven out from where it stands, in lessons (KalengaPSY15: 4 of 4, 0.5: 3)
_VAIN, _LONGER = 100, 1.2  # lessons placed by force without a gain until a search is given up, and how many more in each next one
_MENDED = 6  # lessons driven out by the days of one person for one lesson, at most


class Chains:
    """The state of the search. ``queue`` are the meets (numbers) that are not placed, next first; ``best`` the fewest there were, and
    ``placed`` what stood then.
    """

    def __init__(self, pairs: Pairs, weeks: Weeks, seed: int) -> None:
        self.pairs = pairs
        self._standing = Standing(pairs, weeks)
        self._rng = random.Random(seed)
        meets = range(len(pairs.event))
        self._order = sorted(meets, key=lambda meet: (-pairs.crowd[meet], meet))
        self._rank = {meet: rank for rank, meet in enumerate(self._order)}
        self._trail: list[tuple[int, int, tuple[int, ...]]] = []  # (meet, where it stood or -1, its rooms), in order
        self._moved: dict[int, None] = {}  # meets that this chain has moved, in order
        self._tried: set[int] = set()  # meets for which this chain has looked for a place
        self._calls = 0
        self._patience = float(_VAIN)
        self.queue = list(self._order)
        self.best = len(self.queue)
        self.placed = self._standing.placed()

    def run(self, more: Callable[[], bool], start: Placed | None = None) -> None:
        """Search from what is placed, or from nothing, while ``more()`` and until much was placed by force in vain."""
        self._standing.begin(start)
        self.queue = [meet for meet in self._order if self._standing.at[meet] < 0]
        self._driven_out = [[0] * len(self.pairs.problem.times) for _ in self._order]
        least, vain = len(self.queue), 0
        while self.queue and vain < self._patience and more():
            meet = self.queue.pop(0)
            self._calls = 0
            self._trail.clear()
            self._moved.clear()
            self._tried.clear()
            if not self._chain(meet, 0):
                vain += 1
                self._force(meet)
            if len(self.queue) < least:
                least, vain = len(self.queue), 0
            if len(self.queue) < self.best:
                self.best, self.placed = len(self.queue), self._standing.placed()
        self._patience *= _LONGER

    def _chain(self, meet: int, depth: int) -> bool:
        """Place a meet and, in turn, all that it drives out; nothing is changed where that fails."""
        self._calls += 1
        if depth >= _DEPTH or self._gives_up():
            return False
        free = self._standing.free(meet)
        self._rng.shuffle(free)
        for start in free:
            if not self._standing.broken(meet, start):
                self._moved[meet] = None
                self._place(meet, start, set())
                return True
        if depth == _DEPTH - 1 or meet in self._tried:
            return False
        self._tried.add(meet)
        self._moved[meet] = None
        for start, others in self._ways(meet):
            trail, moved = len(self._trail), len(self._moved)
            out = self._place(meet, start, others)
            if out is not None and all(self._chain(other, depth + 1) for other in sorted(out, key=self._rank.__getitem__)):
                return True
            self._undo(trail, moved)
            if (out is not None and depth >= _ONE_WAY) or self._gives_up():
                break
        del self._moved[meet]
        return False

    def _gives_up(self) -> bool:
        return self._calls > _LEAST + _CALLS * len(self._order)

    def _undo(self, trail: int, moved: int) -> None:
        while len(self._trail) > trail:
            meet, start, rooms = self._trail.pop()
            if start < 0:
                self._standing.lift(meet)
            else:
                self._standing.put(meet, start, rooms)
        while len(self._moved) > moved:
            self._moved.popitem()

    def _force(self, meet: int) -> None:
        """Place a meet all the same; what that drives out comes next. Where it has no place at all it comes last."""
        self._moved.clear()
        for start, others in self._ways(meet):
            self._trail.clear()
            self._moved[meet] = None
            out = self._place(meet, start, others)
            if out is not None:
                for other, was, _ in self._trail:
                    if was >= 0:
                        self._driven_out[other][was] += 1
                self.queue[:0] = sorted(out, key=self._rank.__getitem__)
                return
            self._undo(0, 0)
        self.queue.append(meet)

    def _ways(self, meet: int) -> Iterator[tuple[int, set[int]]]:
        """Yield (start, the meets in the way), the start first at which least is in the way or broken, and that was driven out least often;
        no start at which a meet is in the way that this chain has moved, or another lesson of the same course stands.

        What is not in the way by itself is computed only of those that would come first without it.
        """
        standing, at, event = self._standing, self._standing.at, self.pairs.event
        luck = self._rng.random
        heap = [(count + luck(), start) for count, start in zip(standing.counts(meet), standing.starts[meet], strict=True)]
        heapify(heap)
        known: dict[int, set[int]] = {}
        while heap:
            key, start = heappop(heap)
            if start not in known:
                known[start] = others = standing.in_the_way(meet, start)
                if not others.isdisjoint(self._moved) or any(at[other] == start and event[other] == event[meet] for other in others):
                    continue
                more = standing.broken(meet, start) + _HEAVIER * sum(self._driven_out[other][at[other]] for other in others)
                if more:
                    heappush(heap, (key + more, start))
                    continue
            yield start, known[start]

    def _place(self, meet: int, start: int, others: set[int]) -> list[int] | None:
        """Place a meet, and return what it drove out; None where it would drive out what this chain has moved."""
        standing, out = self._standing, sorted(others)
        for other in out:
            self._lift(other)
        rooms: list[int] = []
        for candidates in self.pairs.rooms[meet]:
            emptiest = standing.emptiest([room for room in candidates if room not in rooms] or candidates, meet, start)
            if not emptiest:
                return None
            rooms.append(self._rng.choice(emptiest))
            for inside in standing.in_the_room(rooms[-1], meet, start):
                if not self._drive_out(inside, out):
                    return None
        for counted in standing.full_tallies(meet, start):
            if not self._drive_out(counted, out):
                return None
        standing.put(meet, start, tuple(rooms))
        self._trail.append((meet, -1, ()))
        return out if self._mend(meet, out) else None

    def _lift(self, meet: int) -> None:
        self._trail.append((meet, self._standing.at[meet], self._standing.chosen[meet]))
        self._standing.lift(meet)

    def _drive_out(self, meets: Iterable[int], out: list[int]) -> bool:
        """Drive out one of some meets that stand beside each other; say whether there is one that this chain has not moved."""
        movable = sorted(meet for meet in meets if meet not in self._moved)
        if movable:
            out.append(min(movable, key=self._lightness))
            self._lift(out[-1])
        return bool(movable)

    def _lightness(self, meet: int) -> float:
        return self._driven_out[meet][self._standing.at[meet]] + self._rng.random()

    def _mend(self, meet: int, out: list[int]) -> bool:
        """Drive out lessons of the people of a meet until their days are right; say whether they are."""
        days = self._standing.days
        for person in days.people[meet]:
            for _ in range(_MENDED):
                broken = days.broken_rows(person)
                if not broken:
                    break
                found = days.mending(person, self._rng.choice(broken), self._standing.at, self._moved)
                if not found:
                    return False
                out.append(min(found, key=lambda way: (way[0], way[1], self._lightness(way[2])))[2])
                self._lift(out[-1])
            else:
                return False
        return True
