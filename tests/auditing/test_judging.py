"""Clashes, hours against the plan, and what a timetable does not show: hand-computed cases."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.case import Case
from constraints.judging import judge
from constraints.ruleset import load_ruleset
from constraints.verdict import Status, Verdict
from instances.bells import BellSchedule, Section, SectionKind
from instances.language import set_language
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Course, Room, School, SchoolClass, Weeks
from scheduler.auditing.audit import audit
from scheduler.auditing.clashes import find_clashes
from scheduler.auditing.doubt import judge_with_doubt
from scheduler.auditing.hours import compare_with_plan, lessons_a_week
from scheduler.auditing.report import write_audit
from scheduler.auditing.selfcheck import FORMS, fill
from scheduler.reading.timetable import read_timetable
from tests.auditing.layouts import CLASSES, TEACHERS, master, week


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def lesson(
    class_name: str = "A",
    day: int = 1,
    period: int = 1,
    subject: str = "语文",
    teacher: str = "孙雪",
    room: str = "",
    weeks: Weeks = Weeks.EVERY,
    clock: tuple[int, int] | None = None,
) -> PlacedLesson:
    start, end = clock or (None, None)
    rooms = (room,) if room else ()
    return PlacedLesson(day, period, subject, (class_name,), (teacher,) if teacher else (), rooms, subject, weeks, start, end)


def school(*classes: str, rooms: tuple[Room, ...] = ()) -> School:
    return School("test", tuple(SchoolClass(name, 3, n) for n, name in enumerate(classes or ("A", "B"), 1)), (), (), (), rooms)


def broken(lessons: list[PlacedLesson], *, rooms: tuple[Room, ...] = ()) -> list[tuple[str, Status]]:
    verdicts = find_clashes(school(rooms=rooms), SchoolTimetable(tuple(lessons)))
    return sorted((v.rule.id, v.status) for v in verdicts if v.status in (Status.FAIL, Status.WARNING))


def test_a_teacher_in_two_classes_at_once_is_one_clash() -> None:
    assert broken([lesson("A"), lesson("B")]) == [("teacher-clash", Status.FAIL)]


def test_another_period_or_day_or_teacher_is_no_clash() -> None:
    assert broken([lesson("A"), lesson("B", period=2), lesson("B", day=2), lesson("B", period=1, teacher="马倩")]) == []


def test_odd_and_even_weeks_do_not_meet_but_every_week_meets_both() -> None:
    assert broken([lesson("A", weeks=Weeks.ODD), lesson("B", weeks=Weeks.EVEN)]) == []
    assert broken([lesson("A", weeks=Weeks.ODD), lesson("B", weeks=Weeks.ODD)]) == [("teacher-clash", Status.FAIL)]
    assert broken([lesson("A", weeks=Weeks.EVERY), lesson("B", weeks=Weeks.EVEN)]) == [("teacher-clash", Status.FAIL)]


def test_different_bells_clash_by_the_clock_not_by_the_number() -> None:
    """Period 2 of one grade (9:00-9:40) overlaps period 1 of another (8:50-9:30); equal numbers that do not overlap are no clash."""
    assert broken([lesson("A", period=2, clock=(540, 580)), lesson("B", period=1, clock=(530, 570))]) == [("teacher-clash", Status.FAIL)]
    assert broken([lesson("A", period=1, clock=(480, 520)), lesson("B", period=1, clock=(520, 560))]) == []


def test_a_class_in_two_lessons_at_once() -> None:
    assert broken([lesson("A"), lesson("A", subject="数学", teacher="马倩")]) == [("class-clash", Status.FAIL)]


def test_a_room_holds_as_many_as_it_takes() -> None:
    three = [lesson(c, subject="体育", teacher=c * 2, room="操场") for c in ("A", "B")]
    assert broken(three, rooms=(Room("操场", capacity=2),)) == []
    assert broken(three, rooms=(Room("操场", capacity=1),)) == [("room-clash", Status.FAIL)]


def test_a_room_is_counted_by_the_clock_across_bells() -> None:
    """Period 2 that begins before another grade's period 1 meets it in the room."""
    a = lesson("A", period=2, clock=(530, 570), room="音乐室")
    b = lesson("B", period=1, clock=(550, 590), room="音乐室", teacher="姚秀")
    assert broken([a, b]) == [("room-clash", Status.FAIL)]
    assert broken([a, replace(b, start=570, end=610)]) == []


def test_odd_and_even_weeks_share_a_room() -> None:
    """A weekly lesson and one in odd, one in even weeks: never more than two at once."""
    three = [
        lesson("A", room="馆"),
        lesson("B", teacher="马倩", room="馆", weeks=Weeks.ODD),
        lesson("C", teacher="姚秀", room="馆", weeks=Weeks.EVEN),
    ]
    assert broken(three, rooms=(Room("馆", capacity=2),)) == []
    assert broken(three, rooms=(Room("馆", capacity=1),)) == [("room-clash", Status.FAIL)] * 2


def test_words_that_stand_for_several_people_do_not_clash() -> None:
    assert broken([lesson("A", teacher="班主任"), lesson("B", teacher="班主任")]) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lesson,
            class_name=st.sampled_from("ABC"),
            day=st.integers(1, 2),
            period=st.integers(1, 2),
            teacher=st.sampled_from(["孙雪", "马倩"]),
            subject=st.sampled_from(["语文", "数学"]),
            weeks=st.sampled_from([Weeks.EVERY, Weeks.ODD, Weeks.EVEN]),
        ),
        max_size=7,
    )
)
def test_clashes_are_those_of_a_second_reading(lessons: list[PlacedLesson]) -> None:
    """Count again, week by week: a teacher clashes exactly where some week and slot holds more than one of the lessons."""
    verdicts = find_clashes(school("A", "B", "C"), SchoolTimetable(tuple(lessons)))
    found = {v.point.split(" ")[0] for v in verdicts if v.rule.id == "teacher-clash" and v.status is Status.FAIL}
    again = {
        t
        for t in ("孙雪", "马倩")
        for w in (0, 1)
        for d in (1, 2)
        for p in (1, 2)
        if sum(t in x.teachers and (x.day, x.period) == (d, p) and x.meets_in(w) for x in lessons) > 1
    }
    assert found == again


# -- hours ------------------------------------------------------------------------------------------------------------


def plan(**periods: Fraction | int) -> School:
    """A plan for class A: subject=lessons, teacher 孙雪 for all."""
    courses = tuple(Course(s, s, ("A",), ("孙雪",), Fraction(n)) for s, n in periods.items())
    return replace(school("A"), courses=courses)


def differences(courses: School, lessons: list[PlacedLesson]) -> list[tuple[str, str, str]]:
    verdicts, _ = compare_with_plan(courses, school("A"), SchoolTimetable(tuple(lessons)))
    return [(v.rule.id, v.measured, v.limit) for v in verdicts if v.status is not Status.PASS]


def test_hours_that_agree_are_met_task_by_task() -> None:
    lessons = [lesson(period=p) for p in (1, 2)] + [lesson(subject="心理", period=3, weeks=Weeks.ODD)]
    verdicts, count = compare_with_plan(plan(语文=2, 心理=Fraction(1, 2)), school("A"), SchoolTimetable(tuple(lessons)))
    assert (count.tasks, count.met) == (2, 2)
    assert [v.status for v in verdicts] == [Status.PASS]


def test_a_lesson_too_few_too_many_and_a_subject_not_in_the_plan() -> None:
    assert differences(plan(语文=2), [lesson()]) == [("plan-hours", "1", "= 2")]
    assert differences(plan(语文=1), [lesson(), lesson(period=2)]) == [("plan-hours", "2", "= 1")]
    assert differences(plan(语文=1), [lesson(), lesson(period=2, subject="数学")]) == [("plan-hours", "1", "= 0")]


def test_a_weekly_lesson_where_the_plan_has_every_other_week() -> None:
    assert differences(plan(心理=Fraction(1, 2)), [lesson(subject="心理")]) == [("plan-hours", "1", "= 0.5")]


def test_another_teacher_and_a_surname_for_the_full_name() -> None:
    assert differences(plan(语文=1), [lesson(teacher="马倩")]) == [("plan-teacher", "马倩", "孙雪")]
    assert differences(plan(语文=1), [lesson(teacher="孙")]) == []
    assert differences(plan(语文=1), [lesson(teacher="孙老师")]) == []


def test_hours_are_the_mean_of_odd_and_even_weeks() -> None:
    odd, even = lesson(weeks=Weeks.ODD), lesson(weeks=Weeks.EVEN)
    assert lessons_a_week([odd]) == Fraction(1, 2)
    assert lessons_a_week([odd, even]) == 1
    assert lessons_a_week([lesson(), replace(lesson(), teachers=("马倩",))]) == 1  # two groups in one slot


# -- doubt ------------------------------------------------------------------------------------------------------------


def with_gap(gap: int, *more: Section) -> Case:
    """Grade 3 with four morning lessons, ``gap`` minutes after the first, and no word of a long break."""
    starts = [500, 540 + gap, 590 + gap, 640 + gap]
    sections = sorted((*(Section(SectionKind.LESSON, a, a + 40, period=n) for n, a in enumerate(starts, 1)), *more), key=lambda s: s.start)
    bells = (BellSchedule("", (), {d: tuple(sections) for d in range(1, 6)}),)
    return Case(replace(school("A"), bells=bells), SchoolTimetable((lesson(),)))


def status(verdicts: list[Verdict], rule: str) -> set[Status]:
    return {v.status for v in verdicts if v.rule.id == rule}


EYES = (Section(SectionKind.EYE_EXERCISE, 900, 905), Section(SectionKind.EYE_EXERCISE, 950, 955))


def test_an_unnamed_gap_of_thirty_minutes_leaves_the_long_break_open() -> None:
    """Judged as shown the day has none; the gap may be it, so nobody can say."""
    rules = load_ruleset("national")
    case = with_gap(30, *EYES)
    assert status(judge(rules, case), "long-break") == {Status.FAIL}
    assert status(judge_with_doubt(rules, case), "long-break") == {Status.UNKNOWN}


def test_a_gap_of_ten_minutes_is_no_long_break_whatever_its_name() -> None:
    assert status(judge_with_doubt(load_ruleset("national"), with_gap(10, *EYES)), "long-break") == {Status.FAIL}


def test_a_full_bell_schedule_leaves_no_doubt() -> None:
    """Bells that name the arrival and the breaks show everything."""
    case = with_gap(30, *EYES, Section(SectionKind.ARRIVAL, 480, 500))
    assert status(judge_with_doubt(load_ruleset("national"), case), "long-break") == {Status.FAIL}


# -- the whole audit --------------------------------------------------------------------------------------------------


def test_every_cell_of_a_verdict_is_a_cell_of_the_timetable(tmp_path: Path) -> None:
    """29 of 30 lessons in one class: the weekly total fails for that class only, and clashes name the two cells."""
    lessons = week(0)
    del_key = (CLASSES[0], 5, 6)
    lessons[del_key] = ("", "")
    result = audit(read_timetable(master(lessons, tmp_path / "t.xlsx")), load_ruleset("national"))
    failed = [v for v in result.verdicts if v.rule.id == "weekly-total-3-6" and v.status is Status.FAIL]
    assert [v.point for v in failed] == [CLASSES[0]]
    assert failed[0].measured == "29"
    clashes = [v for v in result.verdicts if v.rule.id == "teacher-clash" and v.status is Status.FAIL]
    again = {
        (t, d, p) for d in range(1, 6) for p in range(1, 7) for t in {t for names in TEACHERS.values() for t in names}
        if sum(lessons[c, d, p][1] == t for c in CLASSES) > 1
    }  # fmt: skip
    assert len(clashes) == len(again)
    assert all(origin.cell and origin.sheet == "总课表" for v in clashes for origin in result.places(v))


def test_forms_are_filled_where_measured_and_left_to_people_otherwise(tmp_path: Path) -> None:
    result = audit(read_timetable(master(week(0), tmp_path / "t.xlsx")), load_ruleset("national"))
    assert {len(form.items) for form in FORMS} == {4, 5, 6, 8}
    eight = next(form for form in FORMS if len(form.items) == 8)
    lines = {str(line.item.title): line for line in fill(eight, result.verdicts)}
    assert lines["Course management"].status is Status.FAIL
    assert lines["Study time at school"].status is not None
    assert lines["Textbooks and teaching aids"].status is None
    assert lines["Textbooks and teaching aids"].reason
    assert lines["Amount of homework"].status is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_holds_every_breach_and_leaves_names_empty(language: str, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    result = audit(read_timetable(master(week(0), tmp_path / "t.xlsx")), load_ruleset("national"))
    write_audit(result, tmp_path / "report.xlsx", language=language)
    book = load_workbook(tmp_path / "report.xlsx")
    ledger = book[{"zh": "问题台账", "en": "Problem ledger"}[language]]
    rows = [row for row in ledger.iter_rows(min_row=4, values_only=True) if row[0]]
    assert sum(row[3] for row in rows) == result.counts[Status.FAIL] + result.counts[Status.WARNING]
    assert all(not cell for row in rows for cell in row[8:11])
    text = "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    if language == "zh":
        assert "Self-check" not in text
        assert "not read" not in text


def test_reports_of_the_same_audit_are_the_same_bytes(tmp_path: Path) -> None:
    result = audit(read_timetable(master(week(0), tmp_path / "t.xlsx")), load_ruleset("national"))
    for name in ("a.xlsx", "b.xlsx"):
        write_audit(result, tmp_path / name, language="en")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
