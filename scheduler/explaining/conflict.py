"""Minimal conflicts: sets of groups that cannot stand together, of which none can be dropped.

First small parts of the school are asked, one class, teacher, kind of room or row with all the lessons it touches (milliseconds
each), then a class with its teachers, then grades, at last the whole school. Where a part is impossible, QuickXplain (Junker, AAAI 2004)
leaves groups out and rebuilds the model; guards on the rules would hide pigeonholes from CP-SAT (docs/architecture.md).
Every proof is of a model that is weaker than the school, so a conflict found in a part is one of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.explaining.groups import Group, GroupKind
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Answer, Found, feasible
from scheduler.solving.stopping import Deadline

_PART_SECONDS = 3.0
_PROVED_SECONDS = 12.0  # for a part of which counting says already that it is impossible
_WHOLE_SECONDS = 20.0
_CONFIRMING_SECONDS = 5.0
_LARGEST_ROW = 80  # events; a row about more of them is met in the parts it touches

# Which groups a conflict is made of where there is a choice: first what the plan says, last what nobody can change easily.
_DROPPED_LAST = (
    GroupKind.HOURS, GroupKind.ROW, GroupKind.DOUBLES, GroupKind.WEEKS, GroupKind.ROOMS, GroupKind.RULE, GroupKind.DEFAULT
)  # fmt: skip
# The order in which a group of a conflict is set aside to look for the next conflict: the cheapest for the school first.
_SET_ASIDE = (
    GroupKind.ROW, GroupKind.DOUBLES, GroupKind.WEEKS, GroupKind.ROOMS, GroupKind.HOURS, GroupKind.DEFAULT, GroupKind.RULE
)  # fmt: skip


@dataclass(frozen=True)
class Conflict:
    """Groups that cannot stand together. ``minimal``: proved that none can be dropped; else the search was stopped after ``seconds``.

    ``confirmed``: the proof was repeated without presolve (True), or that took too long (False).
    """

    groups: tuple[Group, ...]
    minimal: bool
    confirmed: bool
    seconds: float
    set_aside: str

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the groups."""
        return frozenset(group.id for group in self.groups)


@dataclass(frozen=True)
class Findings:
    """All conflicts found. ``rest`` says what is known of the school without one group of each (``Conflict.set_aside``)."""

    conflicts: tuple[Conflict, ...]
    rest: Answer
    seconds: float

    @property
    def set_aside(self) -> frozenset[str]:
        """The groups without which the rest was solved."""
        return frozenset(conflict.set_aside for conflict in self.conflicts)


class Examiner:
    """Asks whether some groups leave a timetable, and remembers what was proved impossible or found possible."""

    def __init__(self, submodels: Submodels, deadline: Deadline, workers: int = 1) -> None:
        self.submodels = submodels
        self.deadline = deadline
        self.workers = workers
        self.calls = 0
        self.unsure = False

    def ask(
        self,
        active: Iterable[str],
        scope: frozenset[int] | None = None,
        seconds: float = _PART_SECONDS,
        *,
        presolve: bool = True,
        show: bool = False,
    ) -> Answer:
        """Return what CP-SAT says of the groups in force, inside a scope of events."""
        self.calls += 1
        if self.deadline.left <= 0:
            self.unsure = True
            return Answer(Found.UNKNOWN)
        problem = self.submodels.restricted(active, scope)
        answer = feasible(
            problem,
            self.deadline,
            seconds,
            workers=self.workers if show else 1,
            presolve=presolve,
            show=show,
        )
        if answer.found is Found.UNKNOWN:
            self.unsure = True
        if answer.timetable is not None:
            return Answer(answer.found, self.submodels.original(problem, answer.timetable))
        return answer

    def impossible(self, active: Iterable[str], scope: frozenset[int] | None = None) -> bool:
        """Say whether it is proved that these groups leave no timetable."""
        return self.ask(active, scope).found is Found.NONE


def find_conflicts(
    examiner: Examiner,
    first: Sequence[frozenset[int]] = (),
    most: int = 8,
    settle: Callable[[Sequence[Conflict]], Answer] | None = None,
) -> Findings:
    """Return conflicts until what is left without one group of each has a timetable, ``most`` are found, or time is up.

    ``first`` are scopes to look at before all others: what the pre-check or an incomplete timetable points at. ``settle`` answers
    whether the conflicts so far are all there are; by default the whole school is asked without one group of each.
    """

    def without_them(conflicts: Sequence[Conflict]) -> Answer:
        return examiner.ask(examiner.submodels.everything - {c.set_aside for c in conflicts}, seconds=_WHOLE_SECONDS, show=True)

    conflicts: list[Conflict] = []
    rest = Answer(Found.UNKNOWN)
    submodels = examiner.submodels
    for parts in (first, single_parts(submodels), neighbourhoods(submodels), (None,)):
        for scope in dict.fromkeys(parts):
            while len(conflicts) < most and examiner.deadline.left > 0:
                aside = frozenset(c.set_aside for c in conflicts)
                conflict = conflict_in(examiner, scope, aside, _PROVED_SECONDS if parts is first else _PART_SECONDS)
                if conflict is None:
                    break
                conflicts.append(conflict)
        if parts is first and not conflicts:
            continue
        rest = (settle if settle and conflicts else without_them)(conflicts)
        if rest.found is Found.TIMETABLE or (rest.found is Found.UNKNOWN and conflicts):
            break
    return Findings(tuple(conflicts), rest, examiner.deadline.elapsed)


def conflict_in(examiner: Examiner, scope: frozenset[int] | None, aside: frozenset[str], seconds: float = _PART_SECONDS) -> Conflict | None:
    """Return a minimal conflict among the groups about a scope of events (None: the whole school), but for those set aside.

    None where there is none or none could be proved.
    """
    started = examiner.deadline.elapsed
    submodels = examiner.submodels
    candidates = (submodels.everything if scope is None else submodels.groups_about(scope)) - aside
    answer = examiner.ask(candidates, scope, _WHOLE_SECONDS if scope is None else seconds)
    if answer.found is not Found.NONE:
        return None
    examiner.unsure = False
    ordered = sorted(candidates, key=lambda key: (_DROPPED_LAST.index(submodels.groups[key].kind), key))
    if scope is None:
        ordered = _by_neighbourhood(examiner, ordered)
    ids = quickxplain(lambda active: examiner.impossible(active, scope), ordered)
    ids = _without_the_superfluous(examiner, ids)
    minimal = not examiner.unsure
    second = examiner.ask(ids, None, _CONFIRMING_SECONDS, presolve=False)
    if second.found is Found.TIMETABLE:
        return None  # the two readings of CP-SAT differ: not proved, so not said
    groups = tuple(sorted((submodels.groups[key] for key in ids), key=lambda g: (_SET_ASIDE.index(g.kind), g.id)))
    return Conflict(groups, minimal, second.found is Found.NONE, examiner.deadline.elapsed - started, groups[0].id)


def quickxplain(impossible: Callable[[frozenset[str]], bool], ordered: Sequence[str]) -> tuple[str, ...]:
    """Return a minimal subset of ``ordered`` that is impossible; the whole must be. Those that come first are rather kept."""
    if impossible(frozenset()):
        return ()

    def explain(background: frozenset[str], added: bool, rest: Sequence[str]) -> tuple[str, ...]:
        if added and impossible(background):
            return ()
        if len(rest) == 1:
            return tuple(rest)
        middle = len(rest) // 2
        kept, split = rest[:middle], rest[middle:]
        second = explain(background | frozenset(kept), True, split)
        first = explain(background | frozenset(second), bool(second), kept)
        return first + second

    return explain(frozenset(), False, ordered)


def _without_the_superfluous(examiner: Examiner, ids: Sequence[str]) -> tuple[str, ...]:
    """Drop what can be dropped when the same groups are looked at over the whole school: rows ask for more there than in a part."""
    kept = list(ids)
    for key in ids:
        fewer = [other for other in kept if other != key]
        if examiner.impossible(fewer):
            kept = fewer
    return tuple(kept)


def _by_neighbourhood(examiner: Examiner, ordered: Sequence[str]) -> list[str]:
    """Order groups so that those of one class stand together: halves of the list are then parts of the school."""
    submodels = examiner.submodels
    home: dict[str, int] = {}
    for number, scope in enumerate(_of_resources(submodels, "class")):
        for key in submodels.groups_about(scope):
            home.setdefault(key, number)
    several = {key for key in ordered if len(submodels.events_of_group[key]) > _LARGEST_ROW}
    return sorted(ordered, key=lambda key: (key not in several, home.get(key, -1)))


# -- parts of the school --------------------------------------------------------------------------------------------


def single_parts(submodels: Submodels) -> Iterator[frozenset[int]]:
    """Yield the events of each class, each teacher, the rooms of each kind, and each row that is about few."""
    yield from _of_resources(submodels, "teacher")
    yield from _of_resources(submodels, "class")
    for key, events in submodels.events_of_group.items():
        if 1 < len(events) <= _LARGEST_ROW and submodels.groups[key].kind in (GroupKind.ROW, GroupKind.ROOMS, GroupKind.RULE):
            yield events


def neighbourhoods(submodels: Submodels) -> Iterator[frozenset[int]]:
    """Yield each teacher with their classes, each class with its teachers, each row with its people: all the lessons of these."""
    for kind in ("teacher", "class"):
        for scope in _of_resources(submodels, kind):
            yield widened(submodels, scope)
    for key, events in submodels.events_of_group.items():
        if 1 < len(events) <= _LARGEST_ROW and submodels.groups[key].kind in (GroupKind.ROW, GroupKind.ROOMS):
            yield widened(submodels, events)


def widened(submodels: Submodels, events: Iterable[int]) -> frozenset[int]:
    """Return events with all the lessons of their classes and teachers."""
    problem = submodels.problem
    people = {r for event in events for r in problem.events[event].fixed_resources() if problem.resources[r].type != "room"}
    few = (r for r in people if len(problem.events_of[r]) <= _LARGEST_ROW)
    return frozenset(events).union(*(problem.events_of[r] for r in few))


def _of_resources(submodels: Submodels, kind: str) -> Iterator[frozenset[int]]:
    problem = submodels.problem
    for index, resource in enumerate(problem.resources):
        if resource.type == kind and len(problem.events_of[index]) > 0:
            yield frozenset(problem.events_of[index])
