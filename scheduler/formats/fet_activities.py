"""FET's time constraints on activities: where lessons may be and how they stand to each other."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.relate_meets import RelateMeets, Relation
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from scheduler.formats.fet_draft import Draft
from scheduler.formats.fet_events import activity_ids, selected
from scheduler.formats.fet_file import FetConstraint

Rule = Callable[[Draft, FetConstraint], None]


def _meant(draft: Draft, constraint: FetConstraint) -> tuple[int, ...]:
    """Return the events of the activities that are listed, or else selected by teacher, students, subject, tag and duration."""
    if activity_ids(constraint):
        return draft.events(constraint)
    return tuple(dict.fromkeys(draft.event_of[activity.id] for activity in selected(draft.file, constraint)))


def _number(draft: Draft, constraint: FetConstraint, tag: str) -> int:
    return draft.file.place.limit(constraint.element, tag)


def _starts(draft: Draft, constraint: FetConstraint) -> None:
    events = _meant(draft, constraint)
    times = draft.slots(constraint)
    element = constraint.element
    if element.first("Preferred_Hour") is not None and element.first("Preferred_Day") is not None:
        time = draft.time(constraint, element.value("Preferred_Day"), element.value("Preferred_Hour"))
        times |= {time} if time is not None else set()
    draft.add(constraint, PreferTimes, events=events, times=tuple(sorted(times)))


def _within(draft: Draft, constraint: FetConstraint) -> None:
    """Every period of the lessons lies in the slots."""
    slots = draft.slots(constraint)
    _keep_out(draft, constraint, [time for time in range(len(draft.times)) if time not in slots])


def _day(draft: Draft, constraint: FetConstraint) -> None:
    day = constraint.element.value("Preferred_Day")
    if day not in draft.file.days:
        draft.unknown(constraint, "Day", day)
        return
    own = draft.day(draft.file.days.index(day))
    _keep_out(draft, constraint, [time for time in range(len(draft.times)) if time not in own])


def _keep_out(draft: Draft, constraint: FetConstraint, times: list[int]) -> None:
    outside = draft.time_group("times:" + ",".join(map(str, times)), constraint.type, times)
    groups = tuple(draft.group((event,)) for event in _meant(draft, constraint))
    draft.add(constraint, LimitLessons, event_groups=groups, time_groups=(outside,), maximum=0)


def _min_days(draft: Draft, constraint: FetConstraint) -> None:
    """A pair of lessons d days apart costs the days that are missing, as the sum of limits for 1, 2, ... days.

    Whatever the weight, FET puts at most two of the lessons on one day, and these one after the other where the constraint says so.
    """
    events = draft.events(constraint)
    days = _number(draft, constraint, "MinDays")
    if draft.meets(events) < 2:
        return
    group = draft.group(events)
    if days > 0 and constraint.weight > 0:
        limits = tuple(SpreadLimit(day, 0, 1) for day in draft.days())
        draft.add(constraint, SpreadEvents, ":1", multiple=days, event_groups=(group,), limits=limits)
        for gap in range(2, days + 1) if not constraint.required else (days,) if days > 1 else ():
            draft.add(constraint, DaysBetween, f":{gap}", event_groups=(group,), gap=gap)
    element = constraint.element
    consecutive = element.value("Consecutive_If_Same_Day") or element.value("Adjacent_If_Broken")
    if constraint.required and days > 0:
        return
    if consecutive in ("true", "yes"):
        relation = Relation.ADJACENT_IF_SAME_DAY
        draft.add(constraint, RelateMeets, ":consecutive", required=True, event_groups=(group,), relation=relation)
    elif draft.meets(events) > 2:
        limits = tuple(SpreadLimit(day, 0, 2) for day in draft.days())
        draft.add(constraint, SpreadEvents, ":two", required=True, event_groups=(group,), limits=limits)


def _related(relation: Relation, limit: str = "") -> Rule:
    def rule(draft: Draft, constraint: FetConstraint) -> None:
        if constraint.number in draft.bundled.together:
            return
        events = draft.events(constraint)
        most = _number(draft, constraint, limit) if limit else 0
        if draft.meets(events) > 1:
            group = draft.group(events)
            draft.add(constraint, RelateMeets, event_groups=(group,), relation=relation, limit=most, pauses=draft.pauses)

    return rule


def _three_grouped(draft: Draft, constraint: FetConstraint) -> None:
    """Three lessons in a row, in any order: between any two there is no more than the third."""
    events = draft.events(constraint)
    if len(events) < 3:
        return
    for number, pair in enumerate(combinations(events, 2)):
        third = next(event for event in events if event not in pair)
        draft.add(
            constraint,
            RelateMeets,
            f":{number + 1}",
            event_groups=(draft.group(pair),),
            relation=Relation.ADJACENT,
            limit=draft.bundled.bundles[third].duration,
            pauses=draft.pauses,
        )


def _not_overlapping(draft: Draft, constraint: FetConstraint) -> None:
    draft.add(constraint, LimitConcurrency, event_groups=(draft.group(draft.events(constraint)),), maximum=1)


def _edge(first: bool) -> Rule:
    def rule(draft: Draft, constraint: FetConstraint) -> None:
        kind = "teacher" if constraint.type.endswith("TeachersDay") else "students"
        draft.add(constraint, EdgeOfDay, events=_meant(draft, constraint), resource_type=kind, first=first)

    return rule


def _max_simultaneous(draft: Draft, constraint: FetConstraint) -> None:
    groups = tuple(draft.time_group(f"time{time}", draft.times[time].name, (time,)) for time in sorted(draft.slots(constraint)))
    most = _number(draft, constraint, "Max_Number_of_Simultaneous_Activities")
    draft.add(constraint, LimitLessons, event_groups=(draft.group(draft.events(constraint)),), time_groups=groups, maximum=most)


def _occupied_slots(least: bool) -> Rule:
    """The number of different slots of a selection in which any of the lessons runs."""

    def rule(draft: Draft, constraint: FetConstraint) -> None:
        groups = tuple(draft.time_group(f"time{time}", draft.times[time].name, (time,)) for time in sorted(draft.slots(constraint)))
        number = _number(draft, constraint, f"{'Min' if least else 'Max'}_Number_of_Occupied_Time_Slots")
        who = draft.marker(f"group:{constraint.number}", constraint.type, draft.events(constraint))
        low, high = (number, len(groups)) if least else (0, number)
        draft.add(constraint, ClusterBusyTimes, resources=(who,), time_groups=groups, minimum=low, maximum=high)

    return rule


ACTIVITY_RULES: dict[str, Rule] = {
    "MinDaysBetweenActivities": _min_days,
    "MaxDaysBetweenActivities": _related(Relation.DAYS_WITHIN, "MaxDays"),
    "MinGapsBetweenActivities": _related(Relation.APART, "MinGaps"),
    "ActivityPreferredStartingTime": _starts,
    "ActivityPreferredStartingTimes": _starts,
    "ActivitiesPreferredStartingTimes": _starts,
    "SubactivitiesPreferredStartingTimes": _starts,
    "ActivityPreferredTimeSlots": _within,
    "ActivitiesPreferredTimeSlots": _within,
    "SubactivitiesPreferredTimeSlots": _within,
    "ActivityPreferredDay": _day,
    "ActivitiesSameStartingTime": _related(Relation.SAME_START),
    "ActivitiesSameStartingDay": _related(Relation.SAME_DAY),
    "ActivitiesSameStartingHour": _related(Relation.SAME_PERIOD),
    "TwoActivitiesConsecutive": _related(Relation.FOLLOW),
    "TwoActivitiesGrouped": _related(Relation.ADJACENT),
    "TwoActivitiesOrdered": _related(Relation.ORDERED),
    "TwoActivitiesOrderedIfSameDay": _related(Relation.ORDERED_IF_SAME_DAY),
    "ThreeActivitiesGrouped": _three_grouped,
    "ActivitiesNotOverlapping": _not_overlapping,
    "ActivityEndsStudentsDay": _edge(first=False),
    "ActivitiesEndStudentsDay": _edge(first=False),
    "ActivityEndsTeachersDay": _edge(first=False),
    "ActivitiesEndTeachersDay": _edge(first=False),
    "ActivityBeginsStudentsDay": _edge(first=True),
    "ActivitiesBeginStudentsDay": _edge(first=True),
    "ActivityBeginsTeachersDay": _edge(first=True),
    "ActivitiesBeginTeachersDay": _edge(first=True),
    "ActivitiesMaxSimultaneousInSelectedTimeSlots": _max_simultaneous,
    "ActivitiesOccupyMaxTimeSlotsFromSelection": _occupied_slots(least=False),
    "ActivitiesOccupyMinTimeSlotsFromSelection": _occupied_slots(least=True),
}
"""What each type of constraint adds to a draft."""
