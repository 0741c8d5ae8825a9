"""The names that a plan knows, by what they name: whom a requirement may be about, and what an unknown name may have meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from instances.school import Course, Room, SchoolClass, Selector, Teacher
from instances.spelling import key
from scheduler.plan_words import SEPARATORS, Word, grade_named, write_grades

FIELDS: Mapping[str, Word] = {
    "teachers": Word("教师", "Teacher", ("老师", "Teachers")),
    "subjects": Word("科目", "Subject", ("学科", "课程", "Subjects")),
    "classes": Word("班级", "Class", ("班", "Classes")),
    "grades": Word("年级", "Grade", ("Grades",)),
    "groups": Word("教研组", "Group", ("组", "Groups")),
    "rooms": Word("场地", "Room", ("Rooms",)),
    "courses": Word("课程编号", "Course", ("编号", "Courses")),
}
"""The fields of a selector, by the words that stand before a colon in the column 对象."""

_BETWEEN = re.compile(r"([、,，;；\n]|(?<=\S)/(?=\S))")


@dataclass(frozen=True)
class Names:
    """The names of each field of a selector (``grades`` are numbers and not held here)."""

    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @staticmethod
    def of(
        classes: Iterable[SchoolClass],
        teachers: Iterable[Teacher],
        courses: Iterable[Course],
        rooms: Iterable[Room],
    ) -> Names:
        """Collect the names; of a room its kind too, of a course its subject and the text that it prints."""
        courses, rooms, teachers, classes = tuple(courses), tuple(rooms), tuple(teachers), tuple(classes)
        subjects = [text for c in courses for text in (c.subject, c.label)] + [s for t in teachers for s in t.subjects]
        found = {
            "classes": [c.name for c in classes],
            "teachers": [t.name for t in teachers],
            "subjects": subjects,
            "groups": [t.group for t in teachers if t.group],
            "rooms": [text for r in rooms for text in (r.name, r.kind)] + [c.room for c in courses if c.room],
            "courses": [c.id for c in courses],
        }
        return Names({name: {key(text): text for text in reversed(texts) if text} for name, texts in found.items()})

    def find(self, name: str, text: str) -> str | None:
        """Return the name that a text spells in one field, as the plan prints it, or None."""
        known = self.known.get(name, {})
        return text if text in known.values() else known.get(key(text))

    def fields_of(self, text: str) -> list[str]:
        """Return the fields in which a text is a name, grades included."""
        found = [name for name in FIELDS if name != "grades" and self.find(name, text) is not None]
        return found if found or grade_named(text) is None else ["grades"]

    def close_to(self, name: str, text: str) -> list[str]:
        """Return up to three known names of a field that resemble a text, the closest first."""
        known = self.known.get(name, {})
        return [known[close] for close in difflib.get_close_matches(key(text), list(known), n=3, cutoff=0.5)]

    def split(self, name: str, text: str) -> list[str]:
        """Part a list of names; a known name that holds a separator stays whole."""
        parts = _BETWEEN.split(text)
        found: list[str] = []
        start = 0
        while start < len(parts):
            end = next(
                (e for e in range(len(parts), start + 1, -2) if self.find(name, "".join(parts[start:e]).strip()) is not None),
                start + 1,
            )
            found.append("".join(parts[start:end]).strip())
            start = end + 1
        return [part for part in found if part]


def write_selector(selector: Selector, names: Names, language: str) -> str:
    """Return the text of the column 对象: names alone where they are clear, else behind the field and a colon.

    >>> write_selector(Selector(subjects=("体育",)), Names({"subjects": {"体育": "体育"}}), "zh")
    '体育'
    """
    chosen = list(selector_fields(selector))
    alone = len(chosen) == 1 and all(names.fields_of(text) == [chosen[0][0]] for text in chosen[0][1])
    if alone:
        return SEPARATORS[language].join(chosen[0][1])
    colon, semicolon = ("：", "；") if language == "zh" else (": ", "; ")
    return semicolon.join(f"{FIELDS[name].text(language)}{colon}{SEPARATORS[language].join(texts)}" for name, texts in chosen)


def selector_fields(selector: Selector, language: str = "zh") -> Iterator[tuple[str, list[str]]]:
    """Yield the filled fields of a selector with their texts."""
    for name in FIELDS:
        values = getattr(selector, name)
        if values:
            yield name, write_grades(values, language) if name == "grades" else list(values)
