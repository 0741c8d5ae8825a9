"""The same school plan for FET and kebiao: ``python benchmarks/fet_schools.py [--classes 36 96] [--seeds 3] [--time 60] [--limit 300]``.

A generated school with its rule sets is compiled as ever; FET gets it as a ``.fet`` file, as far as FET can express it (lessons every
other week and most preferences it cannot, so its task is the easier one), kebiao the whole. Each pair is a line of a ``.jsonl`` file as
soon as it is there; a run that was stopped goes on where it stood, and ``--table`` writes the table (``.md`` beside it) from what there
is: the seconds to the first legal timetable, wall and CPU of whole processes, their ratio (ours over FET's), and the cost of both
answers, required/preference, by kebiao's checker on the whole problem: FET's first timetable, in which the lessons that it was not given
are missing, and ours after ``--time`` seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fet import ROOT, Run, add, ratio, shown, theirs, written

from constraints.base import evaluate
from instances.generator import generate
from instances.problem import Problem
from instances.timetable import TimetableView
from scheduler.compiling.compile import compile_school
from scheduler.formats.fet_export import export_problem, write_export
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import placing_of, rulesets_of


def problem_of(classes: int) -> Problem:
    """Return the problem of a generated nine-year school with its rule sets."""
    school = generate("nine-year", classes, 0)
    placing = placing_of(school, rulesets_of(school))
    return compile_school(school, placing.courses, placing.requirements).problem


def solved(classes: int, seconds: float, seed: int, workers: int | None) -> Run:
    """Solve a school in this process."""
    from scheduler.solving.solve import solve

    begin = time.perf_counter()
    problem = problem_of(classes)
    prepared = time.perf_counter() - begin
    solution = solve(problem, SolveOptions(time_limit=seconds, seed=seed, workers=workers))
    first = solution.first_legal_seconds
    return {
        "solved": solution.timetable is not None,
        "first": None if first is None else prepared + first,
        "cost": str(solution.cost),
        "bound": solution.bound,
    }


def child(classes: int, seconds: float, seed: int, workers: int | None) -> Run:
    """Solve a school in a process of its own; ``wall`` is the time to the first legal timetable, with the start of the process."""
    command = [sys.executable, __file__, "--child", str(classes), "--time", str(seconds), "--seed", str(seed)]
    command += ["--workers", str(workers)] if workers else []
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return {"solved": False, "wall": wall, "cpu": wall, "error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    found: Run = json.loads(done.stdout.splitlines()[-1])
    found["wall"] = found["first"] if found["first"] is not None else wall
    found["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return found


def pair(classes: int, seed: int, seconds: float, limit: float, workers: int | None) -> Run:
    """Return what both programs did with one school and seed."""
    problem = problem_of(classes)
    export = export_problem(problem)
    left = Counter(str(message).split(":")[0] if "(" in str(message) else str(message.text) for message in export.left_out)
    cost = "-"
    with tempfile.TemporaryDirectory() as folder:
        plan, answer = Path(folder, "school.fet"), Path(folder, "answer.xml")
        write_export(export, plan)
        foreign = theirs(plan, limit, seed, answer)
        if foreign["solved"]:
            cost = str(evaluate(problem, TimetableView(problem, export.timetable_of(answer)))[0])
    limits = {"time": seconds, "limit": limit, "cores": len(os.sched_getaffinity(0)), "machine": platform.machine()}
    mine = child(classes, seconds, seed, workers)
    return {"classes": classes, "seed": seed, **limits, "fet": foreign, "fet cost": cost, "kebiao": mine, "left out": dict(left)}


def table(lines: Sequence[Run]) -> str:
    """Return the table in Markdown."""
    if not lines:
        return "No runs yet.\n"
    rows = [
        f"Nine-year schools; cores: {lines[0]['cores']}, {lines[0]['machine']}; kebiao {lines[0]['time']:g} s.",
        "",
        "| classes | seed | FET legal s | kebiao legal s | ratio | FET cost | kebiao cost | bound |",
        "|---|---|---|---|---|---|---|---|",
    ]
    missing: dict[int, str] = {}
    for line in lines:
        run, foreign = line["kebiao"], line["fet"]
        cells = [str(line["classes"]), str(line["seed"]), shown(foreign, "wall"), shown(run, "wall")]
        cells += [f"{ratio(run, foreign, 'wall', line['limit']):.2f}", line["fet cost"], str(run.get("cost")), str(run.get("bound"))]
        rows.append(f"| {' | '.join(cells)} |")
        ordered = sorted(line["left out"].items(), key=lambda item: -item[1])
        missing[line["classes"]] = ", ".join(f"{count} x {what}" for what, count in ordered)
    return "\n".join([*rows, "", *(f"{classes} classes, left out for FET: {what}" for classes, what in missing.items()), ""])


def main() -> int:
    """Run the pairs that are missing, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, nargs="*", default=[36, 96])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--time", type=float, default=60.0, help="seconds for kebiao")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for FET")
    parser.add_argument("--workers", type=int, help="workers of kebiao; default one for each core")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "fet_schools.jsonl")
    parser.add_argument("--table", action="store_true", help="write the table and run nothing")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        print(json.dumps(solved(arguments.child, arguments.time, arguments.seed, arguments.workers)))
        return 0
    done = {(line["classes"], line["seed"]) for line in written(arguments.out)}
    for seed in range(1, arguments.seeds + 1):
        for classes in arguments.classes:
            if not arguments.table and (classes, seed) not in done:
                add(arguments.out, pair(classes, seed, arguments.time, arguments.limit, arguments.workers))
    text = table(sorted(written(arguments.out), key=lambda line: (line["classes"], line["seed"])))
    arguments.out.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
