"""One resource fills a role in all meets of a course: the same teacher for the whole subject.

Point: a group of events and a role. Deviation: different resources that fill the role, beyond ``most`` [resources].
Source: XHSTT AvoidSplitAssignmentsConstraint (Post et al. 2014), which has 1 as the maximum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from constraints.base import Constraint, Deviation, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import TimetableView

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

    from constraints.model import TimetableModel


@dataclass(frozen=True, kw_only=True)
class AvoidSplitAssignments(Constraint):
    """In each of ``event_groups`` (ids) at most ``most`` resources, as a rule one, fill the role named ``role`` throughout."""

    kind: ClassVar[str] = "avoid_split_assignments"
    event_groups: tuple[str, ...]
    role: str
    most: int = 1

    def _roles(self, problem: Problem, group: str) -> Iterator[tuple[int, int]]:
        for index in problem.event_groups[group]:
            for number in problem.events[index].roles_named(self.role):
                yield index, number

    def resources_named(self, problem: Problem) -> Iterable[int]:
        """All candidates for the role: whom a meet has matters to its brothers."""
        events = [problem.events[index] for group in self.event_groups for index in problem.event_groups[group]]
        return tuple({c for event in events for role in event.roles if role.name == self.role for c in role.candidates})

    def check(self, view: TimetableView) -> Iterator[Violation]:
        """Count the different resources."""
        problem = view.problem
        for group in self.event_groups:
            chosen: dict[int, None] = {}
            for index, number in self._roles(problem, group):
                chosen.update((r, None) for meet in view.meets_of[index] if (r := meet.resources[number]) is not None)
            if len(chosen) > self.most:
                values: dict[str, object] = {
                    "lessons": problem.group_name(group),
                    "count": len(chosen),
                    "role": self.role,
                    "chosen": Listing(problem.resources[r].name for r in chosen),
                }
                yield Violation(
                    self,
                    problem.group_name(group),
                    len(chosen) - self.most,
                    Message("{lessons}: {count} different ones as {role}, one is wanted: {chosen}", **values)
                    if self.most == 1
                    else Message("{lessons}: {count} different ones as {role}, at most {limit}: {chosen}", limit=self.most, **values),
                    meets=tuple(meet for index in dict.fromkeys(problem.event_groups[group]) for meet in view.meets_of[index]),
                    resources=tuple(chosen),
                    about=group,
                )

    def _used(self, model: TimetableModel, group: str) -> list[IntVar]:
        """For each resource that may fill the role the literal "it does so somewhere in the group"."""
        literals: dict[int, list[IntVar]] = defaultdict(list)
        for index, number in self._roles(model.problem, group):
            fixed = model.problem.events[index].roles[number].resource
            if fixed is not None:
                literals[fixed].extend(model.x[p] for p in model.placements_of(index))
            for placement, resource in model.fillings(index, number):
                literals[resource].append(model.y[placement, number, resource])
        return [model.any_of(("fills", self.role, group, resource), found) for resource, found in literals.items()]

    def encode(self, model: TimetableModel) -> Iterable[Deviation]:
        """The number of resources in use, beyond ``most``."""
        for group in self.event_groups:
            used = self._used(model, group)
            bound = max(len(used) - self.most, 0)
            yield Deviation(model.problem.group_name(group), model.excess(model.sum(*used), self.most, len(used)), bound)

    def enforce(self, model: TimetableModel) -> None:
        """At most so many resources in use; a clique for one."""
        for group in self.event_groups:
            used = self._used(model, group)
            if len(used) > self.most == 1:
                model.cp.add_at_most_one(used)
            elif len(used) > self.most:
                model.cp.add(model.sum(*used) <= self.most)
