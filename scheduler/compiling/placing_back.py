"""SchoolTimetable -> Timetable of a compiled problem: the way back into the solver's words for a timetable made earlier.

A lesson finds its event by what is taught to whom (subject, classes, block), not by course id: after the plan changed the ids may name
other rows. Where a class has the subject in two courses, the course with the same id or the same teachers is taken first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import Weeks
from instances.timetable import Meet, Timetable
from scheduler.compiling.compile import CompiledSchool
from scheduler.compiling.events import EVEN, ODD

Key = tuple[str, str | None, frozenset[str]]


@dataclass(frozen=True)
class PlacedBack:
    """A timetable of the problem. ``homeless`` are the lessons that the plan does not know, or for which the bells have no time.

    ``lessons_of`` gives, for each meet, the lessons it was made of (one for each period and course).
    """

    timetable: Timetable
    homeless: tuple[PlacedLesson, ...]
    lessons_of: dict[Meet, tuple[PlacedLesson, ...]]


@dataclass(frozen=True)
class _Stretch:
    """One period of an event: the lessons of all its courses."""

    time: int
    weeks: int
    lessons: tuple[PlacedLesson, ...]

    @property
    def double(self) -> int:
        return self.lessons[0].double


def place_back(compiled: CompiledSchool, timetable: SchoolTimetable) -> PlacedBack:
    """Return a timetable of ``compiled.problem`` with every lesson that still has an event; nobody is moved.

    An event may get more or fewer periods than the plan wants: checks say so, and a search starts from what there is.
    """
    return _Back(compiled).place(timetable)


def placer(compiled: CompiledSchool) -> Callable[[SchoolTimetable], PlacedBack]:
    """Return :func:`place_back` for one school, to be called many times."""
    return _Back(compiled).place


class _Back:
    def __init__(self, compiled: CompiledSchool) -> None:
        self.compiled = compiled
        self.problem = compiled.problem
        self.by_key: dict[Key, list[int]] = defaultdict(list)
        self.by_block: dict[str, list[int]] = defaultdict(list)
        self.meetings: dict[str, list[int]] = defaultdict(list)
        for index, courses in enumerate(compiled.teaching.courses):
            first = courses[0]
            if first.id.startswith("event:"):
                self.meetings[first.label or first.subject].append(index)
            elif first.block:
                self.by_block[first.block].append(index)
            else:
                self.by_key[first.subject, None, frozenset(first.classes)].append(index)
        self.doubles = compiled.teaching.doubles

    def place(self, timetable: SchoolTimetable) -> PlacedBack:
        stretches: dict[int, list[_Stretch]] = defaultdict(list)
        homeless: list[PlacedLesson] = []
        groups: dict[tuple[object, ...], list[PlacedLesson]] = defaultdict(list)
        for lesson in timetable.lessons:
            key = (lesson.block, lesson.slot, lesson.weeks) if lesson.block else (lesson,)
            groups[key].append(lesson)
        waiting: dict[Key, list[tuple[PlacedLesson, ...]]] = defaultdict(list)
        for found in groups.values():
            first = found[0]
            if first.kind == "event":
                self._take(self._meeting(first), (first,), stretches, homeless)
            elif first.block:
                self._take(self._level(found), tuple(found), stretches, homeless)
            else:
                waiting[first.subject, None, frozenset(first.classes)].extend((lesson,) for lesson in found)
        for subject_key, single in waiting.items():
            self._share(self.by_key.get(subject_key, []), single, stretches, homeless)
        meets: list[Meet] = []
        lessons_of: dict[Meet, tuple[PlacedLesson, ...]] = {}
        for event, parts in stretches.items():
            for joined in self._meets(event, parts):
                meet = self._meet(event, joined)
                meets.append(meet)
                lessons_of[meet] = tuple(lesson for part in joined for lesson in part.lessons)
        return PlacedBack(Timetable.of(meets), tuple(homeless), lessons_of)

    def _take(
        self, event: int | None, lessons: tuple[PlacedLesson, ...], into: dict[int, list[_Stretch]], homeless: list[PlacedLesson]
    ) -> bool:
        """Put a period into an event; it has no home when there is no event or no time for it."""
        time = None if event is None else self._time(event, lessons[0])
        if event is None or time is None:
            homeless.extend(lessons)
            return False
        into[event].append(_Stretch(time, self._mask(event, lessons[0].weeks), lessons))
        return True

    def _mask(self, event: int, weeks: Weeks) -> int:
        if self.problem.weeks == 1:
            return 1
        return {Weeks.ODD: ODD, Weeks.EVEN: EVEN}.get(weeks, self.problem.every_week)

    def _time(self, event: int, lesson: PlacedLesson) -> int | None:
        """Return the time of the event at the lesson's place; its own bells first, else the time of other bells with the same clock."""
        allowed = self.problem.events[event].times
        at = self.compiled.teaching.week.at.get(lesson.slot, [])
        ranked = sorted(at, key=lambda i: (allowed is not None and i not in allowed, self.problem.times[i].start != lesson.start, i))
        return ranked[0] if ranked else None

    def _meeting(self, lesson: PlacedLesson) -> int | None:
        """Return the fixed event of that name with the most people of the lesson."""
        people = set(lesson.classes) | set(lesson.teachers)
        best = None
        for index in self.meetings.get(lesson.label or lesson.subject, []):
            event = self.problem.events[index]
            shared = len(people & {self.problem.resources[r].name for r in event.fixed_resources()})
            fits = any(self.problem.positions[t] == (lesson.day, lesson.period) for t in event.times or ())
            if best is None or (fits, shared) > best[:2]:
                best = (fits, shared, index)
        return None if best is None else best[2]

    def _level(self, lessons: list[PlacedLesson]) -> int | None:
        """Return the event of the block whose courses are most like those of the lessons."""
        taught = {(x.subject, x.classes, x.teachers) for x in lessons}
        best = None
        for index in self.by_block.get(lessons[0].block or "", []):
            courses = {(c.subject, c.classes, c.teachers) for c in self.compiled.teaching.courses[index]}
            score = (len(taught & courses) - len(taught ^ courses), -index)
            if best is None or score > best[0]:
                best = (score, index)
        return None if best is None else best[1]

    def _share(
        self,
        events: list[int],
        singles: Iterable[tuple[PlacedLesson, ...]],
        into: dict[int, list[_Stretch]],
        homeless: list[PlacedLesson],
    ) -> None:
        """Deal the lessons of a class and subject to its events: same course and teachers first, weeks that the event knows, room left."""
        left = {event: self.problem.events[event].duration for event in events}

        def rank(event: int, lesson: PlacedLesson) -> tuple[bool, bool, bool, bool]:
            course = self.compiled.teaching.courses[event][0]
            knows = self._mask(event, lesson.weeks) in self.problem.events[event].weeks
            return (not knows, course.teachers != lesson.teachers, course.id not in lesson.courses, left[event] <= 0)

        pairs = sorted(
            ((rank(event, single[0])[:3], n, event) for n, single in enumerate(singles) for event in events), key=lambda x: (x[0], x[1])
        )
        ordered = list(singles)
        done: set[int] = set()
        for only_with_room in (True, False):
            for _rank, n, event in pairs:
                if n in done or (only_with_room and left[event] <= 0):
                    continue
                done.add(n)
                if self._take(event, ordered[n], into, homeless):
                    left[event] -= 1
        for n, single in enumerate(ordered):
            if n not in done:
                homeless.extend(single)

    def _meets(self, event: int, parts: list[_Stretch]) -> Iterable[tuple[_Stretch, ...]]:
        """Join periods into double lessons: those marked as such, then neighbours as long as doubles are missing."""
        durations = self.problem.events[event].durations
        parts = sorted(parts, key=lambda p: (p.time, p.weeks))
        if 2 not in durations:
            return [(part,) for part in parts]
        pairs: list[tuple[_Stretch, ...]] = []
        wanted = self.problem.events[event].duration // 2 if 1 not in durations else self.doubles[event]
        for marked in (True, False):
            for part in list(parts):
                after = self.problem.following[part.time]
                other = next((p for p in parts if p.time == after and p.weeks == part.weeks), None)
                if part not in parts or other is None or (not marked and len(pairs) >= wanted):
                    continue
                if not marked or (part.double == 1 and other.double == 2):
                    pairs.append((part, other))
                    parts.remove(part)
                    parts.remove(other)
        return [*pairs, *((part,) for part in parts)]

    def _meet(self, event: int, parts: tuple[_Stretch, ...]) -> Meet:
        resources: list[int | None] = []
        record = self.problem.events[event]
        lessons = [lesson for part in parts for lesson in part.lessons]
        for role, owner in zip(record.roles, self.compiled.teaching.role_courses[event], strict=True):
            if role.resource is not None:
                resources.append(role.resource)
                continue
            rooms = {
                name for lesson in lessons for name in lesson.rooms if not owner or len(parts[0].lessons) == 1 or owner in lesson.courses
            }
            resources.append(next((r for r in role.candidates if self.problem.resources[r].name in rooms), None))
        return Meet(event, len(parts), parts[0].time, parts[0].weeks, tuple(resources))
