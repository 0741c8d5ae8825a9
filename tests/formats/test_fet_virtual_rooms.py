"""FET's virtual rooms, each several real rooms at once: alone, and as one of a choice."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from constraints.base import evaluate
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.formats.fet_read import FetProblem, read_fet
from scheduler.formats.fet_write import placed, write_fet
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import solve
from tests.formats.fet_files import activity, constraint, write

MINI = Path(os.environ.get("KEBIAO_BENCHMARKS", Path(__file__).parents[3] / "shared" / "benchmarks")).parent / "research" / "fet_mini.fet"
HALL = (
    "<Room><Name>Hall</Name><Capacity>40</Capacity><Virtual>true</Virtual><Number_of_Sets_of_Real_Rooms>2</Number_of_Sets_of_Real_Rooms>"
    "<Set_of_Real_Rooms><Number_of_Real_Rooms>2</Number_of_Real_Rooms><Real_Room>R1</Real_Room><Real_Room>R3</Real_Room></Set_of_Real_Rooms>"
    "<Set_of_Real_Rooms><Number_of_Real_Rooms>1</Number_of_Real_Rooms><Real_Room>R2</Real_Room></Set_of_Real_Rooms></Room>"
)


def with_hall(folder: Path, wanted: tuple[str, ...], weight: float = 100, *, hours: int = 1) -> Path:
    """Two lessons, of Ann with 1A and Bob with 1B, on one day of some hours; the hall is R1 or R3 together with R2."""
    space = [constraint("SubjectPreferredRooms", weight, Subject="Maths", Number_of_Preferred_Rooms=len(wanted), Preferred_Room=wanted)]
    path = write(folder, [activity(1), activity(2, "Bob", "1B")], [], space, days=1, hours=hours)
    path.write_text(path.read_text(encoding="utf-8").replace("</Rooms_List>", f"{HALL}</Rooms_List>"), encoding="utf-8")
    return path


def solved(path: Path) -> tuple[FetProblem, Timetable | None, Cost | None]:
    """The answer for a file; its rooms are confirmed by the checker."""
    fet = read_fet(path)
    solution = solve(fet.problem, SolveOptions(time_limit=20))
    return fet, solution.timetable, solution.cost


def test_no_choice(tmp_path: Path) -> None:
    """The hall alone: its two rooms are taken, and two lessons cannot have it at once."""
    fet, timetable, _ = solved(with_hall(tmp_path, ("Hall",), hours=2))
    assert timetable is not None
    places = placed(fet, timetable)
    assert {(place.room, place.real[1]) for place in places} == {("Hall", "R2")}
    assert {place.hour for place in places} == {0, 1}


def test_a_choice(tmp_path: Path) -> None:
    """In one hour one lesson can have the hall, with R3 and R2, and the other R1; none of them may have more."""
    fet, timetable, cost = solved(with_hall(tmp_path, ("R1", "Hall")))
    assert timetable is not None
    assert cost == Cost()
    assert sorted((place.room, place.real) for place in placed(fet, timetable)) == [("Hall", ("R3", "R2")), ("R1", ())]


def test_not_enough_for_both(tmp_path: Path) -> None:
    """R2 or the hall, which needs R2 as well: not two lessons in one hour."""
    _, timetable, _ = solved(with_hall(tmp_path, ("R2", "Hall")))
    assert timetable is None


def test_a_wish(tmp_path: Path) -> None:
    """The hall at 50 %: in one hour one lesson has it, the other costs the wish, and a room is missing nowhere else."""
    _, timetable, cost = solved(with_hall(tmp_path, ("Hall",), 50))
    assert timetable is not None
    assert cost == Cost(0, 1)


@pytest.mark.skipif(shutil.which("fet-cl") is None, reason="fet-cl, the Debian package fet, is not installed")
@pytest.mark.parametrize("wanted", [("Hall",), ("R1", "Hall")])
def test_fet_agrees(tmp_path: Path, wanted: tuple[str, ...]) -> None:
    """FET completes our locked file."""
    path = with_hall(tmp_path, wanted, hours=2)
    fet, timetable, _ = solved(path)
    assert timetable is not None
    accepted(fet, timetable, path, tmp_path)


@pytest.mark.skipif(not MINI.exists(), reason="needs the project's fet_mini.fet")
@pytest.mark.skipif(shutil.which("fet-cl") is None, reason="fet-cl, the Debian package fet, is not installed")
def test_small_file(tmp_path: Path) -> None:
    """A file with a bit of everything, a choice between a laboratory and a pair of rooms among it: solved, and FET agrees."""
    fet, timetable, _ = solved(MINI)
    assert timetable is not None
    assert not [v for v in evaluate(fet.problem, TimetableView(fet.problem, timetable))[1] if v.constraint.required]
    accepted(fet, timetable, MINI, tmp_path)


def accepted(fet: FetProblem, timetable: Timetable, source: Path, folder: Path) -> None:
    """Lock the timetable and let FET complete it."""
    target = folder / "locked.fet"
    write_fet(fet, timetable, source, target)
    assert ElementTree.parse(target).getroot().find("Space_Constraints_List/ConstraintActivityPreferredRoom/Room") is not None
    command = ["fet-cl", f"--inputfile={target}", f"--outputdir={folder}/out", "--timelimitseconds=10", "--htmllevel=0"]
    done = subprocess.run(command, capture_output=True, text=True, env={"QT_QPA_PLATFORM": "offscreen"}, check=False)
    assert "Simulation successful" in (folder / "out" / "logs" / "result.txt").read_text(encoding="utf-8-sig"), done.stdout[-2000:]
