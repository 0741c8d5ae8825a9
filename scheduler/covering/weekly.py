"""What the plan and its rule sets require of a week, asked of the weeks in which lessons are covered or swapped.

The week of real dates becomes a timetable of the compiled school, and the constraints' own checks judge it, exactly as they judge the
posted timetable. A change is to blame for what was not broken before; nor does it answer for what the absence alone breaks (a class
teacher who is ill has no lesson with the class). Left out is what counts or paces the lessons of a whole week: a lesson that goes to
another week is missing here and one more there, and over the fortnight nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from constraints.base import Violation
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.problem import Problem
from instances.school import School, Slot, Weeks
from instances.timetable import Meet, Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.compiling.placing_back import PlacedBack, placer
from scheduler.covering.diary import Change, DatedLesson, Diary, same_lesson
from scheduler.covering.rules import Fault
from scheduler.swapping.overlay import Overlay
from scheduler.swapping.units import Units

OVER_WEEKS = frozenset({"assign_time", "distribute_split_events", "split_events", "limit_workload", "share_times", "keep_in_step"})
Broken = dict[tuple[str, str, str], Violation]
Place = Callable[[SchoolTimetable], PlacedBack]
Placed = tuple[Meet, tuple[PlacedLesson, ...]]
Batch = tuple[date, int]
"""A Monday, and 0 for the days of its week; a make-up day whose weekday the week has already is in 1, 2, ..."""


def obligations_of(school: School) -> CompiledSchool:
    """Return the school compiled with its rule sets, its problem cut down to the requirements that every single week must keep."""
    from scheduler.timetabling import placing_of, rulesets_of

    placing = placing_of(school, rulesets_of(school))
    compiled = compile_school(school, placing.courses, placing.requirements)
    kept = tuple(c for c in compiled.problem.constraints if c.required and c.kind not in OVER_WEEKS)
    return replace(compiled, problem=replace(compiled.problem, constraints=kept))


class WeekChecks:
    """Judges changes of one diary. ``targets`` are the lessons to be covered, ``absent`` says who is away then."""

    def __init__(self, diary: Diary, obligations: CompiledSchool, targets: Mapping[DatedLesson, Collection[str]] | None = None) -> None:
        self.diary = diary
        self.obligations = obligations
        self.place = placer(obligations)
        self.targets = targets or {}
        self._weeks: dict[Batch, _Week] = {}
        self._batches: dict[date, Batch] = {}

    def faults(self, changes: Iterable[Change]) -> list[Fault]:
        """Return what changes, made together, break that was not broken before; looks at no more than they touch."""
        changes = tuple(changes)
        days = {day for change in changes for day in (change.before.date, change.after.date)}
        found = []
        for batch in sorted({self._batch(day) for day in days}):
            week = self._week(batch)
            gone = [c.before.lesson for c in changes if self._batch(c.before.date) == batch]
            come = [c.after.lesson for c in changes if self._batch(c.after.date) == batch]
            found += [Fault(batch[0], _said(v)) for v in week.broken_by(gone, come)]
        return found

    def last_word(self, after: Diary, days: Iterable[date]) -> list[Fault]:
        """Return what is broken in the weeks of ``days`` in another diary and was not in this one; every week is read anew, as a whole."""
        found = []
        for batch in sorted({self._batch(day) for day in days}):
            week = self._week(batch)
            view = TimetableView(week.problem, _timetable(_meets(self.obligations, self.place, self._lessons(after, batch))))
            new = worse(broken(week.problem, view), week.known)
            found += [Fault(batch[0], _said(v)) for v in new]
        return found

    def _batch(self, day: date) -> Batch:
        if day not in self._batches:
            monday = day - timedelta(days=day.weekday())
            seen: dict[int, int] = defaultdict(int)
            for other in self.diary.calendar.dates(monday, monday + timedelta(days=6)):
                followed = self.diary.calendar.follows(other)
                assert followed is not None
                self._batches[other] = (monday, seen[followed[0]])
                seen[followed[0]] += 1
            self._batches.setdefault(day, (monday, 0))
        return self._batches[day]

    def _lessons(self, diary: Diary, batch: Batch) -> list[PlacedLesson]:
        days = diary.calendar.dates(batch[0], batch[0] + timedelta(days=6))
        return [lesson for day in days if self._batch(day) == batch for lesson in diary.on(day)]

    def _week(self, batch: Batch) -> _Week:
        if batch not in self._weeks:
            away = [(t.lesson, names) for t, names in self.targets.items() if self._batch(t.date) == batch]
            self._weeks[batch] = _Week(self.obligations, self.place, self._lessons(self.diary, batch), away)
        return self._weeks[batch]


class _Week:
    """The week as it is, in the words of the problem. Weekdays are those whose lessons the dates follow."""

    def __init__(
        self,
        obligations: CompiledSchool,
        place: Place,
        lessons: Sequence[PlacedLesson],
        away: Iterable[tuple[PlacedLesson, Collection[str]]],
    ) -> None:
        self.obligations = obligations
        self.place = place
        self.problem = obligations.problem
        self.placed = _meets(obligations, place, lessons)
        self.placed_at: dict[Slot, list[int]] = defaultdict(list)
        for number, (_, found) in enumerate(self.placed):
            for slot in {x.slot for x in found}:
                self.placed_at[slot].append(number)
        self.base = TimetableView(self.problem, _timetable(self.placed))
        self.units = Units(self.problem, self.base)
        self.absent = Edited(self.base, *self._without(away))
        self._known: dict[int, Broken] = {}

    @cached_property
    def known(self) -> Broken:
        """What is broken before anybody covers anything: by the timetable, or by the absence alone."""
        return _merged(broken(self.problem, self.base), broken(self.problem, self.absent))

    def broken_by(self, gone: Sequence[PlacedLesson], come: Sequence[PlacedLesson]) -> list[Violation]:
        """Return what is worse without some lessons and with others in their place."""
        out = [self.placed[number] for number in sorted({number for lesson in gone for number in self._with(lesson)})]
        rest = [x for _, lessons in out for x in lessons if not any(_same(x, b) for b in gone)]
        old = [meet for meet, _ in out]
        new = [meet for meet, _ in _meets(self.obligations, self.place, [*rest, *come])]
        view = Edited(self.base, old, new)
        found: list[Violation] = []
        for unit in self.units.touched([*old, *new]):
            constraint = self.units.constraints[unit]
            if unit not in self._known:
                self._known[unit] = _merged(_by_name(constraint.check(self.base)), _by_name(constraint.check(self.absent)))
            found += worse(_by_name(constraint.check(view)), self._known[unit])
        return found

    def _with(self, lesson: PlacedLesson) -> list[int]:
        return [number for number in self.placed_at[lesson.slot] if any(_same(lesson, x) for x in self.placed[number][1])]

    def _without(self, away: Iterable[tuple[PlacedLesson, Collection[str]]]) -> tuple[list[Meet], list[Meet]]:
        """Return the meets of absent teachers, and the same without them."""
        names: dict[int, set[str]] = defaultdict(set)
        for lesson, absent in away:
            for number in self._with(lesson):
                names[number].update(absent)
        gone = {number: {self.obligations.teaching.teacher(n) for n in found} for number, found in names.items()}
        old = [self.placed[number][0] for number in gone]
        new = [replace(m, resources=tuple(None if r in gone[n] else r for r in m.resources)) for n, m in zip(gone, old, strict=True)]
        return old, new


class Edited(Overlay):
    """The base view without the meets ``gone`` and with the meets ``come``."""

    def __init__(self, base: TimetableView, gone: Collection[Meet], come: Collection[Meet]) -> None:
        super().__init__(base, {})
        self.gone, self.come = frozenset(gone), tuple(come)
        self._touched = {r for meet in (*gone, *come) for r in meet.resources if r is not None}
        for event in {meet.event for meet in (*gone, *come)}:
            kept = [meet for meet in base.meets_of[event] if meet not in self.gone]
            self.meets_of[event] = kept + [meet for meet in come if meet.event == event]

    @property
    def timetable(self) -> Timetable:  # type: ignore[override]  # a field of the base, here made when asked for
        """The whole timetable, put together when somebody asks."""
        return Timetable.of([*(meet for meet in self.base.timetable.meets if meet not in self.gone), *self.come])

    def meets_with(self, resource: int) -> list[Meet]:
        """Return the meets that a resource takes part in."""
        if resource not in self._touched:
            return self.base.meets_with(resource)
        kept = [meet for meet in self.base.meets_with(resource) if meet not in self.gone]
        return kept + [meet for meet in self.come for r in meet.resources if r == resource]


def _same(a: PlacedLesson, b: PlacedLesson) -> bool:
    return a.day == b.day and same_lesson(a, b)


def _timetable(placed: Iterable[Placed]) -> Timetable:
    return Timetable.of([meet for meet, _ in placed])


def _meets(obligations: CompiledSchool, place: Place, lessons: Iterable[PlacedLesson]) -> list[Placed]:
    """Return lessons as meets, with the teachers who really come. Supervised self-study is no lesson of the plan and has none."""
    back = place(SchoolTimetable(tuple(replace(lesson, weeks=Weeks.EVERY) for lesson in lessons)))
    made: list[Placed] = []
    for meet, found in back.lessons_of.items():
        parts = [found] if meet.duration == 1 or len({x.teachers for x in found}) == 1 else [(x,) for x in found]
        for number, part in enumerate(parts):
            one = meet if len(parts) == 1 else replace(meet, duration=1, start=(meet.start or 0) + number)
            made.append((replace(one, resources=_people(obligations, one, part)), part))
    return made


def _people(obligations: CompiledSchool, meet: Meet, lessons: Sequence[PlacedLesson]) -> tuple[int | None, ...]:
    """Return the resources of a meet with the teachers of its lessons in the roles of the planned ones."""
    teaching = obligations.teaching
    courses = {course.id: course for course in teaching.courses[meet.event]}
    given = {own: x.teachers for x in lessons for own in x.courses if own in courses}
    if len(courses) == 1 and lessons[0].kind != "event":
        given = dict.fromkeys(courses, lessons[0].teachers)
    resources = list(meet.resources)
    waiting = {own: [n for n in names if n not in courses[own].teachers] for own, names in given.items()}
    for number, (role, own) in enumerate(zip(obligations.problem.events[meet.event].roles, teaching.role_courses[meet.event], strict=True)):
        if role.name != "teacher" or role.resource is None or own not in given:
            continue
        if obligations.problem.resources[role.resource].name not in given[own]:
            known = (teaching.index.get(f"teacher:{name}") for name in waiting[own][:1])
            resources[number] = next(known, None)
            del waiting[own][:1]
    return tuple(resources)


def broken(problem: Problem, view: TimetableView) -> Broken:
    """Return everything that is broken, by constraint and point."""
    return _by_name(v for constraint in problem.constraints for v in constraint.check(view))


def _by_name(violations: Iterable[Violation]) -> Broken:
    return {(v.constraint.id, str(v.point), v.about): v for v in violations}


def _merged(a: Broken, b: Broken) -> Broken:
    return {name: max((x[name] for x in (a, b) if name in x), key=lambda v: v.deviation) for name in a | b}


def worse(after: Broken, before: Broken) -> Iterator[Violation]:
    """Yield what is broken now and was not, or less, before."""
    return (v for name, v in after.items() if name not in before or v.deviation > before[name].deviation)


def _said(violation: Violation) -> Message:
    return Message("{what}: {sentence}", what=violation.constraint.label(), sentence=violation.sentence)
