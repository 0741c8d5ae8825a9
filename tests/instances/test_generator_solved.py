"""Generated schools have legal timetables, with the national rules about placing lessons."""

import pytest
from ortools.sat.python import cp_model

from constraints.judging import place
from constraints.ruleset import load_ruleset
from instances.generator import generate
from scheduler.compiling.compile import compile_school
from scheduler.solving.build import build, requirements_only

SMALL = [("primary", 12, 0), ("junior", 6, 0), ("nine-year", 18, 0), ("senior", 6, 0)]
STANDARD = [
    (kind, classes, seed) for kind, classes in (("primary", 24), ("junior", 24), ("nine-year", 36), ("senior", 30)) for seed in range(5)
]


@pytest.mark.parametrize(("kind", "classes", "seed"), [*SMALL, *(pytest.param(*case, marks=pytest.mark.slow) for case in STANDARD)])
def test_a_generated_school_has_a_legal_timetable(kind: str, classes: int, seed: int) -> None:
    """All requirements together, found within a limit of deterministic time, and no rule of the national set has to give way."""
    school = generate(kind, classes, seed)  # type: ignore[arg-type]
    placing = place(load_ruleset("national"), school)
    assert placing.gave_way == ()
    compiled = compile_school(school, placing.courses, placing.requirements)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.linearization_level = 0
    solver.parameters.max_deterministic_time = 120
    model = build(compiled.problem, requirements_only)
    assert solver.status_name(solver.solve(model.cp)) in ("OPTIMAL", "FEASIBLE")
