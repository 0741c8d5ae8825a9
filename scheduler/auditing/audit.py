"""The audit of one school: its published timetable, judged rule by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from constraints.case import Case
from constraints.ruleset import RuleSet
from constraints.verdict import Status, Verdict
from instances.language import Message
from instances.lessons import SchoolTimetable
from instances.origin import NOWHERE, Origin
from instances.records import Record, Records
from instances.school import Note, Room, School
from scheduler.auditing.clashes import find_clashes
from scheduler.auditing.doubt import judge_with_doubt
from scheduler.auditing.executed import Comparison
from scheduler.auditing.hours import TaskCount, class_names_between, compare_with_plan
from scheduler.auditing.own_rules import VIEWS_AGREE
from scheduler.compiling.events import revised_courses
from scheduler.errors import Finding
from scheduler.reading.timetable import TimetableReading

BROKEN = (Status.FAIL, Status.WARNING, Status.NOTE)


@dataclass(frozen=True)
class Audit:
    """What an inspector signs. ``verdicts`` are those of the audit itself first, then those of the rule set, rule by rule.

    ``uncovered`` says in sentences what the verdicts do not cover; ``unread`` lists the cells. ``tasks`` counts the class-subject tasks
    of the plan, ``comparison`` is posted against executed; None where that was not asked for.
    """

    school: School
    timetable: SchoolTimetable
    ruleset: RuleSet | None
    verdicts: tuple[Verdict, ...]
    uncovered: tuple[Message, ...] = ()
    unread: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    tasks: TaskCount | None = None
    comparison: Comparison | None = None
    slots: int = 0
    cells: dict[tuple[str, int, int], Origin] = field(default_factory=dict)

    @property
    def counts(self) -> Counter[Status]:
        """Number of verdicts of each status."""
        return Counter(v.status for v in self.verdicts)

    @property
    def worst(self) -> Status:
        """The headline: 不合格 if any rule that must hold is broken, then 提示, then 无法判断 when cells are uncovered, else 合格."""
        counts = self.counts
        if counts[Status.FAIL]:
            return Status.FAIL
        if counts[Status.WARNING]:
            return Status.WARNING
        if self.unread or not counts[Status.PASS]:
            return Status.UNKNOWN
        return Status.NOTE if counts[Status.NOTE] else Status.PASS

    def places(self, verdict: Verdict) -> tuple[Origin, ...]:
        """Return the cells that show a verdict: those of its slots in the timetable, else its own."""
        found = [self.cells[slot] for slot in verdict.slots if slot in self.cells]
        return tuple(dict.fromkeys([*found, *(o for o in verdict.origins if o != NOWHERE)]))


def audit(
    reading: TimetableReading,
    ruleset: RuleSet | None,
    *,
    plan: School | None = None,
    records: Records | None = None,
    comparison: Comparison | None = None,
) -> Audit:
    """Judge a published timetable. ``plan`` adds hours, joint lessons, room sizes and, where the timetable shows none, bells.

    ``comparison`` answers the records 执行的课表与公示的一致 and 不挤占 where the records themselves do not.
    """
    school = with_plan(reading.school, plan) if plan else reading.school
    timetable = joined_as_planned(reading.timetable, plan, school) if plan else reading.timetable
    verdicts = judge_lessons(school, timetable, ruleset, plan=plan, records=with_comparison(records, comparison))
    tasks = None
    if plan is not None:
        compared, tasks = compare_with_plan(plan, school, timetable)
        verdicts = [*verdicts[0], *compared], verdicts[1]
    own = [*verdicts[0], *_views(reading), *(comparison.verdicts() if comparison else ())]
    uncovered = replace(reading, school=school).uncovered
    cells = {(name, x.day, x.period): x.origin for x in timetable.lessons for name in x.classes if x.origin != NOWHERE}
    return Audit(
        school, timetable, ruleset, (*own, *verdicts[1]), uncovered, reading.unread, reading.notes, tasks, comparison, reading.slots, cells
    )


def judge_lessons(
    school: School,
    timetable: SchoolTimetable,
    ruleset: RuleSet | None,
    *,
    plan: School | None = None,
    records: Records | None = None,
) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts of the audit itself (clashes) and those of the rule set, for a timetable however it was read."""
    case = Case(school, timetable, records)
    return list(find_clashes(school, timetable)), judge_with_doubt(ruleset, case) if ruleset else []


def with_plan(school: School, plan: School) -> School:
    """Return the outline of a school completed from its course plan: bells where none are shown, room sizes, name."""
    capacities = {room.name: room for room in plan.rooms}
    rooms = tuple(capacities.get(room.name, room) for room in school.rooms)
    missing = tuple(
        Room(room.name, room.kind, room.capacity, room.origin) for room in plan.rooms if room.name not in {r.name for r in rooms}
    )
    unshown = not school.bells or all(bell.assumed for bell in school.bells)
    bells = plan.bells if unshown and any(not bell.assumed for bell in plan.bells) else school.bells
    return replace(school, rooms=(*rooms, *missing), bells=bells)


def joined_as_planned(timetable: SchoolTimetable, plan: School, school: School) -> SchoolTimetable:
    """Make one lesson of those that the plan has taught together (合班): same teacher, subject and time, classes of one course."""
    names = class_names_between(plan, school)
    joint = [(c, {names.get(n, n) for n in c.classes}) for c in revised_courses(plan) if len(c.classes) > 1]
    if not joint:
        return timetable
    groups: dict[tuple[object, ...], list[int]] = {}
    lessons = list(timetable.lessons)
    for n, lesson in enumerate(lessons):
        for course, classes in joint:
            if lesson.subject == course.subject and lesson.classes and set(lesson.classes) <= classes:
                groups.setdefault((course.id, lesson.day, lesson.period, lesson.weeks, lesson.teachers), []).append(n)
                break
    dropped: set[int] = set()
    for members in groups.values():
        if len(members) > 1:
            together = tuple(dict.fromkeys(name for n in members for name in lessons[n].classes))
            lessons[members[0]] = replace(lessons[members[0]], classes=together)
            dropped.update(members[1:])
    return SchoolTimetable(tuple(x for n, x in enumerate(lessons) if n not in dropped), timetable.unplaced)


def with_comparison(records: Records | None, comparison: Comparison | None) -> Records | None:
    """Add what posted against executed has measured to what the school states; the measurement takes the place of a statement."""
    if comparison is None:
        return records
    measured = (
        Record("executed_as_posted", not comparison.changes),
        Record("no_encroachment", not comparison.stolen),
    )
    stated = records.entries if records else ()
    return Records((*measured, *(r for r in stated if r.item not in {m.item for m in measured})))


def _views(reading: TimetableReading) -> Sequence[Verdict]:
    return [
        Verdict(VIEWS_AGREE, Status.FAIL, str(f.origin), f.message, f.value, "", (f.origin,) if f.origin != NOWHERE else ())
        for f in reading.differences
    ]
