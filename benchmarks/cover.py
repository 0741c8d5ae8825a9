"""Random absences in a 36-class school: how many lessons are covered legally, how many proved impossible, and the time each takes.

    .venv/bin/python benchmarks/cover.py --count 500 --seed 1

One to three teachers away for one to three days somewhere in a term with a holiday week and a make-up day. Proposals are not entered in a
ledger: each absence is a new one. ``cover`` itself stops with an error when its independent check finds a fault.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from datetime import date, timedelta

from benchmarks.replan import in_force
from scheduler.calendar.school_calendar import SchoolCalendar
from scheduler.covering.cover import cover
from scheduler.covering.diary import Diary
from scheduler.covering.rules import Absence

TERM = SchoolCalendar(
    date(2026, 9, 1), date(2027, 1, 20), frozenset(date(2026, 10, n) for n in range(1, 8)), {date(2026, 10, 10): (5, date(2026, 10, 2))}
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    school, timetable = in_force()
    diary = Diary(school, timetable.timetable, TERM)  # type: ignore[attr-defined]
    names = [t.name for t in school.teachers]
    seconds: list[float] = []
    lessons = substituted = swapped = impossible = unproved = 0
    for _ in range(options.count):
        absences = []
        for name in rng.sample(names, rng.choice((1, 1, 2, 3))):
            first = TERM.first + timedelta(days=rng.randrange(130))
            absences.append(Absence(name, first, first + timedelta(days=rng.randrange(3))))
        started = time.perf_counter()
        result = cover(diary, absences)
        seconds.append(time.perf_counter() - started)
        lessons += len(result.chosen) + len(result.uncovered)
        substituted += sum(option.kind == "substitute" for option in result.chosen)
        swapped += sum(option.kind == "swap" for option in result.chosen)
        impossible += len(result.uncovered)
        unproved += not result.proved
    print(f"{options.count} absences, {lessons} lessons: {substituted} substituted, {swapped} swapped, {impossible} impossible")
    print(f"{unproved} not proved; median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
