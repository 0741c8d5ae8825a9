"""``kebiao solve --format xhstt|fet``: the field's own files solved and written back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from scheduler.formats.solve_format import Answer
    from scheduler.outcome import Progress
    from scheduler.solving.options import SolveOptions


def solve_as(
    form: str, plan: list[Path], output: Path | None, options: SolveOptions, ignore_unsupported: bool, instances: Sequence[str] = ()
) -> int:
    """Solve one file of the field's formats (of an archive only ``instances``, if any are named), write and print each answer, and
    return the worst exit code.
    """
    from scheduler.cli.screen import screen
    from scheduler.cli.solving import watched
    from scheduler.formats.solve_format import Format, solve_fet, solve_xhstt
    from scheduler.solving.stopping import Deadline
    from scheduler.writing.atomic import check_outputs

    if form not in (Format.XHSTT, Format.FET):
        raise typer.BadParameter(_("expected school, xhstt or fet"), param_hint="--format")
    if len(plan) != 1:
        raise typer.BadParameter(_("exactly one file, please"), param_hint="--format")
    source = plan[0]
    kind = Format(form)
    if instances and kind is not Format.XHSTT:
        raise typer.BadParameter(_("only XHSTT archives have instances"), param_hint="--instance")
    stem = source.name.removesuffix(".gz").removesuffix(".fet").removesuffix(".xml")
    target = output or Path(f"{stem}_solved{'.fet' if kind is Format.FET else '.xml'}")
    check_outputs([target], plan)
    console = screen(highlight=False)
    deadline = Deadline(options.time_limit, options.deterministic)

    def show(answer: Answer) -> None:
        for line in lines_of(answer):
            console.print(line, soft_wrap=True)

    def run(tell: Callable[[Progress], None]) -> list[Answer]:
        if kind is Format.XHSTT:
            return solve_xhstt(source, target, options, tell, deadline, only=instances, answered=show)
        answer = solve_fet(source, target, options, tell, deadline, ignore_unsupported=ignore_unsupported)
        show(answer)
        return [answer]

    return max(map(exit_code, watched(run, deadline, console)))


def lines_of(answer: Answer) -> list[str]:
    """Return what is said of an answer: what was left out, cost and proof, the requirements that are broken, the files."""
    from scheduler.writing.headline import proof_name

    solution = answer.solution
    lines = [
        str(Message("Left out, not supported: {count} constraints of the type {type}", count=count, type=name))
        for name, count in sorted(answer.left_out.items())
    ]
    lines.append(
        str(
            Message(
                "{name}: {proof}; cost {cost} (required/preference), bound {bound}, first legal after {first} s, {seconds} s in all",
                name=answer.name,
                proof=proof_name(solution.proof),
                cost=solution.cost or "–",
                bound="–" if solution.bound is None else solution.bound,
                first="–" if solution.first_legal_seconds is None else f"{solution.first_legal_seconds:.1f}",
                seconds=f"{solution.seconds:.1f}",
            )
        )
    )
    broken = [violation for violation in answer.violations if violation.constraint.required]
    lines += [f"  {violation.constraint.label()}: {violation.sentence}" for violation in broken[:20]]
    lines += [str(Message("Timetable written to {path}", path=path.resolve())) for path in answer.written]
    return lines


def exit_code(answer: Answer) -> int:
    """Return 0 for a legal timetable, 3 when the search was stopped early, 5 when the time ran out without any, else 1."""
    from scheduler.cli.failures import DONE, IMPOSSIBLE, NOT_FOUND, STOPPED_EARLY
    from scheduler.outcome import Proof

    solution = answer.solution
    if solution.timetable is None and solution.proof is Proof.UNKNOWN:
        return NOT_FOUND
    if solution.interrupted and solution.timetable is not None:
        return STOPPED_EARLY
    return DONE if solution.cost is not None and not solution.cost.required else IMPOSSIBLE
