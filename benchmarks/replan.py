"""Random disruptions of a 36-class school: moved lessons against the proved lower bound, and the time each takes.

    .venv/bin/python benchmarks/replan.py --count 200 --seed 1 [--turn 300]     (goes on where it stopped)
    .venv/bin/python benchmarks/replan.py --table

The timetable in force is solved once and kept in out/benchmarks, each answer as a line of out/benchmarks/replan.jsonl. A disruption is one
of: a teacher leaves and his courses go to colleagues of the subject, a room closes for three periods, a morning, an afternoon or a day, two
teachers exchange classes, a half-day is forbidden to a teacher, one more PE lesson for one less of a main subject.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from instances.school import Requirement, RequirementKind, School, Selector, Slot
from scheduler.errors import Infeasible, NotFound
from scheduler.reading.read import read_school
from scheduler.replanning.living import living
from scheduler.replanning.replan_school import replan_school
from scheduler.replanning.reread import Reread, reread
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from scheduler.writing.workbook import write_workbook

PLAN = Path(__file__).parent.parent / "instances" / "examples" / "nine_year36.xlsx"
KEPT = Path("out/benchmarks/replan-from.xlsx")


def in_force(plan: Path = PLAN, kept: Path = KEPT) -> tuple[School, Reread]:
    """Return the school and its timetable, solved the first time."""
    school = read_school([plan])
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(make_timetable(school, SolveOptions(time_limit=60)), kept, language="zh")
    return school, reread(kept)


def teacher_leaves(school: School, rng: random.Random) -> School:
    gone = rng.choice([t.name for t in school.teachers if any(t.name in c.teachers for c in school.courses)])
    subjects = {c.subject for c in school.courses if gone in c.teachers}
    heirs = sorted({n for c in school.courses if c.subject in subjects for n in c.teachers} - {gone})
    if not heirs:
        return school
    heir = {}
    for subject in sorted(subjects):
        colleagues = sorted({n for c in school.courses if c.subject == subject for n in c.teachers} - {gone})
        heir[subject] = rng.choice(colleagues or heirs)
    courses = tuple(
        replace(c, teachers=tuple(dict.fromkeys(heir[c.subject] if n == gone else n for n in c.teachers))) if gone in c.teachers else c
        for c in school.courses
    )
    return replace(school, courses=courses)


def room_closes(school: School, rng: random.Random) -> School:
    rooms = sorted({c.room for c in school.courses if c.room})
    if not rooms:
        return school
    named = [r.name for r in school.rooms if r.name in rooms or r.kind in rooms]
    day = rng.randint(1, 5)
    periods = rng.choice(((1, 2, 3), (1, 2, 3, 4), (5, 6, 7), tuple(range(1, 8))))
    slots = tuple(Slot(day, period) for period in periods)
    return _with(school, Requirement(RequirementKind.FORBIDDEN, Selector(rooms=(rng.choice(named),)), slots))


def teachers_trade(school: School, rng: random.Random) -> School:
    by_subject: dict[str, set[str]] = {}
    for c in school.courses:
        by_subject.setdefault(c.subject, set()).update(c.teachers)
    subject = rng.choice(sorted(s for s, names in by_subject.items() if len(names) > 1))
    a, b = rng.sample(sorted(by_subject[subject]), 2)
    trade = {a: b, b: a}
    courses = tuple(replace(c, teachers=tuple(trade.get(n, n) for n in c.teachers)) if c.subject == subject else c for c in school.courses)
    return replace(school, courses=courses)


def half_day_forbidden(school: School, rng: random.Random) -> School:
    name = rng.choice([t.name for t in school.teachers])
    day = rng.randint(1, 5)
    periods = (1, 2, 3, 4) if rng.random() < 0.5 else (5, 6, 7)
    return _with(school, Requirement(RequirementKind.FORBIDDEN, Selector(teachers=(name,)), tuple(Slot(day, p) for p in periods)))


def one_more_pe(school: School, rng: random.Random) -> School:
    pe = rng.choice([c for c in school.courses if c.subject == "体育" and not c.block])
    other = next((c for c in school.courses if c.classes == pe.classes and c.subject in ("语文", "数学", "英语") and c.periods > 3), None)
    if other is None:
        return school
    change = {pe.id: 1, other.id: -1}
    return replace(school, courses=tuple(replace(c, periods=c.periods + change.get(c.id, 0)) for c in school.courses))


def _with(school: School, requirement: Requirement) -> School:
    return replace(school, requirements=(*school.requirements, requirement))


KINDS: tuple[Callable[[School, random.Random], School], ...] = (
    teacher_leaves,
    room_closes,
    teachers_trade,
    half_day_forbidden,
    one_more_pe,
)


def disruption(school: School, seed: int, number: int) -> tuple[str, School]:
    """Return a disruption by its number: its kind and the changed school. The same whatever was run before."""
    kind = KINDS[number % len(KINDS)]
    return kind.__name__, kind(school, random.Random(f"{seed}/{number}"))


def run(number: int, kind: str, changed: School, timetable: Reread, seconds: float, workers: int | None) -> dict[str, Any]:
    """Replan once and return a line of the record."""
    started = time.perf_counter()
    line: dict[str, Any] = {"number": number, "kind": kind, "limit": seconds, "workers": workers}
    try:
        result = replan_school(living(changed, timetable), SolveOptions(time_limit=seconds, seed=number, workers=workers))
    except (Infeasible, NotFound) as error:
        return line | {"failed": type(error).__name__, "seconds": time.perf_counter() - started}
    replanned = result.replanned
    return line | {
        "moved": replanned.moves.moved,
        "bound": replanned.moves_bound,
        "people": len(replanned.moves.people),
        "people_bound": replanned.people_bound,
        "gave_way": len(result.outcome.gave_way),
        "seconds": time.perf_counter() - started,
    }


def table(lines: list[dict[str, Any]]) -> str:
    """Return the record as a Markdown table: a row for each kind and one for all."""
    rows = [
        "| disruption | cases | moved | bound | proved | people proved | median s | worst s | no timetable |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    kinds = [kind.__name__ for kind in KINDS]
    for name in (*kinds, "all"):
        own = [line for line in lines if name in ("all", line["kind"])]
        done = [line for line in own if "moved" in line]
        if not own:
            continue
        failed = Counter(line["failed"] for line in own if "failed" in line)
        proved = sum(line["moved"] == line["bound"] for line in done)
        people = sum(line["people"] == line["people_bound"] for line in done)
        moved, bound = (sum(line[key] for line in done) for key in ("moved", "bound"))
        times = [line["seconds"] for line in own]
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(failed.items())) or "0"
        figures = (len(own), moved, bound, proved, people, f"{statistics.median(times):.1f}", f"{max(times):.1f}", reasons)
        rows.append(" | ".join(("| " + name.replace("_", " "), *map(str, figures))) + " |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20, help="limit of each")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--turn", type=float, default=1e9, help="stop after so many seconds; the next call goes on")
    parser.add_argument("--record", type=Path, default=Path("out/benchmarks/replan.jsonl"))
    parser.add_argument("--table", action="store_true", help="print the table of what is recorded, run nothing")
    options = parser.parse_args()
    lines = [json.loads(line) for line in options.record.read_text().splitlines()] if options.record.exists() else []
    if not options.table:
        started = time.perf_counter()
        known = {line["number"] for line in lines}
        school, timetable = in_force()
        options.record.parent.mkdir(parents=True, exist_ok=True)
        for number in (n for n in range(options.count) if n not in known):
            if time.perf_counter() - started > options.turn:
                break
            kind, changed = disruption(school, options.seed, number)
            lines.append(run(number, kind, changed, timetable, options.seconds, options.workers))
            with options.record.open("a") as record:
                record.write(json.dumps(lines[-1]) + "\n")
            print(lines[-1], flush=True)
    print(table(lines))


if __name__ == "__main__":
    main()
