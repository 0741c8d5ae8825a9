"""Rooms while a timetable is replanned: each on its own where that is not too many choices, else rooms that are alike as one pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ortools.sat.python import cp_model

from instances.problem import Problem
from instances.timetable import Timetable
from scheduler.replanning.moves import Kept, stood
from scheduler.solving.build import build, requirements_only
from scheduler.solving.interchangeable import pool
from scheduler.solving.stopping import Deadline

# So many choices of a room (possible places of a lesson times its rooms) are searched one by one.
_MOST_CHOICES = 60_000


class Way(Protocol):
    """The problem that the search sees, the way there and back."""

    @property
    def problem(self) -> Problem:
        """The problem that the search sees."""

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return a timetable of the original problem as one of ``problem``."""

    def expand(self, timetable: Timetable) -> Timetable | None:
        """Return a timetable with real resources; None where they cannot be handed out."""


@dataclass(frozen=True)
class Same:
    """The problem as it is."""

    problem: Problem

    def shrink(self, timetable: Timetable) -> Timetable:
        """Return the timetable itself."""
        return timetable

    def expand(self, timetable: Timetable) -> Timetable:
        """Return the timetable itself."""
        return timetable


def searched(problem: Problem) -> Way:
    """Return the problem itself, or with rooms pooled: then only their number counts while times are chosen."""
    choices = sum(
        len(role.candidates) * len(event.times if event.times is not None else problem.times)
        for event in problem.events
        for role in event.roles
        if role.resource is None
    )
    return Same(problem) if choices <= _MOST_CHOICES else pool(problem)


def with_old_rooms(problem: Problem, timetable: Timetable, old: Timetable, deadline: Deadline) -> Timetable:
    """Hand out the rooms once more so that as many lessons as possible keep theirs; times stay."""
    wanted = {(Kept(event, x.time, x.weeks), *room) for event, found in stood(problem, old).items() for x in found for room in x.rooms}
    model = build(problem, requirements_only)
    placed, filled = model.literals_of(timetable)
    for placement, literal in model.x.items():
        model.cp.add(literal == int(placement in placed))
    same = [y for (p, role, room), y in model.y.items() if (Kept(p.event, p.start, p.weeks), role, room) in wanted]
    model.cp.maximize(cp_model.LinearExpr.sum(same))
    for key, y in model.y.items():
        model.cp.add_hint(y, int(key in filled))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    with deadline.guarding(solver, 5):
        status = solver.solve(model.cp)
    return model.read(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else timetable
