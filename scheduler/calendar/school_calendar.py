"""校历: which day's lessons run on which date.

Weeks count from the Monday of the week in which the term starts; odd and even weeks (单双周) by that number. A make-up day (调休补课)
follows the lessons of another day, in the week of that day when a date is given, else in its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Weeks
from instances.spelling import key
from scheduler.errors import Finding, InputError
from scheduler.reading.workbook import Cell, Sheet, open_workbook

HEADS = ("日期", "到", "类型", "按", "说明")
_KIND_WORDS = {
    "start": ("开学", "term start"),
    "holiday": ("放假", "假期", "holiday"),
    "makeup": ("补课", "调休", "make-up"),
    "end": ("期末", "放寒假", "放暑假", "term end"),
}
_KINDS = {key(word): kind for kind, words in _KIND_WORDS.items() for word in words}
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?")
_DAY_WORDS = (
    "一 mon monday",
    "二 tue tuesday",
    "三 wed wednesday",
    "四 thu thursday",
    "五 fri friday",
    "六 sat saturday",
    "日 天 sun sunday",
)
_DAYS = {word: day for day, words in enumerate(_DAY_WORDS, 1) for word in words.split()}
_HEADS = {
    "日期": "date", "date": "date", "从": "date", "到": "until", "至": "until", "to": "until", "until": "until",
    "类型": "kind", "kind": "kind", "按": "like", "补": "like", "like": "like",
}  # fmt: skip


@dataclass(frozen=True)
class SchoolCalendar:
    """``first`` and ``last`` day of the term; ``holidays``; ``makeup`` maps a date to the (weekday, date or None) that it follows."""

    first: date
    last: date
    holidays: frozenset[date] = frozenset()
    makeup: Mapping[date, tuple[int, date | None]] = field(default_factory=dict)

    @property
    def monday(self) -> date:
        """The Monday of week 1."""
        return self.first - timedelta(days=self.first.weekday())

    def week_of(self, day: date) -> int:
        """Return the number of the week, 1 for the first."""
        return (day - self.monday).days // 7 + 1

    def follows(self, day: date) -> tuple[int, int] | None:
        """Return the weekday (1 Monday) and the number of the week whose lessons run on a date; None when there is no school."""
        if not self.first <= day <= self.last or day in self.holidays:
            return None
        if day in self.makeup:
            weekday, like = self.makeup[day]
            return weekday, self.week_of(like or day)
        return day.isoweekday(), self.week_of(day)

    def lessons_on(self, timetable: SchoolTimetable, day: date) -> tuple[PlacedLesson, ...]:
        """Return the lessons that run on a date, odd and even weeks told apart."""
        found = self.follows(day)
        if found is None:
            return ()
        weekday, week = found
        return tuple(lesson for lesson in timetable.lessons if lesson.day == weekday and runs_in(lesson, week))

    def dates(self, first: date | None = None, last: date | None = None) -> Iterator[date]:
        """Yield the school days from ``first`` to ``last`` (default: the term), in order."""
        day = max(first or self.first, self.first)
        while day <= min(last or self.last, self.last):
            if self.follows(day) is not None:
                yield day
            day += timedelta(days=1)


def runs_in(lesson: PlacedLesson, week: int) -> bool:
    """Say whether a lesson runs in the week of this number; a fortnightly lesson without a side counts as odd."""
    if lesson.weeks is Weeks.EVERY:
        return True
    return (week % 2 == 0) == (lesson.weeks is Weeks.EVEN)


def plain_calendar(first: date, weeks: int = 20) -> SchoolCalendar:
    """Return a term without holidays: what stands in where no calendar is given."""
    monday = first - timedelta(days=first.weekday())
    return SchoolCalendar(first, monday + timedelta(days=7 * weeks - 1))


def read_calendar(path: Path) -> SchoolCalendar:
    """Return the calendar in the first sheet that has the columns 日期 and 类型; raises InputError with all findings."""
    workbook = open_workbook(path)
    for sheet in workbook.sheets:
        for row in range(1, min(sheet.height, 10) + 1):
            places = {_head(cell): column for column, cell in enumerate(sheet.row(row), 1)}
            if "date" in places and "kind" in places:
                return _read(sheet, row, places)
    expected = Message("a sheet with the columns {names}", names="、".join(HEADS))
    raise InputError([Finding(Message("This workbook holds no school calendar"), workbook.origin, expected=expected)])


def _head(cell: Cell) -> str:
    return _HEADS.get(cell.key, "")


def _read(sheet: Sheet, top: int, places: Mapping[str, int]) -> SchoolCalendar:
    findings: list[Finding] = []
    starts: list[date] = []
    ends: list[date] = []
    holidays: set[date] = set()
    makeup: dict[date, tuple[int, date | None]] = {}

    def refuse(cell: Cell, expected: Message) -> None:
        findings.append(Finding(Message("This cell of the school calendar is not understood"), cell.origin, cell.text, expected))

    for row in range(top + 1, sheet.height + 1):
        at = {name: sheet.at(row, column) for name, column in places.items() if name}
        if not any(at.values()):
            continue
        day = date_of(at["date"].value)
        kind = _KINDS.get(key(at["kind"].text))
        if day is None:
            refuse(at["date"], Message("a date: {example}", example="2026-10-01"))
        if kind is None:
            refuse(at["kind"], Message("one of {words}", words="、".join(("开学", "放假", "补课", "期末"))))
        if day is None or kind is None:
            continue
        until = day
        if at.get("until"):
            last = date_of(at["until"].value)
            if last is None or last < day:
                refuse(at["until"], Message("a date: {example}", example="2026-10-07"))
                continue
            until = last
        if kind == "start":
            starts.append(day)
        elif kind == "end":
            ends.append(day)
        elif kind == "holiday":
            holidays.update(day + timedelta(days=n) for n in range((until - day).days + 1))
        else:
            like = at.get("like")
            given = date_of(like.value) if like else None
            weekday = given.isoweekday() if given else _weekday(like.text) if like else None
            if weekday is None:
                refuse(like or at["date"], Message("the day whose lessons are made up: 周五, or its date"))
            else:
                makeup[day] = (weekday, given)
    if len(starts) != 1:
        place, expected = sheet.place(top, places["kind"]), Message("one line of the kind 开学")
        text = Message("The school calendar needs one line for the start of term")
        findings.append(Finding(text, place, str(len(starts)), expected))
    if findings:
        raise InputError(findings)
    last = max(ends) if ends else plain_calendar(starts[0]).last
    return SchoolCalendar(starts[0], last, frozenset(holidays - makeup.keys()), makeup)


def date_of(value: object) -> date | None:
    """Return the date in a cell or an option: a real date, or text like 2026-11-23, 2026/11/23, 2026年11月23日."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.match(str(value or "").strip())
    if not match:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _weekday(text: str) -> int | None:
    plain = key(text).removeprefix("周").removeprefix("星期").removesuffix("课").removesuffix("的")
    return _DAYS.get(plain)
