"""Repairs: small sets of changes that make the plan solvable, each proved by a timetable before it is shown.

For every conflict the changes of its groups are tried on the conflict and its neighbourhood (tenths of a second); sets with one change for
each conflict are then solved on the whole school, cheapest first, and the timetable is checked by the independent checks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from constraints.base import evaluate
from instances.school import Slot
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.explaining.changes import Change, Setting, changes_of
from scheduler.explaining.conflict import Conflict, Examiner, widened
from scheduler.explaining.groups import Group, GroupKind, groups_of
from scheduler.explaining.precheck import precheck
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Answer, Found, feasible, feasible_near, least_broken
from scheduler.solving.stopping import Deadline
from scheduler.timetabling import placing_of

_NEAR_SECONDS = 8.0
_WHOLE_SECONDS = 30.0
_TRYING_SECONDS = 2.0
_PER_CONFLICT = 5  # working changes looked for in each conflict
_LARGEST_ROW = 60  # events; of a row about more, periods to be freed are looked for in the conflict alone
_FIRST_TRIES = 3
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
    """Looks for repairs of one school's conflicts. ``start`` is a timetable of the plan that breaks only what the conflicts are about."""

    def __init__(self, setting: Setting, submodels: Submodels, deadline: Deadline, workers: int = 1) -> None:
        self.setting = setting
        self.submodels = submodels
        self.deadline = deadline
        self.workers = workers
        self.start: Timetable | None = None
        self.found: list[Repair] = []
        self._conflicts: Sequence[Conflict] = ()
        self._options_of: dict[frozenset[str], list[Change]] = {}

    def settle(self, conflicts: Sequence[Conflict]) -> Answer:
        """Answer whether these are all conflicts there are: by a first verified repair of them, if one can be had."""
        self._conflicts, self.found = conflicts, []
        options = self._options()
        if not all(options):
            return Answer(Found.UNKNOWN)
        answer = Answer(Found.UNKNOWN)
        for choice in _choices(options)[:_FIRST_TRIES]:
            answer = self._try(choice)
            if answer.found is Found.TIMETABLE or self.deadline.left <= 0:
                break
        return answer

    def more(self, most: int) -> list[Repair]:
        """Return up to ``most`` different verified repairs of the conflicts settled last, cheapest first."""
        for choice in _choices(self._options()) if self._conflicts and all(self._options()) else ():
            if len(self.found) >= most or self.deadline.left <= 0:
                break
            if not any(frozenset(c.group for c in choice) == frozenset(c.group for c in repair.changes) for repair in self.found):
                self._try(choice)
        return sorted(self.found, key=lambda repair: repair.price)

    def _options(self) -> list[list[Change]]:
        for conflict in self._conflicts:
            if conflict.ids not in self._options_of:
                self._options_of[conflict.ids] = self._changes(conflict)
        return [self._options_of[conflict.ids] for conflict in self._conflicts]

    @property
    def _aside(self) -> frozenset[str]:
        return frozenset(conflict.set_aside for conflict in self._conflicts)

    # -- one conflict ---------------------------------------------------------------------------------------------------

    def _changes(self, conflict: Conflict) -> list[Change]:
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
        first_of_group = {id(next(c for c in works if c.group == change.group)) for change in works}
        return sorted(works, key=lambda change: (id(change) not in first_of_group, change.price))

    def _events(self, group: Group) -> frozenset[int]:
        return self.submodels.events_of_group[group.id]

    def _broken(self, group: Group, scope: frozenset[int]) -> tuple[Slot, ...]:
        """Return the fewest periods at which a row would have to be broken for its neighbourhood to work."""
        if group.kind is not GroupKind.ROW or group.requirement is None or not group.requirement.slots:
            return ()
        others = self._aside - {group.id}
        mine = self._events(group)
        scope = scope | mine if len(mine) <= _LARGEST_ROW else scope
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
        if any(s.fatal and not s.events.isdisjoint(self._same_events(submodels, events)) for s in precheck(submodels).shortages):
            return False
        aside = self._aside - conflict.ids
        kept = frozenset(submodels.groups.by_id)
        if examiner.ask(conflict.ids & kept, seconds=_TRYING_SECONDS).found is Found.NONE:
            return False
        around = self._same_events(submodels, events)
        return examiner.ask(submodels.groups_about(around) - aside, around, seconds=_TRYING_SECONDS).found is not Found.NONE

    def _same_events(self, other: Submodels, events: Iterable[int]) -> frozenset[int]:
        """Return the events of a changed school that were these before."""
        ids = {self.submodels.problem.events[event].id for event in events}
        return frozenset(index for index, event in enumerate(other.problem.events) if event.id in ids)

    # -- the whole school -----------------------------------------------------------------------------------------------

    def _try(self, changes: Sequence[Change]) -> Answer:
        """Solve the changed school and keep the repair if the independent checks confirm its timetable."""
        compiled, submodels = examined(reduce(lambda made, change: change.edit(made), changes, self.setting))
        answer = self._solved(compiled, submodels, changes)
        if answer.timetable is None:
            return answer
        _, violations = evaluate(compiled.problem, TimetableView(compiled.problem, answer.timetable))
        if any(v.constraint.required for v in violations):
            return Answer(Found.UNKNOWN)
        self.found.append(Repair(tuple(changes), answer.timetable))
        self.start = self.start or _carried_over(answer.timetable, submodels, self.submodels)
        return answer

    def _solved(self, compiled: CompiledSchool, submodels: Submodels, changes: Sequence[Change]) -> Answer:
        """Return a timetable of the changed school: near the one that is known where there is one, else from scratch."""
        if self.start is not None:
            moved = _carried_over(self.start, self.submodels, submodels)
            touched = {event for change in changes for event in self._events(self.submodels.groups[change.group])}
            touched |= {e for c in self._conflicts for group in c.groups for e in self._events(group) if group.kind is GroupKind.HOURS}
            free = self._same_events(submodels, widened(self.submodels, touched))
            answer = feasible_near(compiled.problem, moved, free, self.deadline, _NEAR_SECONDS, workers=self.workers)
            if answer.timetable is not None:
                return answer
        return feasible(compiled.problem, self.deadline, _WHOLE_SECONDS, workers=self.workers, show=True)


def _carried_over(timetable: Timetable, old: Submodels, new: Submodels) -> Timetable:
    """Return a timetable in the events of a changed plan; events that changed their shape are left out."""
    meets = []
    for meet in timetable.meets:
        event = old.problem.events[meet.event]
        index = new.problem.event_index.get(event.id)
        if index is None or new.problem.events[index].roles != event.roles:
            continue  # a lesson that has other people now stands elsewhere
        meets.append(type(meet)(index, meet.duration, meet.start, meet.weeks, meet.resources))
    return Timetable.of(meets)


def _worth_trying(groups: Sequence[Group]) -> Iterator[Group]:
    """Yield the groups of a conflict, of many courses only those with the most lessons."""
    courses = [group for group in groups if group.kind is GroupKind.HOURS]
    few = sorted(courses, key=lambda group: -sum(course.periods for course in group.courses))[:_COURSES]
    yield from (group for group in groups if group.kind is not GroupKind.HOURS)
    yield from few


def _choices(options: Sequence[Sequence[Change]]) -> list[tuple[Change, ...]]:
    """Return sets with one change for each conflict: the first of each, then those in which one conflict's change differs."""
    base = tuple(changes[0] for changes in options)
    found = {tuple(id(c) for c in base): base}
    for number, changes in enumerate(options):
        for change in itertools.islice(changes, 1, None):
            other = (*base[:number], change, *base[number + 1 :])
            found[tuple(id(c) for c in other)] = other
    return list(found.values())
