"""What stands in one cell of a printed timetable.

Marks: 【单】/【双】 for odd and even weeks, 【连】 for double periods, 【走班】 for blocks in which classes mix. Two fortnightly
lessons share a cell: ``【单】心理/【双】校本``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from instances.language import Message, _
from instances.lessons import PlacedLesson
from instances.school import Weeks
from scheduler.writing.week import WeekView, span


@dataclass(frozen=True, slots=True)
class CellText:
    """``head`` is what one looks for (subject in a class's week, class in a teacher's), ``tail`` the lines below it."""

    head: str
    tail: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All lines, parted by line breaks."""
        return "\n".join(line for line in (self.head, *self.tail) if line)


def listed(names: Iterable[str]) -> str:
    """Return names as a list in running text: ``张三、李四``."""
    return _(", ").join(names)


def week_mark(weeks: Weeks) -> str:
    """Return the mark of a fortnightly lesson."""
    marks = {Weeks.ODD: _("[odd]"), Weeks.EVEN: _("[even]"), Weeks.EITHER: _("[odd or even]")}
    return marks.get(weeks, "")


def subject_of(lesson: PlacedLesson) -> str:
    """Return what the lesson is called in print."""
    return lesson.label or lesson.subject


def _subject(lesson: PlacedLesson) -> str:
    return subject_of(lesson) + (_("[double]") if lesson.double else "")


def _classes(lesson: PlacedLesson) -> str:
    return listed(lesson.classes) or _subject(lesson)


def class_cell(lessons: Sequence[PlacedLesson], home_room: str | None = None) -> CellText:
    """Return the cell of a class: subject, then teachers, then the room where it is not the class's own."""
    if not lessons:
        return CellText("")
    block = _block(lessons)
    if block is not None:
        tail = [" ".join(part for part in (_marked(x, _subject), listed(x.teachers), listed(x.rooms)) if part) for x in lessons]
        if len(tail) > 3:
            tail = ["/".join(dict.fromkeys(_marked(x, subject_of) for x in lessons))]
        return CellText(str(Message("[mixed] {block}", block=block)), tuple(tail))
    head = _joined(lessons, _subject)
    rooms = [x for x in lessons if set(x.rooms) - {home_room}]
    return CellText(head, (_tail(lessons, lambda x: listed(x.teachers)), _tail(rooms, lambda x: listed(x.rooms))))


def master_cell(lessons: Sequence[PlacedLesson]) -> CellText:
    """Return the cell of a class in the master timetable: as narrow as can be."""
    block = _block(lessons)
    if block is not None:
        return CellText(str(Message("[mixed] {block}", block=block)))
    doubled = _("[double]") if any(lesson.double for lesson in lessons) else ""
    return CellText(_joined(lessons, subject_of), (doubled, _tail(lessons, lambda x: listed(x.teachers))))


def teacher_cell(lessons: Sequence[PlacedLesson], *, show_times: bool = False) -> CellText:
    """Return the cell of a teacher: all classes of the lesson, then the subject, then the room."""
    return _shared_cell(lessons, lambda x: (_subject(x) if x.classes else "", listed(x.rooms)), show_times=show_times)


def room_cell(lessons: Sequence[PlacedLesson], *, show_times: bool = False) -> CellText:
    """Return the cell of a room: classes, then subject and teachers; one line for each lesson when several classes share it."""
    return _shared_cell(lessons, lambda x: (_subject(x) if x.classes else "", listed(x.teachers)), show_times=show_times)


def view_cell(view: WeekView, lessons: Sequence[PlacedLesson]) -> CellText:
    """Return the cell of a class's, teacher's or room's week."""
    if view.kind == "class":
        return class_cell(lessons, view.home_room)
    shared = teacher_cell if view.kind == "teacher" else room_cell
    return shared(lessons, show_times=view.show_times)


def _shared_cell(lessons: Sequence[PlacedLesson], about: Callable[[PlacedLesson], Sequence[str]], *, show_times: bool) -> CellText:
    if not lessons:
        return CellText("")
    times = tuple(dict.fromkeys(span(x.start, x.end) for x in lessons)) if show_times else ()
    if len(lessons) > 1 and any(x.weeks is Weeks.EVERY for x in lessons):
        lines = (" ".join(part for part in (week_mark(x.weeks) + _classes(x), *about(x)) if part) for x in lessons)
        return CellText("", (*lines, *times))
    tails = list(zip(*(about(x) for x in lessons), strict=True))
    marked = tuple(str(Message("[mixed] {block}", block=x.block)) for x in lessons if x.block is not None)
    return CellText(
        _joined(lessons, _classes), (*dict.fromkeys(marked), *("/".join(dict.fromkeys(filter(None, tail))) for tail in tails), *times)
    )


def _block(lessons: Sequence[PlacedLesson]) -> str | None:
    """Return the block that all lessons belong to, if there is one."""
    blocks = {lesson.block for lesson in lessons}
    return next(iter(blocks)) if len(blocks) == 1 else None


def _marked(lesson: PlacedLesson, text: Callable[[PlacedLesson], str]) -> str:
    return week_mark(lesson.weeks) + text(lesson)


def _joined(lessons: Sequence[PlacedLesson], text: Callable[[PlacedLesson], str]) -> str:
    """Join the texts of lessons that share a cell: with ``/`` when they take turns, else one below the other."""
    turns = all(lesson.weeks is not Weeks.EVERY for lesson in lessons)
    return ("/" if turns else "\n").join(dict.fromkeys(_marked(lesson, text) for lesson in lessons))


def _tail(lessons: Sequence[PlacedLesson], text: Callable[[PlacedLesson], str]) -> str:
    return "/".join(dict.fromkeys(filter(None, map(text, lessons))))
