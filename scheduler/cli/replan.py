"""``kebiao replan``: the plan has changed; the nearest legal timetable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from scheduler.outcome import Progress
    from scheduler.solving.stopping import Deadline


def replan(
    plan: Annotated[list[Path], typer.Argument(help=_("Workbooks of the changed plan, or a folder of them."))],
    timetable: Annotated[
        Path, typer.Option("--from", help=_("The timetable in force: a workbook that kebiao wrote, edited since or not."))
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Workbook to write."))] = Path("timetable-new.xlsx"),
    lock: Annotated[
        list[str] | None, typer.Option("--lock", help=_("Keep a class, teacher, day or cell as it is; may be repeated."))
    ] = None,
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help=_("Mapping file for a layout that is not recognised."))] = None,
    time: Annotated[float, typer.Option("--time", min=1, help=_("Time limit in seconds."))] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help=_("Seed of the search."))] = 0,
    deterministic: Annotated[
        bool, typer.Option("--deterministic", help=_("Same input, seed and version give the same timetable."))
    ] = False,
    explain_to: Annotated[
        Path | None,
        typer.Option("--explain-to", help=_("Where to write why there is no timetable (workbook, and marked copies of the plan).")),
    ] = None,
) -> None:
    """Make the timetable legal again with the fewest moved lessons, then the fewest people disturbed, then the best quality."""
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.living import print_edits, print_table
    from scheduler.cli.screen import screen
    from scheduler.cli.solve import tell_why
    from scheduler.cli.solving import watched
    from scheduler.errors import Infeasible
    from scheduler.explaining.explain import explain
    from scheduler.replanning.living import open_living
    from scheduler.replanning.locks import parse_locks
    from scheduler.replanning.replan import Locked
    from scheduler.replanning.replan_school import replan_school, write_replanned
    from scheduler.solving.options import SolveOptions
    from scheduler.solving.stopping import Deadline
    from scheduler.writing.atomic import check_outputs
    from scheduler.writing.week import slot_name

    console = screen()
    inputs = [*plan, timetable]
    check_outputs([output, explain_to], inputs)
    case = open_living(plan, timetable, rules or (), mapping)
    locks = parse_locks(lock or (), case.school)
    print_edits(case, console)
    options = SolveOptions(time_limit=time, seed=seed, deterministic=deterministic)
    deadline = Deadline(time, deterministic)
    try:
        result = watched(lambda tell: replan_school(case, options, locks=locks, tell=tell, deadline=deadline), deadline, console, _line)
    except Locked:
        raise
    except Infeasible as error:
        console.print(str(error), style="bold")
        seconds = max(10.0, deadline.left)
        run = deadline.part(seconds)
        why = watched(lambda _tell: explain(case.school, case.rulesets, seconds, workers=options.cores, run=run), deadline, console)
        tell_why(why, plan, explain_to, console)
        raise typer.Exit(IMPOSSIBLE) from None
    write_replanned(result, output, inputs=inputs)
    for fact in result.facts():
        console.print(fact, style="bold")
    shown = [change for change in result.changes if change.kind == "class"]
    if shown:
        rows = ((c.name, slot_name(c.day, c.period), *c.texts()) for c in shown[:40])
        print_table(console, _("Changes"), (_("class"), _("when"), _("before"), _("after")), rows)
    console.print(str(Message("Timetable written to {path}", path=output.resolve())))


def _line(latest: list[Progress], deadline: Deadline) -> Message:
    """Return the progress line: elapsed time, moves so far, their bound."""
    seconds = f"{deadline.elapsed:.0f}"
    if not latest or latest[-1].cost is None:
        return Message("{seconds} s: looking for a legal timetable", seconds=seconds)
    return Message(
        "{seconds} s: {moved} lessons moved, at least {bound} are needed; {phase} (Ctrl-C keeps the best)",
        seconds=seconds,
        moved=latest[-1].cost.preference,
        bound=latest[-1].bound or 0,
        phase=latest[-1].phase,
    )
