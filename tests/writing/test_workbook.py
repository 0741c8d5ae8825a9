"""The workbook: what stands in the cells, where links lead, how pages print, and that no text becomes a formula."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import School, SchoolClass, Teacher
from scheduler.errors import KebiaoError
from scheduler.outcome import Proof, Solution
from scheduler.writing.workbook import write_workbook
from tests.writing.outcomes import bell, lesson, outcome, timetable

ZH_SHEETS = ["总课表", "班级课表", "教师课表", "场地课表", "作息时间表", "合规报告", "质量报告", "读入说明", "数据"]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("book") / "out.xlsx"
    write_workbook(outcome(), path, language="zh")
    return openpyxl.load_workbook(path)


def block(sheet: Worksheet, title: str) -> list[list[str]]:
    """The cells of one week, from its title to the row before the next week, blank cells as empty strings."""
    rows = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    start = next(i for i, row in enumerate(rows) if row[0] == title)
    end = next((i for i in range(start + 1, len(rows)) if rows[i][0].endswith("课程表")), len(rows))
    return rows[start:end]


def test_sheets_stand_in_order(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == ZH_SHEETS


def test_the_week_of_a_class(book: openpyxl.Workbook) -> None:
    """Doubles, fortnightly pairs, blocks, events, activity periods, breaks and the closed periods of a short Friday."""
    assert block(book["班级课表"], "三(1)班 课程表") == [
        ["三(1)班 课程表", "", "", "", "", "", "", ""],
        ["班主任：张三    教室：301    人数：42", "", "", "", "", "", "", ""],
        ["节次", "", "时间", "周一", "周二", "周三", "周四", "周五"],
        ["上午", "1", "8:20-9:00", "升旗", "体育与健康\n王五\n操场", "", "", ""],
        ["", "2", "9:10-9:50", "语文【连】\n张三", "【单】心理/【双】校本\n赵六/钱七", "", "", ""],
        ["", "", "9:50-10:20", "大课间", "", "", "", ""],
        ["", "3", "10:20-11:00", "语文【连】\n张三", "", "", "", ""],
        ["", "4", "11:10-11:50", "数学\n李四", "", "", "", ""],
        ["", "", "11:50-13:00", "午餐", "", "", "", ""],
        ["下午", "5", "14:00-14:40", "", "", "", "", ""],
        ["", "6", "14:50-15:30", "", "", "", "【走班】社团A\n合唱 钱七 301\n航模 赵六 微机室1", ""],
        ["", "活动", "15:40-16:20", "体育活动\n王五\n操场", "", "", "", ""],
    ]


def test_a_teacher_sees_all_classes_of_a_joint_lesson(book: openpyxl.Workbook) -> None:
    week = block(book["教师课表"], "王五 老师课程表")
    assert week[3][4] == "三(1)班、三(2)班\n体育与健康\n操场"
    assert week[1][0] == "教研组：体育组    周课时：1"
    assert block(book["教师课表"], "赵六 老师课程表")[4][4] == "【单】三(1)班\n心理"


def test_a_shared_room_lists_every_lesson(book: openpyxl.Workbook) -> None:
    assert block(book["场地课表"], "操场 场地课程表")[-1][3] == "三(1)班 体育活动 王五\n三(2)班 体育活动 张三"


def test_the_master_timetable(book: openpyxl.Workbook) -> None:
    sheet = book["总课表"]
    assert sheet["A1"].value == "示例小学 总课表"
    assert [sheet.cell(2, c).value for c in (2, 9, 16, 23, 30)] == ["周一", "周二", "周三", "周四", "周五"]
    assert [sheet.cell(3, c).value for c in (2, 6)] == ["上午", "下午"]
    assert [sheet.cell(4, c).value for c in range(2, 9)] == list("1234567")
    assert sheet["B5"].value == "8:20\n9:00"
    assert sheet["A6"].value == "三(1)班"
    assert sheet["C6"].value == "语文\n【连】\n张三"
    assert sheet["J6"].value == "【单】心理/【双】校本\n赵六/钱七"
    assert sheet.max_column == 1 + 4 * 7 + 5
    merged = {str(r) for r in sheet.merged_cells.ranges}
    assert {"B2:H2", "B3:E3", "F3:H3", "A2:A5"} <= merged


def test_times_stand_in_the_master_only_where_all_grades_share_them(tmp_path: Path) -> None:
    school = School(
        "九年", (SchoolClass("三班", 3), SchoolClass("七班", 7)), (Teacher("甲"),), (), (bell((3,)), bell((7,), shift=5, name="初中"))
    )
    lessons = SchoolTimetable((lesson(1, 1, "语文", "三班", "甲"), lesson(1, 2, "语文", "七班", "甲")))
    write_workbook(outcome(school=school, timetable=lessons), tmp_path / "o.xlsx", language="zh")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert book["总课表"]["B5"].value is None
    assert block(book["教师课表"], "甲 老师课程表")[3][3] == "三班\n语文\n8:20-9:00"
    assert block(book["班级课表"], "七班 课程表")[3][2] == "8:25-9:05"


def test_a_day_with_other_bells_shows_its_own_times(tmp_path: Path) -> None:
    """Monday ten minutes later: the master gives each day's times, a class's week names the day that differs."""
    usual, late = bell(), bell(shift=10)
    mixed = dataclasses.replace(usual, days={**usual.days, 1: late.days[1]})
    write_workbook(outcome(school=dataclasses.replace(outcome().school, bells=(mixed,))), tmp_path / "o.xlsx", language="zh")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert [book["总课表"].cell(5, column).value for column in (2, 9)] == ["8:30\n9:10", "8:20\n9:00"]
    week = block(book["班级课表"], "三(1)班 课程表")
    assert week[3][2] == "8:20-9:00\n周一 8:30-9:10"
    assert week[5][2:4] == ["9:50-10:20", "大课间"]


def test_every_link_leads_to_a_cell_that_holds_something(book: openpyxl.Workbook) -> None:
    """Links of the master go to the class's week; those of 合规报告 to lessons, those of 质量报告 to periods of the day they name."""
    links = [(sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    for origin, cell in links:
        match = re.fullmatch(r"'?([^'!]+)'?!([A-Z]+[0-9]+)", cell.hyperlink.location)
        assert match, cell.hyperlink.location
        target = book[match[1]][match[2]]
        if origin == "质量报告":  # may be an empty period: here a lesson is lacking, or the hand-made timetable has none
            head = next(
                c for c in (book[match[1]].cell(r, target.column) for r in range(target.row, 0, -1)) if str(c.value).startswith("周")
            )
            assert str(head.value) in cell.value
        else:
            assert target.value
    assert [cell.value for sheet, cell in links if sheet == "合规报告"] == ["三(1)班 周一第2节", "三(1)班 周一第3节"]
    assert [cell.value for sheet, cell in links if sheet == "总课表"] == ["三(1)班", "三(2)班"]
    assert "张三 周一第1节" not in [cell.value for sheet, cell in links if sheet == "合规报告"]
    assert any(sheet == "质量报告" for sheet, _cell in links)


def test_the_worst_verdict_comes_first_and_what_is_met_alike_is_one_line(book: openpyxl.Workbook) -> None:
    sheet = book["合规报告"]
    lines = [[cell.value or "" for cell in row[:7]] for row in sheet.iter_rows(min_row=4)]
    assert [line[0] for line in lines] == ["⇄ 让步", "✗ 不合格", "! 提醒", "○ 提示", "? 无法判断", "✓ 合格", "- 不适用"]
    assert lines[1][1:6] == ["必须", "每周总课时", "三(1)班", "25", "≥ 26"]
    assert lines[5][3:6] == ["三(1)班、三(2)班", "30", "≤ 30"]
    assert sheet["A2"].value == "核查结果：不合格 1、提醒 1、提示 1、无法判断 1、合格 2、不适用 1"


def test_the_quality_sheet_gives_the_numbers_of_the_answer_and_of_each_wish(book: openpyxl.Workbook) -> None:
    rows = [list(row) for row in book["质量报告"].iter_rows(values_only=True)]
    facts = {row[0]: row[1] for row in rows[1:12]}
    assert (facts["必须要求的违反量"], facts["愿望的代价"], facts["代价下界"], facts["差距"]) == ("1", "5", "3", "-")
    assert (facts["用时（秒）"], facts["随机种子"], facts["使用核数"]) == ("12.5", "7", "2")
    wish = next(row for row in rows if row[0] == "=语文每天最多1节")
    assert wish[1:7] == ["愿望", "5", 1, 1, 5, "计划.xlsx[排课要求!C4]"]


def test_pages_are_a4_across_with_repeated_headings(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.paperSize == "9" or int(sheet.page_setup.paperSize) == 9
        assert sheet.page_setup.orientation == ("portrait" if sheet.title == "作息时间表" else "landscape")
    assert book["总课表"].page_setup.fitToHeight in (0, "0")
    assert book["总课表"].sheet_properties.pageSetUpPr.fitToPage
    assert book["总课表"].print_title_rows == "$1:$5"
    assert book["总课表"].freeze_panes == "B6"
    assert book["班级课表"].print_title_rows == "$1:$1"


@pytest.mark.parametrize(("name", "weeks"), [("班级课表", 2), ("教师课表", 6), ("场地课表", 3)])
def test_each_week_has_a_page_of_its_own(book: openpyxl.Workbook, name: str, weeks: int) -> None:
    """A break before every week but the first, and no fit-to-page, which would make Excel ignore the breaks."""
    sheet = book[name]
    titles = [cell.row for cell in sheet["A"] if str(cell.value).endswith("课程表")]
    assert len(titles) == weeks
    assert [b.id for b in sheet.row_breaks.brk] == [row - 1 for row in titles[1:]]
    assert sheet.sheet_properties.pageSetUpPr is None or not sheet.sheet_properties.pageSetUpPr.fitToPage
    # 277 mm between the margins = 785 pt; a column of w digits of Arial 10 has 7 w + 5 px of 0.75 pt.
    last = range_boundaries(sheet.print_area.split("!")[1])[2]
    widths = [sheet.column_dimensions[openpyxl.utils.get_column_letter(c)].width for c in range(1, last + 1)]
    assert sum((7 * w + 5) * 0.75 for w in widths) <= 785
    for first, following in zip(titles, [*titles[1:], sheet.max_row + 1], strict=True):
        heights = [sheet.row_dimensions[row].height for row in range(first, following)]
        assert (sheet.row_dimensions[1].height + sum(heights)) * (sheet.page_setup.scale or 100) / 100 <= 520


def test_an_incomplete_timetable_says_so_on_every_sheet(tmp_path: Path) -> None:
    unfinished = SchoolTimetable(timetable().lessons, (("c2", 4),))
    write_workbook(outcome(timetable=unfinished), tmp_path / "o.xlsx", language="zh")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert book.sheetnames == ["未排课程", *ZH_SHEETS]
    assert all(book[name]["A1"].value.endswith("（未排完）") for name in book.sheetnames if name != "数据")
    assert [cell.value for cell in book["未排课程"][3]][:5] == ["数学", "三(1)班", "李四", "5", 4]


def test_without_a_timetable_the_reports_remain(tmp_path: Path) -> None:
    none = Solution(Proof.UNKNOWN, None, None, None, 60.0, None, 1, 2)
    write_workbook(outcome(timetable=None, solution=none, violations=()), tmp_path / "o.xlsx", language="zh")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert book.sheetnames == ["作息时间表", "合规报告", "质量报告", "读入说明"]
    assert "不等于无解" in book["质量报告"]["B2"].value


def test_english_sheets(tmp_path: Path) -> None:
    write_workbook(outcome(), tmp_path / "o.xlsx", language="en")
    names = openpyxl.load_workbook(tmp_path / "o.xlsx").sheetnames
    assert names[0] == "Master timetable"
    assert all(name.isascii() for name in names)


def test_the_same_outcome_gives_the_same_bytes(tmp_path: Path) -> None:
    write_workbook(outcome(), tmp_path / "a.xlsx", language="zh")
    write_workbook(outcome(), tmp_path / "b.xlsx", language="zh")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_reproducible_run_does_not_write_how_long_it_took(tmp_path: Path) -> None:
    for name, seconds in (("a.xlsx", 1.0), ("b.xlsx", 2.0)):
        solution = Solution(Proof.OPTIMAL, None, None, None, seconds, seconds, 1, 1)
        write_workbook(outcome(solution=solution, options={"deterministic": "True"}), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


HOSTILE = st.builds(
    lambda start, rest: start + rest,
    st.sampled_from(["=", "+", "-", "@", "\t=", "\r=", "\n=", "="]),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.just('HYPERLINK("http://x","y")'),
)


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_becomes_a_formula(tmp_path: Path, subject: str, class_name: str, teacher: str) -> None:
    """Every cell is stored as text, and those that begin like a formula are marked as text for the next edit, too."""
    school = School(subject, (SchoolClass(class_name, 3),), (Teacher(teacher),), (), (bell(),))
    lessons = SchoolTimetable((PlacedLesson(1, 1, subject, (class_name,), (teacher,), (teacher,)),))
    write_workbook(outcome(school=school, timetable=lessons), tmp_path / "o.xlsx", language="zh")
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@", "\t", "\r") and len(cell.value) > 1:
                    assert cell.quotePrefix, (sheet.title, cell.coordinate, cell.value)


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    plan.write_bytes(b"plan")
    (tmp_path / "link.xlsx").symlink_to(plan)
    for target in (plan, tmp_path / "link.xlsx", tmp_path / "." / "plan.xlsx"):
        with pytest.raises(KebiaoError):
            write_workbook(outcome(), target, inputs=[plan])
    with pytest.raises(KebiaoError):
        write_workbook(outcome(), plan, inputs=[tmp_path])
    assert plan.read_bytes() == b"plan"


def test_a_failure_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "o.xlsx"
    old.write_bytes(b"old")
    monkeypatch.setattr("scheduler.writing.workbook.add_notes", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_workbook(outcome(), old)
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["o.xlsx"]


def test_a_missing_folder_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(KebiaoError, match="nowhere"):
        write_workbook(outcome(), tmp_path / "nowhere" / "o.xlsx")
