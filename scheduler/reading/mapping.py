"""The mapping file (``--map``): a few lines of TOML that settle what a reader cannot recognise (docs/reading-plans.md)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from instances.language import Message
from instances.origin import Origin
from instances.school import Stage
from instances.spelling import key
from scheduler.errors import Finding, InputError
from scheduler.reading.headers import FIELDS


class Layout(StrEnum):
    """The layouts that are read."""

    TEMPLATE = "template"  # our own plan
    PAIRS = "pairs"  # class rows with (hours, teacher) column pairs
    MATRIX = "matrix"  # class x subject matrix of teacher names
    GRID = "grid"  # class x subject or grade x subject matrix of weekly hours
    HOURS = "hours"  # list of subjects with weekly hours
    ROWS = "rows"  # one row for each teacher, subject and classes
    BELLS = "bells"
    IGNORE = "ignore"


class SheetMap(BaseModel):
    """What is said of one sheet. ``columns`` maps a field to a column letter or the text of its header."""

    model_config = ConfigDict(extra="forbid")

    layout: Layout | None = None
    header: int | None = Field(default=None, ge=1)
    grade: str = ""
    columns: dict[str, str] = Field(default_factory=dict)
    ignore: list[str] = Field(default_factory=list)

    @field_validator("layout")
    @classmethod
    def _foreign(cls, layout: Layout | None) -> Layout | None:
        if layout is Layout.TEMPLATE:
            raise ValueError("our own plan is known by the names of its sheets and needs no mapping")
        return layout


class ClassMap(BaseModel):
    """The grade and number of a class whose name tells neither."""

    model_config = ConfigDict(extra="forbid")

    grade: int = Field(ge=1, le=12)
    number: int | None = None


class MapFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    school: str = ""
    stage: Stage | None = None
    school_year: int | None = Field(default=None, ge=1990, le=2100)
    hours: Literal["per class", "total"] | None = None
    sheets: dict[str, SheetMap] = Field(default_factory=dict)
    subjects: dict[str, str] = Field(default_factory=dict)
    classes: dict[str, ClassMap] = Field(default_factory=dict)


@dataclass(frozen=True)
class SheetMapping:
    """A mapping read and ready. Sheets are named ``Sheet1`` or ``file.xlsx/Sheet1``."""

    file: MapFile = field(default_factory=lambda: MapFile())
    origin: Origin = field(default_factory=Origin)

    def of(self, sheet: Origin) -> SheetMap:
        """Return what is said of a sheet, nothing if it is not named."""
        named: Mapping[str, SheetMap] = {key(name): value for name, value in self.file.sheets.items()}
        return named.get(key(f"{sheet.file}/{sheet.sheet}")) or named.get(key(sheet.sheet)) or SheetMap()

    def subject(self, label: str) -> str | None:
        """Return the subject that the file names for a label."""
        return {key(k): v for k, v in self.file.subjects.items()}.get(key(label))

    def school_class(self, label: str) -> ClassMap | None:
        """Return the class that the file names for a label."""
        return {key(k): v for k, v in self.file.classes.items()}.get(key(label))

    def unmatched(self, sheets: list[Origin]) -> list[str]:
        """Return the names of sheets in the file that no workbook has."""
        there = {key(name) for sheet in sheets for name in (sheet.sheet, f"{sheet.file}/{sheet.sheet}")}
        return [name for name in self.file.sheets if key(name) not in there]


def read_mapping(path: Path | None) -> SheetMapping:
    """Read a mapping file; None gives an empty one. Raises InputError with every fault in it."""
    if path is None:
        return SheetMapping()
    origin = Origin(path.name)
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError([Finding(Message("there is no such file"), origin, expected=Message("a mapping file (.toml)"))]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError([Finding(Message("the file cannot be read: {reason}", reason=str(error)), origin)]) from None
    except tomllib.TOMLDecodeError as error:
        quoted = Message('Chinese names stand in quotation marks, left and right: "国学" = "地方课程"')
        message = Message("the mapping file is not valid TOML: {reason}", reason=str(error))
        raise InputError([Finding(message, origin, expected=quoted)]) from None
    try:
        file = MapFile.model_validate(data)
    except ValidationError as error:
        raise InputError(
            [
                Finding(
                    Message("the mapping file cannot be used: {place}: {reason}", place=".".join(map(str, e["loc"])), reason=e["msg"]),
                    origin,
                    str(e["input"])[:60],
                )
                for e in error.errors()
            ]
        ) from None
    unknown = [(name, word) for name, sheet in file.sheets.items() for word in sheet.columns if word not in FIELDS]
    if unknown:
        expected = Message("one of {words}", words=", ".join(FIELDS))
        raise InputError(
            [
                Finding(Message("the mapping file names an unknown column: {word}", word=word), origin, name, expected)
                for name, word in unknown
            ]
        )
    return SheetMapping(file, origin)
