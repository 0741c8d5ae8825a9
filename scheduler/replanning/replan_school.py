"""The plan has changed: from the timetable in force to the nearest legal one, in the office's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from instances.language import Message
from instances.timetable import TimetableView
from scheduler.errors import Infeasible
from scheduler.outcome import Outcome, Progress
from scheduler.replanning.changes import Change, add_changes, add_notices, changes_between
from scheduler.replanning.kept import Kept
from scheduler.replanning.living import Living, outcome_of, with_rules_as_wishes
from scheduler.replanning.locks import Lock
from scheduler.replanning.replan import Replanned, replan
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline


@dataclass(frozen=True)
class ReplannedSchool:
    """The new timetable, how far it is from the old one, and every changed cell."""

    outcome: Outcome
    replanned: Replanned
    changes: tuple[Change, ...]

    def facts(self) -> list[str]:
        """Return the sentences that head the sheet 变更 and the screen."""
        r = self.replanned
        moved = (
            Message("{moved} lessons moved; proved: fewer are not possible.", moved=r.moves.moved)
            if r.moves.moved <= r.moves_bound
            else Message("{moved} lessons moved; at least {bound} are needed.", moved=r.moves.moved, bound=r.moves_bound)
        )
        facts = [str(moved)]
        if r.moves.added or r.moves.dropped:
            facts.append(
                str(Message("{added} lessons new, {dropped} dropped, as the plan says.", added=r.moves.added, dropped=r.moves.dropped))
            )
        classes = sum(self.outcome.problem.resources[p].type == "class" for p in r.moves.people)
        people = len(r.moves.people) - classes
        facts.append(str(Message("{classes} classes and {teachers} teachers have other times.", classes=classes, teachers=people)))
        return facts


def replan_school(
    case: Living,
    options: SolveOptions | None = None,
    *,
    locks: Sequence[Lock] = (),
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
) -> ReplannedSchool:
    """Return the nearest legal timetable; where the rule sets cannot hold with the plan, they give way before the plan does.

    Raises Infeasible when the plan, or what is locked, leaves no timetable.
    """
    options = options or SolveOptions(time_limit=20)
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    try:
        result = replan(
            case.compiled.problem, case.placed.timetable, options, locked=locked_periods(case, locks), tell=tell, deadline=deadline
        )
    except Infeasible:
        if not any(r.required for r in case.placing.requirements) or deadline.left < 1:
            raise
        case = with_rules_as_wishes(case)
        result = replan(
            case.compiled.problem, case.placed.timetable, options, locked=locked_periods(case, locks), tell=tell, deadline=deadline
        )
    outcome = outcome_of(case, result.solution)
    assert outcome.timetable is not None
    return ReplannedSchool(outcome, result, changes_between(case.reread.timetable, outcome.timetable))


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
