"""The strictest set: computed from all others, grade by grade; and what differs between two sets."""

from __future__ import annotations

import pytest

from constraints.compare import differences
from constraints.judging import judge_rule
from constraints.rule import Level, Rule
from constraints.ruleset import available_rulesets, load_ruleset
from constraints.strictest import about, strictest
from constraints.verdict import Status
from tests.rules.examples import example


def strict(kind: str, grade: int, **params: object) -> list[Rule]:
    found = [rule for rule in strictest().rules if rule.kind == kind and rule.applies_to(grade)]
    return [rule for rule in found if all(rule.params.get(key) == value for key, value in params.items())]


def test_values_by_hand() -> None:
    """The tightest of all sets, read off the documents."""
    assert [r.params["at_most"] for r in strict("stated_amount", 3, item="homework_minutes")] == [30]
    assert [r.params["at_most"] for r in strict("stated_amount", 1, item="homework_minutes")] == [0]
    assert [r.params["at_most"] for r in strict("stated_amount", 8, item="homework_minutes")] == [60]
    assert [r.params.get("more_than") for r in strict("stated_amount", 8, item="sleep_hours")] == [9]
    assert [r.params["at_least"] for r in strict("stated_amount", 3, item="sleep_hours")] == [10]
    assert [r.params["at_least"] for r in strict("weekly_lessons", 3, subjects=["体育"]) if r.level is Level.MUST] == [5]
    assert [r.params["exactly"] for r in strict("weekly_total", 1)] == [26]
    assert "8:30" in [r.params["not_before"] for r in strict("section_times", 3, sections=["lesson"]) if "half" not in r.params]
    assert [r.params["minutes"] for r in strict("daily_cap", 3, counts=["lesson"])] == [240]


def test_contradictions_are_noted() -> None:
    """PE: 4 in one document, 3 in another, every day in two provinces."""
    (pe,) = [r for r in strict("weekly_lessons", 3, subjects=["体育"]) if r.level is Level.MUST]
    assert "000-02-town-nine-years/pe-primary-junior" in pe.note["en"]
    assert "002-r22b-primary-ten-rules/pe" in pe.note["zh"]


def test_nothing_local_nor_set_aside() -> None:
    assert not [rule.id for rule in strictest().rules if rule.local or rule.set_aside_for]


@pytest.mark.parametrize("name", [name for name in available_rulesets() if name != "strictest"])
def test_what_breaks_a_rule_breaks_the_strictest_set(name: str) -> None:
    """For every binding rule with bounds: its own counterexample is caught by some rule about the same thing."""
    rules = strictest().rules
    for rule in load_ruleset(name).rules:
        if rule.local or rule.set_aside_for or rule.level is not Level.MUST or rule.params.get("pooled"):
            continue
        case = example(rule, kept=False)
        grade = case.school.classes[0].grade
        rivals = [r for r in rules if about(r) == about(rule) and r.applies_to(grade)]
        if rule.kind == "weekly_lessons" and any("at_least" in r.params for r in rivals) and "exactly" in rule.params:
            continue  # more than "exactly" is no breach of the "at least" that replaced it
        assert rivals, rule.id
        assert any(v.status is Status.FAIL for r in rivals for v in judge_rule(r, case)), rule.id


def test_a_set_does_not_differ_from_itself() -> None:
    for name in available_rulesets():
        assert differences(load_ruleset(name), load_ruleset(name)) == ()


def test_differences_are_symmetric_in_number() -> None:
    names = ("national", "000/08", "000/12", "002/R05b", "002/R06a")
    for one in names:
        for two in names:
            there = differences(load_ruleset(one), load_ruleset(two))
            back = differences(load_ruleset(two), load_ruleset(one))
            assert len([d for d in there if d.first is None]) == len([d for d in back if d.second is None]), (one, two)


def test_two_versions_of_one_text() -> None:
    """R06a changes R05b's 30 minutes for grades 3-4 to 30 for grade 3 and 45 for grade 4."""
    found = [(d.first and d.first.id, d.second and d.second.id) for d in differences(load_ruleset("002/R05b"), load_ruleset("002/R06a"))]
    assert found == [("homework-3-4", "homework-3"), (None, "homework-4")]
