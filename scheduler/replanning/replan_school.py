"""The plan has changed: from the timetable in force to the nearest legal one, in the office's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.timetable import TimetableView
from scheduler.errors import Infeasible
from scheduler.outcome import Outcome, Progress
from scheduler.replanning.changes import Change, add_changes, add_notices, changes_between
from scheduler.replanning.living import Living, outcome_of, violations_of, with_rules_as_wishes
from scheduler.replanning.locks import Lock
from scheduler.replanning.moves import Kept
from scheduler.replanning.replan import Locked, Replanned, replan
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from scheduler.timetabling import given_way


@dataclass(frozen=True)
class ReplannedSchool:
    """The new timetable, how far it is from the old one, and every changed cell.

    ``retaught`` and ``rehoused`` count lessons at their old time to which the plan gives another teacher, or whose room it takes away.
    """

    outcome: Outcome
    replanned: Replanned
    changes: tuple[Change, ...]
    retaught: int = 0
    rehoused: int = 0

    def facts(self) -> list[str]:
        """Return the sentences that head the sheet 变更 and the screen."""
        r = self.replanned
        moved = (
            Message("{moved} lessons moved; proved: fewer are not possible.", moved=r.moves.moved)
            if r.moves.moved <= r.moves_bound
            else Message("{moved} lessons moved; at least {bound} are needed.", moved=r.moves.moved, bound=r.moves_bound)
        )
        facts = [str(moved)]
        if r.moves.rooms:
            facts.append(str(Message("{count} of these keep their time and change the room only.", count=r.moves.rooms)))
        if r.moves.added or r.moves.dropped:
            facts.append(
                str(Message("{added} lessons new, {dropped} dropped, as the plan says.", added=r.moves.added, dropped=r.moves.dropped))
            )
        classes = sum(self.outcome.problem.resources[p].type == "class" for p in r.moves.people)
        people = len(r.moves.people) - classes
        facts.append(str(Message("{classes} classes and {teachers} teachers have other times or rooms.", classes=classes, teachers=people)))
        if r.moves.people:
            least = (
                Message("Proved: with so few moves nobody else can be spared.")
                if len(r.moves.people) <= r.people_bound
                else Message("With so few moves at least {bound} classes and teachers together are disturbed.", bound=r.people_bound)
            )
            facts.append(str(least))
        if self.retaught:
            facts.append(str(Message("{count} lessons keep their time and have another teacher, as the plan says.", count=self.retaught)))
        if self.rehoused:
            facts.append(str(Message("{count} lessons keep their time and have another room, as the plan says.", count=self.rehoused)))
        return [*facts, *map(str, self.outcome.gave_way)]


def replan_school(
    case: Living,
    options: SolveOptions | None = None,
    *,
    locks: Sequence[Lock] = (),
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
) -> ReplannedSchool:
    """Return the nearest legal timetable; where the rule sets cannot hold with the plan, they give way before the plan does, as little
    as can be.

    Raises Infeasible when the plan leaves no timetable, Locked when what is locked leaves none, NotFound when the time ran out.
    """
    options = options or SolveOptions(time_limit=20)
    deadline = deadline or Deadline(options.time_limit, options.deterministic)

    def nearest(case: Living, first: frozenset[str]) -> Replanned:
        locked = locked_periods(case, locks)
        return replan(case.compiled.problem, case.placed.timetable, options, locked=locked, first=first, tell=tell, deadline=deadline)

    strict = {r.rule for r in case.placing.requirements if r.required}
    yielding: frozenset[str] = frozenset()
    try:
        result = nearest(case, yielding)
    except Locked:
        raise
    except Infeasible:
        if not strict:
            raise
        case = with_rules_as_wishes(case)
        yielding = frozenset(c.id for c in case.compiled.problem.constraints if not c.required and c.rule in strict)
        result = nearest(case, yielding)
    yielded = [v for v in violations_of(case, result.solution.timetable) if v.constraint.id in yielding]
    outcome = outcome_of(case, result.solution, given_way(yielded))
    outcome = replace(outcome, options=outcome.options | {"deterministic": str(options.deterministic)})
    assert outcome.timetable is not None
    retaught, rehoused = _renamed(case.reread.timetable, outcome.timetable)
    changes = changes_between(case.reread.timetable, outcome.timetable)
    return ReplannedSchool(outcome, result, changes, retaught, max(0, rehoused - result.moves.rooms))


def _renamed(before: SchoolTimetable, after: SchoolTimetable) -> tuple[int, int]:
    """Return how many lessons stand where they stood with other teachers, and with other rooms."""
    stood = {_place(lesson): lesson for lesson in before.lessons if lesson.kind != "event"}
    teachers = rooms = 0
    for lesson in after.lessons:
        old = stood.get(_place(lesson))
        if old is not None:
            teachers += bool(old.teachers) and set(old.teachers) != set(lesson.teachers)
            rooms += bool(old.rooms) and set(old.rooms) != set(lesson.rooms)
    return teachers, rooms


def _place(lesson: PlacedLesson) -> tuple[object, ...]:
    return lesson.day, lesson.period, lesson.weeks, lesson.subject, lesson.classes, lesson.block


def locked_periods(case: Living, locks: Sequence[Lock]) -> frozenset[Kept]:
    """Return the periods that locks hold; a lesson that the plan no longer has cannot be locked and is left out."""
    found: set[Kept] = set()
    view = TimetableView(case.compiled.problem, case.placed.timetable)
    for meet, lessons in case.placed.lessons_of.items():
        for time in view.times_of(meet):
            at = case.compiled.problem.positions[time]
            if any(lock.holds(lesson) for lock in locks for lesson in lessons if (lesson.day, lesson.period) == at):
                found.add(Kept(meet.event, time, meet.weeks))
    return frozenset(found)


def write_replanned(result: ReplannedSchool, path: Path, *, language: str | None = None, inputs: Sequence[Path] = ()) -> None:
    """Write the workbook of the new timetable, headed by the sheets 变更 and 通知单; raises OutputError as ``write_workbook`` does."""
    from scheduler.writing.book import Book
    from scheduler.writing.workbook import write_workbook

    def first(book: Book) -> None:
        title = str(Message("{school}: changes of the timetable", school=result.outcome.school.name))
        add_changes(book, title, result.facts(), result.changes)
        add_notices(book, result.outcome.school, result.changes)

    write_workbook(result.outcome, path, language=language, inputs=inputs, first=first)
