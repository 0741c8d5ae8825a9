"""What a reader says while it reads: the "understood as" echo, the findings, and which cells it has used.

Readers mark every cell they use; whatever is left of a sheet at the end is named in a note, so that no cell is dropped silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from instances.language import Message
from instances.origin import NOWHERE, Origin
from instances.school import Note
from scheduler.errors import Finding, InputError
from scheduler.reading.workbook import Cell, Sheet


@dataclass
class Echo:
    """Collects notes and findings. ``used`` holds the origins of the cells that went into the school."""

    notes: list[Note] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    used: set[Origin] = field(default_factory=set)

    def use(self, *cells: Cell) -> None:
        """Mark cells as read."""
        self.used.update(cell.origin for cell in cells)

    def note(self, text: Message, at: Cell | Origin = NOWHERE, *, assumed: bool = False) -> None:
        """Say how something was understood; ``assumed`` when a default stands in for what the plan does not say."""
        origin, value = self._place(at)
        self.notes.append(Note(text, origin, value, assumed))

    def wrong(self, message: Message, at: Cell | Origin = NOWHERE, expected: Message | None = None) -> None:
        """Report an error: nothing will be solved until it is mended."""
        origin, value = self._place(at)
        self.findings.append(Finding(message, origin, value, expected))

    def warn(self, message: Message, at: Cell | Origin = NOWHERE, expected: Message | None = None) -> None:
        """Report something doubtful; the plan is read without it."""
        origin, value = self._place(at)
        self.findings.append(Finding(message, origin, value, expected, fatal=False))

    def leftovers(self, sheets: Iterable[Sheet]) -> None:
        """Name the cells of ``sheets`` that nobody used, one note for each column."""
        for sheet in sheets:
            columns: dict[int, list[Cell]] = defaultdict(list)
            for (_, column), cell in sheet.cells.items():
                if not cell.filled and cell.origin not in self.used:
                    columns[column].append(cell)
            for cells in columns.values():
                listed = "; ".join(f"{cell.origin.cell} {cell.text[:20]}" for cell in cells[:8])
                text = Message("not used: {cells}", cells=listed)
                if cells[8:]:
                    text = Message(
                        "not used: {cells} and {count} more down to {last}", cells=listed, count=len(cells) - 8, last=cells[-1].origin.cell
                    )
                self.note(text, cells[0].origin)

    def warnings_as_notes(self) -> None:
        """Put the findings that stop nothing at the head of the notes."""
        warnings = [f for f in self.findings if not f.fatal]
        self.notes[:0] = [Note(Message("warning: {warning}", warning=f.message), f.origin, f.value) for f in warnings]

    def stop_if_wrong(self) -> None:
        """Raise InputError with all findings if one of them is fatal."""
        if any(finding.fatal for finding in self.findings):
            raise InputError(sorted(self.findings, key=lambda finding: not finding.fatal))

    @staticmethod
    def _place(at: Cell | Origin) -> tuple[Origin, str]:
        return (at.origin, at.text) if isinstance(at, Cell) else (at, "")
