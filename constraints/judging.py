"""Judges a school by a rule set, and says what a rule set asks of the solver."""

from __future__ import annotations

from typing import Any

from constraints.case import Case, everyone, grade_names
from constraints.kind import NEEDS_PLAN, Placing, Ruling
from constraints.kinds import KIND_OF
from constraints.placing.activity_periods import merge
from constraints.records.items import BY_ID
from constraints.rule import Level, Rule
from constraints.ruleset import RuleSet
from constraints.verdict import Verdict
from instances.language import Message
from instances.school import School


def judge(ruleset: RuleSet, case: Case) -> list[Verdict]:
    """Return at least one verdict for every rule, in the order of the rule set; what cannot be judged says why."""
    return [verdict for rule in ruleset.rules for verdict in judge_rule(rule, case)]


def judge_rule(rule: Rule, case: Case) -> list[Verdict]:
    """Return the verdicts of one rule."""
    kind = KIND_OF[rule.kind]
    ruling = kind.ruling(rule)
    if rule.set_aside_for:
        return [ruling.beside_the_point(everyone(), Message("set aside: the stricter rule “{id}” is applied", id=rule.set_aside_for))]
    if case.school.classes and not any(case.classes(rule.grades)):
        return [ruling.beside_the_point(grade_names(rule.grades), Message("the school has no class of these grades"))]
    condition = _condition(ruling, case)
    if condition is not None:
        return [condition]
    return list(kind.judge(ruling, case)) or [ruling.unknown(everyone(), NEEDS_PLAN)]


def place(ruleset: RuleSet, school: School) -> Placing:
    """Return the courses and requirements that make a timetable obey the rules about placing lessons, and the rules that gave way.

    What is only encouraged is judged, never asked of the solver.
    """
    case, found = Case(school), []
    for rule in ruleset.rules:
        ruling = KIND_OF[rule.kind].ruling(rule)
        if rule.level is not Level.ENCOURAGED and not rule.set_aside_for and _condition(ruling, case) is None:
            found.append(KIND_OF[rule.kind].place(ruling, school))
    return merge(found)


def _condition(ruling: Ruling[Any], case: Case) -> Verdict | None:
    """Return why a rule with ``only_if`` or ``unless`` is not judged, None where it is."""
    for item, wanted in ((ruling.params.only_if, True), (ruling.params.unless, False)):
        if not item:
            continue
        stated = [bool(record.value) for record in case.records.of(item)] if case.records else []
        if wanted and not stated:
            return ruling.unknown(everyone(), Message("“{item}” in the sheet of records", item=BY_ID[item].title))
        if stated and (stated[0] is not wanted):
            name = BY_ID[item].title
            said = (
                Message("does not apply: stated “{item}”: no", item=name)
                if wanted
                else Message("does not apply: stated “{item}”: yes", item=name)
            )
            return ruling.beside_the_point(everyone(), said)
    return None
