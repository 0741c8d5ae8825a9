"""What a newcomer types: help, languages, a new plan, an example; and runs that can be repeated to the byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli.app import language_of
from tests.cli.conftest import Run, environment, kebiao

HEAVY = ("ortools", "pandas", "openpyxl", "numpy", "dask")
COMMANDS = ("solve", "check", "new", "demo", "example", "audit", "evaluate", "replan", "swap", "cover", "calendar")
COMMANDS += ("ledger", "rules", "bell", "district")


@pytest.mark.parametrize("arguments", [["--help"], ["solve", "--help"], ["rules", "--help"], ["--version"]], ids=" ".join)
def test_help_imports_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['kebiao', *{arguments!r}]\n"
        "from scheduler.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert not leaving.code\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "HEAVY []"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_names_every_command_and_exit_code(run: Run, capsys: pytest.CaptureFixture[str], language: str) -> None:
    assert run("--lang", language, "--help") == 0
    shown = capsys.readouterr().out
    assert all(f" {name} " in shown for name in COMMANDS)
    assert all(f"{code} " in shown for code in range(5))
    assert ("课程计划" in shown) == (language == "zh")


def test_the_language_is_that_of_the_option_then_the_environment_then_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEBIAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language_of(["check", "a.xlsx"]) == ("zh", ["check", "a.xlsx"])
    monkeypatch.setenv("KEBIAO_LANG", "en")
    assert language_of(["check", "a.xlsx"]) == ("en", ["check", "a.xlsx"])
    assert language_of(["check", "--lang", "zh", "a.xlsx"]) == ("zh", ["check", "a.xlsx"])
    assert language_of(["--lang=zh", "check"]) == ("zh", ["check"])


def test_a_language_that_is_not_spoken_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--lang", "fr", "check", "a.xlsx") == 2
    assert "zh" in capsys.readouterr().err


@pytest.mark.parametrize(("variable", "said"), [("zh", "文件不存在"), ("en", "there is no such file")])
def test_findings_are_in_the_language_of_the_environment(tmp_path: Path, variable: str, said: str) -> None:
    done = kebiao("check", "missing.xlsx", cwd=tmp_path, KEBIAO_LANG=variable, PYTHONUTF8="1")
    assert done.returncode == 2
    assert said in done.stderr


def test_a_pipe_that_lacks_chinese_ends_no_run(plan: Path, tmp_path: Path) -> None:
    """As on Windows where the output goes to a file in the code page: question marks, and the exit code of the run."""
    done = kebiao("check", plan, cwd=tmp_path, KEBIAO_LANG="zh", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "junior6.xlsx" in done.stdout
    assert "?" in done.stdout
    assert not done.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_plan_is_one_that_can_be_checked(run: Run, language: str, tmp_path: Path) -> None:
    assert run("--lang", language, "new", "plan.xlsx") == 0
    before = (tmp_path / "plan.xlsx").read_bytes()
    assert run("--lang", language, "check", "plan.xlsx") == 0
    assert run("--lang", language, "new", "plan.xlsx") == 2
    assert (tmp_path / "plan.xlsx").read_bytes() == before


def test_an_example_is_written_once_and_known_by_name(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("example", "primary24", "-o", "plan.xlsx") == 0
    before = (tmp_path / "plan.xlsx").read_bytes()
    assert run("example", "primary24", "-o", "plan.xlsx") == 2
    assert (tmp_path / "plan.xlsx").read_bytes() == before
    capsys.readouterr()
    assert run("example", "primary42") == 2
    assert "primary24" in capsys.readouterr().err


def repeated(plan: Path, folder: Path, seconds: int) -> list[tuple[bytes, bytes, bytes]]:
    """The files of two runs with other hash seeds."""
    made: list[tuple[bytes, bytes, bytes]] = []
    for seed in ("1", "2"):
        names = [f"{seed}.{kind}" for kind in ("xlsx", "json", "html")]
        done = kebiao(
            "solve", plan, "-o", names[0], "--json", names[1], "--html", names[2], "--time", seconds, "--deterministic",
            cwd=folder, PYTHONHASHSEED=seed,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        book, data, page = ((folder / name).read_bytes() for name in names)
        made.append((book, data, page))
    return made


def test_deterministic_runs_write_the_same_bytes(plan: Path, tmp_path: Path) -> None:
    first, second = repeated(plan, tmp_path, 1)
    assert first == second


@pytest.mark.slow
def test_deterministic_runs_stopped_by_the_limit_write_the_same_bytes(tmp_path: Path) -> None:
    """The example is far from solved in this time, so every stage of the search is gone through."""
    example = Path(__file__).parents[2] / "instances/examples/primary24.xlsx"
    first, second = repeated(example, tmp_path, 10)
    assert first == second
