"""Running a solve with live progress and Ctrl-C, for the commands that solve."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from instances.language import Message

if TYPE_CHECKING:
    from rich.console import Console

    from scheduler.outcome import Progress
    from scheduler.solving.stopping import Deadline

T = TypeVar("T")


def watched(
    run: Callable[[Callable[[Progress], None]], T],
    deadline: Deadline,
    console: Console,
    line: Callable[[list[Progress], Deadline], Message] | None = None,
) -> T:
    """Call ``run(tell)`` in a thread of its own and show its progress; Ctrl-C stops the search and keeps its best timetable.

    ``line`` says the progress in other words than those of a solve.

    CP-SAT holds the thread it runs in, so the main thread stays free for the keyboard. Exceptions of ``run`` are raised here.
    """
    from rich.live import Live

    latest: list[Progress] = []
    result: list[T] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            result.append(run(latest.append))
        except BaseException as error:
            failure.append(error)
        finally:
            done.set()

    done = threading.Event()  # not Thread.join: one that Ctrl-C interrupts takes the thread for dead
    threading.Thread(target=work, daemon=True).start()
    told = console.is_terminal
    with Live(console=console, refresh_per_second=4, transient=True) as live:
        while not done.is_set():
            try:
                done.wait(0.25)
                live.update(str((line or _line)(latest, deadline)))
                if not told and any(progress.cost is not None and not progress.cost.required for progress in latest):
                    told = True  # where no line can be rewritten (a log, a pipe), this one is enough
                    console.print(str((line or _line)(latest, deadline)), highlight=False)
            except KeyboardInterrupt:
                deadline.stop()
    if failure:
        raise failure[0]
    return result[0]


def _line(latest: list[Progress], deadline: Deadline) -> Message:
    """Return the progress line: elapsed time, best cost, bound and gap."""
    seconds = f"{deadline.elapsed:.0f}"
    if not latest or latest[-1].cost is None:
        return Message("{seconds} s: looking for a legal timetable", seconds=seconds)
    progress = latest[-1]
    cost = progress.cost
    assert cost is not None
    if cost.required:
        return Message(
            "{seconds} s: the fewest broken requirements so far cost {cost}; {phase}",
            seconds=seconds,
            cost=cost.required,
            phase=progress.phase,
        )
    gap = f"{(cost.preference - progress.bound) / max(1, cost.preference):.1%}" if progress.bound else "–"
    return Message(
        "{seconds} s: legal timetable, cost of preferences {cost}, lower bound {bound}, gap {gap}; {phase} (Ctrl-C keeps the best)",
        seconds=seconds,
        cost=cost.preference,
        bound="–" if progress.bound is None else progress.bound,
        gap=gap,
        phase=progress.phase,
    )
