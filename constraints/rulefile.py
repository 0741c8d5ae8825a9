"""Reads one rule file (TOML) and says, line by line, what is wrong with it. The format is described in docs/writing-a-rule-set.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instances.language import Message

_HEADER = re.compile(r"^\s*\[(\[)?\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=""")
_ROWS = re.compile(r"^\s*(\w+)\s*=\s*\[\s*(#.*)?$")
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a rule file: the line (1, 2, ...; 0 for the file as a whole) and what is wrong there."""

    file: str
    line: int
    message: Message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class RuleSetError(Exception):
    """A rule set cannot be used; carries all faults, not the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class RuleFile:
    """The tables of a rule file, and the line on which each key stands."""

    file: str
    data: Mapping[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    def line(self, *path: str | int) -> int:
        """Return the line of a key, else of the table around it; 0 where neither is written out."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0

    def fault(self, message: Message, *path: str | int) -> Fault:
        """Return a fault at a key."""
        return Fault(self.file, self.line(*path), message)


def read_rule_file(path: Path) -> RuleFile:
    """Read a file; raises RuleSetError where it is missing, not UTF-8 or not TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise RuleSetError([Fault(str(path), 0, Message("cannot be read: {reason}", reason=error.strerror or str(error)))]) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise RuleSetError([Fault(path.name, line, Message("is not UTF-8 text"))]) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        reason = _AT_LINE.sub("", str(error)).strip()
        raise RuleSetError([Fault(path.name, line, Message("is not valid TOML: {reason}", reason=reason))]) from None
    return RuleFile(path.name, data, _locate(text))


def _locate(text: str) -> dict[tuple[str | int, ...], int]:
    """Return the line of every table and key, arrays of tables numbered from 0."""
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[str, int] = {}
    rows = ""
    for number, line in enumerate(text.splitlines(), 1):
        if rows:  # an array of inline tables, one to a line
            if line.lstrip().startswith("{"):
                counts[rows] = counts.get(rows, -1) + 1
                lines[rows, counts[rows]] = number
            rows = "" if line.lstrip().startswith("]") else rows
        elif opened := _ROWS.match(line):
            rows = opened[1]
            lines.setdefault((rows,), number)
        elif header := _HEADER.match(line):
            name = header[2]
            if header[1]:
                counts[name] = counts.get(name, -1) + 1
                table = (name, counts[name])
            else:
                parts = _parts(name)
                inside = len(parts) > 1 and parts[0] in counts
                table = (parts[0], counts[parts[0]], *parts[1:]) if inside else parts
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            parts = _parts(key[1])
            for length in range(1, len(parts) + 1):
                lines.setdefault((*table, *parts[:length]), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
