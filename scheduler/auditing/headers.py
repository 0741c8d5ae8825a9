"""The header row of a sheet that an office made by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set

from instances.spelling import normalise
from scheduler.reading.workbook import Sheet

_TOP = 10  # titles and notes stand above the headers, in few rows


def find_headers(sheet: Sheet, patterns: Mapping[str, str], enough: Callable[[Set[str]], bool]) -> tuple[int, dict[str, int]] | None:
    """Return the first row among the top ten with ``enough`` headers, and the column of each; None when there is none.

    A cell is the first header whose pattern it matches and that the row has not had yet.
    """
    for row in range(1, min(sheet.height, _TOP) + 1):
        columns: dict[str, int] = {}
        for column in range(1, sheet.width + 1):
            text = normalise(sheet.at(row, column).text)
            name = next((n for n, p in patterns.items() if text and n not in columns and re.search(p, text, re.IGNORECASE)), None)
            if name is not None:
                columns[name] = column
        if enough(columns.keys()):
            return row, columns
    return None
