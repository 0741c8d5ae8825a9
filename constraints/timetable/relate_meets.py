"""Lessons stand to each other as they should: at the same time, on the same day, one right after the other, some periods apart.

Point: a group of events. Deviation: pairs of meets of the group (in the order of the group; two meets of one event in the order of the
week) that share a week and of which the relation does not hold [pairs]. Meets that are not placed do not count.
Source: FET (Lalescu, Dirr), "same starting time/day/hour", "two activities consecutive/grouped/ordered", "min gaps between", "max days
between" and the "consecutive if same day" of "min days between activities".
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import Meet, TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar, LinearExprT

    from constraints.model import Placement, TimetableModel


class Relation(StrEnum):
    """How two meets stand to each other. ``limit`` is that of the constraint; "right after" may have pauses in between."""

    SAME_START = "same start"  # day and period of the first period
    SAME_DAY = "same day"
    SAME_PERIOD = "same period"  # of the day
    FOLLOW = "follow"  # the second right after the first
    ADJACENT = "adjacent"  # one after the other, either way, with at most ``limit`` periods between that are no pauses
    ADJACENT_IF_SAME_DAY = "adjacent if same day"  # ... with nothing in between, not even a pause
    ORDERED = "ordered"  # the first ends before the second begins
    ORDERED_IF_SAME_DAY = "ordered if same day"
    APART = "apart"  # on one day, at least ``limit`` periods between them
    DAYS_WITHIN = "days within"  # at most ``limit`` days from one to the other


@dataclass(frozen=True, kw_only=True)
class RelateMeets(Constraint):
    """Any two meets of each of ``event_groups`` (ids, events in order) stand in ``relation``.

    ``pauses`` are the positions (day, period) that part nothing, such as lunch.
    """

    kind: ClassVar[str] = "relate_meets"
    event_groups: tuple[str, ...]
    relation: Relation
    limit: int = 0
    pauses: frozenset[tuple[int, int]] = frozenset()

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Look at every pair of placed meets of each group."""
        problem = view.problem
        for group in self.event_groups:
            meets = [meet for event in problem.event_groups[group] for meet in self._in_order(view, event)]
            wrong = [(a, b) for a, b in itertools.combinations(meets, 2) if a.weeks & b.weeks and not self._meets_agree(problem, a, b)]
            if wrong:
                concerned = tuple(dict.fromkeys(meet for pair in wrong for meet in pair))
                times = tuple(dict.fromkeys(meet.start for meet in concerned if meet.start is not None))
                yield Violation(
                    self,
                    problem.group_name(group),
                    len(wrong),
                    self._sentence(problem, concerned),
                    times=times,
                    meets=concerned,
                    resources=problem.events[concerned[0].event].fixed_resources(),
                )

    @staticmethod
    def _in_order(view: TimetableView, event: int) -> list[Meet]:
        """Return the placed meets of an event, in order of the week."""
        placed = [(view.problem.positions[meet.start], meet) for meet in view.meets_of[event] if meet.start is not None]
        return [meet for _, meet in sorted(placed, key=lambda pair: pair[0])]

    def _sentence(self, problem: Problem, meets: Sequence[Meet]) -> Message:
        values: dict[str, object] = {
            "lessons": Listing(dict.fromkeys(problem.events[meet.event].name for meet in meets)),
            "times": Listing(problem.times[meet.start].name for meet in meets if meet.start is not None),
        }
        texts = {
            Relation.SAME_START: Message("{lessons} should start at the same time, but start at {times}", **values),
            Relation.SAME_DAY: Message("{lessons} should be on one day, but stand at {times}", **values),
            Relation.SAME_PERIOD: Message("{lessons} should start in the same period of the day, but start at {times}", **values),
            Relation.FOLLOW: Message("{lessons} should follow each other directly, in this order, but stand at {times}", **values),
            Relation.ADJACENT: Message("{lessons} should follow each other directly, but stand at {times}", **values),
            Relation.ADJACENT_IF_SAME_DAY: Message(
                "{lessons}: two lessons on one day should follow each other directly, but stand at {times}", **values
            ),
            Relation.ORDERED: Message("{lessons} should come in this order, but stand at {times}", **values),
            Relation.ORDERED_IF_SAME_DAY: Message("{lessons} should come in this order on one day, but stand at {times}", **values),
            Relation.APART: Message(
                "{lessons} should have {limit} periods between them on one day, but stand at {times}", limit=self.limit, **values
            ),
            Relation.DAYS_WITHIN: Message(
                "{lessons} should be at most {limit} days apart, but stand at {times}", limit=self.limit, **values
            ),
        }
        return texts[self.relation]

    # -- the relation itself ----------------------------------------------------------------------------------------

    def _meets_agree(self, problem: Problem, first: Meet, second: Meet) -> bool:
        assert first.start is not None
        assert second.start is not None
        return self.agree(problem, (first.start, first.duration), (second.start, second.duration))

    def agree(self, problem: Problem, first: tuple[int, int], second: tuple[int, int]) -> bool:
        """Say whether two meets, each (start, duration), stand in the relation."""
        (day, begin), (other_day, other_begin) = problem.positions[first[0]], problem.positions[second[0]]
        end, other_end = begin + first[1], other_begin + second[1]
        match self.relation:
            case Relation.SAME_START:
                return (day, begin) == (other_day, other_begin)
            case Relation.SAME_DAY:
                return day == other_day
            case Relation.SAME_PERIOD:
                return begin == other_begin
            case Relation.DAYS_WITHIN:
                return abs(day - other_day) <= self.limit
            case Relation.ORDERED:
                return day < other_day or (day == other_day and end <= other_begin)
        if day != other_day:
            return self.relation not in (Relation.FOLLOW, Relation.ADJACENT)
        match self.relation:
            case Relation.FOLLOW:
                return self._close(day, end, other_begin, 0)
            case Relation.ADJACENT:
                return self._close(day, end, other_begin, self.limit) or self._close(day, other_end, begin, self.limit)
            case Relation.ADJACENT_IF_SAME_DAY:
                return other_begin == end or begin == other_end
            case Relation.ORDERED_IF_SAME_DAY:
                return end <= other_begin
            case _:
                return other_begin - end >= self.limit or begin - other_end >= self.limit

    def _close(self, day: int, end: int, begin: int, limit: int) -> bool:
        """Say whether a meet that begins comes after one that ended, at most ``limit`` periods later, pauses left out."""
        return end <= begin and sum((day, period) not in self.pauses for period in range(end, begin)) <= limit

    # -- CP-SAT -----------------------------------------------------------------------------------------------------

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """For each pair of events slacks that count the meets of the one that stand wrongly to a meet of the other."""
        for group in self.event_groups:
            slacks: list[LinearExprT] = []
            bound = 0
            for first, second in self._pairs(model.problem, group):
                conflicts = self._conflicts(model, first, second)
                if not conflicts:
                    continue
                most = _most(model, second)
                bound += _most(model, first) * most
                if _single(model, first) and _single(model, second) and first != second:
                    wrong = model.cp.new_bool_var("")
                    for ours, theirs in _bundled(conflicts):
                        model.cp.add(model.sum(*(model.x[p] for p in ours), *(model.x[q] for q in theirs)) <= 1 + wrong)
                    slacks.append(wrong)
                    continue
                for placement, theirs in conflicts.items():
                    top = min(most, len(theirs))
                    wrong = model.cp.new_int_var(0, top, "")
                    model.cp.add(model.sum(*(model.x[q] for q in theirs)) + top * model.x[placement] <= top + wrong)
                    slacks.append(wrong)
            yield Deviation(model.problem.group_name(group), model.sum(*slacks), bound)

    def enforce(self, model: TimetableModel) -> None:
        """A clique for each bundle of placements where both events are one meet; else each placement rules out the wrong ones."""
        for group in self.event_groups:
            for first, second in self._pairs(model.problem, group):
                conflicts = self._conflicts(model, first, second)
                if _single(model, first) and _single(model, second) and first != second:
                    for ours, theirs in _bundled(conflicts):
                        model.cp.add_at_most_one([model.x[p] for p in (*ours, *theirs)])
                else:
                    for placement, theirs in conflicts.items():
                        literals: list[IntVar] = [model.x[q] for q in theirs]
                        model.cp.add_bool_and([~literal for literal in literals]).only_enforce_if(model.x[placement])

    def _pairs(self, problem: Problem, group: str) -> Iterator[tuple[int, int]]:
        """Yield the pairs of events of a group, an event with itself where it can be more than one meet."""
        yield from itertools.combinations_with_replacement(problem.event_groups[group], 2)

    def _conflicts(self, model: TimetableModel, first: int, second: int) -> dict[Placement, tuple[Placement, ...]]:
        """For each placement of the first event those of the second that stand wrongly to it."""
        problem = model.problem
        found: dict[Placement, tuple[Placement, ...]] = {}
        agree: dict[tuple[tuple[int, int], tuple[int, int]], bool] = {}
        if first == second and _single(model, first):
            return found
        for p in model.placements_of(first):
            wrong = []
            for q in model.placements_of(second):
                if not p.weeks & q.weeks or (first == second and not _before(problem, p, q)):
                    continue
                key = (p.start, p.duration), (q.start, q.duration)
                if key not in agree:
                    agree[key] = self.agree(problem, *key)
                if not agree[key]:
                    wrong.append(q)
            if wrong:
                found[p] = tuple(wrong)
        return found


def _before(problem: Problem, first: Placement, second: Placement) -> bool:
    """Say whether two placements of one event come in this order; those at one position count in the order of their times."""
    return (problem.positions[first.start], first) < (problem.positions[second.start], second)


def _single(model: TimetableModel, event: int) -> bool:
    """Say whether an event is taught in one meet, whatever happens."""
    return all(2 * p.duration > model.problem.events[event].duration for p in model.placements_of(event))


def _most(model: TimetableModel, event: int) -> int:
    """Return the largest number of meets of an event."""
    shortest = min((p.duration for p in model.placements_of(event)), default=1)
    return model.problem.events[event].duration // shortest


def _bundled(conflicts: dict[Placement, tuple[Placement, ...]]) -> list[tuple[list[Placement], tuple[Placement, ...]]]:
    """Put together the placements that rule out the same ones."""
    bundles: dict[tuple[Placement, ...], list[Placement]] = defaultdict(list)
    for placement, wrong in conflicts.items():
        bundles[wrong].append(placement)
    return [(ours, theirs) for theirs, ours in bundles.items()]
