"""How far the audit can be trusted: legal timetables with one violation each, posted as a school would, read and judged.

    python benchmarks/audit_mutations.py [--each 30] [--seed 1] [--write docs/audit-trust.md]

Legal timetables are made by the solver (primary, junior and nine-year schools). Each kind of violation is applied ``--each`` times at
random places; every mutant is written as 总课表 with 作息时间表, read back and judged with the course plan. *Detected*: a rule that must
report the kind says something that it does not say of the legal timetable. *False alarm*: any other rule does (rules that the
violation breaks as well are listed with the kind and are none), or a legal timetable is called broken.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

from mutation_bells import BELL_KINDS
from mutation_kinds import LESSON_KINDS, Kind
from mutation_print import Posted, post

from constraints.ruleset import RuleSet, load_ruleset
from constraints.verdict import Status
from instances.generator import generate
from instances.language import set_language
from scheduler.auditing.audit import audit
from scheduler.auditing.executed import compare_executed
from scheduler.auditing.hours import class_names_between
from scheduler.errors import InputError
from scheduler.reading.timetable import read_timetable

SCHOOLS = (("primary", 12, 1), ("primary", 18, 2), ("junior", 12, 1), ("nine-year", 18, 3))
BROKEN = (Status.FAIL, Status.WARNING, Status.NOTE)
Said = set[tuple[str, str, str]]


@dataclass
class Tally:
    """What came of one kind."""

    mutants: int = 0
    detected: int = 0
    false_alarms: int = 0
    by: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    alarms: Counter[str] = field(default_factory=Counter)


def legal(kind: str, classes: int, seed: int, seconds: float) -> Posted:
    """Return a timetable that the solver made, posted with the bells of its school."""
    from scheduler.solving.solve import SolveOptions
    from scheduler.timetabling import make_timetable

    school = generate(kind, classes, seed, demands=0.3)  # type: ignore[arg-type]  # a string from the command line
    outcome = make_timetable(school, SolveOptions(time_limit=seconds))
    for _ in range(3):  # a busy computer
        if outcome.timetable is not None and outcome.solution.cost is not None and not outcome.solution.cost.required:
            break
        seconds *= 2
        outcome = make_timetable(school, SolveOptions(time_limit=seconds))
    assert outcome.timetable is not None
    lessons = tuple(x for x in outcome.timetable.lessons if x.classes)
    return Posted(outcome.school, lessons, outcome.school.bells)


def said(posted: Posted, ruleset: RuleSet, folder: Path) -> Said:
    """Post, read and judge; return what is broken as (rule, point, sentence)."""
    paths = [post(posted, posted.lessons, folder / "posted.xlsx")]
    if posted.second is not None:
        paths.append(post(posted, posted.second, folder / "second.xlsx"))
    reading = read_timetable(paths)
    comparison = None
    if posted.executed is not None:
        used = read_timetable(post(posted, posted.executed, folder / "used.xlsx"))
        comparison = compare_executed(reading.school, reading.timetable, used.timetable, class_names_between(reading.school, used.school))
    result = audit(reading, ruleset, plan=posted.school, comparison=comparison)
    found = {(v.rule.id, v.point, str(v.sentence)) for v in result.verdicts if v.status in BROKEN}
    return found | {("unread", f.origin.cell, f.value) for f in result.unread}


def matches(rule: str, names: frozenset[str]) -> bool:
    """Say whether a rule is one of those named; a name that ends in ``-`` or has no grade names a family."""
    return any(rule == name or rule.startswith(name) for name in names)


def run(each: int, seed: int, seconds: float) -> tuple[dict[str, Tally], dict[str, int], float, float]:
    """Return the tallies by kind, false alarms on the legal timetables, and the seconds for solving and for judging."""
    set_language("en")
    ruleset = load_ruleset("national")
    began = time.perf_counter()
    bases = [legal(*school, seconds) for school in SCHOOLS]
    solved = time.perf_counter()
    tallies: dict[str, Tally] = defaultdict(Tally)
    clean: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        shown = []
        for (name, classes, _), base in zip(SCHOOLS, bases, strict=True):
            found = said(base, ruleset, Path(folder))
            shown.append(found)
            must = {rule.id for rule in ruleset.rules if rule.level.value == "must"}
            hard = [x for x in found if x[0] in must or not any(rule.id == x[0] for rule in ruleset.rules)]
            clean[f"{name} {classes}"] = len(hard)
            for alarm in hard:
                print("legal timetable called broken:", alarm, file=sys.stderr)
        for kind in (*LESSON_KINDS, *BELL_KINDS):
            _run_kind(kind, each, seed, bases, shown, ruleset, Path(folder), tallies[kind.name])
    return dict(tallies), clean, solved - began, time.perf_counter() - solved


def _run_kind(
    kind: Kind, each: int, seed: int, bases: list[Posted], shown: list[Said], ruleset: RuleSet, folder: Path, tally: Tally
) -> None:
    rng = Random(f"{seed} {kind.name}")
    for attempt in range(each * 4):
        if tally.mutants >= each:
            break
        which = attempt % len(bases)
        mutant = kind.mutate(bases[which], rng)
        if mutant is None:
            continue
        tally.mutants += 1
        try:
            new = said(mutant, ruleset, folder) - shown[which]
        except InputError as error:
            new = {("refused", "", str(error))}
        rules = {rule for rule, _, _ in new}
        hits = {rule for rule in rules if matches(rule, kind.expects)}
        tally.detected += bool(hits)
        tally.by.update(hits)
        if not hits:
            tally.missed.append(f"{which}: {sorted(new)[:3]}")
        others = {rule for rule in rules - hits if not matches(rule, kind.allows)}
        tally.false_alarms += bool(others)
        tally.alarms.update(others)


def table(tallies: dict[str, Tally], clean: dict[str, int], each: int, seed: int) -> str:
    """Return the confusion table as Markdown."""
    mutants = sum(t.mutants for t in tallies.values())
    detected = sum(t.detected for t in tallies.values())
    alarms = sum(t.false_alarms for t in tallies.values())
    lines = [
        "# How far the audit can be trusted",
        "",
        f"`python benchmarks/audit_mutations.py --each {each} --seed {seed}` makes legal timetables with the solver, breaks each in",
        "one place, posts it as a school would (总课表 and 作息时间表), reads it back, and judges it by the rule set `national`",
        "and the course plan.",
        "",
        f"**{mutants:,} mutants of {len(tallies)} kinds: {detected:,} detected ({100 * detected / max(1, mutants):.1f} %), "
        f"{alarms} with a false alarm.** "
        f"{len(clean)} legal timetables: {sum(clean.values())} called broken.",
        "",
        "*Detected*: a rule that must report this kind says something new. *False alarm*: a rule that this violation does not touch says",
        "something new. A violation may break several rules at once; the column “reported by” counts the mutants in which each one spoke.",
        "",
        "| violation | mutants | detected | missed | false alarms | reported by |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for name, t in tallies.items():
        by = ", ".join(f"{rule} {n}" for rule, n in t.by.most_common())
        lines.append(f"| {name} | {t.mutants} | {t.detected} | {t.mutants - t.detected} | {t.false_alarms} | {by} |")
    lines += ["", "| legal timetable | rules that must hold, reported broken |", "|---|---:|"]
    lines += [f"| {name} classes | {n} |" for name, n in clean.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=30, help="mutants of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10, help="time for each legal timetable")
    parser.add_argument("--write", type=Path, help="write the table to this file")
    options = parser.parse_args()
    tallies, clean, solving, judging = run(options.each, options.seed, options.seconds)
    text = table(tallies, clean, options.each, options.seed)
    print(text)
    for name, tally in tallies.items():
        if tally.missed or tally.alarms or not tally.mutants:
            print(f"{name}: missed {tally.missed[:3]} alarms {dict(tally.alarms)}", file=sys.stderr)
    print(f"solving {solving:.0f} s, judging {judging:.0f} s", file=sys.stderr)
    if options.write:
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
