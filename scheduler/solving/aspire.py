"""Aspiration: hold as many preferences as possible at cost zero, by feasibility alone.

CP-SAT decides "is there a timetable in which these preferences cost nothing" in a second or two where minimising the same
cost takes it a minute. So preferences are first asked for as if they were required: all of them, else halves, down to single
ones, heaviest first. Those that can be had are held while the cost of the others is minimised. The answer is a start for the
search on the whole model, which gives nothing up for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from constraints.base import Constraint
from instances.language import Message
from scheduler.solving.vectors import Vector, Workbench

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SHARE = 0.4  # of the time limit, for all of it
_SHORTEST = 2.0  # seconds for one question


def aspire(search: Search, bench: Workbench) -> None:
    """Improve ``search.best`` by holding preferences at zero."""
    constraints: tuple[Constraint, ...] = bench.model.problem.constraints
    together: dict[str, list[str]] = defaultdict(list)
    for constraint in sorted(constraints, key=lambda c: -c.weight):
        if not constraint.required and constraint.id in bench.model.costs:
            together[constraint.group or constraint.id].append(constraint.id)
    costly = list(together.values())
    if len(costly) < 2 or search.best is None or search.best.objective == 0:
        return
    patience = max(_SHORTEST, 4 * (search.first_legal or 0.0))
    stop_at = search.deadline.left - _SHARE * search.options.time_limit
    held: list[str] = []
    current = search.best

    def hold(wanted: Sequence[list[str]]) -> None:
        nonlocal current
        left = search.deadline.left - stop_at
        if not wanted or left <= 0 or search.closed:
            return
        asked = [*held, *(id for ids in wanted for id in ids)]
        found = _ask(search, bench, asked, current, min(patience, left))
        if found is not None:
            held[:] = asked
            current = found
            _offer(search, bench, found)
        elif len(wanted) > 1:
            middle = len(wanted) // 2
            hold(wanted[:middle])
            hold(wanted[middle:])

    hold(costly)
    if held and not search.closed and len(held) < sum(map(len, costly)):
        found = _ask(search, bench, held, current, max(patience, 0.5 * (search.deadline.left - stop_at)), minimise=True)
        if found is not None:
            _offer(search, bench, found)


def _ask(search: Search, bench: Workbench, zero: Sequence[str], hint: Vector, seconds: float, *, minimise: bool = False) -> Vector | None:
    """Return a solution in which the constraints ``zero`` cost nothing, if one is found; the cheapest when ``minimise``."""
    copy = bench.clone(hint)
    copy.add(bench.model.total(zero) == 0)
    if not minimise:
        copy.proto.clear_objective()
    solver = search.solver(search.options.cores)
    if search.options.deterministic:
        solver.parameters.interleave_search = True
    with search.deadline.guarding(solver, seconds):
        status = solver.solve(copy)
    return bench.vector_of(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _offer(search: Search, bench: Workbench, found: Vector) -> None:
    """Make a solution the incumbent if it is better, after its penalties are made tight."""
    exact = bench.complete(bench.timetable(found))
    if exact is not None and search.best is not None and exact.objective < search.best.objective:
        search.best = exact
        search.report(Message("holding preferences"))
