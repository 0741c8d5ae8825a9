"""Check reported conflicts by other means: none of their groups can be dropped, and together they are impossible.

    python benchmarks/verify_conflicts.py /tmp/explained.jsonl

For every group, the conflict without it must have a timetable, and the plain-Python checks (which never see a model) must find nothing
wrong with that timetable. The conflict as a whole must be impossible with presolve switched off. Exits with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.planting import planted
from constraints.base import evaluate
from instances.timetable import TimetableView
from scheduler.explaining.changes import Setting
from scheduler.explaining.choices import examined
from scheduler.explaining.submodels import Submodels
from scheduler.solving.feasible import Found, feasible
from scheduler.solving.stopping import Deadline
from scheduler.timetabling import rulesets_of


def can_be_dropped(submodels: Submodels, kept: list[str], seconds: float) -> str:
    """Return "" when the groups left have a timetable that the checks accept; else what is wrong."""
    problem = submodels.restricted(kept)
    answer = feasible(problem, Deadline(seconds), seconds, workers=2, show=True)
    if answer.found is Found.NONE:
        return "not minimal"
    if answer.timetable is None:
        return "undecided"
    _, violations = evaluate(problem, TimetableView(problem, answer.timetable))
    return "refused by the checks" if any(v.constraint.required for v in violations) else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lines", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    wrong = undecided = checked = 0
    for text in options.lines.read_text("utf-8").splitlines():
        line = json.loads(text)
        school, _ = planted(line["kind"], line["seed"], line["classes"])
        _, submodels = examined(Setting(school, rulesets_of(school)))
        for conflict in line["conflicts"]:
            checked += 1
            found = [(g, can_be_dropped(submodels, [x for x in conflict if x != g], options.seconds)) for g in conflict]
            whole = feasible(submodels.restricted(conflict), Deadline(options.seconds), options.seconds, presolve=False).found
            problems = [f"{group}: {what}" for group, what in found if what]
            undecided += sum(what == "undecided" for _, what in found) + (whole is Found.UNKNOWN)
            wrong += sum(what not in ("", "undecided") for _, what in found) + (whole is Found.TIMETABLE)
            print(line["kind"], line["seed"], len(conflict), whole.value, problems or "minimal", flush=True)
    print(f"{checked} conflicts, {wrong} wrong, {undecided} undecided")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
