"""The wheel holds the three rooms with their data, and nothing else: what a person installs is what is tested here."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build backend is not installed; pip install -e '.[dev]'")

ROOT = Path(__file__).parent.parent
ROOMS = ("instances", "constraints", "scheduler")
LEFT_OUT = {".pyc", ".po"}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all files of a wheel that is built as ``pip`` builds it, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--no-build-isolation",
        "--disable-pip-version-check",
        "-w",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("kebiao-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_three_rooms_and_nothing_else(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == set(ROOMS)


def test_every_file_of_the_rooms_is_there(names: set[str]) -> None:
    """Modules, rule sets, catalogues, templates, examples and the mark that the types can be relied on."""
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix not in LEFT_OUT and not path.name.startswith((".", "~"))
    }
    assert {f"{room}/py.typed" for room in ROOMS} <= wanted
    for suffix, room in ((".toml", "constraints/rulesets/"), (".mo", "instances/language/zh/"), (".xlsx", "instances/examples/")):
        assert any(name.startswith(room) and name.endswith(suffix) for name in wanted)
    assert wanted <= names


def test_command_and_licence(names: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)
    assert any(name.endswith("LICENSE") and ".dist-info/" in name for name in names)
