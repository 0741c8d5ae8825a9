"""docs/writing-a-rule-set.md: its examples load and its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path

from constraints.kinds import KIND_OF
from constraints.ruleset import load_ruleset, templates
from instances.bells import SectionKind

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-rule-set.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", GUIDE, re.S)


def test_the_smallest_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "moucounty.toml"
    path.write_text(BLOCKS[0], encoding="utf-8")
    county = load_ruleset(path)
    assert county.rule("pe-four").params == {"subjects": ["体育"], "at_least": 4}
    assert county.rule("pe-four").grades == (1, 2, 3, 4, 5, 6)


def test_what_is_inherited_is_changed(tmp_path: Path) -> None:
    head, _, rules = BLOCKS[0].partition("[source]")
    path = tmp_path / "changed.toml"
    path.write_text(
        head + BLOCKS[1].partition("[[rules]]")[0] + "[source]" + rules + BLOCKS[1][BLOCKS[1].index("[[rules]]") :], encoding="utf-8"
    )
    changed = load_ruleset(path)
    assert changed.rule("pe-1-2").params["at_least"] == 5
    assert changed.rule("study-time-primary").params["counts"] == ["lesson", "self_study"]
    assert "breaks" not in {rule.id for rule in changed.rules}


def test_rules_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.toml"
    path.write_text('id = "l"\ntitle = "l"\n' + BLOCKS[2] + '[source]\ndocument = "d"\n', encoding="utf-8")
    assert [rule.id for rule in load_ruleset(path).rules] == ["homework-3-4", "cap-study-primary", "no_overrunning"]


def test_the_tables_name_every_kind_key_section_and_template() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]*(?:\\\|[^|]*)*\| (.*?) ?\|$", GUIDE, re.M))
    assert set(KIND_OF) <= rows.keys()
    for kind in KIND_OF.values():
        for key in kind.parameters.model_fields.keys() - {"only_if", "unless", "exactly", "at_least", "at_most", "more_than"}:
            assert f"`{key}`" in rows[kind.name], (kind.name, key)
    assert all(f"`{section.value}`" in GUIDE for section in SectionKind)
    named = set(re.findall(r"`(cap-[a-z-]+)`", GUIDE))
    assert named == {id for id in templates() if id.startswith("cap-")} - {"cap-national"}
