"""Private swaps (私下调课): two teachers have exchanged lessons; entered afterwards, and checked like any other change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from instances.language import Message
from scheduler.covering.diary import Change, DatedLesson, Diary
from scheduler.covering.rules import Fault, change_faults, faults
from scheduler.covering.weekly import WeekChecks, obligations_of
from scheduler.errors import Finding, InputError


def lesson_at(diary: Diary, class_name: str, day: date, period: int) -> DatedLesson:
    """Return the one lesson of a class on a date and period; raises InputError when there is none, or classes mix in it."""
    found = [x for x in diary.on(day) if class_name in x.classes and x.period == period and x.kind != "event"]
    if len(found) != 1:
        text = Message("{name} has no single lesson on {day}, period {period}", name=class_name, day=day, period=period)
        raise InputError([Finding(text, value=str(len(found)))])
    return DatedLesson(day, found[0])


def swapped(first: DatedLesson, second: DatedLesson) -> tuple[Change, Change]:
    """Return the changes by which two lessons exchange their places."""
    a, b = first.lesson, second.lesson
    there = replace(a, day=b.day, period=b.period, start=b.start, end=b.end, double=0)
    here = replace(b, day=a.day, period=a.period, start=a.start, end=a.end, double=0)
    return Change(first, DatedLesson(second.date, there)), Change(second, DatedLesson(first.date, here))


def verdict(diary: Diary, changes: Iterable[Change]) -> list[Fault]:
    """Return what changes would break that was not broken before, the plan's requirements included; empty when they are legal."""
    changes = tuple(changes)
    after = diary.with_changes(changes)
    dates = sorted({day for c in changes for day in (c.before.date, c.after.date)})
    known = {(fault.date, str(fault.text)) for fault in faults(diary, dates, ())}
    new = [f for f in faults(after, dates, ()) if (f.date, str(f.text)) not in known]
    new += change_faults(diary, changes, after)
    return new + WeekChecks(diary, obligations_of(diary.school)).last_word(after, dates)
