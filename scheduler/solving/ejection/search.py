"""The search: an incomplete timetable in which all that is placed is right, and the lessons that are driven out of it and come back.

Each step takes the lesson and the start that drive out the least, by weight: what is driven out often weighs more. A lesson does not
come back to where it stood for some steps (tabu), the longer the more lessons are out.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from constraints.base import Constraint
from instances.problem import Problem
from instances.timetable import Timetable
from scheduler.solving.ejection.pairs import Array, Pairs, Placed
from scheduler.solving.ejection.weeks import Weeks

_NEVER = 1e6
_TABU = 1e3
_HEAVIER = 0.02  # weight that a lesson gains each time it is driven out; with 0.1 more stay out (docs/fet.md)
_TENURE, _SPREAD, TENURE_EACH = 5, 10, 0.2  # steps of tabu: at least, at random on top, for each lesson that is out
_ROOM = 1.5  # what a room that is taken counts, in lessons
_LOOKED_AT = 4  # lessons of which all is computed in a step
_REPAIRS = 12  # lessons driven out by the days of people in one step, at most


class Ejection:
    """The state of the search. ``out`` are the meets (numbers) that are not placed, ``lost`` what that costs, ``best`` the least it did,
    and ``placed`` what stood then.

    ``worth`` says of each event what it costs that one of its meets is not placed; 1 where it is not given. ``tenure_each`` are the steps
    of tabu for each lesson that is out: with 0.2 instead of 1.5 fewer are left over on three of five FET files, as many on fet06, one more
    on fet02 (10 s, two seeds each). Limits above one a day are kept where ``tallied``.
    """

    def __init__(
        self,
        problem: Problem,
        required: Sequence[Constraint],
        seed: int,
        worth: Sequence[int] | None = None,
        tenure_each: float = TENURE_EACH,
        tallied: bool = True,
    ) -> None:
        self.problem = problem
        self._tenure_each = tenure_each
        self.pairs = pairs = Pairs(problem, required, tallied)
        self.weeks = weeks = Weeks(problem, required)
        self.rng = random.Random(seed)
        self._noise = np.random.default_rng(seed).random(4096).astype(np.float32)
        meets, times = len(pairs.event), len(problem.times)
        self._durations = sorted(pairs.spans)
        lengths = np.array(pairs.duration)
        self._touching = [np.ascontiguousarray(pairs.clashing * (lengths == d), dtype=np.float32) for d in self._durations]
        self._overlapping = {
            (d, start): [[s for s in range(times) if not set(pairs.spans[other][s]).isdisjoint(span)] for other in self._durations]
            for d in self._durations
            for start, span in enumerate(pairs.spans[d].tolist())
        }
        self._related = [pairs.alike(meet) for meet in range(meets)]
        self._bits = {d: np.bitwise_or.reduce(1 << weeks.hour[pairs.spans[d]], axis=1) for d in self._durations}
        self._rows = [np.array([n for r in pairs.fixed[e] for n in weeks.rows_of.get(r, ())], dtype=np.int64) for e in pairs.event]
        self._with: dict[int, list[int]] = defaultdict(list)
        for meet, e in enumerate(pairs.event):
            for resource in pairs.fixed[e]:
                self._with[resource].append(meet)
        self._masks = np.zeros((len(problem.resources), weeks.days), dtype=np.int64)
        self._left = np.zeros(len(problem.resources), dtype=np.int64)
        for resource, members in self._with.items():
            self._left[resource] = sum(pairs.duration[meet] for meet in members)
        self._values = weeks.bank[weeks.table, 0]
        self._totals = self._values.sum(axis=1)
        self._capacity = np.array(pairs.capacity)
        self._taken = np.zeros((len(pairs.capacity), times), dtype=np.int64)
        self._begun = np.zeros(len(pairs.members), dtype=np.int64)  # meets in each tally
        self._running: list[set[int]] = [set() for _ in range(times)]
        self._blocked = np.full((times, meets), _NEVER, np.float32)
        for meet, starts in enumerate(pairs.starts):
            self._blocked[starts, meet] = 0
        self._driven = np.zeros((times, meets), np.float32)  # weight that a start of a meet would drive out
        self._tabu = np.zeros((times, meets), dtype=np.int64)
        self._worth = [1 if worth is None else worth[e] for e in pairs.event]
        self._weight = self._first_weight()
        self._counted = self._weight.copy()  # weight with which a placed meet stands in ``_driven``
        self.start = [-1] * meets
        self.chosen: list[tuple[int, ...]] = [()] * meets
        self.out = set(range(meets))
        self.steps = 0
        self.best = self.lost = sum(self._worth)
        self.placed: Placed = (list(self.start), list(self.chosen))
        self._first = sorted(range(meets), key=lambda meet: (pairs.crowd[meet], meet))
        self.possible = all(len(starts) for starts in pairs.starts)

    def run(self, more: Callable[[], bool], patience: int, rounds: int = 1) -> Timetable:
        """Return the fullest timetable found while ``more()`` and until ``rounds`` times in a row ``patience`` steps were in vain.

        Between such rounds the weights are as they were at first.
        """
        since, vain = self.steps, 0
        while self.out and more() and vain < rounds:
            self._step()
            if self.lost < self.best:
                self.best, since, vain = self.lost, self.steps, 0
                self.placed = (list(self.start), list(self.chosen))
            elif not self._first and self.steps - since >= patience:
                since, vain = self.steps, vain + 1
                if vain < rounds:
                    self._weight = self._first_weight()
        return self.pairs.timetable(self.placed)

    # -- one step -----------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        self.steps += 1
        meet, start = self._next()
        span = self.pairs.spans[self.pairs.duration[meet]][start].tolist()
        others = {other for time in span for other in self._running[time] if self.pairs.clashing[meet, other]}
        others.update(other for other, wrong in self.pairs.relations[meet] if self.start[other] >= 0 and wrong[start, self.start[other]])
        self._eject(others)
        rooms: list[int] = []
        for members in self.pairs.rooms[meet]:
            candidates = [room for room in members if not self.pairs.closed[room, span].any()]
            candidates = [room for room in candidates if room not in rooms] or candidates
            full = [sum(int(self._taken[room, time] >= self._capacity[room]) for time in span) for room in candidates]
            room = self.rng.choice([room for room, count in zip(candidates, full, strict=True) if count == min(full)])
            for time in span:
                if self._taken[room, time] >= self._capacity[room]:
                    self._eject([min((o for o in self._running[time] if room in self.chosen[o]), key=self._lightest)])
            rooms.append(room)
        for tally in self.pairs.tallies[meet].tolist():
            if self.pairs.inside[tally, start] and self._begun[tally] >= self.pairs.most[tally]:
                there = (o for o in self.pairs.members[tally] if self.start[o] >= 0 and self.pairs.inside[tally, self.start[o]])
                self._eject([min(there, key=self._lightest)])
        self.out.discard(meet)
        self.lost -= self._worth[meet]
        self._put(meet, start, tuple(rooms), 1)
        self._mend(meet)

    def _first_weight(self) -> Array:
        return np.array(self._worth, np.float32) / np.mean(self._worth or [1])

    def _lightest(self, meet: int) -> float:
        return float(self._weight[meet]) + self.rng.random()

    def _next(self) -> tuple[int, int]:
        """Return the meet to place and its start: one after the other in the first round, then the pair that drives out the least."""
        while self._first:
            meet = self._first.pop()
            if meet in self.out:
                starts = self.pairs.starts[meet]
                cost = self._driven[starts, meet] + self._beside(meet) + 0.05 * self._random(len(starts))
                return meet, int(starts[np.argmin(cost)])
        out = np.array(sorted(self.out))
        costs = self._driven[:, out] + self._blocked[:, out] + _TABU * (self._tabu[:, out] > self.steps)
        least = costs.min(axis=0) - self._weight[out] + 0.5 * self._random(len(out))
        found: list[tuple[float, int, int]] = []
        for column in np.argsort(least, kind="stable")[:_LOOKED_AT].tolist():
            meet = int(out[column])
            starts = self.pairs.starts[meet]
            cost = costs[starts, column] + self._beside(meet) + 0.05 * self._random(len(starts)) - self._weight[meet]
            at = int(np.argmin(cost))
            found.append((float(cost[at]), meet, int(starts[at])))
        _, meet, start = min(found)
        return meet, start

    def _random(self, size: int) -> Array:
        offset = self.rng.randrange(1024)
        return np.resize(self._noise[offset:], size)

    def _beside(self, meet: int) -> Array:
        """Return for each start of a meet what it would break in the days of its people, and the rooms it would take from others."""
        starts, d, rows, weeks = self.pairs.starts[meet], self.pairs.duration[meet], self._rows[meet], self.weeks
        cost = np.zeros(len(starts), np.float32)
        if len(rows):
            day, resource = weeks.day[starts], weeks.resource[rows]
            masks = self._masks[resource][:, day] | self._bits[d][starts]
            room = weeks.most[rows] + weeks.slack[rows] * (self._left[resource] - d) - self._totals[rows]
            excess = weeks.bank[weeks.table[rows][:, day], masks] - self._values[rows][:, day] - room[:, None]
            cost += np.maximum(excess, 0).sum(axis=0)
        tallies = self.pairs.tallies[meet]
        if len(tallies):
            full_up = self._begun[tallies] >= self.pairs.most[tallies]
            cost += self.pairs.inside[tallies[full_up]][:, starts].sum(axis=0)
        for candidates in self.pairs.rooms[meet]:
            members = list(candidates)
            full, closed = self._taken[members] >= self._capacity[members][:, None], self.pairs.closed[members]
            spans = self.pairs.spans[d][starts]
            cost += (_ROOM * full[:, spans].any(axis=2) + _NEVER * closed[:, spans].any(axis=2)).min(axis=0)
        return cost

    def _mend(self, meet: int) -> None:
        """Drive out lessons of the people of a meet until their days are right again; the meet itself where nothing else helps."""
        rows, weeks = self._rows[meet], self.weeks
        for _ in range(_REPAIRS if len(rows) else 0):
            excess = self._totals[rows] - weeks.most[rows] - weeks.slack[rows] * self._left[weeks.resource[rows]]
            broken = rows[excess > 0].tolist()
            if not broken:
                return
            row = self.rng.choice(broken)
            resource, slack = int(weeks.resource[row]), int(weeks.slack[row])
            gains: list[tuple[int, int, int]] = []
            for other in self._with[resource]:
                if self.start[other] >= 0 and other != meet:
                    day = weeks.day[self.start[other]]
                    mask = self._masks[resource, day] & ~self._bits[self.pairs.duration[other]][self.start[other]]
                    change = int(weeks.bank[weeks.table[row, day], mask] - self._values[row, day]) - slack * self.pairs.duration[other]
                    gains.append((change, int(mask).bit_count(), other))
            helpful = [gain for gain in gains if gain[0] < 0]
            if helpful:
                self._eject([min(helpful, key=lambda gain: 0.5 * gain[0] + self._lightest(gain[2]))[2]])
            elif gains:  # a day is given up lesson by lesson
                self._eject([min(gains, key=lambda gain: (gain[1], self._lightest(gain[2])))[2]])
            else:
                break
        if len(rows):
            excess = self._totals[rows] - weeks.most[rows] - weeks.slack[rows] * self._left[weeks.resource[rows]]
            if (excess > 0).any():
                self._eject([meet])

    # -- placing and driving out --------------------------------------------------------------------------------------

    def _eject(self, meets: Iterable[int]) -> None:
        for meet in meets:
            start = self.start[meet]
            self._put(meet, start, self.chosen[meet], -1)
            self.out.add(meet)
            self.lost += self._worth[meet]
            self._weight[meet] += _HEAVIER
            tenure = _TENURE + int(self._tenure_each * len(self.out)) + self.rng.randrange(_SPREAD)
            self._tabu[start, meet] = self.steps + tenure

    def _put(self, meet: int, start: int, rooms: tuple[int, ...], sign: int) -> None:
        """Place a meet (sign 1) or take it away (-1), and bring all that is counted up to date."""
        d, weeks = self.pairs.duration[meet], self.weeks
        if sign > 0:
            self._counted[meet] = self._weight[meet]
        weight = sign * self._counted[meet]
        for touching, starts in zip(self._touching, self._overlapping[d, start], strict=True):
            row = touching[meet] * weight
            for other_start in starts:
                self._driven[other_start] += row
        for related, wrong in self._related[meet]:
            self._driven[:, related] += (wrong[start] * weight)[:, None]
        self.start[meet], self.chosen[meet] = (start, rooms) if sign > 0 else (-1, ())
        for time in self.pairs.spans[d][start].tolist():
            (self._running[time].add if sign > 0 else self._running[time].discard)(meet)
            for room in rooms:
                self._taken[room, time] += sign
        tallies = self.pairs.tallies[meet]
        self._begun[tallies] += sign * self.pairs.inside[tallies, start]
        people, day, bits = self.pairs.fixed[self.pairs.event[meet]], weeks.day[start], self._bits[d][start]
        if sign > 0:
            self._masks[people, day] |= bits
        else:
            self._masks[people, day] &= ~bits
        self._left[people] -= sign * d
        rows = self._rows[meet]
        if len(rows):
            values = weeks.bank[weeks.table[rows, day], self._masks[weeks.resource[rows], day]]
            self._totals[rows] += values - self._values[rows, day]
            self._values[rows, day] = values
