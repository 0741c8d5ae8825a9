"""Thousands of random small problems: does the CP-SAT cost equal the checker's, constraint by constraint?

    python benchmarks/agreement_long.py --count 10000 --seed 0 [--report out.md]

Every case is drawn from ``Random(seed + number)``; the questions are those of ``tests/agreement.py``. The report says for each kind in
how many cases it took part and in how many of those the timetable broke it, so that agreement about nothing shows.
Exit code 1 where checker and solver differ; the first differences are printed in full, with their seed.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from constraints.registry import CONSTRAINTS
from tests.agreement import Differ, check_costs, compare_all


def main() -> int:
    """Run the cases and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]  # None under -OO only
    parser.add_argument("--count", type=int, default=10_000, help="number of random problems")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first problem")
    parser.add_argument("--report", type=Path, help="file to write the report to, beside printing it")
    options = parser.parse_args()
    took_part: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    differences: list[tuple[int, str]] = []
    began = time.perf_counter()
    for seed in range(options.seed, options.seed + options.count):
        try:
            problem, timetable, status = compare_all(Random(seed))
        except Differ as difference:
            differences.append((seed, str(difference)))
            continue
        statuses[status] += 1
        costs = check_costs(problem, timetable)
        for constraint in problem.constraints:
            took_part[constraint.kind] += 1
            broken[constraint.kind] += costs[constraint.id] > 0
    lines = [
        "# Agreement of checker and solver",
        "",
        f"{options.count} random problems, seeds {options.seed} to {options.seed + options.count - 1}: **{len(differences)} differences**.",
        "Asked of each: all constraints counted, the satisfied ones enforced, each broken one enforced alone, and a free solve.",
        f"Free solves: {', '.join(f'{status} {count}' for status, count in statuses.most_common())}.",
        f"ortools {version('ortools')}, Python {platform.python_version()}, {time.perf_counter() - began:.0f} s on one core.",
        "",
        "| kind | took part | broken by the timetable |",
        "|---|---:|---:|",
        *(f"| {kind.kind} | {took_part[kind.kind]} | {broken[kind.kind]} |" for kind in CONSTRAINTS),
    ]
    print("\n".join(lines))
    if options.report:
        options.report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for seed, text in differences[:3]:
        print(f"\nseed {seed}: {text}")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
