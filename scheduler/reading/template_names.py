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


def unknown_name(field: str, name: str) -> Message:
    """Return what is wrong with a name that the plan does not know, in a field of a selector."""
    return {
        "classes": Message("there is no class {name}", name=name),
        "teachers": Message("there is no teacher {name}", name=name),
        "groups": Message("there is no teaching-research group {name}", name=name),
        "subjects": Message("there is no subject {name}", name=name),
        "rooms": Message("there is no room {name}", name=name),
        "courses": Message("there is no course number {name}", name=name),
    }[field]


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
