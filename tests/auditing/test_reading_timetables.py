"""Published timetables of every layout read back to the lessons that were printed; what cannot be read is listed by cell."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from constraints.verdict import Status
from instances.bells import SectionKind
from instances.class_names import parse
from instances.school import Weeks
from scheduler.auditing.clashes import find_clashes
from scheduler.errors import InputError
from scheduler.reading.timetable import TimetableReading, read_timetable
from tests.auditing.layouts import CLASSES, LAYOUTS, PERIODS, master, week

BENCHMARKS = Path(os.environ.get("KEBIAO_BENCHMARKS", Path(__file__).parents[2].parent / "shared" / "benchmarks"))


def lessons_of(reading: TimetableReading) -> dict[tuple[int, int | None, int, int], tuple[str, str]]:
    """Lessons by grade, class number, day and period, however the layout spells the class."""
    who = {c.name: (c.grade, c.number) for c in reading.school.classes}
    return {(*who[name], x.day, x.period): (x.subject, "、".join(x.teachers)) for x in reading.timetable.lessons for name in x.classes}


def expected(lessons: dict[tuple[str, int, int], tuple[str, str]]) -> dict[tuple[int, int | None, int, int], tuple[str, str]]:
    found = {}
    for (name, day, period), text in lessons.items():
        parsed = parse(name)
        assert parsed is not None
        found[parsed.grade, parsed.number, day, period] = text
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_reads_without_loss(name: str, tmp_path: Path) -> None:
    """All 90 lessons of three classes come back with subject and teacher, nothing is unread, no view contradicts another."""
    write, suffix = LAYOUTS[name]
    lessons = week(1)
    reading = read_timetable(write(lessons, tmp_path / f"timetable{suffix}"))
    assert lessons_of(reading) == expected(lessons)
    assert len(reading.timetable.lessons) == 90
    assert reading.slots == 90
    assert reading.unread == ()
    assert reading.differences == ()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), layout=st.sampled_from(sorted(LAYOUTS)), empty=st.integers(0, 20))
def test_weeks_with_holes_read_back(seed: int, layout: str, empty: int, tmp_path: Path) -> None:
    """Empty periods stay empty and move nothing else."""
    full = week(seed)
    holes = set(random.Random(seed).sample(sorted(full), empty))
    printed = {key: ("", "") if key in holes else text for key, text in full.items()}
    write, suffix = LAYOUTS[layout]
    if layout in (
        "class blocks, teacher in brackets",
        "sheet for each class",
        "sheet for each grade",
        "four rows",
        "teacher blocks",
        "teacher master",
    ):
        printed = full  # these layouts print brackets, 老师 or class names also around an empty lesson
        holes = set()
    reading = read_timetable(write(printed, tmp_path / f"{seed}{suffix}"))
    assert lessons_of(reading) == expected({key: text for key, text in full.items() if key not in holes})


def test_several_views_of_one_timetable_count_once(tmp_path: Path) -> None:
    """总课表, 班级课表 and 教师课表 given together are one timetable."""
    lessons = week(2)
    paths = [LAYOUTS[name][0](lessons, tmp_path / f"{n}.xlsx") for n, name in enumerate(("master", "class blocks", "teacher blocks"))]
    reading = read_timetable(paths)
    assert len(reading.timetable.lessons) == 90
    assert reading.differences == ()


def test_views_that_contradict_each_other_are_named(tmp_path: Path) -> None:
    """One lesson changed in the class timetables only: one finding, with both cells."""
    lessons = week(2)
    first = LAYOUTS["master"][0](lessons, tmp_path / "all.xlsx")
    key = (CLASSES[0], 2, 3)
    second = LAYOUTS["class blocks"][0](
        {**lessons, key: ("数学" if lessons[key][0] != "数学" else "语文", "何怡")}, tmp_path / "classes.xlsx"
    )
    reading = read_timetable([first, second])
    assert len(reading.differences) == 1
    assert reading.differences[0].origin.file == "classes.xlsx"
    assert "all.xlsx" in str(reading.differences[0].message)


def test_times_and_eye_exercises_become_bells(tmp_path: Path) -> None:
    reading = read_timetable(master(week(0), tmp_path / "t.xlsx"))
    (bell,) = reading.school.bells
    assert not bell.assumed
    assert [(s.kind, s.start, s.end, s.period) for s in bell.days[1]] == [
        (SectionKind.LESSON, 500, 540, 1),
        (SectionKind.LESSON, 580, 620, 2),
        (SectionKind.EYE_EXERCISE, 620, 625, None),
        (SectionKind.LESSON, 630, 670, 3),
        (SectionKind.LESSON, 680, 720, 4),
        (SectionKind.LESSON, 840, 880, 5),
        (SectionKind.LESSON, 890, 930, 6),
    ]


def test_a_timetable_without_times_says_that_its_bells_are_assumed(tmp_path: Path) -> None:
    reading = read_timetable(LAYOUTS["classes across"][0](week(0), tmp_path / "t.xlsx"))
    assert all(bell.assumed for bell in reading.school.bells)
    assert any("times" in message.text for message in reading.uncovered)
    assert any(note.assumed for note in reading.notes)


def test_unreadable_cells_are_listed_with_their_place(tmp_path: Path) -> None:
    """A sum, a question mark and an essay in place of lessons: three findings, all else read."""
    path = master(week(0), tmp_path / "t.xlsx", merged=False)
    book = load_workbook(path)
    sheet = book["总课表"]
    sheet["B5"], sheet["C6"], sheet["G7"] = "3+2", "???", "请假" * 80
    book.save(path)
    reading = read_timetable(path)
    assert [(f.origin.cell, f.fatal) for f in reading.unread] == [("B5", False), ("C6", False), ("G7", False)]
    assert len(reading.timetable.lessons) == 87
    assert any("3" in str(message) for message in reading.uncovered)


def test_every_cell_is_used_or_named(tmp_path: Path) -> None:
    """Remarks around the table are in the notes; nothing disappears."""
    path = master(week(0), tmp_path / "t.xlsx")
    book = load_workbook(path)
    book["总课表"]["A20"] = "注：本表自9月1日起执行"
    book.save(path)
    reading = read_timetable(path)
    noted = {(note.origin.cell, note.value) for note in reading.notes}
    assert ("A20", "注：本表自9月1日起执行") in noted
    assert any(cell == "A1" for cell, _ in noted)


def test_odd_and_even_weeks_doubles_and_joint_lessons(tmp_path: Path) -> None:
    """【单】/【双】 pairs on both lines, 【连】, a merged double period, and A/B without a mark, which is assumed and said."""
    book = Workbook()
    sheet = book.active
    for column, text in enumerate(("三(1)班", "星期一", "星期二", "星期三"), 1):
        sheet.cell(1, column, text)
    rows = (
        ("第1节", "【单】心理(0.5)/【双】校本(0.5)\n【单】余煜/【双】汪鑫", "【连】语文\n孙雪", "美术\n董阳"),
        ("第2节", "心理/校本\n余煜/汪鑫", "【连】语文\n孙雪", None),
        ("第3节", "数学\n马倩、何怡", "英语\n余凯\n101室", "体育"),
    )
    for r, row in enumerate(rows, 2):
        for column, text in enumerate(row, 1):
            sheet.cell(r, column, text)
    sheet.merge_cells("D2:D3")
    path = tmp_path / "t.xlsx"
    book.save(path)
    reading = read_timetable(path)
    by_slot: dict[tuple[int, int], list[tuple[str, tuple[str, ...], Weeks, int]]] = {}
    for x in reading.timetable.lessons:
        by_slot.setdefault((x.day, x.period), []).append((x.subject, x.teachers, x.weeks, x.double))
    assert sorted(by_slot[1, 1]) == [("心理", ("余煜",), Weeks.ODD, 0), ("校本课程", ("汪鑫",), Weeks.EVEN, 0)]
    assert sorted(by_slot[1, 2]) == [("心理", ("余煜",), Weeks.ODD, 0), ("校本课程", ("汪鑫",), Weeks.EVEN, 0)]
    assert by_slot[2, 1] == [("语文", ("孙雪",), Weeks.EVERY, 1)]
    assert by_slot[2, 2] == [("语文", ("孙雪",), Weeks.EVERY, 2)]
    assert by_slot[3, 1] == [("美术", ("董阳",), Weeks.EVERY, 1)]
    assert by_slot[3, 2] == [("美术", ("董阳",), Weeks.EVERY, 2)]
    assert by_slot[1, 3] == [("数学", ("马倩", "何怡"), Weeks.EVERY, 0)]
    assert next(x for x in reading.timetable.lessons if x.subject == "英语").rooms == ("101室",)
    assumed = [note for note in reading.notes if note.assumed and note.origin.cell == "B3"]
    assert len(assumed) == 1


def test_half_groups_of_an_asc_export(tmp_path: Path) -> None:
    """Two rows for each class; a lesson of the whole class spans both, half-groups stand one below the other."""
    path = tmp_path / "summary.html"
    path.write_text(
        "<html><body><table><tr><td></td><td colspan=2>Monday</td><td colspan=2>Tuesday</td></tr>"
        "<tr><td>Class</td><td>1</td><td>2</td><td>1</td><td>2</td></tr>"
        "<tr><td rowspan=2>5-1</td><td>English<br/>Li<br/>5-1<br/>26<br/>1 group</td><td rowspan=2>Math<br/>Wang<br/>5-1<br/>42<br/></td>"
        "<td rowspan=2>PE<br/>Zhao,Qian<br/>5-1<br/>SZ2<br/></td><td rowspan=2>&nbsp;<br/>&nbsp;</td></tr>"
        "<tr><td>Science<br/>Sun<br/>5-1<br/>34<br/>2 group</td></tr></table></body></html>",
        encoding="utf-8",
    )
    lessons = read_timetable(path).timetable.lessons
    shown = sorted((x.day, x.period, x.subject, x.teachers, x.rooms) for x in lessons)
    assert shown == [
        (1, 1, "科学", ("Sun",), ("34",)),
        (1, 1, "英语", ("Li",), ("26",)),
        (1, 2, "数学", ("Wang",), ("42",)),
        (2, 1, "体育", ("Zhao", "Qian"), ("SZ2",)),
    ]
    groups = [x for x in lessons if (x.day, x.period) == (1, 1)]
    assert groups[0].block == groups[1].block
    assert groups[0].block is not None


DAY_HEADER = [f"星期{d}" for d in "一二三四五"]


def sheet_of(rows: list[list[object]], path: Path, merges: tuple[str, ...] = (), title: str = "Sheet1") -> TimetableReading:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for area in merges:
        book.active.merge_cells(area)
    book.save(path)
    return read_timetable(path)


def test_number_and_time_in_one_cell_early_reading_activity_and_evening(tmp_path: Path) -> None:
    """Early reading and evening study take time but are no lessons; the activity period follows the last lesson."""
    rows: list[list[object]] = [
        ["高一（1）班课程表"],
        ["", "节次", *DAY_HEADER],
        ["", "早读 7:30-8:00", "语文", "英语", "语文", "英语", "语文"],
        ["上午", "1 8:00-8:40", *["语文\n王"] * 5],
        [None, "大课间 8:40-9:10", "大课间"],
        [None, "2 9:10-9:50", *["数学\n李"] * 5],
        ["下午", "3 14:00-14:40", *["体育\n钱"] * 5],
        [None, "课外活动 16:00-17:00", "体育活动", "体育活动", "体育活动", None, "体育活动"],
        ["晚上", "晚自习 19:00-19:45", *["数学\n李"] * 5],
    ]
    reading = sheet_of(rows, tmp_path / "t.xlsx", ("A1:G1", "A4:A6", "C5:G5", "A7:A8"))
    monday = [(x.period, x.subject, x.kind) for x in reading.timetable.lessons if x.day == 1]
    assert monday == [
        (0, "语文", "event"), (1, "语文", "lesson"), (2, "数学", "lesson"),
        (3, "体育", "lesson"), (4, "体育活动", "activity"), (5, "数学", "event"),
    ]  # fmt: skip
    kinds = [(s.kind.value, s.start, s.period) for s in reading.school.bells[0].days[1]]
    assert kinds == [
        ("morning_reading", 450, None),
        ("lesson", 480, 1),
        ("long_break", 520, None),
        ("lesson", 550, 2),
        ("lesson", 840, 3),
        ("activity", 960, 4),
        ("evening", 1140, None),
    ]
    assert reading.unread == ()


def test_subject_above_teacher_in_two_rows(tmp_path: Path) -> None:
    taught = (("语文", "王强"), ("数学", "李四"), ("英语", "赵六"))
    rows: list[list[object]] = [["七(3)班课程表"], ["节次", *DAY_HEADER]]
    for period, (subject, teacher) in enumerate(taught, 1):
        rows += [[period, *[subject] * 5], [None, *[teacher] * 5]]
    reading = sheet_of(rows, tmp_path / "t.xlsx", ("A3:A4", "A5:A6", "A7:A8"))
    found = {(x.period, x.subject, x.teachers) for x in reading.timetable.lessons}
    assert found == {(n, subject, (teacher,)) for n, (subject, teacher) in enumerate(taught, 1)}
    assert len(reading.timetable.lessons) == 15


def test_subject_beside_teacher_in_two_columns(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["星期", "节次", "六(1)班", None, "六(2)班"],
        [None, None, "课程", "教师", "课程", "教师"],
        ["星期一", 1, "语文", "王强", "数学", "李四"],
        [None, 2, "数学", "李四", "语文", "王强"],
        ["星期二", 1, "语文", "王强", "数学", "李四"],
    ]
    reading = sheet_of(rows, tmp_path / "t.xlsx", ("C1:D1", "E1:F1", "A3:A4"))
    shown = sorted((x.classes[0], x.day, x.period, x.subject, x.teachers[0]) for x in reading.timetable.lessons)
    assert shown[:3] == [("六(1)班", 1, 1, "语文", "王强"), ("六(1)班", 1, 2, "数学", "李四"), ("六(1)班", 2, 1, "语文", "王强")]
    assert len(shown) == 6


def test_class_numbers_under_a_grade_in_its_own_column(tmp_path: Path) -> None:
    header: list[object] = ["年级", "班级", *(x for d in DAY_HEADER for x in (d, None, None))]
    rows: list[list[object]] = [header, [None, None, *[1, 2, 3] * 5]]
    rows += [["三年级", "1", *["语文"] * 15], [None, "2", *["数学"] * 15], ["四年级", "1", *["英语"] * 15]]
    reading = sheet_of(rows, tmp_path / "t.xlsx")
    assert [(c.name, c.grade, c.number) for c in reading.school.classes] == [("三年级1班", 3, 1), ("三年级2班", 3, 2), ("四年级1班", 4, 1)]
    assert len(reading.timetable.lessons) == 45


def test_optional_courses_of_mixed_classes_are_one_lesson_for_each_course(tmp_path: Path) -> None:
    """总课表 names the block only, 班级课表 the courses, 教师课表 the classes: two lessons of two classes, no clash."""
    book = Workbook()
    sheet = book.active
    sheet.append(["班级", "星期一", None, None, "星期二"])
    sheet.append([None, 1, 2, 3, 1, 2, 3])
    for name in ("高一1班", "高一2班"):
        sheet.append([name, "【走班】选考A", f"语文\n王{name[2]}", f"数学\n李{name[2]}", *[f"英语\n张{name[2]}"] * 3])
        view = book.create_sheet(name)
        for row in (["", "星期一", "星期二"], ["第1节", "【走班】选考A\n物理 赵强 物理室\n历史 钱丽 101室", None], ["第2节"], ["第3节"]):
            view.append(row)
    teacher = book.create_sheet("教师课表")
    for row in (
        ["赵强 老师课程表"],
        ["", "星期一", "星期二"],
        ["第1节", "高一1班、高一2班\n【走班】选考A\n物理\n物理室"],
        ["第2节"],
        ["第3节"],
    ):
        teacher.append(row)
    book.save(tmp_path / "t.xlsx")
    reading = read_timetable(tmp_path / "t.xlsx")
    mixed = [x for x in reading.timetable.lessons if x.block]
    assert sorted((x.subject, x.classes, x.teachers, x.rooms) for x in mixed) == [
        ("历史", ("高一1班", "高一2班"), ("钱丽",), ("101室",)),
        ("物理", ("高一1班", "高一2班"), ("赵强",), ("物理室",)),
    ]
    assert reading.differences == ()
    assert not [v for v in find_clashes(reading.school, reading.timetable) if v.status in (Status.FAIL, Status.WARNING)]


def test_pairs_of_periods_and_a_class_without_a_known_grade(tmp_path: Path) -> None:
    """一二 is a double lesson; the unknown grade is said, for rules by grade do not reach the class."""
    header: list[object] = ["班级", *(x for d in DAY_HEADER for x in (d, None, None, None))]
    rows: list[list[object]] = [
        header,
        [None, *["一二", "三四", "五六", "七八"] * 5],
        ["计算机1班", *["语文 王老师"] * 20],
        ["高一(2)班", *["数学"] * 20],
    ]
    reading = sheet_of(rows, tmp_path / "t.xlsx")
    assert len(reading.timetable.lessons) == 80
    assert {(x.period, x.double) for x in reading.timetable.lessons} == {(p, 2 - p % 2) for p in range(1, 9)}
    assert any("计算机1班" in str(message) for message in reading.uncovered)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.xlsx"),
        (b"hello", "text.xlsx"),
        (b"<html><body><p>no table</p></body></html>", "page.html"),
        (b"<html><table><tr><td>1<td>2</table></html>", "numbers.html"),
        ("姓名,年龄\n孙雪,30\n".encode(), "people.csv"),
    ],
)
def test_what_is_no_timetable_is_refused_with_a_reason(content: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_timetable(tmp_path / name)
    assert caught.value.findings
    assert all(str(finding.message) for finding in caught.value.findings)


def test_a_table_that_names_no_class_is_refused_by_cell(tmp_path: Path) -> None:
    """Days and periods but no owner: the finding says so and lists cells."""
    book = Workbook()
    for column, text in enumerate(("", "星期一", "星期二", "星期三"), 1):
        book.active.cell(1, column, text)
    for period in range(1, 4):
        book.active.cell(1 + period, 1, f"第{period}节")
        book.active.cell(1 + period, 2, "语文\n孙雪")
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(InputError) as caught:
        read_timetable(tmp_path / "t.xlsx")
    assert any(finding.origin.cell == "B2" for finding in caught.value.findings)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.dictionaries(
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        st.one_of(
            st.sampled_from(["星期一", "周二", "1", "第2节", "8:00-8:40", "三(1)班", "上午", "语文\n王", "【单】A/B", "=1", "眼保健操"]),
            st.text(max_size=8),
        ),
        max_size=40,
    )
)
def test_no_sheet_makes_the_reader_fail(cells: dict[tuple[int, int], str], tmp_path: Path) -> None:
    """Any table is read or refused with findings, never a traceback."""
    path = tmp_path / "t.csv"
    rows = [[cells.get((r, c), "").replace('"', "").replace("\0", "") for c in range(1, 10)] for r in range(1, 10)]
    path.write_text("\n".join(",".join(f'"{text}"' for text in row) for row in rows), encoding="utf-8")
    with contextlib.suppress(InputError):
        assert read_timetable(path).timetable.lessons


@pytest.mark.skipif(not (BENCHMARKS / "excel").is_dir(), reason="the shared benchmark workbooks are not here")
def test_the_master_timetable_of_a_real_school_reads_without_loss() -> None:
    """51 classes, 133 teachers, 1,530 periods with lessons, every cell read (SOURCES.md of the benchmarks)."""
    reading = read_timetable(BENCHMARKS / "excel" / "primary51_class_master_timetable_hengdapi.xlsx")
    assert len(reading.school.classes) == 51
    assert len(reading.school.teachers) == 133
    assert reading.slots == 1530
    assert reading.unread == ()
    assert {c.grade for c in reading.school.classes} == {1, 2, 3, 4, 5, 6}
    (bell,) = reading.school.bells
    assert [(s.start, s.end) for s in bell.lessons(1)] == [(500, 540), (575, 615), (625, 665), (680, 720), (870, 910), (930, 970)]
    assert [s.kind for s in bell.days[5]].count(SectionKind.EYE_EXERCISE) == 2


def test_period_count_of_the_test_week() -> None:
    assert len(week(0)) == len(CLASSES) * 5 * PERIODS
