"""School plans from a cold start: time to the first legal timetable, cost, bound, gap, memory.

    python benchmarks/schools.py [--time 60] [--seeds 3] [--workers 2] [NAME ...]

Each run is a process of its own. The table goes to the screen and to ``benchmarks/results/schools.md``. Names: the shipped examples,
``nine-year36`` and the like (kind and classes for the generator), ``primary51`` and ``senior20`` (need KEBIAO_BENCHMARKS).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.outcome import Progress

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("KEBIAO_BENCHMARKS", ROOT.parent / "shared" / "benchmarks"))
FILES = {
    "primary51": ["excel/primary51_course_plan_hengdapi.xlsx"],
    "senior20": ["excel/senior20_course_info_zsyang168.xlsx", "excel/senior20_teaching_assignment_matrix_zsyang168_anon.xlsx"],
}
NAMES = ("primary24", "nine-year36", "senior24", "nine-year96", "primary51", "senior20")


def school(name: str, seed: int):
    """Return the school of a name; generated ones depend on the seed."""
    from instances.generator import generate
    from scheduler.reading.read import read_school

    if name in FILES:
        return read_school([DATA / file for file in FILES[name]])
    match = re.fullmatch(r"([a-z-]+?)(\d+)", name)
    assert match, f"unknown school {name}"
    return generate(match[1], int(match[2]), seed)


def _within(progress: Progress, gap: float) -> bool:
    """Say whether a moment of a search was within a gap of the bound known then."""
    cost, bound = progress.cost, progress.bound
    return cost is not None and bound is not None and not cost.required and cost.preference - bound <= gap * cost.preference


def one(name: str, seed: int, seconds: float, workers: int) -> dict[str, object]:
    """Read, compile, solve and check one school; return what the table needs."""
    started = time.monotonic()
    from scheduler.solving.options import SolveOptions
    from scheduler.timetabling import make_timetable

    given = school(name, seed)
    read = time.monotonic() - started
    started = time.monotonic()
    outcome = make_timetable(given, SolveOptions(time_limit=seconds, seed=seed, workers=workers))
    solution = outcome.solution
    return {
        "name": name,
        "seed": seed,
        "classes": len(given.classes),
        "lessons": sum(event.duration for event in outcome.problem.events),
        "read": read,
        "total": time.monotonic() - started,
        "first": solution.first_legal_seconds,
        "near": next((p.seconds for p in solution.history if _within(p, 0.01)), None),
        "proof": solution.proof.value,
        "cost": str(solution.cost),
        "bound": solution.bound,
        "gap": solution.gap,
        "seconds": solution.seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--time", type=float, default=60)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one(arguments.one[0], int(arguments.one[1]), arguments.time, arguments.workers)))
        return
    lines = [
        f"kebiao {version('kebiao')}, ortools {version('ortools')}, {arguments.workers} workers, limit {arguments.time:g} s, cold start.",
        "`first` is the time to the first legal timetable, `gap` (cost - bound) / cost.",
        "",
        "| school | seed | classes | lessons | first s | cost | bound | gap | status | s | MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for name in arguments.names:
        if name in FILES and not DATA.exists():
            continue
        for seed in range(1 if name in FILES else arguments.seeds):
            command = [
                sys.executable,
                __file__,
                "--one",
                name,
                str(seed),
                "--time",
                str(arguments.time),
                "--workers",
                str(arguments.workers),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                lines.append(f"| {name} | {seed} | failed: {done.stderr.strip().splitlines()[-1]} |")
            else:
                r = json.loads(done.stdout.splitlines()[-1])
                first = "–" if r["first"] is None else f"{r['first']:.1f}"
                gap = "–" if r["gap"] is None else f"{r['gap']:.1%}"
                lines.append(
                    f"| {name} | {seed} | {r['classes']} | {r['lessons']} | {first} | {r['cost']} | {r['bound']} | {gap} |"
                    f" {r['proof']} | {r['seconds']:.0f} | {r['memory']:.0f} |"
                )
            print(lines[-1], flush=True)
    target = ROOT / "benchmarks" / "results" / "schools.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(["# School plans", "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
