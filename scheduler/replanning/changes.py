"""变更: what is different between the timetable in force and the new one, for every class and teacher, ready to print."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from instances.language import Message, _
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.origin import NOWHERE
from instances.school import School
from scheduler.writing.book import BODY, CENTRED, HEADER, SUBTITLE, TITLE, Book
from scheduler.writing.cells import class_cell, teacher_cell
from scheduler.writing.week import slot_name

Slot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell in the week of one person (a class or a teacher, ``kind``) that shows something else than before."""

    kind: str
    name: str
    day: int
    period: int
    before: tuple[PlacedLesson, ...]
    after: tuple[PlacedLesson, ...]

    def texts(self) -> tuple[str, str]:
        """Return before and after as they stand in the timetables, on one line; ``—`` for nothing."""
        text = class_cell if self.kind == "class" else teacher_cell
        before, after = (" ".join(text(side).text.split()) or "—" for side in (self.before, self.after))
        return before, after


def changes_between(before: SchoolTimetable, after: SchoolTimetable) -> tuple[Change, ...]:
    """Return every changed cell, classes first, each person in the order of the week."""
    found: list[Change] = []
    for kind in ("class", "teacher"):
        was, now = _cells(before, kind), _cells(after, kind)
        for name in dict.fromkeys([*was, *now]):
            slots = sorted({*was.get(name, {}), *now.get(name, {})})
            for slot in slots:
                old, new = was.get(name, {}).get(slot, ()), now.get(name, {}).get(slot, ())
                if Counter(map(_plain, old)) != Counter(map(_plain, new)):
                    found.append(Change(kind, name, *slot, old, new))
    return tuple(found)


def _cells(timetable: SchoolTimetable, kind: str) -> dict[str, dict[Slot, tuple[PlacedLesson, ...]]]:
    people = timetable.by_class if kind == "class" else timetable.by_teacher
    found: dict[str, dict[Slot, list[PlacedLesson]]] = defaultdict(lambda: defaultdict(list))
    for name, lessons in people.items():
        for lesson in lessons:
            found[name][lesson.day, lesson.period].append(lesson)
    return {name: {slot: tuple(lessons) for slot, lessons in slots.items()} for name, slots in found.items()}


def _plain(lesson: PlacedLesson) -> PlacedLesson:
    """Return what people see of a lesson: where it was read and the ids of the plan's rows do not count."""
    return replace(lesson, origin=NOWHERE, courses=(), start=None, end=None, double=0)


def add_changes(book: Book, title: str, facts: Sequence[str], changes: Iterable[Change]) -> None:
    """Add the sheet 变更: a line for each changed cell of a class."""
    sheet = book.sheet(_("Changes"))
    heads = (_("for whom"), _("when"), _("before"), _("after"))
    widths = (18, 16, 44, 44)
    sheet.widths(widths)
    sheet.text(0, 0, title, TITLE)
    row = 1
    for fact in facts:
        sheet.merged(row, 0, row, 3, fact, SUBTITLE)
        row += 1
    for column, head in enumerate(heads):
        sheet.text(row, column, head, HEADER)
    top = row
    for change in changes:
        row += 1
        before, after = change.texts()
        sheet.text(row, 0, change.name, CENTRED)
        sheet.text(row, 1, slot_name(change.day, change.period), CENTRED)
        sheet.text(row, 2, before, BODY)
        sheet.text(row, 3, after, BODY)
        sheet.height_for(row, ["", "", before, after], widths)
    if row == top:
        sheet.text(row + 1, 0, _("nothing changed"), BODY)
    sheet.raw.freeze_panes(top + 1, 1)
    sheet.raw.repeat_rows(top)


def add_notices(book: Book, school: School, changes: Sequence[Change]) -> None:
    """Add the sheet 通知单: for each class and teacher a note to cut out, several on a page, none torn by a page break."""
    people: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        people[change.kind, change.name].append(change)
    if not people:
        return
    sheet = book.sheet(_("Notices"))
    sheet.raw.set_portrait()
    widths = (16, 34, 34)
    sheet.widths(widths)
    row = 0
    used = 0
    breaks = []
    for (_kind, name), own in people.items():
        height = len(own) + 4
        if used and used + height > 38:
            breaks.append(row)
            used = 0
        used += height
        sheet.merged(
            row,
            0,
            row,
            2,
            str(Message("{school}: change of timetable for {name}", school=school.name, name=name)),
            {**SUBTITLE, "bold": True, "font_size": 12},
        )
        for column, head in enumerate((_("when"), _("before"), _("after"))):
            sheet.text(row + 1, column, head, HEADER)
        row += 2
        for change in own:
            before, after = change.texts()
            sheet.text(row, 0, slot_name(change.day, change.period), CENTRED)
            sheet.text(row, 1, before, BODY)
            sheet.text(row, 2, after, BODY)
            sheet.height_for(row, ["", before, after], widths)
            row += 1
        sheet.merged(row, 0, row, 2, "✂" + " -" * 40, {**SUBTITLE, "align": "center"})
        row += 2
    sheet.raw.set_h_pagebreaks(breaks[:1023])
