"""Compile every ``<language>/*.po`` beside this file to ``.mo`` (development only; needs babel)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # a date of its own would make every compilation another file


def compile_catalogues(folder: Path = Path(__file__).parent) -> list[Path]:
    """Write the ``.mo`` beside each ``.po`` and return the paths written."""
    written = []
    for source in sorted(folder.glob("*/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file)
        catalogue.creation_date = catalogue.revision_date = _NO_DATE
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_catalogues():
        print(path)
