"""Calendar files (iCalendar, RFC 5545) for every teacher and class, with the real dates of the term."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from instances.language import _
from instances.lessons import PlacedLesson
from scheduler.covering.diary import Diary
from scheduler.writing.atomic import replacing
from scheduler.writing.cells import listed, subject_of

ZONE = ZoneInfo("Asia/Shanghai")
FOLDERS = {"class": "classes", "teacher": "teachers"}


def calendars(diary: Diary, first: date | None = None, last: date | None = None) -> dict[tuple[str, str], bytes]:
    """Return the calendar of each (kind, name), kind ``class`` or ``teacher``, as bytes; lessons without clock times are left out.

    Times are Beijing time. The same diary gives the same bytes; an entry keeps its UID as long as it stays on its date and period.
    """
    by_person: dict[tuple[str, str], list[tuple[date, PlacedLesson]]] = defaultdict(list)
    for day in diary.calendar.dates(first, last):
        for lesson in diary.on(day):
            if lesson.start is None or lesson.end is None:
                continue
            for name in lesson.classes:
                by_person["class", name].append((day, lesson))
            for name in lesson.teachers:
                by_person["teacher", name].append((day, lesson))
    stamp = datetime.combine(diary.calendar.first, time(), UTC)
    return {person: _calendar(*person, found, stamp) for person, found in sorted(by_person.items())}


def _calendar(kind: str, name: str, found: list[tuple[date, PlacedLesson]], stamp: datetime) -> bytes:
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//kebiao//timetable//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    for day, lesson in found:
        event = Event()
        assert lesson.start is not None
        assert lesson.end is not None
        event.add("uid", _uid(kind, name, day, lesson))
        event.add("dtstamp", stamp)
        # UTC needs no time zone table in the file, and China has no summer time.
        event.add("dtstart", _at(day, lesson.start))
        event.add("dtend", _at(day, lesson.end))
        event.add(
            "summary",
            " ".join(part for part in (subject_of(lesson), listed(lesson.classes if kind == "teacher" else lesson.teachers)) if part),
        )
        if lesson.rooms:
            event.add("location", listed(lesson.rooms))
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _at(day: date, minutes: int) -> datetime:
    return (datetime.combine(day, time(), ZONE) + timedelta(minutes=minutes)).astimezone(UTC)


def _uid(kind: str, name: str, day: date, lesson: PlacedLesson) -> str:
    text = f"{kind}|{name}|{day}|{lesson.period}|{lesson.subject}|{'|'.join(lesson.classes)}"
    return hashlib.sha256(text.encode()).hexdigest()[:32] + "@kebiao"


def write_calendars(found: Mapping[tuple[str, str], bytes], folder: Path) -> int:
    """Write one file for each person into ``folder``/classes and ``folder``/teachers; return how many."""
    names: dict[tuple[str, str], str] = {}
    for (kind, name), data in found.items():
        place = Path(folder) / _(FOLDERS[kind])
        place.mkdir(parents=True, exist_ok=True)
        file = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .") or "_"
        while names.setdefault((kind, file.casefold()), name) != name:
            file += "_"
        with replacing(place / f"{file}.ics") as temporary:
            temporary.write_bytes(data)
    return len(found)
