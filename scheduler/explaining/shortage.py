"""One thing that counting proves impossible."""

from __future__ import annotations

from dataclasses import dataclass

from instances.language import Message
from instances.origin import Origin


@dataclass(frozen=True)
class Shortage:
    """``message`` carries the numbers; ``origins`` are the cells, ``events`` the lessons and ``groups`` (ids) what a person can change.

    ``fatal`` false: the plan contradicts itself, and the program goes by the part of it that can be done.
    """

    message: Message
    origins: tuple[Origin, ...]
    events: frozenset[int]
    groups: frozenset[str]
    fatal: bool = True
