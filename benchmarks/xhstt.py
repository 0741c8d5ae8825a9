"""XHSTT instances from a cold start: ``python benchmarks/xhstt.py --time 60 --seeds 3 --runs runs.jsonl [--solutions folder] [name ...]``.

Each run is a process of its own, one after the other, so that memory and time are its own. It becomes a line of the file of runs; what
is there already is not run again, so a broken-off series goes on where it stopped. ``--table`` runs nothing and prints the table of the
file, to go to ``benchmarks/results/xhstt.md``. The table has, for each instance, the
best known cost (best solution in the published archives), ours (least and median over the seeds), the seconds to the first timetable
of required cost 0 (median), the best lower bound of the preference cost, and the most memory. Costs are required/preference, or
preference alone where the required cost is 0. Every timetable is costed by the checker and kept in ``out/xhstt``, or the folder of
``--solutions``, by instance and cost, for a record may not come again: an XHSTT archive, which ``kebiao evaluate`` reads. Names select
instances by parts of their file names; without any, all are run.
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
from scheduler.solving.best import best_timetable
from scheduler.solving.options import SolveOptions

Run = dict[str, Any]


def shown(cost: Cost) -> str:
    """Return a cost as the tables of the field have it."""
    return str(cost.preference) if cost.required == 0 else str(cost)


def run(path: Path, seconds: float, seed: int, keep: Path) -> Run:
    """Solve one instance in this process."""
    begin = time.perf_counter()
    instance = read_archive(path).instances[0]
    problem: Problem = instance.problem
    reading = time.perf_counter() - begin
    solution = best_timetable(problem, SolveOptions(time_limit=seconds, seed=seed))
    timetable = completed(problem, solution.timetable or Timetable(()))
    cost, _ = evaluate(problem, TimetableView(problem, timetable))
    ours = ArchiveSolution(f"kebiao seed {seed}", instance.id, timetable, running_time=solution.seconds)
    name = f"{path.name.removesuffix('.xml.gz')}.{cost.required}-{cost.preference}.xml"
    write_archive(keep / name, Archive((instance,), (ours,)))
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


def child(path: Path, seconds: float, seed: int, keep: Path) -> Run:
    """Run one instance in a process of its own; a crash is a run without a cost."""
    command = [sys.executable, __file__, "--child", str(path), "--time", str(seconds), "--seed", str(seed), "--solutions", str(keep)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: Run = {"name": path.name.removesuffix(".xml.gz"), "time": seconds, "seed": seed, "cores": os.cpu_count()}
    if done.returncode != 0:
        return {**found, "error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    return {**found, **json.loads(done.stdout.splitlines()[-1])}


def known(file: Path | None) -> list[Run]:
    """Return the runs of a file, none where there is no such file."""
    if file is None or not file.exists():
        return []
    return [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]


def line(name: str, best: Cost, runs: list[Run]) -> str:
    """Return the row of one instance."""
    good = [found for found in runs if "error" not in found]
    if not good:
        return f"| {name} | {shown(best)} | {runs[0]['error'][:60]} | | | | | | |"
    costs = sorted(Cost(*found["cost"]) for found in good)
    firsts = [found["first"] for found in good if found["first"] is not None]
    bounds = [found["bound"] for found in good if found["bound"] is not None]
    cells = [
        name,
        shown(best),
        shown(costs[0]),
        shown(costs[len(costs) // 2]),
        str(len(good)),
        f"{statistics.median(firsts):.1f}" if len(firsts) * 2 > len(good) else "-",
        str(max(bounds)) if bounds else "-",
        str(max(found["megabytes"] for found in good)),
        f"{statistics.median(found['seconds'] for found in good):.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Run what the arguments say, print each run as it ends and the table in the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--time", type=float, default=60.0, help="seconds for each run")
    parser.add_argument("--seeds", type=int, default=1, help="runs of each instance, seeds 1, 2, ...")
    parser.add_argument("--runs", type=Path, help="file that keeps the runs (.jsonl)")
    parser.add_argument("--table", action="store_true", help="only print the table of the runs that are there")
    parser.add_argument("--solutions", type=Path, default=Path("out/xhstt"), help="folder for the timetables")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.solutions.mkdir(parents=True, exist_ok=True)
    if arguments.child is not None:
        print(json.dumps(run(arguments.child, arguments.time, arguments.seed, arguments.solutions)))
        return 0
    wanted = [row for row in table() if not arguments.names or any(name in row["file"] for name in arguments.names)]
    runs = [found for found in known(arguments.runs) if found["time"] == arguments.time]
    for row in [] if arguments.table else wanted:
        path = data() / "instances" / row["file"]
        for seed in range(1, arguments.seeds + 1):
            if any((found["name"], found["seed"]) == (path.name.removesuffix(".xml.gz"), seed) for found in runs):
                continue
            runs.append(child(path, arguments.time, seed, arguments.solutions))
            print(json.dumps(runs[-1]), flush=True)
            if arguments.runs is not None:
                with arguments.runs.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(runs[-1]) + "\n")
    print("\n".join(report(wanted, runs, arguments.time)))
    return 0


def report(wanted: list[dict[str, str]], runs: list[Run], seconds: float) -> list[str]:
    """Return the lines of the table: the instances of ``instances.csv`` that were run."""
    lines = [
        f"Cold start, {seconds:g} s, {max((found['cores'] for found in runs), default=0)} cores, {platform.machine()}, Python "
        f"{platform.python_version()}.",
        "",
        "| instance | best known | ours, least | median | runs | first legal s | bound | MB | s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in wanted:
        name = row["file"].removesuffix(".xml.gz")
        mine = [found for found in runs if found["name"] == name]
        if mine:
            lines.append(line(name, Cost(int(row["best_hard"]), int(row["best_soft"])), mine))
    return lines


if __name__ == "__main__":
    sys.exit(main())
