"""The main job: a school in, a checked outcome out.

Rule sets add what they ask of the placing; where plan and rules cannot all hold, rules give way before the plan does, and the outcome
says which and why. Where even the plan alone is impossible, the best partial timetable is made and what is left is listed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from constraints.base import Violation, evaluate
from constraints.case import Case
from constraints.judging import judge, place
from constraints.kind import Placing
from constraints.ruleset import RuleSet
from constraints.verdict import Status, Verdict
from instances.language import Message
from instances.problem import Problem
from instances.school import Requirement, School
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.outcome import Outcome, Progress, Proof, Solution
from scheduler.rulesets import open_ruleset
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import solve, solve_elastic
from scheduler.solving.stopping import Deadline

if TYPE_CHECKING:
    from scheduler.explaining.explain import Explanation

# A requirement of a rule that cannot hold with the plan becomes a wish of this weight.
_YIELDING_WEIGHT = 50
# The share of the time left that goes into saying why there is no timetable; the rest makes a partial one.
_EXPLAINING = 0.6


def rulesets_of(school: School, names: tuple[str | Path, ...] = ()) -> tuple[RuleSet, ...]:
    """Return the rule sets to apply: those named, else those that the plan names; raises InputError for a faulty one."""
    return tuple(open_ruleset(name) for name in names or school.rulesets)


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
    solution = _solved(compiled, school, options, tell, deadline)
    yielded: list[Violation] = []
    explanation = None
    if solution.proof is Proof.INFEASIBLE and any(r.required for r in placing.requirements):
        told = _why(school, rulesets, options, deadline)
        failed = solution if told.without_rules else None
        compiled, solution, yielded = _with_rules_yielding(school, placing, options, tell, deadline, failed)
        explanation = replace(told, rules_gave_way=bool(yielded)) if yielded or solution.timetable is None else None
    if solution.timetable is None and deadline.left > 0:
        solution, explanation = _explained(compiled, school, rulesets, solution, options, tell, deadline, explanation)
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
        gave_way=placing.gave_way + given_way(yielded),
        explanation=explanation,
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
    school: School,
    placing: Placing,
    options: SolveOptions,
    tell: Callable[[Progress], None],
    deadline: Deadline,
    failed: Solution | None = None,
) -> tuple[CompiledSchool, Solution, list[Violation]]:
    """Solve again with what the rules ask turned into heavy wishes, and return what they could not have.

    ``failed`` stands for the answer where it is known that the plan alone is impossible.
    """
    wishes = tuple(replace(r, required=False, weight=_YIELDING_WEIGHT) if r.required else r for r in placing.requirements)
    compiled = compile_school(school, placing.courses, wishes)
    solution = failed or _solved(compiled, school, options, tell, deadline)
    if solution.timetable is None:
        return compiled, solution, []
    found = _violations(compiled.problem, solution.timetable)
    strict = {r.rule for r in placing.requirements if r.required}
    return compiled, solution, [v for v in found if v.constraint.rule in strict]


def given_way(yielded: list[Violation]) -> tuple[Message, ...]:
    """Return a sentence for each violation of a rule that gave way to the plan."""
    return tuple(
        Message(
            "Rule {rule} gave way, for the plan leaves no timetable that obeys it: {what}",
            rule=violation.constraint.rule,
            what=violation.sentence,
        )
        for violation in yielded
    )


def _solved(
    compiled: CompiledSchool, school: School, options: SolveOptions, tell: Callable[[Progress], None], deadline: Deadline
) -> Solution:
    """Solve, unless counting alone proves that there is nothing to find: CP-SAT can take a minute to see a pigeonhole."""
    from scheduler.explaining.explain import adds_up

    if adds_up(compiled, school):
        return solve(compiled.problem, options, tell=tell, deadline=deadline)
    return Solution(Proof.INFEASIBLE, None, None, None, deadline.elapsed, None, options.seed, options.cores, deadline.interrupted)


def _why(school: School, rulesets: tuple[RuleSet, ...], options: SolveOptions, deadline: Deadline) -> Explanation:
    """Return why plan and rules leave no timetable, in a share of the time left."""
    from scheduler.explaining.explain import explain

    return explain(school, rulesets, max(5.0, _EXPLAINING * deadline.left), workers=options.cores, run=deadline)


def _explained(
    compiled: CompiledSchool,
    school: School,
    rulesets: tuple[RuleSet, ...],
    failed: Solution,
    options: SolveOptions,
    tell: Callable[[Progress], None],
    deadline: Deadline,
    explanation: Explanation | None = None,
) -> tuple[Solution, Explanation | None]:
    """Return the best partial timetable and why there is no complete one; a complete one if the explanation comes across it."""
    from scheduler.explaining.explain import blocked_lessons

    explanation = explanation or _why(school, rulesets, options, deadline)
    left = replace(options, time_limit=max(3.0, deadline.left))
    if explanation.start is not None and not explanation.proved:
        return solve(compiled.problem, left, tell=tell, deadline=deadline.part(left.time_limit), start=explanation.start), None
    solution = solve_elastic(compiled.problem, left, tell=tell, deadline=deadline.part(left.time_limit), start=explanation.start)
    proof = Proof.INFEASIBLE if failed.proof is Proof.INFEASIBLE or explanation.proved else solution.proof
    if solution.timetable is not None:
        explanation = replace(explanation, blocked=blocked_lessons(compiled, solution.timetable))
    return replace(solution, proof=proof, seconds=deadline.elapsed, interrupted=deadline.interrupted), explanation


def _violations(problem: Problem, timetable: Timetable) -> tuple[Violation, ...]:
    return tuple(evaluate(problem, TimetableView(problem, timetable))[1])
