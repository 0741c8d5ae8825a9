"""The explanation on screen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from instances.language import Message
from scheduler.explaining.explain import Explanation
from scheduler.explaining.report import Line, Part, cells, lines_of, part_title
from scheduler.explaining.shortage import Shortage

_MOST = 40  # lines of a part; the rest stands in the workbook


def print_explanation(explanation: Explanation, console: Console | None = None) -> None:
    """Print why there is no timetable, part by part."""
    console = console or Console()
    for part, lines in groupby(lines_of(explanation), key=lambda line: line.part):
        _print_part(part, list(lines), console)


def print_shortages(shortages: Sequence[Shortage], console: Console | None = None) -> None:
    """Print what counting finds wrong with a plan."""
    if shortages:
        _print_part(Part.SHORTAGE, [Line(Part.SHORTAGE, n, s.message, s.origins) for n, s in enumerate(shortages, 1)], console or Console())


def _print_part(part: Part, lines: list[Line], console: Console) -> None:
    console.print(Text(part_title(part), style="bold"))
    for line in lines[:_MOST]:
        where = str(cells(line.origins[:3]))
        mark = (
            f"{line.number}. " if line.number and (line.heading or part in (Part.SHORTAGE, Part.BLOCKED)) else "   " if line.number else ""
        )
        console.print(Text(f"{mark}{line.text}" + (f"  [{where}]" if where else ""), style="bold red" if part is Part.SUMMARY else ""))
    if len(lines) > _MOST:
        console.print(Text(str(Message("... and {count} more lines", count=len(lines) - _MOST)), style="dim"))
