"""How cost grows with the school: seconds to the first legal timetable, seconds to a gap of 1 %, memory.

    python benchmarks/growth.py [--time 300] [--workers 2] [--seeds 1] [NAME ...]

Each run is a process of its own and one line in ``benchmarks/results/growth.jsonl``; a run whose line is there is not repeated, so that
a stopped benchmark goes on where it was. The table goes to ``benchmarks/results/growth.md``, the plot of its medians to
``docs/images/growth.svg``.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "benchmarks" / "results" / "growth.jsonl"
NAMES = ("primary12", "primary24", "primary48", "primary96", "primary192")

Run = dict[str, Any]


def run(name: str, seed: int, seconds: float, workers: int) -> Run:
    """Return what ``schools.py`` finds out about one school."""
    command = [sys.executable, str(ROOT / "benchmarks" / "schools.py"), "--time", str(seconds), "--workers", str(workers)]
    done = subprocess.run([*command, "--one", name, str(seed)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}, seed {seed}: {done.stderr.strip().splitlines()[-1]}")
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return {**found, "limit": seconds, "workers": workers, "version": version("kebiao")}


def table(runs: Sequence[Run]) -> str:
    """Return the runs as Markdown."""
    lines = [
        "# How cost grows",
        "",
        "`legal` is the time to the first legal timetable, `1 %` the time until the gap was at most 1 % (–: not within the limit).",
        "",
        "| school | seed | classes | lessons | legal s | 1 % s | cost | bound | limit s | workers | MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in sorted(runs, key=lambda r: (r["classes"], r["name"], r["seed"])):
        legal, near = (f"{r[key]:.1f}" if r[key] is not None else "–" for key in ("first", "near"))
        lines.append(
            f"| {r['name']} | {r['seed']} | {r['classes']} | {r['lessons']} | {legal} | {near} | {r['cost']} | {r['bound']} |"
            f" {r['limit']:g} | {r['workers']} | {r['memory']:.0f} |"
        )
    return "\n".join([*lines, "", "![cost by number of classes](../../docs/images/growth.svg)", ""])


def plot(runs: Sequence[Run]) -> str:
    """Return the medians by number of classes as an SVG with two panels, both axes logarithmic."""
    panels = [
        ("seconds", [("first legal timetable", "first", "#1b6ca8", ""), ("gap of 1 %", "near", "#c0392b", "6 4")]),
        ("memory, MB", [("whole process", "memory", "#2d2d2d", "")]),
    ]
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 360" font-family="sans-serif" font-size="12">']
    for number, (title, series) in enumerate(panels):
        curves = [(label, _medians(runs, key), colour, dash) for label, key, colour, dash in series]
        parts += _panel(60 + 410 * number, title, sorted({r["classes"] for r in runs}), curves)
    return "\n".join([*parts, "</svg>", ""])


def _medians(runs: Sequence[Run], key: str) -> list[tuple[float, float]]:
    sizes = sorted({r["classes"] for r in runs})
    values = {size: [r[key] for r in runs if r["classes"] == size] for size in sizes}
    return [(size, median(found)) for size, found in values.items() if None not in found]


def _panel(left: int, title: str, sizes: Sequence[int], curves: Sequence[tuple[str, list[tuple[float, float]], str, str]]) -> list[str]:
    """Return axes, grid, curves and legend of one panel."""
    width, top, bottom = 320, 40, 310
    values = [value for _, points, _, _ in curves for _, value in points] or [1.0]
    low, high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values) * 1.001))
    x = _scale(sizes[0], sizes[-1], left, left + width)
    y = _scale(low, high, bottom, top)
    parts = [f'<text x="{left}" y="22" font-weight="bold">{title}</text>']
    for size in sizes:
        parts.append(f'<line x1="{x(size):.0f}" y1="{top}" x2="{x(size):.0f}" y2="{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x(size):.0f}" y="{bottom + 18}" text-anchor="middle">{size}</text>')
    parts.append(f'<text x="{left + width / 2}" y="{bottom + 38}" text-anchor="middle">classes</text>')
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        at = y(10**power)
        parts.append(f'<line x1="{left}" y1="{at:.0f}" x2="{left + width}" y2="{at:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{at + 4:.0f}" text-anchor="end">{10**power:g}</text>')
    for number, (label, points, colour, dash) in enumerate(curves):
        path = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts += [f'<circle cx="{x(size):.1f}" cy="{y(value):.1f}" r="3.5" fill="{colour}"/>' for size, value in points]
        parts.append(f'<text x="{left + 10}" y="{top + 16 + 16 * number}" fill="{colour}">{label}</text>')
    return parts


def _scale(low: float, high: float, first: float, last: float) -> Callable[[float], float]:
    """Return a logarithmic scale."""
    span = math.log(high / low) or 1.0
    return lambda value: first + (last - first) * math.log(value / low) / span


def main() -> None:
    """Run what is missing and write table and plot."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", default=NAMES)
    parser.add_argument("--time", type=float, default=300)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    runs = [json.loads(line) for line in RECORD.read_text(encoding="utf-8").splitlines()] if RECORD.exists() else []
    wanted = [
        (name, seed, arguments.time, arguments.workers, version("kebiao")) for seed in range(arguments.seeds) for name in arguments.names
    ]
    for key in wanted:
        if key in {(r["name"], r["seed"], r["limit"], r["workers"], r["version"]) for r in runs}:
            continue
        runs.append(run(*key[:4]))
        with RECORD.open("a", encoding="utf-8") as record:
            record.write(json.dumps(runs[-1]) + "\n")
    runs = [r for r in runs if (r["name"], r["seed"], r["limit"], r["workers"], r["version"]) in wanted]
    print(table(runs))
    (ROOT / "benchmarks" / "results" / "growth.md").write_text(table(runs), encoding="utf-8")
    (ROOT / "docs" / "images" / "growth.svg").write_text(plot(runs), encoding="utf-8")


if __name__ == "__main__":
    main()
