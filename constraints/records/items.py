"""What a school can state in the 自查记录 sheet: the items that records rules ask for, read from ``items.toml`` beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from constraints.words import Words

_FILE = Path(__file__).with_name("items.toml")


@dataclass(frozen=True)
class Item:
    """One item: a number in ``unit``, or, without a unit, a yes or no. ``clock`` numbers are minutes after midnight."""

    id: str
    title: Words
    unit: Words | None = None
    clock: bool = False

    @property
    def yes_no(self) -> bool:
        """Say whether it is stated as yes or no."""
        return self.unit is None and not self.clock


def _read() -> tuple[Item, ...]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    units = {name: Words(texts) for name, texts in tables["units"].items()}
    return tuple(
        Item(id, Words({"zh": row["zh"], "en": row["en"]}), units.get(row.get("unit", "")), row.get("unit") == "clock")
        for id, row in tables["items"].items()
    )


ITEMS = _read()
BY_ID = {item.id: item for item in ITEMS}


def _stated_as_yes_or_no(item: str) -> str:
    if item not in BY_ID or not BY_ID[item].yes_no:
        raise ValueError("item")
    return item


def _stated_in_a_unit(item: str) -> str:
    if item not in BY_ID or BY_ID[item].unit is None:
        raise ValueError("item")
    return item


FactId = Annotated[str, Field(strict=True), AfterValidator(_stated_as_yes_or_no)]
"""The id of an item that is stated as yes or no, as a parameter of a rule."""
AmountId = Annotated[str, Field(strict=True), AfterValidator(_stated_in_a_unit)]
"""The id of an item that is stated as a number in a unit, as a parameter of a rule."""
