"""The outcome of a run, as the writers take it: timetable, how good it is, what the rules say."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from constraints.base import Violation
from constraints.verdict import Verdict
from instances.language import Message
from instances.lessons import SchoolTimetable
from instances.problem import Problem
from instances.school import School
from instances.timetable import Cost, Timetable

if TYPE_CHECKING:
    from scheduler.explaining.explain import Explanation


class Proof(StrEnum):
    """What is known of an answer. UNKNOWN is never "impossible"."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within gap"  # a bound is known
    FEASIBLE = "feasible"  # no bound
    INFEASIBLE = "impossible"
    UNKNOWN = "not known yet"


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a search: seconds since its start, best cost so far, lower bound of the preference cost (None: none yet)."""

    seconds: float
    cost: Cost | None
    bound: int | None
    phase: Message


@dataclass(frozen=True)
class Solution:
    """What the search found. ``bound`` is a lower bound of the preference cost; ``gap`` is relative, 0.01 = 1 %."""

    proof: Proof
    timetable: Timetable | None
    cost: Cost | None
    bound: int | None
    seconds: float
    first_legal_seconds: float | None
    seed: int
    workers: int
    interrupted: bool = False
    history: tuple[Progress, ...] = ()

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost of the preference tier; 0 when they meet; None without a legal timetable or a bound."""
        if self.cost is None or self.bound is None or self.cost.required:
            return None
        if self.cost.preference <= self.bound:
            return 0.0
        return (self.cost.preference - self.bound) / self.cost.preference


@dataclass(frozen=True)
class Outcome:
    """Everything a report needs. ``timetable`` is the office's view of ``solution.timetable``; ``violations`` are all that the checker
    found; ``verdicts`` are the judgements of the rule sets; ``gave_way`` says which rules were not enforced and why; ``explanation``
    says why there is no complete timetable, where there is none.
    """

    school: School
    problem: Problem
    solution: Solution
    timetable: SchoolTimetable | None
    violations: tuple[Violation, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    gave_way: tuple[Message, ...] = ()
    explanation: Explanation | None = None
    options: dict[str, str] = field(default_factory=dict)
