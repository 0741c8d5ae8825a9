"""What is written is read back: any school, in either language, every kind of requirement."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.bells import BellSchedule, Section, SectionKind
from instances.sample_school import sample_school
from instances.school import (
    Course,
    Requirement,
    RequirementKind,
    Room,
    School,
    SchoolClass,
    Selector,
    Slot,
    Teacher,
    Weeks,
)  # fmt: skip
from instances.subjects import CANONICAL
from scheduler.errors import Finding
from scheduler.reading.template import is_template, school_of
from scheduler.reading.template_requirements import NEEDS
from scheduler.reading.workbook import open_workbook
from scheduler.writing.plan import write_plan
from tests.template.plans import content, read

# Names with everything that an office types: formula signs, brackets, half and full width, separators inside a name, digits only.
_ALPHABET = st.sampled_from("王李张一二三甲乙AbZ07()（）-+=@·.'\"&<>")
NAMES = st.one_of(
    st.text(_ALPHABET, min_size=1, max_size=8),
    st.sampled_from(
        ["=1+1", "+86", "-", "@王", "701", "王、李", "A,B", "'quoted", "示例", "无", "一年级", "周一", "1", "TRUE", "1/2", "8:20"]
    ),
)


def _distinct(names: list[str]) -> bool:
    from instances.spelling import key

    return len({key(name) for name in names}) == len(names) and all(key(name) for name in names)


def _names(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(NAMES, min_size=least, max_size=most, unique=True).filter(_distinct)


@st.composite
def bells(draw: st.DrawFn, name: str, grades: tuple[int, ...]) -> BellSchedule:
    """Bells with 4 to 6 lessons a day, on some days one fewer, with named sections between them."""
    lessons = draw(st.integers(4, 6))
    days = draw(st.sampled_from([(1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6), (1, 3, 4)]))
    short = draw(st.sampled_from([0, *days]))
    between = draw(st.lists(st.sampled_from([k for k in SectionKind if k is not SectionKind.LESSON]), max_size=3))
    label = draw(st.sampled_from(["", "第一节课", "早读(语文)"]))
    week = {}
    for day in days:
        count = lessons - (day == short)
        sections = [Section(SectionKind.LESSON, 480 + 60 * i, 520 + 60 * i, label, i + 1) for i in range(count)]
        sections += [Section(kind, 520 + 60 * i, 530 + 60 * i) for i, kind in enumerate(between)]
        week[day] = tuple(sorted(sections, key=lambda s: s.start))
    return BellSchedule(
        name, grades, week, draw(st.sampled_from(["", "summer", "winter"])), draw(st.booleans()), partial=draw(st.booleans())
    )


@st.composite
def schools(draw: st.DrawFn) -> School:
    """Schools of up to four classes with requirements of every kind."""
    teachers = draw(_names(1, 5))
    classes = draw(_names(1, 4))
    rooms = draw(_names(0, 3))
    grades = [draw(st.integers(1, 12)) for _ in classes]
    schedules = [draw(bells("全校", ()))]
    if draw(st.booleans()):
        schedules.insert(0, draw(bells("高年级", tuple(range(5, 13)))))
    subjects = draw(st.lists(st.sampled_from(CANONICAL), min_size=1, max_size=4, unique=True))
    courses = []
    for number in range(draw(st.integers(1, 6))):
        half = draw(st.booleans())
        periods = Fraction(draw(st.integers(0 if half else 1, 1))) + (Fraction(1, 2) if half else 0)
        courses.append(
            Course(
                f"K{number}",
                draw(st.sampled_from(subjects)),
                tuple(draw(st.lists(st.sampled_from(classes), min_size=1, max_size=2, unique=True))),
                tuple(draw(st.lists(st.sampled_from(teachers), max_size=2, unique=True))),
                periods,
                draw(st.sampled_from(["", "=SUM(A1)", "书法(软)"])),
                weeks=draw(st.sampled_from([Weeks.ODD, Weeks.EVEN, Weeks.EITHER])) if half else Weeks.EVERY,
                room=draw(st.sampled_from([None, *rooms])),
                block=draw(st.sampled_from([None, "走班A"])),
            )
        )  # fmt: skip
    slots = [Slot(day, section.period or 0) for bell in schedules for day in bell.days for section in bell.periods(day)]
    common = [s for s in slots if all(s.period in [x.period for x in bell.periods(s.day)] for bell in schedules)]

    def some(values: list[str], least: int = 0) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(values), min_size=min(least, len(values)), max_size=2, unique=True))) if values else ()

    def selector(least: int = 0) -> Selector:
        return Selector(
            some(classes), tuple(draw(st.lists(st.integers(1, 12), max_size=2, unique=True))), some(teachers, least),
            some([c.subject for c in courses]), some(rooms), some(["语文组"] if teachers else []), some([c.id for c in courses]),
        )  # fmt: skip

    requirements = []
    for kind in draw(st.lists(st.sampled_from(list(RequirementKind)), max_size=4)):
        needs = NEEDS[kind]
        weight = draw(st.sampled_from([None, 0, 7]))
        requirements.append(
            Requirement(
                kind,
                selector(1),
                tuple(draw(st.lists(st.sampled_from(common), min_size=1 if "slots" in needs else 0, max_size=5, unique=True)))
                if common
                else (),
                draw(st.integers(0, 9)) if "count" in needs else draw(st.sampled_from([None, 3])),
                selector(1) if "other" in needs else Selector(),
                draw(st.sampled_from([Weeks.ODD, Weeks.EITHER])) if "weeks" in needs else Weeks.EVERY,
                draw(st.booleans()),
                weight,
                draw(st.sampled_from(["升旗", "=HYPERLINK(1)", "- 教研"])),
                draw(st.sampled_from(["", "cn-2021-01"])),
            )
        )
    return School(
        draw(st.sampled_from(["示例学校", "=cmd|' /C calc'!A0", ""])),
        tuple(
            SchoolClass(
                name, grade, number, draw(st.sampled_from([None, 45])), draw(st.sampled_from([None, *teachers])),
                draw(st.sampled_from([None, "201"])),
            )
            for number, (name, grade) in enumerate(zip(classes, grades, strict=True), start=1)
        ),
        tuple(Teacher(name, some(subjects), "语文组" if index == 0 else None) for index, name in enumerate(teachers)),
        tuple(courses),
        tuple(schedules),
        tuple(Room(name, draw(st.sampled_from(["", "实验室"])), draw(st.integers(1, 4))) for name in rooms),
        tuple(requirements),
        draw(st.sampled_from([("national",), ("national", "beijing"), ()])),
        draw(st.dictionaries(st.sampled_from(["subject_spread", "pe_not_first", "other"]), st.integers(0, 50))),
    )  # fmt: skip


def _there_and_back(school: School, language: str) -> tuple[School, list[Finding]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan(school, path, language=language)
        result = read(path)
        return result.school, result.fatal


@settings(deadline=None, max_examples=40)
@given(schools(), st.sampled_from(["zh", "en"]))
def test_any_school_is_read_back_as_it_was_written(school: School, language: str) -> None:
    """Names that look like formulas, numbers, dates or lists included; nothing is reported wrong."""
    back, fatal = _there_and_back(school, language)
    assert [str(f.message) for f in fatal] == []
    assert content(back) == content(school)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", list(RequirementKind))
def test_every_kind_of_requirement_is_read_back(kind: RequirementKind, language: str) -> None:
    """Each kind with every field that it can have."""
    requirement = Requirement(
        kind, Selector(("三年级1班",), (3,), ("高远",), ("数学",)), (Slot(1, 1), Slot(1, 2), Slot(3, 4)), 2,
        Selector(subjects=("体育",), teachers=("何川",)), Weeks.ODD, False, 4, "说明", "cn-1",
    )  # fmt: skip
    school = sample_school()
    school = School(school.name, school.classes, school.teachers, school.courses, school.bells, school.rooms, (requirement,))
    back, fatal = _there_and_back(school, language)
    assert fatal == []
    assert content(back.requirements) == content((requirement,))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_new_plan_is_read_without_a_word(language: str, tmp_path: Path) -> None:
    """The plan that the office starts from has nothing to mend, and no cell is left unread."""
    from scheduler.writing.plan import new_plan

    path = tmp_path / "plan.xlsx"
    new_plan(path, language)
    workbook = open_workbook(path)
    assert is_template(workbook)
    result = read(path)
    assert result.findings == []
    assert result.notes == []
    assert content(result.school) == content(sample_school(language))


def test_every_record_knows_its_cell(tmp_path: Path) -> None:
    """Classes, teachers, courses, rooms, bells, sections and requirements point at the sheet and row that they stand in."""
    path = tmp_path / "plan.xlsx"
    write_plan(sample_school(), path)
    school = school_of(open_workbook(path))
    assert str(school.classes[1].origin) == "plan.xlsx[班级!A3]"
    assert str(school.teachers[0].origin) == "plan.xlsx[教师!A2]"
    assert str(school.courses[13].origin) == "plan.xlsx[课程计划!A15]"
    assert str(school.rooms[0].origin) == "plan.xlsx[场地!A2]"
    assert str(school.bells[0].days[1][1].origin) == "plan.xlsx[作息时间!A3]"
    assert str(school.requirements[2].origin) == "plan.xlsx[排课要求!A4]"
