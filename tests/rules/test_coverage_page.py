"""Every row of the ledger of source documents is accounted for, and the page in docs says so."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from constraints.coverage import PAGE, all_rows, coverage, page
from constraints.ruleset import available_rulesets, load_ruleset

LEDGER = Path(os.environ.get("KEBIAO_BENCHMARKS", Path(__file__).parents[3] / "shared" / "benchmarks")).parent / "rules"


def test_753_rows_and_none_missing() -> None:
    rows = coverage()
    assert [covered.row for covered in rows] == list(all_rows())
    assert len(rows) == 753
    assert [covered.row for covered in rows if not covered.rules and covered.reason is None] == []


def test_a_row_is_either_judged_or_explained_or_judged_elsewhere() -> None:
    both = {covered.row for covered in coverage() if covered.rules and covered.reason is not None}
    assert both == {"B035", "B278"}


def test_rules_cite_rows_that_exist() -> None:
    known = set(all_rows())
    for name in available_rulesets():
        for rule in load_ruleset(name).rules:
            assert set(rule.rows) <= known, (name, rule.id)


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m constraints.coverage"


def test_a_row_of_a_report_is_cited_by_that_reports_set() -> None:
    """Spot checks read off the ledger: row, code of its report."""
    seen = {"A-050": "000/02", "A-169": "000/14", "A-191": "001/5", "B117": "002/R09b", "B188": "004/P3", "B320": "002/R18"}
    for row, code in seen.items():
        assert any(row in rule.rows for rule in load_ruleset(code).rules), row


@pytest.mark.skipif(not LEDGER.is_dir(), reason="the ledger of source documents is not part of the project")
def test_95_percent_of_the_rows_that_a_plan_can_break_are_judged_by_code() -> None:
    """Rows of the kinds PLAN, HARD-bell and HARD-timetable, by the ledger's own classification."""
    kinds = {}
    for path in LEDGER.glob("ledger_*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"\| (A-\d{3}|B\d{3}) \|.*\| ([^|]+?) \|\s*$", line):
                kinds[found[1]] = found[2]
    assert set(kinds) == set(all_rows())
    breakable = {row for row, kind in kinds.items() if kind.startswith(("PLAN", "HARD"))}
    judged = {covered.row for covered in coverage() if covered.rules}
    assert len(breakable) == 273
    assert len(breakable & judged) / len(breakable) >= 0.95
    assert Counter(kinds[row] for row in breakable - judged) == {"HARD-bell": 2}  # two permissions, which nothing can break
    audit = {row for row, kind in kinds.items() if kind == "AUDIT"}
    assert len(audit & judged) >= 0.95 * len(audit)
