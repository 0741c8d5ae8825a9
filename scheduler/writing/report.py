"""The JSON report as types: its schema is generated from these (``docs/report.schema.json``, explained in docs/json-schema.md).

Version 1. A new field raises nothing; a field renamed, removed or changed in meaning raises ``SCHEMA_VERSION``. Texts for people are in
the language of the run; names, ids and codes are not translated.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from constraints.base import Violation
from constraints.verdict import Verdict
from instances.language import current_language
from instances.lessons import PlacedLesson
from instances.origin import Origin
from instances.problem import Problem
from scheduler.outcome import Outcome
from scheduler.writing.headline import is_deterministic, program_version, proof_sentence
from scheduler.writing.quality import places

SCHEMA_VERSION: Literal[1] = 1


class Record(BaseModel):
    """Base of all parts of the report: no other fields than those declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Record):
    """A cell of an input file; parts that are unknown are empty."""

    file: str = ""
    sheet: str = ""
    cell: str = Field("", description="A1 style")


class Slot(Record):
    """A period of the week of a class, teacher or room."""

    name: str
    day: int = Field(description="1 Monday to 7 Sunday")
    period: int


class Lesson(Record):
    """One period taken by one lesson; a double period is two of these."""

    day: int = Field(description="1 Monday to 7 Sunday")
    period: int
    subject: str = Field(description="canonical name")
    label: str = Field(description="the text that the plan prints")
    classes: list[str]
    teachers: list[str]
    rooms: list[str]
    weeks: Literal["every", "odd", "even", "either"]
    start: int | None = Field(description="minutes after midnight")
    end: int | None = Field(description="minutes after midnight")
    double: int = Field(description="1 or 2 for the first and second period of a double lesson, else 0")
    courses: list[str] = Field(description="ids of the courses of the plan")
    block: str | None = Field(description="optional-course block in which classes mix")
    kind: str = Field(description="lesson, activity, event or self_study")


class Unplaced(Record):
    """A course that lacks lessons."""

    course: str
    lessons: int


class Costs(Record):
    """Cost in two tiers."""

    required: int
    preference: int


class Result(Record):
    """What is known of the answer."""

    proof: Literal["optimal", "within gap", "feasible", "impossible", "not known yet"]
    sentence: str
    cost: Costs | None
    bound: int | None = Field(description="lower bound of the preference cost")
    gap: float | None = Field(description="(cost - bound) / cost of the preference tier; 0.01 = 1 %")
    seconds: float | None = Field(description="absent from reproducible runs")
    first_legal_seconds: float | None
    seed: int
    workers: int
    interrupted: bool


class NotMet(Record):
    """A requirement or preference that does not hold at one point."""

    constraint: str = Field(description="id")
    kind: str
    name: str
    required: bool
    weight: int
    point: str
    deviation: int
    cost: int
    sentence: str
    rule: str = Field(description="id of the regulation or requirement that asks for it")
    origin: Place
    places: list[Slot]


class Judgement(Record):
    """What a rule says at one point."""

    rule: str
    title: str
    level: Literal["must", "should", "encouraged"]
    source: str
    status: Literal["pass", "fail", "warning", "note", "not judged", "not applicable"]
    point: str
    sentence: str
    measured: str
    limit: str
    origins: list[Place]
    slots: list[Slot]


class Understood(Record):
    """How a cell of the plan was understood."""

    text: str
    value: str
    assumed: bool
    origin: Place


class Report(Record):
    """The whole report."""

    schema_version: Literal[1]
    program: str = Field(description="name and version")
    language: Literal["zh", "en"]
    school: str
    complete: bool = Field(description="there is a timetable and every lesson is placed")
    result: Result
    lessons: list[Lesson]
    unplaced: list[Unplaced]
    not_met: list[NotMet]
    judgements: list[Judgement]
    gave_way: list[str]
    understood: list[Understood]
    options: dict[str, str]
    explanation: dict[str, Any] | None = Field(
        default=None, description="what does not add up, conflicts, repairs, what blocks each lesson (docs/explaining.md)"
    )


def report_of(outcome: Outcome) -> Report:
    """Return the report of an outcome, in the language in force."""
    timetable = outcome.timetable
    return Report(
        schema_version=SCHEMA_VERSION,
        program=f"kebiao {program_version()}",
        language="zh" if current_language() == "zh" else "en",
        school=outcome.school.name,
        complete=timetable is not None and not timetable.unplaced,
        result=_result(outcome),
        lessons=[_lesson(lesson) for lesson in timetable.lessons] if timetable else [],
        unplaced=[Unplaced(course=course, lessons=count) for course, count in timetable.unplaced] if timetable else [],
        not_met=[_not_met(outcome.problem, violation) for violation in outcome.violations],
        judgements=[_judgement(verdict) for verdict in outcome.verdicts],
        gave_way=[str(message) for message in outcome.gave_way],
        understood=[
            Understood(text=str(note.text), value=note.value, assumed=note.assumed, origin=_place(note.origin))
            for note in outcome.school.notes
        ],
        options=dict(outcome.options),
        explanation=_explanation(outcome),
    )


def _explanation(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.explanation is None:
        return None
    from scheduler.explaining.report import as_json

    return as_json(outcome.explanation)


def _place(origin: Origin) -> Place:
    return Place(file=origin.file, sheet=origin.sheet, cell=origin.cell)


def _result(outcome: Outcome) -> Result:
    solution = outcome.solution
    timeless = is_deterministic(outcome)
    return Result(
        proof=solution.proof.value,
        sentence=str(proof_sentence(outcome)),
        cost=None if solution.cost is None else Costs(required=solution.cost.required, preference=solution.cost.preference),
        bound=solution.bound,
        gap=solution.gap,
        seconds=None if timeless else solution.seconds,
        first_legal_seconds=None if timeless else solution.first_legal_seconds,
        seed=solution.seed,
        workers=solution.workers,
        interrupted=solution.interrupted,
    )


def _lesson(lesson: PlacedLesson) -> Lesson:
    return Lesson(
        day=lesson.day,
        period=lesson.period,
        subject=lesson.subject,
        label=lesson.label,
        classes=list(lesson.classes),
        teachers=list(lesson.teachers),
        rooms=list(lesson.rooms),
        weeks=lesson.weeks.value,
        start=lesson.start,
        end=lesson.end,
        double=lesson.double,
        courses=list(lesson.courses),
        block=lesson.block,
        kind=lesson.kind,
    )


def _not_met(problem: Problem, violation: Violation) -> NotMet:
    constraint = violation.constraint
    return NotMet(
        constraint=constraint.id,
        kind=constraint.kind,
        name=constraint.label(),
        required=constraint.required,
        weight=constraint.weight,
        point=str(violation.point),
        deviation=violation.deviation,
        cost=violation.cost.required + violation.cost.preference,
        sentence=str(violation.sentence),
        rule=constraint.rule,
        origin=_place(constraint.origin),
        places=[Slot(name=name, day=day, period=period) for name, day, period in places(problem, violation)],
    )


def _judgement(verdict: Verdict) -> Judgement:
    return Judgement(
        rule=verdict.rule.id,
        title=verdict.rule.label(),
        level=verdict.rule.level.value,
        source=str(verdict.rule.source),
        status=verdict.status.value,
        point=verdict.point,
        sentence=str(verdict.sentence),
        measured=verdict.measured,
        limit=verdict.limit,
        origins=[_place(origin) for origin in verdict.origins],
        slots=[Slot(name=name, day=day, period=period) for name, day, period in verdict.slots],
    )
