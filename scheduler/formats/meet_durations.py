"""Which lengths a meet can have, when it is said how an event may be split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass
class SplitLimits:
    """The requirements on the meets of one event: their shortest and longest length, least and greatest number, and for single
    lengths the least and greatest number. The widest limits say nothing.
    """

    duration: int
    shortest: int = 1
    longest: int = 10**6
    least: int = 0
    most: int = 10**6
    numbers: dict[int, tuple[int, int]] = field(default_factory=dict)

    def split(self, shortest: int, longest: int, least: int, most: int) -> None:
        """Take in a limit on lengths and number."""
        self.shortest, self.longest = max(self.shortest, shortest), min(self.longest, longest)
        self.least, self.most = max(self.least, least), min(self.most, most)

    def number(self, length: int, least: int, most: int) -> None:
        """Take in a limit on the number of meets of one length."""
        before = self.numbers.get(length, (0, 10**6))
        self.numbers[length] = (max(before[0], least), min(before[1], most))

    def possible(self) -> tuple[int, ...]:
        """Return the lengths that occur in some way to split the event; all lengths where there is none."""
        lengths = range(max(self.shortest, 1), min(self.longest, self.duration) + 1)
        found = _possible(self.duration, lengths, self.least, self.most, tuple(sorted(self.numbers.items())))
        return found or tuple(range(1, self.duration + 1))


@lru_cache(maxsize=4096)
def _possible(duration: int, lengths: range, least: int, most: int, numbers: tuple[tuple[int, tuple[int, int]], ...]) -> tuple[int, ...]:
    limits: Mapping[int, tuple[int, int]] = dict(numbers)
    if any(low > 0 and length not in lengths for length, (low, _) in numbers):
        return ()
    counts = {n: range(limits.get(n, (0, 0))[0], min(limits.get(n, (0, duration))[1], duration // n) + 1) for n in lengths}
    # All (periods, meets) that the lengths before, and the lengths after, a given one can make up.
    before: list[set[tuple[int, int]]] = [{(0, 0)}]
    for n in lengths:
        before.append(_extended(before[-1], n, counts[n], duration, most))
    after: list[set[tuple[int, int]]] = [{(0, 0)}]
    for n in reversed(lengths):
        after.append(_extended(after[-1], n, counts[n], duration, most))
    after.reverse()
    return tuple(n for place, n in enumerate(lengths) if _fits(n, counts[n], before[place], after[place + 1], duration, least, most))


def _fits(
    length: int, counts: range, before: set[tuple[int, int]], after: set[tuple[int, int]], duration: int, least: int, most: int
) -> bool:
    """Say whether some number of meets of ``length`` completes what the other lengths make up."""
    rest: dict[int, list[int]] = {}
    for periods, meets in after:
        rest.setdefault(periods, []).append(meets)
    return any(
        least <= meets + count + others <= most
        for periods, meets in before
        for count in counts
        if count > 0
        for others in rest.get(duration - periods - count * length, ())
    )


def _extended(states: set[tuple[int, int]], length: int, counts: range, duration: int, most: int) -> set[tuple[int, int]]:
    return {
        (periods + length * count, meets + count)
        for periods, meets in states
        for count in counts
        if periods + length * count <= duration and meets + count <= most
    }
