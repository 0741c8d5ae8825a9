"""排课要求 -> constraints: one function for each kind of requirement.

Each line becomes constraints that carry its cell and its text, so every violation can be traced to what the office wrote.
``group`` of a constraint is the requirement: what a person could change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from constraints.base import Constraint
from constraints.timetable.allow_sit_in import AllowSitIn
from constraints.timetable.avoid_sequence import AvoidSequence
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.keep_in_step import KeepInStep
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.occupy_times import OccupyTimes
from constraints.timetable.share_times import ShareTimes
from instances.school import Requirement, RequirementKind, Selector, Slot
from scheduler.compiling.demands import Demands, describe
from scheduler.compiling.events import BOTH

# Cost of one unit of deviation of a wish, where the plan gives no weight.
DEFAULT_WEIGHTS: dict[RequirementKind, int] = {
    RequirementKind.FORBIDDEN: 10,
    RequirementKind.FIXED: 10,
    RequirementKind.PREFERRED: 3,
    RequirementKind.AVOIDED: 5,
    RequirementKind.DOUBLES: 8,
    RequirementKind.SAME_TIME: 5,
    RequirementKind.NOT_SAME_TIME: 5,
    RequirementKind.AT_MOST_AT_ONCE: 10,
    RequirementKind.MAX_PER_DAY: 10,
    RequirementKind.MIN_PER_DAY: 10,
    RequirementKind.DAYS_BETWEEN: 5,
    RequirementKind.NOT_NEXT_TO: 3,
    RequirementKind.NOT_AFTER: 3,
    RequirementKind.COMMON_FREE: 8,
    RequirementKind.TEACHER_MAX_DAY: 5,
    RequirementKind.TEACHER_MAX_ROW: 5,
    RequirementKind.TEACHER_MAX_DAYS: 8,
    RequirementKind.TEACHER_FREE_HALF_DAYS: 5,
    RequirementKind.TEACHER_MAX_IDLE: 1,
    RequirementKind.FAIR_TIMES: 2,
    RequirementKind.IN_STEP: 2,
    RequirementKind.HOME_TEACHER: 5,
    RequirementKind.MENTOR: 5,
}


def constraints_of(demands: Demands, requirement: Requirement, number: int) -> Iterator[Constraint]:
    """Yield the constraints of one requirement, the ``number``-th of the plan."""
    make = _MAKERS.get(requirement.kind)
    if make is None:  # worked into the course plan already: fortnightly, joint
        return
    key = f"requirement:{number}"
    weight = requirement.weight if requirement.weight is not None else DEFAULT_WEIGHTS.get(requirement.kind, 1)
    about: dict[str, Any] = {
        "name": requirement.text or str(describe(requirement)),
        "required": requirement.required,
        "weight": 1 if requirement.required else weight,
        "rule": requirement.rule,
        "origin": requirement.origin,
        "group": f"rule:{requirement.rule}" if requirement.rule else key,
    }
    for part, (cls, arguments) in enumerate(make(demands, requirement)):
        yield cls(id=key if part == 0 else f"{key}.{part}", **about, **arguments)


_Made = Iterable[tuple[type[Constraint], dict[str, Any]]]
_Maker = Callable[[Demands, Requirement], _Made]


def _subjects(requirement: Requirement) -> str:
    return "、".join(requirement.scope.subjects)


def _only_people_or_rooms(selector: Selector) -> bool:
    """Say whether a selector means teachers, classes or rooms as such and not some of their lessons."""
    kinds = [bool(selector.teachers or selector.groups), bool(selector.classes or selector.grades), bool(selector.rooms)]
    return not selector.subjects and not selector.courses and sum(kinds) == 1


def _forbidden(demands: Demands, r: Requirement) -> _Made:
    times = demands.week.slots(r.slots)
    if _only_people_or_rooms(r.scope):
        if r.scope.rooms:
            resources = tuple(index for name in r.scope.rooms for index in demands.teaching.rooms(name))
        elif r.scope.teachers or r.scope.groups:
            resources = demands.teacher_resources(r.scope)
        else:
            resources = tuple(
                demands.teaching.class_(c.name) for c in demands.school.classes if c.name in r.scope.classes or c.grade in r.scope.grades
            )
        yield AvoidUnavailableTimes, {"resources": resources, "times": times}
    else:
        groups = demands.class_groups(r.scope, _subjects(r))
        yield LimitLessons, {"event_groups": groups, "time_groups": (demands.week.slot_group(r.slots),), "maximum": 0}


def _fixed(demands: Demands, r: Requirement) -> _Made:
    groups = demands.class_groups(r.scope, _subjects(r))
    slots = tuple(demands.week.slots([slot]) for slot in r.slots)
    yield OccupyTimes, {"event_groups": groups, "slots": slots}


def _preferred(demands: Demands, r: Requirement) -> _Made:
    wanted = set(r.slots)
    others = [slot for slot in demands.week.at if slot not in wanted]
    groups = demands.class_groups(r.scope, _subjects(r))
    yield LimitLessons, {"event_groups": groups, "time_groups": (demands.week.slot_group(others),), "maximum": 0}


def _doubles(demands: Demands, r: Requirement) -> _Made:
    if not r.required:  # required doubles are worked into the events
        events = tuple(index for index in demands.events(r.scope) if 2 in demands.teaching.events[index].durations)
        count = r.count or 1
        yield DistributeSplitEvents, {"events": events, "duration": 2, "minimum": count, "maximum": count}


def _same_time(demands: Demands, r: Requirement) -> _Made:
    events = demands.events(r.scope)
    key = demands.teaching.group(f"link|{','.join(map(str, events))}", r.text or _subjects(r), events)
    yield LinkEvents, {"event_groups": (key,)}


def _at_once(demands: Demands, r: Requirement) -> _Made:
    events = demands.events(r.scope)
    limit = 1 if r.kind is RequirementKind.NOT_SAME_TIME else r.count or 1
    name = _subjects(r) or "、".join(r.scope.rooms or r.scope.classes or r.scope.teachers)
    key = demands.teaching.group(f"at once|{','.join(map(str, events))}", name, events)
    yield LimitConcurrency, {"event_groups": (key,), "maximum": limit}


def _per_day(demands: Demands, r: Requirement) -> _Made:
    groups = demands.class_groups(r.scope, _subjects(r))
    count = r.count or 1
    days = demands.week.days
    if r.slots:
        wanted = {slot.day for slot in r.slots}
        days = tuple(f"day{day}" for day in sorted(wanted) if f"day{day}" in demands.week.groups)
    if r.kind is RequirementKind.MAX_PER_DAY:
        yield LimitLessons, {"event_groups": groups, "time_groups": days, "maximum": count}
    else:
        most = max((len(group.times) for group in demands.week.groups.values()), default=0)
        yield LimitLessons, {"event_groups": groups, "time_groups": days, "minimum": count, "maximum": most}


def _days_between(demands: Demands, r: Requirement) -> _Made:
    """No lessons on days that are too close, and none that share a day, unless they are double or too many for days so far apart."""
    groups, gap = demands.class_groups(r.scope, _subjects(r)), max(2, r.count or 2)
    yield DaysBetween, {"event_groups": groups, "gap": gap}
    days = -(-len(demands.week.days) // gap)
    on_one_day: dict[int, list[str]] = defaultdict(list)
    for key in groups:
        events = [demands.teaching.events[index] for index in demands.teaching.event_groups[key]]
        longest = max(max(event.durations, default=1) for event in events)
        on_one_day[max(longest, -(-sum(event.duration for event in events) // days))].append(key)
    for most, keys in on_one_day.items():
        yield LimitLessons, {"event_groups": tuple(keys), "time_groups": demands.week.days, "maximum": most}


def _sequence(demands: Demands, r: Requirement) -> _Made:
    before = demands.by_class(r.other)
    after = demands.by_class(r.scope)
    pairs = []
    for name in after:
        if name in before:
            first = demands.teaching.group(f"seq|{name}|{before[name]}", f"{name} {'、'.join(r.other.subjects)}", before[name])
            second = demands.teaching.group(f"seq|{name}|{after[name]}", f"{name} {_subjects(r)}", after[name])
            pairs.append((first, second))
    yield AvoidSequence, {"pairs": tuple(pairs), "both_ways": r.kind is RequirementKind.NOT_NEXT_TO, "neighbours": demands.week.neighbours}


def _common_free(demands: Demands, r: Requirement) -> _Made:
    teachers = demands.teacher_resources(r.scope)
    slots = sorted(set(r.slots)) or sorted(demands.week.at)
    if r.count is None:
        yield AvoidUnavailableTimes, {"resources": teachers, "times": demands.week.slots(slots)}
        return
    blocks = []
    for start in range(len(slots) - r.count + 1):
        block = slots[start : start + r.count]
        if all(b == Slot(a.day, a.period + 1) for a, b in pairwise(block)):
            blocks.append(demands.week.slots(block))
    yield CommonFree, {"resources": teachers, "blocks": tuple(blocks)}


def _teacher_max_day(demands: Demands, r: Requirement) -> _Made:
    yield (
        LimitBusyTimes,
        {"resources": demands.teacher_resources(r.scope), "time_groups": demands.week.days, "minimum": 0, "maximum": r.count or 1},
    )


def _teacher_max_row(demands: Demands, r: Requirement) -> _Made:
    yield (
        LimitConsecutive,
        {"resources": demands.teacher_resources(r.scope), "time_groups": demands.week.half_days, "maximum": r.count or 1},
    )


def _teacher_max_days(demands: Demands, r: Requirement) -> _Made:
    yield (
        ClusterBusyTimes,
        {"resources": demands.teacher_resources(r.scope), "time_groups": demands.week.days, "minimum": 0, "maximum": r.count or 1},
    )


def _free_half_days(demands: Demands, r: Requirement) -> _Made:
    groups = demands.week.half_days
    yield (
        ClusterBusyTimes,
        {
            "resources": demands.teacher_resources(r.scope),
            "time_groups": groups,
            "minimum": 0,
            "maximum": max(0, len(groups) - (r.count or 1)),
        },
    )


def _max_idle(demands: Demands, r: Requirement) -> _Made:
    yield (
        LimitIdleTimes,
        {"resources": demands.teacher_resources(r.scope), "time_groups": demands.week.days, "minimum": 0, "maximum": r.count or 0},
    )


def _fair_times(demands: Demands, r: Requirement) -> _Made:
    shares = fair_shares(demands, demands.teachers(r.scope), r.slots)
    yield ShareTimes, {"shares": shares, "time_group": demands.week.slot_group(r.slots)}


def fair_shares(demands: Demands, teachers: Iterable[str], slots: Iterable[Slot]) -> tuple[tuple[int, int], ...]:
    """Return (teacher resource, most lessons in ``slots`` that is fair): in proportion to the load, rounded up."""
    times = set(demands.week.slots(slots))
    shares = []
    for name in teachers:
        resource = demands.teaching.teacher(name)
        share = 0.0
        for event in demands.teaching.events:
            if resource in event.fixed_resources():
                possible = event.times or frozenset(range(len(demands.week.times)))
                share += event.duration * len(times & possible) / max(1, len(possible))
        shares.append((resource, int(share) + 1))
    return tuple(shares)


def _in_step(demands: Demands, r: Requirement) -> _Made:
    parallel: dict[tuple[tuple[str, ...], str, int], list[tuple[str, int]]] = defaultdict(list)
    for index in demands.events(r.scope):
        event, courses = demands.teaching.events[index], demands.teaching.courses[index]
        if len(courses) == 1 and courses[0].teachers and event.weeks == (BOTH,) and event.duration > 1:
            course = courses[0]
            parallel[course.teachers, course.subject, event.duration].append((event.name, index))
    pairs = []
    for members in parallel.values():
        for (name_a, a), (name_b, b) in pairwise(members):
            pairs.append((demands.teaching.group(f"event|{a}", name_a, (a,)), demands.teaching.group(f"event|{b}", name_b, (b,))))
    yield KeepInStep, {"pairs": tuple(pairs), "time_groups": demands.week.days, "most": r.count or 1}


def _home_teacher(demands: Demands, r: Requirement) -> _Made:
    groups = []
    for record in demands.school.classes:
        if record.home_teacher is None or (r.scope.classes and record.name not in r.scope.classes):
            continue
        if r.scope.grades and record.grade not in r.scope.grades:
            continue
        subjects = r.scope.subjects
        events = demands.events(Selector(classes=(record.name,), teachers=(record.home_teacher,), subjects=subjects))
        if events:
            groups.append(demands.teaching.group(f"home|{record.name}|{events}", f"{record.name} {record.home_teacher}", events))
    slots = demands.week.slot_group(r.slots)
    most = len(demands.week.groups[slots].times)
    yield LimitLessons, {"event_groups": tuple(groups), "time_groups": (slots,), "minimum": r.count or 1, "maximum": most}


def _mentor(demands: Demands, r: Requirement) -> _Made:
    mentors = demands.teacher_resources(r.other)
    for novice in demands.teachers(r.scope):
        events = demands.events(Selector(teachers=(novice,), subjects=r.scope.subjects))
        key = demands.teaching.group(f"novice|{novice}|{events}", novice, events)
        for mentor in mentors:
            yield AllowSitIn, {"event_group": key, "mentor": mentor, "minimum": r.count or 1}


_MAKERS: dict[RequirementKind, _Maker] = {
    RequirementKind.FORBIDDEN: _forbidden,
    RequirementKind.AVOIDED: _forbidden,
    RequirementKind.FIXED: _fixed,
    RequirementKind.PREFERRED: _preferred,
    RequirementKind.DOUBLES: _doubles,
    RequirementKind.SAME_TIME: _same_time,
    RequirementKind.NOT_SAME_TIME: _at_once,
    RequirementKind.AT_MOST_AT_ONCE: _at_once,
    RequirementKind.MAX_PER_DAY: _per_day,
    RequirementKind.MIN_PER_DAY: _per_day,
    RequirementKind.DAYS_BETWEEN: _days_between,
    RequirementKind.NOT_NEXT_TO: _sequence,
    RequirementKind.NOT_AFTER: _sequence,
    RequirementKind.COMMON_FREE: _common_free,
    RequirementKind.TEACHER_MAX_DAY: _teacher_max_day,
    RequirementKind.TEACHER_MAX_ROW: _teacher_max_row,
    RequirementKind.TEACHER_MAX_DAYS: _teacher_max_days,
    RequirementKind.TEACHER_FREE_HALF_DAYS: _free_half_days,
    RequirementKind.TEACHER_MAX_IDLE: _max_idle,
    RequirementKind.FAIR_TIMES: _fair_times,
    RequirementKind.IN_STEP: _in_step,
    RequirementKind.HOME_TEACHER: _home_teacher,
    RequirementKind.MENTOR: _mentor,
}
