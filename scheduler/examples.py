"""The course plans that ship with the program: made-up schools written as workbooks of our own layout.

``python -m scheduler.examples`` writes all of them anew into ``instances/examples``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from instances.generator import SchoolKind, generate
from instances.language import Message
from scheduler.errors import Finding, InputError

if TYPE_CHECKING:
    from instances.school import School

EXAMPLES: Mapping[str, tuple[SchoolKind, int, int]] = MappingProxyType(
    {"primary24": ("primary", 24, 0), "nine_year36": ("nine-year", 36, 0)}
)
"""For each example the arguments of :func:`instances.generator.generate`: kind of school, number of classes, seed."""


def example_school(name: str) -> School:
    """Return the school of an example; raises InputError for a name that is not in :data:`EXAMPLES`."""
    if name not in EXAMPLES:
        close = difflib.get_close_matches(name, EXAMPLES, 1, 0) or sorted(EXAMPLES)
        expected = Message("one of {names}; did you mean {close}?", names=", ".join(EXAMPLES), close=close[0])
        raise InputError([Finding(Message("There is no example plan called {name}", name=name), value=name, expected=expected)])
    return generate(*EXAMPLES[name])


def write_example(name: str, path: Path, *, language: str = "zh") -> None:
    """Write an example as a course plan workbook; raises InputError for an unknown name, OutputError where it cannot be written."""
    from scheduler.writing.plan import write_plan

    write_plan(example_school(name), path, language=language)


def write_all(folder: Path) -> tuple[Path, ...]:
    """Write every example into a folder, as ``NAME.xlsx``, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"{name}.xlsx" for name in EXAMPLES)
    for name, path in zip(EXAMPLES, paths, strict=True):
        write_example(name, path)
    return paths


if __name__ == "__main__":
    for written in write_all(Path(str(files("instances"))) / "examples"):
        print(written)
