"""Which rule puts which row of the ledger of source documents into data, and how it is judged: ``docs/rules-coverage.md``.

The ledger is not part of the project; its rows are known by id. ``python -m constraints.coverage`` writes the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constraints.kind import Family, Kind
from constraints.kinds import KIND_OF
from constraints.rule import Level
from constraints.rulefile import read_rule_file
from constraints.ruleset import FOLDER, available_rulesets, load_ruleset
from constraints.words import Words

PAGE = Path(__file__).parent.parent / "docs" / "rules-coverage.md"


@dataclass(frozen=True)
class Covered:
    """One row: the rules that stand for it as ``set/rule``, how they are judged, and the reason where there is none."""

    row: str
    rules: tuple[str, ...]
    how: tuple[str, ...]
    reason: Words | None = None


def how_judged(kind: Kind[Any], level: Level) -> str:
    """Return ``solver``, ``plan check``, ``timetable check``, ``bell check`` or ``record check``.

    A rule goes to the solver where its kind says how to place lessons, unless it is only encouraged.
    """
    if type(kind).place is not Kind.place and level is not Level.ENCOURAGED:
        return "solver"
    return {
        Family.PLAN: "plan check",
        Family.PLACING: "timetable check",
        Family.BELL: "bell check",
        Family.RECORDS: "record check",
    }[kind.family]


def all_rows() -> Iterator[str]:
    """Yield the ids of all rows of the ledger, in order."""
    for table in _ledger()["ranges"]:
        for number in range(1, table["last"] + 1):
            yield f"{table['prefix']}{number:0{table['digits']}d}"


def coverage() -> list[Covered]:
    """Return every row of the ledger, in order; a row that nothing accounts for has neither rules nor reason."""
    rules: dict[str, dict[str, str]] = {}
    for name in available_rulesets():
        if name == "strictest":
            continue
        for rule in load_ruleset(name).rules:
            for row in rule.rows:
                rules.setdefault(row, {})[f"{name}/{rule.id}"] = how_judged(KIND_OF[rule.kind], rule.level)
    reasons: dict[str, Words] = {}
    for table in _ledger()["elsewhere"]:
        name, _, id = table["rule"].partition("/")
        rule = load_ruleset(name).rule(id)
        for row in table["rows"]:
            rules.setdefault(row, {})[table["rule"]] = how_judged(KIND_OF[rule.kind], rule.level)
            reasons[row] = Words(table["reason"])
    for table in _ledger()["context"]:
        reasons.update(dict.fromkeys(table["rows"], Words(table["reason"])))
    found = []
    for row in all_rows():
        mine = rules.get(row, {})
        found.append(Covered(row, tuple(mine), tuple(dict.fromkeys(mine.values())), reasons.get(row)))
    return found


def page() -> str:
    """Return the text of ``docs/rules-coverage.md``."""
    rows = coverage()
    counts = Counter(how for covered in rows for how in (covered.how or ("context",)))
    lines = [
        "# Which rule stands for which row of the source documents",
        "",
        "Made by `python -m constraints.coverage`; do not edit. 各来源文件条目与规则的对应表，由程序生成，请勿手改。",
        "",
        "Rows are those of the project's ledger of source documents (not shipped): 427 rows of documents 000, 001, 003 (A) and 326 of",
        "002, 004 (B). A rule is written `set/rule`; see `kebiao rules show SET`. *solver*: the timetable is made to obey it; *plan*,",
        "*timetable*, *bell*, *record check*: it is judged; *context*: nothing to judge, for the reason given.",
        "",
        f"{len(rows)} rows: " + ", ".join(f"{how} {counts[how]}" for how in sorted(counts)) + " (a row may be judged in two ways).",
        "",
        "| row | judged by | rules | reason |",
        "|---|---|---|---|",
    ]
    for covered in rows:
        names = ", ".join(f"`{rule}`" for rule in covered.rules)
        reason = f"{covered.reason['zh']} {covered.reason['en']}" if covered.reason else ""
        lines.append(f"| {covered.row} | {', '.join(covered.how) or 'context'} | {names} | {reason} |")
    return "\n".join(lines) + "\n"


def _ledger() -> Mapping[str, Any]:
    return read_rule_file(FOLDER / "_ledger.toml").data


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
