"""What moved between two timetables of one problem, counted in plain Python: the definition that the search minimises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from instances.problem import Problem
from instances.timetable import Timetable, TimetableView

PERSON_TYPES = ("teacher", "class")


@dataclass(frozen=True)
class Moves:
    """``moved`` counts lessons (periods) of the new timetable that stood elsewhere before, ``rooms`` those of them that keep their time;
    ``added`` those that are new; ``dropped`` old ones that the plan no longer has. ``people`` are the teachers and classes (resources)
    with a lesson moved or added.
    """

    moved: int
    added: int
    dropped: int
    people: frozenset[int]
    rooms: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A period of an event at its old time, in its old weeks (a mask)."""

    event: int
    time: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Stood:
    """A period of the old timetable. ``rooms`` are (role, resource) where the plan lets it choose and it may choose the old one again.

    A room that the plan has taken away is not among them: leaving it is no move.
    """

    time: int
    weeks: int
    rooms: tuple[tuple[int, int], ...] = ()


def stood(problem: Problem, timetable: Timetable) -> dict[int, tuple[Stood, ...]]:
    """Return, for each event, the periods it occupies."""
    view = TimetableView(problem, timetable)
    found: dict[int, tuple[Stood, ...]] = {}
    for event, meets in enumerate(view.meets_of):
        roles = problem.events[event].roles
        found[event] = tuple(
            Stood(time, meet.weeks, tuple((n, r) for n, r in enumerate(meet.resources) if r is not None and r in roles[n].candidates))
            for meet in meets
            for time in view.times_of(meet)
        )
    return found


def kept_between(before: Sequence[Stood], now: Sequence[Stood]) -> list[Stood]:
    """Return the old periods of an event that stand where they stood, in the rooms where they were."""
    left = list(now)
    kept = []
    for old in before:
        for new in left:
            if (old.time, old.weeks) == (new.time, new.weeks) and set(old.rooms) <= set(new.rooms):
                left.remove(new)
                kept.append(old)
                break
    return kept


def moves_between(problem: Problem, old: Timetable, new: Timetable) -> Moves:
    """Compare event by event: with o old and n new periods of which k stand where one stood, min(o, n) - k have moved."""
    before, after = stood(problem, old), stood(problem, new)
    moved = added = dropped = rooms = 0
    people: set[int] = set()
    for event, now in after.items():
        was = before[event]
        kept = len(kept_between(was, now))
        least = min(len(now), len(was))
        moved += least - kept
        added += len(now) - least
        dropped += len(was) - least
        rooms += len(kept_between([Stood(x.time, x.weeks) for x in was], now)) - kept
        if kept < len(now):
            people.update(r for r in problem.events[event].fixed_resources() if problem.resources[r].type in PERSON_TYPES)
    return Moves(moved, added, dropped, frozenset(people), rooms)


def most_kept(problem: Problem, before: Mapping[int, Sequence[Stood]]) -> int:
    """Return the number of periods that could stay if nothing were in the way."""
    return sum(min(problem.events[event].duration, len(found)) for event, found in before.items())
