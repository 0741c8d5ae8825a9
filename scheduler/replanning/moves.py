"""What moved between two timetables of one problem, counted in plain Python: the definition that the search minimises."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from instances.problem import Problem
from instances.timetable import Timetable, TimetableView

PERSON_TYPES = ("teacher", "class")


@dataclass(frozen=True)
class Moves:
    """``moved`` counts lessons (periods) of the new timetable that stood elsewhere before; ``added`` those that are new; ``dropped`` old
    ones that the plan no longer has. ``people`` are the teachers and classes (resources) with a lesson moved or added.
    """

    moved: int
    added: int
    dropped: int
    people: frozenset[int]


Place = tuple[int, int]
"""(time, mask of weeks)."""


def places(problem: Problem, timetable: Timetable) -> dict[int, Counter[Place]]:
    """Return, for each event, the periods it occupies."""
    view = TimetableView(problem, timetable)
    return {
        event: Counter((time, meet.weeks) for meet in meets for time in view.times_of(meet)) for event, meets in enumerate(view.meets_of)
    }


def moves_between(problem: Problem, old: Timetable, new: Timetable) -> Moves:
    """Compare event by event: with o old and n new periods of which k stand where one stood, min(o, n) - k have moved."""
    before, after = places(problem, old), places(problem, new)
    moved = added = dropped = 0
    people: set[int] = set()
    for event, now in after.items():
        was = before[event]
        kept = sum((now & was).values())
        least = min(sum(now.values()), sum(was.values()))
        moved += least - kept
        added += sum(now.values()) - least
        dropped += sum(was.values()) - least
        if kept < sum(now.values()):
            people.update(r for r in problem.events[event].fixed_resources() if problem.resources[r].type in PERSON_TYPES)
    return Moves(moved, added, dropped, frozenset(people))
