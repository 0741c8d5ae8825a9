"""A ``.fet`` file as plain data: what FET (Liviu Lalescu, Volker Dirr) calls activities, students sets, rooms and constraints.

Read are the spellings of FET 5.2x to 7.x in the mode "Official". Names are the keys of the format and are compared without the blanks
around them. Students are divided into *units*: subgroups, groups without subgroups and years without groups, which FET
calls automatic subgroups. A unit is in one place at a time; a group is its units.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from instances.language import Message
from instances.origin import Origin
from scheduler.errors import Finding, InputError
from scheduler.formats.xhstt_names import Place
from scheduler.formats.xml_tree import Element, read_xml

# Old names of constraints that FET still reads.
_OLD_TYPES = {
    "MinNDaysBetweenActivities": "MinDaysBetweenActivities",
    "ActivityPreferredTime": "ActivityPreferredStartingTime",
    "ActivityPreferredTimes": "ActivityPreferredStartingTimes",
    "ActivitiesPreferredTimes": "ActivitiesPreferredStartingTimes",
    "TeacherNotAvailable": "TeacherNotAvailableTimes",
    "StudentsSetNotAvailable": "StudentsSetNotAvailableTimes",
    "RoomNotAvailable": "RoomNotAvailableTimes",
    "Break": "BreakTimes",
    "2ActivitiesConsecutive": "TwoActivitiesConsecutive",
    "2ActivitiesGrouped": "TwoActivitiesGrouped",
    "2ActivitiesOrdered": "TwoActivitiesOrdered",
    "3ActivitiesGrouped": "ThreeActivitiesGrouped",
}


@dataclass(frozen=True, slots=True)
class Activity:
    """A lesson of ``duration`` periods; ``component`` is its place, from 1, among the parts of a split activity.

    ``students`` are names of students sets; ``size`` is the number of students, None where the sets say it.
    """

    id: str
    teachers: tuple[str, ...]
    subject: str
    tags: tuple[str, ...]
    students: tuple[str, ...]
    duration: int
    component: int = 1
    size: int | None = None


@dataclass(frozen=True, slots=True)
class FetRoom:
    """A room. ``sets`` is filled for a virtual room, which stands for one real room of each set at once."""

    name: str
    building: str
    capacity: int
    sets: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FetConstraint:
    """An active constraint: ``type`` is the name of its element without "Constraint"; ``weight`` is in percent."""

    number: int
    type: str
    weight: float
    element: Element

    @property
    def required(self) -> bool:
        """Say whether it must hold: weight 100 %."""
        return self.weight >= 100


@dataclass(frozen=True)
class FetFile:
    """All that is read of a file. ``students`` maps each students set to its units, ``sizes`` to its number of students."""

    place: Place
    version: str
    days: tuple[str, ...]
    hours: tuple[str, ...]
    teachers: tuple[str, ...]
    subjects: frozenset[str]
    tags: frozenset[str]
    students: dict[str, tuple[str, ...]]
    sizes: dict[str, int]
    rooms: dict[str, FetRoom]
    activities: tuple[Activity, ...]
    inactive: frozenset[str]
    constraints: tuple[FetConstraint, ...]
    institution: str = ""


_MODES = {  # FET 5 had a program for each other mode, which wrote no mode but a version like 5.27.3-algeria
    "-algeria": "Mornings_Afternoons",
    "-morocco": "Mornings_Afternoons",
    "-mathmake": "Terms",
    "-ma": "Mornings_Afternoons",
    "-bp": "Block_Planning",
}


def read_file(path: Path) -> FetFile:
    """Read a ``.fet`` file (or ``.fet.gz``). Raises InputError with all findings."""
    root = read_xml(path)
    place = Place(str(path), [])
    if root.tag.lower() != "fet":
        place.fault(root, Message("This is not a FET file: the outermost element is <{tag}>", tag=root.tag))
        raise InputError(place.findings)
    mode, said = _mode(root)
    if mode != "Official":
        place.fault(root.first("Mode") or root, Message("the mode {mode} is not supported, only Official", mode=mode), said)
        raise InputError(place.findings)
    days, hours = (_labels(root, f"{kind}s_List", kind, place) for kind in ("Day", "Hour"))
    students, sizes = _students(root)
    teachers = tuple(element.value("Name") for element in root.all("Teachers_List", "Teacher"))
    subjects = frozenset(element.value("Name") for element in root.all("Subjects_List", "Subject"))
    tags = frozenset(element.value("Name") for element in root.all("Activity_Tags_List", "Activity_Tag"))
    rooms = {room.name: room for room in _rooms(root, place)}
    activities, inactive = _activities(root, place, set(teachers), students)
    lists = ("Time_Constraints_List", "Space_Constraints_List")
    elements = [child for name in lists for child in (root.first(name) or root).children if child.tag.startswith("Constraint")]
    found = FetFile(
        place,
        root.attributes.get("version", ""),
        days,
        hours,
        teachers,
        subjects,
        tags,
        students,
        sizes,
        rooms,
        tuple(activities),
        frozenset(inactive),
        tuple(_constraints(elements, place)),
        root.value("Institution_Name"),
    )
    if place.findings:
        raise InputError(place.findings)
    return found


def _mode(root: Element) -> tuple[str, str]:
    """Return the mode of a file and what says so: the mode it names, else its version; one that is silent is Official."""
    version = root.attributes.get("version", "")
    told = (mode for ending, mode in _MODES.items() if ending in version)
    named = root.value("Mode")
    return (named, named) if named else (next(told, "Official"), version)


def _labels(root: Element, parent: str, kind: str, place: Place) -> tuple[str, ...]:
    """Return the names of the days or hours; old files have the names right under the list."""
    names = [element.value("Name") for element in root.all(parent, kind)] or [element.text for element in root.all(parent, "Name")]
    if not names:
        place.fault(root, Message("the element <{tag}> is missing", tag=kind))
    if len(set(names)) < len(names):
        place.fault(root.first(parent) or root, Message("two of the names are the same"))
    return tuple(names)


def _students(root: Element) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    units: dict[str, dict[str, None]] = {}
    sizes: dict[str, int] = {}

    def visit(element: Element, below: tuple[str, ...]) -> tuple[str, ...]:
        name = element.value("Name")
        number = element.value("Number_of_Students")
        sizes[name] = int(number) if number.isdigit() else 0
        members = [unit for child in element.all(below[0]) for unit in visit(child, below[1:])] if below else []
        own = tuple(dict.fromkeys(members)) or (name,)
        units.setdefault(name, {}).update(dict.fromkeys(own))
        return own

    for year in root.all("Students_List", "Year"):
        visit(year, ("Group", "Subgroup"))
    return {name: tuple(own) for name, own in units.items()}, sizes


def _rooms(root: Element, place: Place) -> Iterator[FetRoom]:
    for element in root.all("Rooms_List", "Room"):
        sets = tuple(
            tuple(room.text for room in group.all("Real_Room"))
            for group in element.all("Set_of_Real_Rooms")
            if element.value("Virtual") == "true"
        )
        yield FetRoom(element.value("Name"), element.value("Building"), place.number(element, "Capacity", 30000) or 0, sets)


def _activities(root: Element, place: Place, teachers: set[str], students: dict[str, tuple[str, ...]]) -> tuple[list[Activity], list[str]]:
    found: list[Activity] = []
    inactive: list[str] = []
    seen: set[str] = set()
    for element in root.all("Activities_List", "Activity"):
        key = element.value("Id")
        if not key or key in seen:
            place.fault(element, Message("the Id {id} is missing or used twice", id=repr(key)), key)
        seen.add(key)
        for tag, known in (("Teacher", teachers), ("Students", students)):
            for child in element.all(tag):
                if child.text not in known:
                    place.fault(child, Message("the file has no {kind} {name}", kind=tag, name=repr(child.text)), child.text)
        if element.value("Active") not in ("", "true", "yes"):
            inactive.append(key)
            continue
        group, own = place.number(element, "Activity_Group_Id", 0) or 0, place.number(element, "Id", 0) or 0
        found.append(
            Activity(
                key,
                tuple(child.text for child in element.all("Teacher")),
                element.value("Subject"),
                tuple(child.text for child in element.all("Activity_Tag") if child.text),
                tuple(child.text for child in element.all("Students")),
                place.number(element, "Duration", 1) or 1,
                own - group + 1 if group else 1,
                place.number(element, "Number_Of_Students", None),
            )
        )
    return found, inactive


def _constraints(elements: list[Element], place: Place) -> Iterator[FetConstraint]:
    for number, element in enumerate(elements):
        if element.value("Active") not in ("", "true", "yes"):
            continue
        name = element.tag.removeprefix("Constraint")
        text = element.value("Weight_Percentage") or element.value("Weight") or "100"
        try:
            weight = float(text)
        except ValueError:
            place.fault(element, Message("<{tag}> is {value}, expected a percentage", tag="Weight_Percentage", value=repr(text)), text)
            continue
        if element.value("Compulsory") == "no":
            weight = min(weight, 95.0)
        yield FetConstraint(number, _OLD_TYPES.get(name, name), weight, element)


def unsupported(counts: dict[str, int], file: str) -> list[Finding]:
    """Return a finding for each type of constraint that is not supported, with its number."""
    return [
        Finding(Message("{count} constraints of the type {type} are not supported", count=count, type=name), Origin(file))
        for name, count in sorted(counts.items())
    ]
