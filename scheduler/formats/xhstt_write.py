"""Writing XHSTT archives: instances in full, and solutions with a report of what they cost.

What XHSTT has no word for (clock times that overlap, weeks, capacities, constraints of other kinds) is found beforehand by
:func:`unexpressed`, and refused unless the caller lets it go.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, tostring

from constraints.base import Constraint, Violation
from instances.language import Listing, Message
from instances.problem import Problem
from instances.timetable import Meet
from scheduler.errors import Finding, InputError
from scheduler.evaluate import evaluate_solution
from scheduler.formats.xhstt_archive import Archive, ArchiveSolution, completed
from scheduler.formats.xhstt_constraints import FUNCTIONS, NAMES
from scheduler.writing.atomic import replacing

METADATA = ("Name", "Contributor", "Date", "Country", "Description", "Remarks")
FUNCTION_NAMES = {function: name for name, function in FUNCTIONS.items()}


def write_archive(path: Path, archive: Archive, *, inputs: Sequence[Path] = (), partly: bool = False) -> None:
    """Write an archive, packed when the name ends in ``.gz``; each solution gets a report with its cost.

    ``inputs`` are never written over. Raises InputError with what XHSTT cannot express, unless ``partly``; OutputError.
    """
    findings = [finding for instance in archive.instances for finding in unexpressed(instance.problem)]
    if findings and not partly:
        raise InputError(findings)
    root = archive_element(archive)
    indent(root, " ")
    with replacing(path, inputs) as temporary:
        if path.suffix == ".gz":
            temporary.write_bytes(gzip.compress(tostring(root, "utf-8", xml_declaration=True), mtime=0))
        else:
            ElementTree(root).write(temporary, "utf-8", xml_declaration=True)


def unexpressed(problem: Problem) -> list[Finding]:
    """Return what a problem says that XHSTT has no word for."""
    found: list[Finding] = []
    if any(len(instant) > 1 for instant in problem.instants) or len({time.grid for time in problem.times}) > 1:
        found.append(Finding(Message("XHSTT cannot say that periods of several bell schedules overlap")))
    if problem.weeks > 1:
        found.append(Finding(Message("XHSTT cannot say that lessons run in odd or even weeks")))
    shared = [resource.name for resource in problem.resources if resource.capacity > 1]
    if shared:
        found.append(Finding(Message("XHSTT cannot say that a resource takes several lessons at once: {names}", names=Listing(shared))))
    if any(event.times is not None for event in problem.events):
        found.append(Finding(Message("XHSTT cannot restrict the times of an event but through a constraint")))
    others: dict[str, int] = defaultdict(int)
    for constraint in problem.constraints:
        if type(constraint) not in NAMES:
            others[constraint.kind] += 1
    found += [
        Finding(Message("XHSTT has no constraint of the kind {kind} ({count} of them)", kind=kind, count=count))
        for kind, count in others.items()
    ]
    return found


def archive_element(archive: Archive) -> Element:
    """Return the archive as an XML tree."""
    root = Element("HighSchoolTimetableArchive")
    if archive.instances:
        instances = SubElement(root, "Instances")
        for instance in archive.instances:
            _instance(instances, instance.problem, instance.metadata)
    groups: dict[str, list[ArchiveSolution]] = defaultdict(list)
    for solution in archive.solutions:
        groups[solution.group].append(solution)
    if groups:
        parent = SubElement(root, "SolutionGroups")
        problems = {instance.id: instance.problem for instance in archive.instances}
        for key, solutions in groups.items():
            group = SubElement(parent, "SolutionGroup", Id=key)
            metadata = solutions[0].metadata
            needed = {"Contributor": "", "Date": "", "Description": ""}
            _texts(SubElement(group, "MetaData"), {**needed, **metadata})
            for solution in solutions:
                _solution(group, solution, problems[solution.instance])
    return root


def _texts(parent: Element, texts: Mapping[str, object]) -> None:
    for tag, text in texts.items():
        SubElement(parent, tag).text = str(text)


def _references(parent: Element, tag: str, keys: Iterable[str]) -> None:
    for key in keys:
        SubElement(parent, tag, Reference=key)


# -- instance ---------------------------------------------------------------------------------------------------------


def _instance(parent: Element, problem: Problem, metadata: Mapping[str, str]) -> None:
    element = SubElement(parent, "Instance", Id=problem.name)
    required = {"Name": problem.name, "Contributor": "", "Date": "", "Country": "", "Description": ""}
    _texts(SubElement(element, "MetaData"), {tag: text for tag, text in {**required, **metadata}.items() if tag in METADATA})
    _times(SubElement(element, "Times"), problem)
    _resources(SubElement(element, "Resources"), problem)
    _events(SubElement(element, "Events"), problem)
    constraints = SubElement(element, "Constraints")
    for constraint in problem.constraints:
        if type(constraint) in NAMES:
            _constraint(constraints, constraint, problem)


def _times(element: Element, problem: Problem) -> None:
    """Days and weeks are written as such where no time is in two of them, else as plain groups."""
    tags: dict[str, str] = {}
    for kind, tag in (("week", "Week"), ("day", "Day")):
        keys = [key for key, group in problem.time_groups.items() if group.kind == kind]
        members = [time for key in keys for time in problem.time_groups[key].times]
        if len(set(members)) == len(members):
            tags.update(dict.fromkeys(keys, tag))
    groups = SubElement(element, "TimeGroups")
    for key, group in sorted(problem.time_groups.items(), key=lambda item: ("Week", "Day", "").index(tags.get(item[0], ""))):
        _texts(SubElement(groups, tags.get(key, "TimeGroup"), Id=key), {"Name": group.name})
    for index, time in enumerate(problem.times):
        item = SubElement(element, "Time", Id=time.id)
        SubElement(item, "Name").text = time.name
        member = [key for key, group in problem.time_groups.items() if index in group.times]
        for tag in ("Week", "Day"):
            _references(item, tag, (key for key in member if tags.get(key) == tag))
        plain = [key for key in member if key not in tags]
        if plain:
            _references(SubElement(item, "TimeGroups"), "TimeGroup", plain)


def _resources(element: Element, problem: Problem) -> None:
    types = dict.fromkeys(resource.type for resource in problem.resources)
    parent = SubElement(element, "ResourceTypes")
    for type_ in types:
        _texts(SubElement(parent, "ResourceType", Id=type_), {"Name": type_})
    groups = SubElement(element, "ResourceGroups")
    member: dict[int, list[str]] = defaultdict(list)
    for key, indices in problem.resource_groups.items():
        group = SubElement(groups, "ResourceGroup", Id=key)
        SubElement(group, "Name").text = problem.group_name(key)
        SubElement(group, "ResourceType", Reference=problem.resources[indices[0]].type if indices else next(iter(types), ""))
        for index in indices:
            member[index].append(key)
    for index, resource in enumerate(problem.resources):
        item = SubElement(element, "Resource", Id=resource.id)
        SubElement(item, "Name").text = resource.name
        SubElement(item, "ResourceType", Reference=resource.type)
        _references(SubElement(item, "ResourceGroups"), "ResourceGroup", member[index])


def _events(element: Element, problem: Problem) -> None:
    groups = SubElement(element, "EventGroups")
    member: dict[int, list[str]] = defaultdict(list)
    for key, indices in problem.event_groups.items():
        _texts(SubElement(groups, "EventGroup", Id=key), {"Name": problem.group_name(key)})
        for index in indices:
            member[index].append(key)
    for index, event in enumerate(problem.events):
        item = SubElement(element, "Event", Id=event.id)
        _texts(item, {"Name": event.name, "Duration": event.duration})
        if event.workload is not None:
            SubElement(item, "Workload").text = str(event.workload)
        if event.start is not None:
            SubElement(item, "Time", Reference=problem.times[event.start].id)
        resources = SubElement(item, "Resources")
        for role in event.roles:
            given = {} if role.resource is None else {"Reference": problem.resources[role.resource].id}
            slot = SubElement(resources, "Resource", given)
            if role.name or role.resource is None:
                SubElement(slot, "Role").text = role.name
            first = role.resource if role.resource is not None else next(iter(role.candidates), None)
            if role.resource is None and first is not None:
                SubElement(slot, "ResourceType", Reference=problem.resources[first].type)
            if role.workload is not None:
                SubElement(slot, "Workload").text = str(role.workload)
        _references(SubElement(item, "EventGroups"), "EventGroup", member[index])


def _constraint(parent: Element, constraint: Constraint, problem: Problem) -> None:
    """Write a constraint: the common part, to what it applies, then what its kind needs, in the order of the format."""
    element = SubElement(parent, f"{NAMES[type(constraint)]}Constraint", Id=constraint.id)
    common = {
        "Name": constraint.label(),
        "Required": "true" if constraint.required else "false",
        "Weight": constraint.weight,
        "CostFunction": FUNCTION_NAMES[constraint.cost_function],
    }
    _texts(element, common)
    applies = SubElement(element, "AppliesTo")
    fields: Mapping[str, Any] = vars(constraint)
    kind = constraint.kind
    for name, tag, ids in (
        ("event_groups", "EventGroup", str),
        ("events", "Event", lambda index: problem.events[index].id),
        ("resources", "Resource", lambda index: problem.resources[index].id),
    ):
        if name in fields and not (kind == "prefer_resources" and name == "resources"):
            _references(SubElement(applies, f"{tag}s"), tag, map(ids, fields[name]))
    if kind == "prefer_resources":
        _references(SubElement(element, "Resources"), "Resource", (problem.resources[index].id for index in fields["resources"]))
    if "pairs" in fields:
        pairs = SubElement(applies, "EventPairs")
        for pair in fields["pairs"]:
            item = SubElement(pairs, "EventPair")
            SubElement(item, "FirstEvent", Reference=problem.events[pair.first].id)
            SubElement(item, "SecondEvent", Reference=problem.events[pair.second].id)
            SubElement(item, "MinSeparation").text = str(pair.min_separation)
            if pair.max_separation is not None:
                SubElement(item, "MaxSeparation").text = str(pair.max_separation)
    if "times" in fields:
        _references(SubElement(element, "Times"), "Time", (problem.times[index].id for index in fields["times"]))
    if "time_groups" in fields:
        _references(SubElement(element, "TimeGroups"), "TimeGroup", fields["time_groups"])
    if "limits" in fields:
        groups = SubElement(element, "TimeGroups")
        for limit in fields["limits"]:
            group = SubElement(groups, "TimeGroup", Reference=limit.time_group)
            _texts(group, {"Minimum": limit.minimum, "Maximum": limit.maximum})
    names = {
        "role": "Role",
        "duration": "Duration",
        "minimum": "Minimum",
        "maximum": "Maximum",
        "min_duration": "MinimumDuration",
        "max_duration": "MaximumDuration",
        "min_amount": "MinimumAmount",
        "max_amount": "MaximumAmount",
    }
    _texts(element, {tag: fields[name] for name, tag in names.items() if fields.get(name) is not None})


# -- solution ---------------------------------------------------------------------------------------------------------


def _solution(parent: Element, solution: ArchiveSolution, problem: Problem) -> None:
    element = SubElement(parent, "Solution", Reference=solution.instance)
    if solution.description:
        SubElement(element, "Description").text = solution.description
    if solution.running_time is not None:
        SubElement(element, "RunningTime").text = f"{solution.running_time:.1f}"
    events = SubElement(element, "Events")
    for meet in solution.timetable.meets:
        _meet(events, meet, problem)
    whole = replace(solution, timetable=completed(problem, solution.timetable))
    evaluation = evaluate_solution(whole, problem)
    report = SubElement(element, "Report")
    _texts(report, {"InfeasibilityValue": evaluation.cost.required, "ObjectiveValue": evaluation.cost.preference})
    kinds: dict[str, Callable[[Violation], bool]] = {
        "Resource": lambda v: "resources" in vars(v.constraint) and v.constraint.kind != "prefer_resources",
        "EventGroup": lambda v: "event_groups" in vars(v.constraint),
        "Event": lambda v: "events" in vars(v.constraint) or "pairs" in vars(v.constraint),
    }
    for tag, belongs in kinds.items():
        about: dict[str, list[Violation]] = defaultdict(list)
        for violation in evaluation.violations:
            if belongs(violation) and (violation.cost.required or violation.cost.preference):
                about[violation.about].append(violation)
        if about:
            group = SubElement(report, f"{tag}s")
            for key, violations in about.items():
                item = SubElement(group, tag, Reference=key)
                for violation in violations:
                    line = SubElement(item, "Constraint", Reference=violation.constraint.id)
                    SubElement(line, "Cost").text = str(violation.cost.required + violation.cost.preference)


def _meet(parent: Element, meet: Meet, problem: Problem) -> None:
    """Write a meet: its time unless that is preassigned, and the resources of its open roles."""
    event = problem.events[meet.event]
    item = SubElement(parent, "Event", Reference=event.id)
    SubElement(item, "Duration").text = str(meet.duration)
    if meet.start is not None and meet.start != event.start:
        SubElement(item, "Time", Reference=problem.times[meet.start].id)
    chosen = [
        (role.name, resource)
        for role, resource in zip(event.roles, meet.resources, strict=True)
        if role.resource is None and resource is not None
    ]
    if chosen:
        resources = SubElement(item, "Resources")
        for role, resource in chosen:
            SubElement(SubElement(resources, "Resource", Reference=problem.resources[resource].id), "Role").text = role
