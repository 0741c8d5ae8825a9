"""Makes a bell schedule that obeys a rule set, or says which rules cannot stand together.

Binding rules are hard, the others are kept where the day has room for them. The result is judged by the rules' own checks before it is
returned; a binding rule that they find broken is a defect of this program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from constraints.case import Case
from constraints.judging import judge_rule
from constraints.kind import Family
from constraints.kinds import KIND_OF
from constraints.rule import Level, Rule
from constraints.ruleset import RuleSet
from constraints.verdict import Status, Verdict
from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message
from instances.records import Records
from instances.school import School, SchoolClass, Stage, stage_of
from scheduler.bells.day_model import BACK, EYE, LUNCH, MEETING, UNIT, DayModel, DayShape
from scheduler.bells.encode import Encoder
from scheduler.errors import Disagreement

_SOFT = {Level.SHOULD: 1000, Level.ENCOURAGED: 200}
_PLACING = {"activity_minutes", "activity_on_days_without_pe", "activity_listed"}


@dataclass(frozen=True)
class BellRequest:
    """What is wanted: grades, lessons a day, length of a lesson [minutes] where the school has chosen, season, names."""

    grades: tuple[int, ...]
    lessons: int
    length: int | None = None
    season: str = ""
    name: str = "作息时间表"
    records: Records | None = None


@dataclass(frozen=True)
class MadeBells:
    """Bells with their verdicts; or, where there are none, the binding rules that cannot stand together."""

    bells: BellSchedule | None
    verdicts: tuple[Verdict, ...] = ()
    conflict: tuple[Rule, ...] = ()


def make_bells(ruleset: RuleSet, request: BellRequest) -> tuple[MadeBells, ...]:
    """Return one schedule for each stage among the grades, twice (summer, winter) where ``season`` is ``both``."""
    stages = [tuple(g for g in request.grades if stage_of(g) is stage) for stage in Stage]
    seasons = ("summer", "winter") if request.season == "both" else (request.season,)
    found = []
    for grades in filter(None, stages):
        for season in seasons:
            found.append(_make(ruleset, replace(request, grades=grades, season=season)))
    return tuple(found)


def asked_for_seasons(ruleset: RuleSet, grades: Sequence[int]) -> bool:
    """Say whether a rule set asks for bells of two seasons."""
    return any(rule.kind == "seasonal_bells" for rule in asked_of_bells(ruleset, grades))


def asked_of_bells(ruleset: RuleSet, grades: Sequence[int]) -> tuple[Rule, ...]:
    """Return the rules that a bell schedule of some grades can keep or break."""
    return tuple(
        rule
        for rule in ruleset.rules
        if (KIND_OF[rule.kind].family is Family.BELL or rule.kind in _PLACING)
        and not rule.set_aside_for
        and any(rule.applies_to(grade) for grade in grades)
    )


def _make(ruleset: RuleSet, request: BellRequest) -> MadeBells:
    rules = _in_force(asked_of_bells(ruleset, request.grades), request)
    day, solver = _solve(rules, request)
    if solver is None:
        return MadeBells(None, conflict=_conflict(rules, request))
    bells = _schedule(day, solver, rules, request)
    school = School("", tuple(SchoolClass(str(g), g) for g in request.grades), (), (), (bells,))
    judged = [r for r in rules if KIND_OF[r.kind].family is Family.BELL and r.kind != "seasonal_bells"]
    verdicts = tuple(v for rule in judged for v in judge_rule(rule, Case(school, records=request.records)))
    broken = [v for v in verdicts if v.status is Status.FAIL]
    if broken:
        raise Disagreement("; ".join(f"{v.rule.id}: {v.sentence}" for v in broken))
    return MadeBells(bells, verdicts)


def _in_force(rules: Sequence[Rule], request: BellRequest) -> tuple[Rule, ...]:
    """Leave out rules whose condition (``only_if``, ``unless``) the records do not fulfil."""
    kept = []
    for rule in rules:
        params = KIND_OF[rule.kind].ruling(rule).params
        stated = {r.item: bool(r.value) for r in request.records.entries} if request.records else {}
        if (not params.only_if or stated.get(params.only_if)) and not stated.get(params.unless):
            kept.append(rule)
    return tuple(kept)


def _solve(rules: Sequence[Rule], request: BellRequest, *, best: bool = True) -> tuple[DayModel, cp_model.CpSolver | None]:
    """Return the day and its solution, None where there is none; without ``best`` any solution will do."""
    meeting = any(rule.kind == "weekly_event" for rule in rules)
    noon = 150 if request.season == "summer" else 90
    length, start = (40, 8 * 60 + 20) if stage_of(request.grades[0]) is Stage.PRIMARY else (45, 8 * 60)
    day = DayModel(DayShape(request.lessons, meeting, request.length, length, start, noon))
    encoder = Encoder(day)
    for rule in rules:
        encoder.only_if = None if rule.level is Level.MUST else day.cp.new_bool_var(rule.id)
        encoder.add(rule.kind, KIND_OF[rule.kind].ruling(rule).params)
        if encoder.only_if is not None:
            day.penalties.append(_SOFT[rule.level] * (1 - encoder.only_if))
    if best:
        day.habits()
        day.cp.minimize(sum(day.penalties))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if best:
        solver.parameters.max_deterministic_time = 20
    status = solver.solve(day.cp)
    if status == cp_model.UNKNOWN:  # not known is not impossible: any solution will do, however long it takes
        return _solve(rules, request, best=False)
    return day, solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _conflict(rules: Sequence[Rule], request: BellRequest) -> tuple[Rule, ...]:
    """Return binding rules that cannot stand together, none of which can be spared: each is left out in turn."""
    needed = [rule for rule in rules if rule.level is Level.MUST]
    for rule in tuple(needed):
        without = [other for other in needed if other is not rule]
        if _solve(without, request, best=False)[1] is None:
            needed = without
    return tuple(needed)


def _schedule(day: DayModel, solver: cp_model.CpSolver, rules: Sequence[Rule], request: BellRequest) -> BellSchedule:
    """Return the solution as bells, Monday to Friday; meetings stand on the days of the events that rules name."""
    events: dict[int, list[str]] = {}
    for rule in rules:
        if rule.kind == "weekly_event":
            for weekday in rule.params["days"]:
                events.setdefault(weekday, []).append(rule.params["words"][0])
    days = {weekday: tuple(_sections(day, solver, events.get(weekday, []))) for weekday in range(1, 6)}
    return BellSchedule(request.name, request.grades, days, request.season)


def _sections(day: DayModel, solver: cp_model.CpSolver, events: list[str]) -> list[Section]:
    K, sections = SectionKind, []

    def put(kind: SectionKind, start: int, end: int, name: str = "", period: int | None = None) -> None:
        sections.append(Section(kind, start * UNIT, end * UNIT, name, period))

    value = solver.value
    length, first = value(day.length), value(day.start[0])
    at = value(day.arrival)
    ready = first - value(day.exercise) - (MEETING if events else 0)
    put(K.ARRIVAL, at, ready)
    if value(day.exercise):
        put(K.MORNING_EXERCISE, ready, ready + value(day.exercise))
    if events:
        put(K.MEETING, first - MEETING, first, "、".join(events))
    for i in range(day.shape.lessons):
        start = value(day.start[i])
        put(K.LESSON, start, start + length, period=i + 1)
        if i == day.shape.lessons - 1:
            break
        end, following, eye = start + length, value(day.start[i + 1]), value(day.eye[i]) * EYE
        if value(day.noon[i]):
            lunch = end + LUNCH
            put(K.LUNCH, end, lunch)
            put(K.NOON_REST, lunch, following - BACK)
            put(K.ARRIVAL, following - BACK, following)
        else:
            put(K.LONG_BREAK if value(day.long[i]) else K.BREAK, end, following - eye)
            if eye:
                put(K.EYE_EXERCISE, following - eye, following)
    gone = value(day.dismissal)
    if value(day.activity):
        put(K.BREAK, gone - value(day.activity) - 10 // UNIT, gone - value(day.activity))
        put(K.ACTIVITY, gone - value(day.activity), gone, period=day.shape.lessons + 1)
    put(K.DISMISSAL, gone, gone)
    if value(day.service):
        put(K.AFTER_SCHOOL, gone + 10 // UNIT, gone + 10 // UNIT + value(day.service))
    return sections


def conflict_message(rules: Sequence[Rule]) -> Message:
    """Return a sentence that names rules which cannot stand together, with their sources."""
    return Message("cannot stand together: {rules}", rules="; ".join(f"{rule.label()} ({rule.source})" for rule in rules))
