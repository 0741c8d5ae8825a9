"""Where the seconds go beside the search: ``python benchmarks/stages.py [CLASSES ...]`` (default 36 and 96).

A generated nine-year school is written as a workbook and taken through every stage of the main job but the search: its timetable is the
first legal one. Each size is a process of its own; the table goes to the screen and to ``benchmarks/results/stages.md``.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEARCH = "first legal timetable (search)"


def one(classes: int) -> dict[str, float]:
    """Return the seconds of each stage, in order."""
    spent: dict[str, float] = {}

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        spent[stage] = time.perf_counter() - started

    with timed("importing"):
        from constraints.base import evaluate
        from constraints.case import Case
        from instances.generator import generate
        from instances.timetable import TimetableView
        from scheduler.cli.app import COLLECT_AFTER
        from scheduler.compiling.compile import compile_school
        from scheduler.outcome import Outcome, Proof, Solution
        from scheduler.reading.read import read_school
        from scheduler.solving.build import build, requirements_only, strict
        from scheduler.solving.options import SolveOptions
        from scheduler.solving.pooling import reduce
        from scheduler.solving.solve import Search, first_legal
        from scheduler.solving.stopping import Deadline
        from scheduler.solving.vectors import Workbench, tier_cost
        from scheduler.timetabling import judged, placing_of, rulesets_of
        from scheduler.writing.plan import write_plan
        from scheduler.writing.workbook import write_workbook
    gc.set_threshold(COLLECT_AFTER)  # as the command line does
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.xlsx"
        write_plan(generate("nine-year", classes, 0), plan)
        with timed("reading the plan"):
            school = read_school([plan])
        with timed("rules and compiling"):
            rulesets = rulesets_of(school)
            placing = placing_of(school, rulesets)
            compiled = compile_school(school, placing.courses, placing.requirements)
        with timed("pooling of rooms"):
            reduced = reduce(compiled.problem)
        with timed("building: requirements"):
            build(reduced.problem, requirements_only)
        search = Search(reduced.problem, SolveOptions(time_limit=300, workers=2), Deadline(300), lambda progress: None)
        with timed(SEARCH):
            legal, _ = first_legal(search, reduced.problem, requirements_only)
        spent[SEARCH] -= spent["building: requirements"]  # first_legal builds the model once more
        assert legal is not None
        with timed("building: everything"):
            bench = Workbench(model := build(reduced.problem, strict), tier_cost(model, required=False))
        with timed("first full vector"):
            vector = bench.complete(legal)
        assert vector is not None
        with timed("handing out rooms"):
            timetable = reduced.expand(bench.timetable(vector))
        assert timetable is not None
        with timed("checking"):
            cost, violations = evaluate(compiled.problem, TimetableView(compiled.problem, timetable))
        with timed("judging"):
            lessons = compiled.timetable_of(timetable)
            verdicts = judged(school, rulesets, Case(school, lessons))
        solution = Solution(Proof.FEASIBLE, timetable, cost, None, 0.0, None, 0, 2)
        outcome = Outcome(compiled.school, compiled.problem, solution, lessons, tuple(violations), verdicts)
        with timed("writing the workbook"):
            write_workbook(outcome, Path(folder) / "timetable.xlsx", inputs=[plan])
    return spent


def main() -> None:
    """Run the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(int(sys.argv[2]))))
        return
    sizes = [int(argument) for argument in sys.argv[1:]] or [36, 96]
    columns = []
    for size in sizes:
        done = subprocess.run([sys.executable, __file__, "--one", str(size)], capture_output=True, text=True, check=True)
        columns.append(json.loads(done.stdout.splitlines()[-1]))
    cores = len(os.sched_getaffinity(0))
    lines = [
        "# Where the seconds go",
        "",
        f"Nine-year school, seed 0, seconds; kebiao {version('kebiao')}, ortools {version('ortools')}, cores: {cores}.",
        "The fixed part is all but the search.",
        "",
        "| stage | " + " | ".join(f"{size} classes" for size in sizes) + " |",
        "|---|" + "---|" * len(sizes),
        *(f"| {stage} | " + " | ".join(f"{column[stage]:.2f}" for column in columns) + " |" for stage in columns[0]),
        "| **fixed part** | " + " | ".join(f"**{sum(column.values()) - column[SEARCH]:.2f}**" for column in columns) + " |",
    ]
    print("\n".join(lines))
    (ROOT / "benchmarks" / "results" / "stages.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
