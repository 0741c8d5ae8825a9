"""Posted against executed: what was swapped, taken, left out or added, by hand-made cases; and lesson logs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from constraints.verdict import Status
from instances.language import set_language
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import School, SchoolClass, Weeks
from scheduler.auditing.audit import audit, with_comparison
from scheduler.auditing.executed import Change, Comparison, compare_executed
from scheduler.auditing.inputs import combined, compared
from scheduler.errors import InputError
from scheduler.reading.timetable import read_timetable
from tests.auditing.layouts import CLASSES, master, week

SCHOOL = School("test", (SchoolClass("A", 3, 1), SchoolClass("B", 3, 2)), (), (), ())
WEEK = (("语文", "孙雪"), ("数学", "马倩"), ("体育", "于勇"), ("音乐", "姚秀"))


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def lessons(*subjects: tuple[str, str] | None, name: str = "A") -> list[PlacedLesson]:
    return [PlacedLesson(1, n, s[0], (name,), (s[1],), label=s[0]) for n, s in enumerate(subjects, 1) if s]


def changes(*used: tuple[str, str] | None) -> list[tuple[Change, int]]:
    found = compare_executed(SCHOOL, SchoolTimetable(tuple(lessons(*WEEK))), SchoolTimetable(tuple(lessons(*used))), {})
    return [(d.change, d.period) for d in found.changes]


def test_the_same_week_has_no_changes() -> None:
    assert changes(*WEEK) == []


def test_two_lessons_that_changed_places_are_swapped_not_lost() -> None:
    assert changes(WEEK[1], WEEK[0], *WEEK[2:]) == [(Change.SWAPPED, 1), (Change.SWAPPED, 2)]


def test_pe_given_to_mathematics_is_taken() -> None:
    """音体美 replaced by an examined subject: an empty lesson of PE."""
    assert changes(*WEEK[:2], WEEK[1], WEEK[3]) == [(Change.STOLEN, 3)]


def test_mathematics_given_to_pe_or_to_chinese_is_replaced_not_taken() -> None:
    assert changes(WEEK[0], WEEK[2], *WEEK[2:]) == [(Change.REPLACED, 2)]
    assert changes(WEEK[0], WEEK[0], *WEEK[2:]) == [(Change.REPLACED, 2)]


def test_a_lesson_left_out_or_added() -> None:
    assert changes(*WEEK[:3], None) == [(Change.MISSING, 4)]
    assert changes(*WEEK, WEEK[0]) == [(Change.EXTRA, 5)]


def test_another_teacher_and_a_surname() -> None:
    assert changes(("语文", "何怡"), *WEEK[1:]) == [(Change.TEACHER, 1)]
    assert changes(("语文", "孙老师"), *WEEK[1:]) == []


def test_odd_and_even_weeks_are_compared() -> None:
    posted = lessons(("心理", "余煜"))
    odd, even = (replace(posted[0], weeks=w) for w in (Weeks.ODD, Weeks.EVEN))
    found = compare_executed(SCHOOL, SchoolTimetable((odd,)), SchoolTimetable((even,)), {})
    assert [d.change for d in found.changes] == [Change.REPLACED]


def test_verdicts_and_records_follow_from_the_comparison() -> None:
    found = compare_executed(
        SCHOOL, SchoolTimetable(tuple(lessons(*WEEK))), SchoolTimetable(tuple(lessons(*WEEK[:2], WEEK[1], WEEK[3]))), {}
    )
    assert [v.status for v in found.verdicts()] == [Status.FAIL]
    records = with_comparison(None, found)
    assert records is not None
    assert {r.item: r.value for r in records.entries} == {"executed_as_posted": False, "no_encroachment": False}
    assert found.by_class_and_subject() == {("A", "体育"): Counter({Change.STOLEN: 1})}
    clean = compare_executed(SCHOOL, SchoolTimetable(tuple(lessons(*WEEK))), SchoolTimetable(tuple(lessons(*WEEK))), {})
    assert [v.status for v in clean.verdicts()] == [Status.PASS]


HEADER = ("周次", "班级", "星期", "节次", "科目", "教师")


def log(path: Path, rows: list[tuple[object, ...]], header: tuple[str, ...] = HEADER) -> Path:
    book = Workbook()
    book.active.append(["巡课记录"])
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def from_log(tmp_path: Path, rows: list[tuple[object, ...]], header: tuple[str, ...] = HEADER) -> Comparison:
    reading = read_timetable(master(week(0), tmp_path / "posted.xlsx"))
    return compared([log(tmp_path / "log.xlsx", rows, header)], reading)


def test_a_log_of_single_lessons_judges_those_lessons_only(tmp_path: Path) -> None:
    """Three lessons seen in two weeks: one as posted, one PE lesson taken for mathematics in week 2, one missing."""
    posted = week(0)
    as_posted = next(key for key in posted if key[0] == CLASSES[0])
    pe = next(key for key, (subject, _) in posted.items() if subject == "体育" and key[0] == CLASSES[1])
    gone = next(key for key, (subject, _) in posted.items() if subject == "美术" and key[0] == CLASSES[2])
    rows = [
        (1, as_posted[0], f"周{'一二三四五'[as_posted[1] - 1]}", as_posted[2], *posted[as_posted]),
        (2, "三(2)班", pe[1], f"第{pe[2]}节", "数学", "马倩"),
        (2, gone[0], gone[1], gone[2], None, None),
    ]
    found = from_log(tmp_path, rows)
    assert [(d.change, d.week, d.class_name, d.day, d.period) for d in found.changes] == [
        (Change.STOLEN, 2, pe[0], pe[1], pe[2]),
        (Change.MISSING, 2, gone[0], gone[1], gone[2]),
    ]
    assert found.compared == 3
    assert {w: sum(c.values()) for w, c in found.by_week().items()} == {1: 0, 2: 2}


def test_a_full_log_shows_what_is_missing_from_it(tmp_path: Path) -> None:
    """All lessons of a class but one: the log is complete, so that one was not taught."""
    posted = week(0)
    mine = [(key, text) for key, text in posted.items() if key[0] == CLASSES[0]]
    rows = [(1, c, d, p, *text) for (c, d, p), text in mine[1:]]
    found = from_log(tmp_path, rows)
    (c, d, p), _ = mine[0]
    assert [(x.change, x.class_name, x.day, x.period) for x in found.changes] == [(Change.MISSING, c, d, p)]


def test_a_log_by_date_counts_its_weeks(tmp_path: Path) -> None:
    """2026-09-07 and 2026-09-14 are Mondays: weeks 1 and 2."""
    posted = week(0)
    subject, teacher = posted[CLASSES[0], 1, 1]
    other = "语文" if subject != "语文" else "数学"
    rows = [("2026-09-07", CLASSES[0], 1, subject, teacher), ("2026-09-14", CLASSES[0], 1, other, "")]
    found = from_log(tmp_path, rows, header=("日期", "班级", "节次", "科目", "教师"))
    assert [d.week for d in found.changes] == [2]
    assert found.weeks == (1, 2)


def test_a_log_without_a_known_class_is_refused_by_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        from_log(tmp_path, [(1, "九年级9班", 1, 1, "语文", "孙雪")])
    assert caught.value.findings[0].origin.cell == "B3"


def test_the_audit_carries_the_comparison(tmp_path: Path) -> None:
    """--executed makes 执行的课表与公示的一致 a measured rule, and 不挤占 too."""
    posted = week(0)
    pe = next(key for key, (subject, _) in posted.items() if subject == "体育")
    used = {**posted, pe: ("数学", "马倩")}
    reading = read_timetable(master(posted, tmp_path / "posted.xlsx"))
    comparison = compared([master(used, tmp_path / "used.xlsx")], reading)
    result = audit(reading, combined(["national"]), comparison=comparison)
    failed = {v.rule.id for v in result.verdicts if v.status is Status.FAIL}
    assert {"posted-executed", "executed-as-posted", "no-encroachment"} <= failed
