"""A whole school: classes, teachers, courses, rooms and requirements that fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Literal, get_args

from instances.generator import plans
from instances.generator.bells import bell_schedule
from instances.generator.requirements import requirements_of
from instances.generator.staffing import Duty, Plans, Post, Staffroom, spare, staff
from instances.school import Course, Room, School, SchoolClass, Stage, Weeks, stage_of

SchoolKind = Literal["primary", "junior", "nine-year", "senior"]

_GRADES: dict[str, tuple[int, ...]] = {
    "primary": (1, 2, 3, 4, 5, 6), "junior": (7, 8, 9), "nine-year": (1, 2, 3, 4, 5, 6, 7, 8, 9), "senior": (10, 11, 12)
}  # fmt: skip
_NAMES = {"primary": "示例小学", "junior": "示例初级中学", "nine-year": "示例九年一贯制学校", "senior": "示例高级中学"}
_GRADE_NAMES = ("一", "二", "三", "四", "五", "六", "七", "八", "九")
_SENIOR_NAMES = ("高一", "高二", "高三")
_CLUSTER = 4  # classes that mix for optional courses, one course for each of four subjects
_SLOTS = {Stage.PRIMARY: 30, Stage.JUNIOR: 35, Stage.SENIOR: 40}  # lessons of the week by the bells
_ROOM_USE = Fraction(3, 4)  # share of its slots in which a room is used, at most
_DOUBLES_A_WEEK = 12  # of a laboratory; 20 would fit


@dataclass(frozen=True, slots=True)
class Block:
    """Optional courses at one time (走班) for some classes of a grade: ``rooms`` has one for each subject."""

    name: str
    classes: tuple[str, ...]
    rooms: tuple[str, ...]
    periods: int
    grade: int

    def duties(self) -> Iterator[Duty]:
        """Yield one duty for each optional course."""
        for subject in plans.BLOCK_SUBJECTS:
            yield Duty(self.name, subject, Fraction(self.periods), self.grade)


def generate(kind: SchoolKind, classes: int, seed: int, *, demands: float = 1.0) -> School:
    """Return a school of ``classes`` classes, spread evenly over its grades, the lower grades first.

    ``demands`` scales the number of individual requirements; 0 leaves only fixed events and the class meeting. Raises ValueError for an
    unknown kind, fewer than two classes for each grade, more than 400 classes, or negative demands.
    """
    if kind not in get_args(SchoolKind):
        raise ValueError(f"unknown kind of school {kind!r}, expected one of {get_args(SchoolKind)}")
    grades = _GRADES[kind]
    if not 2 * len(grades) <= classes <= 400:
        raise ValueError(f"{classes} classes, expected {2 * len(grades)} to 400 for a {kind} school")
    if demands < 0:
        raise ValueError(f"demands is {demands}, expected 0 or more")
    rng = Random(seed)
    pupils = list(_classes(grades, classes, rng))
    blocks = list(_blocks(pupils))
    choice = {c.name: "历史" if c.grade >= 11 and (c.number or 0) % 4 == 0 else "物理" for c in pupils}
    weekly = {c.name: plans.weekly_plan(c.grade, choice[c.name]) for c in pupils}
    room = Staffroom(rng, mixed=kind == "nine-year")
    homes = staff(room, pupils, weekly, [duty for block in blocks for duty in block.duties()], lambda: rng.random() < 0.3)
    pupils = [replace(c, home_teacher=homes[c.name], room=f"{c.name}教室" if kind == "senior" else None) for c in pupils]
    courses = [*_courses(pupils, weekly, room), *_block_courses(blocks, room)]
    courses = _together(pupils, courses, room)
    rooms = tuple(_rooms(pupils, courses, blocks))
    stages = sorted({stage_of(c.grade) for c in pupils}, key=list(Stage).index)
    bells = tuple(bell_schedule(stage) for stage in stages)
    requirements = requirements_of(pupils, room.posts, courses, rooms, bells, rng, demands)
    teachers = tuple(post.teacher() for post in room.posts)
    return School(
        f"{_NAMES[kind]}（{classes}个班）", tuple(pupils), teachers, tuple(courses), bells, rooms, tuple(requirements)
    )  # fmt: skip


def _classes(grades: Sequence[int], classes: int, rng: Random) -> Iterator[SchoolClass]:
    each, more = divmod(classes, len(grades))
    for position, grade in enumerate(grades):
        for number in range(1, each + (position < more) + 1):
            year = _SENIOR_NAMES[grade - 10] if grade >= 10 else f"{_GRADE_NAMES[grade - 1]}年级"
            yield SchoolClass(f"{year}{number}班", grade, number, rng.randint(36, 45))


def _blocks(classes: Sequence[SchoolClass]) -> Iterator[Block]:
    """Yield two blocks for each cluster of up to four classes of grades 11 and 12; courses use the classes' own rooms first."""
    spare_rooms = 0
    for grade, periods in plans.BLOCK_PERIODS.items():
        members = [c.name for c in classes if c.grade == grade]
        clusters = -(-len(members) // _CLUSTER)
        for number in range(clusters):
            mixed = members[number * len(members) // clusters : (number + 1) * len(members) // clusters]
            missing = len(plans.BLOCK_SUBJECTS) - len(mixed)
            rooms = [f"{name}教室" for name in mixed] + [f"走班教室{spare_rooms + i + 1}" for i in range(missing)]
            spare_rooms += missing
            for part in ("一", "二"):
                title = f"{_SENIOR_NAMES[grade - 10]}{chr(ord('A') + number)}组选科{part}"
                yield Block(title, tuple(mixed), tuple(rooms), periods, grade)


def _courses(classes: Sequence[SchoolClass], weekly: Plans, room: Staffroom) -> Iterator[Course]:
    for c in classes:
        for row in weekly[c.name]:
            yield Course(
                f"{c.name}-{row.label or row.subject}",
                row.subject,
                (c.name,),
                (room.teacher_of(c.name, row.subject).name,),
                row.periods,
                row.label,
                row.doubles,
                Weeks.EVERY if row.periods.denominator == 1 else Weeks.EITHER,
                row.room,
            )


def _block_courses(blocks: Sequence[Block], room: Staffroom) -> Iterator[Course]:
    for block in blocks:
        for duty, place in zip(block.duties(), block.rooms, strict=True):
            teacher = room.teacher_of(block.name, duty.subject).name
            yield Course(
                f"{block.name}-{duty.subject}", duty.subject, block.classes, (teacher,), duty.periods, room=place, block=block.name
            )


def _together(classes: Sequence[SchoolClass], courses: Sequence[Course], room: Staffroom) -> list[Course]:
    """In one grade of each stage, make a joint lesson (合班) of 劳动 for two classes and give a class a second teacher in 综合实践."""
    found = {course.id: course for course in courses}
    posts = {post.name: post for post in room.posts}
    for grade in (6, 8, 10):
        members = [c.name for c in classes if c.grade == grade]
        if len(members) < 2:
            continue
        first, second = (f"{name}-劳动" for name in members[-2:])
        posts[found[second].teachers[0]].load -= found[second].periods
        found[first] = replace(found[first], classes=tuple(members[-2:]))
        del found[second]
        own = found[f"{members[0]}-综合实践"]
        helper = _helper(room.posts, own.teachers[0], grade)
        helper.load += own.periods
        helper.most += int(own.periods)
        found[own.id] = replace(own, teachers=(*own.teachers, helper.name))
    return list(found.values())


def _helper(posts: Sequence[Post], other: str, grade: int) -> Post:
    """Return a teacher of the same stage with time for one lesson more."""
    near = [post for post in posts if post.name != other and any(stage_of(g) is stage_of(grade) for g in post.grades)]
    return spare(near, 60)[0]


def _rooms(classes: Sequence[SchoolClass], courses: Sequence[Course], blocks: Sequence[Block]) -> Iterator[Room]:
    """Yield the field, as many special rooms of each kind as the lessons need, and the rooms of classes that mix."""
    stage = {c.name: stage_of(c.grade) for c in classes}
    slots = min(_SLOTS[s] for s in stage.values())
    hours: Counter[str] = Counter()
    doubles: Counter[str] = Counter()
    for course in courses:
        if course.room and not course.block:
            hours[course.room] += int(course.periods)
            doubles[course.room] += course.doubles
    for kind in (plans.FIELD, plans.COMPUTERS, plans.MUSIC, plans.ART, plans.PHYSICS_LAB, plans.CHEMISTRY_LAB):
        if not hours[kind]:
            continue
        need = -(-hours[kind] // (slots * _ROOM_USE))
        if kind == plans.FIELD:
            yield Room(kind, kind, max(3, -(-len(classes) // 8), need))
            continue
        count = max(need, -(-doubles[kind] // _DOUBLES_A_WEEK))
        yield from (Room(f"{kind}{n}" if count > 1 else kind, kind) for n in range(1, count + 1))
    walking = dict.fromkeys(name for block in blocks for name in block.rooms)
    own = [c.room for c in classes if c.room]
    yield from (Room(name, "教室") for name in dict.fromkeys([*own, *walking]))
