"""Covers in words, and as entries of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from instances.language import Listing, Message
from scheduler.covering.cover import Covered
from scheduler.covering.diary import DatedLesson
from scheduler.covering.options import Option
from scheduler.covering.rules import Absence
from scheduler.ledger.ledger import SUBSTITUTE, SWAP, Entry
from scheduler.writing.cells import listed, subject_of
from scheduler.writing.week import day_name, slot_name


def target_text(target: DatedLesson) -> tuple[str, int, str, str]:
    """Return date, period, class and lesson of what has to be covered."""
    lesson = target.lesson
    day = f"{target.date.isoformat()} {day_name(target.date.isoweekday())}"
    return day, lesson.period, listed(lesson.classes), f"{subject_of(lesson)} {listed(lesson.teachers)}"


def option_text(option: Option) -> str:
    """Return a cover in one line: who takes it and why it suits, or what it is swapped with."""
    why = Listing(option.why)
    if option.partner is None:
        after = option.changes[0].after.lesson
        return str(Message("{teacher} takes it as {subject} ({why})", teacher=option.teacher, subject=subject_of(after), why=why))
    partner = option.partner
    return str(
        Message(
            "swap with {subject} of {teacher} on {date}, {slot} ({why})",
            subject=subject_of(partner.lesson),
            teacher=listed(partner.lesson.teachers),
            date=partner.date.isoformat(),
            slot=slot_name(partner.date.isoweekday(), partner.lesson.period),
            why=why,
        )
    )


def entries_of(result: Covered, absences: Sequence[Absence], *, written: str, reason: str = "", approved: str = "") -> list[Entry]:
    """Return the proposal as entries of the ledger: one for each lesson covered."""
    names = {absence.teacher for absence in absences}
    entries = []
    for option in result.chosen:
        absent = "、".join(name for name in option.target.lesson.teachers if name in names)
        kind = SUBSTITUTE if option.kind == "substitute" else SWAP
        entries.append(Entry(kind, option.changes, written, absent, reason, approved, str(Message("keeps the rules"))))
    return entries
