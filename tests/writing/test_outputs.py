"""Where a file may be written: whole or not at all, never over an input, a folder or a device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from instances.language import current_language, set_language
from instances.sample_school import sample_school
from scheduler.writing.atomic import OutputError, check_outputs, replacing, write_text
from scheduler.writing.plan import write_plan
from scheduler.writing.workbook import write_workbook
from tests.writing.outcomes import outcome

resource = pytest.importorskip("resource", reason="disk limits and devices are those of Unix")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = current_language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process may grow beyond two thousand bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def device(folder: Path) -> Path:
    """A link to a device: what stands at its end is no file, and the link itself may be lost if the program is wrong."""
    (folder / "device.xlsx").symlink_to("/dev/null")
    return folder / "device.xlsx"


def a_folder(folder: Path) -> Path:
    (folder / "made.xlsx").mkdir()
    return folder / "made.xlsx"


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a folder": (a_folder, "it is a folder or a device"),
    "a device": (device, "it is a folder or a device"),
    "no name": (lambda folder: Path(""), "it is a folder or a device"),
    "a missing folder": (lambda folder: folder / "nowhere/out.xlsx", "the folder does not exist"),
    "a name that is too long": (lambda folder: folder / f"{'x' * 300}.xlsx", "cannot be written"),
    "an input": (lambda folder: folder / "plan.xlsx", "is an input file"),
    "an input by another way": (lambda folder: folder / "sub/../plan.xlsx", "is an input file"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused_before_the_work_and_at_its_end(tmp_path: Path, make: Callable[[Path], Path], reason: str) -> None:
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(b"plan")
    (tmp_path / "sub").mkdir()
    path = make(tmp_path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OutputError, match=reason):
        check_outputs([None, path], [plan])
    with pytest.raises(OutputError, match=reason):
        write_text(path, "text", [plan])
    assert sorted(tmp_path.iterdir()) == before
    assert plan.read_bytes() == b"plan"


def test_one_file_cannot_be_two_outputs(tmp_path: Path) -> None:
    check_outputs([tmp_path / "a.xlsx", tmp_path / "b.xlsx"])
    with pytest.raises(OutputError, match="named as an output twice"):
        check_outputs([tmp_path / "a.xlsx", None, tmp_path / "." / "a.xlsx"])
    assert not list(tmp_path.iterdir())


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path: Path) -> None:
    path = tmp_path / f"{'课' * 80}.txt"
    write_text(path, "text")
    assert [path] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_text(path, "x" * 10_000),
        lambda path: write_plan(sample_school("en"), path),
        lambda path: write_workbook(outcome(), path),
    ],
    ids=["text", "plan", "workbook"],
)
@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path: Path, write: Callable[[Path], None]) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match=r"out\.xlsx cannot be written: File too large"):
        write(path)
    assert [path] == list(tmp_path.iterdir())
    assert path.read_bytes() == b"old"


def test_what_goes_wrong_with_another_file_is_not_said_of_this_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="another"), replacing(tmp_path / "out.txt"):
        (tmp_path / "another").read_bytes()
    assert not list(tmp_path.iterdir())
