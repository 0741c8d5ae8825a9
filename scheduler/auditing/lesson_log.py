"""A lesson log (上课日志, 巡课记录): one line for each lesson that was seen or taught, week by week.

Columns in any order, found by their headers: 周次 or 日期, 班级, 星期, 节次, 科目, 教师. What the log does not mention counts as taught
as posted only where the log is of single lessons (巡课); a log that holds most lessons of a class and week is complete, and what it
lacks was not taught.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from instances import class_names
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import Origin
from instances.school import School
from instances.spelling import normalise, number_of
from instances.subjects import canonical
from scheduler.auditing.executed import Comparison, Difference, compare_executed
from scheduler.auditing.headers import find_headers
from scheduler.errors import Finding
from scheduler.reading.timetable_cells import EMPTY
from scheduler.reading.timetable_labels import read_label
from scheduler.reading.workbook import Sheet, Workbook

_HEADERS = {
    "week": r"周次|教学周|第几周|^week$",
    "date": r"日期|^date$",
    "class": r"班级|班别|^class$",
    "day": r"星期|^day$",
    "period": r"节次|^节$|第几节|^period$",
    "subject": r"实际科目|实上科目|科目|学科|课程|^subject$",
    "teacher": r"实际教师|上课教师|教师|老师|^teacher$",
}
_COMPLETE = 0.8  # a class and week with this share of its lessons in the log is logged completely


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log."""

    week: int
    class_name: str
    day: int
    period: int
    subject: str
    teacher: str
    origin: Origin


def find_log(workbook: Workbook) -> tuple[Sheet, int, dict[str, int]] | None:
    """Return the sheet, header row and columns of a lesson log; None when the workbook holds none."""
    for sheet in workbook.sheets:
        if found := find_headers(sheet, _HEADERS, lambda names: names >= {"class", "period", "subject"} and bool(names & {"day", "date"})):
            return sheet, *found
    return None


def read_log(found: tuple[Sheet, int, dict[str, int]], school: School) -> tuple[list[Entry], list[Finding]]:
    """Return the lines of a log, and a finding for each line that cannot be read. Weeks without a number are counted by date."""
    sheet, header, columns = found
    by_identity = {(c.grade, c.number): c.name for c in school.classes}
    by_text = {normalise(c.name): c.name for c in school.classes}
    entries: list[Entry] = []
    findings: list[Finding] = []
    mondays: set[date] = set()
    rows: list[tuple[Entry, date | None]] = []
    for row in range(header + 1, sheet.height + 1):
        cells = {name: sheet.at(row, column) for name, column in columns.items()}
        if not any(cells.values()):
            continue
        text = cells["class"].text
        parsed = class_names.parse(text)
        name = by_text.get(normalise(text)) or (by_identity.get((parsed.grade, parsed.number)) if parsed else None)
        on = _date(cells["date"].text) if "date" in cells else None
        day = (read_label(cells["day"].text).day or number_of(cells["day"].text)) if cells.get("day") else None
        day = day or (on.isoweekday() if on else None)
        label = read_label(cells["period"].text)
        week = number_of(re.sub(r"[第周]", "", cells["week"].text)) if cells.get("week") else None
        problem = (
            Message("the log names a class that the timetable does not have")
            if name is None
            else Message("the day cannot be read")
            if day is None or not 1 <= day <= 7
            else Message("the period cannot be read")
            if not label.periods
            else None
        )
        if problem is not None:
            shown = " ".join(cell.text for cell in cells.values())
            findings.append(Finding(problem, cells["class"].origin, shown, fatal=False))
            continue
        assert name is not None
        assert day is not None
        if on is not None:
            mondays.add(date.fromordinal(on.toordinal() - on.isoweekday() + 1))
        teacher = cells["teacher"].text if "teacher" in cells else ""
        for period in label.periods:
            entry = Entry(week or 0, name, day, period, cells["subject"].text, teacher, cells["subject"].origin)
            rows.append((entry, on if week is None else None))
    order = {monday: n for n, monday in enumerate(sorted(mondays), 1)}
    for entry, on in rows:
        if on is None:
            entries.append(entry)
        else:
            week = order[date.fromordinal(on.toordinal() - on.isoweekday() + 1)]
            entries.append(Entry(week, entry.class_name, entry.day, entry.period, entry.subject, entry.teacher, entry.origin))
    return entries, findings


def compare_with_log(school: School, timetable: SchoolTimetable, entries: list[Entry]) -> Comparison:
    """Compare the posted timetable with the log, week by week. Odd weeks of the log run the lessons of odd weeks."""
    by_week: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_week[entry.week].append(entry)
    changes: list[Difference] = []
    compared = 0
    for week, logged in sorted(by_week.items()):
        parity = (week - 1) % 2 if week else 0
        posted = [x for x in timetable.lessons if x.meets_in(parity) or week == 0]
        taught = [_lesson(entry, school) for entry in logged if not EMPTY.fullmatch(entry.subject) and entry.subject]
        seen = {(entry.class_name, entry.day, entry.period) for entry in logged}
        slots: dict[str, set[tuple[int, int]]] = defaultdict(set)
        for lesson in posted:
            for name in lesson.classes:
                slots[name].add((lesson.day, lesson.period))
        complete = {n for n, here in slots.items() if sum((n, *slot) in seen for slot in here) >= _COMPLETE * len(here)}
        judged = [
            _weekly(x)
            for x in posted
            if any(name in complete or (name, x.day, x.period) in seen for name in x.classes) and x.kind != "event"
        ]
        found = compare_executed(school, SchoolTimetable(tuple(judged)), SchoolTimetable(tuple(taught)), {})
        compared += found.compared
        changes.extend(_in_week(d, week) for d in found.changes)
    return Comparison(tuple(changes), compared, tuple(sorted(by_week)))


def _lesson(entry: Entry, school: School) -> PlacedLesson:
    grade = next(c.grade for c in school.classes if c.name == entry.class_name)
    subject = canonical(entry.subject, grade)
    teachers = tuple(t for t in re.split(r"[、,，/\s]+", entry.teacher) if t)
    return PlacedLesson(entry.day, entry.period, subject, (entry.class_name,), teachers, label=entry.subject, origin=entry.origin)


def _weekly(lesson: PlacedLesson) -> PlacedLesson:
    """Within one week a fortnightly lesson is a lesson like any other."""
    return PlacedLesson(
        lesson.day, lesson.period, lesson.subject, lesson.classes, lesson.teachers, lesson.rooms, lesson.label, origin=lesson.origin
    )


def _in_week(d: Difference, week: int) -> Difference:
    return Difference(d.change, d.class_name, d.day, d.period, d.posted, d.executed, week, d.posted_at, d.executed_at, d.subject)


def _date(text: str) -> date | None:
    match = re.search(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})", normalise(text))
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
