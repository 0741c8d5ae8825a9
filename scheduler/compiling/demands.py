"""Whom a line of 排课要求 is about: its selector in terms of the problem's events and resources."""

from __future__ import annotations

from collections import defaultdict

from instances.school import Requirement, Selector
from scheduler.compiling.events import Teaching, selects
from scheduler.plan_words import KINDS


class Demands:
    """Finds what selectors mean in one school's teaching."""

    def __init__(self, teaching: Teaching) -> None:
        self.teaching = teaching
        self.school = teaching.school
        self.week = teaching.week

    def events(self, selector: Selector) -> list[int]:
        """Return the events in which a course of the selector is taught."""
        return [
            index
            for index, courses in enumerate(self.teaching.courses)
            if any(selects(self.school, selector, course) for course in courses)
        ]

    def by_class(self, selector: Selector) -> dict[str, list[int]]:
        """Return the events of the selector for each class that takes part (of those it names, if it names any)."""
        found: dict[str, list[int]] = defaultdict(list)
        grades = {c.name: c.grade for c in self.school.classes}
        for index in self.events(selector):
            for name in dict.fromkeys(name for course in self.teaching.courses[index] for name in course.classes):
                if (not selector.classes or name in selector.classes) and (not selector.grades or grades.get(name) in selector.grades):
                    found[name].append(index)
        return dict(found)

    def class_groups(self, selector: Selector, note: str) -> tuple[str, ...]:
        """Return an event group for each class: its events of the selector."""
        return tuple(
            self.teaching.group(f"{note}|{name}|{','.join(map(str, events))}", f"{name} {note}".strip(), events)
            for name, events in self.by_class(selector).items()
        )

    def teachers(self, selector: Selector) -> list[str]:
        """Return the names of the teachers of a selector: those it names, those of its groups, else those who teach its courses."""
        named = list(selector.teachers)
        named += [t.name for t in self.school.teachers if t.group is not None and t.group in selector.groups]
        if not named:
            chosen = [c for c in self.school.courses if selects(self.school, selector, c)]
            named = [name for course in chosen for name in course.teachers]
        return list(dict.fromkeys(named))

    def teacher_resources(self, selector: Selector) -> tuple[int, ...]:
        """Return the resources of the teachers of a selector."""
        return tuple(self.teaching.teacher(name) for name in self.teachers(selector))


def describe(requirement: Requirement) -> str:
    """Return a short name for a requirement that has no text of its own."""
    who = [*requirement.scope.teachers, *requirement.scope.groups, *requirement.scope.classes, *map(str, requirement.scope.grades)]
    return " ".join([str(KINDS.words[requirement.kind]), *who, *requirement.scope.subjects, *requirement.scope.rooms])
