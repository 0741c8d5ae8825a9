"""Dates: holidays, make-up days, odd and even weeks; calendar files; the notice board."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Weeks
from scheduler.calendar.ics import calendars, write_calendars
from scheduler.calendar.notice import notice_rows, type_size, write_notice
from scheduler.calendar.school_calendar import SchoolCalendar, plain_calendar, read_calendar, runs_in
from scheduler.covering.diary import Change, DatedLesson, Diary
from scheduler.errors import InputError
from tests.replanning.living_school import in_force, plan

TERM = date(2026, 9, 1)  # a Tuesday
MAKEUP = date(2026, 10, 10)  # a Saturday
TERM_CALENDAR = SchoolCalendar(TERM, date(2027, 1, 15), frozenset(date(2026, 10, n) for n in range(1, 8)), {MAKEUP: (3, None)})


def lesson(day: int, weeks: Weeks = Weeks.EVERY) -> PlacedLesson:
    return PlacedLesson(day, 1, "语文", ("三(1)班",), ("林一",), weeks=weeks, start=500, end=540)


def test_weeks_count_from_the_monday_of_the_first_day() -> None:
    assert [TERM_CALENDAR.week_of(day) for day in (TERM, date(2026, 9, 6), date(2026, 9, 7))] == [1, 1, 2]


def test_no_lessons_on_holidays_and_those_of_another_day_on_a_make_up_day() -> None:
    timetable = SchoolTimetable((lesson(3), lesson(4)))
    assert TERM_CALENDAR.lessons_on(timetable, date(2026, 10, 1)) == ()
    assert TERM_CALENDAR.lessons_on(timetable, MAKEUP) == (lesson(3),)
    assert TERM_CALENDAR.lessons_on(timetable, date(2026, 8, 31)) == ()


def test_a_make_up_day_of_a_date_takes_the_week_of_that_date() -> None:
    """10 October is in week 6; the lessons of 30 September, week 5, are made up: those of odd weeks."""
    timetable = SchoolTimetable((lesson(3, Weeks.ODD), lesson(3, Weeks.EVEN)))
    like = replace(TERM_CALENDAR, makeup={MAKEUP: (3, date(2026, 9, 30))})
    assert (TERM_CALENDAR.week_of(MAKEUP), like.week_of(date(2026, 9, 30))) == (6, 5)
    assert [x.weeks for x in TERM_CALENDAR.lessons_on(timetable, MAKEUP)] == [Weeks.EVEN]
    assert [x.weeks for x in like.lessons_on(timetable, MAKEUP)] == [Weeks.ODD]


@given(st.integers(1, 60))
def test_odd_and_even_lessons_take_turns(week: int) -> None:
    assert runs_in(lesson(1), week)
    assert runs_in(lesson(1, Weeks.ODD), week) == (week % 2 == 1) != runs_in(lesson(1, Weeks.EVEN), week)


def calendar_file(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "校历"
    for row in (("日期", "到", "类型", "按", "说明"), *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_a_calendar_is_read_from_a_workbook(tmp_path: Path) -> None:
    path = calendar_file(
        tmp_path / "校历.xlsx",
        (datetime(2026, 9, 1), None, "开学", None, None),
        ("2026年10月1日", "2026-10-07", "放假", None, "国庆"),
        ("2026/10/10", None, "补课", "周三", None),
        ("2027-01-15", None, "期末", None, None),
    )
    assert read_calendar(path) == TERM_CALENDAR


def test_everything_wrong_with_a_calendar_is_said_at_once(tmp_path: Path) -> None:
    path = calendar_file(
        tmp_path / "校历.xlsx", ("开学那天", None, "开学", None, None), ("2026-10-01", "2026-09-01", "放假", None, None),
        ("2026-10-10", None, "补课", "某天", None), ("2026-10-11", None, "郊游", None, None),
    )  # fmt: skip
    with pytest.raises(InputError) as error:
        read_calendar(path)
    assert {finding.origin.cell for finding in error.value.findings} == {"A2", "B3", "D4", "C5", "C1"}


def diary(*changes: Change) -> Diary:
    return Diary(plan(), in_force(), TERM_CALENDAR, changes)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 80))
def test_calendar_files_hold_every_lesson_at_its_time(offset: int) -> None:
    """Read back by the library: for each class one entry a lesson, in Beijing time."""
    day = TERM + timedelta(days=offset)
    found = calendars(diary(), day, day)
    lessons = TERM_CALENDAR.lessons_on(in_force(), day)
    entries = {
        (component["summary"], component["dtstart"].dt)
        for (kind, name), data in found.items()
        if (kind, name) == ("class", "三(1)班")
        for component in Calendar.from_ical(data).walk("VEVENT")
    }
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
    assert entries == {
        (f"{x.subject} {'、'.join(x.teachers)}", midnight + timedelta(minutes=x.start or 0)) for x in lessons if "三(1)班" in x.classes
    }


def test_calendar_files_are_the_same_every_time_and_named_after_people(tmp_path: Path) -> None:
    found = calendars(diary(), TERM, TERM + timedelta(days=6))
    assert found == calendars(diary(), TERM, TERM + timedelta(days=6))
    found["class", "a/b"], found["class", "a:b"] = b"1", b"2"
    count = write_calendars(found, tmp_path)
    files = sorted(path.name for path in tmp_path.rglob("*.ics"))
    assert count == len(files) == len(set(files))
    assert "林一.ics" in files


def test_the_notice_board_shows_the_changes_of_its_week_alone(tmp_path: Path) -> None:
    monday = date(2026, 9, 7)
    first = next(x for x in diary().on(monday) if "三(1)班" in x.classes)
    change = Change(DatedLesson(monday, first), DatedLesson(monday, replace(first, teachers=("<新>",))))
    changed = diary(change)
    assert [(row.date, row.class_name, row.period) for row in notice_rows(changed, 2)] == [(monday, "三(1)班", first.period)]
    assert notice_rows(changed, 3) == []
    write_notice(changed, 2, tmp_path / "notice.html")
    text = (tmp_path / "notice.html").read_text(encoding="utf-8")
    assert "&lt;新&gt;" in text
    assert "<新>" not in text


def test_a_plain_calendar_is_twenty_whole_weeks() -> None:
    plain = plain_calendar(TERM)
    assert plain.week_of(plain.last) == 20
    assert plain.last.isoweekday() == 7


def test_a_strict_reader_finds_real_dates_in_odd_and_even_weeks_and_none_on_holidays() -> None:
    """Class 三(1)班 has 语文 on odd and 数学 on even Wednesdays at 8:20 in Beijing: every date of the term by hand, the made-up day too."""
    lessons = (lesson(3, Weeks.ODD), replace(lesson(3, Weeks.EVEN), subject="数学", label="数学"))
    data = calendars(Diary(plan(), SchoolTimetable(lessons), TERM_CALENDAR))["class", "三(1)班"]
    for line in data.split(b"\r\n"):
        assert len(line) <= 75  # RFC 5545, 3.1
        assert b"\n" not in line
    read: Any = Calendar.from_ical(data)
    assert not read.errors
    events = read.walk("VEVENT")
    assert all(not event.errors and event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=40) for event in events)
    assert len({str(event["uid"]) for event in events}) == len(events)
    wednesdays = [TERM + timedelta(days=1 + 7 * n) for n in range(20)]
    expected = {
        (day, "语文" if number % 2 == 0 else "数学")
        for number, day in enumerate(wednesdays)
        if not date(2026, 10, 1) <= day <= date(2026, 10, 7)
    }
    expected.add((MAKEUP, "数学"))  # Saturday of week 6, an even one
    beijing = timezone(timedelta(hours=8))
    found = {(event["dtstart"].dt.astimezone(beijing), str(event["summary"]).split()[0]) for event in events}
    assert {(at.date(), subject) for at, subject in found} == expected
    assert {(at.hour, at.minute) for at, _ in found} == {(8, 20)}


@given(st.integers(0, 55))
def test_the_notice_board_stays_on_one_sheet(rows: int) -> None:
    """At 1.2 times the type size a line and 0.3 em above and below, head row included, 55 rows fit 250 mm; few rows are printed large."""
    point = 25.4 / 72
    assert (rows + 1) * type_size(rows) * point * (1.2 + 0.6) <= 250
    assert type_size(rows) == 12 or rows > 25
