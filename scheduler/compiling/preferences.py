"""What makes a school timetable good where the plan asks for nothing: the documented defaults.

Each preference has a name and a weight; ``School.weights`` (sheet 学校) overrides the weight, 0 switches it off.
Only two defaults are required: a subject at most twice a day unless its hours force more, and fortnightly lessons
of a class sharing a period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import ceil

from constraints.base import Constraint
from constraints.timetable.avoid_sequence import AvoidSequence
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.link_events import LinkEvents
from instances.language import Message
from instances.school import RequirementKind, Slot
from scheduler.compiling.demands import Demands
from scheduler.compiling.events import ACTIVITY, BOTH

MAIN_SUBJECTS = ("语文", "数学", "英语")
PE = "体育"

DEFAULT_PREFERENCES: dict[str, int] = {
    "subject_spread": 5,
    "subject_gap": 2,
    "main_in_morning": 1,
    "not_after_pe": 1,
    "pe_not_first": 1,
    "teacher_day_balance": 2,
    "teacher_in_a_row": 2,
}

NAMES: dict[str, Message] = {
    "subject_spread": Message("Lessons of a subject spread evenly over the days"),
    "subject_gap": Message("Two lessons of a subject not on neighbouring days"),
    "main_in_morning": Message("Chinese, maths and English in the morning"),
    "not_after_pe": Message("No Chinese, maths or English right after PE"),
    "pe_not_first": Message("PE not in the first period of the day"),
    "teacher_day_balance": Message("A teacher's lessons spread evenly over the days"),
    "teacher_in_a_row": Message("At most three lessons in a row for a teacher"),
}


def default_constraints(demands: Demands) -> Iterator[Constraint]:
    """Yield the default constraints of a school, in a fixed order."""
    yield from _subject_per_day(demands)
    yield from _paired_fortnights(demands)
    weights = {**DEFAULT_PREFERENCES, **demands.school.weights}
    makers = (_gaps, _mornings, _after_pe, _pe_first, _teacher_days, _in_a_row)
    for make in makers:
        yield from (c for c in make(demands, weights) if c.weight > 0)


def _subject_groups(demands: Demands) -> dict[tuple[str, str], list[int]]:
    """Return the events of each (class, subject), without fixed events and activity periods."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, courses in enumerate(demands.teaching.courses):
        if len(courses) != 1 or courses[0].id.startswith("event:") or courses[0].subject == ACTIVITY:
            continue
        for name in courses[0].classes:
            found[name, courses[0].subject].append(index)
    return dict(found)


def _group(demands: Demands, name: str, subject: str, events: list[int]) -> str:
    return demands.teaching.group(f"class|{name}|{subject}", f"{name} {subject}", events)


def _subject_per_day(demands: Demands) -> Iterator[Constraint]:
    """Required: at most max(2, ceil(hours / days)) a day; preferred: at most ceil(hours / days), doubles counted as they must be.

    Where the plan itself says how often a day a class may have a subject, that holds and not the default.
    """
    weight = {**DEFAULT_PREFERENCES, **demands.school.weights}["subject_spread"]
    days = len(demands.week.days)
    own = {
        (name, frozenset(events))
        for r in demands.school.requirements
        if r.kind is RequirementKind.MAX_PER_DAY and r.required and not r.slots and len(r.scope.subjects) == 1
        for name, events in demands.by_class(r.scope).items()
    }
    hard: dict[int, list[str]] = defaultdict(list)
    soft: dict[int, list[str]] = defaultdict(list)
    for (name, subject), events in _subject_groups(demands).items():
        hours = sum(demands.teaching.events[i].duration for i in events)
        if hours < 2:
            continue
        even = ceil(hours / days)
        group = _group(demands, name, subject, events)
        if (name, frozenset(events)) not in own:
            hard[max(2, even)].append(group)
        if even < 2 and not any(demands.teaching.doubles[i] for i in events):
            soft[even].append(group)
    for most, groups in sorted(hard.items()):
        yield LimitLessons(
            id=f"subject_per_day:{most}",
            name=Message("A subject at most {most} times a day in a class", most=most),
            event_groups=tuple(groups),
            time_groups=demands.week.days,
            maximum=most,
        )
    for most, groups in sorted(soft.items()):
        if weight:
            yield LimitLessons(
                id=f"subject_spread:{most}",
                name=NAMES["subject_spread"],
                required=False,
                group="preference:subject_spread",
                weight=weight,
                event_groups=tuple(groups),
                time_groups=demands.week.days,
                maximum=most,
            )


def _paired_fortnights(demands: Demands) -> Iterator[Constraint]:
    """Required: two fortnightly lessons of a class stand in one period, one in odd, one in even weeks."""
    waiting: dict[str, int] = {}
    pairs = []
    for index, event in enumerate(demands.teaching.events):
        classes = [name for course in demands.teaching.courses[index] for name in course.classes]
        if BOTH in event.weeks or event.duration != 1 or len(classes) != 1:
            continue
        first = waiting.pop(classes[0], None)
        if first is None:
            waiting[classes[0]] = index
        elif set(demands.teaching.events[first].weeks) == set(event.weeks) and len(event.weeks) == 1:
            waiting[classes[0]] = index  # both odd or both even: they cannot share
        else:
            pairs.append(demands.teaching.group(f"pair|{first}|{index}", event.name, (first, index)))
    if pairs:
        yield LinkEvents(
            id="paired_fortnights",
            name=Message("Fortnightly lessons of a class share a period"),
            event_groups=tuple(pairs),
            whole_cycle=True,
        )


def _gaps(demands: Demands, weights: dict[str, int]) -> Iterator[Constraint]:
    groups = []
    for (name, subject), events in _subject_groups(demands).items():
        if sum(demands.teaching.events[i].duration for i in events) == 2 and not any(demands.teaching.doubles[i] for i in events):
            groups.append(_group(demands, name, subject, events))
    yield DaysBetween(
        id="subject_gap",
        name=NAMES["subject_gap"],
        required=False,
        group="preference:subject_gap",
        weight=weights["subject_gap"],
        event_groups=tuple(groups),
        gap=2,
    )


def _mornings(demands: Demands, weights: dict[str, int]) -> Iterator[Constraint]:
    afternoon = [i for i in range(len(demands.week.times)) if i not in demands.week.morning]
    key = demands.week.group("afternoons", str(Message("the afternoon")), afternoon)
    found = _subject_groups(demands).items()
    groups = [_group(demands, name, subject, events) for (name, subject), events in found if subject in MAIN_SUBJECTS]
    yield LimitLessons(
        id="main_in_morning",
        name=NAMES["main_in_morning"],
        required=False,
        group="preference:main_in_morning",
        weight=weights["main_in_morning"],
        event_groups=tuple(groups),
        time_groups=(key,),
        maximum=0,
    )


def _after_pe(demands: Demands, weights: dict[str, int]) -> Iterator[Constraint]:
    found = _subject_groups(demands)
    pairs = []
    for name, subject in found:
        if subject == PE:
            main = [i for s in MAIN_SUBJECTS for i in found.get((name, s), ())]
            if main:
                later = demands.teaching.group(f"class|{name}|main", f"{name} {'、'.join(MAIN_SUBJECTS)}", main)
                pairs.append((_group(demands, name, PE, found[name, PE]), later))
    yield AvoidSequence(id="not_after_pe", name=NAMES["not_after_pe"], required=False, weight=weights["not_after_pe"], pairs=tuple(pairs))


def _pe_first(demands: Demands, weights: dict[str, int]) -> Iterator[Constraint]:
    first = [Slot(time.day, time.period) for time in demands.week.times if time.period == 1]
    found = _subject_groups(demands).items()
    groups = tuple(_group(demands, name, subject, events) for (name, subject), events in found if subject == PE)
    yield LimitLessons(
        id="pe_not_first",
        name=NAMES["pe_not_first"],
        required=False,
        group="preference:pe_not_first",
        weight=weights["pe_not_first"],
        event_groups=groups,
        time_groups=(demands.week.slot_group(first),),
        maximum=0,
    )


def _loads(demands: Demands) -> dict[int, int]:
    """Return the weekly lessons of each teacher resource; a fortnightly lesson counts as one."""
    loads: dict[int, int] = defaultdict(int)
    for event in demands.teaching.events:
        for index in event.fixed_resources():
            if demands.teaching.resources[index].type == "teacher":
                loads[index] += event.duration
    return dict(loads)


def _teacher_days(demands: Demands, weights: dict[str, int]) -> Iterator[Constraint]:
    days = len(demands.week.days)
    by_limit: dict[int, list[int]] = defaultdict(list)
    for resource, load in _loads(demands).items():
        by_limit[ceil(load / days) + 1].append(resource)
    for limit, resources in sorted(by_limit.items()):
        yield LimitBusyTimes(
            id=f"teacher_day_balance:{limit}",
            name=NAMES["teacher_day_balance"],
            required=False,
            group="preference:teacher_day_balance",
            weight=weights["teacher_day_balance"],
            resources=tuple(resources),
            time_groups=demands.week.days,
            minimum=0,
            maximum=limit,
        )


def _in_a_row(demands: Demands, weights: dict[str, int]) -> Iterator[Constraint]:
    yield LimitConsecutive(
        id="teacher_in_a_row",
        name=NAMES["teacher_in_a_row"],
        required=False,
        group="preference:teacher_in_a_row",
        weight=weights["teacher_in_a_row"],
        resources=tuple(_loads(demands)),
        time_groups=demands.week.half_days,
        maximum=3,
    )
