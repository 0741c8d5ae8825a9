"""Covering absences: whatever is proposed is legal, what cannot be is said to be impossible, protected lessons stay protected."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Requirement, RequirementKind, School, SchoolClass, Selector, Slot, Teacher
from scheduler.calendar.school_calendar import SchoolCalendar
from scheduler.covering.cover import cover
from scheduler.covering.describe import entries_of, option_text
from scheduler.covering.diary import Diary
from scheduler.covering.private import lesson_at, swapped, verdict
from scheduler.covering.rules import Absence, is_protected
from scheduler.errors import InputError
from tests.compiling.small_school import bells
from tests.replanning.living_school import in_force, plan

MONDAY = date(2026, 9, 7)
CALENDAR = SchoolCalendar(date(2026, 9, 1), date(2026, 12, 31))
PEOPLE = ("林一", "周二", "高三", "何四", "叶五")


def diary() -> Diary:
    return Diary(plan(), in_force(), CALENDAR)


def lesson(day: int, period: int, subject: str, name: str, teacher: str, **more: object) -> PlacedLesson:
    return PlacedLesson(day, period, subject, (name,), (teacher,), label=subject, start=440 + 50 * period, end=480 + 50 * period, **more)  # type: ignore[arg-type]


def made(*lessons: PlacedLesson, spare: tuple[str, ...] = (), requirements: tuple[Requirement, ...] = ()) -> Diary:
    """A diary of primary classes with just these lessons; ``spare`` teachers have none."""
    classes = dict.fromkeys(name for x in lessons for name in x.classes)
    teachers = dict.fromkeys([*(t for x in lessons for t in x.teachers), *spare])
    school = School(
        "small", tuple(SchoolClass(n, 3) for n in classes), tuple(Teacher(t) for t in teachers), (), (bells(),), requirements=requirements
    )
    return Diary(school, SchoolTimetable(lessons), CALENDAR)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3), st.integers(0, 40), st.integers(0, 3))
def test_every_proposal_is_legal(names: set[str], offset: int, days: int) -> None:
    """Checked here from the days themselves: nobody twice at once, nobody absent, as many lessons for each class, activity kept."""
    first = MONDAY + timedelta(days=offset)
    last = first + timedelta(days=days)
    before = diary()
    result = cover(before, [Absence(name, first, last) for name in sorted(names)])
    assert result.proved
    after = result.after()
    open_lessons = {(target.date, target.lesson) for target, _why in result.uncovered}
    touched = {d for c in result.changes for d in (c.before.date, c.after.date)} | set(CALENDAR.dates(first, last))
    for day in touched:
        lessons = after.on(day)
        people = Counter((name, x.period) for x in lessons for name in (*x.teachers, *x.classes))
        assert max(people.values(), default=0) <= 1
        for x in lessons:
            if first <= day <= last and set(x.teachers) & names:
                assert (day, x) in open_lessons
        for own in ("三(1)班", "三(2)班"):
            mine, theirs = ([x for x in d.on(day) if own in x.classes] for d in (before, after))
            assert sorted(x.period for x in mine) == sorted(x.period for x in theirs)
            assert any(x.subject == "体育" for x in theirs) or not any(x.subject == "体育" for x in mine)
    for change in result.changes:
        if is_protected(change.before.lesson.subject, 3):
            assert change.after.lesson.subject not in ("语文", "数学", "英语")
    fortnight = timedelta(days=14)
    assert all(abs(c.after.date - c.before.date) < fortnight for c in result.changes)


def test_the_same_subject_teacher_who_knows_the_class_comes_first() -> None:
    """b teaches maths to the class as well, c maths elsewhere, d music to the class: b is asked."""
    given_diary = made(
        lesson(1, 1, "数学", "三1", "a"),
        lesson(1, 2, "数学", "三1", "b"),
        lesson(1, 3, "数学", "三2", "c"),
        lesson(1, 4, "音乐", "三1", "d"),
    )
    result = cover(given_diary, [Absence("a", MONDAY, MONDAY)])
    assert [(o.kind, o.teacher, o.cost) for o in result.chosen] == [("substitute", "b", 0)]
    assert "b" in option_text(result.chosen[0])


def test_those_who_covered_often_are_spared() -> None:
    """b and c are alike but b has covered twice this term."""
    given_diary = made(lesson(1, 1, "数学", "三1", "a"), lesson(1, 2, "数学", "三1", "b"), lesson(1, 3, "数学", "三1", "c"))
    assert [o.teacher for o in cover(given_diary, [Absence("a", MONDAY, MONDAY)], {"b": 2}).chosen] == ["c"]


def test_a_double_lesson_is_covered_by_one_person() -> None:
    """Each half alone would be a tie between b and c, and two covers by one cost more; the double is kept together all the same."""
    given_diary = made(
        lesson(1, 1, "数学", "三1", "a", double=1), lesson(1, 2, "数学", "三1", "a", double=2),
        lesson(1, 3, "数学", "三1", "b"), lesson(1, 4, "数学", "三1", "c"),
    )  # fmt: skip
    chosen = cover(given_diary, [Absence("a", MONDAY, MONDAY)]).chosen
    assert len(chosen) == 2
    assert len({o.teacher for o in chosen}) == 1


def test_music_is_not_given_to_chinese() -> None:
    """The only free teacher teaches Chinese: music stays uncovered, with the reason, where no swap is possible either."""
    given_diary = made(lesson(1, 1, "音乐", "三1", "a"), lesson(1, 2, "语文", "三2", "b"))
    result = cover(given_diary, [Absence("a", MONDAY, MONDAY + timedelta(days=30))])
    assert result.chosen == ()
    assert len(result.uncovered) == 5
    assert "proved impossible" in str(result.uncovered[0][1])
    assert "protected" in str(result.uncovered[0][1])


def test_pe_is_not_turned_into_music_but_an_activity_period_may_be_led_by_anybody() -> None:
    """The daily hour: PE needs a PE teacher, 体育活动 stays 体育活动 whoever leads it."""
    pe = made(lesson(1, 1, "体育", "三1", "a"), lesson(1, 2, "音乐", "三1", "b"))
    away = [Absence("a", MONDAY, MONDAY + timedelta(days=20))]
    assert [o for o in cover(pe, away).chosen if o.kind == "substitute"] == []
    activity = made(lesson(1, 1, "体育活动", "三1", "a", kind="activity"), lesson(1, 2, "语文", "三1", "b"))
    assert {c.after.lesson.subject for c in cover(activity, away).changes} == {"体育活动"}


def test_a_lesson_is_swapped_where_nobody_of_the_subject_is_free() -> None:
    """Maths on Monday against music on Tuesday: both teachers are free there, and nothing is lost."""
    given_diary = made(lesson(1, 1, "数学", "三1", "a"), lesson(2, 1, "音乐", "三1", "b"))
    result = cover(given_diary, [Absence("a", MONDAY, MONDAY)])
    assert [o.kind for o in result.chosen] == ["swap"]
    after = result.after()
    assert [x.subject for x in after.on(MONDAY)] == ["音乐"]
    assert [x.subject for x in after.on(MONDAY + timedelta(days=1))] == ["数学"]


def test_a_swap_does_not_take_the_only_pe_from_a_day() -> None:
    """Tuesday's only activity is its PE lesson: it may not go to Monday."""
    given_diary = made(lesson(1, 1, "数学", "三1", "a"), lesson(2, 1, "体育", "三1", "b"))
    assert [o for o in cover(given_diary, [Absence("a", MONDAY, MONDAY)]).chosen if o.kind == "swap"] == []


def test_periods_that_the_plan_forbids_are_not_asked_for() -> None:
    closed = Requirement(RequirementKind.FORBIDDEN, Selector(teachers=("b",)), (Slot(1, 1),))
    lessons = (lesson(1, 1, "数学", "三1", "a"), lesson(1, 2, "数学", "三1", "b"), lesson(1, 3, "数学", "三2", "c"))
    assert [o.teacher for o in cover(made(*lessons, requirements=(closed,)), [Absence("a", MONDAY, MONDAY)]).chosen] == ["c"]


def test_nobody_is_sent_to_two_lessons_at_once() -> None:
    """Two absences in one period, one maths teacher left who could take either: one lesson is covered, the other is said to need him."""
    given_diary = made(
        lesson(1, 1, "体育", "三1", "a"),
        lesson(1, 1, "体育", "三2", "b"),
        lesson(1, 2, "体育", "三1", "c"),
        lesson(1, 3, "语文", "三1", "d"),
    )
    result = cover(given_diary, [Absence("a", MONDAY, MONDAY), Absence("b", MONDAY, MONDAY)])
    used = Counter((o.teacher, o.target.lesson.period) for o in result.chosen if o.kind == "substitute")
    assert used == {("c", 1): 1}


def test_bad_absences_are_all_reported() -> None:
    with pytest.raises(InputError) as error:
        cover(
            diary(),
            [
                Absence("谁", MONDAY, MONDAY),
                Absence("林一", MONDAY, MONDAY - timedelta(days=1)),
                Absence("林一", date(2030, 1, 1), date(2030, 1, 2)),
            ],
        )
    assert len(error.value.findings) == 3
    with pytest.raises(InputError):
        cover(diary(), [])


def test_a_private_swap_is_checked() -> None:
    """Legal: two lessons of the class at times when both teachers are free. Not legal: b is in another class then."""
    given_diary = made(
        lesson(1, 1, "数学", "三1", "a"),
        lesson(1, 2, "音乐", "三1", "b"),
        lesson(1, 3, "语文", "三1", "c"),
        lesson(1, 1, "音乐", "三2", "b"),
    )
    maths, music, chinese = (lesson_at(given_diary, "三1", MONDAY, n) for n in (1, 2, 3))
    assert verdict(given_diary, swapped(maths, chinese)) == []
    assert any("b" in str(fault.text) for fault in verdict(given_diary, swapped(maths, music)))
    with pytest.raises(InputError):
        lesson_at(given_diary, "三1", MONDAY, 4)


def test_entries_say_who_was_absent_and_why() -> None:
    result = cover(diary(), [Absence("高三", MONDAY, MONDAY + timedelta(days=2))])
    entries = entries_of(result, [Absence("高三", MONDAY, MONDAY)], written="2026-09-06T08:00:00", reason="病假", approved="主任")
    assert len(entries) == len(result.chosen)
    assert {(e.absent, e.reason, e.approved) for e in entries} == {("高三", "病假", "主任")}
    assert replace(entries[0], written="").written == ""
