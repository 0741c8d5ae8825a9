"""``kebiao bell``: make a bell schedule that obeys a rule set, or check one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from rich.table import Table

    from instances.bells import BellSchedule


def build_bell() -> typer.Typer:
    """Return the sub-application, its help in the language in force."""
    app = typer.Typer(no_args_is_help=True, help=_("Bell schedules: make one that obeys the rules, or check one."))
    app.command("make", help=_("Make a bell schedule that obeys a rule set, or say which rules cannot stand together."))(make)
    app.command("check", help=_("Judge the bell schedule of a workbook by a rule set."))(check)
    return app


def make(
    grades: Annotated[str, typer.Option("--grades", help=_("Grades, such as 1-6 or 7-9."))] = "1-6",
    lessons: Annotated[int, typer.Option("--lessons", min=2, max=10, help=_("Lessons a day."))] = 6,
    rules: Annotated[str, typer.Option("--rules", help=_("Rule set, by name or file."))] = "national",
    length: Annotated[int | None, typer.Option("--length", min=30, max=60, help=_("Minutes of a lesson, if chosen."))] = None,
    season: Annotated[str, typer.Option("--season", help=_("summer, winter or both."))] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help=_("Workbook to write."))] = None,
) -> None:
    """Make a bell schedule that obeys a rule set, or say which rules cannot stand together."""
    from scheduler.bells.make import BellRequest, asked_for_seasons, conflict_message, make_bells
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.rulesets import open_ruleset
    from scheduler.writing.console import print_verdicts

    wanted = _grades(grades)
    if season not in ("", "summer", "winter", "both"):
        raise typer.BadParameter(_("expected summer, winter or both"), param_hint="--season")
    if length is not None and length % 5:
        raise typer.BadParameter(_("expected a multiple of 5"), param_hint="--length")
    ruleset = open_ruleset(rules)
    season = season or ("both" if asked_for_seasons(ruleset, wanted) else "")
    console = screen()
    made = make_bells(ruleset, BellRequest(wanted, lessons, length, season))
    for conflict in dict.fromkeys(one.conflict for one in made if one.bells is None):
        console.print(str(conflict_message(conflict)))
    for one in made:
        if one.bells is None:
            continue
        console.print(_bell_table(one.bells))
        print_verdicts(one.verdicts, console)
    bells = tuple(one.bells for one in made if one.bells is not None)
    if output is not None and bells:
        _write(bells, output)
        console.print(str(Message("Written: {path}", path=output)))
    if len(bells) < len(made):
        raise typer.Exit(IMPOSSIBLE)


def check(
    workbook: Annotated[Path, typer.Argument(help=_("Workbook with a bell schedule."))],
    rules: Annotated[list[str] | None, typer.Option("--rules", help=_("Rule set, by name or file; may be repeated."))] = None,
    grades: Annotated[str, typer.Option("--grades", help=_("Grades to judge, if the bells do not name them."))] = "",
    strict: Annotated[bool, typer.Option("--strict", help=_("Exit with 1 when a binding rule is broken."))] = False,
) -> None:
    """Judge the bell schedule of a workbook by a rule set."""
    from constraints.verdict import Status
    from scheduler.bells.judge import judge_bells, read_bell_file
    from scheduler.cli.failures import IMPOSSIBLE
    from scheduler.cli.screen import screen
    from scheduler.rulesets import open_ruleset
    from scheduler.writing.console import print_notes, print_verdicts

    console = screen()
    rulesets = [open_ruleset(name) for name in rules or ["national"]]
    bells, notes = read_bell_file(workbook)
    print_notes(notes, console, full=True)
    wanted = _grades(grades) if grades else ()
    verdicts = tuple(verdict for ruleset in rulesets for verdict in judge_bells(ruleset, bells, wanted))
    print_verdicts(verdicts, console)
    if strict and any(verdict.status is Status.FAIL for verdict in verdicts):
        raise typer.Exit(IMPOSSIBLE)


def _grades(text: str) -> tuple[int, ...]:
    from scheduler.reading.grades import parse_grades

    grades = parse_grades(text)
    if not grades or not all(1 <= grade <= 12 for grade in grades):
        raise typer.BadParameter(_("expected grades, such as 1-6"), param_hint="--grades")
    return grades


def _bell_table(bells: BellSchedule) -> Table:
    from rich.table import Table

    from constraints.bell.bell_kind import bell_point
    from constraints.bell.section_times import KIND_NAMES
    from instances.bells import clock

    table = Table(title=bell_point(bells, bells.grades))
    for head in (_("time"), _("section"), _("minutes")):
        table.add_column(head)
    longest = max(bells.days, key=lambda day: len(bells.days[day]))
    for section in bells.days[longest]:
        period = f" {section.period}" if section.period is not None else ""
        name = f"{KIND_NAMES[section.kind]}{period} {section.name}".rstrip()
        table.add_row(f"{clock(section.start)}-{clock(section.end)}", name, str(section.minutes or ""))
    return table


def _write(bells: tuple[BellSchedule, ...], path: Path) -> None:
    from instances.language import current_language
    from instances.school import School
    from scheduler.writing.plan import write_plan

    write_plan(School("", (), (), (), bells), path, language=current_language())
