"""Plant conflicts in generated schools and measure how they are explained.

    python benchmarks/explain.py --each 5 --seconds 60 --out /tmp/explained.jsonl
    python benchmarks/explain.py --table --out /tmp/explained.jsonl

Each line of the output is one planted school: found (a reported conflict names what was planted), minimal, confirmed, number of verified
repairs, seconds and CPU seconds, and the conflicts, for ``verify_conflicts.py``. Lines are appended; plants that the file holds already are
not run again, so a run that was stopped goes on where it was (``--minutes`` stops it by itself). The table is printed from the file.
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
    head = (
        "| kind | plants | counted | found | minimal | confirmed | with repairs | repairs | counting s (worst) "
        "| conflict s (median/worst) | all s (median/worst) |"
    )
    rows = [head, "|---|---|---|---|---|---|---|---|---|---|---|"]
    for kind, mine in [*by_kind.items(), ("all", lines)]:
        marks = [sum(1 for x in mine if x[key]) for key in ("counted", "found", "minimal", "confirmed", "repairs")]
        repairs = sum(len(x["repairs"]) for x in mine)  # type: ignore[arg-type,misc]  # a line of JSON
        counting, conflict, everything = ([float(str(x[key])) for x in mine] for key in ("counted_seconds", "conflict_seconds", "seconds"))
        rows.append(
            f"| {kind} | {len(mine)} | {' | '.join(map(str, marks))} | {repairs} | {max(counting):.1f} "
            f"| {statistics.median(conflict):.1f} / {max(conflict):.1f} | {statistics.median(everything):.1f} / {max(everything):.1f} |"
        )
    return "\n".join(rows)


def read(path: Path) -> list[dict[str, object]]:
    """Return the lines of a file, the last of each plant; a line that was cut off is left out."""
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for text in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        found[line["kind"], line["seed"], line["classes"]] = line
    return list(found.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=5, help="plants of each kind")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--classes", type=int, default=36)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no further plant after so many minutes")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kinds", nargs="*", default=list(PLANTS))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--table", action="store_true", help="print the table of the file and do nothing else")
    options = parser.parse_args()
    if options.table:
        print(table(read(options.out)))
        return
    begun = time.monotonic()
    done = {(line["kind"], line["seed"], line["classes"]) for line in read(options.out)}
    wanted = [(kind, seed) for seed in range(options.first, options.first + options.each) for kind in options.kinds]
    for kind, seed in wanted:
        if (kind, seed, options.classes) in done or time.monotonic() - begun > 60 * options.minutes:
            continue
        try:
            line = examine(kind, seed, options.classes, options.seconds, options.workers)
        except IndexError:  # no place in this school for a conflict of this kind
            print(kind, seed, "cannot be planted", flush=True)
            continue
        with options.out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        shown = ("counted", "found", "minimal", "complete", "seconds", "cpu")
        print(kind, seed, {key: line[key] for key in shown}, len(line["repairs"]), "repairs", flush=True)  # type: ignore[arg-type]  # JSON
    print(table(read(options.out)))


if __name__ == "__main__":
    main()
