"""A turn of local search by Kempe chains, from one timetable to a better one."""

from __future__ import annotations

import math
from contextlib import ExitStack
from typing import TYPE_CHECKING

from constraints.base import evaluate
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.solving.kempe.beside import Beside
from scheduler.solving.kempe.charge import REQUIRED, NotUnderstood
from scheduler.solving.kempe.search import Kempe
from scheduler.solving.kempe.tables import refuse_unknown

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SHARE = 0.85  # of the time that is left
_SHARE_ALONE = 0.98  # where the rest is too short to build the whole model
_WHOLE = 8.0  # times as long as a model of the requirements: one with preferences, its first vector and its presolve
_LARGE = 20_000  # events times times, from which neighbourhoods in the whole model are slow
_SHORT = 150  # moves for each lesson, of a short turn (nine-year36 in 30 s: with 500, two runs, none proved)
_TOO_LONG = 0.35  # of the time for a long turn: a short one that takes more has all of it (nine-year96, 60 s: 148 to 196; short 184, 210)
_MANY_LESSONS = 2000  # from which the turn is long in any case: questions take many seconds each (nine-year96, 300 s: 116, short 136)
_KNOWN = 50  # moves for each lesson, after which it is known what kind of turn it is
_MANY = 0.4  # of the preferences have a cost then: the turn is long
_SHARE_OF_SMALL = 0.3  # of the time of a long turn, where the problem is not large: neighbourhoods in the whole model gain there, too
_TELL_EVERY = 1.0  # seconds
_WORTH_A_PROCESS = 10.0  # seconds of a long turn (in the short one of the demo's plan they did harm: 29 to 37, alone 27 to 29)
_MOST_PROCESSES = 4  # what the others took is tried again by one


def is_large(problem: Problem) -> bool:
    """Say whether the whole model takes seconds to build and to ask."""
    return len(problem.events) * len(problem.times) >= _LARGE


def can_move(search: Search, problem: Problem) -> bool:
    """Say whether a problem is understood, and the run goes by the clock as annealing does."""
    try:
        refuse_unknown(problem)
    except NotUnderstood:
        return False
    return not search.deadline.deterministic


def _time_for_moves(search: Search, left: float, part: float) -> float:
    """Return seconds, of those that were ``left``, for moves that can change a ``part`` of the cost.

    Nearly all where the rest would not do for the whole model.
    """
    share = part * _SHARE
    return (share if (1 - share) * left >= _WHOLE * search.building else _SHARE_ALONE) * left


def move_lessons(search: Search, problem: Problem, timetable: Timetable, *, first: bool = False) -> Timetable:
    """Return a timetable that costs no more than the given one: the same lessons with the same people, at other times.

    It is the given one where the problem is not understood, where it is small and moves can change only a part of its cost, and in
    deterministic runs, for annealing goes by the clock. A ``first`` turn, from a legal timetable, is short but where a problem is
    ``for_moves``. The time is in proportion to the cost that moves can change, unless nothing comes after them. In a long turn other
    cores try moves too.
    """
    deadline = search.deadline
    if deadline.left <= 0 or not can_move(search, problem):
        return timetable
    left, began = deadline.left, deadline.used
    told, seconds = began, _time_for_moves(search, left, 1.0)
    kempe = Kempe(problem, timetable, search.rng.randrange(2**31 - 1))
    moves, known = (None if first else math.inf), False
    before, _ = evaluate(problem, TimetableView(problem, timetable))
    beside = before.preference - kempe.best % REQUIRED  # what moves do not change: who does what, and in which lengths
    if beside and not is_large(problem):
        return timetable

    stack, others = ExitStack(), list[Beside]()

    def spent() -> float:
        nonlocal told, known, moves, seconds
        now, cost = deadline.used, kempe.best % REQUIRED + beside
        if now > told + _TELL_EVERY:
            told = now
            if not search.required_tier:
                search.report(Message("neighbourhood search"), cost)
        if deadline.left <= 0 or cost <= (search.bound or 0):
            return 1.0
        if not known and kempe.moves >= _KNOWN * len(kempe.movable):
            known = True
            if moves is None:
                moves = _SHORT * len(kempe.movable)
                if for_moves(problem, kempe.timetable()):
                    moves = math.inf
                    seconds *= 1 if is_large(problem) else _SHARE_OF_SMALL
                elif len(kempe.movable) >= _MANY_LESSONS or (now - began) * moves > _TOO_LONG * seconds * kempe.moves:
                    moves = math.inf
            part = 1 - beside / cost  # of KosovaInstance1 a third is for moves then, of SouthAfricaLewitt2009 a ninth
            seconds *= _time_for_moves(search, left, part) / _time_for_moves(search, left, 1.0)
        if moves == math.inf and not others and seconds > _WORTH_A_PROCESS:
            for _ in range(1, min(search.options.cores, _MOST_PROCESSES)):
                others.append(stack.enter_context(Beside(problem, timetable, search.rng.randrange(2**31 - 1))))
        return max((now - began) / seconds, kempe.moves / moves if moves is not None else 0.0)

    with stack:
        found = kempe.run(spent, others)
    cost, _ = evaluate(problem, TimetableView(problem, found))
    return found if cost < before else timetable


def for_moves(problem: Problem, timetable: Timetable) -> bool:
    """Say whether much is left to gain by moves: many preferences have a cost.

    Where nearly all cost nothing, as in school plans, CP-SAT can hold them so (``aspire``) and settle the rest. After 50 moves for each
    lesson 11 to 36 % had a cost in fifteen school plans, 41 to 100 % in a dozen XHSTT instances, 17 % in FinlandSecondarySchool2.
    """
    wanted = {c.id for c in problem.constraints if not c.required}
    _, violations = evaluate(problem, TimetableView(problem, timetable))
    broken = wanted & {violation.constraint.id for violation in violations}
    return len(broken) > _MANY * len(wanted)
