"""Repairs: small sets of changes that make the plan solvable, each proved by a timetable before it is shown.

For every conflict the changes of its groups are tried on the conflict and its neighbourhood (tenths of a second); sets with one change for
each conflict are then solved on the whole school, cheapest first, and the timetable is checked by the independent checks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from constraints.base import evaluate
from instances.school import Slot
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.explaining.changes import Change, Setting, changes_of
from scheduler.explaining.conflict import Conflict, Examiner, Findings, widened
from scheduler.explaining.groups import Group, GroupKind, groups_of
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Found, feasible, feasible_near, least_broken
from scheduler.solving.stopping import Deadline
from scheduler.timetabling import placing_of

_NEAR_SECONDS = 8.0
_WHOLE_SECONDS = 20.0
_TRYING_SECONDS = 2.0
_PER_CONFLICT = 5  # working changes looked for in each conflict
_COURSES = 3  # courses of a conflict whose hours are tried


@dataclass(frozen=True)
class Repair:
    """Changes that together leave a timetable, none of them for nothing; ``timetable`` proves it, in the events of the changed plan."""

    changes: tuple[Change, ...]
    timetable: Timetable

    @property
    def price(self) -> int:
        """What the changes cost together; regulations that must hold outweigh all else."""
        return sum(change.price for change in self.changes)

    @property
    def binding(self) -> bool:
        """Say whether a regulation that must hold is given up."""
        return any(change.binding for change in self.changes)


def examined(setting: Setting) -> tuple[CompiledSchool, Submodels]:
    """Compile a plan with what its rule sets ask, and return its sub-models."""
    placing = placing_of(setting.plan, setting.rulesets)
    compiled = compile_school(setting.plan, placing.courses, placing.requirements)
    return compiled, Submodels(compiled, groups_of(compiled, setting.plan, setting.rulesets))


class Repairing:
    """Looks for repairs of one school's conflicts."""

    def __init__(self, setting: Setting, submodels: Submodels, findings: Findings, deadline: Deadline, workers: int = 1) -> None:
        self.setting = setting
        self.submodels = submodels
        self.findings = findings
        self.deadline = deadline
        self.workers = workers

    def repairs(self, most: int = 5) -> list[Repair]:
        """Return up to ``most`` different repairs, cheapest first; every one is verified."""
        if not self.findings.conflicts:
            return []
        options = [self._options(conflict) for conflict in self.findings.conflicts]
        if not all(options):
            return []
        found: list[Repair] = []
        for choice in _cheapest_first(options):
            if len(found) >= most or self.deadline.left <= 0:
                break
            repair = self._verified(choice)
            if repair is not None:
                found.append(repair)
        return sorted(found, key=lambda repair: repair.price)

    # -- one conflict ---------------------------------------------------------------------------------------------------

    def _options(self, conflict: Conflict) -> list[Change]:
        """Return changes that resolve a conflict as far as its neighbourhood can tell, cheapest first, at most two for each group."""
        events = frozenset().union(*(self._events(group) for group in conflict.groups if group.kind is GroupKind.HOURS))
        events = events or frozenset().union(*(self._events(group) for group in conflict.groups))
        candidates = [c for group in _worth_trying(conflict.groups) for c in changes_of(group, self.setting, self._broken(group, events))]
        works: list[Change] = []
        for change in sorted(candidates, key=lambda c: c.price):
            if self.deadline.left <= 0 or len(works) >= _PER_CONFLICT:
                break
            if sum(other.group == change.group for other in works) < 2 and self._resolves(change, conflict, events):
                works.append(change)
        return works

    def _events(self, group: Group) -> frozenset[int]:
        return self.submodels.events_of_group[group.id]

    def _broken(self, group: Group, scope: frozenset[int]) -> tuple[Slot, ...]:
        """Return the fewest periods at which a row would have to be broken for its neighbourhood to work."""
        if group.kind is not GroupKind.ROW or group.requirement is None or not group.requirement.slots:
            return ()
        others = self.findings.set_aside - {group.id}
        problem = self.submodels.restricted(self.submodels.groups_about(scope) - others, scope)
        timetable = least_broken(problem, lambda c: c.group == group.id, self.deadline, _TRYING_SECONDS)
        if timetable is None:
            return ()
        _, violations = evaluate(problem, TimetableView(problem, timetable))
        times = {time for v in violations if v.constraint.group == group.id for time in v.times}
        return tuple(sorted({Slot(problem.times[t].day, problem.times[t].period) for t in times}))

    def _resolves(self, change: Change, conflict: Conflict, events: frozenset[int]) -> bool:
        """Say whether the groups of a conflict, and then all groups around it, leave a timetable once the change is made."""
        _, submodels = examined(change.edit(self.setting))
        examiner = Examiner(submodels, self.deadline)
        aside = self.findings.set_aside - conflict.ids
        kept = frozenset(submodels.groups.by_id)
        if examiner.ask(conflict.ids & kept, seconds=_TRYING_SECONDS).found is Found.NONE:
            return False
        ids = {self.submodels.problem.events[event].id for event in events}
        around = frozenset(index for index, event in enumerate(submodels.problem.events) if event.id in ids)
        return examiner.ask(submodels.groups_about(around) - aside, around, seconds=_TRYING_SECONDS).found is not Found.NONE

    # -- the whole school -----------------------------------------------------------------------------------------------

    def _verified(self, changes: Sequence[Change]) -> Repair | None:
        setting = reduce(lambda made, change: change.edit(made), changes, self.setting)
        compiled, submodels = examined(setting)
        timetable = self._solved(compiled, submodels, changes)
        if timetable is None:
            return None
        _, violations = evaluate(compiled.problem, TimetableView(compiled.problem, timetable))
        if any(v.constraint.required for v in violations):
            return None
        return Repair(tuple(changes), timetable)

    def _solved(self, compiled: CompiledSchool, submodels: Submodels, changes: Sequence[Change]) -> Timetable | None:
        """Return a timetable of the changed school: near the one that is known where there is one, else from scratch."""
        start = self.findings.rest.timetable
        if start is not None:
            moved = _carried_over(start, self.submodels, submodels)
            touched = {event for change in changes for event in self.submodels.events_of_group[change.group]}
            touched |= {
                e for c in self.findings.conflicts for group in c.groups for e in self._events(group) if group.kind is GroupKind.HOURS
            }
            names = {self.submodels.problem.events[event].id for event in widened(self.submodels, touched)}
            free = frozenset(i for i, event in enumerate(compiled.problem.events) if event.id in names)
            answer = feasible_near(compiled.problem, moved, free, self.deadline, _NEAR_SECONDS, workers=self.workers)
            if answer.timetable is not None:
                return answer.timetable
        return feasible(compiled.problem, self.deadline, _WHOLE_SECONDS, workers=self.workers, show=True).timetable


def _carried_over(timetable: Timetable, old: Submodels, new: Submodels) -> Timetable:
    """Return a timetable in the events of a changed plan; events that changed their shape are left out."""
    meets = []
    for meet in timetable.meets:
        event = old.problem.events[meet.event]
        index = new.problem.event_index.get(event.id)
        if index is None or new.problem.events[index].roles != event.roles:
            continue
        meets.append(type(meet)(index, meet.duration, meet.start, meet.weeks, meet.resources))
    return Timetable.of(meets)


def _worth_trying(groups: Sequence[Group]) -> Iterator[Group]:
    """Yield the groups of a conflict, of many courses only those with the most lessons."""
    courses = [group for group in groups if group.kind is GroupKind.HOURS]
    few = sorted(courses, key=lambda group: -sum(course.periods for course in group.courses))[:_COURSES]
    yield from (group for group in groups if group.kind is not GroupKind.HOURS)
    yield from few


def _cheapest_first(options: Sequence[Sequence[Change]]) -> list[tuple[Change, ...]]:
    """Return sets with one change for each conflict, cheapest first; beside the first set only one conflict's change differs."""
    base = tuple(changes[0] for changes in options)
    found = {tuple(id(c) for c in base): base}
    for number, changes in enumerate(options):
        for change in itertools.islice(changes, 1, None):
            other = (*base[:number], change, *base[number + 1 :])
            found[tuple(id(c) for c in other)] = other
    return sorted(found.values(), key=lambda chosen: sum(change.price for change in chosen))
