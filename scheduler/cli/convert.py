"""``kebiao convert``: a school's course plan as a file for FET."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def convert(
    plan: Annotated[list[Path], typer.Argument(help=_("Workbooks of one school's plan, or a folder of them."))],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("FET file to write: .fet."))] = Path("school.fet"),
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help=_("Mapping file for a layout that is not recognised."))] = None,
) -> None:
    """Write a course plan as a FET file, as far as FET can express it; what it cannot is listed."""
    from collections import Counter

    from scheduler.cli.screen import screen
    from scheduler.compiling.compile import compile_school
    from scheduler.formats.fet_export import export_problem, write_export
    from scheduler.reading.read import read_school
    from scheduler.timetabling import placing_of, rulesets_of
    from scheduler.writing.atomic import check_outputs
    from scheduler.writing.console import print_notes

    if output.suffix != ".fet":
        raise typer.BadParameter(_("expected a name that ends in .fet"), param_hint="--output")
    console = screen()
    check_outputs([output], plan)
    school = read_school(plan, mapping=mapping)
    print_notes(school.notes, console)
    placing = placing_of(school, rulesets_of(school, tuple(rules or ())))
    export = export_problem(compile_school(school, placing.courses, placing.requirements).problem)
    write_export(export, output)
    left_out = Counter(str(message) for message in export.left_out)
    if left_out:
        console.print(str(Message("FET cannot express, and the file leaves out:")))
    for text, count in left_out.items():
        console.print(f"  {text}" if count == 1 else f"  {count} × {text}", soft_wrap=True)
    activities = len(export.components) + len(export.meetings)
    lines = len(export.time) + len(export.space)
    written = Message(
        "{activities} activities and {count} constraints written to {path}", activities=activities, count=lines, path=output.resolve()
    )
    console.print(str(written), soft_wrap=True)
