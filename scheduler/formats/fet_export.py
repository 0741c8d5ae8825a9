"""A school's problem as a ``.fet`` file, as far as FET can express it, and FET's answer back as a timetable of the problem.

What FET cannot express is said, constraint by constraint: lessons every other week, bell schedules that differ, preferences on idle
times and other limits, for nearly all of which FET insists on weight 100 %. What is left out makes FET's task easier; one
thing is stricter there: lessons that keep days between them may not share a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from constraints.base import Constraint
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from instances.language import Message
from instances.problem import Problem
from instances.timetable import Meet, Timetable
from scheduler.formats.xml_tree import read_xml
from scheduler.writing.atomic import replacing

_PREFERENCE = 95.0  # percent: the weight that FET's own wizard proposes


@dataclass
class Export:
    """A FET file in the making. ``components`` are the activities, (event, duration), their id the place from 1.

    ``left_out`` says what FET cannot express.
    """

    problem: Problem
    days: list[int] = field(default_factory=list)
    periods: list[int] = field(default_factory=list)
    components: list[tuple[int, int]] = field(default_factory=list)
    rooms: dict[int, list[str]] = field(default_factory=dict)
    tags: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    time: list[Element] = field(default_factory=list)
    space: list[Element] = field(default_factory=list)
    left_out: list[Message] = field(default_factory=list)

    def ids(self, events: Iterable[int]) -> list[str]:
        """Return the ids of the activities of some events."""
        wanted = set(events)
        return [str(number) for number, (event, _) in enumerate(self.components, 1) if event in wanted]

    def add(self, name: str, weight: float, **children: Any) -> None:
        """Add a time constraint."""
        self.time.append(_constraint(name, weight, children))

    def slots(self, times: Iterable[int], outer: str, day: str, hour: str) -> list[Element]:
        """Return elements for the positions of some times."""
        found = []
        for at in sorted({self.problem.positions[time] for time in times}):
            slot = Element(outer)
            SubElement(slot, day).text = self.day_name(at[0])
            SubElement(slot, hour).text = str(at[1])
            found.append(slot)
        return found

    def day_name(self, day: int) -> str:
        """Return the name of a day in the file."""
        return f"D{day}"

    def preferred_slots(self, events: Sequence[int], times: Iterable[int], weight: float) -> None:
        """Keep all periods of some events within some times."""
        slots = self.slots(times, "Preferred_Time_Slot", "Preferred_Day", "Preferred_Hour")
        for key in self.ids(events):
            children = {"Activity_Id": key, "Number_of_Preferred_Time_Slots": len(slots), "slots": slots}
            self.add("ActivityPreferredTimeSlots", weight, **children)

    def timetable_of(self, path: Path) -> Timetable:
        """Return the timetable in FET's ``*_activities.xml``, with rooms. Raises InputError when it cannot be read."""
        starts = {position: index for index, position in reversed(list(enumerate(self.problem.positions)))}
        room_of = {name: index for index, names in self.rooms.items() for name in names}
        meets = []
        for item in read_xml(path).all("Activity"):
            event, duration = self.components[int(item.value("Id")) - 1]
            start = starts.get((int(item.value("Day")[1:]), int(item.value("Hour")))) if item.value("Day") else None
            allowed = self.problem.events[event].times
            if start is not None and allowed is not None and start not in allowed:
                same = [t for t in allowed if self.problem.positions[t] == self.problem.positions[start]]
                start = same[0] if same else start
            chosen = room_of.get(item.value("Room"))
            roles = tuple(
                chosen if role.resource is None and chosen in role.candidates else role.resource
                for role in self.problem.events[event].roles
            )
            meets.append(Meet(event, duration, start, self.problem.every_week, roles))
        return Timetable.of(meets)


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
        rule = _RULES.get(constraint.kind)
        if constraint.kind in _IMPLIED or (rule is not None and rule(export, constraint)):
            continue
        what = Message("{kind}: {name} ({tier})", kind=constraint.kind, name=constraint.label(), tier=_tier(constraint))
        export.left_out.append(what)
    return export


def _tier(constraint: Constraint) -> Message:
    return Message("required") if constraint.required else Message("preference")


def write_export(export: Export, path: Path) -> None:
    """Write the ``.fet`` file. Raises OutputError when it cannot be written."""
    problem = export.problem
    root = Element("fet", version="6.8.5")
    _texts(root, {"Mode": "Official", "Institution_Name": problem.name, "Comments": ""})
    _listed(root, "Days_List", "Number_of_Days", "Day", [export.day_name(day) for day in export.days])
    _listed(root, "Hours_List", "Number_of_Hours", "Hour", [str(period) for period in export.periods])
    names = {kind: [r.name for r in problem.resources if r.type == kind] for kind in ("teacher", "class")}
    _named(root, "Subjects_List", "Subject", dict.fromkeys(event.name for event in problem.events))
    _named(root, "Activity_Tags_List", "Activity_Tag", dict.fromkeys(tag for tags in export.tags.values() for tag in tags))
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
        for tag in export.tags[event]:
            SubElement(item, "Activity_Tag").text = tag
        for person in people:
            if person.type == "class":
                SubElement(item, "Students").text = person.name
        split = len(export.ids([event])) > 1
        texts = {"Duration": duration, "Total_Duration": total[event], "Id": number, "Activity_Group_Id": first[event] if split else 0}
        _texts(item, {**texts, "Active": "true", "Comments": ""})
    SubElement(root, "Buildings_List")
    all_rooms = [name for found in export.rooms.values() for name in found]
    _named(root, "Rooms_List", "Room", all_rooms, {"Building": "", "Capacity": "30000", "Virtual": "false"})
    SubElement(root, "Time_Constraints_List").extend([_constraint("BasicCompulsoryTime", 100, {}), *export.time])
    SubElement(root, "Space_Constraints_List").extend([_constraint("BasicCompulsorySpace", 100, {}), *export.space])
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
        _texts(SubElement(element, tag), {"Name": name, **(more or {}), "Comments": ""})


def _texts(parent: Element, texts: dict[str, Any]) -> None:
    for tag, text in texts.items():
        SubElement(parent, tag).text = str(text)


def _constraint(name: str, weight: float, children: dict[str, Any]) -> Element:
    """Return a constraint; a list of texts becomes one child for each, a list of elements is put in as it is."""
    element = Element(f"Constraint{name}")
    SubElement(element, "Weight_Percentage").text = f"{weight:g}"
    for tag, value in children.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Element):
                element.append(one)
            else:
                SubElement(element, tag).text = str(one)
    _texts(element, {"Active": "true", "Comments": ""})
    return element


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
        export.components += [(index, 2)] * two + [(index, 1)] * (event.duration - 2 * two)


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
            export.space.append(_constraint("ActivityPreferredRooms", 100, children))


# -- constraints: each function says whether FET can express the constraint ------------------------------------------------

Rule = Callable[[Export, Any], bool]

_IMPLIED = {"assign_time", "assign_resource", "avoid_clashes", "distribute_split_events"}


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
            element = _constraint(f"{kind}NotAvailableTimes", 100, {tag: name, "Number_of_Not_Available_Times": len(slots), "s": slots})
            (export.space if kind == "Room" else export.time).append(element)
    return True


def _spaced(export: Export, events: Sequence[int], days: int, weight: float) -> None:
    ids = export.ids(events)
    if len(ids) > 1:
        children = {"Consecutive_If_Same_Day": "false", "Number_of_Activities": len(ids), "Activity_Id": ids, "MinDays": days}
        export.add("MinDaysBetweenActivities", weight, **children)


def _limit_lessons(export: Export, constraint: Any) -> bool:
    """No lesson in some times; one lesson a day; at most so many periods a day of lessons of one class."""
    problem = export.problem
    groups = [problem.event_groups[key] for key in constraint.event_groups]
    if constraint.minimum:
        return False
    if constraint.maximum == 0:
        away = {problem.positions[time] for key in constraint.time_groups for time in problem.time_groups[key].times}
        rest = [time for time in range(len(problem.times)) if problem.positions[time] not in away]
        for events in groups:
            export.preferred_slots(events, rest, _weight(constraint))
        return True
    if not _days(export, constraint.time_groups):
        return False
    if constraint.maximum == 1 and all(duration == 1 for event, duration in export.components if any(event in g for g in groups)):
        for events in groups:
            _spaced(export, events, 1, _weight(constraint))
        return True
    if not constraint.required:
        return False
    for number, events in enumerate(groups):
        shared = set.intersection(*(set(problem.events[event].fixed_resources()) for event in events)) if events else set()
        classes = [problem.resources[index].name for index in sorted(shared) if problem.resources[index].type == "class"]
        if not classes:
            return False
        tag = f"{constraint.id}:{number}"
        for event in events:
            export.tags[event].append(tag)
        children = {"Maximum_Hours_Daily": constraint.maximum, "Students": classes[0], "Activity_Tag": tag}
        export.add("StudentsSetActivityTagMaxHoursDaily", 100, **children)
    return True


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
        ids = export.ids(export.problem.event_groups[group])
        slots = export.slots((time for slot in constraint.slots for time in slot), "Selected_Time_Slot", "Selected_Day", "Selected_Hour")
        children = {"Number_of_Activities": len(ids), "Activity_Id": ids, "Number_of_Selected_Time_Slots": len(slots), "slots": slots}
        export.add("ActivitiesOccupyMinTimeSlotsFromSelection", 100, **children, Min_Number_of_Occupied_Time_Slots=len(constraint.slots))
    return True


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


_RULES: dict[str, Rule] = {
    "avoid_unavailable_times": _unavailable,
    "limit_lessons": _limit_lessons,
    "spread_events": _spread,
    "days_between": _days_between,
    "prefer_times": _prefer_times,
    "occupy_times": _occupy_times,
    "limit_concurrency": _concurrency,
    "link_events": _link,
    "limit_idle_times": _limit("Max_Gaps", "MaxGapsPerWeek", "MaxGapsPerWeek"),
    "cluster_busy_times": _limit("Max_Days_Per_Week", "MaxDaysPerWeek", "MaxDaysPerWeek"),
    "limit_busy_times": _limit("Maximum_Hours_Daily", "MaxHoursDaily", "MaxHoursDaily"),
    "limit_consecutive": _limit("Maximum_Hours_Continuously", "MaxHoursContinuously", "MaxHoursContinuously"),
}
