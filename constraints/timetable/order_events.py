"""One event ends before another begins, with so much between them.

Point: a pair of events. The gap is the number of periods from the end of the last meet of the first event to the start of the first meet
of the second, counted along the week, negative where they overlap. Deviation: periods by which the gap is below ``min_separation`` or above
``max_separation``; 0 while either event is not wholly placed [periods]. Source: XHSTT OrderEventsConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import TimetableModel


@dataclass(frozen=True, slots=True)
class EventPair:
    """The gap from event ``first`` to event ``second`` (indices) is ``min_separation`` to ``max_separation`` (None: any)."""

    first: int
    second: int
    min_separation: int = 0
    max_separation: int | None = None


@dataclass(frozen=True, kw_only=True)
class OrderEvents(Constraint):
    """In each of ``pairs`` the first event ends before the second begins."""

    kind: ClassVar[str] = "order_events"
    pairs: tuple[EventPair, ...]

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Measure the gap of each pair."""
        problem = view.problem
        rank = _ranks(problem)
        for pair in self.pairs:
            first, second = view.meets_of[pair.first], view.meets_of[pair.second]
            if not (_wholly_placed(view, pair.first) and _wholly_placed(view, pair.second)):
                continue
            end = max(rank[meet.start] + meet.duration for meet in first if meet.start is not None)
            start = min(rank[meet.start] for meet in second if meet.start is not None)
            gap = start - end
            highest = gap if pair.max_separation is None else pair.max_separation
            deviation = max(pair.min_separation - gap, gap - highest, 0)
            if deviation:
                names = problem.events[pair.first].name, problem.events[pair.second].name
                limits = str(pair.min_separation) if pair.max_separation is None else f"{pair.min_separation}-{pair.max_separation}"
                text = (
                    Message("{second} starts {gap} lessons before the end of {first}", first=names[0], second=names[1], gap=-gap)
                    if gap < 0
                    else Message(
                        "{second} starts {gap} lessons after the end of {first}, {limits} wanted",
                        first=names[0],
                        second=names[1],
                        gap=gap,
                        limits=limits,
                    )
                )
                yield Violation(
                    self, f"{names[0]} - {names[1]}", deviation, text, meets=(*first, *second), about=problem.events[pair.first].id
                )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """End and start are exact integer variables; the deviation counts when both events are wholly placed."""
        problem = model.problem
        rank = _ranks(problem)
        last = max(rank, default=0) + 1
        for pair in self.pairs:
            name = f"{problem.events[pair.first].name} - {problem.events[pair.second].name}"
            total = problem.events[pair.first].duration + problem.events[pair.second].duration
            before, after = model.placements_of(pair.first), model.placements_of(pair.second)
            if not before or not after:
                continue
            reach = max(rank[p.start] + p.duration for p in before)
            end = model.cp.new_int_var(0, reach, "")
            start = model.cp.new_int_var(0, last, "")
            model.cp.add_max_equality(end, [(rank[p.start] + p.duration) * model.x[p] for p in before])
            model.cp.add_max_equality(last - start, [(last - rank[p.start]) * model.x[p] for p in after])
            placed = model.cp.new_bool_var("")
            model.cp.add(model.placed(pair.first) + model.placed(pair.second) <= total - 1 + placed)
            bound = max(pair.min_separation + reach, last - (pair.max_separation or 0), 0)
            off = model.cp.new_int_var(0, bound, "")
            model.cp.add(off >= pair.min_separation - start + end).only_enforce_if(placed)
            if pair.max_separation is not None:
                model.cp.add(off >= start - end - pair.max_separation).only_enforce_if(placed)
            yield Deviation(name, off, bound)


def _ranks(problem: Problem) -> list[int]:
    """For each time its place among the positions of the week, from 0."""
    order = {position: rank for rank, position in enumerate(sorted(set(problem.positions)))}
    return [order[position] for position in problem.positions]


def _wholly_placed(view: TimetableView, event: int) -> bool:
    meets = view.meets_of[event]
    return all(m.start is not None for m in meets) and sum(m.duration for m in meets) >= view.problem.events[event].duration
