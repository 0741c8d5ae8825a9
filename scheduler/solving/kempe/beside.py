"""A second process that tries moves from where a search stands, for another core.

Annealing with several trials at once: every process tries some moves from the same timetable, and those that the others took are tried once
more by the one that decides, after its own (P. Roussel-Ragot and G. Dreyfus, A problem independent parallel implementation of simulated
annealing, IEEE Transactions on Computer-Aided Design 9, 1990). The cost that was allowed there is allowed here: drawn anew, a move to a
worse timetable has to pass twice, and nearly twice the moves gained nothing.

The process is a Python of its own that talks through its standard streams: the ways of ``multiprocessing`` run the main script of a caller
again (spawn) or copy a process with threads (fork). If it dies, the search goes on alone.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

from instances.problem import Problem
from instances.timetable import Timetable

if TYPE_CHECKING:
    from types import TracebackType


class Beside:
    """A process that tries moves; ``ready`` once it has its tables, some seconds after it was started. Left, it is ended."""

    def __init__(self, problem: Problem, timetable: Timetable, seed: int) -> None:
        self.ready = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._preparing = Thread(target=self._prepare, args=(problem, timetable, seed), daemon=True)
        self._preparing.start()

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.ready = False
        self._process.kill()
        self._preparing.join()
        with suppress(OSError), self._process:  # closes the streams, also where something unsent is in them, and waits
            pass

    def begin(self, start: Sequence[int], temperature: float, penalty: float) -> bool:
        """Let it try some moves from where the units start; False where it cannot."""
        return self.ready and self._send((start, temperature, penalty))

    def moves(self) -> list[tuple[int, int, float]]:
        """Wait for the moves that it took, in order: a unit, where it went, and what that might cost."""
        return self._receive() or []

    def _prepare(self, problem: Problem, timetable: Timetable, seed: int) -> None:
        self.ready = self._send((problem, timetable, seed)) and self._receive() is not None

    def _send(self, message: object) -> bool:
        assert self._process.stdin is not None
        try:
            _write(self._process.stdin, message)
        except OSError:
            self.ready = False
            return False
        return True

    def _receive(self) -> Any:
        assert self._process.stdout is not None
        try:
            return pickle.load(self._process.stdout)
        except Exception:  # what is no pickle may raise anything
            self.ready = False
            return None


def _write(stream: IO[bytes], message: object) -> None:
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def main() -> None:
    """Try moves as asked on standard input, until that ends."""
    from scheduler.solving.kempe.search import Kempe

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that decides
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    kempe = Kempe(*pickle.load(asked))
    _write(answers, "ready")
    while True:
        try:
            start, temperature, penalty = pickle.load(asked)
        except EOFError:
            return
        kempe.stand(start, penalty)
        _write(answers, kempe.try_moves(temperature))


if __name__ == "__main__":
    main()
