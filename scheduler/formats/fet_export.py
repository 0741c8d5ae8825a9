"""A school's problem as a ``.fet`` file, as far as FET can express it, and FET's answer back as a timetable of the problem.

What FET cannot express is said, constraint by constraint: lessons every other week, bell schedules that differ, preferences on idle
times and other limits, for nearly all of which FET insists on weight 100 %. What is left out makes FET's task easier; one
thing is stricter there: lessons that keep days between them may not share a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from constraints.timetable.distribute_split_events import DistributeSplitEvents
from instances.language import Message
from instances.problem import Problem
from scheduler.formats.fet_export_draft import Export, constraint_element, texts_into
from scheduler.formats.fet_export_rules import IMPLIED, RULES
from scheduler.writing.atomic import replacing


def export_problem(problem: Problem) -> Export:
    """Return a problem of a school as FET's activities and constraints."""
    export = Export(problem)
    export.days = sorted({day for day, _ in problem.positions})
    export.periods = list(range(1, max(period for _, period in problem.positions) + 1))
    if any(len(instant) > 1 for instant in problem.instants):
        export.left_out.append(Message("bell schedules that differ by the clock: FET knows periods only"))
    for index, resource in enumerate(problem.resources):
        if resource.type == "room":
            places = range(1, resource.capacity + 1)
            export.rooms[index] = [resource.name] if resource.capacity == 1 else [f"{resource.name} {place}" for place in places]
    _activities(export)
    _event_times(export)
    _event_rooms(export)
    for constraint in problem.constraints:
        rule = RULES.get(constraint.kind)
        if constraint.kind not in IMPLIED and (rule is None or not rule(export, constraint)):
            tier = Message("required") if constraint.required else Message("preference")
            what = Message("{kind}: {name} ({tier})", kind=constraint.kind, name=constraint.label(), tier=tier)
            export.left_out.append(what)
    return export


def write_export(export: Export, path: Path) -> None:
    """Write the ``.fet`` file. Raises OutputError when it cannot be written."""
    problem = export.problem
    root = Element("fet", version="6.8.5")
    texts_into(root, {"Mode": "Official", "Institution_Name": problem.name, "Comments": ""})
    _listed(root, "Days_List", "Number_of_Days", "Day", [export.day_name(day) for day in export.days])
    _listed(root, "Hours_List", "Number_of_Hours", "Hour", [str(period) for period in export.periods])
    names = {kind: [r.name for r in problem.resources if r.type == kind] for kind in ("teacher", "class")}
    subjects = [*(event.name for event in problem.events), *(name for name, _, _ in export.meetings)]
    _named(root, "Subjects_List", "Subject", dict.fromkeys(subjects))
    SubElement(root, "Activity_Tags_List")
    _named(root, "Teachers_List", "Teacher", names["teacher"])
    _named(root, "Students_List", "Year", names["class"], {"Number_of_Students": "0"})
    activities = SubElement(root, "Activities_List")
    first: dict[int, int] = {}
    total: dict[int, int] = defaultdict(int)
    for number, (event, duration) in enumerate(export.components, 1):
        first.setdefault(event, number)
        total[event] += duration
    for number, (event, duration) in enumerate(export.components, 1):
        item = SubElement(activities, "Activity")
        people = [problem.resources[index] for index in problem.events[event].fixed_resources()]
        for person in people:
            if person.type == "teacher":
                SubElement(item, "Teacher").text = person.name
        SubElement(item, "Subject").text = problem.events[event].name
        for person in people:
            if person.type == "class":
                SubElement(item, "Students").text = person.name
        split = len(export.ids([event])) > 1
        texts = {"Duration": duration, "Total_Duration": total[event], "Id": number, "Activity_Group_Id": first[event] if split else 0}
        texts_into(item, {**texts, "Active": "true", "Comments": ""})
    for number, (name, people_of, duration) in enumerate(export.meetings, len(export.components) + 1):
        item = SubElement(activities, "Activity")
        for index in people_of:
            SubElement(item, "Teacher").text = problem.resources[index].name
        SubElement(item, "Subject").text = name
        texts = {"Duration": duration, "Total_Duration": duration, "Id": number, "Activity_Group_Id": 0}
        texts_into(item, {**texts, "Active": "true", "Comments": ""})
    SubElement(root, "Buildings_List")
    all_rooms = [name for found in export.rooms.values() for name in found]
    _named(root, "Rooms_List", "Room", all_rooms, {"Building": "", "Capacity": "30000", "Virtual": "false"})
    SubElement(root, "Time_Constraints_List").extend([constraint_element("BasicCompulsoryTime", 100, {}), *export.time])
    SubElement(root, "Space_Constraints_List").extend([constraint_element("BasicCompulsorySpace", 100, {}), *export.space])
    indent(root, "")
    with replacing(path) as temporary:
        ElementTree(root).write(temporary, encoding="UTF-8", xml_declaration=True)


def _listed(root: Element, parent: str, count: str, tag: str, names: Sequence[str]) -> None:
    element = SubElement(root, parent)
    SubElement(element, count).text = str(len(names))
    for name in names:
        SubElement(SubElement(element, tag), "Name").text = name


def _named(root: Element, parent: str, tag: str, names: Iterable[str], more: dict[str, str] | None = None) -> None:
    element = SubElement(root, parent)
    for name in names:
        texts_into(SubElement(element, tag), {"Name": name, **(more or {}), "Comments": ""})


# -- activities -------------------------------------------------------------------------------------------------------


def _activities(export: Export) -> None:
    """Cut each event into activities: double lessons as the constraints fix their number, single ones for the rest."""
    problem = export.problem
    doubles: dict[int, int] = {}
    for constraint in problem.constraints:
        if isinstance(constraint, DistributeSplitEvents) and constraint.required and constraint.duration == 2:
            doubles.update(dict.fromkeys(constraint.events, constraint.minimum))
    for index, event in enumerate(problem.events):
        if event.weeks != (problem.every_week,):
            export.left_out.append(Message("{event}: every other week", event=event.name))
            continue
        whole = 2 in event.durations and 1 not in event.durations
        two = event.duration // 2 if whole else doubles.get(index, 0)
        for duration in [2] * two + [1] * (event.duration - 2 * two):
            export.component(index, duration)


def _event_times(export: Export) -> None:
    problem = export.problem
    everywhere = {(day, period) for day in export.days for period in export.periods}
    for index, event in enumerate(problem.events):
        times = [event.start] if event.start is not None else sorted(event.times or range(len(problem.times)))
        if {problem.positions[time] for time in times} != everywhere:
            export.preferred_slots((index,), times, 100)


def _event_rooms(export: Export) -> None:
    """The first role for a room becomes a list of preferred rooms."""
    problem = export.problem
    for index, event in enumerate(problem.events):
        wanted = [role.candidates if role.resource is None else (role.resource,) for role in event.roles]
        lists = [[name for room in found for name in export.rooms[room]] for found in wanted if found and set(found) <= set(export.rooms)]
        if len(lists) > 1:
            export.left_out.append(Message("{event}: more than one room", event=event.name))
        for key in export.ids([index]) if lists else ():
            children = {"Activity_Id": key, "Number_of_Preferred_Rooms": len(lists[0]), "Preferred_Room": lists[0]}
            export.space.append(constraint_element("ActivityPreferredRooms", 100, children))
