"""Every rule of every shipped set has an example that keeps it and one that breaks it, and the judge tells them apart."""

from __future__ import annotations

import pytest

from constraints.judging import judge_rule
from constraints.kind import broken_status
from constraints.kinds import KIND_OF, KINDS
from constraints.rule import Rule
from constraints.ruleset import available_rulesets, load_ruleset
from constraints.verdict import Status
from tests.rules.examples import BUILDERS, example

SETS = [name for name in available_rulesets() if name != "strictest"]


def rules_of(name: str) -> list[Rule]:
    return [rule for rule in load_ruleset(name).rules if not rule.set_aside_for]


def test_every_kind_is_used_and_has_examples() -> None:
    used = {rule.kind for name in SETS for rule in load_ruleset(name).rules}
    assert set(BUILDERS) == set(KIND_OF)
    assert {kind.name for kind in KINDS} - used == {"weekly_minutes"}  # for rule sets of one's own


@pytest.mark.parametrize("name", SETS)
def test_each_rule_is_kept_by_one_case_and_broken_by_another(name: str) -> None:
    for rule in rules_of(name):
        good = [verdict.status for verdict in judge_rule(rule, example(rule, kept=True))]
        assert good, rule.id
        assert set(good) == {Status.PASS}, (rule.id, good)
        bad = {verdict.status for verdict in judge_rule(rule, example(rule, kept=False))}
        pooled = rule.params.get("pooled") is True
        assert (Status.UNKNOWN if pooled else broken_status(rule)) in bad, (rule.id, bad)
        assert pooled or Status.UNKNOWN not in bad, (rule.id, bad)


@pytest.mark.parametrize("name", SETS)
def test_a_rule_of_other_grades_does_not_apply(name: str) -> None:
    for rule in rules_of(name):
        if rule.grades:
            case = example(rule, kept=False)
            other = next(grade for grade in range(1, 13) if grade not in rule.grades) if len(rule.grades) < 12 else 0
            from dataclasses import replace

            school = replace(case.school, classes=tuple(replace(c, grade=other) for c in case.school.classes))
            statuses = {verdict.status for verdict in judge_rule(rule, replace(case, school=school))}
            assert statuses == {Status.NOT_APPLICABLE}, rule.id


def test_a_rule_set_aside_is_not_judged() -> None:
    aside = [rule for name in SETS for rule in load_ruleset(name).rules if rule.set_aside_for]
    assert len(aside) >= 6
    for rule in aside:
        assert {verdict.status for verdict in judge_rule(rule, example(rule, kept=False))} == {Status.NOT_APPLICABLE}
