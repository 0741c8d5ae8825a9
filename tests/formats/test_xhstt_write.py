"""Archives that are written read back the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from constraints.timetable.limit_lessons import LimitLessons
from instances.timetable import Timetable
from scheduler.errors import InputError
from scheduler.evaluate import evaluate_archive
from scheduler.formats.xhstt_archive import Archive, ArchiveSolution, Instance
from scheduler.formats.xhstt_read import read_archive
from scheduler.formats.xhstt_write import unexpressed, write_archive
from scheduler.formats.xml_tree import read_xml
from tests.builders import event, grid, place, problem
from tests.formats.archives import archive, meet, solution

MEETS = (meet("maths", 2, "Mo1", "Hall"), meet("maths", 1, "Tu1", "Lab"), meet("music", 1, "Mo3"))


@pytest.fixture
def small(tmp_path: Path) -> Archive:
    path = tmp_path / "in.xml"
    path.write_text(archive(solutions=solution(*MEETS)), encoding="utf-8")
    return read_archive(path)


@pytest.mark.parametrize("name", ["out.xml", "out.xml.gz"])
def test_round_trip(tmp_path: Path, small: Archive, name: str) -> None:
    """Problem, metadata and timetable come back equal."""
    write_archive(tmp_path / name, small)
    again = read_archive(tmp_path / name)
    before, after = small.instances[0], again.instances[0]
    for field in dataclasses.fields(before.problem):
        assert getattr(after.problem, field.name) == getattr(before.problem, field.name), field.name
    assert after.metadata == before.metadata
    assert again.solutions[0].timetable == small.solutions[0].timetable
    assert again.solutions[0].reported is not None


def test_the_report_says_what_it_costs(tmp_path: Path, small: Archive) -> None:
    """Art is not placed (required 1), maths changes rooms (4) into the wrong one (required 2), and so on; each cost stands with its id."""
    write_archive(tmp_path / "out.xml", small)
    report = read_xml(tmp_path / "out.xml").first("SolutionGroups", "SolutionGroup", "Solution", "Report")
    assert report is not None
    costs = {
        (element.attributes["Reference"], line.attributes["Reference"]): int(line.value("Cost"))
        for group in report.children[2:]
        for element in group.children
        for line in element.children
    }
    assert costs == {
        ("art", "time"): 1,
        ("maths", "lab"): 2,
        ("gr_maths", "one"): 4,
        ("gr_link", "link"): 3,
        ("Ann", "idle"): 2,
        ("Bob", "busy"): 9,
        ("Bob", "days"): 1,
        ("Ann", "load"): 1,  # workload counts who is to teach, placed or not: maths 2, art 1, meeting 1
    }
    assert (report.value("InfeasibilityValue"), report.value("ObjectiveValue")) == ("3", "20")


def test_what_xhstt_cannot_say_is_refused(tmp_path: Path) -> None:
    """Two grids, two weeks, and a kind of our own: three findings, unless the caller lets them go."""
    limit = LimitLessons(id="limit", event_groups=("maths",), time_groups=("day1",), maximum=1)
    case = problem((*grid(1, 2, "a"), *grid(1, 2, "b", start=485)), ["Ann"], [event("maths", 1, 0, weeks=(0b11,))], [limit], weeks=2)
    assert len(unexpressed(case)) == 3
    whole = Archive((Instance("test", case),), (ArchiveSolution("ours", "test", place(case, (0, 1, 1))),))
    with pytest.raises(InputError, match="odd or even weeks"):
        write_archive(tmp_path / "out.xml", whole)
    assert list(tmp_path.iterdir()) == []
    write_archive(tmp_path / "out.xml", whole, partly=True)
    assert read_archive(tmp_path / "out.xml").solutions[0].timetable.meets[0].start == 1


def test_the_report_counts_what_the_timetable_leaves_out(tmp_path: Path, small: Archive) -> None:
    """An empty timetable: the report states the same cost that the archive has when it is read and evaluated again."""
    empty = dataclasses.replace(small, solutions=(dataclasses.replace(small.solutions[0], timetable=Timetable(())),))
    write_archive(tmp_path / "out.xml", empty)
    [again] = evaluate_archive(tmp_path / "out.xml")
    assert again.solution.reported == again.cost
    assert again.cost.required == 3 + 1 + 1 + 5 * 3 + 1, "maths, music, art not placed; no room for maths; maths is one meet of 3"
