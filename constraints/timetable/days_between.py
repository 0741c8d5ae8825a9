"""The lessons of a course keep a distance in days (间隔): two lessons of music a week not on consecutive days.

Point: a group of events. Deviation: pairs of days that are closer than ``gap`` and both have a lesson of the group [pairs of days],
each week looked at apart where they differ. Two lessons on one day are no matter of this constraint (see limit_lessons), and the week
does not wrap: Friday and Monday are three days apart or more.
Source: 排课要求 of school offices (间隔, 隔天); FET "min days between activities".
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Message
from instances.timetable import Meet, TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class DaysBetween(Constraint):
    """From a day with lessons of one of ``event_groups`` (ids) to the next are at least ``gap`` days; 2: not on consecutive days."""

    kind: ClassVar[str] = "days_between"
    event_groups: tuple[str, ...]
    gap: int = 2

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """List the days with lessons of each group and the pairs that are too close."""
        problem = view.problem
        for group in self.event_groups:
            events = problem.event_groups[group]
            for week in problem.week_views(events):
                on: dict[int, list[tuple[Meet, int]]] = defaultdict(list)
                for event in events:
                    for meet, time in view.lessons(event, week):
                        on[problem.times[time].day].append((meet, time))
                close = [(a, b) for a, b in itertools.combinations(sorted(on), 2) if b - a < self.gap]
                if close:
                    found = [lesson for day in sorted(set(itertools.chain(*close))) for lesson in on[day]]
                    times = tuple(dict.fromkeys(time for _, time in found))
                    yield Violation(
                        self,
                        problem.group_name(group),
                        len(close),
                        Message(
                            "{lessons}: lessons on days closer than {gap} days: {times}",
                            lessons=problem.group_name(group),
                            gap=self.gap,
                            times=", ".join(problem.times[time].name for time in times),
                        ),
                        times=times,
                        meets=tuple(dict.fromkeys(meet for meet, _ in found)),
                        resources=problem.events[events[0]].fixed_resources(),
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """One literal for each close pair of days, at least 1 where both have a lesson."""
        for group, pairs in self._close(model):
            both = []
            for first, second in pairs:
                both.append(model.cp.new_bool_var(""))
                model.cp.add_bool_or(~first, ~second, both[-1])
            yield Deviation(group, model.sum(*both), len(both))

    def enforce(self, model: TimetableModel) -> None:
        """Days of which any two are too close have a lesson on one of them at most: a clique for each stretch of ``gap`` days."""
        for group in self.event_groups:
            for _, days in self._weeks(model, group):
                for first in days:
                    stretch = [literal for day, literal in days.items() if first <= day < first + self.gap]
                    if len(stretch) > 1:
                        model.cp.add_at_most_one(stretch)

    def _close(self, model: TimetableModel) -> Iterator[tuple[str, list[tuple[IntVar, IntVar]]]]:
        for group in self.event_groups:
            for _, days in self._weeks(model, group):
                pairs = [(days[a], days[b]) for a, b in itertools.combinations(days, 2) if b - a < self.gap]
                if pairs:
                    yield group, pairs

    def _weeks(self, model: TimetableModel, group: str) -> Iterator[tuple[int, dict[int, IntVar]]]:
        """Yield for each week the literals "the group has a lesson on this day", by day in order."""
        problem = model.problem
        events = problem.event_groups[group]
        if self.gap < 2 or sum(problem.events[event].duration for event in events) < 2:
            return  # a single period cannot be too close to itself
        for week in problem.week_views(events):
            at = defaultdict(list)
            for index, time in enumerate(problem.times):
                if any(model.covering(event, index, week) for event in events):
                    at[time.day].append(index)
            yield week, {day: model.has_lesson(events, at[day], week) for day in sorted(at)}
