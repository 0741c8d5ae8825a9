"""A suggestion taken: checked as a whole, then a timetable like any other."""

from __future__ import annotations

from constraints.base import evaluate
from instances.language import Message
from instances.timetable import TimetableView
from scheduler.errors import Disagreement
from scheduler.outcome import Proof, Solution
from scheduler.replanning.changes import changes_between
from scheduler.replanning.living import Living, outcome_of
from scheduler.replanning.moves import moves_between
from scheduler.replanning.replan import Replanned
from scheduler.replanning.replan_school import ReplannedSchool
from scheduler.swapping.suggest import Suggestion
from scheduler.writing.week import slot_name


def taken(case: Living, suggestion: Suggestion) -> ReplannedSchool:
    """Return the timetable with a suggestion carried out; Disagreement when the full check does not confirm what was promised."""
    problem, old = case.compiled.problem, case.placed.timetable
    new = suggestion.apply(old)
    before, _ = evaluate(problem, TimetableView(problem, old))
    cost, _ = evaluate(problem, TimetableView(problem, new))
    if cost.required > before.required or cost.preference != before.preference + suggestion.difference:
        raise Disagreement(f"the suggestion promised {suggestion.difference}, the check finds {before} -> {cost}")
    moves = moves_between(problem, old, new)
    solution = Solution(Proof.FEASIBLE, new, cost, None, 0.0, None, 0, 1)
    outcome = outcome_of(case, solution)
    assert outcome.timetable is not None
    changes = changes_between(case.reread.timetable, outcome.timetable)
    return ReplannedSchool(outcome, Replanned(solution, moves, 0, 0), changes)


def moves_of(case: Living, suggestion: Suggestion) -> list[str]:
    """Return one line for each lesson that moves: ``三(1)班 数学 周一第3节 → 周二第2节``."""
    problem = case.compiled.problem
    lines = []
    for old, new in suggestion.moved:
        assert old.start is not None
        assert new.start is not None
        before, after = (slot_name(*problem.positions[start]) for start in (old.start, new.start))
        lines.append(str(Message("{event}: {before} → {after}", event=problem.events[old.event].name, before=before, after=after)))
    return lines


def reasons_of(suggestion: Suggestion) -> list[str]:
    """Return which preference gets better or worse, by how much."""
    return [f"{constraint.label()} {amount:+d}" for constraint, amount in suggestion.reasons]
