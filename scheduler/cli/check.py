"""``kebiao check``: read a plan, list what is wrong, judge plan and bells. No solving."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def check(
    plan: Annotated[list[Path], typer.Argument(help=_("Workbooks of one school's plan, or a folder of them."))],
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help=_("Mapping file for a layout that is not recognised."))] = None,
    given: Annotated[
        list[Path] | None, typer.Option("--plan", help=_("Check a timetable that kebiao wrote, edited since or not, against this plan."))
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help=_("Exit with 1 when a binding rule is broken."))] = False,
) -> None:
    """Read a plan, list what is wrong with it and judge plan and bells."""
    if given:
        from scheduler.cli.living import check_timetable

        check_timetable(plan, given, tuple(rules or ()), mapping)
        return

    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.explaining.explain import shortages_of
    from scheduler.explaining.screen import print_shortages
    from scheduler.reading.read import read_school
    from scheduler.timetabling import breaches, judged, rulesets_of
    from scheduler.writing.console import print_notes, print_verdicts

    console = screen()
    school = read_school(plan, mapping=mapping)
    print_notes(school.notes, console, full=True)
    rulesets = rulesets_of(school, tuple(rules or ()))
    shortages = shortages_of(school, rulesets)
    print_shortages(shortages, console)
    if not shortages:
        console.print(str(Message("Counting finds nothing that cannot be placed.")))
    verdicts = judged(school, rulesets)
    print_verdicts(verdicts, console)
    if not breaches(verdicts):
        console.print(str(Message("No binding rule is broken by plan and bells.")))
    if any(s.fatal for s in shortages) or (strict and breaches(verdicts)):
        raise typer.Exit(IMPOSSIBLE)
