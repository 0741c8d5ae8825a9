"""JSON, HTML and screen: what they say, that nothing in a name is taken for markup, and that both languages are complete."""

from __future__ import annotations

import functools
import itertools
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from instances.language import Message, in_language
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import Origin
from instances.school import School, SchoolClass
from instances.timetable import Cost, Timetable
from scheduler.errors import Finding
from scheduler.outcome import Outcome, Proof, Solution
from scheduler.reading.timetable import read_timetable
from scheduler.writing import console as screen
from scheduler.writing.colours import TINTS, luma
from scheduler.writing.headline import proof_sentence
from scheduler.writing.html_report import html_text, write_html
from scheduler.writing.json_report import SCHEMA_FILE, json_text, schema_text, write_json
from scheduler.writing.report import Report
from tests.writing.outcomes import bell, lesson, outcome

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
ROOT = Path(__file__).parents[2]


class Elements(HTMLParser):
    """All elements with their attributes, and the texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def hostile() -> Outcome:
    school = School(ATTACK, (SchoolClass(ATTACK, 3),), (), (), (bell(name=ATTACK),))
    lessons = SchoolTimetable((PlacedLesson(1, 1, ATTACK, (ATTACK,), (ATTACK,), (ATTACK,)),))
    return outcome(school=school, timetable=lessons, gave_way=(Message(ATTACK),), options={ATTACK: ATTACK})


def test_the_page_needs_nothing_from_outside() -> None:
    """No element loads anything, and the page forbids it to the browser as well."""
    page = Elements(html_text(outcome()))
    assert not [tag for tag, about in page.found if tag in ("link", "img", "iframe", "object", "embed") or "src" in about]
    assert all((about.get("href") or "#").startswith("#") for _tag, about in page.found)
    assert "http" not in html_text(outcome()).replace("http-equiv", "")
    assert any("default-src 'none'" in (about.get("content") or "") for tag, about in page.found if tag == "meta")


def test_the_audit_reads_the_page_as_it_was_made(tmp_path: Path) -> None:
    """A school may publish the page: every lesson is read again, and no table of the reports is taken for a timetable."""
    teachers = {("三(1)班", "语文"): "张三", ("三(1)班", "数学"): "李四", ("三(2)班", "语文"): "王五", ("三(2)班", "数学"): "赵六"}
    lessons = tuple(
        lesson(day, period, subject, name, teachers[name, subject])
        for day in range(1, 6)
        for period in range(1, 6)
        for name in ("三(1)班", "三(2)班")
        for subject in (("语文", "数学")[(day + period) % 2],)
    )
    write_html(outcome(timetable=SchoolTimetable(lessons)), tmp_path / "page.html", language="zh")
    found = read_timetable([tmp_path / "page.html"])

    def shown(of: SchoolTimetable) -> list[tuple[object, ...]]:
        return sorted((x.classes, x.day, x.period, x.subject, x.teachers) for x in of.lessons)

    assert shown(found.timetable) == shown(SchoolTimetable(lessons))
    assert not found.unread


def test_names_cannot_smuggle_in_elements() -> None:
    page = Elements(html_text(hostile()))
    assert [tag for tag, _about in page.found].count("script") == 1
    assert not [about for _tag, about in page.found if any(name.startswith("on") for name in about)]
    assert "img" not in {tag for tag, _about in page.found}
    assert any(ATTACK in text for text in page.texts)


def test_the_page_shows_every_week_and_both_tables() -> None:
    with in_language("zh"):
        page = Elements(html_text(outcome()))
    kinds = [about["data-kind"] for tag, about in page.found if tag == "table" and "data-kind" in about]
    assert (kinds.count("class"), kinds.count("teacher"), kinds.count("room")) == (2, 6, 3)
    for text in ("【单】心理/【双】校本", "✗ 不合格", "=语文每天最多1节", "大课间"):
        assert text in page.texts


def test_written_files_are_utf8_and_in_the_language_asked_for(tmp_path: Path) -> None:
    write_html(outcome(), tmp_path / "a.html", language="zh")
    write_json(outcome(), tmp_path / "a.json", language="en")
    assert '<html lang="zh-CN">' in (tmp_path / "a.html").read_text("utf-8")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["language"] == "en"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_json_says_what_the_outcome_says() -> None:
    report = json.loads(json_text(outcome()))
    assert report["schema_version"] == 1
    assert report["complete"] is True
    assert report["result"]["cost"] == {"required": 1, "preference": 5}
    assert len(report["lessons"]) == 12
    assert report["lessons"][1] == {
        "day": 1, "period": 2, "subject": "语文", "label": "语文", "classes": ["三(1)班"], "teachers": ["张三"], "rooms": [],
        "weeks": "every", "start": 550, "end": 590, "double": 1, "courses": ["c1"], "block": None, "kind": "lesson",
    }  # fmt: skip
    assert [line["status"] for line in report["judgements"]].count("pass") == 2
    wish = next(line for line in report["not_met"] if line["constraint"] == "spread")
    assert (wish["cost"], wish["origin"]) == (5, {"file": "计划.xlsx", "sheet": "排课要求", "cell": "C4"})
    assert {"name": "张三", "day": 1, "period": 2} in wish["places"]


def test_json_can_be_read_back_as_the_declared_types() -> None:
    text = json_text(outcome())
    assert json.loads(Report.model_validate_json(text).model_dump_json()) == json.loads(text)


def test_a_lone_surrogate_does_not_stop_the_report(tmp_path: Path) -> None:
    broken = outcome(options={"x": "a\ud800b"})
    write_json(broken, tmp_path / "a.json")
    write_html(broken, tmp_path / "a.html")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["options"]["x"] == "a\N{REPLACEMENT CHARACTER}b"


def test_the_schema_file_is_the_one_of_the_types() -> None:
    """After a change run ``python -m scheduler.writing.json_report``."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()


@pytest.mark.parametrize(
    ("proof", "cost", "bound", "sentence"),
    [
        (Proof.OPTIMAL, Cost(0, 8), 8, "Legal and optimal: it is proved that no timetable is better."),
        (Proof.WITHIN_GAP, Cost(0, 8), 7, "Legal, and within 12.50 % of the best possible."),
        (Proof.WITHIN_GAP, Cost(0, 8), 6, "Legal; its preferences cost 8, and it is proved that no timetable gets below 6."),
        (Proof.FEASIBLE, Cost(0, 8), None, "Legal; how far it is from the best possible is not known."),
        (Proof.FEASIBLE, Cost(2, 8), 8, "Not everything that is required holds (cost 2); this is the best timetable found."),
        (Proof.OPTIMAL, Cost(2, 8), 8, "Not everything that is required holds (cost 2); this is the best timetable found."),
    ],
)
def test_the_claim_is_no_larger_than_the_proof(proof: Proof, cost: Cost, bound: int | None, sentence: str) -> None:
    solution = Solution(proof, Timetable(()), cost, bound, 1.0, 1.0, 1, 1)
    with in_language("en"):
        assert str(proof_sentence(outcome(solution=solution))) == sentence


def test_not_found_is_not_impossible() -> None:
    with in_language("en"):
        unknown = Solution(Proof.UNKNOWN, None, None, None, 1.0, None, 1, 1)
        assert "does not mean there is none" in str(proof_sentence(outcome(solution=unknown, timetable=None)))
        impossible = Solution(Proof.INFEASIBLE, None, None, None, 1.0, None, 1, 1)
        assert str(proof_sentence(outcome(solution=impossible, timetable=None))).startswith("Impossible")


def printed(show: object, *args: object) -> str:
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    with console.file, in_language("zh"):
        show(*args, console)  # type: ignore[operator]
        return console.export_text()


def test_the_screen_shows_broken_rules_before_all_else() -> None:
    text = printed(screen.print_outcome, outcome())
    places = [text.index(part) for part in ("✗ 不合格", "! 提醒", "○ 提示", "⇄ 让步", "必须满足的要求没有全部满足", "=语文每天最多1节")]
    assert places == sorted(places)
    assert "✓" not in text


def test_findings_show_cell_value_and_expectation_errors_first() -> None:
    findings = [
        Finding(Message("odd"), Origin("a.xlsx", "班级", "B2"), "x", None, fatal=False),
        Finding(Message("[bold]wrong"), Origin("a.xlsx", "教师", "C7"), "[red]八", Message("a count of lessons")),
    ]
    text = printed(screen.print_findings, findings)
    assert text.index("C7") < text.index("B2")
    assert all(part in text for part in ("教师", "[red]八", "[bold]wrong", "a count of lessons"))


def test_assumptions_come_first_in_the_echo() -> None:
    text = printed(functools.partial(screen.print_notes, full=True), outcome().school.notes)
    assert text.index("作息时间") < text.index("三(1)班")


def test_the_short_echo_leaves_single_cells_to_the_workbook() -> None:
    """What was assumed is said, what a column or cell means is counted only."""
    notes = outcome().school.notes
    text = printed(screen.print_notes, notes)
    assert "作息时间" in text
    assert "三(1)班" not in text
    assert f"另有 {sum(not note.assumed for note in notes)} 项" in text


def test_tints_stay_apart_in_a_grey_print_and_keep_black_text_readable() -> None:
    """Any two differ by 1.5 % of brightness or more; contrast with black (WCAG) is at least 7 : 1."""
    greys = sorted(luma(tint) for tint in TINTS)
    assert min(b - a for a, b in itertools.pairwise(greys)) >= 0.015
    assert greys[-1] < 1

    def linear(part: int) -> float:
        return (part / 255) / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4

    for tint in TINTS:
        red, green, blue = (linear(int(tint[i : i + 2], 16)) for i in (1, 3, 5))
        assert (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) / 0.05 >= 7
