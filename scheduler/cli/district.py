"""``kebiao district``: all the schools of a district in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from scheduler.auditing.district import Job, SchoolResult

app = typer.Typer(no_args_is_help=True)

_Folder = Annotated[Path, typer.Argument(help=_("Folder with a file or a subfolder for each school."))]
_Output = Annotated[Path, typer.Option("-o", "--output", help=_("Summary workbook; the schools' reports go beside it."))]
_Rules = Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))]
_Html = Annotated[Path | None, typer.Option("--html", help=_("Also write a dashboard as one web page."))]
_Scheduler = Annotated[str | None, typer.Option("--scheduler", help=_("Address of a Dask cluster, tcp://…; default: this computer."))]
_Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=256, help=_("Processes on this computer; default: one for each core."))
]


@app.command("audit", help=_("Judge the published timetables of all schools."))
def audit(
    folder: _Folder,
    output: _Output = Path("district.xlsx"),
    rules: _Rules = None,
    html: _Html = None,
    scheduler: _Scheduler = None,
    workers: _Workers = None,
) -> None:
    """Judge the published timetables of all schools."""
    from scheduler.auditing.district import Job

    _run(Job.AUDIT, folder, output, rules, html, scheduler, workers, 0.0)


@app.command("solve", help=_("Build the timetables of all schools from their course plans."))
def solve(
    folder: _Folder,
    output: _Output = Path("district.xlsx"),
    rules: _Rules = None,
    html: _Html = None,
    scheduler: _Scheduler = None,
    workers: _Workers = None,
    time: Annotated[float, typer.Option("--time", min=1, help=_("Time limit for each school, in seconds."))] = 60,
) -> None:
    """Build the timetables of all schools from their course plans."""
    from scheduler.auditing.district import Job

    _run(Job.SOLVE, folder, output, rules, html, scheduler, workers, time)


def _run(
    job: Job,
    folder: Path,
    output: Path,
    rules: list[str] | None,
    html: Path | None,
    scheduler: str | None,
    workers: int | None,
    seconds: float,
) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from scheduler.auditing.district import State, Store, run_district, schools_of
    from scheduler.auditing.district_report import write_dashboard, write_summary
    from scheduler.auditing.inputs import combined
    from scheduler.cli.screen import screen
    from scheduler.writing.atomic import check_outputs

    combined(rules or ["national"])  # a faulty rule set is refused before the run
    output.parent.mkdir(parents=True, exist_ok=True)
    check_outputs([output, html], [folder])
    tasks = schools_of(folder, job, rules or ["national"], seconds)
    store = Store.beside(output)
    console = screen()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, transient=True
    ) as bar:
        line = bar.add_task(_("schools"), total=len(tasks))

        def tell(done: int, total: int, result: SchoolResult) -> None:
            bar.update(line, completed=done, total=total, description=result.school)

        results = run_district(tasks, store, scheduler=scheduler, workers=workers, tell=tell)
    write_summary(results, output, store)
    if html:
        write_dashboard(results, html, store)
    done = sum(r.state is State.DONE for r in results)
    again = sum(r.again for r in results)
    console.print(
        str(
            Message(
                "{done} of {total} schools done ({again} known from an earlier run); summary: {path}",
                done=done,
                total=len(results),
                again=again,
                path=output,
            )
        )
    )
    for result in results:
        if result.state is not State.DONE:
            console.print("  " + str(Message("{school}: {reason}", school=result.school, reason="; ".join(result.reasons[:2]))))
