"""A school that hangs is given up, and the others go on."""

from __future__ import annotations

import threading

import pytest

from scheduler.auditing import district
from scheduler.auditing.district import Job, State, Task, result_of, run_school
from scheduler.auditing.time_limit import TooLong, within


def test_what_is_done_in_time_comes_back_and_failures_too() -> None:
    assert within(60, lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)


def test_a_loop_without_end_is_ended() -> None:
    """The thread is told to stop, and does."""
    threads: list[threading.Thread] = []

    def endless() -> None:
        threads.append(threading.current_thread())
        while True:
            pass

    with pytest.raises(TooLong):
        within(0.2, endless)
    threads[0].join(60)
    assert not threads[0].is_alive()


def test_a_school_that_hangs_is_a_failed_school(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its result says so in the language of the run; nothing is raised."""

    def hang(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(district, "_audit", hang)
    monkeypatch.setattr(district, "GIVEN_UP", 0.2)
    data, report = run_school(Task("阳光小学", (), Job.AUDIT, ("national",), "zh"))
    result = result_of(data)
    assert (result.state, report) == (State.FAILED, b"")
    assert result.reasons == ["用时超过 0.2 秒，已放弃：请单独检查该校的文件"]
