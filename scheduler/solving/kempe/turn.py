"""A turn of local search by Kempe chains, from one timetable to a better one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constraints.base import evaluate
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.kempe.search import Kempe
from scheduler.solving.kempe.tables import REQUIRED, NotUnderstood, refuse_unknown

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SHARE, _SHARE_OF_SMALL = 0.85, 0.3  # of the time that is left
_SHARE_ALONE = 0.98  # where the rest is too short to build the whole model
_WHOLE = 8.0  # times as long as a model of the requirements: one with preferences, its first vector and its presolve
_LARGE = 20_000  # events times times, from which neighbourhoods in the whole model are slow
_TELL_EVERY = 1.0  # seconds


def is_large(problem: Problem) -> bool:
    """Say whether moves come before the whole model, which takes seconds to build and to ask."""
    return len(problem.events) * len(problem.times) >= _LARGE


def can_move(search: Search, problem: Problem) -> bool:
    """Say whether a problem is understood, and the run goes by the clock as annealing does."""
    try:
        refuse_unknown(problem)
    except NotUnderstood:
        return False
    return not search.deadline.deterministic


def move_lessons(search: Search, problem: Problem, timetable: Timetable) -> Timetable:
    """Return a timetable that costs no more than the given one: the same lessons with the same people, at other times.

    It is the given one where the problem is not understood, where it is small and moves can change only a part of its cost, and in
    deterministic runs, for annealing goes by the clock.
    """
    deadline = search.deadline
    seconds = (_SHARE if is_large(problem) else _SHARE_OF_SMALL) * deadline.left
    if deadline.left - seconds < _WHOLE * search.building:
        seconds = _SHARE_ALONE * deadline.left
    if seconds <= 0 or not can_move(search, problem):
        return timetable
    began = told = deadline.used
    kempe = Kempe(problem, timetable, search.rng.randrange(2**31 - 1))
    first, _ = evaluate(problem, TimetableView(problem, timetable))
    beside = first.preference - kempe.best % REQUIRED  # what moves do not change: who does what, and in which lengths
    if beside and not is_large(problem):
        return timetable

    def spent() -> float:
        nonlocal told
        now = deadline.used
        if now > told + _TELL_EVERY:
            told = now
            if not search.required_tier:
                search.report(Message("neighbourhood search"), kempe.best % REQUIRED + beside)
        elsewhere = beside > kempe.best % REQUIRED  # most of what is left to gain is not for moves (Lewitt: split and linked lessons)
        return (now - began) / seconds if deadline.left > 0 and not elsewhere else 1.0

    found = kempe.run(spent)
    cost, _ = evaluate(problem, TimetableView(problem, found))
    return found if cost < first else timetable
