"""Month-end counts (课时统计): for each teacher own lessons, lessons covered by others, lessons covered for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from instances.language import Message, _
from scheduler.covering.diary import Change, Diary
from scheduler.ledger.ledger import REVOKE, SUBSTITUTE, Entry, came, went
from scheduler.writing.atomic import replacing
from scheduler.writing.book import BODY, CENTRED, TITLE, Book
from scheduler.writing.cells import listed, subject_of
from scheduler.writing.week import slot_name


@dataclass(frozen=True, slots=True)
class Count:
    """``planned`` lessons of the timetable on the dates of the month, ``missed`` given by others, ``covering`` given for others, and
    ``given`` in all. Swapped lessons are nobody's loss and count where they are given. Meetings do not count.
    """

    teacher: str
    planned: int
    missed: int
    covering: int
    given: int


def month_counts(diary: Diary, year: int, month: int) -> list[Count]:
    """Return the counts of every teacher; ``diary`` holds the changes of the ledger."""
    plain = Diary(diary.school, diary.timetable, diary.calendar)
    last = date(year + month // 12, month % 12 + 1, 1)
    planned: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for day in diary.calendar.dates(date(year, month, 1)):
        if day >= last:
            break
        for source, into in ((plain, planned), (diary, given)):
            into.update(name for lesson in source.on(day) if lesson.kind != "event" for name in lesson.teachers)
    missed: Counter[str] = Counter()
    covering: Counter[str] = Counter()
    for change in diary.changes:
        if (
            change.before.date == change.after.date
            and date(year, month, 1) <= change.after.date < last
            and change.after.lesson in diary.on(change.after.date)
        ):
            missed.update(went(change))
            covering.update(came(change))
    names = dict.fromkeys([*(t.name for t in diary.school.teachers), *sorted({*planned, *given})])
    return [Count(name, planned[name], missed[name], covering[name], given[name]) for name in names]


def write_month(diary: Diary, entries: Sequence[Entry], year: int, month: int, path: Path, *, inputs: Sequence[Path] = ()) -> list[Count]:
    """Write the counts, and the ledger's lines of the month below them, to a workbook; return the counts."""
    counts = month_counts(diary, year, month)
    with replacing(path, inputs) as temporary:
        book = Book(temporary, diary.school.name)
        _add_counts(book, diary, counts, year, month)
        _add_entries(book, [e for e in entries if any((c.before.date.year, c.before.date.month) == (year, month) for c in e.changes)])
        book.close()
    return counts


def _add_counts(book: Book, diary: Diary, counts: Sequence[Count], year: int, month: int) -> None:
    sheet = book.sheet(_("Lessons of the month"))
    title = Message("{school}: lessons given in {year}-{month}", school=diary.school.name, year=year, month=f"{month:02d}")
    sheet.table(1, (_("teacher"), _("own"), _("covered by others"), _("covering for others"), _("given")), (18, 12, 16, 18, 12))
    sheet.text(0, 0, str(title), TITLE)
    for row, count in enumerate(counts, 2):
        sheet.text(row, 0, count.teacher, CENTRED)
        for column, value in enumerate((count.planned, count.missed, count.covering, count.given), 1):
            sheet.number(row, column, value, CENTRED)
    sheet.raw.freeze_panes(2, 1)
    sheet.raw.repeat_rows(0, 1)


def _add_entries(book: Book, entries: Sequence[Entry]) -> None:
    sheet = book.sheet(_("Ledger"))
    heads = (
        _("no."),
        _("kind"),
        _("date"),
        _("class"),
        _("which lesson"),
        _("instead"),
        _("absent"),
        _("reason"),
        _("approved by"),
        _("rules say"),
    )
    widths = (6, 12, 12, 14, 26, 30, 12, 20, 12, 24)
    sheet.table(0, heads, widths)
    row = 1
    for entry in entries:
        for change in entry.changes:
            old = change.before
            values = (
                str(entry.number), kind_name(entry.kind), old.date.isoformat(), listed(old.lesson.classes), lesson_text(change, False),
                lesson_text(change, True), entry.absent, entry.reason, entry.approved, entry.verdict,
            )  # fmt: skip
            for column, value in enumerate(values):
                sheet.text(row, column, value, BODY)
            sheet.height_for(row, values, widths)
            row += 1
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.repeat_rows(0)


def kind_name(kind: str) -> str:
    """Return the name of a kind of entry."""
    return {SUBSTITUTE: _("substitute"), "swap": _("swap"), "private swap": _("private swap"), REVOKE: _("taken back")}.get(kind, kind)


def lesson_text(change: Change, after: bool) -> str:
    """Return a lesson before or after a change: subject, teachers, day and period, and the date where it is another."""
    side = change.after if after else change.before
    lesson = side.lesson
    when = slot_name(side.date.isoweekday(), lesson.period)
    other = side.date.isoformat() if after and side.date != change.before.date else ""
    return " ".join(part for part in (subject_of(lesson), listed(lesson.teachers), other, when) if part)
