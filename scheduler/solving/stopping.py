"""Stopping a search: by the clock, by the user, when the answer is good enough."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ortools.sat.python import cp_model

_LEAST = 0.001  # deterministic seconds that a call costs at least, so that trivial ones come to an end


class Deadline:
    """The time limit of a run in seconds, and the hand on the brake.

    ``stop`` may be called from any thread or signal handler; it also stops the CP-SAT calls that are under way. A deterministic run
    measures CP-SAT's deterministic time instead of seconds, so that it ends at the same place on every machine.
    """

    def __init__(self, seconds: float, deterministic: bool = False) -> None:
        self.started = time.monotonic()
        self.seconds = seconds
        self.deterministic = deterministic
        self._spent = 0.0
        self._stopped = threading.Event()
        self._solvers: set[cp_model.CpSolver] = set()
        self._parts: list[Deadline] = []
        self._lock = threading.Lock()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def used(self) -> float:
        """Seconds used so far, as the limit counts them: decisions of a search must rest on this and not on ``elapsed``."""
        return self._spent if self.deterministic else self.elapsed

    @property
    def left(self) -> float:
        """Seconds until the limit, 0 when it is reached or the run was stopped."""
        return 0.0 if self._stopped.is_set() else max(0.0, self.seconds - self.used)

    @property
    def interrupted(self) -> bool:
        """Say whether somebody called ``stop``."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Stop the run as soon as possible; what was found so far is kept."""
        self._stopped.set()
        for part in self._parts:
            part.stop()
        with self._lock:
            for solver in self._solvers:
                solver.stop_search()

    def part(self, seconds: float) -> Deadline:
        """Return a deadline of its own for a part of the run, which ``stop`` stops too."""
        part = Deadline(seconds, self.deterministic)
        self._parts.append(part)
        if self.interrupted:
            part.stop()
        return part

    @contextmanager
    def guarding(self, solver: cp_model.CpSolver, seconds: float) -> Iterator[None]:
        """Limit a solver to ``seconds`` (and to what is left), and let ``stop`` reach it while it runs."""
        limit = max(0.01, min(seconds, self.left))
        if self.deterministic:
            solver.parameters.max_deterministic_time = limit
        else:
            solver.parameters.max_time_in_seconds = limit
        solver.parameters.catch_sigint_signal = False  # the command line handles Ctrl-C
        with self._lock:
            self._solvers.add(solver)
        try:
            yield
        finally:
            with self._lock:
                self._solvers.discard(solver)
                self._spent += max(_LEAST, solver.response_proto.deterministic_time)
