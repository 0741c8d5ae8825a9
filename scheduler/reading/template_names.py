"""Names in the cells of our own plan: classes in other spellings, subjects by their canonical names, what an unknown name may mean."""

from __future__ import annotations

from collections.abc import Iterable

from instances import class_names, subjects
from instances.language import Message
from instances.school import SchoolClass
from scheduler.plan_names import Names


def find_class(names: Names, classes: Iterable[SchoolClass], text: str) -> str | None:
    """Return the class that a text names, by its name or in another spelling of its grade and number."""
    name = names.find("classes", text)
    if name is None and (parsed := class_names.parse(text)) and parsed.number is not None:
        alike = [c.name for c in classes if (c.grade, c.number) == (parsed.grade, parsed.number)]
        return alike[0] if len(alike) == 1 else None
    return name


def close_names(names: Names, field: str, text: str) -> Message:
    """Return what was expected in the place of an unknown name: the known ones that resemble it, else some known one."""
    close = names.close_to(field, text)
    if close:
        return Message("perhaps {names}", names=" / ".join(close))
    some = list(names.known.get(field, {}).values())[:3]
    return Message("a name from the plan, such as {names}", names=" / ".join(some)) if some else Message("a name from the plan")


def subject_of(text: str, grade: int | None = None) -> tuple[str, str]:
    """Return the canonical name of a subject, and the text to print where it differs."""
    if text in subjects.CANONICAL:
        return text, ""
    found = subjects.parse(text, grade)
    return (found.name, text) if found.known else (text, "")
