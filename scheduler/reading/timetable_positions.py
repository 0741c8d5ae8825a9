"""Which day and period of the week the lines of a block stand for, and what the lines that hold no lessons are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from instances.bells import SectionKind
from scheduler.reading.timetable_blocks import Block, Line
from scheduler.reading.timetable_cells import EMPTY
from scheduler.reading.timetable_labels import Label, read_label
from scheduler.reading.workbook import Cell

PAUSES = frozenset(
    {
        SectionKind.ARRIVAL,
        SectionKind.MORNING_EXERCISE,
        SectionKind.MEETING,
        SectionKind.BREAK,
        SectionKind.LONG_BREAK,
        SectionKind.EYE_EXERCISE,
        SectionKind.LUNCH,
        SectionKind.NOON_REST,
        SectionKind.DINNER,
        SectionKind.DISMISSAL,
    }
)
"""Kinds whose name in a cell means the pause itself, not a lesson."""

_SHORTEST_LESSON = 25  # minutes; what is shorter and has no number is a pause


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of a day as a block shows it: its periods (none for a pause), kind, clock and name."""

    day: int
    periods: tuple[int, ...]
    kind: SectionKind
    clock: tuple[int, int] | None
    half: int | None
    name: str = ""


def positions(block: Block, day: int | None) -> dict[tuple[int, int], Position]:
    """Return the position of every (row, column) whose day is known; ``day`` holds for a block that names none.

    Numbers that begin again in the afternoon are counted on (下午第1节 after four periods is period 5). Lines without number become
    pauses, or periods after the last one where lessons stand in them (morning reading is period 0).
    """
    labels: dict[tuple[int, int], Label] = {}
    content: dict[tuple[int, int], list[Cell]] = {}
    for row, column, cells in block.slots():
        label = row.label.with_context(column.label)
        where = row.index, column.index
        labels[where] = label if label.day is not None else Label(day, label.periods, label.clock, label.half, label.kind)
        content[where] = list(cells)
    by_days = any(line.label.day is not None for line in block.columns)
    periods_down = any(_is_period(line) for line in block.rows) and not any(_is_period(line) for line in block.columns)
    lines = sorted(labels, key=(lambda at: at) if periods_down or not by_days else (lambda at: (at[1], at[0])))
    sequences: dict[int, dict[Label, list[tuple[int, int]]]] = {}
    for at in lines:
        label = labels[at]
        if label.day is None:
            continue
        undated = Label(None, label.periods, label.clock, label.half, label.kind)
        if not undated:  # no number, time or half: every line is a line of its own
            undated = Label(None, (), None, None, None, bare=True)
            sequences.setdefault(label.day, {}).setdefault(undated, []).append(at)
        else:
            sequences.setdefault(label.day, {}).setdefault(undated, []).append(at)
    numbered = any(label.periods for sequence in sequences.values() for label in sequence)
    found: dict[tuple[int, int], Position] = {}
    for number, sequence in sequences.items():
        found.update(_place(number, sequence, content, numbered, periods_down))
    return found


def _is_period(line: Line) -> bool:
    return bool(line.label.periods) or line.label.clock is not None or (line.label.half is not None and line.label.day is None)


def _place(
    day: int,
    sequence: dict[Label, list[tuple[int, int]]],
    content: dict[tuple[int, int], list[Cell]],
    numbered: bool,
    periods_down: bool,
) -> dict[tuple[int, int], Position]:
    offset = last = previous = 0
    rows: list[tuple[Label, list[tuple[int, int]], tuple[int, ...], SectionKind, str]] = []
    for label, places in sequence.items():
        for part in _apart(label, places, periods_down):
            cells = [cell for at in part for cell in content[at] if not EMPTY.fullmatch(cell.text)]
            kind, name = _kind(label, cells)
            periods: tuple[int, ...] = ()
            if label.periods:
                if label.periods[0] <= previous:
                    offset = last
                previous = label.periods[-1]
                periods = tuple(n + offset for n in label.periods)
                last = max(last, periods[-1])
            elif not numbered and kind is SectionKind.LESSON:
                last += 1
                periods = (last,)
            rows.append((label, part, periods, kind, name))
    found = {}
    for label, part, periods, kind, name in rows:
        has_lessons = any(not _is_pause(cell) for at in part for cell in content[at])
        if not periods and has_lessons and kind not in PAUSES and kind is not SectionKind.BREAK:
            if kind is SectionKind.MORNING_READING:
                periods = (0,)
            else:
                last += 1
                periods = (last,)
        for at in part:
            found[at] = Position(day, periods, kind, label.clock, label.half, name)
    return found


def _apart(label: Label, places: list[tuple[int, int]], periods_down: bool) -> list[list[tuple[int, int]]]:
    """Lines that only share the half of the day (or nothing) are different periods; lines with a number or time are one."""
    if label.periods or label.clock is not None or label.kind is not None:
        return [places]
    axis = 0 if periods_down else 1
    lines: dict[int, list[tuple[int, int]]] = {}
    for at in places:
        lines.setdefault(at[axis], []).append(at)
    return list(lines.values())


def _is_pause(cell: Cell) -> bool:
    return bool(EMPTY.fullmatch(cell.text)) or read_label(cell.text).kind in PAUSES


def _kind(label: Label, cells: Iterable[Cell]) -> tuple[SectionKind, str]:
    """Say what a line is: by its label, else by what nearly all of its cells say, else by its length."""
    cells = list(cells)
    said = Counter((read_label(cell.text).kind, cell.text) for cell in cells)
    kinds = Counter({kind: 0 for kind, _ in said})
    for (kind, _), count in said.items():
        kinds[kind] += count
    common, count = kinds.most_common(1)[0] if kinds else (None, 0)
    if label.kind is not None:
        return label.kind, ""
    if common is SectionKind.MEETING and label.periods:  # 升旗 in the first period of Monday
        return SectionKind.LESSON, ""
    if common is not None and count >= 0.8 * len(cells) and (common in PAUSES or not label.periods or common is SectionKind.ACTIVITY):
        return common, next(text for (kind, text), _ in said.most_common() if kind is common).split("\n")[0]
    if not label.periods and label.clock is not None and label.clock[1] - label.clock[0] < _SHORTEST_LESSON:
        return SectionKind.BREAK, ""
    return SectionKind.LESSON, ""
