"""One thing that counting proves impossible."""

from __future__ import annotations

from dataclasses import dataclass

from instances.language import Message
from instances.origin import Origin


@dataclass(frozen=True)
class Shortage:
    """``message`` carries the numbers; ``origins`` are the cells, ``events`` the lessons and ``groups`` (ids) what a person can change."""

    message: Message
    origins: tuple[Origin, ...]
    events: frozenset[int]
    groups: frozenset[str]
