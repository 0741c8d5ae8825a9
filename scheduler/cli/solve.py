"""``kebiao solve``: course plan in, checked timetable out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from rich.console import Console

    from scheduler.explaining.explain import Explanation
    from scheduler.outcome import Outcome
    from scheduler.solving.options import SolveOptions
    from scheduler.writing.book import Book


def solve(
    plan: Annotated[list[Path], typer.Argument(help=_("Workbooks of one school's plan, or a folder of them."))],
    output: Annotated[Path, typer.Option("-o", "--output", help=_("Workbook to write (with --each: a folder)."))] = Path("timetable.xlsx"),
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
    mapping: Annotated[Path | None, typer.Option("--map", help=_("Mapping file for a layout that is not recognised."))] = None,
    time: Annotated[float, typer.Option("--time", min=1, help=_("Time limit in seconds."))] = 60,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help=_("Seed of the search."))] = 0,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=256, help=_("Cores to use; default all."))] = None,
    gap: Annotated[float, typer.Option("--gap", min=0, max=1, help=_("Stop within this gap of the bound: 0.01 is 1 %."))] = 0.0,
    deterministic: Annotated[
        bool, typer.Option("--deterministic", help=_("Same input, seed and version give the same timetable."))
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help=_("Refuse a plan or bells that break a binding rule."))] = False,
    json: Annotated[Path | None, typer.Option("--json", help=_("Also write JSON."))] = None,
    html: Annotated[Path | None, typer.Option("--html", help=_("Also write one self-contained web page."))] = None,
    explain_to: Annotated[
        Path | None,
        typer.Option("--explain-to", help=_("Where to write why there is no timetable (workbook, and marked copies of the plan).")),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help=_("Every workbook is a school of its own."))] = False,
    form: Annotated[str, typer.Option("--format", help=_("What the input is: school (workbooks), xhstt or fet."))] = "school",
    ignore_unsupported: Annotated[
        bool, typer.Option("--ignore-unsupported", help=_("Leave out constraints that are not supported, and list them (fet)."))
    ] = False,
    instance: Annotated[
        list[str] | None, typer.Option("--instance", help=_("Solve only the instance with this Id; may be repeated (xhstt)."))
    ] = None,
) -> None:
    """Build a checked timetable from a course plan."""
    from scheduler.cli.failures import DONE
    from scheduler.solving.options import SolveOptions

    options = SolveOptions(time_limit=time, seed=seed, workers=workers, gap=gap, deterministic=deterministic)
    if form == "school" and len(plan) == 1 and plan[0].name.lower().endswith((".fet", ".fet.gz")):
        form = "fet"
    if form != "school":
        from scheduler.cli.formats import solve_as

        of_schools = {"--rules": rules, "--map": mapping, "--strict": strict, "--each": each}
        of_schools |= {"--json": json, "--html": html, "--explain-to": explain_to}
        for name in (name for name, value in of_schools.items() if value):
            raise typer.BadParameter(_("only for the workbooks of a school"), param_hint=name)
        target = None if output == Path("timetable.xlsx") else output
        raise typer.Exit(solve_as(form, plan, target, options, ignore_unsupported, instance or ()))
    if instance:
        raise typer.BadParameter(_("only XHSTT archives have instances"), param_hint="--instance")
    if each:
        raise typer.Exit(_solve_each(plan, output, rules or [], mapping, options, strict))
    code = solve_one(plan, output, rules or [], mapping, options, strict, json, html, explain_to)
    if code != DONE:
        raise typer.Exit(code)


def solve_one(
    plan: list[Path],
    output: Path,
    rules: list[str],
    mapping: Path | None,
    options: SolveOptions,
    strict: bool = False,
    json: Path | None = None,
    html: Path | None = None,
    explain_to: Path | None = None,
) -> int:
    """Solve one school, write what was asked for and return the exit code."""
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.cli.solving import watched
    from scheduler.outcome import Proof
    from scheduler.reading.read import read_school
    from scheduler.solving.stopping import Deadline
    from scheduler.timetabling import breaches, judged, make_timetable, rulesets_of
    from scheduler.writing.atomic import check_outputs
    from scheduler.writing.console import print_notes, print_outcome, print_verdicts
    from scheduler.writing.html_report import write_html
    from scheduler.writing.json_report import write_json
    from scheduler.writing.workbook import write_workbook

    console = screen()
    check_outputs([output, json, html, explain_to], plan)
    school = read_school(plan, mapping=mapping)
    print_notes(school.notes, console)
    rulesets = rulesets_of(school, tuple(rules))
    broken = breaches(judged(school, rulesets))
    if broken and strict:
        print_verdicts(broken, console)
        console.print(str(Message("Refused: the plan or the bells break rules that must hold (--strict).")))
        return IMPOSSIBLE
    deadline = Deadline(options.time_limit, options.deterministic)
    outcome = watched(lambda tell: make_timetable(school, options, rulesets=rulesets, tell=tell, deadline=deadline), deadline, console)
    if outcome.timetable is not None:
        write_workbook(outcome, output, inputs=plan, first=reasons_of(outcome, plan))
        if json:
            write_json(outcome, json, inputs=plan)
        if html:
            write_html(outcome, html, inputs=plan)
    print_outcome(outcome, console)
    if outcome.explanation is not None:
        tell_why(outcome.explanation, plan, explain_to, console)
    if outcome.timetable is None:
        console.print(str(Message("Nothing was written: no timetable was found.")))
        if outcome.solution.proof is Proof.UNKNOWN and not outcome.solution.interrupted:
            console.print(str(Message("More time may help: --time {seconds}", seconds=f"{4 * options.time_limit:.0f}")))
    else:
        for target in filter(None, (output, html, json)):
            console.print(str(Message("Timetable written to {path}", path=target.resolve())))
    return exit_code(outcome)


def reasons_of(outcome: Outcome, plan: list[Path]) -> Callable[[Book], None]:
    """Return what puts the sheet 无解分析 at the front of a workbook, where there is something to explain."""

    def add(book: Book) -> None:
        from scheduler.explaining.sheet import add_explanation, plan_files

        if outcome.explanation is not None:
            title = str(Message("{school} why there is no timetable", school=outcome.school.name))
            add_explanation(book, title, outcome.explanation, plan_files(plan))

    return add


def tell_why(explanation: Explanation, plan: list[Path], target: Path | None, console: Console) -> None:
    """Print why there is no timetable; write it, and copies of the plan with comments, if a workbook is named."""
    from json import dumps

    from scheduler.explaining.annotate import annotated_plan
    from scheduler.explaining.report import as_json
    from scheduler.explaining.screen import print_explanation
    from scheduler.explaining.sheet import write_explanation
    from scheduler.writing.atomic import write_text

    print_explanation(explanation, console)
    if target is not None and target.suffix.lower() == ".json":
        write_text(target, dumps(as_json(explanation), ensure_ascii=False, indent=1), plan)
        console.print(str(Message("Explanation written to {path}", path=target.resolve())))
    elif target is not None:
        write_explanation(explanation, target, inputs=plan)
        for path in [target, *annotated_plan(explanation, target.parent, plan)]:
            console.print(str(Message("Explanation written to {path}", path=path.resolve())))


def exit_code(outcome: Outcome) -> int:
    """Return 0 for a complete timetable, 3 when it was stopped early, 5 when the time ran out without any, 1 when none is possible.

    A partial timetable is 1 as well: what is left unplaced, and why, stands in it.
    """
    from scheduler.cli.failures import DONE, IMPOSSIBLE, NOT_FOUND, STOPPED_EARLY
    from scheduler.outcome import Proof

    solution = outcome.solution
    if outcome.timetable is None and solution.proof is Proof.UNKNOWN:
        return NOT_FOUND
    if solution.cost is None or solution.cost.required:
        return STOPPED_EARLY if solution.interrupted and outcome.timetable is not None else IMPOSSIBLE
    return STOPPED_EARLY if solution.interrupted else DONE


def _solve_each(plans: list[Path], folder: Path, rules: list[str], mapping: Path | None, options: SolveOptions, strict: bool) -> int:
    """Solve every workbook by itself into ``folder``; a bad one is reported and the others go on. Return the gravest exit code."""
    from functools import partial

    from scheduler.cli.failures import DONE, MILD_TO_GRAVE, exit_code_of
    from scheduler.errors import Finding, InputError

    found = [file for path in plans for file in (sorted(path.glob("*.xls*")) if path.is_dir() else [path])]
    files = [file for file in found if not file.name.startswith("~$")]  # what Excel leaves beside an open workbook
    if not files:
        raise InputError([Finding(Message("There is no workbook in {path}", path=path)) for path in plans])
    folder.mkdir(parents=True, exist_ok=True)
    worst = DONE
    for file in files:
        target = folder / f"{file.stem}.xlsx"
        print(Message("== {path}", path=file))
        code = exit_code_of(partial(solve_one, [file], target, rules, mapping, options, strict))
        worst = max(worst, code, key=MILD_TO_GRAVE.index)
    return worst
