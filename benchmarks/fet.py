"""FET against kebiao on the same files: ``python benchmarks/fet.py --seeds 3 [--time 60] [--limit 300] [--out file.md] [name ...]``.

For each file and seed ``fet-cl`` (Debian package ``fet``) and kebiao run one after the other, each in a process of its own on the same
cores. The first table has the wall and CPU seconds to the first legal timetable and their ratios, ours over FET's, pair by pair, with
the geometric mean over all pairs; a run that finds none within ``--limit`` seconds fails and stands in the ratio with the limit. The
second has FET's own total of soft conflicts: of its first timetable, and of ours after ``--time`` seconds, which ``fet-cl`` itself
states after it completed our locked file, the referee. Files: those of ``KEBIAO_BENCHMARKS`` (fet/*.fet), or ``--files`` of your own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

Run = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
_QUIET = "statistics dayshorizontal daysvertical timehorizontal timevertical subgroups groups years teachers teachersfreeperiods rooms"


def samples() -> list[Path]:
    """Return the sample files."""
    folder = Path(os.environ.get("KEBIAO_BENCHMARKS", ROOT.parent / "shared" / "benchmarks")) / "fet"
    return sorted(folder.glob("*.fet*"))


def ours(path: Path, seconds: float, seed: int, first_only: bool, locked: Path | None) -> Run:
    """Solve one file in this process: to the first legal timetable, or for ``seconds``."""
    from instances.timetable import Cost
    from scheduler.formats.fet_read import read_fet
    from scheduler.formats.fet_write import write_fet
    from scheduler.outcome import Solution
    from scheduler.solving.build import requirements_only
    from scheduler.solving.options import SolveOptions
    from scheduler.solving.pooling import pool
    from scheduler.solving.solve import Search, first_legal, solve
    from scheduler.solving.stopping import Deadline

    begin, cpu = time.perf_counter(), time.process_time()
    fet = read_fet(path)
    reading = time.perf_counter() - begin
    options = SolveOptions(time_limit=seconds, seed=seed, linear_start=False)
    found: Solution | None = None
    if first_only:
        pooled = pool(fet.problem)
        legal, _ = first_legal(Search(pooled.problem, options, Deadline(seconds), lambda progress: None), pooled.problem, requirements_only)
        timetable = pooled.expand(legal) if legal is not None else None
    else:
        found = solve(fet.problem, options)
        timetable = found.timetable
    cost = found.cost if found is not None else None
    if locked is not None and timetable is not None:
        write_fet(fet, timetable, path, locked)
    return {
        "solved": timetable is not None,
        "wall": time.perf_counter() - begin,
        "cpu": time.process_time() - cpu,
        "reading": reading,
        "cost": str(cost or Cost()),
        "bound": found.bound if found is not None else None,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def theirs(path: Path, seconds: float, seed: int, keep: Path | None = None) -> Run:
    """Run ``fet-cl`` on a file; ``soft`` is its total of soft conflicts. Its ``*_activities.xml`` goes to ``keep``, where given."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / path.name.removesuffix(".gz")
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as source:
            plain.write_bytes(source.read())
        command = ["fet-cl", f"--inputfile={plain}", f"--outputdir={folder}/out", f"--timelimitseconds={int(seconds)}", "--htmllevel=0"]
        command += ["--writetimetableconflicts=true", *(f"--writetimetables{kind}=false" for kind in _QUIET.split())]
        command += [f"--randomseeds{part}={1000 * number + seed}" for number, part in enumerate(("10", "11", "12", "20", "21", "22"), 1)]
        command += [f"--writetimetablesxml={str(keep is not None).lower()}"]
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        subprocess.run(command, capture_output=True, env=environment, check=False, timeout=seconds + 120)
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        result = Path(folder, "out", "logs", "result.txt")
        solved = result.exists() and "Simulation successful" in result.read_text(encoding="utf-8-sig")
        soft = None
        for conflicts in Path(folder, "out", "timetables").glob(f"{plain.stem}*/*soft_conflicts.txt") if solved else ():
            total = re.search(r"Total soft conflicts: ([0-9.]+)", conflicts.read_text(encoding="utf-8-sig"))
            soft = float(total.group(1)) if total else None
        if solved and keep is not None:
            for answer in Path(folder, "out", "timetables").glob("*/*_activities.xml"):
                keep.write_bytes(answer.read_bytes())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"solved": solved, "wall": wall, "cpu": cpu, "soft": soft}


def child(path: Path, seconds: float, seed: int, first_only: bool, locked: Path | None = None) -> Run:
    """Run kebiao in a process of its own."""
    command = [sys.executable, __file__, "--child", str(path), "--time", str(seconds), "--seed", str(seed)]
    command += ["--first"] if first_only else []
    command += ["--locked", str(locked)] if locked else []
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return {"solved": False, "wall": wall, "cpu": wall, "error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    found: Run = json.loads(done.stdout.splitlines()[-1])
    # The whole process counts, with the start of Python and its libraries, as it does for fet-cl.
    return {**found, "wall": wall, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}


def ratio(run: Run, other: Run, key: str, limit: float) -> float:
    """Return our time over FET's; a run that failed stands with the limit."""
    mine, foreign = (max(found[key], 0.01) if found["solved"] else limit for found in (run, other))
    return mine / foreign


def shown(run: Run, key: str) -> str:
    """Return a time, or that the run failed."""
    return f"{run[key]:.1f}" if run["solved"] else run.get("error", "failed")[:40]


def main() -> int:
    """Run what the arguments say and print the tables as they grow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of file names; without any, all files")
    parser.add_argument("--files", nargs="*", type=Path, help="FET files of your own instead of the samples")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--time", type=float, default=60.0, help="seconds for the quality run")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds to the first legal timetable, for both programs")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "fet.md")
    parser.add_argument("--skip-fet", action="store_true", help="kebiao alone")
    for hidden in ("--child", "--locked"):
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        print(json.dumps(ours(arguments.child, arguments.time, arguments.seed, arguments.first, arguments.locked)))
        return 0
    with_fet = not arguments.skip_fet and shutil.which("fet-cl") is not None
    if not with_fet and not arguments.skip_fet:
        print("fet-cl is not installed (Debian package fet); kebiao alone.", file=sys.stderr)
    files = [p for p in arguments.files or samples() if not arguments.names or any(name in p.name for name in arguments.names)]
    head = f"{arguments.seeds} seeds, limit {arguments.limit:g} s, {os.cpu_count()} cores, {platform.machine()}. "
    head += "Seconds of whole processes, wall / CPU."
    first = [head, "", "| file | seed | FET | kebiao | ratio wall | ratio CPU |", "|---|---|---|---|---|---|"]
    second = [f"After {arguments.time:g} s; soft totals are FET's own.", ""]
    second += ["| file | seed | FET first | kebiao | our cost | bound | referee | MB |", "|---|---|---|---|---|---|---|---|"]
    ratios: dict[str, list[float]] = {"wall": [], "cpu": []}
    for path in files:
        name = path.name.removesuffix(".gz").removesuffix(".fet")
        for seed in range(1, arguments.seeds + 1):
            foreign = theirs(path, arguments.limit, seed) if with_fet else {"solved": False, "wall": 0.0, "cpu": 0.0, "soft": None}
            run = child(path, arguments.limit, seed, first_only=True)
            cells = ["-", "-"]
            if with_fet and (run["solved"] or foreign["solved"]):
                for number, key in enumerate(ratios):
                    ratios[key].append(ratio(run, foreign, key, arguments.limit))
                    cells[number] = f"{ratios[key][-1]:.2f}"
            pair = [f"{shown(found, 'wall')} / {shown(found, 'cpu')}" for found in (foreign, run)]
            first.append(f"| {name} | {seed} | {pair[0]} | {pair[1]} | {cells[0]} | {cells[1]} |")
            print(first[-1], flush=True)
            with tempfile.TemporaryDirectory() as folder:
                locked = Path(folder) / f"{name}_locked.fet"
                better = child(path, arguments.time, seed, first_only=False, locked=locked)
                judged = theirs(locked, 20, seed) if with_fet and locked.exists() else None
            soft = "-" if judged is None else str(judged["soft"])
            verdict = "-" if judged is None else f"completed in {judged['wall']:.1f} s" if judged["solved"] else "REFUSED"
            cells = [name, str(seed), str(foreign["soft"]), soft, better.get("cost", "-") if better["solved"] else "none"]
            second.append(f"| {' | '.join(cells)} | {better.get('bound')} | {verdict} | {better.get('megabytes', '-')} |")
            print(second[-1], flush=True)
            means = [f"Geometric mean of the ratios: {_means(ratios)}.", ""] if ratios["wall"] else [""]
            arguments.out.parent.mkdir(parents=True, exist_ok=True)
            arguments.out.write_text("\n".join([*first, "", *means, *second, ""]), encoding="utf-8")
    if ratios["wall"]:
        print(f"geometric mean of the ratios: {_means(ratios)}")
    return 0


def _means(ratios: dict[str, list[float]]) -> str:
    found = {key: math.exp(statistics.fmean(map(math.log, values))) for key, values in ratios.items()}
    return f"{found['wall']:.2f} (wall), {found['cpu']:.2f} (CPU), {len(ratios['wall'])} pairs"


if __name__ == "__main__":
    sys.exit(main())
