"""Small FET files of our own making, put together from their parts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from constraints.base import Violation, evaluate
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.formats.fet_read import FetProblem, read_fet

TEACHERS = ("Ann", "Bob")
YEARS = {"1A": ("1A-x", "1A-y"), "1B": ()}
TAGS = ("lab",)
ROOMS = {"R1": 40, "R2": 40, "R3": 10}


def activity(
    number: int,
    teacher: str = "Ann",
    students: str = "1A",
    subject: str = "Maths",
    *,
    duration: int = 1,
    group: int = 0,
    tag: str = "",
    active: bool = True,
) -> str:
    """One activity."""
    return (
        f"<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject>"
        + (f"<Activity_Tag>{tag}</Activity_Tag>" if tag else "")
        + f"<Students>{students}</Students><Duration>{duration}</Duration><Total_Duration>{duration}</Total_Duration>"
        f"<Id>{number}</Id><Activity_Group_Id>{group}</Activity_Group_Id><Active>{str(active).lower()}</Active></Activity>"
    )


def constraint(name: str, weight: float = 100, **children: object) -> str:
    """One constraint; a tuple as a value makes one child for each of its members, and text in angle brackets is put in as it is."""
    parts = []
    for tag, value in children.items():
        for one in value if isinstance(value, tuple) else (value,):
            text = str(one)
            parts.append(text if text.startswith("<") else f"<{tag}>{text}</{tag}>")
    inner = "".join(parts)
    return f"<Constraint{name}><Weight_Percentage>{weight:g}</Weight_Percentage>{inner}<Active>true</Active></Constraint{name}>"


def slot(outer: str, day: int, hour: int, prefix: str = "") -> str:
    """A day and an hour, from 1, in an element."""
    return f"<{outer}><{prefix}Day>D{day}</{prefix}Day><{prefix}Hour>{hour}</{prefix}Hour></{outer}>"


def write(
    folder: Path, activities: Iterable[str], time: Iterable[str] = (), space: Iterable[str] = (), *, days: int = 2, hours: int = 4
) -> Path:
    """Write a file with days D1, D2, ... and hours 1, 2, ...; class 1A has the groups 1A-x and 1A-y, class 1B none."""

    def named(parent: str, tag: str, items: Iterable[str]) -> str:
        members = [f"<{tag}>{item}</{tag}>" for item in items]
        count = f"<Number_of_{tag}s>{len(members)}</Number_of_{tag}s>" if tag in ("Day", "Hour") else ""
        return f"<{parent}>{count}{''.join(members)}</{parent}>"

    def name(text: str) -> str:
        return f"<Name>{text}</Name>"

    lists = [
        named("Days_List", "Day", (name(f"D{day}") for day in range(1, days + 1))),
        named("Hours_List", "Hour", (name(str(hour)) for hour in range(1, hours + 1))),
        named("Subjects_List", "Subject", map(name, ("Maths", "Sport"))),
        named("Activity_Tags_List", "Activity_Tag", map(name, TAGS)),
        named("Teachers_List", "Teacher", map(name, TEACHERS)),
        named(
            "Students_List",
            "Year",
            (
                f"{name(year)}<Number_of_Students>20</Number_of_Students>"
                + "".join(f"<Group>{name(group)}<Number_of_Students>10</Number_of_Students></Group>" for group in groups)
                for year, groups in YEARS.items()
            ),
        ),
        named("Rooms_List", "Room", (f"{name(room)}<Capacity>{size}</Capacity><Virtual>false</Virtual>" for room, size in ROOMS.items())),
        f"<Activities_List>{''.join(activities)}</Activities_List>",
        f"<Time_Constraints_List>{constraint('BasicCompulsoryTime')}{''.join(time)}</Time_Constraints_List>",
        f"<Space_Constraints_List>{constraint('BasicCompulsorySpace')}{''.join(space)}</Space_Constraints_List>",
    ]
    path = folder / "school.fet"
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<fet version="6.8.5"><Institution_Name>Tiny</Institution_Name>{"".join(lists)}</fet>'
    path.write_text(text, encoding="utf-8")
    return path


def broken(path: Path, places: dict[int, tuple[int, int]], rooms: dict[int, str] | None = None) -> list[Violation]:
    """The violations when each activity (id) stands at (day, hour), from 1; rooms by name where they are to be chosen."""
    fet = read_fet(path)
    return evaluate(fet.problem, TimetableView(fet.problem, timetable(fet, places, rooms)))[1]


def timetable(fet: FetProblem, places: dict[int, tuple[int, int]], rooms: dict[int, str] | None = None) -> Timetable:
    """The timetable in which each activity (id) stands at (day, hour); activities that start together are one meet."""
    hours = len(fet.file.hours)
    meets = []
    for event, bundle in enumerate(fet.bundles):
        for row in bundle.rows:
            placed = [places[int(a.id)] for a in row if int(a.id) in places]
            if not placed:
                continue
            roles = [role.resource for role in fet.problem.events[event].roles]
            for column, member in enumerate(row):
                for number in fet.room_roles.get((event, column), ()):
                    chosen = (rooms or {}).get(int(member.id))
                    if roles[number] is None and chosen is not None:
                        roles[number] = fet.problem.resource_index[f"room:{chosen}"]
            day, hour = placed[0]
            meets.append(Meet(event, bundle.duration, (day - 1) * hours + hour - 1, 1, tuple(roles)))
    return Timetable.of(meets)


def kinds(violations: Iterable[Violation]) -> list[tuple[str, int]]:
    """What is broken: kind and deviation, sorted."""
    return sorted((violation.constraint.kind, violation.deviation) for violation in violations)
