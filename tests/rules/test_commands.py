"""``kebiao rules`` and ``kebiao bell`` as a person types them, and the sheet of records."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from constraints.case import Case
from constraints.judging import judge_rule
from constraints.ruleset import available_rulesets, load_ruleset
from constraints.verdict import Status
from instances.language import set_language
from instances.school import School, SchoolClass
from scheduler.auditing.records_sheet import items_of, read_records
from scheduler.cli.bell import build_bell
from scheduler.cli.rules import build_rules

WIDE = {"COLUMNS": "220"}


def run(app: object, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, arguments, env=WIDE)  # type: ignore[arg-type]
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(autouse=True)
def _in_chinese() -> object:
    set_language("zh")
    yield
    set_language("en")


def test_list_names_every_set() -> None:
    shown = run(build_rules(), "list")
    assert all(name in shown for name in available_rulesets())


def test_show_gives_rule_value_level_source_and_how() -> None:
    shown = run(build_rules(), "show", "000/02")
    for words in (
        "乡镇中小学减负自查",
        "小学上午上课不早于8:30",
        "≥ 8:30",
        "必须",
        "基层减负自查情况报告 篇2",
        "检查作息",
        "排课执行并检查",
        "学校自查填报",
    ):
        assert words in shown, words


def test_show_flags_what_is_set_aside() -> None:
    assert "不采用，改用 homework-3-4" in run(build_rules(), "show", "000/13")


def test_diff_shows_both_values() -> None:
    shown = run(build_rules(), "diff", "000/08", "000/12")
    assert "≤ 60 分钟" in shown
    assert "≤ 40 分钟" in shown
    assert "两个规则集要求相同" in run(build_rules(), "diff", "national", "national")


def test_bell_make_writes_and_check_reads(tmp_path: Path) -> None:
    path = tmp_path / "bells.xlsx"
    shown = run(build_bell(), "make", "--grades", "1-6", "--lessons", "6", "--rules", "national", "-o", str(path))
    assert "大课间" in shown
    assert path.is_file()
    run(build_bell(), "check", str(path), "--rules", "national", "--strict")
    run(build_bell(), "check", str(path), "--rules", "004/P3", "--strict", code=1)  # begins before 8:30


def test_bell_make_says_which_rules_cannot_stand_together() -> None:
    shown = run(build_bell(), "make", "--grades", "1-6", "--lessons", "7", "--rules", "000/19", "--length", "40", code=1)
    assert "不能同时成立" in shown
    assert "不超过4小时" in shown


def test_wrong_arguments_are_refused() -> None:
    run(build_bell(), "make", "--grades", "nursery", code=2)
    run(build_bell(), "make", "--season", "monsoon", code=2)
    run(build_bell(), "make", "--length", "41", code=2)


def test_the_form_asks_for_what_the_rules_need(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    run(build_rules(), "form", "001/5", "-o", str(path))
    sheet = load_workbook(path).active
    assert sheet is not None
    items = [row[0].value for row in sheet.iter_rows(min_row=4)]
    assert {"每天书面作业时间", "当地正常下班时间", "作业校内公示"} <= set(items)
    assert len(items) == len(set(items)) == len(items_of(load_ruleset("001/5")))


def fill(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("项目", "年级", "填报"), *rows):
        sheet.append(row)
    book.save(path)
    return path


def test_records_are_read_and_judged(tmp_path: Path) -> None:
    rows = (
        ("每天书面作业时间", "1-2", 0),
        ("每天书面作业时间", "三至六年级", "75分钟"),
        ("课程表、作息时间表已张贴公示", "", "是"),
        ("当地正常下班时间", "", "17:30"),
    )
    records, faults = read_records([fill(tmp_path / "r.xlsx", *rows)])
    assert not faults
    assert [(r.item, r.value, r.grades) for r in records.entries] == [
        ("homework_minutes", 0.0, (1, 2)),
        ("homework_minutes", 75.0, (3, 4, 5, 6)),
        ("timetable_posted", True, ()),
        ("local_work_ends", 1050, ()),
    ]
    school = School("s", tuple(SchoolClass(str(grade), grade) for grade in (1, 3)), (), (), ())
    national = load_ruleset("national")
    judged = {
        id: judge_rule(national.rule(id), Case(school, records=records)) for id in ("homework-1-2", "homework-3-6", "timetable-posted")
    }
    assert {id: [v.status for v in verdicts] for id, verdicts in judged.items()} == {
        "homework-1-2": [Status.PASS],
        "homework-3-6": [Status.FAIL],
        "timetable-posted": [Status.PASS],
    }
    assert judged["homework-3-6"][0].origins[0].cell == "C3"
