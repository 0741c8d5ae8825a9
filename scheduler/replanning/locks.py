"""``--lock``: what must stay where it is: a class, a teacher, a day, a cell, or several of these together.

``三(1)班``, ``周一``, ``王芳``, ``三(1)班 周一第3节``, ``Mon 3``: the words of one lock must all hold, several locks add up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from instances.language import Message
from instances.lessons import PlacedLesson
from instances.school import School
from instances.spelling import normalise
from scheduler.errors import Finding, InputError

_DAYS = ("一", "二", "三", "四", "五", "六", "日")
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])|\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)
_PERIOD = re.compile(r"第?\s*(\d{1,2})\s*节|(?:period|p)\s*(\d{1,2})|(?<![\w(（.])(\d{1,2})(?![\w)）.])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lock:
    """A lesson is locked when every field that is filled matches it."""

    text: str
    classes: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    day: int | None = None
    period: int | None = None

    def holds(self, lesson: PlacedLesson) -> bool:
        """Say whether the lesson must stay."""
        return (
            (not self.classes or bool(set(self.classes) & set(lesson.classes)))
            and (not self.teachers or bool(set(self.teachers) & set(lesson.teachers)))
            and (self.day is None or lesson.day == self.day)
            and (self.period is None or lesson.period == self.period)
        )


def parse_lock(text: str, school: School) -> Lock:
    """Return what a lock, or the name of a cell, means; raises InputError for one that names nothing."""
    rest = text
    classes, rest = _named(rest, [c.name for c in school.classes])
    teachers, rest = _named(rest, [t.name for t in school.teachers])
    day = period = None
    if found := _DAY.search(rest):
        word = (found.group(1) or found.group(2)).lower().replace("天", "日")
        day = (_DAYS.index(word) if word in _DAYS else _ENGLISH.index(word)) + 1
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if found := _PERIOD.search(rest):
        period = int(next(group for group in found.groups() if group))
        rest = rest[: found.start()] + " " + rest[found.end() :]
    if rest.strip(" ,，、") or not (classes or teachers or day or period):
        raise InputError(
            [
                Finding(
                    Message("This lock is not understood"),
                    value=text,
                    expected=Message("a class, a teacher, a day, a period, or several: “{example}”", example="三(1)班 周一第3节"),
                )
            ]
        )
    return Lock(text, classes, teachers, day, period)


def parse_locks(texts: Sequence[str], school: School) -> tuple[Lock, ...]:
    """Return all locks; raises InputError with a finding for each one that is not understood."""
    locks: list[Lock] = []
    findings: list[Finding] = []
    for text in texts:
        try:
            locks.append(parse_lock(text, school))
        except InputError as error:
            findings.extend(error.findings)
    if findings:
        raise InputError(findings)
    return tuple(locks)


def _named(text: str, names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return the longest name that stands in the text, whatever the width of its brackets, and the text without it."""
    for name in sorted(names, key=len, reverse=True):
        plain = normalise(name)
        whole = normalise(text)
        if plain and plain in whole:
            at = whole.index(plain)
            # Normalising takes blanks out of the text: what is left may be read without them.
            return (name,), f"{whole[:at]} {whole[at + len(plain) :]}"
    return (), text
