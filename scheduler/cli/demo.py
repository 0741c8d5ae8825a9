"""``kebiao demo``: a timetable from an example plan that ships with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import _


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Workbook to write."))] = Path("out/demo-timetable.xlsx"),
    example: Annotated[str, typer.Option("--example", help=_("Name of the example plan."))] = "primary24",
    time: Annotated[float, typer.Option("--time", min=1, help=_("Time limit in seconds."))] = 30,
) -> None:
    """Build a timetable from a shipped example and say where the workbook is."""
    from importlib.resources import as_file, files

    from scheduler.cli.solve import solve_one
    from scheduler.solving.options import SolveOptions

    output.parent.mkdir(parents=True, exist_ok=True)
    with as_file(files("instances") / "examples" / f"{example}.xlsx") as plan:
        code = solve_one([plan], output, [], None, SolveOptions(time_limit=time), html=output.with_suffix(".html"))
    if code:
        raise typer.Exit(code)
