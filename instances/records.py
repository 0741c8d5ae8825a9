"""What a school states of itself (自查记录): homework minutes, exams, what is posted, class by class or grade by grade.

No plan, bell schedule or timetable shows these; they come from a sheet of the workbook, each value with its cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from instances.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True)
class Record:
    """One statement: ``item`` is an id of ``constraints.records.items``, ``value`` a number, a yes (True) or a no (False).

    ``grades`` are those it is said of; empty means the whole school. The unit belongs to the item.
    """

    item: str
    value: float | bool
    grades: tuple[int, ...] = ()
    origin: Origin = NOWHERE


@dataclass(frozen=True)
class Records:
    """All statements of a school."""

    entries: tuple[Record, ...] = ()

    def of(self, item: str, grade: int | None = None) -> Iterator[Record]:
        """Yield the statements on an item; with ``grade``, those said of that grade or of the whole school."""
        for entry in self.entries:
            if entry.item == item and (grade is None or not entry.grades or grade in entry.grades):
                yield entry
