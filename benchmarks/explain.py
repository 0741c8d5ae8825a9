"""Plant conflicts in generated schools and measure how they are explained.

    python benchmarks/explain.py --each 7 --seconds 60 --out /tmp/explained.jsonl

Each line of the output is one planted school: found (a reported conflict names what was planted), minimal, confirmed, number of verified
repairs, seconds and CPU seconds, and the conflicts, for ``verify_conflicts.py``. The table at the end is printed from the lines.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.planting import PLANTS, planted
from scheduler.explaining.explain import explain, shortages_of
from scheduler.timetabling import rulesets_of


def examine(kind: str, seed: int, classes: int, seconds: float, workers: int) -> dict[str, object]:
    school, ids = planted(kind, seed, classes)
    rulesets = rulesets_of(school)
    begun, cpu = time.perf_counter(), time.process_time()
    shortages = shortages_of(school, rulesets)
    counted, counted_cpu = time.perf_counter() - begun, time.process_time() - cpu
    begun, cpu = time.perf_counter(), time.process_time()
    found = explain(school, rulesets, seconds, workers=workers, repairs=3)
    groups = [sorted(conflict.ids) for conflict in found.conflicts]
    return {
        "kind": kind,
        "seed": seed,
        "classes": classes,
        "planted": ids,
        "counted": len(shortages),
        "counted_seconds": round(counted, 2),
        "counted_cpu": round(counted_cpu, 2),
        "found": any(set(ids) & set(ids_found) for ids_found in groups),
        "proved": found.proved,
        "minimal": all(c.minimal for c in found.conflicts) and bool(groups),
        "confirmed": all(c.confirmed for c in found.conflicts) and bool(groups),
        "conflicts": groups,
        "conflict_seconds": round(sum(c.seconds for c in found.conflicts), 2),
        "repairs": [[str(change.sentence) for change in repair.changes] for repair in found.repairs],
        "complete": found.complete,
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu": round(time.process_time() - cpu, 2),
        "load": round(os.getloadavg()[0], 1),
    }


def table(lines: list[dict[str, object]]) -> str:
    by_kind: dict[str, list[dict[str, object]]] = defaultdict(list)
    for line in lines:
        by_kind[str(line["kind"])].append(line)
    head = "| kind | plants | counted | found | minimal | confirmed | with repairs | conflict s (median/worst) | all s (median) | CPU s |"
    rows = [head, "|---|---|---|---|---|---|---|---|---|---|"]
    for kind, mine in [*by_kind.items(), ("all", lines)]:
        spent = [float(str(x["conflict_seconds"])) for x in mine]
        marks = [sum(bool(x[key]) for x in mine) for key in ("counted", "found", "minimal", "confirmed", "repairs")]
        total = statistics.median(float(str(x["seconds"])) for x in mine)
        cpu = statistics.median(float(str(x["cpu"])) for x in mine)
        numbers = " | ".join(map(str, marks))
        rows.append(f"| {kind} | {len(mine)} | {numbers} | {statistics.median(spent):.1f} / {max(spent):.1f} | {total:.1f} | {cpu:.1f} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=7, help="plants of each kind")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--classes", type=int, default=36)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", default=list(PLANTS))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    lines = []
    with options.out.open("a", encoding="utf-8") as file:
        for seed in range(options.first, options.first + options.each):
            for kind in options.kinds:
                line = examine(kind, seed, options.classes, options.seconds, options.workers)
                lines.append(line)
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
                print(kind, seed, {key: line[key] for key in ("counted", "found", "minimal", "complete", "seconds", "cpu")}, flush=True)
    print(table(lines))


if __name__ == "__main__":
    main()
