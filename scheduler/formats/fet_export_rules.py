"""What FET can express of the constraints of a school: one function for each kind, which says whether it could."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from constraints.base import Constraint
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from scheduler.formats.fet_export_draft import Export, constraint_element

_PREFERENCE = 95.0  # percent: the weight that FET's own wizard proposes

Rule = Callable[[Export, Any], bool]

IMPLIED = {"assign_time", "assign_resource", "avoid_clashes", "distribute_split_events"}
"""The kinds that FET takes for granted, or that shape the activities."""


def _weight(constraint: Constraint) -> float:
    return 100.0 if constraint.required else _PREFERENCE


def _days(export: Export, keys: Iterable[str]) -> bool:
    """Say whether time groups are whole days."""
    return all(export.problem.time_groups[key].kind == "day" for key in keys)


def _unavailable(export: Export, constraint: Any) -> bool:
    tags = {"teacher": ("Teacher", "Teacher"), "class": ("StudentsSet", "Students"), "room": ("Room", "Room")}
    if not constraint.required or any(export.problem.resources[index].type not in tags for index in constraint.resources):
        return False
    slots = export.slots(constraint.times, "Not_Available_Time", "Day", "Hour")
    for index in constraint.resources:
        resource = export.problem.resources[index]
        kind, tag = tags[resource.type]
        for name in export.rooms.get(index, [resource.name]):
            element = constraint_element(
                f"{kind}NotAvailableTimes", 100, {tag: name, "Number_of_Not_Available_Times": len(slots), "s": slots}
            )
            (export.space if kind == "Room" else export.time).append(element)
    return True


def _spaced(export: Export, events: Sequence[int], days: int, weight: float) -> None:
    ids = export.ids(events)
    if len(ids) > 1:
        children = {"Consecutive_If_Same_Day": "false", "Number_of_Activities": len(ids), "Activity_Id": ids, "MinDays": days}
        export.add("MinDaysBetweenActivities", weight, **children)


def _limit_lessons(export: Export, constraint: Any) -> bool:
    """No lesson in some times; one lesson a day; so many periods, of the lessons of one class, in any group of times."""
    problem = export.problem
    groups = [problem.event_groups[key] for key in constraint.event_groups]
    if constraint.maximum == 0:
        away = {problem.positions[time] for key in constraint.time_groups for time in problem.time_groups[key].times}
        rest = [time for time in range(len(problem.times)) if problem.positions[time] not in away]
        for events in groups:
            export.preferred_slots(events, rest, _weight(constraint))
        return True
    days = _days(export, constraint.time_groups) and not constraint.minimum
    singles = all(export.components[int(key) - 1][1] == 1 for events in groups for key in export.ids(events))
    if days and constraint.maximum == 1 and singles:
        for events in groups:
            _spaced(export, events, 1, _weight(constraint))
        return True
    one_at_a_time = [set.intersection(*(set(problem.events[event].fixed_resources()) for event in events)) for events in groups if events]
    if not constraint.required or not all(one_at_a_time):
        return False
    for events in groups:
        for key in constraint.time_groups:
            _occupied(export, events, problem.time_groups[key].times, constraint.minimum, constraint.maximum)
    return True


def _occupied(export: Export, events: Sequence[int], times: Iterable[int], least: int, most: int) -> None:
    """Lessons that never run at once take between ``least`` and ``most`` of some times."""
    ids = export.ids(events)
    slots = export.slots(times, "Selected_Time_Slot", "Selected_Day", "Selected_Hour")
    children = {"Number_of_Activities": len(ids), "Activity_Id": ids, "Number_of_Selected_Time_Slots": len(slots), "slots": slots}
    if ids and least:
        export.add("ActivitiesOccupyMinTimeSlotsFromSelection", 100, **children, Min_Number_of_Occupied_Time_Slots=least)
    if ids and most < min(len(slots), sum(export.components[int(key) - 1][1] for key in ids)):
        export.add("ActivitiesOccupyMaxTimeSlotsFromSelection", 100, **children, Max_Number_of_Occupied_Time_Slots=most)


def _spread(export: Export, constraint: Any) -> bool:
    if any(limit.minimum or limit.maximum != 1 for limit in constraint.limits) or not _days(
        export, (limit.time_group for limit in constraint.limits)
    ):
        return False
    for key in constraint.event_groups:
        _spaced(export, export.problem.event_groups[key], 1, _weight(constraint))
    return True


def _days_between(export: Export, constraint: Any) -> bool:
    """For FET two lessons on one day are too close as well."""
    for key in constraint.event_groups:
        _spaced(export, export.problem.event_groups[key], constraint.gap, _weight(constraint))
    return True


def _prefer_times(export: Export, constraint: Any) -> bool:
    slots = export.slots(constraint.times, "Preferred_Starting_Time", "Preferred_Starting_Day", "Preferred_Starting_Hour")
    for key in export.ids(constraint.events):
        if constraint.duration in (None, export.components[int(key) - 1][1]):
            children = {"Activity_Id": key, "Number_of_Preferred_Starting_Times": len(slots), "slots": slots}
            export.add("ActivityPreferredStartingTimes", _weight(constraint), **children)
    return True


def _occupy_times(export: Export, constraint: Any) -> bool:
    if not constraint.required:
        return False
    for group in constraint.event_groups:
        times = [time for slot in constraint.slots for time in slot]
        _occupied(export, export.problem.event_groups[group], times, len(constraint.slots), len(times))
    return True


def _common_free(export: Export, constraint: Any) -> bool:
    """A meeting of the teachers, which is one more activity, at one of the blocks. Who is never there at those times has no part in it."""
    teachers = all(export.problem.resources[index].type == "teacher" for index in constraint.resources)
    blocks = [sorted({export.problem.positions[time] for time in block}) for block in constraint.blocks]
    whole = all(block == [(block[0][0], block[0][1] + n) for n in range(len(block))] for block in blocks if block)
    if not constraint.required or not teachers or not whole or len({len(block) for block in blocks}) != 1 or not blocks[0]:
        return False
    times = {position for block in blocks for position in block}
    away = {resource: times & _away(export, resource) for resource in constraint.resources}
    if any(found and found != times for found in away.values()):
        return False
    present = tuple(resource for resource, found in away.items() if not found)
    if not present:
        return True
    export.meetings.append((constraint.label(), present, len(blocks[0])))
    starts = [min(block, key=lambda time: export.problem.positions[time]) for block in constraint.blocks]
    slots = export.slots(starts, "Preferred_Starting_Time", "Preferred_Starting_Day", "Preferred_Starting_Hour")
    key = len(export.components) + len(export.meetings)
    children = {"Activity_Id": key, "Number_of_Preferred_Starting_Times": len(slots), "slots": slots}
    export.add("ActivityPreferredStartingTimes", 100, **children)
    return True


def _away(export: Export, resource: int) -> set[tuple[int, int]]:
    """Return when somebody is not available (day, period)."""
    laws = [c for c in export.problem.constraints if isinstance(c, AvoidUnavailableTimes) and c.required and resource in c.resources]
    return {export.problem.positions[time] for c in laws for time in c.times}


def _concurrency(export: Export, constraint: Any) -> bool:
    if not constraint.required:
        return False
    every = export.slots(range(len(export.problem.times)), "Selected_Time_Slot", "Selected_Day", "Selected_Hour")
    for key in constraint.event_groups:
        ids = export.ids(export.problem.event_groups[key])
        children: dict[str, Any] = {"Number_of_Activities": len(ids), "Activity_Id": ids}
        if len(ids) > 1 and constraint.maximum == 1:
            export.add("ActivitiesNotOverlapping", 100, **children)
        elif len(ids) > constraint.maximum:
            children |= {"Number_of_Selected_Time_Slots": len(every), "slots": every}
            most = {"Max_Number_of_Simultaneous_Activities": constraint.maximum}
            export.add("ActivitiesMaxSimultaneousInSelectedTimeSlots", 100, **children, **most)
    return True


def _link(export: Export, constraint: Any) -> bool:
    if not constraint.required:
        return False
    for key in constraint.event_groups:
        rows = zip(*(export.ids([event]) for event in export.problem.event_groups[key]), strict=False)
        for row in rows:
            export.add("ActivitiesSameStartingTime", 100, Number_of_Activities=len(row), Activity_Id=list(row))
    return True


def _limit(tag: str, teacher: str, students: str) -> Rule:
    """Return the rule for a limit on the week of resources, days as time groups."""

    def rule(export: Export, constraint: Any) -> bool:
        least = getattr(constraint, "minimum", 0)
        kinds = {export.problem.resources[index].type for index in constraint.resources}
        if not constraint.required or least or not _days(export, constraint.time_groups) or not kinds <= {"teacher", "class"}:
            return False
        for index in constraint.resources:
            resource = export.problem.resources[index]
            if resource.type == "teacher":
                export.add(f"Teacher{teacher}", 100, Teacher_Name=resource.name, **{tag: constraint.maximum})
            else:
                export.add(f"StudentsSet{students}", 100, **{tag: constraint.maximum}, Students=resource.name)
        return True

    return rule


RULES: dict[str, Rule] = {
    "avoid_unavailable_times": _unavailable,
    "limit_lessons": _limit_lessons,
    "spread_events": _spread,
    "days_between": _days_between,
    "prefer_times": _prefer_times,
    "occupy_times": _occupy_times,
    "common_free": _common_free,
    "limit_concurrency": _concurrency,
    "link_events": _link,
    "limit_idle_times": _limit("Max_Gaps", "MaxGapsPerWeek", "MaxGapsPerWeek"),
    "cluster_busy_times": _limit("Max_Days_Per_Week", "MaxDaysPerWeek", "MaxDaysPerWeek"),
    "limit_busy_times": _limit("Maximum_Hours_Daily", "MaxHoursDaily", "MaxHoursDaily"),
    "limit_consecutive": _limit("Maximum_Hours_Continuously", "MaxHoursContinuously", "MaxHoursContinuously"),
}
"""The rules by kind of constraint."""
