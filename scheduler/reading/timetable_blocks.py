"""Where the timetables stand on a sheet: blocks with a top edge, a left edge, and cells that both edges place in the week.

All layouts are one: each edge line (a row or a column) may name a day, a period, a clock time, a class or teacher, and a cell
takes what its row and its column say, the rest from the title of the block. So classes down and days x periods across (总课表),
days across and periods down (班级课表), days down and periods across, days x periods down and classes across, one block or many
on a sheet, and several rows for each class are read by the same code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from scheduler.reading.timetable_labels import NO_LABEL, Label, read_label
from scheduler.reading.timetable_names import is_class_label, says_role
from scheduler.reading.workbook import Cell, Sheet

_PART = re.compile(r"课程|科目|学科|教师|老师|任课教师|场地|教室")
"""Headers that part the cell of a class into columns: 课程 and 教师 side by side."""
_EDGE = 6  # labels are looked for in so many columns left of the lessons


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column of lessons: what its edge cells say. ``names`` are the edge cells that are no label, with the header above."""

    index: int
    label: Label
    names: tuple[tuple[str, Cell], ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """Lines with one key are one line that takes several rows (subject above teacher, half-groups)."""
        return (self.label, tuple(cell.origin for _, cell in self.names))


@dataclass(frozen=True)
class Block:
    """A timetable on a sheet. ``titles`` are the cells above it and in its corner, nearest first."""

    sheet: Sheet
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    titles: tuple[Cell, ...]
    names_across: bool = False
    edges: tuple[Cell, ...] = field(default=())

    def slots(self) -> Iterator[tuple[Line, Line, tuple[Cell, ...]]]:
        """Yield (row line, column line, the different cells that stand there, in reading order)."""
        for rows in _groups(self.rows):
            for columns in _groups(self.columns):
                found: dict[object, Cell] = {}
                for row in rows:
                    for column in columns:
                        cell = self.sheet.at(row.index, column.index)
                        if cell:
                            found.setdefault(cell.origin, cell)
                yield rows[0], columns[0], tuple(found.values())


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in lines:
        if group and (line.key != group[-1].key or line.index != group[-1].index + 1):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def find_blocks(sheet: Sheet) -> list[Block]:
    """Return the timetables on a sheet, top to bottom and left to right; an empty list when there is none."""
    headers = _header_groups(sheet)
    if not headers:
        block = _names_across(sheet)
        return [block] if block else []
    blocks: list[Block] = []
    previous_end = 0
    for number, (top, bottom) in enumerate(headers):
        limit = headers[number + 1][0] - 1 if number + 1 < len(headers) else sheet.height
        rows = list(range(bottom + 1, limit + 1))
        while rows and number + 1 < len(headers) and _is_title_row(sheet, rows[-1]):
            rows.pop()
        titles = range(previous_end + 1, top)
        blocks.extend(_blocks_under(sheet, top, bottom, rows, titles))
        previous_end = rows[-1] if rows else bottom
    return blocks


# -- the top edge -----------------------------------------------------------------------------------------------------


def _anchors(sheet: Sheet, row: int) -> list[tuple[int, Cell]]:
    """The different cells of a row with the column where each first shows; a merged range counts in its first row only."""
    seen: dict[object, tuple[int, Cell]] = {}
    for column in range(1, sheet.width + 1):
        cell = sheet.at(row, column)
        if cell and cell.origin not in seen:
            seen[cell.origin] = (column, cell)
    return list(seen.values())


def _is_header_row(sheet: Sheet, row: int) -> bool:
    labels = [(read_label(cell.text), cell) for _, cell in _anchors(sheet, row)]
    days = sum(label.day is not None for label, _ in labels)
    numbered = [label.periods for label, _ in labels if label.periods]
    clocks = sum(label.clock is not None for label, _ in labels)
    halves = sum(label.half is not None for label, _ in labels)
    other = sum(not label.positional for label, _ in labels)
    bare_run = _longest_run(numbered) >= 3
    named = max(days, clocks, halves, sum(bool(label.periods) and not label.bare for label, _ in labels))
    if days >= 2 or (clocks >= 3 and other <= clocks) or (halves >= 2 and other <= 3):
        return True
    return (named >= 3 or bare_run) and len(numbered) >= 3 and other <= max(3, len(numbered) // 2)


def _is_numbers(sheet: Sheet, row: int) -> bool:
    """Whether a row under a header holds hardly more than numbers of periods."""
    labels = [read_label(cell.text) for _, cell in _anchors(sheet, row)]
    numbers = sum(bool(label.periods) for label in labels)
    return numbers >= 2 and len(labels) - numbers <= 1


def _longest_run(numbered: list[tuple[int, ...]]) -> int:
    """The length of the longest run of periods that follow one another: 1, 2, 3 or 1-2, 3-4."""
    longest = current = 1 if numbered else 0
    for before, after in pairwise(numbered):
        current = current + 1 if after[0] == before[-1] + 1 else 1
        longest = max(longest, current)
    return longest


def _header_groups(sheet: Sheet) -> list[tuple[int, int]]:
    """Return (first, last) row of each header; rows of a header follow one another."""
    groups: list[tuple[int, int]] = []
    for row in range(1, sheet.height + 1):
        follows = bool(groups) and row == groups[-1][1] + 1
        if _is_header_row(sheet, row) or (follows and _is_numbers(sheet, row)):
            if follows:
                groups[-1] = (groups[-1][0], row)
            else:
                groups.append((row, row))
    return groups


def _is_title_row(sheet: Sheet, row: int) -> bool:
    """A row with nothing but one or two texts that are no labels, or nothing at all."""
    anchors = _anchors(sheet, row)
    return len(anchors) <= 2 and not any(read_label(cell.text) for _, cell in anchors)


def _top_labels(sheet: Sheet, top: int, bottom: int) -> dict[int, tuple[Label, tuple[Cell, ...]]]:
    """Return for each column what the header rows say of it; days and halves reach over the blank cells to their right."""
    found: dict[int, tuple[Label, tuple[Cell, ...]]] = {}
    has_periods = any(read_label(sheet.at(row, c).text).periods for row in range(top, bottom + 1) for c in range(1, sheet.width + 1))
    carried: dict[int, tuple[Label, Cell]] = {}
    for column in range(1, sheet.width + 1):
        label, cells = NO_LABEL, []
        for row in range(top, bottom + 1):
            cell = sheet.at(row, column)
            here = read_label(cell.text)
            if here:
                cells.append(cell)
                if here.day is not None or here.half is not None:
                    carried[row] = (here, cell)
            elif not cell and row in carried and has_periods:
                reach = carried[row][0]
                here = Label(day=reach.day, half=reach.half)
            if here.day is not None and label.day is not None and here.bare:
                continue
            label = label.with_context(here) if not (label.bare and here.periods) else here.with_context(label)
        own = tuple(dict.fromkeys(cells))
        if label.positional and (own or label.periods):
            found[column] = (replace(label, bare=False), own)
    return found


def _bare_days(
    labels: dict[int, tuple[Label, tuple[Cell, ...]]], sheet: Sheet, rows: list[int]
) -> dict[int, tuple[Label, tuple[Cell, ...]]]:
    """Read a header ``一 二 三 四 五`` as days where the left edge holds the periods."""
    if any(label.day is not None for label, _ in labels.values()) or not 5 <= len(labels) <= 7:
        return labels
    if [label.periods for label, _ in labels.values()] != [(n,) for n in range(1, len(labels) + 1)]:
        return labels
    first = min(labels)
    left = [read_label(sheet.at(row, column).text) for row in rows for column in range(1, first)]
    if any(label.day is not None for label in left) or sum(bool(label.periods or label.clock) for label in left) < 3:
        return labels
    return {column: (Label(day=label.periods[0]), cells) for column, (label, cells) in labels.items()}


def _segments(labels: dict[int, tuple[Label, tuple[Cell, ...]]]) -> list[list[int]]:
    """Part tables that stand side by side: a gap in the columns after which days or periods begin again."""
    segments: list[list[int]] = []
    for column in sorted(labels):
        if segments:
            last = segments[-1][-1]
            before, here = labels[last][0], labels[column][0]
            again = (
                (here.day is not None and before.day is not None and here.day < before.day)
                if before.day is not None
                else bool(here.periods and before.periods and here.periods[0] <= before.periods[0])
            )
            if again and column > last + 1:
                segments.append([column])
                continue
            segments[-1].append(column)
        else:
            segments.append([column])
    return segments


# -- the left edge ----------------------------------------------------------------------------------------------------


def _blocks_under(sheet: Sheet, top: int, bottom: int, rows: list[int], title_rows: range) -> Iterator[Block]:
    labels = _bare_days(_top_labels(sheet, top, bottom), sheet, rows)
    # a lone time or half of the day in the header of the left edge is no column of lessons
    labels = {c: v for c, v in labels.items() if v[0].day is not None or v[0].periods or v[0].clock}
    if not labels:
        return
    segments = _segments(labels)
    start = 1
    edge: list[int] = []
    for segment in segments:
        own = list(range(max(start, segment[0] - _EDGE), segment[0]))
        edge = own or edge
        columns = tuple(Line(c, labels[c][0], cells=labels[c][1]) for c in segment)
        corner = [sheet.at(row, c) for row in range(top, bottom + 1) for c in edge]
        above = [sheet.at(row, c) for row in reversed(title_rows) for c in range(start, segment[-1] + 1)]
        lines = tuple(_left_edge(sheet, rows, edge, top, bottom, columns))
        titles = tuple(dict.fromkeys(cell for cell in [*above, *corner] if cell and not read_label(cell.text).positional))
        if lines:
            edges = tuple(dict.fromkeys(cell for line in (*lines, *columns) for cell in line.cells))
            yield Block(sheet, lines, columns, titles, edges=edges)
        start = segment[-1] + 1


def _left_edge(sheet: Sheet, rows: list[int], edge: list[int], top: int, bottom: int, columns: tuple[Line, ...]) -> Iterator[Line]:
    """Read the rows of a block. Blank edge cells continue the row above: unmerged names, days and periods over several rows."""
    days_above = any(line.label.day is not None for line in columns)
    periods_above = any(line.label.periods for line in columns)
    roles = {c: " ".join(dict.fromkeys(sheet.at(r, c).text for r in range(top, bottom + 1))) for c in edge}
    carried: dict[int, Cell] = {}
    for row in rows:
        data = {sheet.at(row, line.index).origin for line in columns if sheet.at(row, line.index)}
        own = {c: sheet.at(row, c) for c in edge}
        if not data and not any(own.values()):
            carried = {}
            continue
        if not any(own.values()) and _is_footer(sheet, row, columns):
            carried = {}
            continue
        fresh = next((c for c in edge if own[c]), None)
        placed = any(read_label(own[c].text).clock or read_label(own[c].text).periods for c in edge)
        label, names, cells = NO_LABEL, [], []
        for c in edge:
            cell = own[c]
            if cell:
                carried[c] = cell
            elif c in carried and (fresh is None or c < fresh) and not (placed and read_label(carried[c].text).periods):
                cell = carried[c]  # a name or day that reaches over the rows below it
            else:
                carried.pop(c, None)
                continue
            here = read_label(cell.text)
            if here.bare and ((days_above and periods_above) or (periods_above and here.periods[0] > 7)):
                here = NO_LABEL  # a serial number or the number of a class
            elif here.bare and periods_above and not days_above and not cell.text.strip().isascii():
                here = Label(day=here.periods[0])
            if here.positional or here.kind:
                label = label.with_context(here)
                cells.append(cell)
            else:
                names.append((roles[c], cell))
        if not label and not names:
            continue
        yield Line(row, replace(label, bare=False), tuple(names), tuple(cells))


def _is_footer(sheet: Sheet, row: int, columns: tuple[Line, ...]) -> bool:
    """A remark under the table: one text across many columns, or a text that begins as remarks do."""
    texts = {sheet.at(row, line.index).origin: sheet.at(row, line.index).text for line in columns if sheet.at(row, line.index)}
    only = next(iter(texts.values()), "")
    return len(texts) == 1 and not read_label(only).kind and (len(columns) > 3 or only.startswith(("注", "备注", "说明", "Note")))


# -- names across the top ---------------------------------------------------------------------------------------------


def _names_across(sheet: Sheet) -> Block | None:
    """Find days and periods both down the left edge, classes or teachers across the top."""
    width = min(sheet.width, _EDGE)
    labels = {(r, c): read_label(sheet.at(r, c).text) for r in range(1, sheet.height + 1) for c in range(1, width + 1)}
    day_columns = [c for c in range(1, width + 1) if len({labels[r, c].day for r in range(1, sheet.height + 1)} - {None}) >= 2]
    period_columns = [c for c in range(1, width + 1) if sum(bool(labels[r, c].periods) for r in range(1, sheet.height + 1)) >= 3]
    if not day_columns or not period_columns:
        return None
    edge_end = day_columns[0] if day_columns[0] in period_columns else max(day_columns[0], period_columns[0])
    while edge_end < width and sum(labels[r, edge_end + 1].positional for r in range(1, sheet.height + 1)) >= 3:
        edge_end += 1
    first = next(r for r in range(1, sheet.height + 1) if labels[r, day_columns[0]].day is not None)
    edge = list(range(1, edge_end + 1))
    header = [r for r in range(1, first) if sum(bool(sheet.at(r, c)) for c in range(edge_end + 1, sheet.width + 1)) >= 1]
    name_rows = [r for r in header if len({sheet.at(r, c).origin for c in range(edge_end + 1, sheet.width + 1) if sheet.at(r, c)}) >= 2]
    if not name_rows:
        name_rows = [r for r in header[-1:] if any(is_class_label(sheet.at(r, c).text) for c in range(edge_end + 1, sheet.width + 1))]
    columns = []
    for c in range(edge_end + 1, sheet.width + 1):
        names = tuple(
            (says_role(sheet, r, edge), sheet.at(r, c)) for r in name_rows if sheet.at(r, c) and not _PART.fullmatch(sheet.at(r, c).text)
        )
        if names or not name_rows:
            columns.append(Line(c, NO_LABEL, names))
    rows = list(_left_edge(sheet, list(range(first, sheet.height + 1)), edge, first, first - 1, ()))
    rows = [row for row in rows if row.label.positional or row.label.kind]
    titles = [sheet.at(r, c) for r in reversed(range(1, first)) if r not in name_rows for c in range(1, sheet.width + 1)]
    corner = [sheet.at(r, c) for r in name_rows for c in edge]
    found = tuple(dict.fromkeys(cell for cell in [*titles, *corner] if cell))
    edges = tuple(dict.fromkeys(cell for line in rows for cell in line.cells))
    return Block(sheet, tuple(rows), tuple(columns), found, names_across=bool(name_rows), edges=edges)
