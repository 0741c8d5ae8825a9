"""The sample school with a conflict planted in it; a small school of two classes, so every search is short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from instances.origin import Origin
from instances.sample_school import sample_school
from instances.school import Course, Requirement, RequirementKind, School, Selector, Slot
from scheduler.compiling.compile import compile_school
from scheduler.explaining.changes import Setting
from scheduler.explaining.groups import groups_of
from scheduler.explaining.submodels import Submodels

K = RequirementKind
ONE, TWO = "三年级1班", "三年级2班"


def slots(days: Iterable[int], periods: Iterable[int]) -> tuple[Slot, ...]:
    """Every period of every day."""
    return tuple(Slot(day, period) for day in days for period in periods)


def cell(row: int) -> Origin:
    """A cell of a made-up plan."""
    return Origin("plan.xlsx", "排课要求", f"A{row}")


def school(*rows: Requirement, without: Iterable[K] = ()) -> School:
    """The sample school, bare of rule sets, with rows added, each in a cell of its own; kinds of its own rows may be left out."""
    plain = sample_school("zh")
    kept = tuple(r for r in plain.requirements if r.kind not in tuple(without))
    added = tuple(replace(row, origin=cell(number)) for number, row in enumerate(rows, 2))
    return replace(plain, requirements=kept + added, rulesets=())


def row(kind: K, text: str, *places: Slot, count: int | None = None, **scope: tuple[str, ...]) -> Requirement:
    """A row of 排课要求."""
    return Requirement(kind, Selector(**scope), tuple(places), count, text=text)


def with_course(plan: School, subject: str, **changes: object) -> School:
    """The school with the courses of a subject in class 1 changed."""
    courses = tuple(replace(c, **changes) if c.subject == subject and ONE in c.classes else c for c in plan.courses)  # type: ignore[arg-type]
    return replace(plan, courses=courses)


def more_lessons(plan: School, subject: str, lessons: int) -> School:
    """The school with so many lessons a week of a subject in class 1."""
    return with_course(plan, subject, periods=Fraction(lessons))


def submodels(plan: School) -> Submodels:
    """The sub-models of a school without rule sets."""
    compiled = compile_school(plan)
    return Submodels(compiled, groups_of(compiled, plan))


def setting(plan: School) -> Setting:
    """A school without rule sets, to be edited."""
    return Setting(plan, ())


def course(plan: School, subject: str) -> Course:
    """The course of a subject in class 1."""
    return next(c for c in plan.courses if c.subject == subject and ONE in c.classes)
