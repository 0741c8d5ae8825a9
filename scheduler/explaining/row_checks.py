"""Rows of 排课要求 that cannot hold by themselves: more wanted than there is, fixed where it is closed, doubles that fit nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from constraints.base import Constraint
from constraints.model import Domains, Placement
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.occupy_times import OccupyTimes
from instances.language import Listing, Message
from instances.origin import Origin
from scheduler.explaining.counting import Counting
from scheduler.explaining.groups import group_of_constraint
from scheduler.explaining.shortage import Shortage
from scheduler.explaining.submodels import Submodels


def row_shortages(
    submodels: Submodels, domains: Domains, counting: Counting, closing: Callable[[Iterable[int]], Iterable[str]]
) -> Iterator[Shortage]:
    """Yield what single rows, and double periods, ask for in vain. ``closing`` names the groups that close periods to some lessons."""
    yield from _Rows(submodels, domains, counting, closing).run()


class _Rows:
    def __init__(
        self, submodels: Submodels, domains: Domains, counting: Counting, closing: Callable[[Iterable[int]], Iterable[str]]
    ) -> None:
        self.submodels = submodels
        self.problem = submodels.problem
        self.domains = domains
        self.counting = counting
        self.allowed = counting.allowed
        self.closing = closing

    def run(self) -> Iterator[Shortage]:
        """Yield the shortages row by row, then those of double periods."""
        for constraint in self.problem.constraints:
            if not constraint.required:
                continue
            if isinstance(constraint, LimitLessons) and constraint.minimum > 0:
                yield from self._at_least(constraint)
            elif isinstance(constraint, OccupyTimes):
                yield from self._fixed(constraint)
            elif isinstance(constraint, LinkEvents):
                yield from self._together(constraint)
            elif isinstance(constraint, DaysBetween):
                yield from self._apart(constraint)
            elif isinstance(constraint, ClusterBusyTimes):
                yield from self._few_days(constraint)
            elif isinstance(constraint, CommonFree):
                yield from self._free_together(constraint)
        yield from self._doubles()

    def _shortage(self, constraint: Constraint | None, message: Message, events: Iterable[int], more: Iterable[str] = ()) -> Shortage:
        mine = frozenset(events)
        keys = dict.fromkeys([*([] if constraint is None else [group_of_constraint(constraint.group, constraint.id)]), *more])
        keys.update((self.submodels.groups.hours[e], None) for e in sorted(mine) if e in self.submodels.groups.hours)
        known = [key for key in keys if key in self.submodels.groups.by_id]
        origins: dict[Origin, None] = {o: None for key in known for o in self.submodels.groups[key].origins}
        if constraint is not None and str(constraint.origin):
            origins = {constraint.origin: None, **origins}
        return Shortage(message, tuple(origins), mine, frozenset(known))

    def _at_least(self, constraint: LimitLessons) -> Iterator[Shortage]:
        problem = self.problem
        groups = [problem.time_groups[key] for key in constraint.time_groups]
        disjoint = sum(len(g.times) for g in groups) == len({t for g in groups for t in g.times})
        for key in constraint.event_groups:
            events = problem.event_groups[key]
            have = sum(problem.events[e].duration for e in events if problem.events[e].weeks == (problem.every_week,) or problem.weeks == 1)
            some = sum(problem.events[e].duration for e in events) - have
            wanted = constraint.minimum * len(groups)
            if disjoint and have + some < wanted:
                yield self._shortage(
                    constraint,
                    Message(
                        "{row}: {lessons} has {have} lessons a week, {wanted} are needed for {least} in each of {parts} parts of it",
                        row=constraint.label(), lessons=problem.group_name(key), have=have + some, wanted=wanted, least=constraint.minimum,
                        parts=len(groups),
                    ),
                    events,
                )  # fmt: skip
                continue
            reachable: frozenset[int] = frozenset().union(*(self.allowed[e] for e in events))
            short = [group for group in groups if len(reachable.intersection(group.times)) < constraint.minimum]
            if short:
                places = min(len(reachable.intersection(group.times)) for group in short)
                yield self._shortage(
                    constraint,
                    Message(
                        "{row}: {lessons} can stand in {places} periods of {part}, and at least {least} are asked for there",
                        row=constraint.label(), lessons=problem.group_name(key), places=places,
                        part=Listing(group.name for group in short), least=constraint.minimum,
                    ),
                    events,
                    self.closing(events),
                )  # fmt: skip

    def _fixed(self, constraint: OccupyTimes) -> Iterator[Shortage]:
        problem = self.problem
        for key in constraint.event_groups:
            events = problem.event_groups[key]
            hours = sum(problem.events[e].duration for e in events)
            if hours < len(constraint.slots):
                yield self._shortage(
                    constraint,
                    Message(
                        "{row}: {lessons} has {have} lessons a week and is fixed to {count} periods",
                        row=constraint.label(),
                        lessons=problem.group_name(key),
                        have=hours,
                        count=len(constraint.slots),
                    ),
                    events,
                )
                continue
            reachable: frozenset[int] = frozenset().union(*(self.allowed[e] for e in events))
            shut = [slot for slot in constraint.slots if reachable.isdisjoint(slot)]
            if shut:
                names = Listing(problem.times[slot[0]].name for slot in shut if slot)
                yield self._shortage(
                    constraint,
                    Message(
                        "{row}: {lessons} is fixed to {times}, where it cannot stand: the period is closed or taken",
                        row=constraint.label(),
                        lessons=problem.group_name(key),
                        times=names,
                    ),
                    events,
                    self.closing(events),
                )

    def _together(self, constraint: LinkEvents) -> Iterator[Shortage]:
        problem = self.problem
        for key in constraint.event_groups:
            events = problem.event_groups[key]
            if len(events) < 2 or constraint.whole_cycle:
                continue
            names = Listing(problem.events[e].name for e in events)
            hours = {problem.events[e].duration for e in events}
            shared = set(problem.events[events[0]].fixed_resources()).intersection(
                *(problem.events[e].fixed_resources() for e in events[1:])
            )
            alone = [r for r in shared if problem.resources[r].capacity < len(events)]
            common = self.allowed[events[0]].intersection(*(self.allowed[e] for e in events[1:]))
            if len(hours) > 1:
                text = Message(
                    "{row}: {names} cannot always run together, they have {hours} lessons a week",
                    row=constraint.label(),
                    names=names,
                    hours=Listing(sorted(hours)),
                )
            elif alone:
                text = Message(
                    "{row}: {names} cannot run together, both need {who}",
                    row=constraint.label(),
                    names=names,
                    who=Listing(problem.resources[r].name for r in sorted(alone)),
                )
            elif len(common) < max(hours) and len({t.grid.split(":")[0] for t in problem.times}) == 1:
                text = Message(
                    "{row}: {names} have {count} open periods in common for {need} lessons a week",
                    row=constraint.label(),
                    names=names,
                    count=len(common),
                    need=max(hours),
                )
            else:
                continue
            yield self._shortage(constraint, text, events)

    def _apart(self, constraint: DaysBetween) -> Iterator[Shortage]:
        """Lessons on days that are far enough apart, at most as many a day as the daily limits of a class allow."""
        problem = self.problem
        limits = [c for c in problem.constraints if c.required and isinstance(c, LimitLessons) and c.maximum > 0]
        days = {group.id for group in problem.days}
        for key in constraint.event_groups:
            events = frozenset(problem.event_groups[key])
            hours = sum(
                problem.events[e].duration for e in events if problem.events[e].weeks == (problem.every_week,) or problem.weeks == 1
            )
            most = [
                c.maximum for c in limits for other in c.event_groups
                if events <= frozenset(problem.event_groups[other]) and days.issuperset(c.time_groups) and len(c.time_groups) == len(days)
            ]  # fmt: skip
            if not most or not events:
                continue
            open_days = sorted({problem.times[t].day for e in events for t in self.allowed[e]})
            count, last = 0, -100
            for day in open_days:
                if day - last >= constraint.gap:
                    count, last = count + 1, day
            if hours > count * min(most):
                yield self._shortage(
                    constraint,
                    Message(
                        "{row}: {lessons} has {have} lessons a week; {days} days lie far enough apart, with at most {most} lessons each",
                        row=constraint.label(),
                        lessons=problem.group_name(key),
                        have=hours,
                        days=count,
                        most=min(most),
                    ),
                    events,
                    [k for k in ("default:subject_per_day",) if k in self.submodels.groups.by_id],
                )

    def _few_days(self, constraint: ClusterBusyTimes) -> Iterator[Shortage]:
        """The lessons of a teacher against what the best days (or half-days) that are allowed can hold, daily limits counted."""
        problem = self.problem
        for resource in constraint.resources:
            events = [e for e in problem.events_of[resource] if resource in problem.events[e].fixed_resources()]
            events = [e for e in events if problem.events[e].weeks == (problem.every_week,) or problem.weeks == 1]
            load = sum(problem.events[e].duration for e in events)
            parts = [frozenset(problem.time_groups[key].times) for key in constraint.time_groups]
            places = sorted((self.counting.most(events, times, resource) for times in parts), reverse=True) if events else []
            room = sum(places[: constraint.maximum])
            if load > room:
                yield self._shortage(
                    constraint,
                    Message(
                        "{row}: {who} has {load} lessons a week, and at most {count} parts of the week hold {room}",
                        row=constraint.label(),
                        who=problem.resources[resource].name,
                        load=load,
                        count=constraint.maximum,
                        room=room,
                    ),
                    events,
                )

    def _free_together(self, constraint: CommonFree) -> Iterator[Shortage]:
        """Each block of common free time against the teacher who has too many lessons to keep it free."""
        problem = self.problem
        if len(constraint.blocks) < 2:
            return  # the one block is closed to their lessons already and counted there
        stuck: dict[int, list[int]] = defaultdict(list)
        for block in constraint.blocks:
            closed = {other for time in block for other in problem.overlapping[time]}
            for resource in constraint.resources:
                events = [e for e in problem.events_of[resource] if resource in problem.events[e].fixed_resources()]
                every = [e for e in events if problem.events[e].weeks == (problem.every_week,) or problem.weeks == 1]
                places = frozenset().union(*(self.allowed[e] for e in every)) - closed if every else frozenset()
                if sum(problem.events[e].duration for e in every) > len(places):
                    stuck[resource] += every
                    break
            else:
                return
        yield self._shortage(
            constraint,
            Message(
                "{row}: in each of the {count} possible times somebody has too many lessons to be free ({who})",
                row=constraint.label(),
                count=len(constraint.blocks),
                who=Listing(problem.resources[r].name for r in stuck),
            ),
            {e for events in stuck.values() for e in events},
        )

    def _doubles(self) -> Iterator[Shortage]:
        problem, groups = self.problem, self.submodels.groups
        for index, count in enumerate(self.submodels.compiled.teaching.doubles):
            if count <= 0 or index not in groups.doubles:
                continue
            event = problem.events[index]
            wanted = event.duration // 2 if event.durations == (2,) else count
            places = _apart_from_each_other([p for p in self.domains.placements[index] if p.duration == 2], self.domains)
            if 2 * count > event.duration:
                text = Message("{lessons}: {count} double periods take {need} lessons, the plan has {have}", need=2 * count,
                               have=event.duration, lessons=event.name, count=count)  # fmt: skip
            elif places < wanted:
                text = Message(
                    "{lessons}: {count} double periods, open periods have room for {places}; none may run over lunch or a long break",
                    lessons=event.name, count=wanted, places=places,
                )  # fmt: skip
            else:
                continue
            yield replace(self._shortage(None, text, [index], [groups.doubles[index]]), fatal=places < wanted or event.durations != (2,))


def _apart_from_each_other(placements: list[Placement], domains: Domains) -> int:
    """Return how many of some double periods can stand beside each other without overlap."""
    count, last = 0, -1
    for start in sorted({p.start for p in placements}):
        if start > last:
            count, last = count + 1, domains.spans[start, 2][-1]
    return count
