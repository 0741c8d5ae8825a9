"""XHSTT instances from a cold start: ``python benchmarks/xhstt.py --time 60 --seeds 3 [--out table.md] [--solutions folder] [name ...]``.

Each run is a process of its own, one after the other, so that memory and time are its own. The table has, for each instance, the
best known cost (best solution in the published archives), ours (least and median over the seeds), the seconds to the first timetable
of required cost 0 (median), the best lower bound of the preference cost, and the most memory. Costs are required/preference, or
preference alone where the required cost is 0. Every timetable is costed by the checker; with ``--solutions`` it is kept as an XHSTT
archive, which ``kebiao evaluate`` reads. Names select instances by parts of their file names; without any, all are run.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from evaluate_xhstt import data

from constraints.base import evaluate
from instances.problem import Problem
from instances.timetable import Cost, Timetable, TimetableView
from scheduler.formats.xhstt_archive import Archive, ArchiveSolution, completed
from scheduler.formats.xhstt_read import read_archive
from scheduler.formats.xhstt_write import write_archive
from scheduler.solving.options import SolveOptions
from scheduler.solving.solve import solve, solve_elastic

Run = dict[str, Any]


def shown(cost: Cost) -> str:
    """Return a cost as the tables of the field have it."""
    return str(cost.preference) if cost.required == 0 else str(cost)


def run(path: Path, seconds: float, seed: int, keep: Path | None) -> Run:
    """Solve one instance in this process. Where no legal timetable is found in good time, the rest goes to the least required cost."""
    begin = time.perf_counter()
    instance = read_archive(path).instances[0]
    problem: Problem = instance.problem
    reading = time.perf_counter() - begin
    solution = solve(problem, SolveOptions(time_limit=seconds, seed=seed, patience=0.5))
    if solution.timetable is None:
        left = max(1.0, seconds - (time.perf_counter() - begin))
        solution = solve_elastic(problem, SolveOptions(time_limit=left, seed=seed))
    timetable = completed(problem, solution.timetable or Timetable(()))
    cost, _ = evaluate(problem, TimetableView(problem, timetable))
    if keep is not None:
        ours = ArchiveSolution(f"kebiao seed {seed}", instance.id, timetable, running_time=solution.seconds)
        write_archive(keep / f"{path.name.removesuffix('.xml.gz')}.{seed}.xml", Archive((instance,), (ours,)))
    return {
        "cost": [cost.required, cost.preference],
        "first": solution.first_legal_seconds,
        "bound": solution.bound,
        "proof": solution.proof.value,
        "seconds": time.perf_counter() - begin,
        "reading": reading,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def table() -> list[dict[str, str]]:
    """Return the rows of ``instances.csv``."""
    with (data() / "instances.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def child(path: Path, seconds: float, seed: int, keep: Path | None) -> Run:
    """Run one instance in a process of its own; a crash is a run without a cost."""
    command = [sys.executable, __file__, "--child", str(path), "--time", str(seconds), "--seed", str(seed)]
    if keep is not None:
        command += ["--solutions", str(keep)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return found


def line(name: str, best: Cost, runs: list[Run]) -> str:
    """Return the row of one instance."""
    good = [found for found in runs if "error" not in found]
    if not good:
        return f"| {name} | {shown(best)} | {runs[0]['error'][:60]} | | | | | |"
    costs = sorted(Cost(*found["cost"]) for found in good)
    firsts = [found["first"] for found in good if found["first"] is not None]
    bounds = [found["bound"] for found in good if found["bound"] is not None]
    cells = [
        name,
        shown(best),
        shown(costs[0]),
        shown(costs[len(costs) // 2]),
        f"{statistics.median(firsts):.1f}" if len(firsts) * 2 > len(good) else "-",
        str(max(bounds)) if bounds else "-",
        str(max(found["megabytes"] for found in good)),
        f"{statistics.median(found['seconds'] for found in good):.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Run what the arguments say and print the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--time", type=float, default=60.0, help="seconds for each run")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each instance, seeds 1, 2, ...")
    parser.add_argument("--out", type=Path, help="file for the table")
    parser.add_argument("--solutions", type=Path, help="folder for the timetables")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        print(json.dumps(run(arguments.child, arguments.time, arguments.seed, arguments.solutions)))
        return 0
    if arguments.solutions is not None:
        arguments.solutions.mkdir(parents=True, exist_ok=True)
    lines = [
        f"Cold start, {arguments.time:g} s, {arguments.seeds} seeds, {os.cpu_count()} cores, {platform.machine()}, Python "
        f"{platform.python_version()}.",
        "",
        "| instance | best known | ours, least | median | first legal s | bound | MB | s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    for row in table():
        if arguments.names and not any(name in row["file"] for name in arguments.names):
            continue
        path = data() / "instances" / row["file"]
        runs = [child(path, arguments.time, seed, arguments.solutions) for seed in range(1, arguments.seeds + 1)]
        lines.append(line(row["file"].removesuffix(".xml.gz"), Cost(int(row["best_hard"]), int(row["best_soft"])), runs))
        print(lines[-1], flush=True)
        if arguments.out is not None:
            arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
