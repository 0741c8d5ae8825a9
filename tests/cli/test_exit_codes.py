"""Every way in which a run can end, its exit code, and what it leaves behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from instances.generator import generate
from instances.school import Requirement, RequirementKind, School, Selector, Slot
from instances.timetable import Cost
from scheduler.cli.failures import exit_code_of
from scheduler.errors import NotFound
from scheduler.outcome import Proof, Solution
from scheduler.writing.plan import write_plan
from tests.cli.conftest import Run, environment
from tests.writing.outcomes import outcome

EXAMPLES = Path(__file__).parents[2] / "instances/examples"


def written(school: School, path: Path) -> Path:
    write_plan(school, path, language="zh")
    return path


def without_pe() -> School:
    """A school in which one class has no PE: the national rules ask for three lessons."""
    school = generate("junior", 6, 0)
    name = school.classes[0].name
    return replace(school, courses=tuple(c for c in school.courses if not (c.subject == "体育" and c.classes == (name,))))


def overworked() -> School:
    """A school in which the teacher of the most lessons may only teach in one period of the week."""
    school = generate("junior", 6, 0)
    teacher = school.courses[0].teachers[0]
    slots = tuple(Slot(day, period) for day in range(1, 6) for period in range(1, 9) if (day, period) != (1, 1))
    never = Requirement(RequirementKind.FORBIDDEN, Selector(teachers=(teacher,)), slots, required=True)
    return replace(school, requirements=(*school.requirements, never))


def test_0_a_plan_becomes_a_workbook_json_and_a_page(run: Run, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names are shown as they are, with what would be markup elsewhere."""
    assert run("solve", plan, "-o", "out[final].xlsx", "--json", "out.json", "--html", "out.html", "--time", 60) == 0
    shown = capsys.readouterr().out
    assert "optimal" in shown
    assert str(tmp_path / "out[final].xlsx") in shown
    assert len(load_workbook(tmp_path / "out[final].xlsx").sheetnames) >= 8
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert "<script" in (tmp_path / "out.html").read_text("utf-8")


def test_0_a_plan_that_breaks_a_rule_is_checked_and_said_so(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = written(without_pe(), tmp_path / "plan.xlsx")
    assert run("check", plan) == 0
    assert "✗ failed" in capsys.readouterr().out


def test_1_strict_refuses_a_plan_that_breaks_a_rule(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = written(without_pe(), tmp_path / "plan.xlsx")
    assert run("check", "--strict", plan) == 1
    assert run("solve", "--strict", plan, "-o", "out.xlsx") == 1
    shown = capsys.readouterr().out
    assert "Refused" in shown
    assert not (tmp_path / "out.xlsx").exists()


def test_1_what_no_timetable_can_do(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = written(overworked(), tmp_path / "plan.xlsx")
    assert run("solve", plan, "-o", "out.xlsx", "--time", 5) == 1
    assert "mpossible" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["solve", "check"])
def test_2_a_file_that_is_missing_or_no_workbook(run: Run, tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.xlsx").write_text("not a workbook", encoding="utf-8")
    assert run(command, tmp_path / "missing.xlsx") == 2
    assert "missing.xlsx" in capsys.readouterr().err
    assert run(command, tmp_path / "notes.xlsx") == 2
    error = capsys.readouterr().err
    assert "notes.xlsx" in error
    assert "Traceback" not in error


def test_2_a_rule_set_that_nobody_knows(run: Run, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", plan, "--rules", "atlantis") == 2
    assert "atlantis" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["-o", "--json", "--html"])
def test_2_an_input_is_never_overwritten(run: Run, plan: Path, option: str) -> None:
    before = plan.read_bytes()
    assert run("solve", plan, option, plan) == 2
    assert plan.read_bytes() == before


def test_2_a_folder_that_is_missing_is_known_before_the_search(
    run: Run, plan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scheduler.timetabling.make_timetable", lambda *_, **__: pytest.fail("searched"))
    assert run("solve", plan, "-o", "nowhere/out.xlsx") == 2
    assert "the folder does not exist" in capsys.readouterr().err


def test_2_outputs_that_cannot_be_are_known_before_the_search(
    run: Run, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scheduler.timetabling.make_timetable", lambda *_, **__: pytest.fail("searched"))
    assert run("solve", plan, "-o", "out.xlsx", "--html", "out.xlsx") == 2
    assert "named as an output twice" in capsys.readouterr().err
    (tmp_path / "folder.json").mkdir()
    assert run("solve", plan, "-o", "out.xlsx", "--json", "folder.json") == 2
    assert "it is a folder or a device" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["folder.json"]


@pytest.mark.parametrize("option", ["-o", "--new-records"])
def test_2_an_audited_timetable_is_never_overwritten(run: Run, plan: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = plan.read_bytes()
    assert run("audit", plan, option, plan) == 2
    assert "is an input file" in capsys.readouterr().err
    assert plan.read_bytes() == before


@pytest.mark.parametrize(("option", "value"), [("--seed", 2**31), ("--workers", 100_000), ("--time", "nan"), ("--gap", "nan")])
def test_2_numbers_that_the_search_cannot_take(run: Run, plan: Path, option: str, value: object) -> None:
    assert run("solve", plan, option, value) == 2


def test_4_solver_and_checker_that_disagree_write_nothing(
    run: Run, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The checker is made to find another cost than the model: the run ends, and only a report for the authors is left."""
    reports = tmp_path / "reports"
    reports.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(reports))
    monkeypatch.setattr("scheduler.solving.solve.evaluate", lambda *_: (Cost(7, 7), []))
    assert run("solve", plan, "-o", "out.xlsx", "--json", "out.json", "--html", "out.html", "--time", 5) == 4
    assert "nothing was written" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]
    assert "Disagreement" in next(reports.iterdir()).read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent as a signal")
def test_3_ctrl_c_keeps_the_best_timetable_so_far(tmp_path: Path) -> None:
    """The example needs longer than anybody waits; stopped after its first legal timetable it is complete and written."""
    command = [sys.executable, "-m", "scheduler.cli.app", "solve", str(EXAMPLES / "primary24.xlsx"), "-o", "out.xlsx", "--time", "900"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite that runs in the background ignores it
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        seen = ""
        for line in process.stdout:
            seen += line
            if "legal timetable, cost" in line:
                process.send_signal(signal.SIGINT)
                break
        seen += process.stdout.read()
        errors = process.stderr.read()
    assert process.returncode == 3, seen + errors
    assert "Legal" in seen
    assert "Traceback" not in errors
    assert len(load_workbook(tmp_path / "out.xlsx").sheetnames) >= 8


def test_each_goes_on_after_a_bad_workbook(run: Run, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is the worst one; the good school has its timetable."""
    schools = tmp_path / "schools"
    schools.mkdir()
    (schools / "a-broken.xlsx").write_bytes(b"PK nothing")
    (schools / "b-good.xlsx").write_bytes(plan.read_bytes())
    (schools / "~$b-good.xlsx").write_bytes(b"left by Excel")
    assert run("solve", "--each", schools, "-o", "made", "--time", 30) == 2
    said = capsys.readouterr()
    assert "a-broken.xlsx" in said.err
    assert "~$" not in said.out + said.err
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["b-good.xlsx"]


def test_each_in_an_empty_folder_is_an_error(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("solve", "--each", tmp_path) == 2
    assert "There is no workbook" in capsys.readouterr().err


def test_5_not_found_in_the_time_is_not_called_impossible(
    run: Run, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = Solution(Proof.UNKNOWN, None, None, None, 15.0, None, 0, 2)
    monkeypatch.setattr("scheduler.timetabling.make_timetable", lambda *_, **__: outcome(solution=nothing, timetable=None, violations=()))
    assert run("solve", plan, "-o", "out.xlsx", "--time", 15) == 5
    shown = capsys.readouterr().out
    assert "That does not mean there is none" in shown
    assert "--time 60" in shown
    assert not (tmp_path / "out.xlsx").exists()


def test_5_a_replan_that_ran_out_of_time(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where a command raises it."""

    def run() -> int:
        raise NotFound("nothing yet")

    assert exit_code_of(run) == 5
    assert "nothing yet" in capsys.readouterr().err
