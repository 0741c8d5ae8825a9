"""Random disruptions of a 36-class school: moved lessons against the proved lower bound, and the time each takes.

    .venv/bin/python benchmarks/replan.py --count 200 --seed 1

The timetable in force is solved once and kept in out/benchmarks. A disruption is one of: a teacher leaves and his courses go to colleagues
of the subject, a room closes for three periods, two teachers exchange classes, a half-day is forbidden to a teacher, one more PE lesson.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from instances.school import Requirement, RequirementKind, School, Selector, Slot
from scheduler.errors import Infeasible
from scheduler.reading.read import read_school
from scheduler.replanning.living import living
from scheduler.replanning.replan_school import replan_school
from scheduler.replanning.reread import reread
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from scheduler.writing.workbook import write_workbook

PLAN = Path(__file__).parent.parent / "instances" / "examples" / "nine_year36.xlsx"
KEPT = Path("out/benchmarks/replan-from.xlsx")


def in_force(plan: Path = PLAN, kept: Path = KEPT) -> tuple[School, object]:
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
    slots = tuple(Slot(day, period) for period in range(1, 4))
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--time", type=float, default=10)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    school, timetable = in_force()
    seconds: list[float] = []
    tally: Counter[str] = Counter()
    for number in range(options.count):
        kind = KINDS[number % len(KINDS)]
        changed = kind(school, rng)
        started = time.perf_counter()
        try:
            result = replan_school(living(changed, timetable), SolveOptions(time_limit=options.time, seed=number))  # type: ignore[arg-type]
        except Infeasible as error:
            text = str(error)
            tally["unknown" if "time limit" in text else "impossible"] += 1
            print(f"{number:3} {kind.__name__:20} {text} {time.perf_counter() - started:.1f} s", flush=True)
            continue
        took = time.perf_counter() - started
        seconds.append(took)
        moves = result.replanned.moves
        tally["proved optimal" if moves.moved <= result.replanned.moves_bound else "above bound"] += 1
        told = f"moved {moves.moved} (bound {result.replanned.moves_bound}) people {len(moves.people)}"
        print(f"{number:3} {kind.__name__:20} {told} {took:.1f} s", flush=True)
    if seconds:
        print(dict(tally), f"median {statistics.median(seconds):.1f} s, worst {max(seconds):.1f} s")


if __name__ == "__main__":
    main()
