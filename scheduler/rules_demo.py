"""Solves an example school under every rule set and prints what the rules say of the answer: ``make rules-demo``.

The example school has one class in each grade that the rule set is about. Its plan starts from the national one and is changed as the
rules ask; its bells are made by the rules; its records state what they want stated. So a set that contradicts itself shows.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from constraints.case import Case
from constraints.judging import judge
from constraints.kinds import KIND_OF
from constraints.ruleset import RuleSet, available_rulesets
from constraints.verdict import Status, Verdict
from instances.bells import BellSchedule
from instances.language import Message, _
from instances.records import Record, Records
from instances.school import Course, Room, School, SchoolClass, Stage, stage_of
from scheduler.bells.make import BellRequest, asked_for_seasons, make_bells
from scheduler.rulesets import open_ruleset
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable

_LOWER = {"语文": 8, "数学": 4, "道德与法治": 2, "科学": 1, "体育": 4, "音乐": 2, "美术": 2, "劳动": 1, "综合实践": 1, "班会": 1}
_UPPER = {"语文": 6, "书法": 1, "数学": 5, "英语": 3, "道德与法治": 2, "科学": 2, "体育": 3, "音乐": 2, "美术": 2, "信息科技": 1}
_UPPER |= {"劳动": 1, "综合实践": 1, "班会": 1}
_JUNIOR = {
    "语文": 5,
    "数学": 5,
    "英语": 5,
    "道德与法治": 2,
    "历史": 2,
    "物理": 3,
    "生物": 3,
    "体育": 3,
    "音乐": 1,
    "美术": 1,
    "信息科技": 1,
}
_JUNIOR |= {"劳动": 1, "综合实践": 1, "班会": 1}
_SENIOR = {
    "语文": 5,
    "数学": 5,
    "英语": 5,
    "物理": 3,
    "化学": 3,
    "生物": 3,
    "思想政治": 2,
    "历史": 2,
    "地理": 2,
    "体育": 2,
    "音乐": 1,
    "美术": 1,
}
_SENIOR |= {"通用技术": 1, "班会": 1}
_BY_GRADE = {"语文", "数学", "英语"}  # one teacher for each grade; the other subjects have one for each stage
_LESSONS = {Stage.PRIMARY: 6, Stage.JUNIOR: 7, Stage.SENIOR: 8}
_ROOMS = ("实验室", "图书室", "微机室", "多媒体教室", "美术室", "音乐室")


@dataclass(frozen=True)
class DemoRow:
    """One line of the table."""

    ruleset: RuleSet
    classes: int
    verdicts: tuple[Verdict, ...]
    gave_way: tuple[Message, ...]
    proof: str
    seconds: float


def example_school(ruleset: RuleSet) -> tuple[School, Records]:
    """Return a school that can satisfy a rule set, where any can, and its records."""
    grades = _grades(ruleset)
    classes = tuple(SchoolClass(f"{grade}年级1班", grade, 1, size=40) for grade in grades)
    bells = _bells(ruleset, grades)
    room = {grade: sum(len(bell.lessons(day)) for day in bell.days) for bell in bells for grade in bell.grades}
    courses = tuple(course for one in classes for course in _courses(one, _plan(ruleset, one.grade, room.get(one.grade, 0))))
    rooms = tuple(Room(name, name) for name in _ROOMS)
    return School(ruleset.label(), classes, (), courses, bells, rooms, rulesets=(ruleset.id,)), _records(ruleset)


def demonstrate(ruleset: RuleSet, seconds: float = 40) -> DemoRow:
    """Solve the example school of a rule set and judge the answer."""
    began = time.perf_counter()
    school, records = example_school(ruleset)
    outcome = make_timetable(school, SolveOptions(time_limit=seconds, gap=0.2, seed=1), rulesets=(ruleset,))
    verdicts = tuple(judge(ruleset, Case(outcome.school, outcome.timetable, records)))
    return DemoRow(ruleset, len(school.classes), verdicts, outcome.gave_way, outcome.solution.proof.value, time.perf_counter() - began)


def _grades(ruleset: RuleSet) -> tuple[int, ...]:
    """Return the grades that the rules name; where none does, those of compulsory education."""
    named = sorted({grade for rule in ruleset.rules for grade in rule.grades})
    everyone = any(not rule.grades for rule in ruleset.rules)
    stages = {stage_of(grade) for grade in named}
    if everyone and stages <= {Stage.PRIMARY, Stage.JUNIOR}:
        return tuple(range(1, 10))
    return tuple(grade for grade in range(1, 13) if stage_of(grade) in stages)


def _plan(ruleset: RuleSet, grade: int, room: int) -> dict[str, Fraction]:
    base = _LOWER if grade <= 2 else _UPPER if grade <= 6 else _JUNIOR if grade <= 9 else _SENIOR
    hours = {subject: Fraction(n) for subject, n in base.items()}
    total = None
    asked: set[str] = set()
    for rule in ruleset.rules:
        if not rule.applies_to(grade) or rule.set_aside_for:
            continue
        params = KIND_OF[rule.kind].ruling(rule).params
        if rule.kind in ("weekly_lessons", "subjects_offered"):
            asked.update(name for subject in params.subjects for name in subject.split("|"))
        if rule.kind == "weekly_lessons" and not params.holds(sum(hours.get(s, Fraction(0)) for s in params.subjects)):
            bound = next(b for b in (params.exactly, params.at_least, params.more_than, params.at_most) if b is not None)
            hours[params.subjects[0]] = Fraction(bound).limit_denominator(2)
        elif rule.kind == "subjects_offered":
            for choice in (subject.split("|") for subject in params.subjects):
                if not any(hours.get(subject) for subject in choice):
                    hours[choice[-1]] = Fraction(1)
        elif rule.kind == "weekly_total" and params.exactly is not None:
            total = Fraction(params.exactly)
    return _filled(hours, min(sum(hours.values(), Fraction(0)), Fraction(room)) if total is None else total, asked)


def _filled(hours: dict[str, Fraction], total: Fraction, asked: set[str]) -> dict[str, Fraction]:
    """Bring a plan to a total: leave out what no rule asks for, shorten the longest subjects, or add school courses."""
    for subject in reversed(tuple(hours)):
        if subject not in asked | _BY_GRADE and sum(hours.values()) - hours[subject] >= total:
            del hours[subject]
    while sum(hours.values()) > total:
        longest = max(_BY_GRADE & hours.keys(), key=lambda subject: hours[subject])
        hours[longest] -= min(Fraction(1), sum(hours.values()) - total)
    if sum(hours.values()) < total:
        hours["校本课程"] = hours.get("校本课程", Fraction(0)) + total - sum(hours.values())
    return {subject: n for subject, n in hours.items() if n}


def _courses(one: SchoolClass, plan: dict[str, Fraction]) -> list[Course]:
    stage = stage_of(one.grade)
    found = []
    for subject, periods in plan.items():
        owner = str(one.grade) if subject in _BY_GRADE else stage.value
        found.append(Course(f"{one.name}{subject}", subject, (one.name,), (f"{subject}{owner}",), periods, subject))
    return found


def _bells(ruleset: RuleSet, grades: tuple[int, ...]) -> tuple[BellSchedule, ...]:
    found = []
    for stage in Stage:
        mine = tuple(grade for grade in grades if stage_of(grade) is stage)
        if mine:
            season = "both" if asked_for_seasons(ruleset, mine) else ""
            lessons = _LESSONS[stage]
            made = make_bells(ruleset, BellRequest(mine, lessons, season=season, name=str(_("bells")), records=_records(ruleset)))
            while any(one.bells is None for one in made) and lessons > 4:
                lessons -= 1
                made = make_bells(ruleset, BellRequest(mine, lessons, season=season, name=str(_("bells")), records=_records(ruleset)))
            found += [one.bells for one in made if one.bells is not None]
    return tuple(found)


def _records(ruleset: RuleSet) -> Records:
    """Return records that state what the rules want stated."""
    entries = [Record("local_work_ends", 17 * 60 + 30)]
    for rule in ruleset.rules:
        params = KIND_OF[rule.kind].ruling(rule).params
        if rule.set_aside_for:
            continue
        if rule.kind == "stated_amount":
            bound = next(b for b in (params.exactly, params.at_least, params.more_than, params.at_most) if b is not None)
            entries.append(Record(params.item, bound + (1 if params.more_than is not None else 0), rule.grades))
        elif rule.kind in ("stated_fact", "sections_voluntary"):
            entries.append(Record(params.item, getattr(params, "expected", True), rule.grades))
        if params.only_if:
            entries.append(Record(params.only_if, True))
    return Records(tuple(entries))


def main(names: Sequence[str]) -> None:
    """Print the table for the rule sets named, or for all."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=_("Rule sets on an example school each"))
    heads = (_("rule set"), _("rules"), _("classes"), _("kept"), _("broken"), _("warnings"), _("not judged"), _("answer"), _("seconds"))
    for head in heads:
        table.add_column(head, justify="right" if head not in heads[:1] else "left")
    for name in names or [name for name in available_rulesets() if name != "strictest"]:
        row = demonstrate(open_ruleset(name))
        count = Counter(verdict.status for verdict in row.verdicts)
        warned = count[Status.WARNING] + count[Status.NOTE]
        cells = (len(row.ruleset.rules), row.classes, count[Status.PASS], count[Status.FAIL], warned, count[Status.UNKNOWN])
        table.add_row(row.ruleset.id, *map(str, cells), row.proof, f"{row.seconds:.1f}")
    Console().print(table)


if __name__ == "__main__":
    from instances.language import preferred_language, set_language

    set_language(preferred_language())
    main(sys.argv[1:])
