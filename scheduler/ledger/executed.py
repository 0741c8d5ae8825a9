"""What was really taught in a week, as a timetable: for the audit's comparison of posted against executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Weeks
from scheduler.covering.diary import Diary
from scheduler.writing.atomic import replacing
from scheduler.writing.book import Book
from scheduler.writing.colours import tints
from scheduler.writing.data_sheet import add_data
from scheduler.writing.master import add_master
from scheduler.writing.views import add_views
from scheduler.writing.week import class_views, room_views, school_frame, teacher_views


def executed_week(diary: Diary, week: int) -> SchoolTimetable:
    """Return the lessons taught in a week of the term (1 is the first), each on the weekday of its date; make-up days by theirs."""
    monday = diary.calendar.monday + timedelta(days=7 * (week - 1))
    lessons: list[PlacedLesson] = []
    for day in diary.calendar.dates(monday, monday + timedelta(days=6)):
        lessons += [replace(lesson, day=day.isoweekday(), weeks=Weeks.EVERY) for lesson in diary.on(day)]
    lessons.sort(key=lambda x: (x.day, x.period, x.classes, x.teachers, x.label))
    return SchoolTimetable(tuple(lessons))


def write_executed(diary: Diary, week: int, path: Path, *, inputs: Sequence[Path] = ()) -> SchoolTimetable:
    """Write the executed week as a timetable workbook (master, classes, teachers, rooms, data) that ``kebiao audit --executed`` reads."""
    from instances.language import Message, _

    timetable = executed_week(diary, week)
    school = diary.school
    monday: date = diary.calendar.monday + timedelta(days=7 * (week - 1))
    title = str(Message("{school}: lessons given in week {week} (from {monday})", school=school.name, week=week, monday=monday))
    with replacing(path, inputs) as temporary:
        book = Book(temporary, school.name)
        colours = tints(school, (lesson.subject for lesson in timetable.lessons))
        master = _("Master timetable")
        shown = [master]
        book.sheet(master)
        classes = class_views(school, timetable)
        sheets = (
            (_("Class timetables"), classes),
            (_("Teacher timetables"), teacher_views(school, timetable)),
            (_("Room timetables"), room_views(school, timetable)),
        )
        for name, views in sheets:
            if views:
                shown.append(name)
                add_views(book, name, title, views, colours)
        add_master(book, master, title, school_frame(school, timetable), classes, colours)
        add_data(book, _("Data"), school.name, timetable, shown)
        book.close()
    return timetable
