"""``kebiao calendar``: calendar files and the week's notice board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def calendar(
    timetable: Annotated[Path, typer.Argument(help=_("The timetable in force: a workbook that kebiao wrote."))],
    plan: Annotated[list[Path], typer.Option("--plan", help=_("The plan it was made from."))],
    school_calendar: Annotated[Path | None, typer.Option("--calendar", help=_("Workbook with the school calendar (sheet 校历)."))] = None,
    term_start: Annotated[str | None, typer.Option("--term-start", help=_("First day of term, where there is no calendar."))] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", help=_("Ledger file; default beside the timetable."))] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Folder for the calendar files."))] = Path("calendars"),
    notice: Annotated[int | None, typer.Option("--notice", min=1, help=_("Write the notice board of this week of term instead."))] = None,
) -> None:
    """Write a calendar file (.ics) for every teacher and class, or one week's notice board as a page to print."""
    from scheduler.calendar.ics import calendars, write_calendars
    from scheduler.calendar.notice import write_notice
    from scheduler.cli.dates import ledger_path, open_diary

    diary = open_diary(timetable, plan, school_calendar, term_start, ledger_path(timetable, ledger))
    if notice is not None:
        page = output if output.suffix else output.with_suffix(".html")
        write_notice(diary, notice, page, inputs=[timetable, *plan])
        typer.echo(str(Message("Notice board written to {path}", path=page.resolve())))
        return
    count = write_calendars(calendars(diary), output)
    typer.echo(str(Message("{count} calendar files written to {path}", count=count, path=output.resolve())))
