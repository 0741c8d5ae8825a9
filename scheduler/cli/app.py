"""``kebiao``: the command line. One file for each command; nothing heavy is imported before a command runs."""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from instances.language import LANGUAGES, _, preferred_language, set_language

# New objects between two looks for cycles: a model is very many small ones that stay (36 classes: 2.8 s beside the search, 3.0 before).
COLLECT_AFTER = 100_000


def language_of(arguments: list[str]) -> tuple[str, list[str]]:
    """Return the language and the other arguments: that of ``--lang``, wherever it stands, else the preferred one (KEBIAO_LANG, locale).

    A ``--lang`` with another value stays where it is, to be complained of.
    """
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang=") and argument.removeprefix("--lang=") in LANGUAGES:
            return argument.removeprefix("--lang="), arguments[:position] + arguments[position + 1 :]
        if argument == "--lang" and arguments[position + 1 : position + 2] in [[language] for language in LANGUAGES]:
            return arguments[position + 1], arguments[:position] + arguments[position + 2 :]
    return preferred_language(), arguments


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("kebiao"))
        raise typer.Exit


def build_app() -> typer.Typer:
    """Return the application with all commands, its help in the language in force."""
    from scheduler.cli import check, demo, new, solve

    _name_parts_of_help()
    app = typer.Typer(
        name="kebiao",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help=_("Weekly timetables for Chinese schools: built, checked and judged by the rules."),
        epilog=_(
            "Exit codes: 0 done, 1 impossible (or refused by --strict), 2 bad input, 3 stopped early with a timetable, 4 internal error."
        ),
    )

    @app.callback()
    def _global(
        lang: Annotated[str | None, typer.Option("--lang", help=_("Language of everything shown: zh or en."))] = None,
        version: Annotated[bool, typer.Option("--version", help=_("Show the version."), is_eager=True, callback=_show_version)] = False,
    ) -> None:
        if lang is not None and lang not in LANGUAGES:
            raise typer.BadParameter(_("expected zh or en"), param_hint="--lang")

    app.command("solve", help=_("Build a checked timetable from a course plan."))(solve.solve)
    app.command("check", help=_("Read a plan, list what is wrong with it and judge plan and bells; no solving."))(check.check)
    app.command("new", help=_("Write an empty plan workbook to fill in."))(new.new)
    app.command("demo", help=_("Build a timetable from an example plan that ships with the program."))(demo.demo)
    add_more_commands(app)
    return app


def _name_parts_of_help() -> None:
    """Put typer's own words in the language in force; it knows English only."""
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = _("Options")
    rich_utils.ARGUMENTS_PANEL_TITLE = _("Arguments")
    rich_utils.COMMANDS_PANEL_TITLE = _("Commands")
    rich_utils.ERRORS_PANEL_TITLE = _("Error")
    rich_utils.REQUIRED_LONG_STRING = _("[required]")
    rich_utils.DEFAULT_STRING = _("[default: {}]")
    rich_utils.RICH_HELP = _("Try [blue]'{command_path} {help_option}'[/] for help.")


def add_more_commands(app: typer.Typer) -> None:
    """Join the commands that live in files of their own."""
    from scheduler.cli import audit, calendar, convert, cover, evaluate, example, replan, swap
    from scheduler.cli.bell import build_bell
    from scheduler.cli.district import app as district
    from scheduler.cli.ledger import build_ledger
    from scheduler.cli.rules import build_rules

    app.command("example", help=_("Write one of the example plans as a workbook."))(example.example)
    app.command("audit", help=_("Judge a timetable that somebody else made."))(audit.audit)
    app.command("evaluate", help=_("Cost of the solutions of an XHSTT archive, by constraint."))(evaluate.evaluate)
    app.command("convert", help=_("Write a course plan as a FET file."))(convert.convert)
    app.command("replan", help=_("Change the timetable in force as little as a changed plan allows."))(replan.replan)
    app.command("swap", help=_("List where a lesson can go, alone or in exchange, and what that does to quality."))(swap.swap)
    app.command("cover", help=_("Propose who takes the lessons of absent teachers, on real dates."))(cover.cover)
    app.add_typer(build_ledger(), name="ledger")
    app.command("calendar", help=_("Calendar files for teachers and classes, or a week's notice board."))(calendar.calendar)
    app.add_typer(build_rules(), name="rules")
    app.add_typer(build_bell(), name="bell")
    app.add_typer(district, name="district", help=_("All the schools of a district in one run."))


def main() -> None:
    """Run the command line; nothing that goes wrong ends in a traceback."""
    from scheduler.cli.failures import guarded

    gc.set_threshold(COLLECT_AFTER)
    for stream in (sys.stdout, sys.stderr):  # a pipe on Windows may lack ✗ or Chinese: a question mark there, and the run goes on
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    language, arguments = language_of(sys.argv[1:])
    set_language(language)
    guarded(lambda: build_app()(arguments))


if __name__ == "__main__":
    main()
