"""An XHSTT archive as plain data: instances with their problems, and the solutions published with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from instances.problem import Problem
from instances.timetable import Cost, Meet, Timetable


@dataclass(frozen=True)
class Instance:
    """One instance. ``metadata`` has Name, Contributor, Date, Country, Description and Remarks as far as given."""

    id: str
    problem: Problem
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ArchiveSolution:
    """A timetable for an instance, out of a solution group.

    ``metadata`` is that of the group (Contributor, Date, Description, ...); ``reported`` is the cost that the file itself states;
    ``running_time`` is in seconds.
    """

    group: str
    instance: str
    timetable: Timetable
    metadata: Mapping[str, str] = field(default_factory=dict)
    reported: Cost | None = None
    running_time: float | None = None
    description: str = ""


@dataclass(frozen=True)
class Archive:
    """All that is in a file."""

    instances: tuple[Instance, ...] = ()
    solutions: tuple[ArchiveSolution, ...] = ()

    def problem(self, instance: str) -> Problem:
        """Return the problem of an instance; raises KeyError."""
        return {found.id: found.problem for found in self.instances}[instance]


def completed(problem: Problem, timetable: Timetable) -> Timetable:
    """Return a timetable with the periods that it leaves out, as XHSTT understands them.

    An event that is not mentioned takes place at its preassigned time, in one piece; other periods that are missing are one meet
    without a time. Both have the preassigned resources.
    """
    placed: dict[int, int] = defaultdict(int)
    for meet in timetable.meets:
        placed[meet.event] += meet.duration
    meets = [*timetable.meets]
    for index, event in enumerate(problem.events):
        if placed[index] < event.duration:
            start = event.start if not placed[index] else None
            roles = tuple(role.resource for role in event.roles)
            meets.append(Meet(index, event.duration - placed[index], start, problem.every_week, roles))
    return Timetable.of(meets)
