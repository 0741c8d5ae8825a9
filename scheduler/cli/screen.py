"""The screen of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def screen(*, highlight: bool = True) -> Console:
    """Return the screen. Names of files and schools are text: what stands in square brackets or between colons is no markup."""
    from rich.console import Console

    return Console(markup=False, emoji=False, highlight=highlight)
