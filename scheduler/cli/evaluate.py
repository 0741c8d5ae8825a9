"""``kebiao evaluate``: what the timetables of an XHSTT archive cost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Listing, Message, _

if TYPE_CHECKING:
    from scheduler.evaluate import Evaluation


def evaluate(
    archive: Annotated[Path, typer.Argument(help=_("XHSTT archive with solutions: .xml or .xml.gz."))],
    instances: Annotated[
        list[Path] | None, typer.Option("--instances", help=_("Archive with the instances, if not in the same file."))
    ] = None,
    violations: Annotated[bool, typer.Option("--violations", help=_("List every violation."))] = False,
) -> None:
    """Print the cost of every solution, required / preference, by constraint. Exit code 0: done, 2: not readable."""
    from scheduler.cli.screen import screen
    from scheduler.errors import InputError
    from scheduler.evaluate import evaluate_archive

    console = screen(highlight=False)
    try:
        found = evaluate_archive(archive, instances or ())
    except InputError as error:
        for finding in error.findings:
            console.print(f"{finding.origin.file}: {finding.message}", style="red", soft_wrap=True)
        raise typer.Exit(2) from error
    if not found:
        console.print(str(Message("The archive holds no solutions.")))
    for evaluation in found:
        for line in lines_of(evaluation, violations):
            console.print(line, soft_wrap=True)


def lines_of(evaluation: Evaluation, violations: bool) -> list[str]:
    """Return the lines that are printed for one solution."""
    solution = evaluation.solution
    head = Message("{instance}, {group}: cost {cost}", instance=solution.instance, group=solution.group, cost=evaluation.cost)
    lines = [str(head)]
    if solution.reported is not None and solution.reported != evaluation.cost:
        lines.append("  " + str(Message("the file itself says {cost}", cost=solution.reported)))
    for required in (True, False):
        costs = [f"{kind} {cost}" for (tier, kind), cost in sorted(evaluation.by_kind.items()) if tier is required]
        if costs:
            lines.append(f"  {_('required') if required else _('preferences')}: {Listing(costs)}")
    if violations:
        lines += [f"    {v.constraint.label()} [{v.cost}]: {v.sentence}" for v in evaluation.violations]
    return lines
