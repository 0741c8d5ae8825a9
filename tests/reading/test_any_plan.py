"""Properties of reading: what is written is read, and nothing that stands in a cell can make the reader fail."""

from __future__ import annotations

from datetime import date, time
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from instances.class_names import grade_label
from instances.school import School
from scheduler.errors import Finding, InputError
from scheduler.reading.read import read_school
from tests.reading.sheets import courses, write

SUBJECTS = ["语文", "数学", "英语", "体育", "音乐", "心理(0.5)"]
TEACHERS = ["孙雪", "马倩", "余凯", "姚秀", "范龙", "代课1"]
GOOD = {
    "pairs": {
        "S": [
            ["班级", "语文", None, "数学", None, "合计"],
            ["七年级1班", 5, "孙雪", 5, "马倩", 10],
            ["七年级2班", "5", "孙雪", "4", "崔敏", 9],
        ]
    },
    "matrix": {
        "任课": [
            ["某校2025秋"],
            ["班别", "班主任", "语文", "数学"],
            ["高一（1）", "孙雪", "孙雪", "马倩"],
            ["高一（2）", "余凯", "余凯", "马倩"],
        ],
        "课时": [["年级", "课程名", "课时", "备课时间"], ["高一", "语文", 5, "4:2-4"], ["高一", "数学", 5, "无"]],
    },
    "rows": {
        "初三": [
            ["姓名", "任教年级", "学科", "任教班", "周课时", "不能排课节次", "排课要求"],
            ["孙雪", "九年级", "语文", "1,2", 5, "周二上午", "每天最多4节"],
            ["余凯", "九年级", "数学", "1", 5, None, "保证每天有1节"],
        ]
    },
    "bells": {
        "计划": [["班级", "科目", "教师", "课时"], ["701", "语文", "孙雪", 5]],
        "作息时间": [["节次", "时间"], ["第1节", "8:00-8:40"], ["第2节", "8:50-9:30"], ["第3节", "14:00-14:40"]],
    },
}
VALUES = st.one_of(
    st.none(),
    st.integers(-5, 10**7),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(
        [
            date(2026, 5, 1),
            time(8, 20),
            "=1+1",
            "#REF!",
            "班级",
            "语文",
            "孙雪",
            "合计",
            "周一上午",
            "七年级1班",
            "1,2",
            "高一",
            "示例",
            " ",
            "0.5",
            "99",
        ]
    ),
    st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=8),
)


def attempt(path: Path) -> School | tuple[Finding, ...]:
    """Read a plan; return the school, or the findings for which it is refused."""
    try:
        return read_school([path])
    except InputError as error:
        return error.findings


@st.composite
def plans(draw):
    """Weekly lessons and teacher of each class and subject; None where a class does not take the subject."""
    grade = draw(st.integers(1, 12))
    numbers = draw(st.lists(st.integers(1, 30), min_size=1, max_size=5, unique=True))
    entry = st.one_of(st.none(), st.tuples(st.integers(1, 5), st.sampled_from(TEACHERS)))
    plan = {f"{grade_label(grade)}{n}班": [draw(entry) for _ in SUBJECTS] for n in numbers}
    first = next(iter(plan))
    plan[first] = [cell or (1, "孙雪") for cell in plan[first]]
    return plan


@given(plans())
@settings(deadline=None, max_examples=25)
def test_pairs_read_what_was_written(plan):
    header = ["班级", *[x for s in SUBJECTS for x in (s, None)]]
    data = [[name, *[x for cell in cells for x in ((str(cell[0]), cell[1]) if cell else (None, None))]] for name, cells in plan.items()]
    with TemporaryDirectory() as folder:
        school = read_school(write(Path(folder) / "plan.xlsx", [header, *data]))
    expected = {
        (name, subject.removesuffix("(0.5)")): (Fraction(cell[0]) / (2 if "0.5" in subject else 1), (cell[1],))
        for name, cells in plan.items()
        for subject, cell in zip(SUBJECTS, cells, strict=True)
        if cell
    }
    assert [c.name for c in school.classes] == list(plan)
    found: dict[tuple[str, str], Fraction] = {}
    for course in school.courses:  # 1.5 lessons are one every week and one every other week
        key = (course.classes[0], course.label)
        found[key] = found.get(key, Fraction(0)) + course.periods
        assert course.teachers == expected[key][1]
    assert found == {key: hours for key, (hours, _) in expected.items()}
    assert {t.name for t in school.teachers} == {who for _, whom in expected.values() for who in whom}


@given(st.sampled_from(sorted(GOOD)), st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5), st.integers(1, 8), VALUES), max_size=4))
@settings(deadline=None, max_examples=150)
def test_spoiled_cells_are_read_or_refused(layout, changes):
    """Any values in any cells of any layout: a school, or findings; each says which file."""
    sheets = {name: [list(row) for row in rows] for name, rows in GOOD[layout].items()}
    for sheet, row, column, value in changes:
        rows = sheets[sorted(sheets)[sheet % len(sheets)]]
        while len(rows) < row:
            rows.append([])
        rows[row - 1] += [None] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = value
    with TemporaryDirectory() as folder:
        path = write(Path(folder) / "plan.xlsx", sheets)
        outcome = attempt(path)
    if isinstance(outcome, School):
        assert courses(outcome)
    else:
        assert outcome
        assert all(f.origin.file == "plan.xlsx" and str(f.message) for f in outcome)


@given(
    st.sampled_from(["pairs", "matrix", "rows"]),
    st.integers(0, 1),
    st.integers(1, 7),
    st.integers(1, 10),
    st.sampled_from(["不明之物", "某甲", "7X9"]),
)
@settings(deadline=None, max_examples=150)
def test_a_text_in_any_cell_is_used_or_named(layout, sheet, row, column, text):
    """A text put anywhere turns up again: in the school, in its notes, or in a finding. Nothing is dropped silently."""
    sheets = {name: [list(row) for row in rows] for name, rows in GOOD[layout].items()}
    rows = sheets[sorted(sheets)[sheet % len(sheets)]]
    while len(rows) < row:
        rows.append([])
    rows[row - 1] += [None] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = text
    with TemporaryDirectory() as folder:
        outcome = attempt(write(Path(folder) / "plan.xlsx", sheets))
    if isinstance(outcome, School):
        records = (*outcome.classes, *outcome.teachers, *outcome.courses, *outcome.requirements)
        said = "\n".join([*map(repr, records), *(f"{n.origin.cell} {n.value} {n.text}" for n in outcome.notes)])
    else:
        said = "\n".join(f"{f.origin.cell} {f.value} {f.message}" for f in outcome)
    assert text in said


@given(
    st.binary(max_size=400),
    st.sampled_from(["plan.xlsx", "plan.xls", "plan.csv"]),
    st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")]),
)
@settings(deadline=None, max_examples=150)
def test_any_bytes_are_refused_or_read(content, name, magic):
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(magic + content)
        outcome = attempt(path)
    assert isinstance(outcome, School) or all(f.origin.file == name for f in outcome)
