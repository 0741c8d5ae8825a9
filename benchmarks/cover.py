"""Random absences in a 36-class school: how many lessons are covered legally, how many proved impossible, and the time each takes.

    .venv/bin/python benchmarks/cover.py --count 500 --seed 1
    .venv/bin/python benchmarks/cover.py --table

One to three teachers away for one to three days somewhere in a term with a holiday week and a make-up day. Proposals are not entered in a
ledger: each absence is a new one. ``cover`` itself stops with an error when its independent check finds a fault. Every case is written
to out/benchmarks at once: a run that was cut off goes on where it stopped. ``--table`` shows what is there.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.replan import in_force
from scheduler.calendar.school_calendar import SchoolCalendar
from scheduler.covering.cover import cover
from scheduler.covering.diary import Diary
from scheduler.covering.rules import Absence
from scheduler.covering.weekly import obligations_of

TERM = SchoolCalendar(
    date(2026, 9, 1), date(2027, 1, 20), frozenset(date(2026, 10, n) for n in range(1, 8)), {date(2026, 10, 10): (5, date(2026, 10, 2))}
)
DONE = Path("out/benchmarks/cover.jsonl")


def absences_of(names: list[str], seed: int, number: int) -> list[Absence]:
    """Return the absences of a case."""
    rng = random.Random(f"{seed}/{number}")
    absences = []
    for name in rng.sample(names, rng.choice((1, 1, 2, 3))):
        first = TERM.first + timedelta(days=rng.randrange(130))
        absences.append(Absence(name, first, first + timedelta(days=rng.randrange(3))))
    return absences


def results(seed: int) -> list[dict[str, Any]]:
    """Return the cases done so far."""
    if not DONE.exists():
        return []
    return [case for case in map(json.loads, DONE.read_text(encoding="utf-8").splitlines()) if case["seed"] == seed]


def run(count: int, seed: int) -> None:
    """Do the cases that are missing."""
    done = {case["number"] for case in results(seed)}
    school, timetable = in_force()
    diary = Diary(school, timetable.timetable, TERM)
    obligations = obligations_of(school)
    names = [t.name for t in school.teachers]
    DONE.parent.mkdir(parents=True, exist_ok=True)
    with DONE.open("a", encoding="utf-8") as file:
        for number in range(count):
            if number in done:
                continue
            absences = absences_of(names, seed, number)
            started = time.perf_counter()
            result = cover(diary, absences, obligations=obligations)
            case = {
                "seed": seed,
                "number": number,
                "teachers": len(absences),
                "substituted": sum(option.partner is None for option in result.chosen),
                "swapped": sum(option.partner is not None for option in result.chosen),
                "uncovered": len(result.uncovered),
                "most_covered": result.most_covered,
                "proved": result.proved,
                "seconds": round(time.perf_counter() - started, 3),
            }
            print(json.dumps(case), file=file, flush=True)


def table(seed: int) -> None:
    """Print the cases done so far, by the number of teachers away."""
    print("| teachers away | cases | lessons | substitutes | swaps | uncovered: proved / open | not proved best | median s | worst s |")
    print("|---|---|---|---|---|---|---|---|---|")
    found = results(seed)
    for label, cases in (*((str(n), [c for c in found if c["teachers"] == n]) for n in (1, 2, 3)), ("all", found)):
        if cases:
            substituted, swapped = (sum(c[key] for c in cases) for key in ("substituted", "swapped"))
            proved, left = (sum(c["uncovered"] for c in cases if c["most_covered"] is most) for most in (True, False))
            seconds = [c["seconds"] for c in cases]
            print(
                f"| {label} | {len(cases)} | {substituted + swapped + proved + left} | {substituted} | {swapped} | {proved} / {left} "
                f"| {sum(not c['proved'] for c in cases)} | {statistics.median(seconds):.2f} | {max(seconds):.2f} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="print what was measured so far and stop")
    options = parser.parse_args()
    if not options.table:
        run(options.count, options.seed)
    table(options.seed)


if __name__ == "__main__":
    main()
