"""A role is filled from a list of suitable resources: a lesson of physics in one of the laboratories.

Point: an event and a role. Deviation: periods in which the role is filled by a resource that is not on the list [periods]; open roles do
not count here. Source: XHSTT PreferResourcesConstraint (Post et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from constraints.model import Domains, TimetableModel


@dataclass(frozen=True, kw_only=True)
class PreferResources(Constraint):
    """The role named ``role`` of each of ``events`` is filled by one of ``resources`` (all indices)."""

    kind: ClassVar[str] = "prefer_resources"
    events: tuple[int, ...]
    role: str
    resources: tuple[int, ...]

    @cached_property
    def _wanted(self) -> frozenset[int]:
        return frozenset(self.resources)

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the periods with a resource that is not on the list."""
        problem = view.problem
        for index in self.events:
            event = problem.events[index]
            for number in event.roles_named(self.role):
                wrong = [m for m in view.meets_of[index] if m.resources[number] is not None and m.resources[number] not in self._wanted]
                if wrong:
                    chosen = tuple(dict.fromkeys(r for m in wrong if (r := m.resources[number]) is not None))
                    yield Violation(
                        self,
                        event.name,
                        sum(meet.duration for meet in wrong),
                        Message(
                            "{event} has {chosen} as {role}, not one of those wanted",
                            event=event.name,
                            chosen=Listing(problem.resources[r].name for r in chosen),
                            role=self.role,
                        ),
                        times=tuple(meet.start for meet in wrong if meet.start is not None),
                        meets=tuple(wrong),
                        resources=chosen,
                        about=event.id,
                    )

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The durations of the choices that are not on the list; no variable of its own."""
        for index in self.events:
            event = model.problem.events[index]
            for number in event.roles_named(self.role):
                fixed = event.roles[number].resource
                if fixed is None:
                    wrong = [(p.duration, model.y[p, number, r]) for p, r in model.fillings(index, number) if r not in self._wanted]
                    yield Deviation(event.name, model.sum(*(d * y for d, y in wrong)), event.duration if wrong else 0)
                elif fixed not in self._wanted:
                    yield Deviation(event.name, model.placed(index), event.duration)

    def prune(self, domains: Domains) -> None:
        """Only candidates on the list; no placement where the resource is given and is not."""
        for index in self.events:
            event = domains.problem.events[index]
            for number in event.roles_named(self.role):
                fixed = event.roles[number].resource
                if fixed is None:
                    domains.keep_candidates(index, number, self._wanted)
                elif fixed not in self._wanted:
                    domains.keep(index, ())
