"""What could end one conflict: the changes of its groups, and of the bells, each tried on the conflict alone (hundredths of a second)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from constraints.base import evaluate
from constraints.timetable.link_events import LinkEvents
from instances.problem import Problem
from instances.school import Slot
from instances.timetable import TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.explaining.changes import Change, Setting, bell_changes, changes_of
from scheduler.explaining.conflict import Examiner
from scheduler.explaining.groups import Group, GroupKind, groups_of
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Found, feasible, least_broken
from scheduler.solving.stopping import Deadline
from scheduler.timetabling import placing_of

_TRYING_SECONDS = 1.0
_LARGEST_ROW = 60  # events; of a row about more, periods to be freed are looked for in the conflicts alone
_COURSES = 3  # courses of a conflict whose hours are tried
_MOST_LESSONS = 6  # lessons a week by which a course is made shorter or longer


def examined(setting: Setting) -> tuple[CompiledSchool, Submodels]:
    """Compile a plan with what its rule sets ask, and return its sub-models."""
    placing = placing_of(setting.plan, setting.rulesets)
    compiled = compile_school(setting.plan, placing.courses, placing.requirements)
    return compiled, Submodels(compiled, groups_of(compiled, setting.plan, setting.rulesets))


@dataclass
class Known:
    """The conflicts known so far, as sets of group ids; ``broken`` the periods at which a row (group id) has to be broken."""

    conflicts: list[frozenset[str]] = field(default_factory=list)
    broken: dict[str, tuple[Slot, ...]] = field(default_factory=dict)

    def add(self, conflict: frozenset[str]) -> bool:
        """Take in a conflict; say whether it is a new one."""
        new = conflict not in self.conflicts
        if new:
            self.conflicts.append(conflict)
        return new

    def cover(self, group: str) -> int:
        """Return the number of conflicts that a group is part of, at least 1: a change that ends several is worth as many."""
        return max(1, sum(group in conflict for conflict in self.conflicts))


class Choices:
    """The changes that end one conflict as far as its neighbourhood can tell, cheapest first; each is looked at when it is asked for."""

    def __init__(self, setting: Setting, submodels: Submodels, deadline: Deadline, conflict: frozenset[str], known: Known) -> None:
        self.setting = setting
        self.submodels = submodels
        self.deadline = deadline
        self.ids = conflict
        self.known = known
        self.groups = [self.submodels.groups[key] for key in sorted(conflict) if key in self.submodels.groups.by_id]
        candidates = list(self._candidates())
        self._prices = {id(change): change.price / known.cover(change.group) for change in candidates}
        self._left = sorted(candidates, key=lambda change: self._prices[id(change)])
        self._good: list[Change] = []

    def price(self, number: int) -> float | None:
        """Return what a choice costs at least, None where there is no such choice."""
        known = [*self._good, *self._left]
        return self._prices[id(known[number])] if number < len(known) else None

    def group(self, number: int) -> str:
        """Return the group that a choice would change, as far as is known."""
        return [*self._good, *self._left][number].group

    def at(self, number: int) -> Change | None:
        """Return a choice, None where there are no more."""
        while len(self._good) <= number and self._left and self.deadline.left > 0:
            change = self._left.pop(0)
            if self._resolves(change):
                self._good.append(change)
        return self._good[number] if number < len(self._good) else None

    def _resolves(self, change: Change) -> bool:
        """Say whether the groups of the conflict, and then its lessons with all that is asked of them, leave a timetable."""
        _, submodels = examined(change.edit(self.setting))
        examiner = Examiner(submodels, self.deadline)
        return examiner.ask(self.ids & frozenset(submodels.groups.by_id), seconds=_TRYING_SECONDS).found is not Found.NONE

    def _candidates(self) -> Iterator[Change]:
        setting = self.setting
        courses = [group for group in self.groups if group.kind is GroupKind.HOURS]
        courses.sort(key=lambda group: (-self.known.cover(group.id), -sum(course.periods for course in group.courses)))
        for group in self.groups:
            if group.kind is not GroupKind.HOURS:
                about = tuple(course for other in courses for course in other.courses)
                yield from changes_of(group, setting, broken=self._broken(group), about=about)
        for group in courses[:_COURSES]:
            yield from changes_of(group, setting, colleagues=self._teacher_matters(group), lessons=self._lessons(group))
        yield from bell_changes(courses, setting)

    def _events(self, key: str) -> frozenset[int]:
        return self.submodels.events_of_group[key]

    def _together(self, group: str) -> list[frozenset[str]]:
        """Return the known conflicts that a group is part of, this one among them."""
        return list(dict.fromkeys([self.ids, *(known for known in self.known.conflicts if group in known)]))

    def _broken(self, group: Group) -> tuple[Slot, ...]:
        """Return the fewest periods at which a row would have to be broken for all its conflicts to end, or this one at least."""
        if group.id in self.known.broken:
            return self.known.broken[group.id]
        if group.requirement is None or not group.requirement.slots or group.id not in self.submodels.constraints:
            return ()
        mine = self._events(group.id)
        for conflicts, seconds in ((self._together(group.id), _TRYING_SECONDS), ([self.ids], 0.5 * _TRYING_SECONDS)):
            about = {
                e for ids in conflicts for key in ids if key in self.submodels.groups.by_id for e in self._events(key) if key != group.id
            }
            scope = frozenset(about) | (mine if len(mine) <= _LARGEST_ROW else frozenset())
            problem = self.submodels.restricted(self.submodels.groups_about(scope), scope)
            timetable = least_broken(problem, lambda c: c.group == group.id, self.deadline, seconds)
            if timetable is not None:
                _, violations = evaluate(problem, TimetableView(problem, timetable))
                times = {time for v in violations if v.constraint.group == group.id for time in v.times}
                self.known.broken[group.id] = tuple(sorted({Slot(problem.times[t].day, problem.times[t].period) for t in times}))
                return self.known.broken[group.id]
        return ()

    def _lessons(self, group: Group) -> tuple[int, ...]:
        """Return by how many lessons a week a course would have to change for all its conflicts to end: fewer, and more."""
        conflicts = self._together(group.id)
        found = []
        for sign in (-1, 1) if self._may_grow() else (-1,):
            for number in range(1, _MOST_LESSONS + 1):
                if all(course.periods + sign * number >= 1 for course in group.courses) and all(
                    self._ends(ids, group.id, sign * number) for ids in conflicts
                ):
                    found.append(sign * number)
                    break
        return tuple(found)

    def _may_grow(self) -> bool:
        """Say whether more lessons could help: a row asks for at least so many, or for as many as another course has."""
        constraints = [c for group in self.groups for c in self.submodels.constraints.get(group.id, ())]
        return any(getattr(c, "minimum", 0) > 0 or isinstance(c, LinkEvents) or c.kind == "occupy_times" for c in constraints)

    def _ends(self, ids: frozenset[str], group: str, more: int) -> bool:
        """Say whether a conflict would end if the course had so many lessons more, doubles left alone."""
        here = ids & self.submodels.everything
        problem = self.submodels.restricted(here)
        whole = [
            e.id for i, e in enumerate(self.submodels.problem.events) if self.submodels.groups.hours.get(i) == group and e.duration > 1
        ]
        changed = _with_lessons(problem, whole[:1], more)
        return changed is not None and feasible(changed, self.deadline, _TRYING_SECONDS).found is not Found.NONE

    def _teacher_matters(self, group: Group) -> bool:
        """Say whether the conflict would end if nobody had to teach the course."""
        mine = {self.submodels.problem.events[e].id for e in self._events(group.id)}
        problem = self.submodels.restricted(self.ids & self.submodels.everything)
        events = tuple(
            replace(e, roles=tuple(role for role in e.roles if role.name != "teacher")) if e.id in mine else e for e in problem.events
        )
        return feasible(replace(problem, events=events), self.deadline, _TRYING_SECONDS).found is not Found.NONE


def _with_lessons(problem: Problem, ids: Sequence[str], more: int) -> Problem | None:
    """Return a problem in which the events have so many lessons more, None where one would have none."""
    events = list(problem.events)
    for index, event in enumerate(events):
        if event.id in ids:
            if event.duration + more < 1:
                return None
            events[index] = replace(event, duration=event.duration + more)
    return replace(problem, events=tuple(events))
