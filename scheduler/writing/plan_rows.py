"""School -> the rows of our plan workbook: for each sheet, what stands in which column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from instances.bells import BellSchedule
from instances.language import Message
from instances.school import School, Selector, Weeks
from scheduler.plan_names import Names, write_selector
from scheduler.plan_sheets import BELLS, CLASSES, COURSES, REQUIREMENTS, ROOMS, RULE_SETS, SCHOOL, SCHOOL_NAME, TEACHERS, WEIGHTS
from scheduler.plan_slots import write_days, write_slots
from scheduler.plan_words import GRADES, KINDS, NOTHING, PREFERENCES, REQUIRED, SEASONS, SECTIONS, SEPARATORS, WEEKS, YES, write_grades


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time in a cell, in minutes after midnight."""

    minutes: int


Value = str | int | Fraction | Clock | None
Row = dict[str, Value]


def school_rows(school: School, language: str) -> Iterator[Row]:
    """Yield name, rule sets and the weights of preferences: all that there are, blank where the school takes the default."""
    from scheduler.compiling.preferences import DEFAULT_PREFERENCES

    yield {
        "item": SCHOOL_NAME.text(language),
        "value": school.name,
        "remark": str(Message("Columns with a dark header must be filled in; point at a header to see what its column means.")),
    }
    yield {
        "item": RULE_SETS.text(language),
        "value": SEPARATORS[language].join(school.rulesets) or NOTHING.text(language),
        "remark": str(Message("The regulations that the timetable must obey; `kebiao rules list` names them all.")),
    }
    yield {
        "item": WEIGHTS.text(language),
        "remark": str(Message("Below: how much each preference counts. Blank: the default. 0: it does not count.")),
    }
    for name in dict.fromkeys((*DEFAULT_PREFERENCES, *school.weights)):
        yield {
            "item": PREFERENCES.text(name, language) if name in PREFERENCES.words else name,
            "value": school.weights.get(name),
            "remark": str(Message("Default: {weight}", weight=DEFAULT_PREFERENCES[name])) if name in DEFAULT_PREFERENCES else None,
        }


def bell_rows(school: School, language: str) -> Iterator[Row]:
    """Yield the sections of every bell schedule; days with the same sections share their rows."""
    for bell in school.bells:
        for days in _alike(bell):
            for section in bell.days[days[0]]:
                yield {
                    "name": bell.name,
                    "season": SEASONS.text(bell.season, language) if bell.season in SEASONS.words else bell.season,
                    "grades": SEPARATORS[language].join(write_grades(bell.grades, language)),
                    "days": write_days(days, language),
                    "start": Clock(section.start),
                    "end": Clock(section.end),
                    "kind": SECTIONS.text(section.kind, language),
                    "label": section.name,
                    "period": section.period,
                    "assumed": YES.text(True, language) if bell.assumed else None,
                    "partial": YES.text(True, language) if bell.partial else None,
                }


def _alike(bell: BellSchedule) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for day in sorted(bell.days):
        sections = tuple((s.kind, s.start, s.end, s.name, s.period) for s in bell.days[day])
        groups.setdefault(sections, []).append(day)
    return list(groups.values())


def class_rows(school: School, language: str) -> Iterator[Row]:
    """Yield the classes."""
    for c in school.classes:
        yield {
            "name": c.name,
            "grade": GRADES.text(c.grade, language),
            "number": c.number,
            "size": c.size,
            "home_teacher": c.home_teacher,
            "room": c.room,
        }


def teacher_rows(school: School, language: str) -> Iterator[Row]:
    """Yield the teachers."""
    for t in school.teachers:
        yield {"name": t.name, "subjects": SEPARATORS[language].join(t.subjects), "group": t.group}


def course_rows(school: School, language: str) -> Iterator[Row]:
    """Yield the course plan."""
    for c in school.courses:
        yield {
            "id": c.id,
            "classes": SEPARATORS[language].join(c.classes),
            "subject": c.subject,
            "label": c.label,
            "teachers": SEPARATORS[language].join(c.teachers),
            "periods": c.periods,
            "doubles": c.doubles or None,
            "weeks": None if c.weeks is Weeks.EVERY else WEEKS.text(c.weeks, language),
            "room": c.room,
            "block": c.block,
        }


def room_rows(school: School, language: str) -> Iterator[Row]:
    """Yield the rooms."""
    for r in school.rooms:
        yield {"name": r.name, "kind": r.kind, "capacity": r.capacity}


def requirement_rows(school: School, language: str) -> Iterator[Row]:
    """Yield the requirements."""
    names = Names.of(school.classes, school.teachers, school.courses, school.rooms)
    for r in school.requirements:
        yield {
            "kind": KINDS.text(r.kind, language),
            "required": REQUIRED.text(r.required, language),
            **_scope(r.scope, language),
            "slots": write_slots(r.slots, language),
            "count": r.count,
            "other": write_selector(r.other, names, language),
            "weeks": None if r.weeks is Weeks.EVERY else WEEKS.text(r.weeks, language),
            "weight": r.weight,
            "text": r.text,
            "rule": r.rule,
        }


def _scope(scope: Selector, language: str) -> Row:
    columns = ("classes", "teachers", "groups", "subjects", "rooms", "courses")
    texts: Row = {name: SEPARATORS[language].join(getattr(scope, name)) for name in columns}
    return {**texts, "grades": SEPARATORS[language].join(write_grades(scope.grades, language))}


ROWS: dict[str, Callable[[School, str], Iterator[Row]]] = {
    SCHOOL.id: school_rows,
    BELLS.id: bell_rows,
    CLASSES.id: class_rows,
    TEACHERS.id: teacher_rows,
    COURSES.id: course_rows,
    ROOMS.id: room_rows,
    REQUIREMENTS.id: requirement_rows,
}
"""What writes the rows of each sheet, in the order of the sheets."""
