"""The options of a run."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SolveOptions:
    """``time_limit`` in seconds (of deterministic time when ``deterministic``); ``gap`` is relative: 0.01 stops within 1 % of the bound.

    ``patience`` is the share of the time that may go into the first legal timetable; without ``linear_start`` that search does without
    linear relaxations, which proves less and finds sooner (FET's samples: 11 CPU seconds where it was none in 40).
    ``workers`` None means one for each core. ``deterministic`` uses one worker and gives the same timetable every time.
    """

    time_limit: float = 60.0
    seed: int = 0
    workers: int | None = None
    gap: float = 0.0
    deterministic: bool = False
    patience: float = 1.0
    linear_start: bool = True

    @property
    def cores(self) -> int:
        """The number of workers in force."""
        return 1 if self.deterministic else self.workers or min(os.cpu_count() or 1, 8)
