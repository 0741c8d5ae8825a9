"""``kebiao audit``: judge a timetable that somebody else made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Message, _, preferred_language, set_language

if TYPE_CHECKING:
    from rich.console import Console

    from constraints.ruleset import RuleSet
    from instances.school import School
    from scheduler.auditing.executed import Comparison
    from scheduler.errors import InputError
    from scheduler.reading.timetable import TimetableReading


def audit(
    timetable: Annotated[list[Path], typer.Argument(help="The published timetable: .xlsx, .xls, .csv, a saved web page, or a folder.")],
    rules: Annotated[list[str] | None, typer.Option("--rules", help="Rule set, by name or file; may be given again.")] = None,
    plan: Annotated[list[Path] | None, typer.Option("--plan", help="Course plan to compare hours and teachers with.")] = None,
    executed: Annotated[list[Path] | None, typer.Option("--executed", help="The timetable in use, or a lesson log.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Report workbook (.xlsx).")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en.")] = None,
) -> None:
    """Judge a published timetable, rule by rule. Exit code 0: nothing broken, 1: a rule that must hold is broken, 2: not readable."""
    from datetime import date

    from rich.console import Console

    from constraints.rulefile import RuleSetError
    from constraints.verdict import Status
    from scheduler.auditing.audit import Audit
    from scheduler.auditing.audit import audit as judge
    from scheduler.auditing.console import print_audit
    from scheduler.auditing.report import write_audit
    from scheduler.errors import InputError, KebiaoError
    from scheduler.reading.timetable import read_timetable

    set_language(lang or preferred_language())
    console = Console()
    try:
        ruleset = combined(rules or ["national"])
        reading = read_timetable(timetable)
        planned = read_plan(plan) if plan else None
        comparison = _executed(executed, reading) if executed else None
        result: Audit = judge(reading, ruleset, plan=planned, comparison=comparison)
        print_audit(result, console)
        if output:
            inputs = [*timetable, *(plan or []), *(executed or [])]
            write_audit(result, output, inputs=inputs, on=date.today().isoformat())
            console.print(str(Message("report written to {path}", path=output)))
    except InputError as error:
        print_findings(error, console)
        raise typer.Exit(2) from error
    except (KebiaoError, RuleSetError) as error:
        console.print(str(error), style="bold red", markup=False)
        raise typer.Exit(2) from error
    raise typer.Exit(1 if result.counts[Status.FAIL] else 0)


def combined(names: list[str]) -> RuleSet:
    """Return one rule set that holds the rules of all named ones, each rule once. Raises RuleSetError."""
    from dataclasses import replace

    from constraints.ruleset import load_ruleset

    sets = [load_ruleset(name) for name in names]
    if len(sets) == 1:
        return sets[0]
    rules = {rule.id: rule for ruleset in sets for rule in ruleset.rules}
    title = {"zh": " + ".join(s.title.get("zh", s.id) for s in sets), "en": " + ".join(s.title.get("en", s.id) for s in sets)}
    return replace(sets[0], id="+".join(s.id for s in sets), title=title, rules=tuple(rules.values()))


def read_plan(paths: list[Path]) -> School:
    """Read a course plan. Raises InputError."""
    from scheduler.reading.read import read_school

    return read_school(paths)


def _executed(paths: list[Path], reading: TimetableReading) -> Comparison:
    from scheduler.auditing.executed import compare_executed
    from scheduler.auditing.hours import class_names_between
    from scheduler.auditing.lesson_log import compare_with_log, find_log, read_log
    from scheduler.errors import InputError
    from scheduler.reading.timetable import open_table, read_timetable

    if len(paths) == 1 and paths[0].is_file():
        workbook = open_table(paths[0])
        if found := find_log(workbook):
            entries, findings = read_log(found, reading.school)
            if not entries:
                raise InputError(findings)
            return compare_with_log(reading.school, reading.timetable, entries)
    other = read_timetable(paths)
    names = class_names_between(reading.school, other.school)
    return compare_executed(reading.school, reading.timetable, other.timetable, names)


def print_findings(error: InputError, console: Console) -> None:
    """Print what is wrong with the input, a line for each finding."""
    console.print(_("The input cannot be used:"), style="bold red")
    for finding in error.findings:
        expected = _("; expected: ") + str(finding.expected) if finding.expected else ""
        value = f" {finding.value!r}" if finding.value else ""
        console.print(f"  {finding.origin}{value}: {finding.message}{expected}", markup=False)
