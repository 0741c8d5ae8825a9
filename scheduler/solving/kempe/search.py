"""The search: units change their start, what stands in the way changes places with them, and worse timetables are gone through.

A move takes a unit to another start; the units that clash with it there go to where it was, those that clash with them there the other
way, and so on: a Kempe chain. Simulated annealing says which moves are taken. Its first temperature is a quarter of the way up the costs of
the moves that make a good timetable worse: the weights of a problem may be 1 or 1000. A requirement may be broken for a while (a class
whose days each have PE or activity can only exchange the two in two moves), at a penalty that keeps that rare; what must not be exceeded
(``Counts.limits``) never is.

For most of a run the days that somebody comes too many, or for too few lessons, are eased (``Days``): they cost the same, or more, until
the last lesson has gone, which no single move sees coming (NetherlandsKottenpark2003, a million moves, four seeds: 2158 in the mean with
days too many eased, 2752 without; a million and a half: 1474 with both, 2064 with days too many).
"""

from __future__ import annotations

import math
import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from instances.problem import Problem
from instances.timetable import Timetable
from scheduler.solving.kempe.charge import REQUIRED
from scheduler.solving.kempe.memo import Memo
from scheduler.solving.kempe.tables import Tables, overlap, refuse_unknown
from scheduler.solving.kempe.units import Units

if TYPE_CHECKING:
    from scheduler.solving.kempe.beside import Beside

_LONGEST_CHAIN = 12  # units
_DESCENT, _DESCENT_MOVES = 0.1, 200  # of the run, and for each unit, at most: moves to no worse timetable, which tell the temperature
_SAMPLE = 4000  # of these moves, the last
_QUANTILE = 0.25
_COOLER = 40.0  # times the last temperature is lower than the first
_DEAR = 10.0  # first temperatures: the penalty of a broken requirement, which grows while one is broken and falls while none is
_DEARER, _CHEAPER = 1.1, 0.99
_EASED = 0.9  # of the run
_AT_ONCE = 100  # moves between two looks at the clock, and at the penalty (the demo's plan, 30 s: 27 to 29, with 200 moves 31 and 33)
_TOGETHER = 200  # moves of each of several processes, before they tell what they took

Move = list[tuple[int, int, int]]  # unit, old start, new start
Change = tuple[dict[int, int], dict[int, int], dict[int, int], dict[int, int]]  # of masks, counts and totals; what points cost then


class Kempe:
    """The state of the search: ``cost`` of where it stands, which may be eased, ``best`` the least it had in full; ``moves`` that were
    tried, here and beside.

    Raises NotUnderstood where the tables cannot say what the problem asks for.
    """

    def __init__(self, problem: Problem, timetable: Timetable, seed: int) -> None:
        refuse_unknown(problem)
        self.units = Units(problem, timetable)
        self.tables = Tables(self.units)
        self._rng = random.Random(seed)
        self.start = self.units.start
        self._spans = {d: [problem.span(start, d) or () for start in range(len(problem.times))] for d in set(self.units.duration)}
        self._exchange = Memo(self._exchanged)
        self._grid = [time.grid for time in problem.times]
        at: dict[tuple[str, int, int], int] = {(time.grid, time.day, time.period): index for index, time in enumerate(problem.times)}
        grids = sorted(set(self._grid))
        self._peers = [tuple(at.get((grid, *position)) for grid in grids) for position in problem.positions]
        self._bells_overlap = any(len(instant) > 1 for instant in problem.instants)
        self.running = [0] * len(problem.times)
        for unit, start in enumerate(self.start):
            for time in self._spans[self.units.duration[unit]][start]:
                self.running[time] |= 1 << unit
        kinds = [tuple((meet.event, meet.duration, meet.weeks, meet.resources) for meet in unit) for unit in self.units.meets]
        alike: dict[object, int] = defaultdict(int)
        for unit, kind in enumerate(kinds):
            alike[kind] |= 1 << unit
        self._twins = [alike[kind] for kind in kinds]
        self._allowed = [frozenset(starts) for starts in self.units.allowed]
        self.movable = [unit for unit, starts in enumerate(self.units.allowed) if starts]
        self.cost = self.best = self.tables.total()
        self._best = list(self.start)
        self.moves = 0
        self._eased = False
        self._penalty = float(REQUIRED)
        self._worse: deque[int] = deque(maxlen=_SAMPLE)  # what moves would have cost

    def run(self, spent: Callable[[], float], beside: Sequence[Beside] = ()) -> Timetable:
        """Return the best timetable found until ``spent()``, the share of the run that is over, is 1.

        ``beside`` are processes that were given the same problem and timetable.
        """
        hot, since = 0.0, 0.0
        self._ease(self.tables.can_ease)
        while self.movable and self.best > 0 and (share := spent()) < 1:
            self._ease(self._eased and share < _EASED)
            if share < _DESCENT and self.moves < _DESCENT_MOVES * len(self.movable):
                self._go(0.0, beside)
                continue
            if not hot:
                worse = sorted(self._worse) or [1]
                hot, since = float(worse[int(_QUANTILE * len(worse))]), share
                self._penalty = _DEAR * hot
            self._go(hot * _COOLER ** -((share - since) / (1 - since)), beside)
            self._penalty *= _DEARER if self.cost // REQUIRED > self.best // REQUIRED else _CHEAPER
        self._ease(False)
        return self.timetable()

    def _go(self, temperature: float, beside: Sequence[Beside]) -> None:
        """Try some moves at a temperature; processes beside try others from the same timetable, then what they took is tried here too."""
        busy = [other for other in beside if other.begin(self.start, temperature, self._penalty, self._eased)]
        self.try_moves(temperature, _TOGETHER if busy else _AT_ONCE)
        for other in busy:
            self.moves += _TOGETHER
            for unit, start, most in other.moves():
                self._try(unit, start, most)
        if self._eased:
            self._note(self.cost + self.tables.spared())

    def _ease(self, eased: bool) -> None:
        """Stand where it does with what some days cost eased, or in full."""
        if eased != self._eased:
            self._eased = eased
            self.tables.ease(eased)
            self.cost = self.tables.total()
            self._note(self.cost + (self.tables.spared() if eased else 0))

    def _note(self, cost: int) -> None:
        """Keep where the search stands if it costs less, in full, than the best so far."""
        if cost < self.best:
            self.best, self._best = cost, list(self.start)

    def try_moves(self, temperature: float, number: int = _TOGETHER) -> list[tuple[int, int, float]]:
        """Try some moves at a temperature; return those that were taken, in order: a unit, where it went, and what that might cost."""
        chance, movable, allowed = self._rng.random, self.movable, self.units.allowed
        self.moves += number
        taken = []
        for _ in range(number):
            unit = movable[int(chance() * len(movable))]
            starts = allowed[unit]
            start = starts[int(chance() * len(starts))]
            most = -temperature * math.log(1.0 - chance())
            if self._try(unit, start, most):
                taken.append((unit, start, most))
        return taken

    def _try(self, unit: int, start: int, most: float) -> bool:
        """Move a unit, and what makes way for it, unless that is not possible or costs more than ``most``; say whether it moved."""
        move = self._chain(unit, start) if start != self.start[unit] else None
        if move is None:
            return False
        priced = self._price(move, most or math.inf)
        if priced is None:
            return False
        delta, change = priced
        if delta > 0 and not most:
            if delta < REQUIRED and self._crowding(move)[0] <= 0:
                self._worse.append(delta)
            return False
        crowding, limits = self._crowding(move)
        if crowding > 0:
            return False
        self._make(move, change, limits)
        self.cost += delta + crowding
        if self.cost < self.best and not self._eased:
            self._note(self.cost)
        return True

    def stand(self, start: Sequence[int], penalty: float, eased: bool) -> None:
        """Go to where another search of the same units stands, with its penalty of broken requirements, and eased if it is."""
        self._penalty = penalty
        self._ease(eased)
        move = [(unit, old, new) for unit, (old, new) in enumerate(zip(self.start, start, strict=True)) if old != new]
        priced = self._price(move, math.inf)
        assert priced is not None
        crowding, limits = self._crowding(move)
        self._make(move, priced[1], limits)
        self.cost += priced[0] + crowding

    def timetable(self) -> Timetable:
        """Return the best timetable."""
        return self.units.timetable(self._best)

    def standing(self) -> Timetable:
        """Return the timetable where the search stands."""
        return self.units.timetable(self.start)

    def _chain(self, unit: int, start: int) -> Move | None:
        """Return the units that change their start when a unit does; None where some cannot."""
        duration, here, clashing, running = self.units.duration, self.start, self.units.clashing, self.running
        reach = self.units.reach
        at = here[unit]
        move = [(unit, at, start)]
        hit = 0
        for time in reach[duration[unit]][start]:
            hit |= running[time]
        hit &= clashing[unit]
        if not hit:
            return move
        if hit & self._twins[unit]:
            return None  # nobody would know
        other = self._exchange[duration[unit], at, start]
        if not other:
            return None  # it would make way for itself
        moved = 1 << unit
        for member, _, to in move:  # which grows
            hit = 0
            for time in reach[duration[member]][to]:
                hit |= running[time]
            hit &= clashing[member] & ~moved
            while hit:
                low = hit & -hit
                hit ^= low
                pushed = low.bit_length() - 1
                at = here[pushed]
                target = other.get(at)
                if target is None or target not in self._allowed[pushed]:
                    return None
                if duration[pushed] > 1:
                    times = [other.get(time) for time in self._spans[duration[pushed]][at]]
                    if tuple(times) != self._spans[duration[pushed]][target]:
                        return None
                moved |= low
                move.append((pushed, at, target))
                if len(move) > _LONGEST_CHAIN:
                    return None
        grid = self._grid  # within one bell nothing overlaps: spans change places
        if self._bells_overlap and any(grid[at] != grid[start] for _, at, _ in move) and overlap(self.units, move):
            return None
        return move

    def _exchanged(self, spans: tuple[int, int, int]) -> dict[int | None, int | None]:
        """Return which time changes places with which when a span does with another: within one bell, in the others the same periods.

        ``spans``: a duration, and where both start. Empty where they overlap.
        """
        duration, at, start = spans
        old, new = self._spans[duration][at], self._spans[duration][start]
        if not set(old).isdisjoint(new):
            return {}
        other: dict[int | None, int | None] = dict(zip(old, new, strict=True))
        if len(self._peers[at]) > 1 and self._grid[at] == self._grid[start]:
            for one, two in zip(old, new, strict=True):
                other.update(zip(self._peers[one], self._peers[two], strict=True))
        return other | {two: one for one, two in other.items()}

    def _felt(self, delta: int) -> float:
        """Return a change of the cost with broken requirements at their penalty."""
        broken = (delta + REQUIRED // 2) // REQUIRED
        return delta + broken * (self._penalty - REQUIRED) if broken else delta

    def _price(self, move: Move, most: float) -> tuple[int, Change] | None:
        """Return what a move changes the cost by, and how it changes masks, counts, totals and points; None where that is more than
        ``most``.
        """
        tables, duration = self.tables, self.units.duration
        known = tables.counts_of
        flips: dict[int, int] = {}
        counts = _counts(move, known.counters)
        totals: dict[int, int] = {}
        delta = 0
        for unit, old, new in move:
            place = tables.place[duration[unit]]
            (day, bits), (new_day, new_bits) = place[old], place[new]
            keys = tables.keys[unit]
            toggled = ((keys[day], bits ^ new_bits),) if day == new_day else ((keys[day], bits), (keys[new_day], new_bits))
            for of_day, bits in toggled:
                if flips:
                    for key in of_day:
                        flips[key] = flips[key] ^ bits if key in flips else bits
                else:
                    flips = dict.fromkeys(of_day, bits)
            own = known.own[unit]
            if own:
                delta += own.get(new, 0) - own.get(old, 0)
        masks, day_cost, sums = tables.masks, tables.day_cost, tables.days.sums
        for key, bits in flips.items():
            if bits:
                mask = masks[key]
                table = day_cost[key]
                if table is not None:
                    delta += table[mask ^ bits] - table[mask]
                for total, values in sums[key]:
                    change = values[mask ^ bits] - values[mask]
                    if change:
                        totals[total] = totals.get(total, 0) + change
        for counter, change in counts.items():
            if change:
                of_count, value, part = known.cost[counter], tables.counts[counter], known.total_of[counter]
                change = of_count[value + change] - of_count[value]
                if part is None:
                    delta += change
                elif change:
                    totals[part] = totals.get(part, 0) + change
        for total, change in totals.items():
            sum_cost, value = tables.total_cost[total], tables.totals[total]
            delta += sum_cost[value + change] - sum_cost[value]
        points: dict[int, int] = {}
        touched = {number for unit, _, _ in move for number in tables.points_of[unit]} if tables.points else ()
        if touched:
            now, then = tables.values, self._then(move)
            delta -= sum([now[number] for number in touched])
            for number in touched:
                if self._felt(delta) > most:
                    return None
                point = tables.points[number]
                points[number] = cost = point.cost(list(map(then, point.units)))
                delta += cost
        return None if self._felt(delta) > most else (delta, (flips, counts, totals, points))

    def _then(self, move: Move) -> Callable[[int], int]:
        """Return where a unit starts after a move."""
        moved, start = {unit: new for unit, _, new in move}, self.start
        return lambda unit: moved[unit] if unit in moved else start[unit]

    def _crowding(self, move: Move) -> tuple[int, dict[int, int]]:
        """Return what a move changes the cost of limits by, and the counts: looked at last, for there are many and few moves get so far."""
        tables, delta = self.tables, 0
        counts = _counts(move, tables.counts_of.limits)
        for counter, change in counts.items():
            if change:
                costs, value = tables.counts_of.cost[counter], tables.counts[counter]
                delta += costs[value + change] - costs[value]
        return delta, counts

    def _make(self, move: Move, change: Change, limits: dict[int, int]) -> None:
        tables = self.tables
        for unit, old, new in move:
            spans, bit = self._spans[self.units.duration[unit]], 1 << unit
            for time in spans[old]:
                self.running[time] &= ~bit
            for time in spans[new]:
                self.running[time] |= bit
            self.start[unit] = new
        flips, counts, totals, points = change
        for key, bits in flips.items():
            tables.masks[key] ^= bits
        for counter, by in (*counts.items(), *limits.items()):
            tables.counts[counter] += by
        for total, by in totals.items():
            tables.totals[total] += by
        for number, cost in points.items():
            tables.values[number] = cost


def _counts(move: Move, counters: Sequence[Mapping[int, Sequence[int]]]) -> dict[int, int]:
    """Return what a move adds to the counters of its units."""
    counts: dict[int, int] = {}
    for unit, old, new in move:
        of_unit = counters[unit]
        for counter in of_unit[old]:
            counts[counter] = counts.get(counter, 0) - 1
        for counter in of_unit[new]:
            counts[counter] = counts.get(counter, 0) + 1
    return counts
