"""Reading "stays where it stood" off a CP-SAT model, and beginning a solve at a timetable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

from constraints.model import Placement, TimetableModel
from instances.timetable import Timetable
from scheduler.replanning.moves import PERSON_TYPES, Kept, Stood
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline

Before = Mapping[int, Sequence[Stood]]


def kept_periods(model: TimetableModel, before: Before, *, rooms: bool = True) -> dict[Kept, cp_model.LinearExprT]:
    """Return, for each old period that may stay, the 0/1 expression that it does; with ``rooms``: and in its old room."""
    wanted = {Kept(event, old.time, old.weeks): old.rooms if rooms else () for event, found in before.items() for old in found}
    covering: dict[Kept, list[cp_model.IntVar]] = defaultdict(list)
    for placement, literal in model.x.items():
        for time in model.spans[placement.start, placement.duration]:
            key = Kept(placement.event, time, placement.weeks)
            if key in wanted:
                stays = _in_rooms(model, placement, literal, wanted[key])
                if stays is not None:
                    covering[key].append(stays)
    return {key: literals[0] if len(literals) == 1 else cp_model.LinearExpr.sum(literals) for key, literals in covering.items()}


def _in_rooms(
    model: TimetableModel, placement: Placement, literal: cp_model.IntVar, rooms: Sequence[tuple[int, int]]
) -> cp_model.IntVar | None:
    """Return the literal that a meet stands there in just these rooms; None where one of them is closed."""
    chosen = [model.y.get((placement, role, resource)) for role, resource in rooms]
    literals = [y for y in chosen if y is not None]
    if len(literals) < len(chosen):
        return None
    if len(literals) <= 1:
        return literals[0] if literals else literal
    both = model.cp.new_bool_var("")
    for y in literals:
        model.cp.add_implication(both, y)
    return both


def people_literals(model: TimetableModel, kept: Mapping[Kept, cp_model.LinearExprT]) -> dict[int, cp_model.IntVar]:
    """Return, for each teacher and class, the literal that one of its lessons stands where none stood.

    Said for each person and time, where at most one lesson is new: much tighter than one sum for each event.
    """
    problem = model.problem
    stays: dict[tuple[int, int], list[tuple[int, cp_model.LinearExprT]]] = defaultdict(list)
    for key, value in kept.items():
        stays[key.event, key.time].append((key.weeks, value))
    people: dict[int, cp_model.IntVar] = {}
    for person, resource in enumerate(problem.resources):
        if resource.type not in PERSON_TYPES:
            continue
        events = [event for event in problem.events_of[person] if person in problem.events[event].fixed_resources()]
        people[person] = disturbed = model.cp.new_bool_var("")
        for week in problem.week_views(events):
            for time in range(len(problem.times)):
                here = [literal for event in events for literal in model.covering(event, time, week)]
                old = [value for event in events for weeks, value in stays.get((event, time), ()) if weeks >> week & 1]
                if here:
                    most = 1 if person in model.clash_free else len(here)
                    model.cp.add(cp_model.LinearExpr.sum(here) - cp_model.LinearExpr.sum(old) <= most * disturbed)
    return people


def hint(model: TimetableModel, timetable: Timetable) -> None:
    """Begin at a timetable: the literals of all placements; the few other variables of this model follow from them."""
    placed, filled = model.literals_of(timetable)
    model.cp.proto.clear_solution_hint()
    for placement, literal in model.x.items():
        model.cp.add_hint(literal, int(placement in placed))
    for key, literal in model.y.items():
        model.cp.add_hint(literal, int(key in filled))


def hint_all(model: TimetableModel, timetable: Timetable, deadline: Deadline) -> None:
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
    with deadline.guarding(solver, 5):
        status = solver.solve(copy)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        hint(model, timetable)
        return
    values = list(solver.response_proto.solution)
    model.cp.proto.clear_solution_hint()
    start = model.cp.proto.solution_hint
    start.vars.extend(range(len(values)))
    start.values.extend(values)


def new_solver(options: SolveOptions) -> cp_model.CpSolver:
    """Return a solver with the cores and the seed of the run.

    One worker reads every clique into its linear relaxation: nearly all lessons stay, so the relaxation is close to the answer, and on
    36 classes it is there before probing and the search for symmetries would have ended.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = options.cores
    solver.parameters.random_seed = options.seed
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    if options.cores == 1:
        solver.parameters.linearization_level = 2
    else:
        solver.parameters.subsolvers.extend(["max_lp", "default_lp"][: options.cores - 1])
    return solver
