"""300 schools audited in one run: time and memory, one worker against two.

    python benchmarks/district_300.py [--schools 300] [--write benchmarks/district.md]

Four legal timetables are made by the solver (12 to 18 classes); the schools are these with days, classes and teachers' names exchanged, so
that no two files are alike. One school in 50 is a broken file. Each run starts with an empty store.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

from audit_mutations import SCHOOLS, legal
from mutation_print import Posted, post

from instances.language import set_language
from scheduler.auditing.district import Job, State, Store, run_district, schools_of
from scheduler.auditing.district_report import write_dashboard, write_summary


def variant(base: Posted, rng: Random) -> Posted:
    """Exchange days (bells are alike on all days but perhaps one, which stays) and teachers' names."""
    alike = [d for d in range(1, 6) if all(bell.days.get(d) == bell.days.get(5) for bell in base.bells)]
    shuffled = alike[:]
    rng.shuffle(shuffled)
    day = dict(zip(alike, shuffled, strict=True))
    names = sorted({t for x in base.lessons for t in x.teachers})
    others = names[:]
    rng.shuffle(others)
    teacher = dict(zip(names, others, strict=True))
    lessons = tuple(replace(x, day=day.get(x.day, x.day), teachers=tuple(teacher[t] for t in x.teachers)) for x in base.lessons)
    return replace(base, lessons=lessons)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schools", type=int, default=300)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    set_language("zh")
    bases = [legal(*school, 6.0) for school in SCHOOLS]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder = root / "schools"
        folder.mkdir()
        rng = Random(1)
        classes = 0
        for number in range(options.schools):
            path = folder / f"学校{number + 1:03}.xlsx"
            if number % 50 == 49:
                path.write_text("not a workbook", encoding="utf-8")
                continue
            base = bases[number % len(bases)]
            classes += len(base.school.classes)
            posted = variant(base, rng)
            post(posted, posted.lessons, path)
        for workers in (1, 2):
            store = Store.beside(root / f"{workers}.xlsx")
            began = time.perf_counter()
            tasks = schools_of(folder, Job.AUDIT, ["national"])
            results = run_district(tasks, store, workers=workers)
            ran = time.perf_counter() - began
            write_summary(results, root / f"{workers}.xlsx", store)
            write_dashboard(results, root / f"{workers}.html", store)
            written = time.perf_counter() - began - ran
            began = time.perf_counter()
            known = run_district(tasks, store, workers=workers)
            again = time.perf_counter() - began
            assert all(result.again for result in known)
            done = sum(r.state is State.DONE for r in results)
            peak = max(r.peak_mb for r in results)
            rows.append((workers, done, len(results) - done, ran, ran / len(results), peak, written, again))
            print(rows[-1], flush=True)
    lines = [
        "# A district of 300 schools",
        "",
        f"`python benchmarks/district_300.py --schools {options.schools}`: {options.schools} files with {classes:,} classes, one in 50",
        f"of them broken; {os.cpu_count()} cores, Python {platform.python_version()}.",
        "Each school is read, judged by `national` and gets a report workbook of its own. Start of the workers included.",
        "",
        "| workers | judged | broken, named | seconds | seconds a school | peak memory of a worker, MB | summary, s | second run, s |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [f"| {w} | {d} | {b} | {s:.0f} | {each:.2f} | {m:.0f} | {x:.1f} | {a:.1f} |" for w, d, b, s, each, m, x, a in rows]
    speed = rows[0][3] / rows[1][3]
    lines += ["", f"Two workers are {speed:.2f} times as fast as one. The second run only reads the store: no school is judged twice."]
    lines += [
        "",
        f"Load of the computer at the end (1, 5, 15 minutes): {', '.join(f'{x:.1f}' for x in os.getloadavg())}; idle but for this run: 2.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        options.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
