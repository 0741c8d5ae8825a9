"""What two rule sets have in common and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from constraints.rule import Rule
from constraints.ruleset import RuleSet
from constraints.strictest import about


@dataclass(frozen=True)
class Difference:
    """A rule of the first set (None: it has none) beside the rule of the second set about the same thing."""

    first: Rule | None
    second: Rule | None


def differences(first: RuleSet, second: RuleSet) -> tuple[Difference, ...]:
    """Return the rules that only one of two sets has, or that both have with other values, level or grades.

    A rule that is the same in both, wherever it is cited from, is left out. Else it stands beside its namesake of the same kind, or
    beside a rule about the same thing: kind and parameters agree but for the bounds, and some grade is common.
    """
    left = list(second.rules)
    found = []
    for rule in first.rules:
        rivals = [other for other in left if about(other) == about(rule) and _share_grades(rule, other)]
        namesakes = [other for other in left if (other.id, other.kind) == (rule.id, rule.kind)]
        same = [other for other in rivals if _content(other) == _content(rule)]
        partner = next(iter([*same, *namesakes, *rivals]), None)
        if partner is None:
            found.append(Difference(rule, None))
            continue
        left.remove(partner)
        if _content(partner) != _content(rule):
            found.append(Difference(rule, partner))
    return (*found, *(Difference(None, rule) for rule in left))


def _content(rule: Rule) -> tuple[object, ...]:
    return rule.kind, rule.params, rule.level, rule.grades, bool(rule.set_aside_for)


def _share_grades(one: Rule, two: Rule) -> bool:
    return not one.grades or not two.grades or bool(set(one.grades) & set(two.grades))
