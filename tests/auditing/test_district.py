"""A district in one run: a broken file stops nothing, done schools are not done again, the summary says all of it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from instances.language import set_language
from scheduler.auditing.district import Job, SchoolResult, State, Store, Task, result_of, run_district, run_school, schools_of
from scheduler.auditing.district_report import rule_lines, worst_first, write_dashboard, write_summary
from scheduler.errors import InputError
from tests.auditing.layouts import CLASSES, master, week


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three schools: a file, a subfolder with the timetable in use, and a text called .xlsx; and files that are no schools."""
    schools = tmp_path / "schools"
    (schools / "East <b>").mkdir(parents=True)
    lessons = week(0)
    master(lessons, schools / "North.xlsx")
    master(lessons, schools / "East <b>" / "总课表.xlsx")
    master({**lessons, (CLASSES[0], 1, 1): ("数学", "何怡")}, schools / "East <b>" / "执行课表.xlsx")
    (schools / "Broken.xlsx").write_text("hello", encoding="utf-8")
    (schools / "readme.txt").write_text("no school", encoding="utf-8")
    (schools / "~$North.xlsx").write_bytes(b"lock")
    return schools


def run_here(tasks: list[Task], store: Store) -> list[SchoolResult]:
    """Do the schools one after the other in this process, as a worker would."""
    return [store.known(task) or store.keep(task, *run_school(task)) for task in tasks]


def test_schools_are_files_and_subfolders(folder: Path) -> None:
    tasks = schools_of(folder, Job.AUDIT, ["national"])
    assert [(t.school, [(role, name) for role, name, _ in t.files]) for t in tasks] == [
        ("Broken", [("timetable", "Broken.xlsx")]),
        ("East <b>", [("timetable", "总课表.xlsx"), ("executed", "执行课表.xlsx")]),
        ("North", [("timetable", "North.xlsx")]),
    ]


def test_one_broken_file_never_stops_the_run(folder: Path, tmp_path: Path) -> None:
    store = Store.beside(tmp_path / "out.xlsx")
    results = run_here(schools_of(folder, Job.AUDIT, ["national"]), store)
    assert [(r.school, r.state) for r in results] == [("Broken", State.UNREADABLE), ("East <b>", State.DONE), ("North", State.DONE)]
    assert results[0].reasons
    assert results[2].slots == 90
    assert (store.folder / results[2].report).is_file()
    assert "posted-executed" in results[1].rules
    assert "posted-executed" not in results[2].rules


def test_what_fails_inside_becomes_a_result(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A defect of the program in one school is a line of the summary, not the end of the run."""

    def fail(*_: object) -> object:
        raise RuntimeError("defect")

    monkeypatch.setattr("scheduler.reading.timetable.read_workbooks", fail)
    data, report = run_school(schools_of(folder, Job.AUDIT, ["national"])[2])
    assert data["state"] is State.FAILED
    assert "defect" in data["reasons"][0]
    assert report == b""


def test_done_schools_are_known_by_content(folder: Path, tmp_path: Path) -> None:
    """The second run does nothing; a changed file, other rules or a deleted report are done again."""
    store = Store.beside(tmp_path / "out.xlsx")
    run_here(schools_of(folder, Job.AUDIT, ["national"]), store)
    again = schools_of(folder, Job.AUDIT, ["national"])
    assert all(known is not None and known.again for known in map(store.known, again))
    master(week(5), folder / "North.xlsx")
    tasks = schools_of(folder, Job.AUDIT, ["national"])
    assert [store.known(t) is not None for t in tasks] == [True, True, False]
    assert all(store.known(t) is None for t in schools_of(folder, Job.AUDIT, ["another"]))
    (store.folder / "East _b_.xlsx").unlink()
    assert store.known(tasks[1]) is None


def test_results_survive_as_plain_data(folder: Path) -> None:
    data, _ = run_school(schools_of(folder, Job.AUDIT, ["national"])[2])
    assert asdict(result_of(data)) == data


def test_the_summary_lists_schools_worst_first_with_links(folder: Path, tmp_path: Path) -> None:
    store = Store.beside(tmp_path / "out.xlsx")
    results = run_here(schools_of(folder, Job.AUDIT, ["national"]), store)
    write_summary(results, tmp_path / "out.xlsx", store)
    book = load_workbook(tmp_path / "out.xlsx")
    sheet = book["Schools"]
    names = [sheet.cell(row, 1).value for row in range(4, 7)]
    assert names == [r.school for r in worst_first(results)]
    assert names[0] == "Broken"
    links = [cell.hyperlink.target for row in sheet.iter_rows(min_row=4) for cell in row if cell.hyperlink]
    assert len(links) == 2
    assert all((tmp_path / unquote(link).replace("\\", "/")).is_file() for link in links)
    reasons = [row[2] for row in book["Not judged"].iter_rows(min_row=4, values_only=True) if row[0] == "Broken"]
    assert reasons
    lines = rule_lines(results)
    assert [line.schools for line in lines] == sorted((line.schools for line in lines), reverse=True)


def test_the_dashboard_is_one_safe_page(folder: Path, tmp_path: Path) -> None:
    store = Store.beside(tmp_path / "out.xlsx")
    write_dashboard(run_here(schools_of(folder, Job.AUDIT, ["national"]), store), tmp_path / "out.html", store)
    text = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "East &lt;b&gt;" in text
    assert "East <b>" not in text
    assert "http" not in text.split("</head>")[1]


def test_a_folder_without_schools_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        schools_of(tmp_path, Job.AUDIT, ["national"])
    with pytest.raises(InputError):
        schools_of(tmp_path / "nowhere", Job.AUDIT, ["national"])


def test_a_cluster_does_the_same(folder: Path, tmp_path: Path) -> None:
    """The embedded Dask cluster gives the results that this process gives."""
    pytest.importorskip("distributed")
    tasks = schools_of(folder, Job.AUDIT, ["national"])[::2]
    told: list[int] = []
    found = run_district(tasks, Store.beside(tmp_path / "a.xlsx"), workers=1, tell=lambda done, total, result: told.append(done))
    here = run_here(tasks, Store.beside(tmp_path / "b.xlsx"))
    assert [(r.school, r.state, r.counts, r.rules) for r in found] == [(r.school, r.state, r.counts, r.rules) for r in here]
    assert told == [1, 2]
