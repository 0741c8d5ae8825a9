"""Build the model of every XHSTT instance and print its size and the seconds it took: ``python benchmarks/build_xhstt.py [name ...]``.

``legal`` is the model of the requirements alone, ``full`` has the preferences too; ``x`` and ``y`` are literals for placements and
for roles to be filled.
"""

from __future__ import annotations

import gc
import resource
import sys
import time

from evaluate_xhstt import data

from scheduler.formats.xhstt_read import read_archive
from scheduler.solving.build import build, requirements_only, strict


def main() -> None:
    """Print one line for each instance."""
    wanted = sys.argv[1:]
    heads = [f"{name}: {what}" for name in ("legal", "full") for what in ("vars", "cons", "s")]
    print(f"{'instance':46} {'read s':>7} {'x':>8} {'y':>9} {' '.join(f'{head:>12}' for head in heads)} {'MB':>6}")
    for path in sorted((data() / "instances").glob("*.xml.gz")):
        if wanted and not any(name in path.name for name in wanted):
            continue
        begin = time.perf_counter()
        problem = read_archive(path).instances[0].problem
        read = time.perf_counter() - begin
        columns = []
        for policy in (requirements_only, strict):
            model = None
            gc.collect()
            begin = time.perf_counter()
            model = build(problem, policy)
            seconds = time.perf_counter() - begin
            columns.append(f"{len(model.cp.proto.variables):12} {len(model.cp.proto.constraints):12} {seconds:12.1f}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        assert model is not None
        print(f"{path.name:46} {read:7.2f} {len(model.x):8} {len(model.y):9} {' '.join(columns)} {memory:6}", flush=True)


if __name__ == "__main__":
    main()
