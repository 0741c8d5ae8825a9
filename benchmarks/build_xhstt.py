"""Build the model of every XHSTT instance and print its size and the seconds it took: ``python benchmarks/build_xhstt.py [name ...]``.

Equal resources are pooled first. ``choices`` are the pairs of an open role and a candidate, before and after; ``x`` and ``y`` are the
literals for placements and for roles to be filled; ``legal`` is the model of the requirements alone, ``full`` has the preferences too.
Seconds are processor time.
"""

from __future__ import annotations

import gc
import resource
import sys
import time

from evaluate_xhstt import data

from instances.problem import Problem
from scheduler.formats.xhstt_read import read_archive
from scheduler.solving.build import build, requirements_only, strict
from scheduler.solving.interchangeable import pool


def choices(problem: Problem) -> int:
    """Return the number of pairs of an open role and a candidate."""
    return sum(len(role.candidates) for event in problem.events for role in event.roles if role.resource is None)


def main() -> None:
    """Print one line for each instance."""
    wanted = sys.argv[1:]
    heads = [f"{name}: {what}" for name in ("legal", "full") for what in ("vars", "cons", "s")]
    print(f"{'instance':46} {'read s':>7} {'choices':>15} {'x':>8} {'y':>9} {' '.join(f'{head:>12}' for head in heads)} {'MB':>6}")
    for path in sorted((data() / "instances").glob("*.xml.gz")):
        if wanted and not any(name in path.name for name in wanted):
            continue
        begin = time.process_time()
        original = read_archive(path).instances[0].problem
        read = time.process_time() - begin
        problem = pool(original).problem
        columns = []
        for policy in (requirements_only, strict):
            model = None
            gc.collect()
            begin = time.process_time()
            model = build(problem, policy)
            seconds = time.process_time() - begin
            columns.append(f"{len(model.cp.proto.variables):12} {len(model.cp.proto.constraints):12} {seconds:12.1f}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        assert model is not None
        picks = f"{choices(original):7}{choices(problem):8}"
        sizes = f"{len(model.x):8} {len(model.y):9} {' '.join(columns)} {memory:6}"
        print(f"{path.name:46} {read:7.2f} {picks} {sizes}", flush=True)


if __name__ == "__main__":
    main()
