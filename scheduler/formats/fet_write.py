"""Writing a timetable back to FET: the file as it was, with our times and rooms locked, and FET's own ``*_activities.xml``.

FET completes the locked file at once when it agrees that every 100 % constraint holds, which makes it the referee.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from instances.timetable import Meet, Timetable
from scheduler.formats.fet_read import FetProblem
from scheduler.formats.xml_tree import read_xml
from scheduler.writing.atomic import replacing


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an activity stands: day and hour by number from 0, its room by name and, where that is virtual, the ``real`` ones."""

    activity: str
    day: int
    hour: int
    room: str = ""
    real: tuple[str, ...] = ()


def placed(fet: FetProblem, timetable: Timetable) -> list[Placed]:
    """Return the place of each activity that has one, in the order of the file."""
    meets: dict[int, list[Meet]] = defaultdict(list)
    for meet in timetable.meets:
        if meet.start is not None:
            meets[meet.event].append(meet)
    found: dict[str, Placed] = {}
    hours = len(fet.file.hours)
    for event, bundle in enumerate(fet.bundles):
        for row, meet in zip(bundle.rows, meets[event], strict=False):
            assert meet.start is not None
            for column, activity in enumerate(row):
                chosen = (meet.resources[number] for number in fet.room_roles.get((event, column), ()))
                names = [fet.problem.resources[index].name for index in chosen if index is not None]
                room = fet.virtual.get((event, column)) or (names.pop(0) if names else "")
                found[activity.id] = Placed(activity.id, *divmod(meet.start, hours), room, tuple(names))
    return [found[activity.id] for activity in fet.file.activities if activity.id in found]


def write_fet(fet: FetProblem, timetable: Timetable, source: Path, target: Path) -> None:
    """Write the file ``source``, of which ``fet`` was read, with every placed activity locked at its time and in its room.

    Names are written as the source has them, with the blanks around them. Children have the names that all versions of FET read.
    """
    read_xml(source)  # refuses what should not be parsed
    with gzip.open(source) if source.read_bytes()[:2] == b"\x1f\x8b" else source.open("rb") as file:
        content = file.read().decode("utf-8-sig")
    names = _exact_names(content)
    places = placed(fet, timetable)
    times = "".join(_time_lock(place, names) for place in places)
    rooms = "".join(_room_lock(place, names) for place in places if place.room)
    content = _inserted(content, "Time_Constraints_List", times)
    content = _inserted(content, "Space_Constraints_List", rooms)
    with replacing(target) as temporary:
        temporary.write_text(content, encoding="utf-8")


def write_activities(fet: FetProblem, timetable: Timetable, target: Path) -> None:
    """Write FET's ``*_activities.xml``: id, day, hour and room of every activity."""
    root = ElementTree.Element("Activities_Timetable")
    for place in placed(fet, timetable):
        item = ElementTree.SubElement(root, "Activity")
        texts = {
            "Id": place.activity,
            "Day": fet.file.days[place.day],
            "Hour": fet.file.hours[place.hour],
            "Room": place.room,
        }
        for tag, text in texts.items():
            ElementTree.SubElement(item, tag).text = text
        for name in place.real:
            ElementTree.SubElement(item, "Real_Room").text = name
    ElementTree.indent(root)
    with replacing(target) as temporary:
        temporary.write_bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")


@dataclass(frozen=True)
class _Names:
    """Names as the file has them, escaped: of days and hours by number, of rooms by the name without blanks around it."""

    days: list[str]
    hours: list[str]
    rooms: dict[str, str]


def _exact_names(content: str) -> _Names:
    root = ElementTree.fromstring(content.encode())

    def names(parent: str, tag: str) -> list[str]:
        return [name.text or "" for name in root.iterfind(f"{parent}/{tag}/Name")] or [
            name.text or "" for name in root.iterfind(f"{parent}/Name")
        ]

    rooms = {name.strip(): escape(name) for name in names("Rooms_List", "Room")}
    return _Names([escape(name) for name in names("Days_List", "Day")], [escape(name) for name in names("Hours_List", "Hour")], rooms)


def _time_lock(place: Placed, names: _Names) -> str:
    return (
        "<ConstraintActivityPreferredStartingTime>\n\t<Weight_Percentage>100</Weight_Percentage>\n"
        f"\t<Activity_Id>{place.activity}</Activity_Id>\n"
        f"\t<Preferred_Day>{names.days[place.day]}</Preferred_Day>\n"
        f"\t<Preferred_Hour>{names.hours[place.hour]}</Preferred_Hour>\n"
        "\t<Permanently_Locked>false</Permanently_Locked>\n\t<Active>true</Active>\n\t<Comments></Comments>\n"
        "</ConstraintActivityPreferredStartingTime>\n"
    )


def _room_lock(place: Placed, names: _Names) -> str:
    listed = "".join(f"\t<Real_Room>{names.rooms[room]}</Real_Room>\n" for room in place.real)
    real = f"\t<Number_of_Real_Rooms>{len(place.real)}</Number_of_Real_Rooms>\n{listed}" if place.real else ""
    return (
        "<ConstraintActivityPreferredRoom>\n\t<Weight_Percentage>100</Weight_Percentage>\n"
        f"\t<Activity_Id>{place.activity}</Activity_Id>\n\t<Room>{names.rooms[place.room]}</Room>\n{real}"
        "\t<Permanently_Locked>false</Permanently_Locked>\n\t<Active>true</Active>\n\t<Comments></Comments>\n"
        "</ConstraintActivityPreferredRoom>\n"
    )


def _inserted(content: str, parent: str, text: str) -> str:
    """Return the file with ``text`` at the end of a list."""
    before, closing, after = content.rpartition(f"</{parent}>")
    if closing:
        return f"{before}{text}{closing}{after}"
    before, closing, after = content.rpartition("</fet>")
    return f"{before}<{parent}>\n{text}</{parent}>\n{closing}{after}"
