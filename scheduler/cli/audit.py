"""``kebiao audit``: judge a timetable that somebody else made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def audit(
    timetable: Annotated[list[Path], typer.Argument(help=_("The published timetable: .xlsx, .xls, .csv, a saved web page, or a folder."))],
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
    plan: Annotated[list[Path] | None, typer.Option("--plan", help=_("Course plan, to compare hours and teachers with."))] = None,
    executed: Annotated[list[Path] | None, typer.Option("--executed", help=_("The timetable in use, or a lesson log."))] = None,
    records: Annotated[list[Path] | None, typer.Option("--records", help=_("What the school states of itself: sheet 自查记录."))] = None,
    new_records: Annotated[
        Path | None, typer.Option("--new-records", help=_("Write an empty 自查记录 sheet with the items the rules ask for."))
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=_("Report workbook to write."))] = None,
) -> None:
    """Judge a published timetable, rule by rule. Exit code 1 when a rule that must hold is broken."""
    from dataclasses import replace
    from datetime import date

    from constraints.verdict import Status
    from scheduler.auditing.audit import audit as judge
    from scheduler.auditing.console import print_audit
    from scheduler.auditing.inputs import combined, compared
    from scheduler.auditing.records_sheet import read_records, write_records_sheet
    from scheduler.auditing.report import write_audit
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.reading.read import read_school
    from scheduler.reading.timetable import read_timetable
    from scheduler.writing.atomic import check_outputs

    console = screen()
    inputs = [*timetable, *(plan or []), *(executed or []), *(records or [])]
    check_outputs([output, new_records], inputs)
    ruleset = combined(rules or ["national"])
    if new_records:
        write_records_sheet(ruleset, new_records)
        console.print(str(Message("sheet of records written to {path}", path=new_records)))
    reading = read_timetable(timetable)
    planned = read_school(plan) if plan else None
    comparison = compared(executed, reading) if executed else None
    stated, faults = read_records(records) if records else (None, [])
    result = judge(reading, ruleset, plan=planned, records=stated, comparison=comparison)
    result = replace(result, unread=(*result.unread, *faults))
    print_audit(result, console)
    if output:
        write_audit(result, output, inputs=inputs, on=date.today().isoformat())
        console.print(str(Message("report written to {path}", path=output)))
    if result.counts[Status.FAIL]:
        raise typer.Exit(IMPOSSIBLE)
