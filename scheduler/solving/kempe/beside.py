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
from typing import TYPE_CHECKING, Any

from instances.problem import Problem
from instances.timetable import Timetable
from scheduler.solving.kempe.search import Kempe

if TYPE_CHECKING:
    from types import TracebackType


class Beside:
    """A process that tries moves; ``ready`` once it has its tables, a second or so after it was started. Left, it is ended.

    Where no process can be started it is never ready.
    """

    def __init__(self, problem: Problem, timetable: Timetable, seed: int) -> None:
        self.ready = False
        self._process: subprocess.Popen[bytes] | None = None
        task = _pickled((problem, timetable, seed))  # here, for a problem keeps what it is asked for, and the thread would see it grow
        with suppress(OSError):
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__],  # -P: what lies in the working directory is not ours
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            )
            self._preparing = Thread(target=self._prepare, args=(task,), daemon=True)
            self._preparing.start()

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.ready = False
        if self._process is not None:
            self._process.kill()
            self._preparing.join()
            with suppress(OSError), self._process:  # closes the streams, also where something unsent is in them, and waits
                pass

    def begin(self, start: Sequence[int], temperature: float, penalty: float, eased: bool) -> bool:
        """Let it try some moves from where the units start; False where it cannot."""
        return self.ready and self._send(_pickled((start, temperature, penalty, eased)))

    def moves(self) -> list[tuple[int, int, float]]:
        """Wait for the moves that it took, in order: a unit, where it went, and what that might cost."""
        return self._receive() or []

    def _prepare(self, task: bytes) -> None:
        self.ready = self._send(task) and self._receive() is not None

    def _send(self, message: bytes) -> bool:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
        except OSError:
            self.ready = False
            return False
        return True

    def _receive(self) -> Any:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            return pickle.load(self._process.stdout)
        except Exception:  # what is no pickle may raise anything
            self.ready = False
            return None


def _pickled(message: object) -> bytes:
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def main() -> None:
    """Try moves as asked on standard input, until that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that decides
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    kempe = Kempe(*pickle.load(asked))
    answers.write(_pickled("ready"))
    while True:
        answers.flush()
        try:
            start, temperature, penalty, eased = pickle.load(asked)
        except EOFError:
            return
        kempe.stand(start, penalty, eased)
        answers.write(_pickled(kempe.try_moves(temperature)))


if __name__ == "__main__":
    main()
