"""FET's constraints on the week of teachers and students: days, gaps, hours, beginnings, rest.

Nearly all come in four forms, for one teacher, all teachers, one students set and all students; a limit on students holds for each unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from constraints.timetable.avoid_sequence import AvoidSequence
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.begin_early import BeginEarly
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_place_changes import LimitPlaceChanges
from instances.language import Message
from scheduler.formats.fet_draft import Draft
from scheduler.formats.fet_events import named
from scheduler.formats.fet_file import FetConstraint

Rule = Callable[[Draft, FetConstraint], None]
Limit = Callable[[Draft, FetConstraint, tuple[int, ...]], None]


def away(draft: Draft, constraint: FetConstraint) -> None:
    """Teachers, students or rooms that are not available at some times."""
    times = draft.slots(constraint)
    if constraint.type.startswith("Room"):
        name = constraint.element.value("Room")
        if name not in draft.file.rooms:
            draft.unknown(constraint, "Room", name)
        who = [draft.index[f"room:{name}"]] if f"room:{name}" in draft.index else []
    else:
        who = _people(draft, constraint)
    if who and times:
        draft.add(constraint, AvoidUnavailableTimes, resources=tuple(who), times=tuple(sorted(times)))
        for index in who if constraint.required else ():
            draft.unavailable[index] |= times


def _people(draft: Draft, constraint: FetConstraint) -> list[int]:
    if constraint.type.startswith("Teacher"):
        return draft.teachers(constraint, constraint.type.startswith("Teachers"))
    return draft.students(constraint, not constraint.type.startswith("StudentsSet"))


def _number(draft: Draft, constraint: FetConstraint, tag: str) -> int:
    return draft.file.place.limit(constraint.element, tag)


def _by_absence(draft: Draft, who: Iterable[int]) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    """Return the people by the days that they have: what is no gap is a break or a time at which they are away."""
    groups: dict[frozenset[int], list[int]] = defaultdict(list)
    for index in who:
        groups[draft.unavailable[index] | draft.breaks].append(index)
    return [(tuple(members), draft.days(times)) for times, members in groups.items()]


def _max_days(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    most = _number(draft, constraint, "Max_Days_Per_Week")
    draft.add(constraint, ClusterBusyTimes, resources=who, time_groups=draft.days(), maximum=most)


def _min_days(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    least = _number(draft, constraint, "Minimum_Days_Per_Week")
    days = draft.days()
    draft.add(constraint, ClusterBusyTimes, resources=who, time_groups=days, minimum=least, maximum=len(days))


def _interval_days(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    most = _number(draft, constraint, "Max_Days_Per_Week")
    draft.add(constraint, ClusterBusyTimes, resources=who, time_groups=_interval(draft, constraint), maximum=most)


def _interval(draft: Draft, constraint: FetConstraint) -> tuple[str, ...]:
    """Return the interval of hours of each day: from the start hour to before the end hour, or to the end of the day."""
    hours = draft.file.hours
    start, end = (constraint.element.value(f"Interval_{side}_Hour") for side in ("Start", "End"))
    for hour in (start, end):
        if hour and hour not in hours:
            draft.unknown(constraint, "Hour", hour)
            return ()
    first, last = hours.index(start) if start else 0, hours.index(end) if end else len(hours)
    groups = []
    for number, day in enumerate(draft.file.days):
        times = list(draft.day(number))[first:last]
        groups.append(draft.time_group(f"day{number + 1}:{first}-{last}", f"{day} {start}-{end}", times))
    return tuple(groups)


def _gaps_per_week(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    most = _number(draft, constraint, "Max_Gaps")
    for number, (members, days) in enumerate(_by_absence(draft, who)):
        draft.add(constraint, LimitIdleTimes, f":{number}", resources=members, time_groups=days, maximum=most)


def _gaps_per_day(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    most = _number(draft, constraint, "Max_Gaps")
    for number, (members, days) in enumerate(_by_absence(draft, who)):
        for day in days:
            draft.add(constraint, LimitIdleTimes, f":{number}:{day}", resources=members, time_groups=(day,), maximum=most)


def _early(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    late = _number(draft, constraint, "Max_Beginnings_At_Second_Hour")
    for number, (members, days) in enumerate(_by_absence(draft, who)):
        draft.add(constraint, BeginEarly, f":{number}", resources=members, time_groups=days, late=late)


def _max_hours(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    most = _number(draft, constraint, "Maximum_Hours_Daily")
    interval = "InInterval" in constraint.type
    days = _interval(draft, constraint) if interval else draft.days()
    draft.add(constraint, LimitBusyTimes, resources=_tagged(draft, constraint, who), time_groups=days, maximum=most)


def _min_hours(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    least = _number(draft, constraint, "Minimum_Hours_Daily")
    days = draft.days()
    who = _tagged(draft, constraint, who)
    draft.add(constraint, LimitBusyTimes, resources=who, time_groups=days, minimum=least, maximum=draft.hours)
    students = constraint.type.startswith("Students")
    if constraint.element.value("Allow_Empty_Days") == "false" or (students and not constraint.element.value("Allow_Empty_Days")):
        draft.add(constraint, ClusterBusyTimes, ":every day", resources=who, time_groups=days, minimum=len(days), maximum=len(days))


def _continuously(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    most = _number(draft, constraint, "Maximum_Hours_Continuously")
    draft.add(constraint, LimitConsecutive, resources=_tagged(draft, constraint, who), time_groups=draft.days(), maximum=most)


def _tagged(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> tuple[int, ...]:
    """Return the people themselves or, for a limit on lessons with a tag, stand-ins that take part in their lessons with the tag."""
    if "ActivityTag" not in constraint.type:
        return who
    tag = named(constraint, "Activity_Tag")
    if tag not in draft.file.tags:
        draft.unknown(constraint, "Activity_Tag", tag)
    found = []
    for index in who:
        events = _with_tag(draft, index, tag)
        if events:
            name = f"{draft.resources[index].name} ({tag})"
            found.append(draft.marker(f"{draft.resources[index].id}:{tag}", name, events))
    return tuple(found)


def _with_tag(draft: Draft, resource: int, tag: str) -> tuple[int, ...]:
    """Return the events of a resource in which a lesson that it attends itself has the tag."""
    found = []
    for event in draft.events_with(resource):
        for activity in draft.bundled.bundles[event].rows[0]:
            own = {draft.index[f"teacher:{name}"] for name in activity.teachers}
            own |= {draft.unit[unit] for name in activity.students for unit in draft.file.students[name] if unit in draft.unit}
            if tag in activity.tags and resource in own:
                found.append(event)
    return tuple(dict.fromkeys(found))


def _rest(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    """From the last lesson of a day to the first of the next, so many periods at least, as if the night had none."""
    least = _number(draft, constraint, "Minimum_Resting_Hours")
    days = [list(draft.day(number)) for number in range(len(draft.file.days))]
    nights = [*pairwise(days), *([(days[-1], days[0])] if constraint.element.value("Circular") == "true" else [])]
    near = {
        (late, early)
        for evening, morning in nights
        for rest_of_day, late in enumerate(reversed(evening))
        for begun, early in enumerate(morning)
        if rest_of_day + begun < least
    }
    _not_in_turn(draft, constraint, who, near)


def _max_span(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    """From the first to the last lesson of a day, both included, so many periods at most."""
    if constraint.element.value("Allow_One_Day_Exception_of_Plus_One") == "true":
        draft.file.place.fault(constraint.element, Message("the exception of one day is not supported"))
    most = _number(draft, constraint, "Max_Span")
    days = [draft.day(number) for number in range(len(draft.file.days))]
    _not_in_turn(draft, constraint, who, {(a, b) for day in days for a in day for b in day if b - a >= most})


def _not_in_turn(draft: Draft, constraint: FetConstraint, who: tuple[int, ...], times: set[tuple[int, int]]) -> None:
    """No lessons at both times of a pair, for each of the people."""
    groups = [draft.group(draft.events_with(index), draft.resources[index].name) for index in who]
    pairs = tuple((group, group) for group in groups)
    if times:
        draft.add(constraint, AvoidSequence, pairs=pairs, neighbours=frozenset(times))


def _tag_gaps(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    """Between a lesson with the first tag and a later one with the second, on one day, so many periods at least."""
    least = _number(draft, constraint, "MinGaps")
    first, second = (constraint.element.value(f"{place}_Activity_Tag") for place in ("First", "Second"))
    pairs = []
    for index in who:
        groups = [_with_tag(draft, index, tag) for tag in (first, second)]
        if all(groups):
            pairs.append(tuple(draft.group(events) for events in groups))
    days = [draft.day(number) for number in range(len(draft.file.days))]
    near = frozenset((a, b) for day in days for a in day for b in day if 0 < b - a <= least)
    draft.add(constraint, AvoidSequence, pairs=tuple((a, b) for a, b in pairs), neighbours=near)


def _places(draft: Draft, constraint: FetConstraint) -> tuple[tuple[int, ...], ...]:
    """Return the rooms by building, those without one left out, or for changes of rooms each by itself."""
    places: dict[str, list[int]] = defaultdict(list)
    for room in draft.file.rooms.values():
        name = room.name if "RoomChanges" in constraint.type else room.building
        if name and not room.sets:
            places[name].append(draft.index[f"room:{room.name}"])
    return tuple(map(tuple, places.values()))


def _changes(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    """So many changes of building, or room, a day or a week; or so many free periods between two of them."""
    fields: dict[str, Any] = {"resources": who, "places": _places(draft, constraint)}
    what = "Room" if "RoomChanges" in constraint.type else "Building"
    days = draft.days()
    if "MinGaps" in constraint.type:
        gap = _number(draft, constraint, f"Min_Gaps_Between_{what}_Changes")
        draft.add(constraint, LimitPlaceChanges, time_groups=days, gap=gap, **fields)
    elif constraint.type.endswith("PerWeek"):
        most = _number(draft, constraint, f"Max_{what}_Changes_Per_Week")
        draft.add(constraint, LimitPlaceChanges, time_groups=days, maximum=most, **fields)
    else:
        most = _number(draft, constraint, f"Max_{what}_Changes_Per_Day")
        for day in days:
            draft.add(constraint, LimitPlaceChanges, f":{day}", time_groups=(day,), maximum=most, **fields)


def _not_two_days_running(draft: Draft, constraint: FetConstraint, who: tuple[int, ...]) -> None:
    groups = tuple(draft.group(draft.events_with(index), draft.resources[index].name) for index in who)
    draft.add(constraint, DaysBetween, event_groups=groups, gap=2)


def _for_people(limit: Limit) -> Rule:
    def rule(draft: Draft, constraint: FetConstraint) -> None:
        who = tuple(_people(draft, constraint))
        if who:
            limit(draft, constraint, who)

    return rule


_LIMITS: dict[str, Limit] = {
    "MaxDaysPerWeek": _max_days,
    "MinDaysPerWeek": _min_days,
    "IntervalMaxDaysPerWeek": _interval_days,
    "MaxGapsPerWeek": _gaps_per_week,
    "MaxGapsPerDay": _gaps_per_day,
    "EarlyMaxBeginningsAtSecondHour": _early,
    "MaxHoursDaily": _max_hours,
    "MaxHoursDailyInInterval": _max_hours,
    "MinHoursDaily": _min_hours,
    "MaxHoursContinuously": _continuously,
    "ActivityTagMaxHoursDaily": _max_hours,
    "ActivityTagMinHoursDaily": _min_hours,
    "ActivityTagMaxHoursContinuously": _continuously,
    "MinRestingHours": _rest,
    "MaxSpanPerDay": _max_span,
    "MinGapsBetweenOrderedPairOfActivityTags": _tag_gaps,
    "NoTwoConsecutiveDays": _not_two_days_running,
    **{f"Max{what}ChangesPer{span}": _changes for what in ("Building", "Room") for span in ("Day", "Week")},
    **{f"MinGapsBetween{what}Changes": _changes for what in ("Building", "Room")},
}

PEOPLE_RULES: dict[str, Rule] = {
    f"{who}{name}": _for_people(limit) for who in ("Teacher", "Teachers", "Students", "StudentsSet") for name, limit in _LIMITS.items()
}
"""What each type of constraint adds to a draft."""
