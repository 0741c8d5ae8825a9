"""What stands in an incomplete timetable, for searches that place and take away one lesson at a time: plain lists and bit masks.

Each step of ``chains.py`` looks at a few lessons only, for which numpy (``search.py``) costs more than it saves.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from scheduler.solving.ejection.pairs import Array, Pairs, Placed
from scheduler.solving.ejection.weeks import Weeks

CLOSED = 1000  # counts for a room that is closed, in lessons


class Standing:
    """The lessons that stand: ``at`` is the start of each meet or -1, ``chosen`` the places it has of its ``rooms``."""

    def __init__(self, pairs: Pairs, weeks: Weeks) -> None:
        self.pairs = pairs
        meets, times = range(len(pairs.event)), range(len(pairs.problem.times))
        self.starts = [starts.tolist() for starts in pairs.starts]
        spans = {d: [tuple(span) for span in array.tolist()] for d, array in pairs.spans.items()}
        covers = {d: [sum(1 << time for time in set(span)) for span in found] for d, found in spans.items()}
        self._spans = [spans[d] for d in pairs.duration]
        self._covers = [covers[d] for d in pairs.duration]
        self._cliques: list[list[int]] = [[] for _ in meets]
        for number, clique in enumerate(pairs.cliques):
            for meet in clique:
                self._cliques[meet].append(number)
        self._busy = [0] * len(pairs.cliques)
        self._holder = [[-1 for _ in times] for _ in pairs.cliques]
        self._relations = self._as_masks()
        self._taken = [[0 for _ in times] for _ in pairs.capacity]
        self._inside_room: list[list[list[int]]] = [[[] for _ in times] for _ in pairs.capacity]
        self._closed = [sum(1 << time for time in times if shut[time]) for shut in pairs.closed.tolist()]
        self._tallies = [found.tolist() for found in pairs.tallies]
        self._part = [sum(1 << time for time in times if inside[time]) for inside in pairs.inside.tolist()]
        self._most = pairs.most.tolist()
        self._counted: list[set[int]] = [set() for _ in self._most]
        self.days = Days(pairs, weeks)
        self.at = [-1 for _ in meets]
        self.chosen: list[tuple[int, ...]] = [() for _ in meets]

    def _as_masks(self) -> list[list[tuple[int, list[int]]]]:
        """Return for each meet (other, mask of the starts that are wrong by the start of the other, without those at which both overlap
        and clash, which the cliques say).
        """
        pairs, times = self.pairs, range(len(self.pairs.problem.times))
        masks: dict[object, list[int]] = {}
        overlaps: dict[object, list[int]] = {}
        relations: list[list[tuple[int, list[int]]]] = [[] for _ in pairs.event]
        for meet, related in enumerate(pairs.relations):
            for other, wrong in related:
                clash = bool(pairs.clashing[meet, other])
                lengths = pairs.duration[meet], pairs.duration[other]
                key = (id(wrong), clash, lengths)
                if key not in masks:
                    masks[key] = _columns(wrong)
                    if clash:
                        if lengths not in overlaps:
                            ours, theirs = self._covers[meet], self._covers[other]
                            overlaps[lengths] = [sum(1 << t for t in times if ours[t] & theirs[s]) for s in times]
                        masks[key] = [mask & ~both for mask, both in zip(masks[key], overlaps[lengths], strict=True)]
                relations[meet].append((other, masks[key]))
        return relations

    def placed(self) -> Placed:
        """Return a copy of what stands."""
        return list(self.at), list(self.chosen)

    def begin(self, placed: Placed | None) -> None:
        """Take all away and place what is given."""
        for meet, start in enumerate(self.at):
            if start >= 0:
                self.lift(meet)
        for meet, (start, rooms) in enumerate(zip(*placed, strict=True) if placed else ()):
            if start >= 0:
                self.put(meet, start, rooms)

    # -- looking ------------------------------------------------------------------------------------------------------

    def free(self, meet: int) -> list[int]:
        """Return the starts at which no other lesson is in the way by itself."""
        busy = 0
        for clique in self._cliques[meet]:
            busy |= self._busy[clique]
        covers = self._covers[meet]
        free = [start for start in self.starts[meet] if not busy & covers[start]]
        if free:
            wrong = 0
            for other, masks in self._relations[meet]:
                if self.at[other] >= 0:
                    wrong |= masks[self.at[other]]
            if wrong:
                free = [start for start in free if not wrong >> start & 1]
        return free

    def counts(self, meet: int) -> list[int]:
        """Return for each start of a meet how many lessons are in the way by themselves, and 1; of relations at most two are counted."""
        starts, spans = self.starts[meet], self._spans[meet]
        columns = list(zip(*[self._holder[clique] for clique in self._cliques[meet]], strict=True)) or [()] * len(spans)
        if self.pairs.duration[meet] == 1:
            counts = [len({-1, *columns[start]}) for start in starts]
        else:
            counts = [len({-1}.union(*[columns[time] for time in spans[start]])) for start in starts]
        once = twice = 0
        for other, masks in self._relations[meet]:
            if self.at[other] >= 0:
                wrong = masks[self.at[other]]
                twice |= once & wrong
                once |= wrong
        if once:
            counts = [count + (once >> start & 1) + (twice >> start & 1) for count, start in zip(counts, starts, strict=True)]
        return counts

    def in_the_way(self, meet: int, start: int) -> set[int]:
        """Return the meets that may not stand where they do beside a meet at a start."""
        others = {self._holder[clique][time] for clique in self._cliques[meet] for time in self._spans[meet][start]}
        others.discard(-1)
        for other, masks in self._relations[meet]:
            if self.at[other] >= 0 and masks[self.at[other]] >> start & 1:
                others.add(other)
        return others

    def broken(self, meet: int, start: int) -> int:
        """Return how much a start breaks besides: limits on the days of people, rooms that are full or closed, tallies."""
        broken = self.days.excess(meet, start)
        for rooms in self.pairs.rooms[meet]:
            broken += min(self._fullness(room, meet, start) for room in rooms)
        return broken + sum(1 for _ in self.full_tallies(meet, start))

    def emptiest(self, rooms: Sequence[int], meet: int, start: int) -> list[int]:
        """Return those of the rooms which fewest lessons must leave for a meet; none where all are closed."""
        full = [self._fullness(room, meet, start) for room in rooms]
        return [room for room, count in zip(rooms, full, strict=True) if count == min(full) < CLOSED]

    def in_the_room(self, room: int, meet: int, start: int) -> Iterator[list[int]]:
        """Yield the meets in a room at each time of a meet at which it is still full."""
        for time in self._spans[meet][start]:
            if self._taken[room][time] >= self.pairs.capacity[room]:
                yield self._inside_room[room][time]

    def full_tallies(self, meet: int, start: int) -> Iterator[set[int]]:
        """Yield the meets counted in each tally that is still full, of those in which a start of a meet counts."""
        for tally in self._tallies[meet]:
            if self._part[tally] >> start & 1 and len(self._counted[tally]) >= self._most[tally]:
                yield self._counted[tally]

    def _fullness(self, room: int, meet: int, start: int) -> int:
        if self._closed[room] & self._covers[meet][start]:
            return CLOSED
        taken, capacity = self._taken[room], self.pairs.capacity[room]
        return sum(taken[time] >= capacity for time in self._spans[meet][start])

    # -- placing and taking away --------------------------------------------------------------------------------------

    def put(self, meet: int, start: int, rooms: tuple[int, ...]) -> None:
        """Place a meet where nothing is in the way."""
        self.at[meet], self.chosen[meet] = start, rooms
        cover, span = self._covers[meet][start], self._spans[meet][start]
        for clique in self._cliques[meet]:
            self._busy[clique] |= cover
            holder = self._holder[clique]
            for time in span:
                holder[time] = meet
        for room in rooms:
            for time in span:
                self._taken[room][time] += 1
                self._inside_room[room][time].append(meet)
        for tally in self._tallies[meet]:
            if self._part[tally] >> start & 1:
                self._counted[tally].add(meet)
        self.days.change(meet, start, 1)

    def lift(self, meet: int) -> None:
        """Take a meet away."""
        start, rooms = self.at[meet], self.chosen[meet]
        self.at[meet], self.chosen[meet] = -1, ()
        cover, span = self._covers[meet][start], self._spans[meet][start]
        for clique in self._cliques[meet]:
            self._busy[clique] &= ~cover
            holder = self._holder[clique]
            for time in span:
                holder[time] = -1
        for room in rooms:
            for time in span:
                self._taken[room][time] -= 1
                self._inside_room[room][time].remove(meet)
        for tally in self._tallies[meet]:
            self._counted[tally].discard(meet)
        self.days.change(meet, start, -1)


class Row(NamedTuple):
    """A limit on a person: the sum over the days of ``tables[day][hours]`` is at most ``most``, and what is out on top if ``slack``."""

    number: int
    tables: list[list[int]]
    most: int
    slack: bool


class Days:
    """The hours of people whose days are limited, as bit masks, and the rows of ``weeks.py``; ``people`` are those of each meet."""

    def __init__(self, pairs: Pairs, weeks: Weeks) -> None:
        self._duration = pairs.duration
        self._day, hour = weeks.day.tolist(), weeks.hour.tolist()
        bits = {d: [sum(1 << hour[time] for time in set(span)) for span in spans.tolist()] for d, spans in pairs.spans.items()}
        self._bits = [bits[d] for d in pairs.duration]
        bank, tables = weeks.bank.tolist(), weeks.table.tolist()
        self._rows: dict[int, list[Row]] = {
            person: [Row(n, [bank[table] for table in tables[n]], int(weeks.most[n]), bool(weeks.slack[n])) for n in numbers]
            for person, numbers in weeks.rows_of.items()
        }
        self.people = [[r for r in pairs.fixed[event] if r in self._rows] for event in pairs.event]
        self._with: dict[int, list[int]] = {person: [] for person in self._rows}
        for meet, people in enumerate(self.people):
            for person in people:
                self._with[person].append(meet)
        self._hours = {person: [0] * weeks.days for person in self._rows}
        self._left = {person: sum(pairs.duration[meet] for meet in meets) for person, meets in self._with.items()}
        self._totals = [sum(bank[table][0] for table in row) for row in tables]

    def excess(self, meet: int, start: int) -> int:
        """Return by how much the limits on the people of a meet would be broken if it stood at a start."""
        excess = 0
        if self.people[meet]:
            day, bits = self._day[start], self._bits[meet][start]
            for person in self.people[meet]:
                hours, left = self._hours[person][day], self._left[person] - self._duration[meet]
                for row in self._rows[person]:
                    table = row.tables[day]
                    over = self._totals[row.number] + table[hours | bits] - table[hours] - row.most - (left if row.slack else 0)
                    if over > 0:
                        excess += over
        return excess

    def broken_rows(self, person: int) -> list[Row]:
        """Return the limits on a person that are broken as things stand."""
        left = self._left[person]
        return [row for row in self._rows[person] if self._totals[row.number] > row.most + (left if row.slack else 0)]

    def mending(self, person: int, row: Row, at: list[int], moved: Container[int]) -> list[tuple[int, int, int]]:
        """Return (change of the limit, hours that its day is left with, meet) for each meet of a person that stands and has not moved: a
        negative change mends, where there is none a day is given up lesson by lesson.
        """
        found = []
        for meet in self._with[person]:
            start = at[meet]
            if start >= 0 and meet not in moved:
                table, hours = row.tables[self._day[start]], self._hours[person][self._day[start]]
                rest = hours & ~self._bits[meet][start]
                change = table[rest] - table[hours] - (self._duration[meet] if row.slack else 0)
                found.append((change, 0, meet) if change < 0 else (0, rest.bit_count(), meet))
        return found

    def change(self, meet: int, start: int, sign: int) -> None:
        """Count a meet that is placed (sign 1) or taken away (-1)."""
        if self.people[meet]:
            day, bits, d = self._day[start], self._bits[meet][start], self._duration[meet]
            for person in self.people[meet]:
                days = self._hours[person]
                before = days[day]
                days[day] = after = before | bits if sign > 0 else before & ~bits
                self._left[person] -= sign * d
                for row in self._rows[person]:
                    self._totals[row.number] += row.tables[day][after] - row.tables[day][before]


def _columns(matrix: Array) -> list[int]:
    """Return the columns of a matrix as bit masks: which rows are not zero."""
    packed = np.packbits(matrix > 0, axis=0, bitorder="little")
    return [int.from_bytes(column.tobytes(), "little") for column in packed.T]
