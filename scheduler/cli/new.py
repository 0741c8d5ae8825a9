"""``kebiao new``: an empty plan workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _, current_language


def new(path: Annotated[Path, typer.Argument(help=_("Workbook to write; an existing file is never overwritten."))]) -> None:
    """Write an empty plan workbook with notes, drop-downs and examples."""
    from scheduler.writing.plan import new_plan

    new_plan(path, current_language())
    print(Message("Plan workbook written to {path}; fill it in and run: kebiao solve {path}", path=path))
