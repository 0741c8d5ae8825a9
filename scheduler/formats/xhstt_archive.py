"""An XHSTT archive as plain data: instances with their problems, and the solutions published with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from instances.problem import Problem
from instances.timetable import Cost, Timetable


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
