"""``kebiao cover``: who takes the lessons of absent teachers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def cover(
    timetable: Annotated[Path, typer.Argument(help=_("The timetable in force: a workbook that kebiao wrote."))],
    plan: Annotated[list[Path], typer.Option("--plan", help=_("The plan it was made from."))],
    absent: Annotated[list[str], typer.Option("--absent", help=_("Absent teacher; may be repeated."))],
    first: Annotated[str, typer.Option("--from", help=_("First day of absence, 2026-11-23."))],
    last: Annotated[str | None, typer.Option("--to", help=_("Last day of absence; default the first."))] = None,
    period: Annotated[list[int] | None, typer.Option("--period", help=_("Absent only in this period; may be repeated."))] = None,
    calendar: Annotated[Path | None, typer.Option("--calendar", help=_("Workbook with the school calendar (sheet 校历)."))] = None,
    term_start: Annotated[str | None, typer.Option("--term-start", help=_("First day of term, where there is no calendar."))] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", help=_("Ledger file; default beside the timetable."))] = None,
    book: Annotated[bool, typer.Option("--book", help=_("Write the proposal into the ledger."))] = False,
    reason: Annotated[str, typer.Option("--reason", help=_("Reason of the absence, for the ledger."))] = "",
    approved: Annotated[str, typer.Option("--approved-by", help=_("Who approved it, for the ledger."))] = "",
    others: Annotated[int, typer.Option("--others", min=0, help=_("Show so many alternatives for each lesson."))] = 2,
    seconds: Annotated[float, typer.Option("--time", min=0.1, help=_("Seconds at most; many absences at once need more."))] = 5.0,
) -> None:
    """Propose a cover for every lesson of absent teachers: substitutes and swaps within the fortnight, all absences together."""
    from scheduler.cli.dates import day_of, ledger_path, now, open_diary
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.living import print_table
    from scheduler.cli.screen import screen
    from scheduler.covering.cover import cover as propose
    from scheduler.covering.describe import entries_of, option_text, target_text
    from scheduler.covering.rules import Absence
    from scheduler.ledger.ledger import Ledger

    console = screen()
    path = ledger_path(timetable, ledger)
    diary = open_diary(timetable, plan, calendar, term_start, path)
    start = day_of(first, "--from")
    end = day_of(last, "--to") if last else start
    absences = [Absence(name, start, end, tuple(period or ())) for name in absent]
    load: dict[str, int] = {}
    if path.exists():
        with Ledger(path) as existing:
            load = dict(existing.load())
    result = propose(diary, absences, load, others=others, seconds=seconds)
    rows = []
    for option in result.chosen:
        rows.append((*target_text(option.target), option_text(option), "\n".join(option_text(o) for o in result.others[option.target])))
    for target, why in result.uncovered:
        rows.append((*target_text(target), f"✗ {why}", ""))
    rows.sort(key=lambda row: row[:2])
    title = Message("{covered} of {total} lessons are covered", covered=len(result.chosen), total=len(rows))
    heads = (_("date"), _("period"), _("class"), _("which lesson"), _("proposal"), _("or else"))
    print_table(console, str(title), heads, rows)
    if result.proved and rows:
        console.print(str(Message("Proved: no other choice covers more lessons or costs less.")))
    if book and result.chosen:
        with Ledger(path) as existing:
            written = existing.append(entries_of(result, absences, written=now(), reason=reason, approved=approved))
        console.print(str(Message("{count} entries written to {path}", count=len(written), path=path.resolve())))
    if result.uncovered:
        raise typer.Exit(IMPOSSIBLE)
