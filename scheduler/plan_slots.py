"""How periods of the week are written in a plan: ``周一至周五第1-2节，周三第4节`` and ``Mon-Fri 1-2; Wed 4``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from instances.language import current_language
from instances.school import Slot
from scheduler.plan_words import DAYS, whole_number_ranges


def write_slots(slots: Iterable[Slot], language: str) -> str:
    """Return the text for some periods, in the order given; neighbouring days with the same periods are joined.

    >>> write_slots([Slot(1, 1), Slot(1, 2), Slot(2, 1), Slot(2, 2), Slot(4, 4)], "en")
    'Mon-Tue 1-2; Thu 4'
    """
    by_day: list[tuple[int, list[int]]] = []
    for slot in slots:
        if by_day and by_day[-1][0] == slot.day:
            by_day[-1][1].append(slot.period)
        else:
            by_day.append((slot.day, [slot.period]))
    joined: list[tuple[list[int], list[int]]] = []
    for day, periods in by_day:
        if joined and joined[-1][1] == periods and joined[-1][0][-1] == day - 1:
            joined[-1][0].append(day)
        else:
            joined.append(([day], periods))
    parts = []
    for days, periods in joined:
        numbers = [f"{a}-{b}" if b > a else f"{a}" for a, b in whole_number_ranges(periods)]
        name = write_days(days, language)
        parts.append(f"{name}第{'、'.join(numbers)}节" if language == "zh" else f"{name} {', '.join(numbers)}")
    return ("，" if language == "zh" else "; ").join(parts)


def write_days(days: Sequence[int], language: str) -> str:
    """Return the text for some days: 1, 2, 3, 4, 5 -> ``周一至周五``, ``Mon-Fri``."""
    parts = []
    for first, last in whole_number_ranges(sorted(days)):
        a, b = DAYS.text(first, language), DAYS.text(last, language)
        parts.append(a if first == last else f"{a}至{b}" if language == "zh" else f"{a}-{b}")
    return ("、" if language == "zh" else ", ").join(parts)


@dataclass(frozen=True, slots=True)
class SlotNames:
    """Some periods as one text, in the language in force."""

    slots: tuple[Slot, ...]

    def __str__(self) -> str:
        return write_slots(self.slots, current_language())
