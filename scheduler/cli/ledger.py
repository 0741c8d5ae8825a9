"""``kebiao ledger``: the book of covered and swapped lessons."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def build_ledger() -> typer.Typer:
    """Return the commands, their help in the language in force."""
    app = typer.Typer(no_args_is_help=True, help=_("The ledger of covered and swapped lessons: list, enter, take back, count."))
    app.command("list", help=_("List all entries."))(show)
    app.command("swap", help=_("Enter a swap that two teachers have agreed on; it is checked."))(private_swap)
    app.command("revoke", help=_("Take an entry back by a further one; nothing is ever erased."))(revoke)
    app.command("month", help=_("Count the lessons of each teacher in a month: own, covered, covering."))(month)
    app.command("executed", help=_("Write what was taught in a week, to compare with the posted timetable."))(executed)
    return app


Timetable = Annotated[Path, typer.Argument(help=_("The timetable in force: a workbook that kebiao wrote."))]
Plan = Annotated[list[Path], typer.Option("--plan", help=_("The plan it was made from."))]
Calendar = Annotated[Path | None, typer.Option("--calendar", help=_("Workbook with the school calendar (sheet 校历)."))]
TermStart = Annotated[str | None, typer.Option("--term-start", help=_("First day of term, where there is no calendar."))]
LedgerFile = Annotated[Path | None, typer.Option("--ledger", help=_("Ledger file; default beside the timetable."))]
Output = Annotated[Path, typer.Option("-o", "--output", help=_("Workbook to write."))]


def show(timetable: Timetable, ledger: LedgerFile = None) -> None:
    """List all entries."""
    from scheduler.cli.dates import ledger_path
    from scheduler.cli.living import print_table
    from scheduler.cli.screen import screen
    from scheduler.ledger.ledger import Ledger
    from scheduler.ledger.month import kind_name, lesson_text

    path = ledger_path(timetable, ledger)
    entries = []
    if path.exists():
        with Ledger(path) as book:
            entries = book.entries()
    rows: list[tuple[object, ...]] = [
        (
            e.number,
            kind_name(e.kind),
            c.before.date,
            "、".join(c.before.lesson.classes),
            lesson_text(c, False),
            lesson_text(c, True),
            e.reason,
            e.approved,
            e.verdict,
        )
        for e in entries
        for c in e.changes
    ]
    rows += [
        (e.number, kind_name(e.kind), "", "", str(Message("entry {number}", number=e.revokes)), "", e.reason, e.approved, "")
        for e in entries
        if not e.changes
    ]
    heads = (_("no."), _("kind"), _("date"), _("class"), _("which lesson"), _("instead"), _("reason"), _("approved by"), _("rules say"))
    print_table(
        screen(),
        str(Message("{count} entries in {path}", count=len(entries), path=path)),
        heads,
        sorted(rows, key=lambda row: int(str(row[0]))),
    )


def private_swap(
    timetable: Timetable,
    plan: Plan,
    class_name: Annotated[str, typer.Option("--class", help=_("The class."))],
    first: Annotated[str, typer.Option("--date", help=_("Date of the first lesson."))],
    period: Annotated[int, typer.Option("--period", min=1, help=_("Its period."))],
    second: Annotated[str, typer.Option("--with-date", help=_("Date of the other lesson."))],
    with_period: Annotated[int, typer.Option("--with-period", min=1, help=_("Its period."))],
    calendar: Calendar = None,
    term_start: TermStart = None,
    ledger: LedgerFile = None,
    reason: Annotated[str, typer.Option("--reason", help=_("Why, for the ledger."))] = "",
    approved: Annotated[str, typer.Option("--approved-by", help=_("Who approved it, for the ledger."))] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help=_("It has happened: enter it although it breaks rules."))] = False,
) -> None:
    """Enter a private swap; one that breaks rules is refused, or entered with what it breaks when it has happened already."""
    from scheduler.cli.dates import day_of, ledger_path, now, open_diary
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.covering.private import lesson_at, swapped, verdict
    from scheduler.ledger.ledger import PRIVATE, Entry, Ledger

    console = screen()
    path = ledger_path(timetable, ledger)
    diary = open_diary(timetable, plan, calendar, term_start, path)
    one = lesson_at(diary, class_name, day_of(first, "--date"), period)
    other = lesson_at(diary, class_name, day_of(second, "--with-date"), with_period)
    changes = swapped(one, other)
    broken = verdict(diary, changes)
    for fault in broken:
        console.print(f"✗ {fault.date} {fault.text}")
    if broken and not anyway:
        console.print(str(Message("Refused; --anyway enters what has happened already.")))
        raise typer.Exit(IMPOSSIBLE)
    said = "; ".join(f"{fault.date} {fault.text}" for fault in broken) or str(Message("keeps the rules"))
    with Ledger(path) as book:
        entry = book.append([Entry(PRIVATE, changes, now(), "", reason, approved, said)])[0]
    console.print(str(Message("Entry {number} written to {path}", number=entry.number, path=path.resolve())))


def revoke(
    timetable: Timetable,
    number: Annotated[int, typer.Option("--entry", min=1, help=_("Number of the entry."))],
    ledger: LedgerFile = None,
    reason: Annotated[str, typer.Option("--reason", help=_("Why, for the ledger."))] = "",
    approved: Annotated[str, typer.Option("--approved-by", help=_("Who approved it, for the ledger."))] = "",
) -> None:
    """Take an entry back by a further one."""
    from scheduler.cli.dates import ledger_path, now
    from scheduler.ledger.ledger import Ledger

    path = ledger_path(timetable, ledger)
    with Ledger(path) as book:
        entry = book.revoke(number, written=now(), reason=reason, approved=approved)
    typer.echo(str(Message("Entry {number} written to {path}", number=entry.number, path=path.resolve())))


def month(
    timetable: Timetable,
    plan: Plan,
    which: Annotated[str, typer.Option("--month", help=_("The month: 2026-11."))],
    calendar: Calendar = None,
    term_start: TermStart = None,
    ledger: LedgerFile = None,
    output: Output = Path("month.xlsx"),
) -> None:
    """Write the month's counts to a workbook."""
    from scheduler.cli.dates import day_of, ledger_path, open_diary
    from scheduler.ledger.ledger import Ledger
    from scheduler.ledger.month import write_month

    start = day_of(f"{which}-01", "--month")
    path = ledger_path(timetable, ledger)
    diary = open_diary(timetable, plan, calendar, term_start, path)
    entries = []
    if path.exists():
        with Ledger(path) as book:
            entries = book.standing()
    write_month(diary, entries, start.year, start.month, output, inputs=[timetable, *plan])
    typer.echo(str(Message("Counts written to {path}", path=output.resolve())))


def executed(
    timetable: Timetable,
    plan: Plan,
    week: Annotated[int, typer.Option("--week", min=1, help=_("Number of the week of term."))],
    calendar: Calendar = None,
    term_start: TermStart = None,
    ledger: LedgerFile = None,
    output: Output = Path("executed.xlsx"),
) -> None:
    """Write the executed week as a timetable workbook."""
    from scheduler.cli.dates import ledger_path, open_diary
    from scheduler.ledger.executed import write_executed

    diary = open_diary(timetable, plan, calendar, term_start, ledger_path(timetable, ledger))
    write_executed(diary, week, output, inputs=[timetable, *plan])
    typer.echo(str(Message("Timetable written to {path}", path=output.resolve())))
