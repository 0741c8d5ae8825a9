"""A plan and the timetable that is in force: what every command of the living timetable starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from constraints.base import Violation, evaluate
from constraints.case import Case
from constraints.kind import Placing
from constraints.ruleset import RuleSet
from instances.language import Message
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.school import School
from instances.timetable import Timetable, TimetableView
from scheduler.compiling.compile import CompiledSchool, compile_school
from scheduler.compiling.placing_back import PlacedBack, place_back
from scheduler.errors import Finding
from scheduler.outcome import Outcome, Solution
from scheduler.reading.read import read_school
from scheduler.replanning.reread import Reread, reread
from scheduler.timetabling import judged, placing_of, rulesets_of


@dataclass(frozen=True)
class Living:
    """The school as its plan says now, its problem, and the timetable in force as a timetable of that problem."""

    school: School
    rulesets: tuple[RuleSet, ...]
    placing: Placing
    compiled: CompiledSchool
    reread: Reread
    placed: PlacedBack


def living(school: School, timetable: SchoolTimetable | Reread, rulesets: tuple[RuleSet, ...] | None = None) -> Living:
    """Return the case of a school and its timetable; ``rulesets`` default to those of the plan."""
    rulesets = rulesets_of(school) if rulesets is None else rulesets
    placing = placing_of(school, rulesets)
    compiled = compile_school(school, placing.courses, placing.requirements)
    read = timetable if isinstance(timetable, Reread) else Reread(timetable, timetable)
    return Living(school, rulesets, placing, compiled, read, place_back(compiled, read.timetable))


def open_living(plan: Sequence[Path], timetable: Path, rules: Sequence[str] = (), mapping: Path | None = None) -> Living:
    """Read plan and workbook; raises InputError with the findings of whichever cannot be used."""
    read = reread(timetable)
    school = read_school(list(plan), mapping=mapping)
    return living(school, read, rulesets_of(school, tuple(rules)))


def with_rules_as_wishes(case: Living, weight: int = 50) -> Living:
    """Return the case with what the rule sets ask of the placing turned into heavy wishes: the plan comes first."""
    wishes = tuple(replace(r, required=False, weight=weight) if r.required else r for r in case.placing.requirements)
    compiled = compile_school(case.school, case.placing.courses, wishes)
    return replace(case, compiled=compiled, placed=place_back(compiled, case.reread.timetable))


def violations_of(case: Living, timetable: Timetable | None = None) -> tuple[Violation, ...]:
    """Return everything the checker finds in a timetable of the problem (default: as it is now)."""
    view = TimetableView(case.compiled.problem, timetable or case.placed.timetable)
    return tuple(evaluate(case.compiled.problem, view)[1])


def broken_by_edits(case: Living) -> tuple[Violation, ...]:
    """Return the violations that the edits brought, or made worse: required ones first."""
    if not case.reread.edits:
        return ()
    before = {_identity(v): v.deviation for v in violations_of(case, place_back(case.compiled, case.reread.written).timetable)}
    new = [v for v in violations_of(case) if v.deviation > before.get(_identity(v), 0)]
    return tuple(sorted(new, key=lambda v: (not v.constraint.required, -v.cost.preference)))


def not_in_plan(case: Living) -> list[Finding]:
    """Return a finding for each lesson that the plan does not know, has too often or gives to other teachers."""
    found = [
        Finding(Message("This lesson has no place in the plan or in the bells"), lesson.origin, lesson_name(lesson), fatal=False)
        for lesson in case.placed.homeless
    ]
    problem, teaching = case.compiled.problem, case.compiled.teaching
    count: dict[int, int] = {}
    for meet in case.placed.timetable.meets:
        count[meet.event] = count.get(meet.event, 0) + meet.duration
    for event, placed in count.items():
        wanted = problem.events[event].duration
        if placed > wanted:
            text = Message(
                "{event}: {placed} lessons in the timetable, {wanted} in the plan",
                event=problem.events[event].name,
                placed=placed,
                wanted=wanted,
            )
            found.append(Finding(text, teaching.courses[event][0].origin, fatal=False))
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for meet, lessons in case.placed.lessons_of.items():
        courses = {course.id: course for course in teaching.courses[meet.event]}
        if len(courses) != 1 or next(iter(courses)).startswith("event:"):
            continue
        course = next(iter(courses.values()))
        for lesson in lessons:
            if lesson.teachers and lesson.teachers != course.teachers and (course.id, lesson.teachers) not in seen:
                seen.add((course.id, lesson.teachers))
                text = Message(
                    "{event} is taught by {teachers} in the plan",
                    event=problem.events[meet.event].name,
                    teachers="、".join(course.teachers),
                )
                found.append(Finding(text, lesson.origin, "、".join(lesson.teachers), fatal=False))
    return found


def outcome_of(case: Living, solution: Solution, gave_way: tuple[Message, ...] = ()) -> Outcome:
    """Return the outcome that the writers take, judged by rule sets and checker like that of a fresh solve.

    ``gave_way`` says which rules were given up for this timetable, beside those that the plan leaves no place for.
    """
    assert solution.timetable is not None
    timetable = case.compiled.timetable_of(solution.timetable)
    violations = tuple(evaluate(case.compiled.problem, TimetableView(case.compiled.problem, solution.timetable))[1])
    return Outcome(
        school=case.compiled.school,
        problem=case.compiled.problem,
        solution=solution,
        timetable=timetable,
        violations=violations,
        verdicts=judged(case.school, case.rulesets, Case(case.school, timetable)),
        gave_way=case.placing.gave_way + gave_way,
        options={"rules": ", ".join(ruleset.id for ruleset in case.rulesets), "seed": str(solution.seed)},
    )


def lesson_name(lesson: PlacedLesson) -> str:
    """Return a lesson as people name it: class, subject, teacher, day and period."""
    from scheduler.writing.week import slot_name

    parts = ["、".join(lesson.classes), lesson.label or lesson.subject, "、".join(lesson.teachers), slot_name(lesson.day, lesson.period)]
    return " ".join(part for part in parts if part)


def _identity(violation: Violation) -> tuple[str, str, str]:
    return violation.constraint.id, str(violation.point), violation.about
