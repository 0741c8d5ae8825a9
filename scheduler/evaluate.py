"""The cost of the timetables in an archive, by the checks that guard our own timetables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from constraints.base import Violation, evaluate
from instances.problem import Problem
from instances.timetable import Cost, TimetableView
from scheduler.formats.xhstt_archive import ArchiveSolution
from scheduler.formats.xhstt_constraints import NAMES
from scheduler.formats.xhstt_read import read_archive


@dataclass(frozen=True)
class Evaluation:
    """A timetable of an archive and what it costs.

    ``by_kind`` has the cost of each kind of constraint (XHSTT name) that is not satisfied, required and preferred apart.
    """

    solution: ArchiveSolution
    cost: Cost
    by_kind: Mapping[tuple[bool, str], int]
    violations: tuple[Violation, ...]


def evaluate_archive(path: Path, instances: Iterable[Path] = ()) -> list[Evaluation]:
    """Return the cost of every solution of an archive; ``instances`` are further archives that hold instances.

    Raises InputError when a file cannot be used.
    """
    problems = {instance.id: instance.problem for other in instances for instance in read_archive(other).instances}
    archive = read_archive(path, known=problems)
    problems |= {instance.id: instance.problem for instance in archive.instances}
    return [evaluate_solution(solution, problems[solution.instance]) for solution in archive.solutions]


def evaluate_solution(solution: ArchiveSolution, problem: Problem) -> Evaluation:
    """Return the cost of one solution of an instance with this problem."""
    cost, violations = evaluate(problem, TimetableView(problem, solution.timetable))
    by_kind: dict[tuple[bool, str], int] = defaultdict(int)
    for violation in violations:
        constraint = violation.constraint
        amount = violation.cost.required or violation.cost.preference
        if amount:
            by_kind[constraint.required, NAMES.get(type(constraint), constraint.kind)] += amount
    return Evaluation(solution, cost, dict(by_kind), tuple(violations))
