"""``kebiao convert`` and FET files through ``kebiao solve``."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from instances.language import set_language
from scheduler.cli.app import build_app
from scheduler.errors import InputError
from scheduler.formats.fet_read import read_fet
from tests.formats.fet_files import activity, constraint, write


@pytest.fixture(autouse=True)
def english() -> None:
    """Texts in English."""
    set_language("en")


def run(*arguments: object) -> Result:
    """Run the command line."""
    return CliRunner().invoke(build_app(), [str(argument) for argument in arguments])


def test_course_plan_to_fet(tmp_path: Path) -> None:
    """The example plan becomes a file that our own reader takes; what FET cannot express is named."""
    plan, target = tmp_path / "plan.xlsx", tmp_path / "school.fet"
    assert run("example", "primary24", "-o", plan).exit_code == 0
    result = run("convert", plan, "-o", target)
    assert result.exit_code == 0, result.output
    assert "FET cannot express" in result.output
    assert "keep_in_step" in result.output
    activities = len(read_fet(target).file.activities)
    assert f"{activities} activities" in " ".join(result.output.split())
    assert activities > 600


def test_only_fet_files_are_written(tmp_path: Path) -> None:
    """A workbook's name is refused before anything is read."""
    assert run("convert", tmp_path / "plan.xlsx", "-o", tmp_path / "school.xlsx").exit_code == 2


def test_fet_files_are_known_by_their_name(tmp_path: Path) -> None:
    """``kebiao solve school.fet`` needs no --format; times are locked in the answer, and the activities are listed."""
    path, target = write(tmp_path, [activity(1), activity(2, "Bob", "1B")]), tmp_path / "answer.fet"
    result = run("solve", path, "-o", target, "--time", 5)
    assert result.exit_code == 0, result.output
    locks = ElementTree.parse(target).getroot().findall("Time_Constraints_List/ConstraintActivityPreferredStartingTime")
    assert [lock.findtext("Activity_Id") for lock in locks] == ["1", "2"]
    assert len(ElementTree.parse(tmp_path / "answer_activities.xml").getroot()) == 2


def test_unsupported_types(tmp_path: Path) -> None:
    """Each type with its number, an error; or left out, and said."""
    strange = constraint("TeachersMaxMoonlight", Max_Moonlight=1)
    path = write(tmp_path, [activity(1)], [strange, strange])
    refused = run("solve", path, "-o", tmp_path / "answer.fet", "--time", 5)
    assert isinstance(refused.exception, InputError)
    assert "2 constraints of the type TeachersMaxMoonlight" in str(refused.exception)
    done = run("solve", path, "-o", tmp_path / "answer.fet", "--time", 5, "--ignore-unsupported")
    assert done.exit_code == 0
    assert "Left out, not supported: 2 constraints of the type TeachersMaxMoonlight" in " ".join(done.output.split())
