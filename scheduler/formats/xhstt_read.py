"""Reading XHSTT archives (``.xml``, ``.xml.gz``): the field's exchange format for high school timetabling.

Format: Post, Kingston et al., "XHSTT: an XML archive for high school timetabling problems in different countries", Ann. Oper. Res. 218
(2014). What is wrong in a file is found all at once, with its line.

What the format leaves open is read like this. Times stand in the order of the file and follow each other without gaps, over the end of
a day too. An event that a solution does not mention happens at its preassigned time, in one piece; periods that a solution leaves
out are one meet without a time. Membership of a course and of an event group of the same name counts once. Times whose names repeat are
shown with their day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from instances.language import Message
from instances.problem import Event, Problem, Resource, Role, Time, TimeGroup
from instances.timetable import Cost, Meet, Timetable
from scheduler.errors import InputError
from scheduler.formats.xhstt_archive import Archive, ArchiveSolution, Instance, completed
from scheduler.formats.xhstt_constraints import ConstraintReader, narrowed
from scheduler.formats.xhstt_names import Names, Place
from scheduler.formats.xml_tree import Element, read_xml


def read_archive(path: Path, *, known: Mapping[str, Problem] | None = None) -> Archive:
    """Read an archive: its instances, and the solutions of these and of ``known`` problems (by instance id).

    Raises InputError with all findings.
    """
    root = read_xml(path)
    place = Place(str(path), [])
    if root.tag != "HighSchoolTimetableArchive":
        place.fault(root, Message("This is not an XHSTT archive: the outermost element is <{tag}>", tag=root.tag))
        raise InputError(place.findings)
    instances: list[Instance] = []
    for element in root.all("Instances", "Instance"):
        instance = _instance(element, place)
        if instance is not None:
            instances.append(instance)
    problems = {**(known or {}), **{instance.id: instance.problem for instance in instances}}
    solutions: list[ArchiveSolution] = []
    for group in root.all("SolutionGroups", "SolutionGroup"):
        for element in group.all("Solution"):
            reference = element.attributes.get("Reference", "")
            if reference in problems:
                solutions.append(_solution(element, group, problems[reference], place))
            elif not place.findings:
                place.fault(element, Message("unknown instance {id}", id=repr(reference)))
    if place.findings:
        raise InputError(place.findings)
    return Archive(tuple(instances), tuple(solutions))


def _metadata(element: Element) -> dict[str, str]:
    return {child.tag: child.text for child in element.all("MetaData") for child in child.children}


def _instance(element: Element, place: Place) -> Instance | None:
    """Return an instance, or None when it has faults."""
    before = len(place.findings)
    times, time_groups = _times(element, place)
    resources, resource_groups = _resources(element, place)
    time_names = Names("Time", {time.id: index for index, time in enumerate(times)}, place)
    resource_names = Names("Resource", {resource.id: index for index, resource in enumerate(resources)}, place)
    resource_group_names = Names("ResourceGroup", resource_groups, place)
    events, event_groups = _events(element, resources, time_names, resource_names, resource_group_names, place)
    reader = ConstraintReader(
        times=time_names,
        time_groups=Names("TimeGroup", {key: group.times for key, group in time_groups.items()}, place),
        resources=resource_names,
        resource_groups=resource_group_names,
        events=Names("Event", {event.id: index for index, event in enumerate(events)}, place),
        event_groups=Names("EventGroup", event_groups, place),
        place=place,
    )
    constraints = reader.read(element)
    if len(place.findings) > before:
        return None
    heads = [
        e
        for path in (("Resources", "ResourceGroups"), ("Events", "EventGroups"))
        for e in (element.first(*path) or Element("", {}, 0)).children
    ]
    group_names = {head.attributes.get("Id", ""): head.value("Name") for head in heads if head.value("Name")}
    problem = Problem(
        element.attributes.get("Id", ""),
        tuple(times),
        tuple(resources),
        narrowed(events, constraints),
        constraints,
        time_groups,
        event_groups,
        resource_groups,
        group_names,
    )
    return Instance(problem.name, problem, _metadata(element))


def _times(element: Element, place: Place) -> tuple[list[Time], dict[str, TimeGroup]]:
    """Read times and their groups. ``day`` counts the stretches of times of one day in file order, from 1."""
    kinds = {"Day": "day", "Week": "week", "TimeGroup": ""}
    heads: dict[str, tuple[str, str]] = {}
    for group in (element.first("Times", "TimeGroups") or Element("", {}, 0)).children:
        heads[group.attributes.get("Id", "")] = (group.value("Name"), kinds.get(group.tag, ""))
    times: list[Time] = []
    members: dict[str, list[int]] = {key: [] for key in heads}
    names = Names("TimeGroup", dict.fromkeys(heads, ()), place)
    previous: tuple[str, ...] | None = None
    day = period = 0
    for number, time in enumerate(element.all("Times", "Time")):
        references = [child for child in time.children if child.tag in ("Day", "Week")]
        stretch = tuple(child.attributes.get("Reference", "") for child in references)
        day, period = (day, period + 1) if stretch == previous else (day + 1, 1)
        previous = stretch
        times.append(Time(place.id_of(time), time.value("Name") or time.attributes.get("Id", ""), day, period))
        for reference in (*references, *time.all("TimeGroups", "TimeGroup")):
            key = names.key(reference)
            if key is not None and number not in members[key]:
                members[key].append(number)
    place.distinct(element.all("Times", "Time"))
    if len({time.name for time in times}) < len(times):
        day_names = {index: name for key, (name, kind) in heads.items() if kind == "day" for index in members[key]}
        times = [replace(time, name=f"{day_names.get(index, '')} {time.name}".strip()) for index, time in enumerate(times)]
    return times, {key: TimeGroup(key, name or key, tuple(members[key]), kind) for key, (name, kind) in heads.items()}


def _resources(element: Element, place: Place) -> tuple[list[Resource], dict[str, tuple[int, ...]]]:
    groups: dict[str, list[int]] = {g.attributes.get("Id", ""): [] for g in element.all("Resources", "ResourceGroups", "ResourceGroup")}
    names = Names("ResourceGroup", dict.fromkeys(groups, ()), place)
    resources: list[Resource] = []
    for number, resource in enumerate(element.all("Resources", "Resource")):
        type_ = resource.first("ResourceType")
        key = place.id_of(resource)
        resources.append(Resource(key, resource.value("Name") or key, type_.attributes.get("Reference", "") if type_ else ""))
        for reference in resource.all("ResourceGroups", "ResourceGroup"):
            group = names.key(reference)
            if group is not None and number not in groups[group]:
                groups[group].append(number)
    place.distinct(element.all("Resources", "Resource"))
    return resources, {key: tuple(members) for key, members in groups.items()}


def _events(
    element: Element, resources: list[Resource], times: Names[int], named: Names[int], groups: Names[tuple[int, ...]], place: Place
) -> tuple[list[Event], dict[str, tuple[int, ...]]]:
    by_type: dict[str, list[int]] = defaultdict(list)
    for index, resource in enumerate(resources):
        by_type[resource.type].append(index)
    heads = element.first("Events", "EventGroups") or Element("", {}, 0)
    members: dict[str, list[int]] = {group.attributes.get("Id", ""): [] for group in heads.children}
    names = Names("EventGroup", dict.fromkeys(members, ()), place)
    events: list[Event] = []
    for number, event in enumerate(element.all("Events", "Event")):
        key = place.id_of(event)
        roles: list[Role] = []
        for child in event.all("Resources", "Resource"):
            load = place.number(child, "Workload", None)
            if "Reference" in child.attributes:
                roles.append(Role(child.value("Role"), named.value(child), (), load))
                continue
            kind = child.first("ResourceType")
            if kind is None or kind.attributes.get("Reference", "") not in by_type:
                place.fault(child, Message("an open role needs a resource type of which there are resources"))
            else:
                roles.append(Role(child.value("Role"), None, tuple(by_type[kind.attributes["Reference"]]), load))
        for child in event.all("ResourceGroups", "ResourceGroup"):
            given = {role.resource for role in roles}
            roles += [Role("", resource) for resource in groups.value(child) or () if resource not in given]
        time = event.first("Time")
        duration = place.number(event, "Duration", 1) or 1
        events.append(
            Event(
                key,
                event.value("Name") or key,
                duration,
                tuple(roles),
                (),
                times.value(time) if time is not None else None,
                workload=place.number(event, "Workload", None),
            )
        )
        course = event.first("Course")
        for reference in (*([course] if course is not None else ()), *event.all("EventGroups", "EventGroup")):
            group = names.key(reference)
            if group is not None and number not in members[group]:
                members[group].append(number)
    place.distinct(element.all("Events", "Event"))
    return events, {key: tuple(found) for key, found in members.items()}


def _solution(element: Element, group: Element, problem: Problem, place: Place) -> ArchiveSolution:
    events = Names("Event", problem.event_index, place)
    times = Names("Time", problem.time_index, place)
    resources = Names("Resource", problem.resource_index, place)
    meets: list[Meet] = []
    placed: dict[int, int] = defaultdict(int)
    for item in element.all("Events", "Event"):
        index = events.value(item)
        if index is None:
            continue
        event = problem.events[index]
        duration = place.number(item, "Duration", event.duration) or event.duration
        time = item.first("Time")
        start = times.value(time) if time is not None else event.start
        roles: list[int | None] = [role.resource for role in event.roles]
        for child in item.all("Resources", "Resource"):
            _fill(roles, event, child, resources.value(child), place)
        placed[index] += duration
        if placed[index] > event.duration:
            place.fault(item, Message("event {id} has more periods here than its duration", id=repr(event.id)), str(placed[index]))
        meets.append(Meet(index, duration, start, problem.every_week, tuple(roles)))
    report = element.first("Report")
    reported = None
    if report is not None and report.first("InfeasibilityValue") is not None:
        reported = Cost(place.number(report, "InfeasibilityValue", 0) or 0, place.number(report, "ObjectiveValue", 0) or 0)
    return ArchiveSolution(
        group.attributes.get("Id", ""),
        problem.name,
        completed(problem, Timetable.of(meets)),
        _metadata(group),
        reported,
        _seconds(element.value("RunningTime")),
        element.value("Description"),
    )


def _fill(roles: list[int | None], event: Event, element: Element, resource: int | None, place: Place) -> None:
    """Put a resource into the role that it is given for; one that is preassigned may be said again."""
    if resource is None:
        return
    numbers = event.roles_named(element.value("Role"))
    for number in numbers:
        if roles[number] is None:
            roles[number] = resource
            return
    if resource not in roles:
        place.fault(element, Message("event {id} has no open role of this name", id=repr(event.id)), element.value("Role"))


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
