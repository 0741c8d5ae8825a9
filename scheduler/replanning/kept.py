"""Reading "stays where it stood" off a CP-SAT model, and beginning a solve at a timetable."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from ortools.sat.python import cp_model

from constraints.model import TimetableModel
from instances.timetable import Timetable
from scheduler.replanning.moves import PERSON_TYPES
from scheduler.solving.options import SolveOptions


@dataclass(frozen=True, slots=True)
class Kept:
    """A period that stands where it stood: for each event, one literal for each old (time, weeks)."""

    event: int
    time: int
    weeks: int


def kept_periods(model: TimetableModel, before: dict[int, Counter[tuple[int, int]]]) -> dict[Kept, cp_model.LinearExprT]:
    """Return, for each old period that may stay, the 0/1 expression that it does."""
    found: dict[Kept, cp_model.LinearExprT] = {}
    covering: dict[tuple[int, int, int], list[cp_model.IntVar]] = defaultdict(list)
    for placement, literal in model.x.items():
        for time in model.spans[placement.start, placement.duration]:
            if (time, placement.weeks) in before[placement.event]:
                covering[placement.event, time, placement.weeks].append(literal)
    for (event, time, weeks), literals in covering.items():
        found[Kept(event, time, weeks)] = literals[0] if len(literals) == 1 else cp_model.LinearExpr.sum(literals)
    return found


def people_literals(
    model: TimetableModel, kept: dict[Kept, cp_model.LinearExprT], before: dict[int, Counter[tuple[int, int]]]
) -> dict[int, cp_model.IntVar]:
    """Return, for each teacher and class, the literal that one of its lessons stands where none stood."""
    stays: dict[int, list[cp_model.LinearExprT]] = defaultdict(list)
    for key, value in kept.items():
        stays[key.event].append(value)
    people: dict[int, cp_model.IntVar] = {}
    for event, record in enumerate(model.problem.events):
        if not model.by_event[event]:
            continue
        changed = model.cp.new_bool_var("")
        missing = record.duration - cp_model.LinearExpr.sum(stays[event])
        model.cp.add(missing <= record.duration * changed)
        for resource in set(record.fixed_resources()):
            if model.problem.resources[resource].type in PERSON_TYPES:
                if resource not in people:
                    people[resource] = model.cp.new_bool_var("")
                model.cp.add_implication(changed, people[resource])
    return people


def hint(model: TimetableModel, timetable: Timetable) -> None:
    """Begin at a timetable: the literals of all placements; the few other variables of this model follow from them."""
    placed, filled = model.literals_of(timetable)
    model.cp.proto.clear_solution_hint()
    for placement, literal in model.x.items():
        model.cp.add_hint(literal, int(placement in placed))
    for key, literal in model.y.items():
        model.cp.add_hint(literal, int(key in filled))


def hint_all(model: TimetableModel, timetable: Timetable) -> None:
    """Begin at a legal timetable with the values of all variables, so that the call has a solution from the start."""
    placed, filled = model.literals_of(timetable)
    copy = model.cp.clone()
    variables = copy.proto.variables
    for placement, literal in model.x.items():
        domain = variables[literal.index].domain
        domain[0] = domain[1] = int(placement in placed)
    for key, literal in model.y.items():
        domain = variables[literal.index].domain
        domain[0] = domain[1] = int(key in filled)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = 5
    solver.parameters.catch_sigint_signal = False
    if solver.solve(copy) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        hint(model, timetable)
        return
    values = list(solver.response_proto.solution)
    model.cp.proto.clear_solution_hint()
    start = model.cp.proto.solution_hint
    start.vars.extend(range(len(values)))
    start.values.extend(values)


def new_solver(options: SolveOptions) -> cp_model.CpSolver:
    """Return a solver with the cores and the seed of the run."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = options.cores
    solver.parameters.random_seed = options.seed
    solver.parameters.interleave_search = options.deterministic
    return solver
