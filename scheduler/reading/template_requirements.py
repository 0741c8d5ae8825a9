"""The sheet 排课要求 of our own plan: one requirement in each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from instances import subjects
from instances.bells import BellSchedule
from instances.language import LANGUAGES, Message
from instances.school import Requirement, Selector, Slot, Weeks
from instances.school import RequirementKind as Kind
from instances.spelling import key
from scheduler.plan_names import FIELDS, Names
from scheduler.plan_sheets import REQUIREMENTS
from scheduler.plan_slots import SlotNames, write_slots
from scheduler.plan_words import KINDS, REQUIRED, WEEKS, grade_named
from scheduler.reading.draft import Draft
from scheduler.reading.echo import Echo
from scheduler.reading.grades import parse_grades
from scheduler.reading.phrases import Context, Understood, lesson_week, understand
from scheduler.reading.slots import Week, parse_slots
from scheduler.reading.template_names import close_names, find_class, subject_of, unknown_name
from scheduler.reading.template_table import Row
from scheduler.reading.workbook import Cell

NEEDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.FORBIDDEN: ("slots",),
    Kind.FIXED: ("scope", "slots"),
    Kind.PREFERRED: ("scope", "slots"),
    Kind.AVOIDED: ("slots",),
    Kind.DOUBLES: ("scope",),
    Kind.FORTNIGHTLY: ("scope", "weeks"),
    Kind.JOINT: ("scope",),
    Kind.SAME_TIME: ("scope",),
    Kind.NOT_SAME_TIME: ("scope",),
    Kind.AT_MOST_AT_ONCE: ("scope", "count"),
    Kind.MAX_PER_DAY: ("count",),
    Kind.MIN_PER_DAY: ("count",),
    Kind.DAYS_BETWEEN: ("count",),
    Kind.NOT_NEXT_TO: ("scope", "other"),
    Kind.NOT_AFTER: ("scope", "other"),
    Kind.COMMON_FREE: ("scope",),
    Kind.TEACHER_MAX_DAY: ("count",),
    Kind.TEACHER_MAX_ROW: ("count",),
    Kind.TEACHER_MAX_DAYS: ("count",),
    Kind.TEACHER_FREE_HALF_DAYS: ("count",),
    Kind.TEACHER_MAX_IDLE: ("count",),
    Kind.FAIR_TIMES: ("slots",),
    Kind.IN_STEP: (),
    Kind.HOME_TEACHER: ("slots",),
    Kind.MENTOR: ("scope", "other"),
    Kind.EVENT: ("slots", "text"),
}
"""The columns without which a requirement of a kind says nothing; ``scope`` is any of those that say whom it is about."""

_SCOPE = ("classes", "grades", "teachers", "groups", "subjects", "rooms", "courses")


def read_requirements(rows: Iterable[Row], draft: Draft, names: Names, echo: Echo) -> list[Requirement]:
    """Return the requirements of the sheet; ``draft`` holds the bells, classes, teachers and courses that they are about."""
    reader = _Reader(draft, names, echo)
    return [requirement for row in rows for requirement in reader.read(row)]


@dataclass
class _Found:
    """The fields of a selector while they are read."""

    fields: dict[str, list[str | int]] = field(default_factory=dict)

    def add(self, name: str, value: str | int) -> None:
        values = self.fields.setdefault(name, [])
        if value not in values:
            values.append(value)

    def selector(self) -> Selector:
        return Selector(**{name: tuple(values) for name, values in self.fields.items()})  # type: ignore[arg-type]  # each field has its own type


class _Reader:
    def __init__(self, draft: Draft, names: Names, echo: Echo) -> None:
        self.draft = draft
        self.names = names
        self.echo = echo

    def read(self, row: Row) -> list[Requirement]:
        """Return the requirement of a row, or those that its text asks for when it names no kind."""
        if not row.cell("kind"):
            return self._read_text(row)
        kind = row.word("kind", KINDS)
        scope = self._scope(row)
        required = row.word("required", REQUIRED)
        weeks = row.word("weeks", WEEKS) or Weeks.EVERY
        count = row.whole("count", 0, 1000)
        weight = row.whole("weight", 0, 10_000)
        other = self._selector(row.cell("other"))
        slots = self._slots(row, scope)
        if kind is None:
            return []
        must = required is not False
        if must and weight is not None:
            self.echo.note(Message("a weight has no effect on what must hold"), row.cell("weight"))
        self._check(kind, row, weeks)
        return [
            Requirement(kind, scope, slots, count, other, weeks, must, weight, row.text("text"), row.text("rule"), row.cell("kind").origin)
        ]

    def _check(self, kind: Kind, row: Row, weeks: Weeks) -> None:
        """Report the cells without which a requirement of this kind says nothing."""
        for column in NEEDS[kind]:
            if column != "scope" and not row.cell(column):
                self.echo.wrong(
                    Message(
                        "row {row}: a requirement of kind {kind} needs {column}",
                        row=row.number,
                        kind=KINDS.words[kind],
                        column=REQUIREMENTS[column].header,
                    ),
                    row.cell("kind"),
                    REQUIREMENTS[column].note,
                )
        if "weeks" in NEEDS[kind] and row.cell("weeks") and weeks is Weeks.EVERY:
            self.echo.wrong(Message("{value} says nothing of odd and even weeks", value=row.text("weeks")), row.cell("weeks"))
        if "scope" in NEEDS[kind] and not any(row.cell(name) for name in _SCOPE):
            self.echo.wrong(
                Message("row {row}: a requirement of kind {kind} must say whom it is about", row=row.number, kind=KINDS.words[kind]),
                row.cell("kind"),
                Message("a class, grade, teacher, group, subject, room or course number"),
            )

    def _read_text(self, row: Row) -> list[Requirement]:
        """Return the requirements that the text of a row without a kind asks for."""
        text = row.cell("text")
        scope = self._scope(row)
        bells = self._bells(scope)
        context = Context(lesson_week(bells), Selector(teachers=scope.teachers, groups=scope.groups), scope)
        filled = any(row.cell(name) for name in ("slots", "count", "other", "weeks"))
        found = understand(text.text, context) if text and bells and not filled else Understood()
        if not found.requirements:
            self.echo.wrong(
                Message("row {row}: what is asked? The kind is blank", row=row.number),
                text if text else row.first,
                Message("one of {words}", words=KINDS.listing()),
            )
            return []
        for meaning in found.meanings:
            self.echo.note(meaning, text)
        for unread in found.unread:
            self.echo.warn(Message("{value} is not understood and not read", value=unread), text)
        required, weight = row.word("required", REQUIRED), row.whole("weight", 0, 10_000)
        return [
            replace(r, required=r.required if required is None else required, weight=weight, text=row.text("text"), origin=text.origin)
            for r in found.requirements
        ]

    # -- whom it is about ---------------------------------------------------------------------------------------------

    def _scope(self, row: Row) -> Selector:
        found = _Found()
        for name in _SCOPE:
            cell = row.cell(name)
            if cell:
                self._add_names(found, name, cell.text, cell)
        return found.selector()

    def _selector(self, cell: Cell) -> Selector:
        """Return the selector of the column 对象: names, or fields and names as in ``科目：体育；教师：张三``."""
        found = _Found()
        labels = "|".join(re.escape(form) for word in FIELDS.values() for form in sorted(word.forms(), key=len, reverse=True))
        parts = re.split(rf"(?:^|[;；\n])\s*({labels})\s*[:：]\s*", cell.text, flags=re.IGNORECASE)
        if len(parts) == 1:
            self._add_unlabelled(found, parts[0], cell)
        else:
            for label, text in zip(parts[1::2], parts[2::2], strict=True):
                name = next(name for name, word in FIELDS.items() if key(label) in map(key, word.forms()))
                self._add_names(found, name, text, cell)
        return found.selector()

    def _add_unlabelled(self, found: _Found, text: str, cell: Cell) -> None:
        for part in self.names.split("teachers", text) if text.strip() else ():
            fields = self.names.fields_of(part)
            if len(fields) == 1 and fields[0] != "grades":
                found.add(fields[0], self.names.find(fields[0], part) or part)
            elif len(fields) > 1:
                choices = " / ".join(f"{FIELDS[name]}：{part}" for name in fields)
                self.echo.wrong(
                    Message("{name} may mean several things", name=part), cell, Message("for example {choices}", choices=choices)
                )
            elif subjects.is_known(part) and not fields:
                self._add_names(found, "subjects", part, cell)
            elif fields:
                self._add_names(found, "grades", part, cell)
            else:
                close = [c for name in ("teachers", "subjects", "classes") for c in self.names.close_to(name, part)]
                self.echo.wrong(
                    Message("{name} is not a name in this plan", name=part), cell, Message("perhaps {names}", names=" / ".join(close[:3]))
                    if close else Message("a name from the plan"),
                )  # fmt: skip

    def _add_names(self, found: _Found, name: str, text: str, cell: Cell) -> None:
        if name == "grades":
            grades = parse_grades(text)
            if grades is None:
                self.echo.wrong(Message("{value} names no grades", value=text), cell, Message("一年级、二年级, or 1-6"))
            for grade in grades or ():
                found.add("grades", grade)
            return
        for part in self.names.split(name, text):
            self._add_name(found, name, part, cell)

    def _add_name(self, found: _Found, name: str, text: str, cell: Cell) -> None:
        known = find_class(self.names, self.draft.classes, text) if name == "classes" else self.names.find(name, text)
        if known is not None:
            found.add(name, known)
        elif name == "classes" and (grade := grade_named(text)) and not text.strip().isdigit():
            found.add("grades", grade)
        elif name == "teachers" and (group := self.names.find("groups", text)):
            found.add("groups", group)
        elif name == "subjects" and subjects.is_known(text):
            canonical = subject_of(text)[0]
            found.add("subjects", canonical)
            if self.names.find("subjects", canonical) is None:
                self.echo.warn(Message("{name} is not in the course plan", name=text), cell)
        else:
            self.echo.wrong(unknown_name(name, text), cell, close_names(self.names, name, text))

    # -- when ---------------------------------------------------------------------------------------------------------

    def _slots(self, row: Row, scope: Selector) -> tuple[Slot, ...]:
        cell = row.cell("slots")
        if not cell or not self.draft.bells:
            return ()
        found = parse_slots(cell.text, Week.of(self._bells(scope)))
        if found.rest or not (found.slots or found.missing):
            self.echo.wrong(
                Message("{value} is not understood as periods of the week", value=cell.text),
                cell,
                Message("such as 周一第1节, 周二上午, 每天第1节; Mon 1, Tue morning, daily 1"),
            )
        elif found.missing:
            self.echo.wrong(
                Message("the bells have no {slots}", slots=SlotNames(found.missing)), cell, Message("periods that are in the bells")
            )
        elif key(cell.text) not in (key(write_slots(found.slots, language)) for language in LANGUAGES):
            self.echo.note(Message("{value} is understood as {slots}", value=cell.text, slots=SlotNames(found.slots)), cell)
        return found.slots

    def _bells(self, scope: Selector) -> Sequence[BellSchedule]:
        """Return the bells of those whom a requirement is about; all bells of the school where that leaves none."""
        grades = set(self._grades(scope))
        chosen = [b for b in self.draft.bells if grades & set(b.grades)] if grades else []
        covered = {grade for bell in chosen for grade in bell.grades}
        if not grades or grades - covered:
            chosen += [b for b in self.draft.bells if not b.grades]
        return chosen or self.draft.bells

    def _grades(self, scope: Selector) -> Iterable[int]:
        by_class = {c.name: c.grade for c in self.draft.classes}
        if scope.grades:
            return scope.grades
        if scope.classes:
            return [by_class[name] for name in scope.classes]
        people = set(scope.teachers) | {t.name for t in self.draft.teachers if t.group and t.group in scope.groups}
        if people:
            return [by_class[name] for c in self.draft.courses if people & set(c.teachers) for name in c.classes if name in by_class]
        return []
