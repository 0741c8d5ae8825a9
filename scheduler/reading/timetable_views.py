"""One timetable out of several views: 总课表, 班级课表 and 教师课表 of one workbook show the same lessons.

Class timetables are the base. What other views add (a teacher, a room, that two classes are taught together) is taken over; what
they contradict is a finding, for a school that publishes two different timetables wants to know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from instances.bells import SectionKind
from instances.class_names import ClassName, grade_label
from instances.language import Message
from instances.lessons import PlacedLesson
from instances.school import Weeks
from scheduler.errors import Finding
from scheduler.reading.timetable_entries import BlockReading, Entry
from scheduler.reading.timetable_names import bare_name, class_of, subject_of

OUTSIDE = (SectionKind.MORNING_READING, SectionKind.AFTER_SCHOOL, SectionKind.EVENING, SectionKind.MEETING, SectionKind.NOON_REST)
MIXED = "走班·"
"""A block of optional courses, for which the classes mix."""
GROUPS = "groups·"
"""A block that was not named but seen: several lessons of one class in one cell."""
_EVENTS = ("升旗", "社团", "例会", "教研", "集体备课", "备课", "会议", "政治学习", "业务学习")


@dataclass
class Merged:
    """The lessons of all views together. ``classes`` maps the identity of a class to its printed name."""

    lessons: list[PlacedLesson] = field(default_factory=list)
    classes: dict[tuple[int, int | str], ClassName] = field(default_factory=dict)
    differences: list[Finding] = field(default_factory=list)


def identity(found: ClassName) -> tuple[int, int | str]:
    """Return what makes two spellings one class: grade and number, else grade and text."""
    return (found.grade, found.number if found.number is not None else found.label)


def full_name(found: ClassName, printed: str) -> str:
    """Return a name that is the class's alone: 1班 on a sheet 三年级 is 三年级1班, while 三(1)班 stays as it is printed."""
    if found.grade == 0 or found.number is None or class_of(printed) is not None:
        return printed
    text = printed.strip()
    return grade_label(found.grade) + (f"{found.number}班" if text.isdigit() else text)


def merge(readings: list[BlockReading]) -> Merged:
    """Return the lessons of all blocks, each once."""
    merged = Merged()
    for reading in readings:
        for owner in reading.owners:
            if reading.view == "class" and owner.found:
                merged.classes.setdefault(identity(owner.found), replace(owner.found, label=full_name(owner.found, owner.name)))
    base: dict[tuple[object, int, int], tuple[BlockReading, list[PlacedLesson]]] = {}
    for reading in readings:
        if reading.view != "class":
            continue
        slots: dict[tuple[object, int, int], list[PlacedLesson]] = defaultdict(list)
        for entry in reading.entries:
            assert entry.owner.found is not None
            who = identity(entry.owner.found)
            slots[who, entry.position.day, entry.period].append(_of_class(entry, merged))
        for place, lessons in slots.items():
            lessons = list(_groups(lessons))
            if place not in base:
                base[place] = (reading, lessons)
            elif not _agree(base[place][1], lessons):
                merged.differences.append(_difference(base[place][1], lessons))
            else:
                base[place] = (base[place][0], _completed(base[place][1], lessons))
    by_slot: dict[tuple[object, int, int], list[PlacedLesson]] = {place: lessons for place, (_, lessons) in base.items()}
    shown = {who for who, _, _ in by_slot}
    for reading in readings:
        if reading.view != "class":
            for entry in reading.entries:
                _other_view(entry, reading.view, merged, by_slot, shown)
    merged.lessons = _joined([lesson for _, lessons in sorted(by_slot.items(), key=lambda item: str(item[0])) for lesson in lessons])
    return merged


def _kind(subject: str, entry: Entry) -> str:
    if subject == "体育活动":
        return "activity"
    if entry.position.kind in OUTSIDE:
        return "event"  # it takes the time of class and teacher, but is no lesson of the plan
    if subject == "自习":
        return "self_study"
    return "event" if any(word in subject for word in _EVENTS) else "lesson"


def _placed(entry: Entry, classes: tuple[str, ...], teachers: tuple[str, ...], rooms: tuple[str, ...], grade: int | None) -> PlacedLesson:
    subject = subject_of(entry.lesson.label, grade)
    start, end = entry.position.clock or (None, None)
    pieces = len(entry.position.periods)
    if start is not None and end is not None and pieces > 1:
        n = entry.position.periods.index(entry.period)
        start, end = start + (end - start) * n // pieces, start + (end - start) * (n + 1) // pieces
    return PlacedLesson(
        day=entry.position.day,
        period=entry.period,
        subject=subject,
        classes=classes,
        teachers=teachers,
        rooms=rooms,
        label=entry.lesson.label,
        weeks=entry.lesson.weeks,
        start=start,
        end=end,
        double=entry.double,
        block=f"{MIXED}{entry.lesson.block}" if entry.lesson.block else "joint" if entry.lesson.joint else None,
        kind=_kind(subject, entry),
        origin=entry.origin,
    )


def _of_class(entry: Entry, merged: Merged) -> PlacedLesson:
    """A class's own entry. Numbers in its cells that read like other classes are rooms (101), unless the class itself is there."""
    found = entry.owner.found
    assert found is not None
    names = [merged.classes[identity(found)].label]
    rooms = list(entry.lesson.rooms)
    for other in entry.lesson.classes:
        if identity(other) == identity(found):
            continue
        if identity(other) in merged.classes and not other.label.isdigit():
            names.append(merged.classes[identity(other)].label)
        else:
            rooms.append(other.label)
    return _placed(entry, tuple(names), entry.lesson.teachers, tuple(rooms), found.grade)


def _groups(lessons: list[PlacedLesson]) -> Iterable[PlacedLesson]:
    """Several lessons of one class in one slot and the same weeks are half-groups: they share a block."""
    for lesson in lessons:
        others = [
            x for x in lessons if x is not lesson and (x.weeks is Weeks.EVERY or lesson.weeks is Weeks.EVERY or x.weeks is lesson.weeks)
        ]
        if others and lesson.block is None:
            yield replace(lesson, block=f"{GROUPS}{lesson.classes[0]}·{lesson.day}·{lesson.period}")
        else:
            yield lesson


def _shape(lesson: PlacedLesson) -> tuple[str, Weeks]:
    return lesson.subject, lesson.weeks


def _agree(first: list[PlacedLesson], second: list[PlacedLesson]) -> bool:
    """Two views agree when they show the same subjects in the same weeks, and no different teachers; or one block of optional courses."""
    if {x.block for x in first} == {x.block for x in second} and all((x.block or "").startswith(MIXED) for x in first):
        return True
    if sorted(map(_shape, first)) != sorted(map(_shape, second)):
        return False
    pairs = zip(sorted(first, key=_shape), sorted(second, key=_shape), strict=True)
    return all(not a.teachers or not b.teachers or same_teachers(a.teachers, b.teachers) for a, b in pairs) or len(first) > 1


def same_teachers(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Say whether two lists name the same people; a surname stands for the full name."""
    return len(first) == len(second) and all(any(same_teacher(a, b) for b in second) for a in first)


def same_teacher(first: str, second: str) -> bool:
    """孙雪 = 孙雪老师 = 孙老师 = 孙."""
    a, b = bare_name(first).removesuffix("老师"), bare_name(second).removesuffix("老师")
    return a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))


def _completed(first: list[PlacedLesson], second: list[PlacedLesson]) -> list[PlacedLesson]:
    if (first[0].block or "").startswith(MIXED):  # the view that names more of the courses
        return max(first, second, key=lambda lessons: (len(lessons), sum(bool(x.teachers) for x in lessons)))
    spare = {_shape(lesson): lesson for lesson in second}
    return [
        replace(
            lesson,
            teachers=lesson.teachers or spare[_shape(lesson)].teachers,
            rooms=lesson.rooms or spare[_shape(lesson)].rooms,
            start=lesson.start if lesson.start is not None else spare[_shape(lesson)].start,
            end=lesson.end if lesson.end is not None else spare[_shape(lesson)].end,
        )
        for lesson in first
    ]


def _show(lessons: list[PlacedLesson]) -> str:
    return " / ".join(f"{x.label} {'、'.join(x.teachers)}".strip() for x in lessons) or "-"


def _difference(first: list[PlacedLesson], second: list[PlacedLesson]) -> Finding:
    return Finding(
        Message(
            "the views differ: {here} shows {second}, {there} shows {first}",
            here=str(second[0].origin),
            second=_show(second),
            there=str(first[0].origin),
            first=_show(first),
        ),
        second[0].origin,
        _show(second),
        fatal=False,
    )


def _other_view(
    entry: Entry, view: str, merged: Merged, by_slot: dict[tuple[object, int, int], list[PlacedLesson]], shown: set[object]
) -> None:
    """Lay an entry of a teacher's or room's timetable over the lessons of the classes."""
    owner = entry.owner.name
    teachers = (*((owner,) if view == "teacher" else ()), *entry.lesson.teachers)
    rooms = (*((owner,) if view == "room" else ()), *entry.lesson.rooms)
    for found in entry.lesson.classes:
        who = identity(found)
        merged.classes.setdefault(who, replace(found, label=full_name(found, found.label)))
    names = tuple(merged.classes[identity(found)].label for found in entry.lesson.classes)
    grade = entry.lesson.classes[0].grade if entry.lesson.classes else None
    if not names:
        by_slot.setdefault((owner, entry.position.day, entry.period), []).append(_placed(entry, (), teachers, rooms, None))
        return
    for found in entry.lesson.classes:
        place = (identity(found), entry.position.day, entry.period)
        lesson = _placed(entry, (merged.classes[identity(found)].label,), teachers, rooms, grade)
        if len(names) > 1:
            lesson = replace(lesson, block=lesson.block or "joint", teachers=teachers)
        here = by_slot.setdefault(place, [])
        match = next((n for n, x in enumerate(here) if x.weeks is lesson.weeks and lesson.subject in ("", x.subject)), None)
        if lesson.block and lesson.block.startswith(MIXED) and all(x.block == lesson.block for x in here):
            bare = [x for x in here if f"{MIXED}{x.label}" == lesson.block]  # only the name of the block was known so far
            if match is None or (here[match].teachers and here[match].teachers != lesson.teachers):
                by_slot[place] = [*(x for x in here if x not in bare), lesson]
                continue
        if match is not None and (
            not lesson.teachers or not here[match].teachers or any(same_teacher(t, x) for t in teachers for x in here[match].teachers)
        ):
            here[match] = replace(
                here[match],
                teachers=here[match].teachers or lesson.teachers,
                rooms=here[match].rooms or lesson.rooms,
                block="joint" if lesson.block == "joint" and here[match].block is None else here[match].block,
            )
        elif identity(found) in shown:
            merged.differences.append(_difference(here or [replace(lesson, label="-", teachers=())], [lesson]))
        else:
            here.append(lesson)


def _joined(lessons: list[PlacedLesson]) -> list[PlacedLesson]:
    """Make one lesson of those that some view shows as taught together."""
    joint: dict[tuple[object, ...], list[PlacedLesson]] = defaultdict(list)
    single = []
    for lesson in lessons:
        if lesson.block == "joint" or (lesson.block or "").startswith(MIXED):
            joint[lesson.day, lesson.period, lesson.weeks, lesson.subject, lesson.teachers, lesson.block].append(lesson)
        else:
            single.append(lesson)
    for group in joint.values():
        classes = tuple(dict.fromkeys(name for lesson in group for name in lesson.classes))
        single.append(replace(group[0], classes=classes, block=None if group[0].block == "joint" else group[0].block))
    return single
