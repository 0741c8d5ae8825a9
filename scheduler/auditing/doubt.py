"""What a published timetable need not show. A rule that would hold if an unnamed break were the 大课间 is not broken, it cannot be judged.

A timetable gives times of lessons; breaks and after-school service may exist without standing there. The school is judged twice: as
shown, and as it may be at best. Where the two verdicts differ the verdict is 无法判断.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from constraints.case import Case
from constraints.judging import judge_rule
from constraints.rule import Rule
from constraints.ruleset import RuleSet
from constraints.verdict import Status, Verdict
from instances.bells import BellSchedule, Section, SectionKind, clock
from instances.language import Message
from instances.school import School

_LONG_BREAK = (20, 45)
"""An unnamed gap between lessons of so many minutes may be the long break."""
_SERVICE = 120
"""After-school service that may follow the last lesson, in minutes."""
_WHOLE_DAY = {SectionKind.ARRIVAL, SectionKind.DISMISSAL, SectionKind.BREAK}
"""Bells that name one of these are a full 作息时间表: what they do not show is not there."""
_BROKEN = (Status.FAIL, Status.WARNING, Status.NOTE)


def judge_with_doubt(ruleset: RuleSet, case: Case) -> list[Verdict]:
    """Judge by a rule set; a broken rule that the best reading of the bells would heal becomes one that cannot be judged."""
    best = at_best(case.school)
    verdicts: list[Verdict] = []
    for rule in ruleset.rules:
        found = judge_rule(rule, case)
        if best is not None and any(v.status in _BROKEN for v in found):
            found = _doubted(rule, found, Case(best, case.timetable, case.records), case)
        verdicts.extend(found)
    return verdicts


def _doubted(rule: Rule, found: list[Verdict], at_best: Case, case: Case) -> list[Verdict]:
    still = {v.point for v in judge_rule(rule, at_best) if v.status in _BROKEN}
    if all(v.point in still for v in found if v.status in _BROKEN):
        return found
    gaps = "、".join(dict.fromkeys(_gaps(case.school)))
    if gaps:
        sentence = Message("the timetable does not say what the break {gaps} is, nor what follows the last lesson", gaps=gaps)
    else:
        sentence = Message("the timetable does not show what follows the last lesson")
    return [
        replace(v, status=Status.UNKNOWN, sentence=Message("{shown}; but {doubt}", shown=v.sentence, doubt=sentence))
        if v.status in _BROKEN and v.point not in still
        else v
        for v in found
    ]


def at_best(school: School) -> School | None:
    """Return the school with what its timetable may leave out; None where there is nothing to add or the bells are assumed."""
    bells = tuple(_best(bell) for bell in school.bells)
    return replace(school, bells=bells) if bells != school.bells else None


def _best(bell: BellSchedule) -> BellSchedule:
    kinds = {s.kind for sections in bell.days.values() for s in sections}
    if bell.assumed or kinds & _WHOLE_DAY:
        return bell
    days = {}
    for day, sections in bell.days.items():
        more = list(sections)
        if SectionKind.LONG_BREAK not in kinds:
            more += [Section(SectionKind.LONG_BREAK, a, b) for a, b in _unnamed(sections)]
        if SectionKind.AFTER_SCHOOL not in kinds and sections:
            end = max(s.end for s in sections)
            more.append(Section(SectionKind.AFTER_SCHOOL, end, min(end + _SERVICE, 1440)))
        days[day] = tuple(sorted(more, key=lambda s: (s.start, s.end)))
    return replace(bell, days=days)


def _unnamed(sections: tuple[Section, ...]) -> list[tuple[int, int]]:
    ordered = sorted(sections, key=lambda s: s.start)
    return [(a.end, b.start) for a, b in itertools.pairwise(ordered) if _LONG_BREAK[0] <= b.start - a.end <= _LONG_BREAK[1]]


def _gaps(school: School) -> list[str]:
    return [
        f"{clock(a)}-{clock(b)}"
        for bell in school.bells
        for sections in list(bell.days.values())[:1]
        if not any(s.kind is SectionKind.LONG_BREAK for s in sections)
        for a, b in _unnamed(sections)
    ]
