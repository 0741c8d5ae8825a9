"""Timetables written back to FET, schools written as FET files, and both formats through the command line."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from constraints.base import Constraint
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.common_free import CommonFree
from instances.generator import generate
from instances.timetable import Timetable, TimetableView
from scheduler.cli.app import build_app
from scheduler.compiling.compile import compile_school
from scheduler.formats.fet_export import export_problem, write_export
from scheduler.formats.fet_read import read_fet
from scheduler.formats.fet_write import placed, write_activities, write_fet
from scheduler.writing.atomic import OutputError
from tests.builders import event, grid, problem
from tests.formats.fet_files import activity, constraint, timetable, write

ROOMS = constraint("SubjectPreferredRooms", Subject="Maths", Preferred_Room=("R1", "R2"))


def solved(folder: Path) -> tuple[Path, Timetable]:
    """A file with two lessons that start together, and a timetable for it."""
    together = constraint("ActivitiesSameStartingTime", Number_of_Activities=2, Activity_Id=(1, 2))
    path = write(folder, [activity(1), activity(2, "Bob", "1B")], [together], [ROOMS])
    return path, timetable(read_fet(path), {1: (2, 3), 2: (2, 3)}, {1: "R1", 2: "R2"})


def test_locked_file(tmp_path: Path) -> None:
    """Every activity gets its start and its room, on top of what the file had, and the result can be read again."""
    path, times = solved(tmp_path)
    target = tmp_path / "locked.fet"
    write_fet(read_fet(path), times, path, target)
    root = ElementTree.parse(target).getroot()
    starts = root.findall("Time_Constraints_List/ConstraintActivityPreferredStartingTime")
    assert [[e.findtext(tag) for tag in ("Activity_Id", "Preferred_Day", "Preferred_Hour")] for e in starts] == [
        ["1", "D2", "3"], ["2", "D2", "3"],
    ]  # fmt: skip
    rooms = root.findall("Space_Constraints_List/ConstraintActivityPreferredRoom")
    assert [(e.findtext("Activity_Id"), e.findtext("Room")) for e in rooms] == [("1", "R1"), ("2", "R2")]
    assert root.find("Time_Constraints_List/ConstraintActivitiesSameStartingTime") is not None
    again = read_fet(target)
    assert [event.roles[-1].resource is not None for event in again.problem.events] == [True] * len(again.problem.events)


def test_names_are_written_as_the_file_has_them(tmp_path: Path) -> None:
    """Blanks at the end of a room's name are part of its key in FET, and signs like & stay escaped."""
    path, _ = solved(tmp_path)
    content = path.read_text(encoding="utf-8").replace(">R1<", ">R &amp; 1\t<")
    path = tmp_path / "blank.fet.gz"
    path.write_bytes(gzip.compress(content.encode()))
    fet = read_fet(path)
    times = timetable(fet, {1: (1, 1), 2: (1, 1)}, {1: "R & 1", 2: "R2"})
    target = tmp_path / "out.fet"
    write_fet(fet, times, path, target)
    assert "<Room>R &amp; 1\t</Room>" in target.read_text(encoding="utf-8")


def test_activities_file(tmp_path: Path) -> None:
    """Id, day, hour and room of each activity; one that is not placed is left out."""
    path, times = solved(tmp_path)
    target = tmp_path / "activities.xml"
    write_activities(read_fet(path), times, target)
    found = [[child.text for child in item] for item in ElementTree.parse(target).getroot()]
    assert found == [["1", "D2", "3", "R1"], ["2", "D2", "3", "R2"]]
    assert placed(read_fet(path), Timetable(())) == []


def test_equal_lessons_get_one_place_each(tmp_path: Path) -> None:
    """Three activities that are one event of three meets: each meet goes to one of them."""
    path = write(tmp_path, [activity(number, group=1) for number in (1, 2, 3)])
    fet = read_fet(path)
    assert len(fet.problem.events) == 1
    found = placed(fet, timetable(fet, {1: (1, 1), 2: (1, 4), 3: (2, 2)}))
    assert sorted((place.activity, place.day, place.hour) for place in found) == [("1", 0, 0), ("2", 0, 3), ("3", 1, 1)]


def test_solve_command(tmp_path: Path) -> None:
    """``solve --format fet`` writes a locked file and FET's list of activities; the input is never written over."""
    path, _ = solved(tmp_path)
    target = tmp_path / "answer.fet"
    arguments = ["solve", "--format", "fet", "--time", "10", "-o", str(target), str(path)]
    result = CliRunner().invoke(build_app(), arguments)
    assert result.exit_code == 0, result.output
    assert "optimal" in result.output
    assert len(ElementTree.parse(tmp_path / "answer_activities.xml").getroot()) == 2
    assert target.exists()
    again = CliRunner().invoke(build_app(), [*arguments[:-2], str(path), str(path)])
    assert isinstance(again.exception, OutputError)


def test_export_of_a_school(tmp_path: Path) -> None:
    """Every weekly lesson of a generated school is an activity, our reader takes the file, and what FET cannot say is listed."""
    problem = compile_school(generate("primary", 12, 0)).problem
    export = export_problem(problem)
    path = tmp_path / "school.fet"
    write_export(export, path)
    weekly = sum(event.duration for event in problem.events if event.weeks == (problem.every_week,))
    assert sum(duration for _, duration in export.components) == weekly
    assert weekly < sum(event.duration for event in problem.events), "the school has lessons every other week, which are listed"
    assert export.left_out
    fet = read_fet(path)
    assert len(fet.file.activities) == len(export.components) + len(export.meetings)
    assert {resource.name for resource in problem.resources if resource.type == "teacher"} >= set(fet.file.teachers[:5])


@pytest.mark.parametrize(("away", "people"), [((), ["A", "B"]), ((0, 1), ["A"]), ((0,), None)])
def test_who_is_away_has_no_part_in_a_meeting(tmp_path: Path, away: tuple[int, ...], people: list[str] | None) -> None:
    """A common free block is a meeting in FET. B, who is away then, would have no slot for it; away for a part of it: listed instead."""
    laws: list[Constraint] = [CommonFree(id="free", resources=(0, 1), blocks=((0, 1),))]
    laws += [AvoidUnavailableTimes(id="away", resources=(1,), times=away)] if away else []
    case = problem(grid(2, 3), ["A", "B"], [event("lesson", 1, 0)], laws)
    export = export_problem(case)
    found = [[case.resources[index].name for index in members] for _, members, _ in export.meetings]
    assert found == ([] if people is None else [people])
    assert bool(export.left_out) == (people is None)
    write_export(export, tmp_path / "school.fet")


def test_answer_of_fet_comes_back(tmp_path: Path) -> None:
    """An ``*_activities.xml`` becomes a timetable of the school's problem, at the right events, days and periods."""
    problem = compile_school(generate("primary", 12, 0)).problem
    export = export_problem(problem)
    answer = tmp_path / "activities.xml"
    answer.write_text("<Activities_Timetable><Activity><Id>1</Id><Day>D2</Day><Hour>3</Hour><Room/></Activity></Activities_Timetable>")
    meets = export.timetable_of(answer).meets
    assert [(meet.event, problem.positions[meet.start or 0]) for meet in meets] == [(export.components[0][0], (2, 3))]
    assert TimetableView(problem, Timetable(meets)).meets_of[meets[0].event]


@pytest.mark.skipif(shutil.which("fet-cl") is None, reason="fet-cl, the Debian package fet, is not installed")
def test_fet_completes_a_locked_file(tmp_path: Path) -> None:
    """FET itself is the referee: it accepts our answer for a small file."""
    together = constraint("ActivitiesSameStartingTime", Number_of_Activities=2, Activity_Id=(1, 2))
    space = constraint("SubjectPreferredRooms", Subject="Maths", Number_of_Preferred_Rooms=2, Preferred_Room=("R1", "R2"))
    path = write(tmp_path, [activity(1), activity(2, "Bob", "1B")], [together], [space])
    fet = read_fet(path)
    target = tmp_path / "locked.fet"
    write_fet(fet, timetable(fet, {1: (2, 3), 2: (2, 3)}, {1: "R1", 2: "R2"}), path, target)
    command = ["fet-cl", f"--inputfile={target}", f"--outputdir={tmp_path}/out", "--timelimitseconds=10", "--htmllevel=0"]
    subprocess.run(command, capture_output=True, env={"QT_QPA_PLATFORM": "offscreen"}, check=False)
    assert "Simulation successful" in (tmp_path / "out" / "logs" / "result.txt").read_text(encoding="utf-8-sig")
