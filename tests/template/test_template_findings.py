"""Every column of the plan, broken: the finding names the cell, says what stands there and what was expected; all come at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from instances.language import in_language
from instances.school import RequirementKind, Selector, Slot, Weeks
from tests.template.plans import broken, cell_of, requirement_rows

# sheet, column, row, what is typed there, what the finding says
BROKEN: list[tuple[str, str, int, object, str]] = [
    ("学校", "内容", 6, "many", "many is not a number"),
    ("学校", "内容", 6, -1, "-1 is too small"),
    ("学校", "项目", 6, "unheard of", "unheard of is not a preference"),
    ("作息时间", "季节", 2, "spring", "spring is not one of the words"),
    ("作息时间", "年级", 2, "十五年级", "十五年级 names no grades"),
    ("作息时间", "星期", 2, "周八", "周八 names no days"),
    ("作息时间", "开始", 3, "25:00", "25:00 is not a time of day"),
    ("作息时间", "开始", 3, "early", "early is not a time of day"),
    ("作息时间", "开始", 3, None, "row 3: Start is blank"),
    ("作息时间", "结束", 3, "8:05", "ends at 8:05, before it starts at 8:20"),
    ("作息时间", "类型", 3, "讲座", "讲座 is not one of the words"),
    ("作息时间", "类型", 3, None, "row 3: Kind is blank"),
    ("作息时间", "节次", 3, "first", "first is not a number"),
    ("作息时间", "节次", 3, 0, "0 is too small"),
    ("作息时间", "默认", 3, "perhaps", "perhaps is not one of the words"),
    ("作息时间", "不全", 3, "perhaps", "perhaps is not one of the words"),
    ("班级", "班级", 3, None, "row 3: Class is blank"),
    ("班级", "班级", 3, "三年级1班", "class 三年级1班 stands twice, first in A2"),
    ("班级", "年级", 3, "十三年级", "十三年级 is not a grade"),
    ("班级", "班号", 3, "two", "two is not a number"),
    ("班级", "人数", 3, 2.5, "2.5 is not a whole number"),
    ("班级", "人数", 3, 1000, "1000 is too large"),
    ("班级", "班主任", 3, "林一明", "home teacher of 三年级2班, 林一明, is not in the sheet"),
    ("教师", "姓名", 3, None, "row 3: Name is blank"),
    ("教师", "姓名", 3, "林一鸣", "teacher 林一鸣 stands twice, first in A2"),
    ("课程计划", "编号", 3, "1-01", "number 1-01 stands twice, first in A2"),
    ("课程计划", "班级", 3, "三年级9班", "there is no class 三年级9班"),
    ("课程计划", "班级", 3, "三年级1班、三年级1班", "三年级1班 stands twice in this cell"),
    ("课程计划", "班级", 3, None, "row 3: Classes is blank"),
    ("课程计划", "科目", 3, None, "row 3: Subject is blank"),
    ("课程计划", "教师", 3, "高原", "there is no teacher 高原"),
    ("课程计划", "每周节数", 3, "五六节", "五六节 is not a number"),
    ("课程计划", "每周节数", 3, "some", "some is not a number"),
    ("课程计划", "每周节数", 3, -2, "-2 is too small"),
    ("课程计划", "每周节数", 3, 99, "99 lessons do not fit into the week"),
    ("课程计划", "每周节数", 3, 0.3, "0.3 is neither whole nor a half"),
    ("课程计划", "每周节数", 3, None, "row 3: Lessons a week is blank"),
    ("课程计划", "连堂次数", 3, 3, "3 double periods do not fit into 5 lessons"),
    ("课程计划", "连堂次数", 3, "yes", "yes is not a number"),
    ("课程计划", "单双周", 3, "单周", "单周 does not go with 5 lessons"),
    ("课程计划", "单双周", 3, "三周", "三周 is not one of the words"),
    ("课程计划", "场地", 3, "机房", "there is no room 机房"),
    ("场地", "场地", 3, "操场", "room 操场 stands twice, first in A2"),
    ("场地", "场地", 3, None, "row 3: Room is blank"),
    ("场地", "同时容纳班数", 3, "three", "three is not a number"),
    ("场地", "同时容纳班数", 3, 0, "0 is too small"),
    ("排课要求", "类型", 2, "随便", "随便 is not one of the words"),
    ("排课要求", "性质", 2, "或许", "或许 is not one of the words"),
    ("排课要求", "班级", 2, "九年级1班", "there is no class 九年级1班"),
    ("排课要求", "年级", 2, "大班", "大班 names no grades"),
    ("排课要求", "教师", 2, "高原", "there is no teacher 高原"),
    ("排课要求", "教研组", 8, "语文祖", "there is no teaching-research group 语文祖"),
    ("排课要求", "科目", 3, "班伙", "there is no subject 班伙"),
    ("排课要求", "科目", 3, "物理", "物理 is not in the course plan"),
    ("排课要求", "场地", 3, "操厂", "there is no room 操厂"),
    ("排课要求", "课程编号", 3, "9-99", "there is no course number 9-99"),
    ("排课要求", "时间", 2, "有空的时候", "is not understood as periods"),
    ("排课要求", "时间", 2, "周一第9节", "the bells have no Mon 9"),
    ("排课要求", "时间", 2, "周六第1节", "the bells have no Sat 1"),
    ("排课要求", "数量", 5, "两三节", "两三节 is not a number"),
    ("排课要求", "对象", 6, "体玉", "体玉 is not a name in this plan"),
    ("排课要求", "对象", 6, "教师：体育", "there is no teacher 体育"),
    ("排课要求", "单双周", 2, "大周", "大周 is not one of the words"),
    ("排课要求", "权重", 9, "高", "高 is not a number"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "column", "row", "value", "says"), BROKEN)
def test_a_broken_cell_is_named(sheet: str, column: str, row: int, value: object, says: str, tmp_path: Path) -> None:
    """The finding stands at the cell, or for a blank one at it or the first of its row, and speaks both languages."""
    result = broken(tmp_path / "plan.xlsx", (sheet, column, row, value))
    places = {cell_of(sheet, column, row), f"A{row}", f"B{row}"}
    found = [f for f in result.findings if f.origin.sheet == sheet and f.origin.cell in places]
    with in_language("en"):
        texts = [str(f.message) for f in found]
        assert any(says in text for text in texts), texts or [(str(f.origin), str(f.message)) for f in result.findings]
    with in_language("zh"):
        for finding, text in zip(found, texts, strict=True):
            assert str(finding.message) != text, "no Chinese text"
            assert finding.expected is None or str(finding.expected)


def test_a_typing_mistake_is_answered_with_the_name_that_was_meant(tmp_path: Path) -> None:
    """高原 is close to 高远, 三年极1班 to 三年级1班."""
    result = broken(tmp_path / "plan.xlsx", ("课程计划", "教师", 3, "高原"), ("课程计划", "班级", 4, "三年极1班"))
    with in_language("en"):
        expected = {f.origin.cell: str(f.expected) for f in result.findings}
    assert expected[cell_of("课程计划", "教师", 3)] == "perhaps 高远"
    assert expected[cell_of("课程计划", "班级", 4)].startswith("perhaps 三年级1班")


def test_everything_wrong_is_found_at_once(tmp_path: Path) -> None:
    """Six mistakes in five sheets give six findings, and no more."""
    result = broken(
        tmp_path / "plan.xlsx",
        ("作息时间", "开始", 2, "early"), ("班级", "人数", 2, "many"), ("课程计划", "教师", 3, "高原"), ("课程计划", "每周节数", 4, "x"),
        ("场地", "同时容纳班数", 2, -1), ("排课要求", "时间", 2, "周一第9节"),
    )  # fmt: skip
    assert sorted(f"{f.origin.sheet}!{f.origin.cell}" for f in result.fatal) == sorted(
        ["作息时间!E2", "班级!D2", "课程计划!E3", "课程计划!F4", "场地!C2", "排课要求!J2"]
    )


def test_a_class_with_more_lessons_than_its_week_is_found_at_the_class(tmp_path: Path) -> None:
    """30 lessons and two more in a week of 30 periods."""
    result = broken(tmp_path / "plan.xlsx", ("课程计划", "每周节数", 2, 8))
    assert result.at("班级", "A2") == ["三年级1班 has 32 lessons a week"]


def test_missing_sheets_and_columns(tmp_path: Path) -> None:
    """No course plan, no column of hours, no header at all: said with the sheet; optional sheets may be missing."""

    def drop(name: str) -> Any:
        return lambda book: book.remove(book[name])

    def without_hours(book: Any) -> None:
        book["课程计划"].delete_cols(6)

    def without_header(book: Any) -> None:
        book["教师"].delete_rows(1)

    path = tmp_path / "plan.xlsx"
    with in_language("en"):
        assert [str(f.message) for f in broken(path, more=drop("课程计划")).fatal][:1] == [
            "the sheet Course plan is missing or has no rows"
        ]
        assert [str(f.message) for f in broken(path, more=without_hours).fatal][:1] == ["sheet 课程计划 has no column Lessons a week"]
        assert "sheet 教师 has no header row" in [str(f.message) for f in broken(path, more=without_header).fatal]
    for name in ("学校", "排课要求"):
        assert broken(path, more=drop(name)).fatal == []
    no_bells = broken(path, more=drop("作息时间"))
    assert no_bells.fatal == []
    assert no_bells.school.bells[0].assumed


def test_blank_sheets_of_classes_and_teachers_are_filled_from_the_course_plan(tmp_path: Path) -> None:
    """An office that fills in the course plan only is understood, and told so."""

    def drop(book: Any) -> None:
        for name in ("班级", "教师", "排课要求"):
            book.remove(book[name])

    result = broken(tmp_path / "plan.xlsx", more=drop)
    assert result.fatal == []
    assert [(c.name, c.grade, c.number) for c in result.school.classes] == [("三年级1班", 3, 1), ("三年级2班", 3, 2)]
    assert "高远" in [t.name for t in result.school.teachers]
    assert sum("its names are taken from the course plan" in note for note in result.notes) == 2


def test_columns_in_any_order_with_others_between_and_a_title_above(tmp_path: Path) -> None:
    """Columns move, an unknown one is named in a note, a title row and a blank row above do no harm."""

    def rearrange(book: Any) -> None:
        sheet = book["课程计划"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        sheet.delete_rows(1, sheet.max_row)
        sheet.append(["示例小学课程计划"])
        sheet.append([])
        for number, row in enumerate(rows):
            sheet.append([*row[5::-1], "科组意见" if number == 0 else "同意", *row[6:]])

    plain = broken(tmp_path / "plain.xlsx")
    moved = broken(tmp_path / "moved.xlsx", more=rearrange)
    assert moved.fatal == []
    assert [(c.id, c.subject, c.classes, c.teachers, c.periods) for c in moved.school.courses] == [
        (c.id, c.subject, c.classes, c.teachers, c.periods) for c in plain.school.courses
    ]
    assert any("column 科组意见 is not one of our plan" in note for note in moved.notes)
    assert any("示例小学课程计划" in note for note in moved.notes), "the title is named as not used"


def test_numbers_and_names_as_people_type_them(tmp_path: Path) -> None:
    """Text numbers, full-width digits, units, another spelling of a class and a subject."""
    result = broken(
        tmp_path / "plan.xlsx",
        ("课程计划", "每周节数", 2, "６节"), ("课程计划", "班级", 2, "3(1)班"), ("课程计划", "科目", 4, "外语"),
        ("班级", "人数", 2, "41人"),
        ("作息时间", "开始", 3, "8：20"), ("作息时间", "结束", 3, "9点"), ("课程计划", "每周节数", 10, "1/2"),
    )  # fmt: skip
    assert result.fatal == []
    courses = {c.id: c for c in result.school.courses}
    assert (courses["1-01"].periods, courses["1-01"].classes) == (6, ("三年级1班",))
    assert (courses["1-03"].subject, courses["1-03"].label) == ("英语", "外语")
    assert courses["1-09"].weeks is Weeks.EITHER
    assert result.school.classes[0].size == 41
    assert [(s.start, s.end) for s in result.school.bells[0].days[1]][1] == (500, 540)


def test_examples_are_passed_over_and_said(tmp_path: Path) -> None:
    """A row that begins with 示例： is not a requirement."""
    result = requirement_rows(
        tmp_path / "plan.xlsx", [{"类型": "示例：禁排", "教师": "王老师"}, {"类型": "禁排", "教师": "高远", "时间": "周一"}]
    )
    assert result.fatal == []
    assert [r.kind for r in result.school.requirements] == [RequirementKind.FORBIDDEN]
    assert "row 2 is an example and is not read" in result.notes


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"类型": "禁排", "教师": "高远"}, "a requirement of kind Forbidden needs Time"),
        ({"类型": "每天最多", "科目": "语文"}, "a requirement of kind At most per day needs Number"),
        ({"类型": "不紧跟", "科目": "数学"}, "a requirement of kind Not right after needs Other"),
        ({"类型": "单双周", "科目": "数学"}, "a requirement of kind Fortnightly needs Weeks"),
        ({"类型": "单双周", "科目": "数学", "单双周": "每周"}, "每周 says nothing of odd and even weeks"),
        ({"类型": "固定活动", "班级": "三年级1班", "时间": "周一第1节"}, "a requirement of kind Fixed event needs Text"),
        ({"类型": "同时上课"}, "a requirement of kind Same time must say whom it is about"),
        ({"教师": "高远", "时间": "周一"}, "what is asked? The kind is blank"),
        ({"说明": "天气好"}, "what is asked? The kind is blank"),
    ],
)
def test_a_requirement_that_says_too_little(row: dict[str, object], says: str, tmp_path: Path) -> None:
    """What a kind needs is asked for."""
    result = requirement_rows(tmp_path / "plan.xlsx", [row])
    with in_language("en"):
        assert any(says in str(f.message) for f in result.fatal), [str(f.message) for f in result.findings]


def test_requirements_as_an_office_writes_them(tmp_path: Path) -> None:
    """Half days, ranges, grades in the column of classes, groups in that of teachers, plain texts, labelled others."""
    result = requirement_rows(
        tmp_path / "plan.xlsx",
        [
            {"类型": "禁排", "教师": "高远", "时间": "周二上午"},
            {"类型": "固排", "科目": "班会", "时间": "周五最后一节"},
            {"类型": "教研", "教师": "语文组", "时间": "周四下午", "数量": "1节"},
            {"类型": "每天最多", "性质": "希望", "班级": "三年级", "科目": "语", "数量": "两"},
            {"类型": "师徒听课", "教师": "周小舟", "对象": "教师：林一鸣", "数量": 1},
            {"教师": "高远", "说明": "周五下午不排课"},
        ],
    )
    assert [(str(f.origin), str(f.message)) for f in result.fatal] == []
    forbidden, fixed, free, most, mentor, text = result.school.requirements
    assert forbidden.slots == tuple(Slot(2, p) for p in (1, 2, 3, 4))
    assert fixed.slots == (Slot(5, 6),), "the last lesson, not the activity period after it"
    assert (free.scope, free.slots, free.count) == (Selector(groups=("语文组",)), (Slot(4, 5), Slot(4, 6), Slot(4, 7)), 1)
    assert (most.scope, most.count, most.required) == (Selector(grades=(3,), subjects=("语文",)), 2, False)
    assert mentor.other == Selector(teachers=("林一鸣",))
    assert (text.kind, text.scope.teachers, text.text) == (RequirementKind.FORBIDDEN, ("高远",), "周五下午不排课")
    assert set(text.slots) == {Slot(5, 5), Slot(5, 6)}
    assert any("周二上午 is understood as Tue 1-4" in note for note in result.notes)


def test_a_name_that_may_mean_two_things_is_asked_about(tmp_path: Path) -> None:
    """A teacher called like a subject: the column 对象 wants to know which."""
    result = broken(tmp_path / "plan.xlsx", ("教师", "姓名", 2, "体育"), ("班级", "班主任", 2, None))
    assert "体育 may mean several things" in result.at("排课要求", cell_of("排课要求", "对象", 6))
