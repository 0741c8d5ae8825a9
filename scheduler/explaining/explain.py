"""The explanation of a plan that has no timetable: what counting shows, minimal conflicts, verified repairs, what blocks each lesson."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from constraints.ruleset import RuleSet
from instances.language import Listing, Message
from instances.origin import Origin
from instances.problem import Problem
from instances.school import School
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool
from scheduler.explaining.changes import Setting
from scheduler.explaining.choices import examined
from scheduler.explaining.conflict import Conflict, Examiner, conflict_in, find_conflicts
from scheduler.explaining.groups import GroupKind, groups_of
from scheduler.explaining.precheck import precheck
from scheduler.explaining.relax import Repair, Repairing
from scheduler.explaining.shortage import Shortage
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Found
from scheduler.solving.stopping import Deadline

_CONFLICT_SHARE = 0.6  # of the time; the rest is for repairs


@dataclass(frozen=True)
class Blocked:
    """Lessons that have no place in an incomplete timetable, and what stands in the way in the open periods."""

    lessons: str
    missing: int
    reasons: tuple[Message, ...]
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """All that is known of why a plan has no timetable.

    ``complete``: a timetable was found for what is left without one group of each conflict, so there are no other conflicts.
    ``start`` is a timetable that obeys all but the groups set aside (None: none was found), in the events of the plan.
    ``rules_gave_way``: there is a complete timetable after all, without some of what rule sets ask; the conflicts say why.
    """

    shortages: tuple[Shortage, ...]
    conflicts: tuple[Conflict, ...]
    repairs: tuple[Repair, ...]
    complete: bool
    seconds: float
    blocked: tuple[Blocked, ...] = ()
    start: Timetable | None = None
    rules_gave_way: bool = False

    @property
    def proved(self) -> bool:
        """Say whether it is proved that the plan has no timetable."""
        return bool(self.conflicts) or any(shortage.fatal for shortage in self.shortages)

    @property
    def without_rules(self) -> bool:
        """Say whether it is proved that the plan alone, without any rule set, has no timetable."""
        return any(all(group.kind is not GroupKind.RULE for group in conflict.groups) for conflict in self.conflicts)


def explain(
    plan: School, rulesets: tuple[RuleSet, ...], seconds: float, *, workers: int = 1, repairs: int = 3, run: Deadline | None = None
) -> Explanation:
    """Return why a plan with its rule sets has no timetable, in at most about ``seconds``; stopping ``run`` stops it.

    A plan that has one comes back without conflicts, with the timetable as ``start``.
    """
    setting = Setting(plan, rulesets)
    run = run or Deadline(seconds)
    deadline = run.part(seconds)
    _, submodels = examined(setting)
    counted = precheck(submodels)
    examiner = Examiner(submodels, run.part(_CONFLICT_SHARE * seconds), workers)
    repairing = Repairing(setting, submodels, deadline, workers, counted.shortages)
    findings = find_conflicts(examiner, counted.scopes(), settle=repairing.settle)
    found = repairing.more(repairs) if findings.conflicts else []
    start = repairing.start or findings.rest.timetable
    complete = bool(found) or findings.rest.found is Found.TIMETABLE
    aside = findings.set_aside
    further = [conflict_in(examiner, scope, aside) for scope in dict.fromkeys(repairing.further)]
    conflicts = dict.fromkeys([*findings.conflicts, *(conflict for conflict in further if conflict is not None)])
    return Explanation(counted.shortages, tuple(conflicts), tuple(found), complete, deadline.elapsed, start=start)


def shortages_of(plan: School, rulesets: tuple[RuleSet, ...]) -> tuple[Shortage, ...]:
    """Return what counting alone finds wrong with a plan (the pre-check)."""
    return precheck(examined(Setting(plan, rulesets))[1]).shortages


def adds_up(compiled: CompiledSchool, plan: School) -> bool:
    """Say whether counting finds nothing wrong with a compiled plan; it takes tenths of a second."""
    return not precheck(Submodels(compiled, groups_of(compiled, plan))).fatal


def blocked_lessons(compiled: CompiledSchool, timetable: Timetable) -> tuple[Blocked, ...]:
    """Return the lessons that an incomplete timetable lacks, and who is busy or closed in the periods where they might stand."""
    view = TimetableView(compiled.problem, timetable)
    return tuple(_blocked(compiled, view))


def _blocked(compiled: CompiledSchool, view: TimetableView) -> Iterator[Blocked]:
    from constraints.model import Domains

    problem = compiled.problem
    domains: Domains | None = None
    for index, event in enumerate(problem.events):
        missing = event.duration - sum(meet.duration for meet in view.meets_of[index] if meet.start is not None)
        if missing <= 0:
            continue
        if domains is None:
            domains = Domains(problem)
            for constraint in problem.constraints:
                if constraint.required:
                    constraint.prune(domains)
        open_times = {t for p in domains.placements[index] for t in domains.spans[p.start, p.duration]}
        all_times = event.times if event.times is not None else frozenset(range(len(problem.times)))
        origins = dict.fromkeys(course.origin for course in compiled.teaching.courses[index] if str(course.origin))
        yield Blocked(event.name, missing, tuple(_reasons(problem, view, index, frozenset(open_times), all_times)), tuple(origins))


def _reasons(problem: Problem, view: TimetableView, event: int, open_times: frozenset[int], all_times: frozenset[int]) -> Iterator[Message]:
    """Yield how many of the periods are closed to a lesson, and how often each of those it needs is busy in the others."""
    closed = len(all_times - open_times)
    if closed:
        yield Message("{closed} of {all} periods are closed by requirements", closed=closed, all=len(all_times))
    for resource in problem.events[event].fixed_resources():
        busy = [t for t in sorted(open_times) if _full(problem, view, resource, t)]
        if busy:
            yield Message(
                "{who} is busy in {busy} of the {open} open periods",
                who=problem.resources[resource].name,
                busy=len(busy),
                open=len(open_times),
            )
    free = [t for t in sorted(open_times) if not any(_full(problem, view, r, t) for r in problem.events[event].fixed_resources())]
    if free:
        names = Listing(problem.times[t].name for t in free[:4])
        yield Message("all are free at {times}, but a requirement or a room stands in the way there", times=names)


def _full(problem: Problem, view: TimetableView, resource: int, time: int) -> bool:
    capacity = problem.resources[resource].capacity
    return any(
        sum(len(view.occupied(resource, week).get(other, ())) for other in problem.overlapping[time]) >= capacity
        for week in range(problem.weeks)
    )
