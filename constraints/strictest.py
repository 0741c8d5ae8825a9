"""The rule set ``strictest``: what is left of all shipped rule sets when, of rules about one thing, only the strictest stays.

Two rules are about one thing when kind and parameters agree but for the bounds. For each grade, a rule goes where another one, at least as
binding, allows only what it allows too; where two cannot both hold (PE exactly 3 and exactly 4) the stricter one stays, with a note.
Rules marked ``local`` (one school's own times, one province's table) and rules set aside by their own document are left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from constraints.kind import clock_minutes
from constraints.rule import Level, Rule
from constraints.ruleset import RuleSet, available_rulesets, load_ruleset

STRICTEST = "strictest"
_WEIGHT = {Level.MUST: 2, Level.SHOULD: 1, Level.ENCOURAGED: 0}
_BOUNDS = {"exactly", "at_least", "more_than", "at_most", "not_before", "not_after"}
_MORE_IS_STRICTER = {"weekly_lessons", "section_times", "activity_minutes", "breaks"}
_ALL_GRADES = tuple(range(1, 13))


@dataclass(frozen=True)
class _Allowed:
    """What a rule allows: values from ``low`` to ``high``."""

    low: float = -math.inf
    high: float = math.inf

    def within(self, other: _Allowed) -> bool:
        return other.low <= self.low and self.high <= other.high

    def meets(self, other: _Allowed) -> bool:
        return max(self.low, other.low) <= min(self.high, other.high)


@dataclass(frozen=True)
class _Rival:
    """A rule with its name ``set/rule`` and its place in the order of the sets, ``national`` first."""

    rank: int
    name: str
    rule: Rule


@dataclass
class _Kept:
    """A rule that stays, for which grades, and the rules it contradicts."""

    rule: Rule
    grades: list[int] = field(default_factory=list)
    losers: dict[str, None] = field(default_factory=dict)


@cache
def strictest() -> RuleSet:
    """Return the rule set."""
    rules = [
        (f"{name}/{rule.id}", rule)
        for name in available_rulesets()
        if name != STRICTEST
        for rule in load_ruleset(name).rules
        if not rule.local and not rule.set_aside_for
    ]
    things: dict[Hashable, list[_Rival]] = defaultdict(list)
    for rank, (name, rule) in enumerate(rules):
        things[about(rule)].append(_Rival(rank, name, rule))
    kept: dict[str, _Kept] = {}
    for rivals in things.values():
        for grade in _ALL_GRADES:
            mine = [rival for rival in rivals if rival.rule.applies_to(grade)]
            for rival in mine:
                losers = _beaten(rival, mine)
                if losers is not None:
                    left = kept.setdefault(rival.name, _Kept(rival.rule))
                    left.grades.append(grade)
                    left.losers.update(dict.fromkeys(losers))
    _drop_idle_encouragement(kept)
    return RuleSet(
        STRICTEST,
        {"zh": "最严（各规则集之交）", "en": "Strictest (all rule sets together)"},
        tuple(_cited(name, left) for name, left in kept.items() if left.grades),
        note={
            "zh": "由程序从全部规则集中逐年级取最严的一条；只属于一所学校的时间和一省的课时表不计入。",
            "en": "Computed: of all rule sets the strictest rule for each grade, without one school's own times or one province's table.",
        },
    )


def _cited(name: str, left: _Kept) -> Rule:
    """Return a rule under the name ``set.rule``, with the rules it contradicts in its note."""
    note = dict(left.rule.note)
    if left.losers:
        listed = ", ".join(left.losers)
        note = {
            "zh": " ".join(filter(None, [note.get("zh"), f"与 {listed} 不能同时成立，取较严者。"])),
            "en": " ".join(filter(None, [note.get("en"), f"Cannot hold together with {listed}; the stricter one is taken."])),
        }
    only = () if tuple(left.grades) == _ALL_GRADES else tuple(left.grades)
    return replace(left.rule, id=name.replace("/", "."), grades=only, note=note, rows=())


def about(rule: Rule) -> Hashable:
    """Return what a rule is about: its kind and parameters without the bounds."""
    params = {
        k: v for k, v in rule.params.items() if k not in _BOUNDS and not (rule.kind in ("daily_cap", "weekly_total") and k == "minutes")
    }
    if rule.kind == "breaks":
        params = {}
    return rule.kind, tuple(sorted((k, _frozen(v)) for k, v in params.items()))


def _frozen(value: Any) -> Hashable:
    return tuple(sorted(map(str, value))) if isinstance(value, list) else value


def _allowed(rule: Rule) -> tuple[_Allowed, ...]:
    """Return what the rule allows of each quantity that it bounds."""
    p = rule.params
    if rule.kind == "daily_cap":
        return (_Allowed(high=p["minutes"]),)
    if rule.kind == "breaks":
        return (_Allowed(low=p.get("each", -math.inf)), _Allowed(low=p.get("together", -math.inf)))
    if "not_before" in p or "not_after" in p:
        low = clock_minutes(p["not_before"]) if "not_before" in p else -math.inf
        return (_Allowed(low, clock_minutes(p["not_after"]) if "not_after" in p else math.inf),)
    if "exactly" in p:
        return (_Allowed(p["exactly"], p["exactly"]),)
    low = max(p.get("at_least", -math.inf), math.nextafter(p["more_than"], math.inf) if "more_than" in p else -math.inf)
    return (_Allowed(low, p.get("at_most", math.inf)),)


def _beaten(rival: _Rival, others: Iterable[_Rival]) -> list[str] | None:
    """Return None where a rule goes, else the names of the rules that it contradicts and outdoes."""
    mine, losers = _allowed(rival.rule), []
    for other in others:
        if other is rival:
            continue
        theirs = _allowed(other.rule)
        binding = _WEIGHT[other.rule.level] - _WEIGHT[rival.rule.level]
        if not all(a.meets(b) for a, b in zip(mine, theirs, strict=True)):
            if binding > 0 or (binding == 0 and _stricter(rival.rule.kind, theirs, mine)):
                return None
            losers.append(other.name)
        elif binding >= 0 and all(a.within(b) for a, b in zip(theirs, mine, strict=True)):
            same = all(a == b for a, b in zip(theirs, mine, strict=True))
            if not same or binding > 0 or other.rank < rival.rank:
                return None
    return losers


def _stricter(kind: str, one: tuple[_Allowed, ...], two: tuple[_Allowed, ...]) -> bool:
    return one[0].low > two[0].low if kind in _MORE_IS_STRICTER else one[0].high < two[0].high


def _drop_idle_encouragement(kept: dict[str, _Kept]) -> None:
    """Drop what is only encouraged where a lesson length is prescribed: 45 minutes as a slogan beside 40 as a rule."""
    lengths = [left for left in kept.values() if left.rule.kind == "lesson_length"]
    bound = {grade for left in lengths if left.rule.level is not Level.ENCOURAGED for grade in left.grades}
    for left in lengths:
        if left.rule.level is Level.ENCOURAGED:
            left.grades = [grade for grade in left.grades if grade not in bound]
