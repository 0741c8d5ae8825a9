"""What a person can change: a row of 排课要求, the hours of a course, its doubles or weeks, the rooms of a kind, a rule.

Conflicts are sets of these groups, never of solver internals. Everything else (a class has one lesson at a time, the
bells) is a law of nature and belongs to no group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from constraints.rule import Level, Rule
from constraints.ruleset import RuleSet
from instances.language import Listing, Message
from instances.origin import NOWHERE, Origin
from instances.school import Course, Requirement, RequirementKind, Room, School
from scheduler.compiling.compile import CompiledSchool
from scheduler.compiling.events import ACTIVITY, selects
from scheduler.plan_words import KINDS


class GroupKind(StrEnum):
    """What kind of thing a person would change."""

    ROW = "requirement"  # a row of 排课要求
    HOURS = "hours"  # lessons a week of a course, or of a block of optional courses
    DOUBLES = "doubles"  # the double periods that a course's row asks for
    WEEKS = "weeks"  # odd or even, as a course's row says
    ROOMS = "rooms"  # how many classes fit into the rooms of a kind
    RULE = "rule"  # what a rule set asks of the placing
    DEFAULT = "default"  # what the program asks where the plan says nothing


@dataclass(frozen=True)
class Group:
    """One thing that a person can change. ``origins`` are its cells; ``level`` is that of a rule."""

    id: str
    kind: GroupKind
    label: Message
    origins: tuple[Origin, ...] = ()
    level: Level | None = None
    source: str = ""
    requirement: Requirement | None = None
    courses: tuple[Course, ...] = ()
    rooms: tuple[Room, ...] = ()

    @property
    def binding(self) -> bool:
        """Say whether it stands for a regulation that must hold."""
        return self.level is Level.MUST


@dataclass(frozen=True)
class Groups:
    """All groups of a school by id, and which of them each event of the problem depends on.

    ``hours``, ``doubles``, ``weeks`` give for an event the group that demands its lessons, its double periods, its odd or even week
    (absent: nobody does); ``joint`` the group that makes several courses one lesson; ``room_group`` the group of each room resource.
    """

    by_id: Mapping[str, Group]
    hours: Mapping[int, str]
    doubles: Mapping[int, str]
    weeks: Mapping[int, str]
    joint: Mapping[int, str]
    room_group: Mapping[int, str]

    def __getitem__(self, key: str) -> Group:
        return self.by_id[key]


def group_of_constraint(group: str, identity: str) -> str:
    """Return the id of the group that a required constraint belongs to, "" for a law of nature."""
    if group.startswith(("requirement:", "rule:")):
        return group
    return f"default:{identity.split(':')[0]}" if identity.startswith(("subject_per_day", "paired_fortnights")) else ""


def groups_of(compiled: CompiledSchool, plan: School, rulesets: Iterable[RuleSet] = ()) -> Groups:
    """Return the groups of a compiled school; ``plan`` is the school as the office handed it in, without what rule sets added."""
    return _Gathering(compiled, plan, {rule.id: rule for ruleset in rulesets for rule in ruleset.rules}).gather()


class _Gathering:
    def __init__(self, compiled: CompiledSchool, plan: School, rules: Mapping[str, Rule]) -> None:
        self.compiled = compiled
        self.school = compiled.school
        self.planned = {course.id for course in plan.courses}
        self.rules = rules
        self.found: dict[str, Group] = {}

    def gather(self) -> Groups:
        self._rows()
        hours, doubles, weeks, joint = self._courses()
        rooms = self._rooms()
        for constraint in self.compiled.problem.constraints:
            key = group_of_constraint(constraint.group, constraint.id)
            if key.startswith("default:") and constraint.required and key not in self.found:
                self.found[key] = Group(key, GroupKind.DEFAULT, _default_label(key))
        return Groups(self.found, hours, doubles, weeks, joint, rooms)

    def _rows(self) -> None:
        for number, row in enumerate(self.school.requirements):
            if not row.required and row.kind not in (RequirementKind.EVENT, RequirementKind.FORTNIGHTLY, RequirementKind.JOINT):
                continue
            if row.rule:
                self._rule(row)
            else:
                self._add(Group(f"requirement:{number}", GroupKind.ROW, row_label(row), _cells([row.origin]), requirement=row))

    def _rule(self, row: Requirement) -> None:
        rule = self.rules.get(row.rule)
        title = row.text if rule is None else rule.label()
        self._add(
            Group(
                f"rule:{row.rule}",
                GroupKind.RULE,
                Message("rule “{title}”", title=title),
                level=Level.MUST if rule is None else rule.level,
                source="" if rule is None else str(rule.source),
                requirement=row,
            )
        )

    def _courses(self) -> tuple[dict[int, str], dict[int, str], dict[int, str], dict[int, str]]:
        hours: dict[int, str] = {}
        doubles: dict[int, str] = {}
        weeks: dict[int, str] = {}
        joint: dict[int, str] = {}
        rows = list(enumerate(self.school.requirements))
        original = {course.id: course for course in self.school.courses}
        for index, courses in enumerate(self.compiled.teaching.courses):
            first = courses[0]
            if first.id.startswith("event:"):
                hours[index] = f"requirement:{first.id.removeprefix('event:').split('.')[0]}"
                continue
            members = self._members(first) if not first.block else courses
            hours[index] = self._hours(courses, members)
            if self.compiled.teaching.doubles[index] > 0:
                row = self._last_row(rows, RequirementKind.DOUBLES, members)
                doubles[index] = f"requirement:{row}" if row is not None else self._own(GroupKind.DOUBLES, first, members)
            if self.compiled.problem.weeks == 2 and self.compiled.problem.events[index].weeks in ((1,), (2,)):
                row = self._last_row(rows, RequirementKind.FORTNIGHTLY, members)
                weeks[index] = f"requirement:{row}" if row is not None else self._own(GroupKind.WEEKS, first, members)
            if len(courses) == 1 and len(members) > 1 and first.id in original and not first.block:
                row = self._last_row(rows, RequirementKind.JOINT, members)
                if row is not None:
                    joint[index] = f"requirement:{row}"
        return hours, doubles, weeks, joint

    def _members(self, course: Course) -> tuple[Course, ...]:
        """Return the courses of the plan that were merged into one lesson (or the course alone)."""
        mine = [c for c in self.school.courses if c.id == course.id]
        if mine and set(mine[0].classes) == set(course.classes):
            return tuple(mine)
        merged = [
            c
            for c in self.school.courses
            if c.subject == course.subject and c.periods == course.periods and set(c.classes) <= set(course.classes)
        ]
        return tuple(merged) or (course,)

    def _last_row(self, rows: list[tuple[int, Requirement]], kind: RequirementKind, members: tuple[Course, ...]) -> int | None:
        """Return the number of the last row of a kind that is about one of the courses: it is the one in force."""
        for number, row in reversed(rows):
            wanted = row.kind is kind and (row.required or kind is not RequirementKind.DOUBLES)
            if wanted and any(selects(self.school, row.scope, course) for course in members):
                return number
        return None

    def _hours(self, courses: tuple[Course, ...], members: tuple[Course, ...]) -> str:
        first = courses[0]
        if first.block:
            label = Message(
                "block {block}: {courses}",
                block=first.block,
                courses=Listing(Message("{subject} {n} lessons a week", subject=c.label or c.subject, n=lessons(c)) for c in courses),
            )
            return self._add(
                Group(f"block:{first.block}", GroupKind.HOURS, label, _cells(c.origin for c in courses), courses=tuple(courses))
            )
        if first.id not in self.planned and first.subject == ACTIVITY:
            label = Message(
                "{classes}: {n} activity periods a week, asked for by the rules", classes=Listing(first.classes), n=lessons(first)
            )
            return self._add(Group(f"course:{first.id}", GroupKind.RULE, label, level=Level.MUST, courses=members))
        return self._add(
            Group(f"course:{first.id}", GroupKind.HOURS, course_label(first), _cells(c.origin for c in members), courses=members)
        )

    def _own(self, kind: GroupKind, course: Course, members: tuple[Course, ...]) -> str:
        if kind is GroupKind.DOUBLES:
            label = Message("{course}: {n} of them double periods", course=course_label(course), n=course.doubles)
        else:
            label = Message("{course}: odd or even week as the plan says", course=course_label(course))
        key = course.block or course.id
        return self._add(Group(f"{kind.value}:{key}", kind, label, _cells(c.origin for c in members), courses=members))

    def _rooms(self) -> dict[int, str]:
        used = {
            room
            for event in self.compiled.problem.events
            for role in event.roles
            for room in ((role.resource,) if role.resource is not None else role.candidates)
        }
        of_kind: dict[str, list[Room]] = defaultdict(list)
        for room in self.school.rooms:
            of_kind[room.kind or room.name].append(room)
        found: dict[int, str] = {}
        for kind, rooms in of_kind.items():
            indices = [self.compiled.teaching.room(room.name) for room in rooms]
            if not used.intersection(indices):
                continue
            label = Message("{room}: room for {n} classes at once", room=kind, n=sum(room.capacity for room in rooms))
            key = self._add(Group(f"rooms:{kind}", GroupKind.ROOMS, label, _cells(r.origin for r in rooms), rooms=tuple(rooms)))
            found.update((index, key) for index in indices)
        return found

    def _add(self, group: Group) -> str:
        self.found.setdefault(group.id, group)
        return group.id


def lessons(course: Course) -> str:
    """Return lessons a week as people write them: 4, 0.5."""
    return f"{float(course.periods):g}"


def course_label(course: Course) -> Message:
    """Return a course as people name it: classes, subject, teachers, lessons a week."""
    values = {"classes": Listing(course.classes), "subject": _subject(course), "n": lessons(course)}
    if not course.teachers:
        return Message("{classes} {subject}, {n} lessons a week", **values)
    return Message("{classes} {subject} ({teachers}), {n} lessons a week", teachers=Listing(course.teachers), **values)


def _subject(course: Course) -> str:
    return course.label or course.subject


def row_label(row: Requirement) -> Message:
    """Return a row of 排课要求 as people name it: its kind and what the office wrote."""
    scope = row.scope
    who = [*scope.teachers, *scope.groups, *scope.classes, *scope.subjects, *scope.rooms]
    return Message("{kind} “{words}”", kind=KINDS.words[row.kind], words=row.text or Listing(who))


def _default_label(key: str) -> Message:
    if key == "default:paired_fortnights":
        return Message("fortnightly lessons of a class share a period (default of the program)")
    return Message("a subject at most twice a day in a class (default of the program)")


def _cells(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(origin for origin in origins if origin != NOWHERE))
