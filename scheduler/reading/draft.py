"""The parts of a school while it is read from one workbook or several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from instances.bells import BellSchedule
from instances.origin import NOWHERE, Origin
from instances.school import Course, Note, Requirement, Room, School, SchoolClass, Teacher


@dataclass
class Draft:
    """A school in the making; readers append to it. ``rulesets`` stays None when the plan does not speak of any."""

    name: str = ""
    classes: list[SchoolClass] = field(default_factory=list)
    teachers: list[Teacher] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    bells: list[BellSchedule] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    rulesets: tuple[str, ...] | None = None
    weights: dict[str, int] = field(default_factory=dict)
    origin: Origin = NOWHERE

    def finish(self, rulesets: tuple[str, ...], notes: Iterable[Note]) -> School:
        """Return the school; ``rulesets`` hold where the plan does not speak of any."""
        return School(
            name=self.name,
            classes=tuple(self.classes),
            teachers=tuple(self.teachers),
            courses=tuple(self.courses),
            bells=tuple(self.bells),
            rooms=tuple(self.rooms),
            requirements=tuple(self.requirements),
            rulesets=rulesets if self.rulesets is None else self.rulesets,
            weights=dict(self.weights),
            notes=tuple(notes),
            origin=self.origin,
        )
