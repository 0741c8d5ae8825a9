"""What the two READMEs say is true: their commands run, their links lead somewhere, and they say the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")


def commands(name: str) -> list[str]:
    """The lines of the fenced shell blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_both_languages_have_the_same_commands_and_headings() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in READMES)
    assert commands("README.md") == commands("README.zh.md")
    assert [line.count("#") for line in re.findall(r"^#+ ", english, re.M)] == [
        line.count("#") for line in re.findall(r"^#+ ", chinese, re.M)
    ]


@pytest.mark.parametrize("name", READMES)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_file_that_is_named_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = re.findall(r"`((?:benchmarks|constraints|instances|scheduler|tests|docs)/[\w/.-]*)`", text)
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_make_has_the_targets_that_are_named() -> None:
    named = {line.split()[1] for line in commands("README.md") if line.startswith("make ")}
    assert named == {"demo", "test"}
    assert named <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def test_every_command_runs(tmp_path: Path) -> None:
    """From top to bottom in an empty folder, each with exit code 0; ``make`` is left to the one who runs this test."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "KEBIAO_LANG": "zh", "PYTHONUTF8": "1"}
    todo = [line for line in commands("README.md") if not line.startswith("make ")]
    assert len(todo) > 15
    for command in todo:
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    made = ("timetable.xlsx", "timetable.html", "timetable-2.xlsx", "audit.xlsx", "bells.xlsx", "district.xlsx", "district.html")
    assert [name for name in made if not (tmp_path / name).exists()] == []
    assert any((tmp_path / "calendars").rglob("*.ics"))
