"""``kebiao example``: one of the course plans that ship with the program, as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _, current_language


def example(
    name: Annotated[str, typer.Argument(help=_("Name of the example plan."))] = "primary24",
    output: Annotated[Path | None, typer.Option("-o", "--output", help=_("Workbook to write; default: the name of the example."))] = None,
) -> None:
    """Write an example plan and say how to go on."""
    from scheduler.examples import write_example
    from scheduler.writing.atomic import OutputError

    path = output or Path(f"{name}.xlsx")
    if path.exists():
        raise OutputError(Message("{path} exists already and is not overwritten; choose another name", path=path))
    write_example(name, path, language=current_language())
    print(Message("Example plan written to {path}; build its timetable with: kebiao solve {path}", path=path))
