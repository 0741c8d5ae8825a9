"""Rule files: what is wrong with one is said line by line, all at once, and never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constraints import ruleset
from constraints.rule import Level
from constraints.rulefile import Fault, RuleSetError
from constraints.ruleset import FOLDER, available_rulesets, load_ruleset, templates
from instances.language import set_language
from scheduler.errors import InputError
from scheduler.rulesets import open_ruleset

HEAD = 'id = "county"\ntitle.zh = "某县"\ntitle.en = "A county"\n[source]\ndocument = "某县通知"\n'
RULE = '[[rules]]\nid = "pe"\nkind = "weekly_lessons"\nlevel = "must"\ntitle = "体育"\nsubjects = ["体育"]\nat_least = 4\n'


def faults(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    path = tmp_path / f"set{abs(hash(text))}.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleSetError) as caught:
        load_ruleset(path)
    return [(fault.line, str(fault.message)) for fault in caught.value.faults]


def test_a_county_writes_its_own_set(tmp_path: Path) -> None:
    path = tmp_path / "county.toml"
    path.write_text(HEAD.replace("[source]", 'extends = ["national"]\n[source]') + RULE, encoding="utf-8")
    county = load_ruleset(path)
    assert county.rule("pe").level is Level.MUST
    assert county.rule("pe").source.document == "某县通知"
    assert county.rule("pe").origin.cell == "7"  # the line of [[rules]]
    assert len(county.rules) == len(load_ruleset("national").rules) + 1


@pytest.mark.parametrize(
    ("wrong", "right", "line", "words"),
    [
        ('level = "must"', 'level = "always"', 9, "must, should, encouraged"),
        ('kind = "weekly_lessons"', 'kind = "weekly_lesson"', 8, "unknown kind"),
        ("at_least = 4", 'at_least = "four"', 12, "not a number"),
        ("at_least = 4", "at_least = -1", 12, "not a number"),
        ("at_least = 4", "", 6, "exactly, at_least"),
        ("at_least = 4", "at_least = 4\nat_most = 3", 6, "larger"),
        ("at_least = 4", "at_leest = 4", 12, "unknown key"),
        ('subjects = ["体育"]', 'subjects = "体育"', 11, "must be a list"),
        ('subjects = ["体育"]', "subjects = [3]", 11, "must be a text"),
        ('title = "体育"', "", 6, "“title” is missing"),
        ('title = "体育"', "title = 3", 10, "must be a text"),
        ("at_least = 4", "at_least = 4\ngrades = [0]", 13, "1 to 12"),
        ("at_least = 4", 'at_least = 4\nstage = "nursery"', 13, "primary, junior, senior"),
        ("at_least = 4", 'at_least = 4\nsource = "elsewhere"', 13, "no source"),
        ("at_least = 4", 'at_least = 4\nset_aside_for = "nothing"', 13, "no rule"),
        ('kind = "weekly_lessons"', 'use = "no-such-template"', 8, "no template"),
        ("at_least = 4", "at_least = = 4", 12, "not valid TOML"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, wrong: str, right: str, line: int, words: str) -> None:
    set_language("en")
    found = faults(tmp_path, (HEAD + RULE).replace(wrong, right))
    assert [(at, words in text) for at, text in found] == [(line, True)], found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = (HEAD + RULE).replace('"must"', '"always"').replace('["体育"]', '"体育"').replace("title.en", "titel.en")
    assert [line for line, _ in faults(tmp_path, text)] == [3, 9, 11]


def test_rules_on_one_line_each_are_located_too(tmp_path: Path) -> None:
    rows = '    { use = "pe", at_least = 4 },\n    { use = "pe", at_least = "x" },\n'
    text = f'id = "a"\ntitle = "a"\nrules = [\n{rows}]\n[source]\ndocument = "d"\n'
    assert [line for line, _ in faults(tmp_path, text)] == [5]


def test_clock_times_are_checked(tmp_path: Path) -> None:
    rule = RULE.replace("weekly_lessons", "section_times").replace('subjects = ["体育"]', 'sections = ["lesson", "lessen"]')
    found = faults(tmp_path, HEAD + rule.replace("at_least = 4", "not_before = 8.20"))
    assert [line for line, _ in found] == [11, 12]


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_ruleset(tmp_path / "nothing.toml")
    assert len(caught.value.findings) == 1
    with pytest.raises(InputError, match="national"):
        open_ruleset("no-such-set")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'id = "a"\ntitle = "\xb0"\n')
    with pytest.raises(InputError) as caught:
        open_ruleset(latin)
    assert caught.value.findings[0].origin.cell == "line 2"


def test_a_set_that_extends_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop.toml"
    path.write_text('id = "loop"\ntitle = "loop"\nextends = ["loop"]\n', encoding="utf-8")
    with pytest.raises(RuleSetError):
        load_ruleset(path)


SCRAPS = (
    *(HEAD + RULE).splitlines(),
    "[[rules]]",
    "[terms]",
    'x = ["lesson"]',
    "drop = [1]",
    'use = "pe"',
    'use = ["pe"]',
    "use = 3",
    "id = 3",
    'kind = ["weekly_lessons"]',
    "level = []",
    "terms = 3",
    'extends = "national"',
    'extends = ["national"]',
    "rules = 3",
    "rules = [3]",
    "source = 3",
    "sources = { a = 3 }",
    "source = { document = 3 }",
    "stage = []",
    "stage = [[]]",
    "grades = 3",
    'note = ""',
    "rows = 3",
    'title = { en = "a" }',
    'sections = "@nothing"',
    'only_if = "no such item"',
    "rules = [",
    "]",
    "",
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.sampled_from(SCRAPS) | st.text(max_size=12), max_size=14))
def test_whatever_stands_in_a_file_it_loads_or_tells_its_faults(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "any.toml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="ignore")
    ruleset._load.cache_clear()
    told: tuple[Fault, ...] = ()
    loaded = None
    try:
        loaded = load_ruleset(path)
    except RuleSetError as error:
        told = error.faults
    assert told or (loaded is not None and loaded.rules)
    assert all(0 <= fault.line <= len(path.read_bytes().splitlines()) + 1 for fault in told)


def test_every_shipped_set_loads_and_reads_well() -> None:
    assert len(available_rulesets()) == 1 + 6 + 44 + 1
    for name in available_rulesets():
        ruleset = load_ruleset(name)
        assert ruleset.id == name
        assert ruleset.title["zh"]
        assert ruleset.title["en"]
        ids = [rule.id for rule in ruleset.rules]
        assert len(ids) == len(set(ids))
        for rule in ruleset.rules:
            assert rule.title["zh"], rule.id
            assert rule.title["en"], rule.id
            assert "{" not in rule.title["zh"] + rule.title["en"], rule.id
            assert rule.source.document
            assert rule.source.checked in ("original", "copy")


def test_report_codes_are_aliases() -> None:
    assert load_ruleset("000/14").id == "000-14-primary-lixin"
    assert load_ruleset("002/R07c").id == load_ruleset("002/R05a").id
    codes = {alias for name in available_rulesets() for alias in load_ruleset(name).aliases}
    assert {"000/01", "001/2b", "003/2", "002/R22b", "004/P3", "004/P5c"} <= codes


def test_templates_are_complete() -> None:
    for id, template in templates().items():
        assert template["title"]["zh"], id
        assert template["title"]["en"], id


def test_a_child_may_adopt_its_parents_text() -> None:
    """R06a is R05b but for the homework of grades 3 and 4, and cites its own document."""
    parent, child = load_ruleset("002/R05b"), load_ruleset("002/R06a")
    assert {rule.id for rule in parent.rules} ^ {rule.id for rule in child.rules} == {"homework-3-4", "homework-3", "homework-4"}
    assert {rule.source.number for rule in child.rules} == {"002/R06a"}


def test_numbers_of_the_documents_are_the_numbers_of_the_rules() -> None:
    """A sample, read off the documents."""
    expected = {
        ("000/01", "pe"): {"exactly": 4},
        ("000/02", "first-lesson-primary"): {"not_before": "8:30"},
        ("000/14", "weekly-total-1-2"): {"exactly": 26},
        ("000/19", "cap-classroom-primary"): {"minutes": 240},
        ("002/R20", "lesson-length-primary"): {"minutes": [35, 40]},
        ("002/R22b", "first-lesson"): {"not_before": "8:20"},
        ("002/R18", "class-size-junior"): {"at_most": 50},
        ("004/P3", "handwriting-3-9"): {"exactly": 1},
        ("national", "pe-1-2"): {"at_least": 4},
    }
    for (name, id), values in expected.items():
        params = load_ruleset(name).rule(id).params
        assert {key: params[key] for key in values} == values, (name, id)


def test_no_folder_holds_text_of_the_documents() -> None:
    """Rules are in our own words: no title is as long as a paragraph of a source."""
    assert FOLDER.is_dir()
    assert all(len(rule.title["zh"]) <= 70 for name in available_rulesets() for rule in load_ruleset(name).rules)
