"""The eleven bell schedules that the source documents state (``bells.toml`` beside this file), two of them in two forms."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message

_FILE = Path(__file__).with_name("bells.toml")


def bell_fixtures() -> dict[str, BellSchedule]:
    """Return the bell schedules by id. Only some times of their days are known (``partial``)."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))["bells"]
    return {table["id"]: _schedule(table) for table in tables}


def read_section(text: str) -> Section:
    """Return the section that ``8:20-9:00 lesson [name]`` describes; it has no period number."""
    times, kind, *name = text.split(maxsplit=2)
    start, end = (int(hours) * 60 + int(minutes) for hours, minutes in (time.split(":") for time in times.split("-")))
    return Section(SectionKind(kind), start, end, " ".join(name))


def number_lessons(sections: list[Section]) -> tuple[Section, ...]:
    """Return sections in clock order, their lessons numbered 1, 2, ..."""
    numbered, period = [], 0
    for section in sorted(sections, key=lambda s: (s.start, s.end)):
        period += section.kind is SectionKind.LESSON
        number = period if section.kind is SectionKind.LESSON else None
        numbered.append(Section(section.kind, section.start, section.end, section.name, number))
    return tuple(numbered)


def _schedule(table: dict[str, Any]) -> BellSchedule:
    days = {}
    for day in range(1, 6):
        texts = list(table["sections"])
        for more in table.get("also", ()):
            texts += more["sections"] if day in more["days"] else []
        days[day] = number_lessons([read_section(text) for text in texts])
    return BellSchedule(table["id"], tuple(table["grades"]), days, notes=(Message(table["note"]),), partial=True)
