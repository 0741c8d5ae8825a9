"""The main job: a school in, a checked outcome out.

Rule sets add what they ask of the placing; where plan and rules cannot all hold, rules give way before the plan does, and the outcome
says which and why. Where even the plan alone is impossible, the best partial timetable is made and what is left is listed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from constraints.base import Violation, evaluate
from constraints.case import Case
from constraints.judging import judge, place
from constraints.kind import Placing
from constraints.ruleset import RuleSet, load_ruleset
from constraints.verdict import Status, Verdict
from instances.language import Message
from instances.problem import Problem
from instances.school import Requirement, School
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.outcome import Outcome, Progress, Proof, Solution
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import solve, solve_elastic
from scheduler.solving.stopping import Deadline

# A requirement of a rule that cannot hold with the plan becomes a wish of this weight.
_YIELDING_WEIGHT = 50


def rulesets_of(school: School, names: tuple[str | Path, ...] = ()) -> tuple[RuleSet, ...]:
    """Return the rule sets to apply: those named, else those that the plan names."""
    return tuple(load_ruleset(name) for name in names or school.rulesets)


def placing_of(school: School, rulesets: tuple[RuleSet, ...]) -> Placing:
    """Return what all the rule sets together ask of the placing; a course or line that two of them ask for is taken once."""
    courses = {}
    requirements: list[Requirement] = []
    gave_way: list[Message] = []
    for ruleset in rulesets:
        placing = place(ruleset, school)
        courses.update({course.id: course for course in placing.courses})
        known = set(requirements)
        requirements += [r for r in placing.requirements if r not in known]
        gave_way += placing.gave_way
    return Placing(tuple(courses.values()), tuple(requirements), tuple(gave_way))


def judged(school: School, rulesets: tuple[RuleSet, ...], case: Case | None = None) -> tuple[Verdict, ...]:
    """Return the verdicts of all rule sets on a school (plan and bells), or on a case with a timetable."""
    return tuple(verdict for ruleset in rulesets for verdict in judge(ruleset, case or Case(school)))


def breaches(verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Return the verdicts that say a binding rule is broken."""
    return tuple(verdict for verdict in verdicts if verdict.status is Status.FAIL)


def make_timetable(
    school: School,
    options: SolveOptions | None = None,
    *,
    rulesets: tuple[RuleSet, ...] | None = None,
    tell: Callable[[Progress], None] = lambda progress: None,
    deadline: Deadline | None = None,
) -> Outcome:
    """Return the timetable of a school with everything a report needs; the independent checks have confirmed it."""
    options = replace(options or SolveOptions(), patience=0.7)
    deadline = deadline or Deadline(options.time_limit, options.deterministic)
    rulesets = rulesets_of(school) if rulesets is None else rulesets
    placing = placing_of(school, rulesets)
    compiled = compile_school(school, placing.courses, placing.requirements)
    solution = solve(compiled.problem, options, tell=tell, deadline=deadline)
    yielded: list[Violation] = []
    if solution.proof is Proof.INFEASIBLE and any(r.required for r in placing.requirements):
        compiled, solution, yielded = _with_rules_yielding(school, placing, options, tell, deadline)
    if solution.timetable is None and deadline.left > 0:
        solution = _partial(compiled.problem, solution, options, tell, deadline)
    timetable = None
    violations: tuple[Violation, ...] = ()
    if solution.timetable is not None:
        timetable = compiled.timetable_of(solution.timetable)
        violations = _violations(compiled.problem, solution.timetable)
    verdicts = judged(school, rulesets, Case(school, timetable) if timetable else None)
    return Outcome(
        school=compiled.school,
        problem=compiled.problem,
        solution=solution,
        timetable=timetable,
        violations=violations,
        verdicts=verdicts,
        gave_way=placing.gave_way + _given_way(yielded),
        options={
            "version": version("kebiao"),
            "time": f"{options.time_limit:g}",
            "seed": str(options.seed),
            "workers": str(options.cores),
            "deterministic": str(options.deterministic),
            "rules": ", ".join(ruleset.id for ruleset in rulesets),
        },
    )


def _with_rules_yielding(
    school: School, placing: Placing, options: SolveOptions, tell: Callable[[Progress], None], deadline: Deadline
) -> tuple[CompiledSchool, Solution, list[Violation]]:
    """Solve again with what the rules ask turned into heavy wishes, and return what they could not have."""
    wishes = tuple(replace(r, required=False, weight=_YIELDING_WEIGHT) if r.required else r for r in placing.requirements)
    compiled = compile_school(school, placing.courses, wishes)
    solution = solve(compiled.problem, options, tell=tell, deadline=deadline)
    if solution.timetable is None:
        return compiled, solution, []
    found = _violations(compiled.problem, solution.timetable)
    strict = {r.rule for r in placing.requirements if r.required}
    return compiled, solution, [v for v in found if v.constraint.rule in strict]


def _given_way(yielded: list[Violation]) -> tuple[Message, ...]:
    return tuple(
        Message(
            "Rule {rule} gave way, for the plan leaves no timetable that obeys it: {what}",
            rule=violation.constraint.rule,
            what=violation.sentence,
        )
        for violation in yielded
    )


def _partial(
    problem: Problem, impossible: Solution, options: SolveOptions, tell: Callable[[Progress], None], deadline: Deadline
) -> Solution:
    """Return the best partial timetable, with the proof of the strict run."""
    left = replace(options, time_limit=deadline.left)
    solution = solve_elastic(problem, left, tell=tell)
    proof = Proof.INFEASIBLE if impossible.proof is Proof.INFEASIBLE else solution.proof
    return replace(solution, proof=proof, seconds=deadline.elapsed)


def _violations(problem: Problem, timetable: Timetable) -> tuple[Violation, ...]:
    return tuple(evaluate(problem, TimetableView(problem, timetable))[1])
