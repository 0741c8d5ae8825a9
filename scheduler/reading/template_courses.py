"""The sheet 课程计划 of our own plan: who teaches what to whom, how many lessons a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from instances import class_names
from instances.language import Message
from instances.origin import NOWHERE, Origin
from instances.school import Course, SchoolClass, Teacher, Weeks
from instances.spelling import key
from scheduler.plan_names import Names
from scheduler.plan_sheets import CLASSES, COURSES, TEACHERS
from scheduler.plan_words import WEEKS
from scheduler.reading.draft import Draft
from scheduler.reading.echo import Echo
from scheduler.reading.template_names import close_names, find_class, subject_of, unknown_name
from scheduler.reading.template_table import Row, number_in
from scheduler.reading.workbook import Cell


def read_courses(rows: Sequence[Row], draft: Draft, names: Names, echo: Echo, workbook: Origin) -> None:
    """Append the courses to ``draft``, and the classes and teachers that only the course plan names if their sheets are blank."""
    if not rows and not any(f.fatal and f.origin.sheet in COURSES.name.forms() for f in echo.findings):
        echo.wrong(
            Message("the sheet {sheet} is missing or has no rows", sheet=COURSES.name),
            workbook,
            Message("a row for each class and subject"),
        )
    reader = _Reader(draft, names, echo)
    for row in rows:
        if row.needed("classes", "subject", "periods"):
            reader.read(row)
    for derived, form in ((reader.derive_classes, CLASSES), (reader.derive_teachers, TEACHERS)):
        if derived and rows:
            echo.note(Message("the sheet {sheet} is blank; its names are taken from the course plan", sheet=form.name), assumed=True)


ACTIVITY_PERIOD = "体育活动"
"""The daily activity period, which stands in sections of its own."""


class _Reader:
    def __init__(self, draft: Draft, names: Names, echo: Echo) -> None:
        self.draft = draft
        self.names = names
        self.echo = echo
        self.ids: dict[str, Origin] = {}
        self.contents: dict[Course, Origin] = {}
        self.derive_classes = not draft.classes
        self.derive_teachers = not draft.teachers

    def read(self, row: Row) -> None:
        """Append the course of a row to the draft."""
        course_id = row.text("id") or f"{row.number}"
        if course_id in self.ids:
            self.echo.wrong(
                Message("number {id} stands twice, first in {cell}", id=course_id, cell=self.ids[course_id].cell),
                row.cell("id"),
                COURSES["id"].note,
            )
        self.ids.setdefault(course_id, row.first.origin)
        classes = self._names(row, "classes", self._class)
        teachers = self._names(row, "teachers", self._teacher)
        grade = next((c.grade for c in self.draft.classes if c.name in classes), None)
        subject, label = subject_of(row.text("subject"), grade)
        periods, weeks = self._periods(row), row.word("weeks", WEEKS)
        doubles = row.whole("doubles", 0, 20) or 0
        if periods is None:
            return
        weeks = self._check_weeks(row, periods, weeks)
        if 2 * doubles > periods:
            self.echo.wrong(
                Message("{doubles} double periods do not fit into {periods} lessons", doubles=doubles, periods=_plain(periods)),
                row.cell("doubles"),
                Message("at most {most}", most=int(periods) // 2),
            )
        label, room, block = row.text("label") or label, self._room(row), row.optional("block")
        course = Course(
            course_id, subject, tuple(classes), tuple(teachers), periods, label, doubles, weeks, room, block, row.first.origin
        )  # fmt: skip
        self._compare(course, row)
        self.draft.courses.append(course)

    def _compare(self, course: Course, row: Row) -> None:
        """Warn of a row that says the same as one before: it may have been copied by mistake."""
        content = replace(course, id="", origin=NOWHERE)
        before = self.contents.setdefault(content, row.first.origin)
        if before is not row.first.origin and course.classes:
            self.echo.warn(Message("the row says the same as the one in {cell}; both are read", cell=before.cell), row.first)

    def _names(self, row: Row, column: str, find: Callable[[str, Cell], str | None]) -> list[str]:
        """Return the names in a cell, each once; ``find`` gives the name as the school writes it, None when there is none."""
        cell = row.cell(column)
        found: list[str] = []
        for text in self.names.split(column, cell.text):
            name = find(text, cell)
            if name is not None and name in found:
                self.echo.wrong(Message("{name} stands twice in this cell", name=name), cell)
            elif name is not None:
                found.append(name)
        return found

    def _class(self, text: str, cell: Cell) -> str | None:
        name = find_class(self.names, self.draft.classes, text)
        if name is None and self.derive_classes:
            return self._derived_class(text, cell)
        if name is None:
            self.echo.wrong(unknown_name("classes", text), cell, close_names(self.names, "classes", text))
        return name

    def _derived_class(self, text: str, cell: Cell) -> str | None:
        """Return a class that only the course plan names; the first time it is added to the school."""
        known = next((c.name for c in self.draft.classes if key(c.name) == key(text)), None)
        parsed = class_names.parse(text)
        if known is None and parsed is None:
            self.echo.wrong(Message("the grade of class {name} is not known", name=text), cell, CLASSES["grade"].note)
        elif known is None and parsed is not None:
            self.draft.classes.append(SchoolClass(text, parsed.grade, parsed.number, origin=cell.origin))
            known = text
        return known

    def _teacher(self, text: str, cell: Cell) -> str | None:
        name = self.names.find("teachers", text)
        if name is None and self.derive_teachers:
            name = text
            if all(t.name != text for t in self.draft.teachers):
                self.draft.teachers.append(Teacher(text, origin=cell.origin))
        elif name is None:
            self.echo.wrong(unknown_name("teachers", text), cell, close_names(self.names, "teachers", text))
        return name

    def _room(self, row: Row) -> str | None:
        text = row.text("room")
        if not text:
            return None
        name = self.names.find("rooms", text) or next((c.room for c in self.draft.classes if c.room and key(c.room) == key(text)), None)
        if name is None:
            self.echo.wrong(unknown_name("rooms", text), row.cell("room"), close_names(self.names, "rooms", text))
        return name

    def _periods(self, row: Row) -> Fraction | None:
        """Return the lessons a week; None for a row of 0, and 1 in place of what is wrong, so that the rest can be looked at."""
        cell = row.cell("periods")
        number = number_in(cell)
        expected = Message("a number of lessons such as 4, or 0.5 for one every other week")
        if number is None:
            self.echo.wrong(Message("{value} is not a number", value=cell.text), cell, expected)
        elif number < 0:
            self.echo.wrong(Message("{value} is too small", value=cell.text), cell, expected)
        elif number == 0:
            self.echo.note(Message("no lessons; the row is not read"), cell)
            return None
        elif number.denominator > 2:
            self.echo.wrong(Message("{value} is neither whole nor a half", value=cell.text), cell, expected)
        elif self.draft.bells and number > (most := self._longest_week()):
            self.echo.wrong(
                Message("{value} lessons do not fit into the week", value=cell.text),
                cell,
                Message("at most {most}, the periods in the bells", most=most),
            )
        else:
            return number
        return Fraction(1)

    def _longest_week(self) -> int:
        return max(sum(len(bell.periods(day)) for day in bell.days) for bell in self.draft.bells)

    def _check_weeks(self, row: Row, periods: Fraction, weeks: Weeks | None) -> Weeks:
        whole = number_in(row.cell("periods")) == periods and periods.denominator == 1
        if whole and weeks not in (None, Weeks.EVERY):
            self.echo.wrong(
                Message("{weeks} does not go with {periods} lessons", weeks=row.text("weeks"), periods=_plain(periods)),
                row.cell("weeks"),
                Message("lessons a week with a half, such as 0.5, or no odd and even weeks"),
            )
        if periods.denominator == 2 and weeks in (None, Weeks.EVERY):
            self.echo.note(Message("a lesson every other week, in odd or even weeks as it suits"), row.cell("periods"), assumed=True)
            return Weeks.EITHER
        return weeks or Weeks.EVERY


def weekly_lessons(courses: Iterable[Course]) -> dict[str, Fraction]:
    """Return the lessons a week of each class; the courses of a block run together and count once, the longest of them."""
    lessons: dict[str, Fraction] = defaultdict(Fraction)
    blocks: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for course in courses:
        for name in course.classes:
            if course.block:
                blocks[name, course.block] = max(blocks[name, course.block], course.periods)
            else:
                lessons[name] += course.periods
    for (name, _), periods in blocks.items():
        lessons[name] += periods
    return lessons


def check_hours(draft: Draft, echo: Echo) -> None:
    """Report classes that have more lessons than their bells have lesson periods, and classes that have none."""
    lessons = weekly_lessons(c for c in draft.courses if c.subject != ACTIVITY_PERIOD)
    taught = {name for course in draft.courses for name in course.classes}
    for c in draft.classes:
        bell = next((b for b in draft.bells if c.grade in b.grades), None) or next((b for b in draft.bells if not b.grades), None)
        most = sum(len(bell.lessons(day)) for day in bell.days) if bell else None
        if most is not None and ceil(lessons.get(c.name, 0)) > most:
            echo.wrong(
                Message("{name} has {lessons} lessons a week", name=c.name, lessons=_plain(lessons[c.name])),
                c.origin,
                Message("at most {most}, the periods in the bells", most=most),
            )
        elif c.name not in taught:
            echo.warn(Message("{name} has no lessons in the course plan", name=c.name), c.origin)


def _plain(number: Fraction) -> str:
    return f"{float(number):g}"
