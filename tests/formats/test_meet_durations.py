"""Lengths of meets against a plain enumeration of all ways to split."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.formats.meet_durations import SplitLimits


def partitions(total: int, largest: int) -> Iterator[tuple[int, ...]]:
    """All ways to write a number as a sum, largest part first."""
    if total == 0:
        yield ()
    for part in range(min(total, largest), 0, -1):
        yield from ((part, *rest) for rest in partitions(total - part, part))


ranges = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)


@settings(max_examples=300, deadline=None)
@given(
    duration=st.integers(1, 9),
    lengths=st.none() | ranges,
    amounts=st.none() | ranges,
    numbers=st.dictionaries(st.integers(1, 5), ranges, max_size=2),
)
def test_lengths_that_occur_in_some_split(
    duration: int, lengths: list[int] | None, amounts: list[int] | None, numbers: dict[int, list[int]]
) -> None:
    limits = SplitLimits(duration)
    limits.split(*(lengths or (1, 99)), *(amounts or (0, 99)))
    for length, (least, most) in numbers.items():
        limits.number(length, least, most)
    low, high = lengths or (1, 99)
    fewest, most_meets = amounts or (0, 99)
    legal = [
        parts
        for parts in partitions(duration, duration)
        if all(low <= part <= high for part in parts)
        and fewest <= len(parts) <= most_meets
        and all(least <= parts.count(length) <= most for length, (least, most) in numbers.items())
    ]
    expected = sorted({part for parts in legal for part in parts}) or list(range(1, duration + 1))
    assert list(limits.possible()) == expected
