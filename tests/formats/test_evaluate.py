"""The evaluator: a small archive by hand, and published solutions against their published costs."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from instances.language import in_language
from scheduler.cli.evaluate import evaluate
from scheduler.evaluate import evaluate_archive
from tests.formats.archives import archive, meet, solution

DATA = Path(os.environ.get("KEBIAO_BENCHMARKS", Path(__file__).parents[3] / "shared" / "benchmarks")) / "xhstt"

FAST = [
    "ArtificialAbramson15", "AustraliaSAHS96", "AustraliaTES99", "BrazilInstance1", "BrazilInstance4", "CzechVillageSchool",
    "DenmarkSmallSchool", "FinlandSecondarySchool", "GreeceWesternGreeceUniversityInstance4", "GreeceThirdHighSchoolPatras2010",
    "ItalyInstance1", "SouthAfricaLewitt2009", "SpainSchool",
]  # fmt: skip


@pytest.mark.skipif(not DATA.is_dir(), reason="no XHSTT benchmark data; set KEBIAO_BENCHMARKS")
@pytest.mark.parametrize("name", FAST)
def test_published_costs(name: str) -> None:
    """Every published solution of the instance costs what the recomputed table says, constraint by constraint.

    ``benchmarks/evaluate_xhstt.py`` does the same for all instances.
    """
    with (DATA / "solutions.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["file"] == f"{name}.xml.gz"]
    found = evaluate_archive(DATA / "solutions" / f"{name}.solutions.xml.gz", [DATA / "instances" / f"{name}.xml.gz"])
    ours = [
        (str(e.cost), sorted(f"{'H' if required else 'S'}:{kind}={cost}" for (required, kind), cost in e.by_kind.items())) for e in found
    ]
    assert ours == [(f"{row['hard']}/{row['soft']}", sorted(row["cost_by_constraint"].split())) for row in rows]


GOOD = (meet("maths", 2, "Mo1", "Lab"), meet("maths", 1, "Tu1", "Lab"), meet("music", 1, "Tu2"), meet("art", 1, "Tu2"))


def test_a_good_solution_by_hand(tmp_path: Path) -> None:
    """Only the workload is left: Ann has 2 of maths, 1 of art, 1 of the meeting, at most 3 wanted."""
    path = tmp_path / "a.xml"
    path.write_text(archive(solutions=solution(*GOOD)), encoding="utf-8")
    [found] = evaluate_archive(path)
    # Ann on Tuesday: Tu1, Tu2, Tu3 is one too many; step function, weight 9
    assert dict(found.by_kind) == {(False, "LimitWorkload"): 1, (False, "LimitBusyTimes"): 9}
    assert str(found.cost) == "0/10"


def test_two_meets_of_an_event_at_one_time(tmp_path: Path) -> None:
    """Nonsense that a solution may hold: maths twice at Mo1. It clashes with itself, for Ann, once."""
    path = tmp_path / "a.xml"
    path.write_text(
        archive(solutions=solution(meet("maths", 1, "Mo1", "Lab"), meet("maths", 2, "Mo1", "Lab"), *GOOD[2:])), encoding="utf-8"
    )
    [found] = evaluate_archive(path)
    assert found.by_kind[True, "AvoidClashes"] == 1
    assert found.by_kind[True, "SpreadEvents"] == 1


def test_command(tmp_path: Path) -> None:
    """The command prints the cost by constraint, and what is wrong with a file, with exit code 2."""
    app = Typer()
    app.command()(evaluate)
    path = tmp_path / "a.xml"
    path.write_text(archive(solutions=solution(*GOOD)), encoding="utf-8")
    with in_language("en"):
        result = CliRunner().invoke(app, [str(path), "--violations"])
    assert result.exit_code == 0
    assert "tiny, by hand: cost 0/10\n  preferences: LimitBusyTimes 9, LimitWorkload 1\n" in result.output
    assert "load name [0/1]: Ann has a workload of 4, 0 to 3 wanted" in result.output
    path.write_text("<no/>", encoding="utf-8")
    with in_language("zh"):
        result = CliRunner().invoke(app, [str(path)])
    assert result.exit_code == 2
    assert "这不是 XHSTT 文件" in result.output
