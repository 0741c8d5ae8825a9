"""Re-cost every published solution and compare with ``solutions.csv``: ``python benchmarks/evaluate_xhstt.py [instance ...]``.

The data is looked for in ``$KEBIAO_BENCHMARKS`` (default ``../shared/benchmarks``). Exit 1 when a row differs.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from scheduler.evaluate import Evaluation, evaluate_archive

ROOT = Path(__file__).parent.parent


def data() -> Path:
    """Return the folder with the XHSTT files."""
    return Path(os.environ.get("KEBIAO_BENCHMARKS", ROOT.parent / "shared" / "benchmarks")) / "xhstt"


def compare(file: str) -> Iterator[tuple[Evaluation, dict[str, str]]]:
    """Yield our evaluation of each published solution of an instance file beside its row in ``solutions.csv``."""
    with (data() / "solutions.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["file"] == file]
    found = evaluate_archive(data() / "solutions" / file.replace(".xml.gz", ".solutions.xml.gz"), [data() / "instances" / file])
    yield from zip(found, rows, strict=True)


def by_kind(evaluation: Evaluation) -> str:
    """Return the cost by constraint as ``solutions.csv`` has it, sorted."""
    return " ".join(sorted(f"{'H' if required else 'S'}:{kind}={cost}" for (required, kind), cost in evaluation.by_kind.items()))


def _plain(name: str) -> str:
    """Return a name with single blanks, as ``solutions.csv`` has it."""
    return " ".join(name.split())


def main() -> int:
    """Print one line for each solution."""
    wanted = sys.argv[1:]
    different = count = 0
    for path in sorted((data() / "instances").glob("*.xml.gz")):
        if wanted and not any(name in path.name for name in wanted):
            continue
        begin = time.perf_counter()
        for evaluation, row in compare(path.name):
            expected = f"{row['hard']}/{row['soft']}"
            kinds = " ".join(sorted(row["cost_by_constraint"].split()))
            same = (
                str(evaluation.cost) == expected
                and by_kind(evaluation) == kinds
                and _plain(evaluation.solution.group) == row["solution_group"]
            )
            count += 1
            different += not same
            sign = "same" if same else f"DIFFERENT {expected} {kinds}"
            print(f"{path.name:45} {evaluation.solution.group:40} {evaluation.cost!s:>12} {by_kind(evaluation)} {sign}", flush=True)
        print(f"{'':45} {time.perf_counter() - begin:.1f} s", flush=True)
    print(f"{count} solutions, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
