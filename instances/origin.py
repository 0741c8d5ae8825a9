"""Where a value came from, so that every message can point at the cell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The place a value was read from: file, sheet and cell (``A1`` style); parts that are unknown stay empty."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return f"{self.file}[{place}]" if self.file and place else self.file or place


NOWHERE = Origin()
