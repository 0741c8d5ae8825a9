"""Each foreign layout, by hand-made plans: what is read, what is said, what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from openpyxl import load_workbook

from instances.language import current_language, set_language
from instances.school import RequirementKind as K
from instances.school import Slot, Weeks
from scheduler.errors import InputError
from scheduler.reading.read import read_school
from tests.reading.sheets import courses, echo, findings, read, write

PAIRS = [
    ["某某小学2026年春课程计划"],
    ["班级", "班主任", "语文", None, "数学", None, "体育一", None, "心理(0.5)", None, "合计"],
    ["一年级1班", "孙雪", "8", "孙雪", "4", "马倩", 1, "范龙", "1", "沈哲", 13.5],
    ["一年级（2）班", "姚秀", "8", "姚秀", "4", "马倩", None, None, None, None, 12],
]


def test_pairs(tmp_path):
    school = read(tmp_path, PAIRS, ["A1:K1"])
    assert school.name == "某某小学"
    assert [(c.name, c.grade, c.number, c.home_teacher) for c in school.classes] == [
        ("一年级1班", 1, 1, "孙雪"),
        ("一年级（2）班", 1, 2, "姚秀"),
    ]
    assert [(t.name, t.subjects) for t in school.teachers] == [
        ("孙雪", ("语文",)),
        ("马倩", ("数学",)),
        ("范龙", ("体育",)),
        ("沈哲", ("心理",)),
        ("姚秀", ("语文",)),
    ]
    found = courses(school)
    assert len(found) == 6
    pe = found["一年级1班", "体育一"]
    assert (pe.subject, pe.periods, pe.teachers, pe.origin.cell) == ("体育", 1, ("范龙",), "G3")
    mind = found["一年级1班", "心理"]
    assert (mind.subject, mind.periods, mind.weeks) == ("心理", Fraction(1, 2), Weeks.EITHER)
    assert found["一年级（2）班", "语文"].weeks is Weeks.EVERY


def test_pairs_with_a_second_header_row_and_the_teacher_first(tmp_path):
    rows = [
        ["班级", "语文", None, "数学", None],
        [None, "教师", "课时", "教师", "课时"],
        ["701", "孙雪", 5, "马倩", 5],
        ["702", "孙雪", 5, "崔敏", 5],
    ]
    school = read(tmp_path, rows, ["A1:A2", "B1:C1", "D1:E1"])
    assert {k: (c.teachers, c.periods) for k, c in courses(school).items()} == {
        ("701", "语文"): (("孙雪",), 5),
        ("701", "数学"): (("马倩",), 5),
        ("702", "语文"): (("孙雪",), 5),
        ("702", "数学"): (("崔敏",), 5),
    }


def test_a_total_that_does_not_add_up_is_said(tmp_path):
    rows = [*PAIRS[:2], ["一年级1班", "孙雪", "8", "孙雪", "4", "马倩", 1, "范龙", "1", "沈哲", 14]]
    assert "the total says 14, the lessons of the row add up to 27/2" in echo(read(tmp_path, rows, ["A1:K1"]))


MATRIX = [
    ["某县中学2025秋期任课安排表", *[None] * 6],
    ["班别", "班主任", "班类型", "教室", "语文", "政治", "生物"],
    ["高一（1）", "孙雪", "普", "崇正楼201", "孙雪", "姚雪", "余凯"],
    ["高一（2）", "马倩", "实", "崇正楼202", "马倩", "姚雪", "代课2"],
]
HOURS = [
    ["课程号", "年级", "课程名", "简称", "课时", "备课时间"],
    [101, "高一", "语文", "语", 5, "4:2-4"],
    [102, "高一", "政治", "政", 3, "无"],
    [103, "高一", "生物", "生", 2, "3:2,3"],
    [113, "高一", "体育", "体", 2, "无"],
]


def both(tmp_path, matrix=MATRIX, hours=HOURS):
    return read_school([write(tmp_path / "任课.xlsx", matrix, ["A1:G1"]), write(tmp_path / "课时.xlsx", hours)])


def test_matrix_with_hours_in_a_second_workbook(tmp_path):
    school = both(tmp_path)
    assert [(c.name, c.grade, c.home_teacher, c.room) for c in school.classes] == [
        ("高一（1）", 10, "孙雪", "崇正楼201"),
        ("高一（2）", 10, "马倩", "崇正楼202"),
    ]
    assert {k: (c.subject, c.periods, c.teachers) for k, c in courses(school).items()} == {
        ("高一（1）", "语文"): ("语文", 5, ("孙雪",)),
        ("高一（1）", "政治"): ("思想政治", 3, ("姚雪",)),
        ("高一（1）", "生物"): ("生物", 2, ("余凯",)),
        ("高一（2）", "语文"): ("语文", 5, ("马倩",)),
        ("高一（2）", "政治"): ("思想政治", 3, ("姚雪",)),
        ("高一（2）", "生物"): ("生物", 2, ("代课2",)),
        ("高一（1）", "体育"): ("体育", 2, ()),
        ("高一（2）", "体育"): ("体育", 2, ()),
    }
    said = echo(school)
    assert "体育 has hours but no column of teachers: the lessons of 2 classes" in said
    assert "代课2 stands for one substitute" in said


def test_reserved_times_bind_the_teachers_of_the_subject(tmp_path):
    reserved = {r.scope.teachers: r for r in both(tmp_path).requirements if r.kind is K.FORBIDDEN}
    assert {who: set(r.slots) for who, r in reserved.items()} == {
        ("孙雪", "马倩"): {Slot(4, 2), Slot(4, 3), Slot(4, 4)},
        ("余凯", "代课2"): {Slot(3, 2), Slot(3, 3)},
    }
    assert {r.origin.cell for r in reserved.values()} == {"F2", "F4"}
    assert all(r.required for r in reserved.values())


def test_matrix_and_hours_in_one_workbook_and_hours_in_the_cell(tmp_path):
    matrix = [["班级", "语文", "数学", "体育"], ["初一1班", "孙雪(6)", "马倩", "范龙"], ["初一2班", "孙雪", "马倩", None]]
    grid = [["年级", "语文", "数学", "体育"], ["初一", 5, 4, 3]]
    school = read(tmp_path, {"任课": matrix, "课时": grid})
    assert {k: (c.periods, c.teachers) for k, c in courses(school).items()} == {
        ("初一1班", "语文"): (6, ("孙雪",)),
        ("初一1班", "数学"): (4, ("马倩",)),
        ("初一1班", "体育"): (3, ("范龙",)),
        ("初一2班", "语文"): (5, ("孙雪",)),
        ("初一2班", "数学"): (4, ("马倩",)),
        ("初一2班", "体育"): (3, ()),
    }
    assert "no teacher is named: 3 lessons of 体育 are placed without one" in echo(school)


def test_a_subject_that_only_the_list_of_hours_knows(tmp_path):
    matrix = [["班级", "语文", "数学", "茶艺", "楼层"], ["七1班", "孙雪", "马倩", "范龙", "三楼"]]
    school = read(tmp_path, {"任课": matrix, "课时": [["课程", "周课时"], ["语文", 5], ["数学", 5], ["茶艺", 1]]})
    assert courses(school)["七1班", "茶艺"].teachers == ("范龙",)
    assert "not used: E2 三楼" in echo(school)


def test_a_matrix_with_classes_across_is_turned(tmp_path):
    matrix = [
        ["科目", "初一1班", "初一2班"],
        ["班级", "初一1班", "初一2班"],
        ["语文", "孙雪", "孙雪"],
        ["数学", "马倩", "崔敏"],
        ["体育", "范龙", "范龙"],
    ]
    hours = [["学科", "周课时"], ["语文", 5], ["数学", 5], ["体育", 3]]
    school = read(tmp_path, {"任课": matrix[1:], "课时": hours})
    assert courses(school)["初一2班", "数学"].teachers == ("崔敏",)
    assert courses(school)["初一2班", "数学"].origin.cell == "C3"


def test_a_matrix_without_hours_says_what_is_missing(tmp_path):
    found = findings(tmp_path, MATRIX, ["A1:G1"])
    assert [(f.origin.cell, "语文、政治、生物" in str(f.message)) for f in found if f.fatal] == [("E2", True)]


ROWS = ["姓名", "任教年级", "学科", "任教班", "周课时", "职务", "固定节次", "不能排课节次", "排课要求", "备注"]


def rows(*data):
    return {"初三": [["某某中学2025-2026学年第一学期任课与排课说明"], ROWS, *data]}


def test_rows(tmp_path):
    school = read(
        tmp_path,
        rows(
            ["孙雪", "九年级", "语文", "1,2", 7, "组长", None, "周二上午，周五第4，5节不排课", "保证每天有1节", None],
            ["余凯", "九年级", "班会", "1", "1", None, "周一第6节", None, None, "休产假"],
        ),
        ["A1:J1"],
    )
    assert [(c.name, c.grade, c.number) for c in school.classes] == [("初三1班", 9, 1), ("初三2班", 9, 2)]
    assert {k: c.periods for k, c in courses(school).items()} == {("初三1班", "语文"): 7, ("初三2班", "语文"): 7, ("初三1班", "班会"): 1}
    got = {(r.kind, r.scope.teachers or r.scope.courses, r.slots, r.count) for r in school.requirements if r.origin.cell}
    assert got == {
        (K.FORBIDDEN, ("孙雪",), (*(Slot(2, n) for n in range(1, 5)), Slot(5, 4), Slot(5, 5)), None),
        (K.MIN_PER_DAY, ("初三1班 语文", "初三2班 语文"), (), 1),
        (K.FIXED, ("初三1班 班会",), (Slot(1, 6),), None),
    }
    assert "not used: J4 休产假" in echo(school)


def test_free_text_that_is_not_understood_stays_visible(tmp_path):
    school = read(tmp_path, rows(["孙雪", "九年级", "语文", "1", 7, None, None, None, "随便排", None]), ["A1:J1"])
    (note,) = [n for n in school.notes if "not understood" in str(n.text)]
    assert (note.origin.cell, note.value) == ("I3", "随便排")


@pytest.mark.parametrize(
    ("hours", "expected"),
    [((15, 5), 5), ((7, 7), 7), ((6, 6), 6)],
)
def test_hours_of_a_row_are_each_or_together_as_the_numbers_tell(tmp_path, hours, expected):
    """15 for three classes beside 5 for one is the teacher's total; 7 beside 7 is the hours of each class."""
    school = read(tmp_path, rows(["孙雪", "九年级", "语文", "1,2,3", hours[0]], ["余凯", "九年级", "语文", "4", hours[1]]), ["A1:J1"])
    assert {c.periods for c in school.courses} == {expected}
    assert "in all the classes" in echo(school) or "of each class" in echo(school)


def test_three_header_rows_and_several_teachers(tmp_path):
    """An import template: names, 必填, an example, then data; 连堂 and 场地; 陈师、林师 teach together."""
    data = [
        ["班级", "科目", "教师", "每周节数", "连堂长度", "连堂次数", "场地类型"],
        ["必填", "必填", "必填", "必填", "选填", "选填", "选填"],
        ["示例：701", "语文", "张三", 5, 2, 1, "普通"],
        ["701", "化学", "陈师、林师", 4, 2, 1, "实验室"],
        ["702", "语文", "孙雪", 2.5, None, None, None],
    ]
    school = read(tmp_path, data)
    chemistry = courses(school)["701", "化学"]
    assert (chemistry.teachers, chemistry.periods, chemistry.doubles, chemistry.room) == (("陈师", "林师"), 4, 1, "实验室")
    halves = [c for c in school.courses if c.classes == ("702",)]
    assert [(c.periods, c.weeks) for c in halves] == [(2, Weeks.EVERY), (Fraction(1, 2), Weeks.EITHER)]
    assert [t.name for t in school.teachers] == ["陈师", "林师", "孙雪"]


def test_a_name_padded_with_a_space_is_one_teacher(tmp_path):
    school = read(
        tmp_path,
        [["班级", "科目", "教师", "课时"], ["701", "语文", "孙　雪", 5], ["702", "语文", "孙雪", 5], ["703", "数学", "马倩 余凯", 5]],
    )
    assert [t.name for t in school.teachers] == ["孙雪", "马倩", "余凯"]


def test_subject_names_that_differ_by_stage(tmp_path):
    school = read(tmp_path, [["班级", "科目", "教师", "课时"], ["八年级1班", "政治", "孙雪", 2], ["高一1班", "政治", "余凯", 2]])
    assert {c.classes[0]: c.subject for c in school.courses} == {"八年级1班": "道德与法治", "高一1班": "思想政治"}


def test_year_of_entry_takes_the_school_year_of_the_title(tmp_path):
    sheet = [
        ["某某初级中学2025-2026学年课程表"],
        ["班级", "语文", None, "数学", None],
        ["2023级1班", 5, "孙雪", 5, "马倩"],
        ["2025级1班", 5, "姚秀", 5, "马倩"],
    ]
    assert [(c.name, c.grade) for c in read(tmp_path, sheet).classes] == [("2023级1班", 9), ("2025级1班", 7)]


def test_bells_of_the_plan_are_used(tmp_path):
    bells = [
        ["节次", "时间"],
        *[
            [f"第{n}节", t]
            for n, t in enumerate(["8:00-8:45", "8:55-9:40", "10:10-10:55", "11:05-11:50", "14:00-14:45", "14:55-15:40"], start=1)
        ],
    ]
    school = read(
        tmp_path,
        {"任课": [["班级", "科目", "教师", "课时"], ["八年级1班", "语文", "孙雪", 6], ["八年级1班", "数学", "余凯", 6]], "作息时间": bells},
    )
    (bell,) = school.bells
    assert not bell.assumed
    assert [s.start for s in bell.lessons(1)] == [480, 535, 610, 665, 840, 895]


def test_every_cell_is_used_or_named(tmp_path):
    """Cells outside the table, unknown columns and unknown sheets appear in the notes with their cell."""
    plan = [*PAIRS, [], ["备注：本表由教务处制", None, None, None, None, None, None, None, None, None, None, None, "电话 123"]]
    plan[1] = [*plan[1], "楼层"]
    plan[2] = [*plan[2], "三楼"]
    said = echo(read(tmp_path, {"Sheet1": plan, "通讯录": [["甲", "乙"], ["丙", "丁"]]}, ["A1:K1"]))
    for text in ("L2 楼层", "L3 三楼", "A6 备注：本表由教务处制", "M6 电话 123", "layout of this sheet is not recognised"):
        assert text in said


def test_hidden_sheets_are_left_alone_and_named(tmp_path):
    """An old plan in a hidden sheet does not count; a plan whose only sheet is hidden is refused with that reason."""
    path = write(tmp_path / "plan.xlsx", {"今年": PAIRS, "去年": PAIRS}, ["A1:K1"])
    book = load_workbook(path)
    book["去年"].sheet_state = "hidden"
    book.save(path)
    school = read_school(path)
    assert len(school.classes) == 2
    (note,) = [n for n in school.notes if "hidden" in str(n.text)]
    assert note.origin.sheet == "去年"
    book["今年"].sheet_state = "hidden"
    book.create_sheet("空白")
    book.save(path)
    with pytest.raises(InputError, match="all sheets are hidden"):
        read_school(path)


def test_many_cells_that_are_not_used_are_counted(tmp_path):
    plan = [["班级", "科目", "教师", "课时", "备注"], *[[f"7{n:02d}", "语文", "孙雪", 1, f"备注{n}"] for n in range(1, 13)]]
    (note,) = [n for n in read(tmp_path, plan).notes if "not used: E2" in str(n.text)]
    assert "E9 备注8 and 4 more down to E13" in str(note.text)


def test_mapping_file_settles_what_is_not_recognised(tmp_path):
    sheet = [["A", "B", "C", "D", "E"], ["火箭班", "国学", "孙雪", 5, "周一上午"], ["七2", "语文", "余凯", 4, None]]
    (tmp_path / "map.toml").write_text(
        """
        school = "某某学校"
        [sheets.Sheet1]
        layout = "rows"
        header = 1
        [sheets.Sheet1.columns]
        class = "A"
        subject = "B"
        teacher = "C"
        hours = "D"
        forbidden = "E"
        [subjects]
        "国学" = "地方课程"
        [classes."火箭班"]
        grade = 7
        number = 9
        """,
        encoding="utf-8",
    )
    found = findings(tmp_path, sheet)
    assert found[0].origin.sheet == "Sheet1"
    school = read(tmp_path, sheet, mapping=tmp_path / "map.toml")
    assert school.name == "某某学校"
    assert [(c.name, c.grade, c.number) for c in school.classes] == [("火箭班", 7, 9), ("七2", 7, 2)]
    assert [(c.subject, c.label, c.periods) for c in school.courses] == [("地方课程", "国学", 5), ("语文", "语文", 4)]
    assert [r.kind for r in school.requirements] == [K.FORBIDDEN]


def test_the_echo_speaks_both_languages(tmp_path):
    """No note or finding of any layout is left untranslated."""
    before = current_language()
    try:
        schools = [
            read(tmp_path, PAIRS, ["A1:K1"]),
            both(tmp_path),
            read(tmp_path, rows(["孙雪", "九年级", "语文", "1,2", 7, None, None, "周二上午", "随便", None]), ["A1:J1"]),
        ]
        for note in [note for school in schools for note in school.notes]:
            set_language("en")
            english = str(note.text)
            set_language("zh")
            assert str(note.text) != english
    finally:
        set_language(before)
