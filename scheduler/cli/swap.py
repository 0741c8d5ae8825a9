"""``kebiao swap``: where a lesson can go."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.language import Message, _


def swap(
    timetable: Annotated[Path, typer.Argument(help=_("The timetable in force: a workbook that kebiao wrote."))],
    plan: Annotated[list[Path], typer.Option("--plan", help=_("The plan it was made from."))],
    lesson: Annotated[str, typer.Option("--lesson", help=_("Class, day and period of the lesson: “三(1)班 周一第3节”."))],
    to: Annotated[str | None, typer.Option("--to", help=_("Only to this day and period."))] = None,
    most: Annotated[int, typer.Option("--most", min=1, help=_("Show so many suggestions."))] = 15,
    apply: Annotated[int | None, typer.Option("--apply", min=1, help=_("Carry out the suggestion of this number and write it."))] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Workbook to write."))] = Path("timetable-new.xlsx"),
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
) -> None:
    """List every legal move, swap of two or three and chain for a lesson, best first: ★ better, √ same, ≈ worse."""
    from scheduler.cli.living import print_edits, print_table
    from scheduler.cli.screen import screen
    from scheduler.errors import Finding, InputError
    from scheduler.replanning.living import open_living
    from scheduler.replanning.locks import parse_lock
    from scheduler.replanning.replan_school import write_replanned
    from scheduler.swapping.apply import moves_of, reasons_of, taken
    from scheduler.swapping.suggest import Swaps, rank

    console = screen()
    case = open_living(plan, timetable, rules or ())
    print_edits(case, console)
    cell = parse_lock(lesson, case.school)
    meets = [m for m, lessons in case.placed.lessons_of.items() if any(cell.holds(x) and x.kind != "event" for x in lessons)]
    if not meets or cell.day is None or cell.period is None:
        expected = Message("class or teacher, day and period of a lesson: “{example}”", example="三(1)班 周一第3节")
        raise InputError([Finding(Message("No lesson of the timetable stands there"), value=lesson, expected=expected)])
    target = parse_lock(to, case.school) if to else None
    positions = case.compiled.problem.positions
    swaps = Swaps(case.compiled.problem, case.placed.timetable)
    found = [s for meet in meets for s in swaps.suggest(meet)]
    if target is not None:
        wanted = (target.day, target.period)
        found = [s for s in found if any(old in meets and new.start is not None and positions[new.start] == wanted for old, new in s.moved)]
    found.sort(key=rank)
    if not found:
        console.print(str(Message("This lesson cannot move: every other place breaks a requirement, for itself or for those in the way.")))
        return
    if apply is not None:
        if apply > len(found):
            raise InputError(
                [
                    Finding(
                        Message("There is no suggestion of this number"), value=str(apply), expected=Message("1 to {most}", most=len(found))
                    )
                ]
            )
        result = taken(case, found[apply - 1])
        write_replanned(result, output, inputs=[timetable, *plan])
        console.print(str(Message("Timetable written to {path}", path=output.resolve())))
        return
    rows = ((n, s.mark.value, "\n".join(moves_of(case, s)), "\n".join(reasons_of(s))) for n, s in enumerate(found[:most], 1))
    title = str(Message("{count} legal suggestions (★ better, √ same, ≈ worse)", count=len(found)))
    print_table(console, title, (_("no."), "", _("moves"), _("preferences")), rows)
