"""A rule is data with a source: it names a kind that the code knows, and the kind judges plan, bells, timetable or records.

Rule sets are TOML files in ``constraints/rulesets``; see docs/writing-a-rule-set.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from instances.language import current_language
from instances.origin import NOWHERE, Origin


class Level(StrEnum):
    """How binding the words of the source are."""

    MUST = "must"  # 应, 不得: error
    SHOULD = "should"  # 一般, 原则上: warning
    ENCOURAGED = "encouraged"  # 鼓励, 探索: note


@dataclass(frozen=True, slots=True)
class Source:
    """The document a rule comes from. ``checked`` says whether the text was compared with the ``original`` or seen in a ``copy``."""

    document: str
    number: str = ""
    date: str = ""
    place: str = ""
    checked: str = "copy"

    def __str__(self) -> str:
        return " ".join(part for part in (self.document, self.number, self.date, self.place) if part)


@dataclass(frozen=True)
class Rule:
    """One rule of a rule set. ``params`` are what its kind needs; ``title`` holds the texts by language.

    ``rows`` are the rows of the project's ledger of source documents that the rule puts into data. ``set_aside_for`` names the stricter
    rule that is applied in its stead where a document contradicts itself. ``local`` rules are one school's own times, or one
    province's table, and mean nothing elsewhere.
    """

    id: str
    kind: str
    level: Level
    source: Source
    title: Mapping[str, str]
    grades: tuple[int, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    valid_from: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = NOWHERE
    rows: tuple[str, ...] = ()
    set_aside_for: str = ""
    local: bool = False

    def __hash__(self) -> int:
        return hash((self.id, self.kind, self.origin))

    def applies_to(self, grade: int) -> bool:
        """Say whether the rule is about a grade; a rule that names none is about all."""
        return not self.grades or grade in self.grades

    def label(self) -> str:
        """Return the title in the language in force."""
        return self.title.get(current_language()) or self.title.get("zh") or self.id


@dataclass(frozen=True)
class RuleSet:
    """A named set of rules. ``terms`` say what its words mean; ``extends`` are the sets it builds on; ``place`` is where it holds."""

    id: str
    title: Mapping[str, str]
    rules: tuple[Rule, ...]
    aliases: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    place: str = ""
    valid_from: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""

    def label(self) -> str:
        """Return the title in the language in force."""
        return self.title.get(current_language()) or self.title.get("zh") or self.id

    def rule(self, id: str) -> Rule:
        """Return the rule with an id; raises KeyError."""
        for rule in self.rules:
            if rule.id == id:
                return rule
        raise KeyError(id)
