"""A FET file in the making, out of a problem: its activities, its constraints, and what FET cannot express."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from instances.language import Message
from instances.problem import Problem
from instances.timetable import Meet, Timetable
from scheduler.formats.xml_tree import read_xml


@dataclass
class Export:
    """A FET file in the making. ``components`` are the activities, (event, duration), their id the place from 1, and
    ``numbers`` those of each event.

    ``meetings`` are further activities, of people (resources) who must be free together at one of some starts: (name, people, duration).
    ``left_out`` says what FET cannot express.
    """

    problem: Problem
    days: list[int] = field(default_factory=list)
    periods: list[int] = field(default_factory=list)
    components: list[tuple[int, int]] = field(default_factory=list)
    numbers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    meetings: list[tuple[str, tuple[int, ...], int]] = field(default_factory=list)
    rooms: dict[int, list[str]] = field(default_factory=dict)
    time: list[Element] = field(default_factory=list)
    space: list[Element] = field(default_factory=list)
    left_out: list[Message] = field(default_factory=list)

    def ids(self, events: Iterable[int]) -> list[str]:
        """Return the ids of the activities of some events."""
        return [str(number) for event in dict.fromkeys(events) for number in self.numbers[event]]

    def component(self, event: int, duration: int) -> None:
        """Add an activity."""
        self.components.append((event, duration))
        self.numbers[event].append(len(self.components))

    def add(self, name: str, weight: float, **children: Any) -> None:
        """Add a time constraint."""
        self.time.append(constraint_element(name, weight, children))

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
            if int(item.value("Id")) > len(self.components):
                continue  # a meeting, not a lesson
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


def texts_into(parent: Element, texts: dict[str, Any]) -> None:
    """Add a child with a text for each entry."""
    for tag, text in texts.items():
        SubElement(parent, tag).text = str(text)


def constraint_element(name: str, weight: float, children: dict[str, Any]) -> Element:
    """Return a constraint; a list of texts becomes one child for each, a list of elements is put in as it is."""
    element = Element(f"Constraint{name}")
    SubElement(element, "Weight_Percentage").text = f"{weight:g}"
    for tag, value in children.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Element):
                element.append(one)
            else:
                SubElement(element, tag).text = str(one)
    texts_into(element, {"Active": "true", "Comments": ""})
    return element
