"""What the commands of the living timetable share on the screen, and ``kebiao check timetable.xlsx --plan plan.xlsx``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from rich.console import Console

    from scheduler.replanning.living import Living


def print_table(console: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table of plain texts."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", title_style="bold", header_style="bold")
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(value)) for value in row))
    console.print(table)


def print_edits(case: Living, console: Console) -> None:
    """Print the edits made by hand, if there are any."""
    from scheduler.writing.week import slot_name

    if case.reread.edits:
        print_table(
            console,
            str(Message("{count} cells were edited since kebiao wrote this file", count=len(case.reread.edits))),
            (_("cell"), _("class"), _("when"), _("before"), _("after")),
            ((e.origin, e.class_name, slot_name(e.day, e.period), e.before or "—", e.after or "—") for e in case.reread.edits),
        )


def check_timetable(timetable: Sequence[Path], plan: Sequence[Path], rules: tuple[str, ...], mapping: Path | None) -> None:
    """List the edits and what they broke; exit code 1 when a requirement or a binding rule is broken."""
    from constraints.case import Case
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.errors import Finding, InputError
    from scheduler.replanning.living import broken_by_edits, not_in_plan, open_living, violations_of
    from scheduler.timetabling import breaches, judged
    from scheduler.writing.console import print_findings, print_verdicts

    if len(timetable) != 1:
        raise InputError([Finding(Message("One timetable at a time is checked against its plan"), value=str(len(timetable)))])
    console = screen()
    case = open_living(plan, timetable[0], rules, mapping)
    print_edits(case, console)
    findings = not_in_plan(case)
    if findings:
        print_findings(findings, console)
    broken = broken_by_edits(case)
    level = {True: _("required"), False: _("wish")}
    heads = (_("level"), _("what asks for it"), _("what is wrong"))
    if broken:
        print_table(
            console, _("Broken by the edits"), heads, ((level[v.constraint.required], v.constraint.label(), v.sentence) for v in broken)
        )
    rest = [v for v in violations_of(case) if v.constraint.required and v not in broken]
    if rest:
        print_table(console, _("Requirements not met"), heads, ((level[True], v.constraint.label(), v.sentence) for v in rest))
    failed = breaches(judged(case.school, case.rulesets, Case(case.school, case.reread.timetable)))
    if failed:
        print_verdicts(failed, console)
    if rest or failed or findings or any(v.constraint.required for v in broken):
        raise typer.Exit(IMPOSSIBLE)
    console.print(str(Message("The timetable keeps all requirements of the plan and all binding rules.")))
