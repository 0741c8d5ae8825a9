"""Repairs: small sets of changes that make the plan solvable, each proved by a timetable before it is shown.

The search walks the tree of hitting sets (Reiter 1987), cheapest first: a set of changes is tried, the conflict that is left says which
changes could come next. Known conflicts refute most sets in milliseconds, counting refutes most others; what remains is solved, near a
timetable that is known where there is one, and checked by the independent checks.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import count

from constraints.base import evaluate
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool
from scheduler.explaining.changes import WISH, Change, Setting
from scheduler.explaining.choices import Choices, Known, examined
from scheduler.explaining.conflict import Conflict, Examiner, conflict_in, quickxplain, single_parts, widened
from scheduler.explaining.groups import GroupKind
from scheduler.explaining.precheck import precheck
from scheduler.explaining.shortage import Shortage
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Answer, Found, feasible, feasible_near
from scheduler.solving.stopping import Deadline

_NEAR_SECONDS = 4.0
_WHOLE_SECONDS = 30.0
_TRYING_SECONDS = 1.0
_SETTLING = 0.6  # of the time left, for the first repair
_LARGEST_MEETING = 12  # roles; what more people take part in does not say whose lessons to look at
_MOST_CHANGES = 6  # in one repair
_MOST_KNOWN = 16  # conflicts kept in view when the search begins
_FURTHER_SECONDS = 10.0  # for further repairs after the first
_PATIENCE = 4.0  # times the seconds that the first timetable took: so long a further one may take


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


class Repairing:
    """Looks for repairs of one school's conflicts.

    ``counted`` are the shortages that counting found. ``start`` is a timetable of the plan that breaks only what the repairs change;
    ``further`` are lessons of which it came to light on the way that they are in conflict too.
    """

    def __init__(
        self, setting: Setting, submodels: Submodels, deadline: Deadline, workers: int = 1, counted: Sequence[Shortage] = ()
    ) -> None:
        self.setting = setting
        self.counted = [shortage for shortage in counted if shortage.fatal]
        self.submodels = submodels
        self.deadline = deadline
        self.workers = workers
        self.start: Timetable | None = None
        self.found: list[Repair] = []
        self.further: list[frozenset[int]] = []
        self.known = Known()
        self._choices: dict[frozenset[str], Choices] = {}
        self._elsewhere: list[frozenset[str]] = []
        self._proper: set[frozenset[str]] = set()
        self._queue: list[tuple[float, int, tuple[Change, ...], frozenset[str], int]] = []
        self._seen: set[frozenset[int]] = set()
        self._serial = count()
        self._patience = _WHOLE_SECONDS

    def settle(self, conflicts: Sequence[Conflict]) -> Answer:
        """Answer whether these are all conflicts there are: by a first verified repair of them, if one can be had."""
        examiner = Examiner(self.submodels, self.deadline)
        for conflict in conflicts:
            self.known.add(conflict.ids)
            self._proper.add(conflict.ids)
        for shortage in self.counted:
            told = any(known <= shortage.groups for known in self.known.conflicts)
            if len(self.known.conflicts) < _MOST_KNOWN and not told and self._impossible(examiner, shortage.groups):
                self.known.add(shortage.groups)
        self._choices.clear()
        self._queue.clear()
        self._seen.clear()
        self._push((), self.known.conflicts[0], 0)
        self._search(1, self.deadline.part(_SETTLING * self.deadline.left))
        return Answer(Found.TIMETABLE if self.found else Found.UNKNOWN)

    def more(self, most: int) -> list[Repair]:
        """Return up to ``most`` different verified repairs, cheapest first; the search ends early where others are hard to come by."""
        self._search(most, self.deadline.part(min(self.deadline.left, _FURTHER_SECONDS) if self.found else self.deadline.left))
        return sorted(self.found, key=lambda repair: repair.price)

    # -- the search -----------------------------------------------------------------------------------------------------

    def _search(self, most: int, deadline: Deadline) -> None:
        while self._queue and len(self.found) < most and deadline.left > 0:
            _, _, changes, conflict, number = heapq.heappop(self._queue)
            choice = self._choices[conflict].at(number)
            if choice is None:
                continue
            self._push(changes, conflict, number + 1)
            self._visit((*changes, choice))

    def _push(self, changes: tuple[Change, ...], conflict: frozenset[str], number: int) -> None:
        """Queue the set of changes that adds the ``number``-th choice of a conflict."""
        price = self._of(conflict).price(number)
        if price is None or len(changes) >= _MOST_CHANGES:
            return
        settled = {change.group for change in changes} | {self._of(conflict).group(number)}
        ahead = 0 if self._far_reaching(settled) else WISH * sum(settled.isdisjoint(other) for other in self.known.conflicts)
        spent = sum(change.price / self.known.cover(change.group) for change in changes)
        heapq.heappush(self._queue, (spent + price + ahead, next(self._serial), changes, conflict, number))

    def _of(self, conflict: frozenset[str]) -> Choices:
        if conflict not in self._choices:
            self._choices[conflict] = Choices(self.setting, self.submodels, self.deadline, conflict, self.known)
        return self._choices[conflict]

    def _visit(self, changes: tuple[Change, ...]) -> None:
        """Try a set of changes: keep it as a repair, or go on from the conflict that it leaves."""
        key = frozenset(id(change) for change in changes)
        groups = frozenset(change.group for change in changes)
        if key in self._seen or len(groups) < len(changes):
            return
        if any(self._told(changes, groups, repair) for repair in self.found):
            return
        self._seen.add(key)
        untouched = None if self._far_reaching(groups) else next((k for k in self.known.conflicts if groups.isdisjoint(k)), None)
        if untouched is not None:
            self._push(changes, self._minimal(self.submodels, untouched), 0)
            return
        compiled, submodels = examined(self._edited(changes))
        conflict = self._conflict_left(submodels)
        if conflict is None:
            answer = self._solved(compiled, submodels, changes)
            if answer.timetable is not None:
                self._keep(compiled, submodels, changes, answer.timetable)
            elif answer.found is Found.NONE:
                conflict = self._searched(submodels, changes)
        if conflict is not None:
            self._push(changes, self._minimal(submodels, conflict), 0)

    def _edited(self, changes: Iterable[Change]) -> Setting:
        return reduce(lambda made, change: change.edit(made), changes, self.setting)

    def _told(self, changes: Sequence[Change], groups: frozenset[str], repair: Repair) -> bool:
        """Say whether a set of changes would tell nothing new: it does more than a repair, or gives up what a repair only alters."""
        before = {change.group for change in repair.changes}
        return groups > before or (groups == before and (len(self.found) > 1 or any(change.given_up for change in changes)))

    def _far_reaching(self, groups: Iterable[str]) -> bool:
        """Say whether some change is of no group of the conflicts: more periods in the bells may end any conflict."""
        return not self.submodels.everything.issuperset(groups)

    def _conflict_left(self, submodels: Submodels) -> frozenset[str] | None:
        """Return a conflict of a changed plan: a known one, or one that counting points at."""
        examiner = Examiner(submodels, self.deadline)
        here = frozenset(submodels.groups.by_id)
        for known in (*self.known.conflicts, *self._elsewhere):
            if known <= here and self._impossible(examiner, known):
                return known
        for shortage in precheck(submodels).shortages:
            if shortage.fatal and self._impossible(examiner, shortage.groups):
                if self._learn(shortage.groups):
                    self.further.append(self._here(submodels, shortage.events))
                return shortage.groups
        return None

    def _learn(self, conflict: frozenset[str]) -> bool:
        """Remember a conflict of a changed plan; say whether it is a new one of the plan itself."""
        if conflict <= self.submodels.everything and self._impossible(Examiner(self.submodels, self.deadline), conflict):
            return self.known.add(conflict)
        if conflict not in self._elsewhere:
            self._elsewhere.append(conflict)
        return False

    def _impossible(self, examiner: Examiner, groups: frozenset[str]) -> bool:
        return examiner.ask(groups, seconds=_TRYING_SECONDS).found is Found.NONE

    def _searched(self, submodels: Submodels, changes: Sequence[Change]) -> frozenset[str] | None:
        """Return a conflict of a changed school that is proved to be impossible: in a small part near the changes, if there is one."""
        touched = self._same_events(submodels, self._touched(changes))
        examiner = Examiner(submodels, self.deadline.part(min(6.0, 0.2 * self.deadline.left)))
        for scope in single_parts(submodels):
            if not touched.isdisjoint(scope):
                conflict = conflict_in(examiner, scope, frozenset(), _TRYING_SECONDS)
                if conflict is not None:
                    self._learn(conflict.ids)
                    self._proper.add(conflict.ids)
                    return conflict.ids
        return None

    def _minimal(self, submodels: Submodels, conflict: frozenset[str]) -> frozenset[str]:
        """Return a minimal part of a conflict that counting pointed at."""
        if conflict not in self._proper:
            examiner = Examiner(submodels, self.deadline)
            order = sorted(conflict, key=lambda key: (submodels.groups[key].kind is not GroupKind.HOURS, self.known.cover(key), key))
            conflict = frozenset(quickxplain(lambda active: self._impossible(examiner, active), order)) or conflict
            self._learn(conflict)
            self._proper.add(conflict)
        return conflict

    def _touched(self, changes: Sequence[Change]) -> frozenset[int]:
        """Return the lessons that some changes and the courses of the known conflicts are about."""
        concerned = {change.group for change in changes} | {g for known in self.known.conflicts for g in known if self._is_hours(g)}
        events = frozenset().union(*(self.submodels.events_of_group.get(group, frozenset()) for group in concerned))
        return frozenset(e for e in events if len(self.submodels.problem.events[e].roles) <= _LARGEST_MEETING)

    def _keep(self, compiled: CompiledSchool, submodels: Submodels, changes: tuple[Change, ...], timetable: Timetable) -> None:
        """Keep a repair that the independent checks confirm, without the changes that turn out to be needless."""
        _, violations = evaluate(compiled.problem, TimetableView(compiled.problem, timetable))
        if any(v.constraint.required for v in violations):
            return
        self.start = self.start or _carried_over(timetable, submodels, self.submodels)
        for change in changes if len(changes) > 1 else ():
            fewer = tuple(other for other in changes if other is not change)
            simpler, parts = examined(self._edited(fewer))
            if self._conflict_left(parts) is not None:
                continue
            answer = self._solved(simpler, parts, fewer)
            if answer.timetable is not None:
                self._keep(simpler, parts, fewer, answer.timetable)
                return
        self.found.append(Repair(changes, timetable))

    # -- timetables -----------------------------------------------------------------------------------------------------

    def _solved(self, compiled: CompiledSchool, submodels: Submodels, changes: Sequence[Change]) -> Answer:
        """Return a timetable of the changed school: near the one that is known where there is one, else from scratch."""
        if self.start is not None:
            moved = _carried_over(self.start, self.submodels, submodels)
            free = widened(self.submodels, self._touched(changes))
            answer = feasible_near(
                compiled.problem, moved, self._same_events(submodels, free), self.deadline, _NEAR_SECONDS, workers=self.workers
            )
            if answer.timetable is not None:
                return answer
        begun = self.deadline.elapsed
        answer = feasible(compiled.problem, self.deadline, self._patience, workers=self.workers, show=True)
        if answer.timetable is not None and not self.found:
            self._patience = min(_WHOLE_SECONDS, 2.0 + _PATIENCE * (self.deadline.elapsed - begun))
        return answer

    def _is_hours(self, group: str) -> bool:
        return group in self.submodels.groups.by_id and self.submodels.groups[group].kind is GroupKind.HOURS

    def _same_events(self, other: Submodels, events: Iterable[int]) -> frozenset[int]:
        """Return the events of a changed school that were these before."""
        ids = {self.submodels.problem.events[event].id for event in events}
        return frozenset(index for index, event in enumerate(other.problem.events) if event.id in ids)

    def _here(self, other: Submodels, events: Iterable[int]) -> frozenset[int]:
        """Return the events of the plan that these are in a changed one."""
        number = self.submodels.problem.event_index
        return frozenset(number[i] for event in events if (i := other.problem.events[event].id) in number)


def _carried_over(timetable: Timetable, old: Submodels, new: Submodels) -> Timetable:
    """Return a timetable in the events of a changed plan; events that changed their shape are left out."""
    meets = []
    same_times = old.problem.times == new.problem.times
    for meet in timetable.meets:
        event = old.problem.events[meet.event]
        index = new.problem.event_index.get(event.id)
        if index is None or new.problem.events[index].roles != event.roles:
            continue  # a lesson that has other people now stands elsewhere
        start = meet.start
        if start is not None and not same_times:
            start = new.problem.time_index.get(old.problem.times[start].id)
        if start is not None:
            meets.append(type(meet)(index, meet.duration, start, meet.weeks, meet.resources))
    return Timetable.of(meets)
