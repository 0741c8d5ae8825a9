"""A small school as a plan, and the command line run in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from instances.generator import generate
from instances.language import current_language, set_language
from scheduler.cli.app import main
from scheduler.writing.plan import write_plan

Run = Callable[..., int]


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of a made-up junior school of six classes, solved to the optimum in a few seconds."""
    path = tmp_path_factory.mktemp("plans") / "junior6.xlsx"
    write_plan(generate("junior", 6, 0), path, language="zh")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Run ``kebiao`` in this process, in English and in an empty folder, and return its exit code."""

    def kebiao(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["kebiao", *map(str, arguments)])
        try:
            main()
        except SystemExit as leaving:
            return int(leaving.code or 0)
        return 0

    before = current_language()
    monkeypatch.setenv("KEBIAO_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    yield kebiao
    set_language(before)


def environment(**more: str) -> dict[str, str]:
    """The environment for a process of its own: English and wide unless said otherwise."""
    return {**os.environ, "KEBIAO_LANG": "en", "COLUMNS": "200", "PYTHONUNBUFFERED": "1", **more}


def kebiao(*arguments: object, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``kebiao`` in a process of its own."""
    command = [sys.executable, "-m", "scheduler.cli.app", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment(**more), capture_output=True, text=True, encoding="utf-8", check=False)
