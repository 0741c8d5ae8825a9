"""FET against kebiao on the same files: ``python benchmarks/fet.py --seeds 3 [--time 60] [--limit 100] [--out file.jsonl] [name ...]``.

For each file and seed ``fet-cl`` (Debian package ``fet``) and kebiao run one after the other, each in a process of its own on the same
cores. Each pair is a line of a ``.jsonl`` file as soon as it is there; a run that was stopped goes on where it stood, and ``--table``
writes the tables (``.md`` beside it) from what there is. The first table has the wall and CPU seconds to the first legal timetable and
their ratios, ours over FET's, pair by pair, with the geometric mean over all pairs; a run that finds none within ``--limit`` seconds
fails and stands in the ratio with the limit. The second has FET's own total of soft conflicts: of its first timetable, and of ours after
``--time`` seconds, which ``fet-cl`` itself states after it completed our locked file, the referee. Files: those of ``KEBIAO_BENCHMARKS``
(fet/*.fet), or ``--files`` of your own. Both programs on one core: ``taskset -c 1 python benchmarks/fet.py ... --workers 2``.
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
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.outcome import Progress, Solution

Run = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
_SOLVED = ((True, True), (True, False), (False, True))  # by FET, by kebiao
_QUIET = "statistics dayshorizontal daysvertical timehorizontal timevertical subgroups groups years teachers teachersfreeperiods rooms"


def samples() -> list[Path]:
    """Return the sample files."""
    folder = Path(os.environ.get("KEBIAO_BENCHMARKS", ROOT.parent / "shared" / "benchmarks")) / "fet"
    return sorted(folder.glob("*.fet*"))


def ours(path: Path, seconds: float, seed: int, first_only: bool, locked: Path | None, workers: int | None) -> Run:
    """Solve one file in this process: to the first legal timetable, or for ``seconds``."""
    from constraints.base import evaluate
    from instances.timetable import TimetableView
    from scheduler.formats.fet_read import read_fet
    from scheduler.formats.fet_write import write_fet
    from scheduler.formats.solve_format import solve_fet_problem
    from scheduler.solving.best import best_timetable
    from scheduler.solving.ejection.legal import first_timetable
    from scheduler.solving.options import SolveOptions
    from scheduler.solving.stopping import Deadline

    begin, cpu = time.perf_counter(), time.process_time()
    fet = read_fet(path)
    reading = time.perf_counter() - begin
    deadline = Deadline(seconds)
    options = SolveOptions(time_limit=seconds, seed=seed, workers=workers, linear_start=False)

    def tell(progress: Progress) -> None:
        if first_only and progress.cost is not None and progress.cost.required == 0:
            deadline.stop()

    timetable = first_timetable(fet.problem, options, deadline) if first_only else None
    found: Solution | None = None
    if timetable is None or evaluate(fet.problem, TimetableView(fet.problem, timetable))[0].required:
        search = partial(best_timetable, start=timetable) if first_only else solve_fet_problem
        found = search(fet.problem, options, tell=tell, deadline=deadline)
        timetable = found.timetable if found.cost is not None and found.cost.required == 0 else None
    if locked is not None and timetable is not None:
        write_fet(fet, timetable, path, locked)
    return {
        "solved": timetable is not None,
        "wall": time.perf_counter() - begin,
        "cpu": time.process_time() - cpu,
        "reading": reading,
        "cost": None if found is None else str(found.cost),
        "bound": None if found is None else found.bound,
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
        with suppress(subprocess.TimeoutExpired):  # it looks at the clock between two steps of a recursion that may not end
            subprocess.run(command, capture_output=True, env=environment, check=False, timeout=seconds + 20)
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        result = Path(folder, "out", "logs", "result.txt")
        said = result.read_text(encoding="utf-8-sig") if result.exists() else ""
        solved = "Simulation successful" in said
        soft = None
        for conflicts in Path(folder, "out", "timetables").glob(f"{plain.stem}*/*soft_conflicts.txt") if solved else ():
            total = re.search(r"Total soft conflicts: ([0-9.]+)", conflicts.read_text(encoding="utf-8-sig"))
            soft = float(total.group(1)) if total else None
        if solved and keep is not None:
            for answer in Path(folder, "out", "timetables").glob("*/*_activities.xml"):
                keep.write_bytes(answer.read_bytes())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    refused = {"error": "refused the data"} if "Cannot precompute" in said else {}
    return {"solved": solved, "wall": wall, "cpu": cpu, "soft": soft, **refused}


def child(path: Path, seconds: float, seed: int, workers: int | None, *, first_only: bool, locked: Path | None = None) -> Run:
    """Run kebiao in a process of its own."""
    command = [sys.executable, __file__, "--child", str(path), "--time", str(seconds), "--seed", str(seed)]
    command += ["--first"] if first_only else []
    command += ["--locked", str(locked)] if locked else []
    command += ["--workers", str(workers)] if workers else []
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


def pair(path: Path, seed: int, arguments: argparse.Namespace, with_fet: bool) -> Run:
    """Return what both programs did with one file and seed."""
    name = path.name.removesuffix(".gz").removesuffix(".fet")
    foreign = theirs(path, arguments.limit, seed) if with_fet else None
    first = child(path, arguments.limit, seed, arguments.workers, first_only=True)
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / f"{name}_locked.fet"
        better = child(path, arguments.time, seed, arguments.workers, first_only=False, locked=locked) if arguments.time else None
        judged = theirs(locked, 20, seed) if with_fet and locked.exists() else None
    limits = {"limit": arguments.limit, "time": arguments.time, "cores": len(os.sched_getaffinity(0)), "machine": platform.machine()}
    return {"file": name, "seed": seed, **limits, "fet": foreign, "first": first, "better": better, "judged": judged}


def tables(lines: Sequence[Run]) -> str:
    """Return both tables in Markdown."""
    if not lines:
        return "No runs yet.\n"
    head = f"{len(lines)} pairs, limit {lines[0]['limit']:g} s, cores: {lines[0]['cores']}, {lines[0]['machine']}. "
    head += "Seconds of whole processes, wall / CPU."
    first = [head, "", "| file | seed | FET | kebiao | ratio wall | ratio CPU |", "|---|---|---|---|---|---|"]
    second = [f"After {lines[0]['time']:g} s; soft totals are FET's own.", ""]
    second += ["| file | seed | FET first | kebiao | our cost | bound | referee | MB |", "|---|---|---|---|---|---|---|---|"]
    ratios: dict[str, list[float]] = {"wall": [], "cpu": []}
    for line in lines:
        foreign, mine, better, judged = line["fet"], line["first"], line["better"], line["judged"]
        cells = ["-", "-"]
        if foreign is not None and (mine["solved"] or foreign["solved"]):
            for number, key in enumerate(ratios):
                ratios[key].append(ratio(mine, foreign, key, line["limit"]))
                cells[number] = f"{ratios[key][-1]:.2f}"
        times = ["-" if run is None else f"{shown(run, 'wall')} / {shown(run, 'cpu')}" for run in (foreign, mine)]
        first.append(f"| {line['file']} | {line['seed']} | {times[0]} | {times[1]} | {cells[0]} | {cells[1]} |")
        if better is not None:
            soft = "-" if judged is None else str(judged["soft"])
            verdict = "-" if judged is None else f"completed in {judged['wall']:.1f} s" if judged["solved"] else "REFUSED"
            theirs_first = "-" if foreign is None else str(foreign["soft"])
            cost = better.get("cost", "-") if better["solved"] else "none"
            second.append(
                f"| {line['file']} | {line['seed']} | {theirs_first} | {soft} | {cost} | {better.get('bound')} | {verdict} "
                f"| {better.get('megabytes', '-')} |"
            )
    means = [f"Geometric mean of the ratios: {_means(ratios)}.", ""] if ratios["wall"] else [""]
    both = [(line["fet"]["solved"], line["first"]["solved"]) for line in lines if line["fet"] is not None]
    if both:
        counts = ", ".join(f"{who} {both.count(pair)}" for who, pair in zip(("both", "FET alone", "kebiao alone"), _SOLVED, strict=True))
        means.insert(1, f"Legal within the limit: {counts}, neither {both.count((False, False))}.")
    return "\n".join([*first, "", *means, *(second if any(line["better"] for line in lines) else ()), ""])


def written(path: Path) -> list[Run]:
    """Return the runs that a file holds."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line] if path.exists() else []


def add(path: Path, line: Run) -> None:
    """Add a run to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def main() -> int:
    """Run the pairs that are missing, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of file names; without any, all files")
    parser.add_argument("--files", nargs="*", type=Path, help="FET files of your own instead of the samples")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--time", type=float, default=60.0, help="seconds for the quality run, 0 for none")
    parser.add_argument("--limit", type=float, default=100.0, help="seconds to the first legal timetable, for both programs")
    parser.add_argument("--workers", type=int, help="workers of kebiao; default one for each core")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "fet.jsonl")
    parser.add_argument("--table", action="store_true", help="write the tables and run nothing")
    parser.add_argument("--skip-fet", action="store_true", help="kebiao alone")
    for hidden in ("--child", "--locked"):
        parser.add_argument(hidden, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--first", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child is not None:
        run = ours(arguments.child, arguments.time, arguments.seed, arguments.first, arguments.locked, arguments.workers)
        print(json.dumps(run))
        return 0
    with_fet = not arguments.skip_fet and shutil.which("fet-cl") is not None
    if not with_fet and not arguments.skip_fet:
        print("fet-cl is not installed (Debian package fet); kebiao alone.", file=sys.stderr)
    files = [p for p in arguments.files or samples() if not arguments.names or any(name in p.name for name in arguments.names)]
    done = {(line["file"], line["seed"]) for line in written(arguments.out)}
    for seed in range(1, arguments.seeds + 1):
        for path in files:
            if not arguments.table and (path.name.removesuffix(".gz").removesuffix(".fet"), seed) not in done:
                add(arguments.out, pair(path, seed, arguments, with_fet))
    text = tables(sorted(written(arguments.out), key=lambda line: (line["file"], line["seed"])))
    arguments.out.with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _means(ratios: dict[str, list[float]]) -> str:
    found = {key: math.exp(statistics.fmean(map(math.log, values))) for key, values in ratios.items()}
    return f"{found['wall']:.2f} (wall), {found['cpu']:.2f} (CPU), {len(ratios['wall'])} pairs"


if __name__ == "__main__":
    sys.exit(main())
