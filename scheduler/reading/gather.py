"""Classes, teachers, subjects and courses as the layouts name them: one place where texts become records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from instances import class_names, subjects
from instances.language import Message
from instances.origin import Origin
from instances.school import Course, RequirementKind, SchoolClass, Selector, Stage, Teacher, Weeks
from instances.spelling import key, normalise
from instances.subjects import SubjectName
from scheduler.reading.draft import Draft
from scheduler.reading.echo import Echo
from scheduler.reading.mapping import SheetMapping
from scheduler.reading.template_table import number_in
from scheduler.reading.workbook import Cell, Sheet

MOST_HOURS = 60
"""More lessons a week than any class can have (12 a day, 5 days)."""

_SUBSTITUTE = re.compile(r"^(?:代课|外聘|新教师|新老师|新聘|临聘|实习)(?:教师|老师)?[\dA-Za-z一二三四五六七八九十]*$")
_VACANT = re.compile(r"^\(?(?:待定|空缺|缺|缺编|待聘|暂缺|无|未定|\?+|-+|/|×|tbd|n/?a)\)?$", re.IGNORECASE)
_APART = re.compile(r"[、,，/／;；\n&+]|和(?=[\u4e00-\u9fff]{2})")


@dataclass(frozen=True)
class FreeText:
    """A demand in words, to be read once the bells are known: ``bare`` is the sense of a time that stands alone."""

    cell: Cell
    who: Selector
    what: Selector
    bare: RequirementKind | None
    courses: tuple[str, ...] = ()
    grade: int | None = None


@dataclass
class Gathering:
    """A school in the making from foreign layouts."""

    draft: Draft
    echo: Echo
    mapping: SheetMapping
    stage: Stage | None = None
    school_year: int | None = None
    grade: int | None = None  # where all classes are of one side of 政治 = 道德与法治 or 思想政治
    texts: list[FreeText] = field(default_factory=list)
    _classes: dict[tuple[int, int | str], str] = field(default_factory=dict)
    _teachers: dict[str, str] = field(default_factory=dict)
    _subjects: dict[tuple[str, int | None], SubjectName] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _said: set[str] = field(default_factory=set)

    # -- classes ------------------------------------------------------------------------------------------------------

    def classes_in(self, cell: Cell, grade: int | None, *, many: bool = False) -> list[class_names.ClassName] | None:
        """Return the classes that a cell names; what is not understood is reported."""
        self.echo.use(cell)
        text = cell.text
        if isinstance(cell.value, date):
            text = f"{cell.value.month}-{cell.value.day}"
            self.echo.warn(Message("Excel has turned this class name into a date; read as {reading}", reading=text), cell)
        if told := self.mapping.school_class(text):
            return [class_names.ClassName(told.grade, told.number, text)]
        year, stage = self.school_year, self.stage
        if many:
            found = class_names.parse_many(text, grade, stage, year)
        else:
            one = class_names.parse(text, grade, stage, year)
            found = [one] if one else None
        if not found:
            self.echo.wrong(
                Message("this is not understood as a class"),
                cell,
                Message("a class such as 七年级1班, 高一(1), 701 or 5-1; or name it in the mapping file"),
            )
            return None
        return found

    def add_class(self, name: class_names.ClassName, origin: Origin, told: str = "") -> str:
        """Register a class and return its name in the school; another spelling of a known class gives the known name."""
        identity = (name.grade, name.number if name.number is not None else key(name.label))
        if identity not in self._classes:
            label = name.label
            if re.fullmatch(r"第?\(?[\dA-Za-z一二三四五六七八九十]{1,3}\)?班?", normalise(label)) and not self._tells_grade(label):
                label = f"{told or class_names.grade_label(name.grade)}{name.number if name.number is not None else label}班"
            if label in self._classes.values():
                label = f"{class_names.grade_label(name.grade)}{name.number}班"
            self._classes[identity] = label
            self.draft.classes.append(SchoolClass(label, name.grade, name.number, origin=origin))
        return self._classes[identity]

    def knows(self, name: class_names.ClassName) -> bool:
        """Say whether a class is registered."""
        return (name.grade, name.number if name.number is not None else key(name.label)) in self._classes

    @staticmethod
    def _tells_grade(label: str) -> bool:
        return class_names.parse(label) is not None

    def amend_class(self, name: str, **values: object) -> None:
        """Fill in the home teacher, room or size of a class."""
        for index, one in enumerate(self.draft.classes):
            if one.name == name:
                self.draft.classes[index] = replace(one, **values)  # type: ignore[arg-type]  # each field has its own type

    # -- teachers -----------------------------------------------------------------------------------------------------

    def teachers_in(self, cell: Cell | None) -> tuple[str, ...]:
        """Return the teachers that a cell names, registered; vacancies are noted."""
        if cell is None or not cell:
            return ()
        self.echo.use(cell)
        if isinstance(cell.value, (int, float, date)):
            self.echo.wrong(Message("a number or date stands where a teacher is expected"), cell, Message("the name of a teacher"))
            return ()
        names: list[str] = []
        for part in _APART.split(cell.text):
            words = part.split()
            # 张 三 is one name padded with a space, 张三 李四 are two
            names.extend(words if len(words) > 1 and all(re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", w) for w in words) else ["".join(words)])
        found = [self._teacher(name, cell) for name in names if name]
        if len(found) > 1:
            self._once(f"together {cell.text}", Message("several teachers in one cell teach the lessons together"), cell)
        return tuple(dict.fromkeys(name for name in found if name))

    def _teacher(self, name: str, cell: Cell) -> str | None:
        plain = normalise(name)
        if _VACANT.match(plain):
            self._once(f"vacant {plain}", Message("no teacher yet: the lessons are placed without one"), cell)
            return None
        if plain not in self._teachers:
            self._teachers[plain] = name
            self.draft.teachers.append(Teacher(name, origin=cell.origin))
            if _SUBSTITUTE.match(plain):
                self.echo.note(Message("a vacancy: {name} stands for one substitute and is treated as one teacher", name=name), cell)
            elif subjects.is_known(plain):
                self.echo.note(Message("{name} stands where a teacher is expected and is treated as one teacher", name=name), cell)
        return self._teachers[plain]

    # -- subjects and courses -----------------------------------------------------------------------------------------

    def subject(self, cell: Cell, grade: int | None = None) -> SubjectName:
        """Return the subject that a cell or header names, noting once how each was understood."""
        self.echo.use(cell)
        grade = self.grade if grade is None else grade
        label = re.sub(r"[((]?周?(?:课时数?|节数|任课教师|教师)[))]?$", "", cell.text.strip()) or cell.text
        memo = (label, grade)
        if memo not in self._subjects:
            read = subjects.parse(label, grade)
            if told := self.mapping.subject(label):
                read = replace(read, name=told, known=True)
            self._subjects[memo] = read
            if not read.known:
                self._once(f"unknown {label}", Message("unknown subject, taken as it stands: {name}", name=read.name), cell)
            elif read.name != read.label:
                self._once(f"{label}={read.name}", Message("subject {label} is understood as {name}", label=label, name=read.name), cell)
            if read.factor is not None:
                self._once(f"factor {label}", Message("subject {label}: each lesson is every other week", label=label), cell)
        return self._subjects[memo]

    def hours(self, cell: Cell, factor: Fraction | None = None) -> Fraction | None:
        """Return the weekly lessons in a cell, reporting what is not a sensible number; 0 and empty give None.

        With ``factor`` 1/2 a whole number counts fortnights' lessons: 1 -> 1/2.
        """
        if not cell:
            return None
        self.echo.use(cell)
        if key(cell.text) in ("-", "/", "—", "无", "×"):
            return None
        number = number_in(cell)
        expected = Message("lessons a week: a number such as 4, 0.5 or 1/2")
        if number is None:
            text = (
                Message("Excel has turned this number into a date")
                if isinstance(cell.value, date)
                else Message("this is not a number of lessons")
            )
            self.echo.wrong(text, cell, expected)
            return None
        if number < 0:
            self.echo.wrong(Message("the number of lessons is negative"), cell, expected)
            return None
        if number > MOST_HOURS:
            self.echo.wrong(Message("more lessons than a week has"), cell, expected)
            return None
        if factor is not None and number.denominator == 1:
            number *= factor
        if (number * 2).denominator != 1:
            self.echo.wrong(Message("only whole lessons and halves (every other week) can be placed"), cell, expected)
            return None
        return number or None

    def add_course(
        self,
        subject: SubjectName,
        classes: Sequence[str],
        teachers: Sequence[str],
        periods: Fraction,
        origin: Origin,
        *,
        doubles: int = 0,
        room: str | None = None,
    ) -> str:
        """Add a course and return its id: the classes and the label, numbered when it occurs again.

        A half lesson left over from whole ones (2.5) becomes a course of its own that runs every other week.
        """
        whole, half = Fraction(int(periods)), periods - int(periods)
        first = ""
        for amount in (whole, half):
            if not amount:
                continue
            base = f"{'+'.join(classes)} {subject.label}"
            name, count = base, 1
            while name in self._ids:
                count += 1
                name = f"{base} {count}"
            self._ids.add(name)
            first = first or name
            fortnightly = amount.denominator != 1
            self.draft.courses.append(
                Course(
                    name,
                    subject.name,
                    tuple(classes),
                    tuple(teachers),
                    amount,
                    label=subject.label,
                    doubles=0 if fortnightly else doubles,
                    weeks=Weeks.EITHER if fortnightly else Weeks.EVERY,
                    room=room,
                    origin=origin,
                )
            )
        return first

    def finish_teachers(self) -> None:
        """Write to each teacher the subjects taught, in the order of the plan."""
        taught: dict[str, dict[str, None]] = {}
        for course in self.draft.courses:
            for name in course.teachers:
                taught.setdefault(name, {})[course.subject] = None
        self.draft.teachers[:] = [replace(t, subjects=t.subjects or tuple(taught.get(t.name, ()))) for t in self.draft.teachers]

    def grade_hint(self, sheet: Sheet, header: int, told: str) -> tuple[int | None, str]:
        """Return the grade that the mapping, the sheet's name or its title names, and the text that names it."""
        titles = [told, sheet.name, *(cell.text for row in range(1, header) for cell in sheet.row(row)[:1] if cell)]
        for title in filter(None, titles):
            match = re.search(
                r"(?:小学|初中|高中)?[一二三四五六七八九]年级|[初高][一二三]|(?:20\d\d)级|^\s*(?:[1-9]|1[0-2])\s*年级|^[七八九]$",
                normalise(title),
            )
            if match and (grade := class_names.parse_grade(match[0], self.stage, self.school_year)):
                return grade, match[0]
        return None, ""

    def grade_in(self, cell: Cell) -> int | None:
        """Return the grade that a cell names; None, and a finding, when it names none."""
        self.echo.use(cell)
        grade = class_names.parse_grade(cell.text, self.stage, self.school_year)
        if grade is None:
            self.echo.wrong(Message("this is not a grade"), cell, Message("a grade such as 七年级, 初一 or 高一"))
        return grade

    def _once(self, what: str, text: Message, at: Cell) -> None:
        if what not in self._said:
            self._said.add(what)
            self.echo.note(text, at)


def in_words(cells: Iterable[Cell]) -> str:
    """Return what stands in a row, for a message about a row that cannot be read."""
    return " | ".join(cell.text.replace("\n", " ") for cell in cells)[:120]


def use_titles(echo: Echo, sheet: Sheet, header: int) -> None:
    """Say what stands above the header row."""
    seen: set[Origin] = set()
    for row in range(1, header):
        for cell in sheet.row(row):
            if cell and cell.origin not in seen:
                seen.add(cell.origin)
                echo.use(cell)
                echo.note(Message("title"), cell)


def describe_columns(echo: Echo, headers: Iterable[tuple[Cell, Message]]) -> None:
    """Say how each column was understood."""
    for cell, text in headers:
        echo.use(cell)
        echo.note(text, cell)
