"""``kebiao rules``: list the rule sets, show one as a page to sign, compare two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from instances.language import Message, _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from constraints.rule import Rule


def build_rules() -> typer.Typer:
    """Return the sub-application, its help in the language in force."""
    app = typer.Typer(no_args_is_help=True, help=_("Rule sets: list, show and compare."))
    app.command("list", help=_("List the rule sets that ship."))(list_rules)
    app.command("show", help=_("Show every rule of a set with its value, level, source and how it is judged."))(show)
    app.command("diff", help=_("Show where two rule sets differ."))(diff)
    app.command("form", help=_("Write the sheet of records that a rule set asks a school to fill in."))(form)
    return app


def list_rules() -> None:
    """List the rule sets that ship."""
    from rich.table import Table

    from constraints.ruleset import available_rulesets
    from scheduler.rulesets import open_ruleset

    table = Table(box=None, pad_edge=False)
    for head in (_("name"), _("title"), _("also called"), _("rules")):
        table.add_column(head, overflow="fold")
    for name in available_rulesets():
        ruleset = open_ruleset(name)
        table.add_row(name, ruleset.label(), ", ".join(ruleset.aliases), str(len(ruleset.rules)))
    _console().print(table)


def show(name: Annotated[str, typer.Argument(help=_("Rule set: a name from the list, another name for it, or a file."))]) -> None:
    """Show every rule of a set."""
    from scheduler.rulesets import open_ruleset

    ruleset = open_ruleset(name)
    console = _console()
    console.rule(ruleset.label())
    for text in (
        Message("Name: {name}", name=ruleset.id),
        Message("Also called: {names}", names=", ".join(ruleset.aliases)) if ruleset.aliases else None,
        Message("Place: {place}", place=ruleset.place) if ruleset.place else None,
        Message("Builds on: {names}", names=", ".join(ruleset.extends)) if ruleset.extends else None,
        Message("Valid from: {date}", date=ruleset.valid_from or _("not stated")),
        _words(ruleset.note),
    ):
        if text:
            console.print(str(text), highlight=False)
    console.print(_rules_table(ruleset.rules))
    notes = [(rule, _words(rule.note)) for rule in ruleset.rules if rule.note or rule.set_aside_for]
    for rule, note in notes:
        aside = Message("set aside for {id}", id=rule.set_aside_for) if rule.set_aside_for else ""
        console.print(f"* {rule.id}: {aside} {note}".rstrip(), highlight=False)
    console.print(f"\n{_('Judged: __________    Date: __________    Signature: __________')}", highlight=False)


def diff(
    first: Annotated[str, typer.Argument(help=_("Rule set."))],
    second: Annotated[str, typer.Argument(help=_("Rule set to compare it with."))],
) -> None:
    """Show where two rule sets differ."""
    from rich.table import Table

    from constraints.compare import differences
    from scheduler.rulesets import open_ruleset

    one, two = open_ruleset(first), open_ruleset(second)
    table = Table(show_lines=True)
    for head in (one.label(), two.label()):
        table.add_column(head, overflow="fold", ratio=1)
    found = differences(one, two)
    for difference in found:
        table.add_row(_summary(difference.first), _summary(difference.second))
    console = _console()
    if found:
        console.print(table)
    else:
        console.print(_("The two rule sets ask the same."))


def form(
    name: Annotated[str, typer.Argument(help=_("Rule set: a name from the list, another name for it, or a file."))],
    output: Annotated[Path, typer.Option("--output", "-o", help=_("Workbook to write."))],
) -> None:
    """Write the sheet of records that a rule set asks a school to fill in."""
    from scheduler.auditing.records_sheet import items_of, write_records_sheet
    from scheduler.rulesets import open_ruleset

    ruleset = open_ruleset(name)
    write_records_sheet(ruleset, output)
    _console().print(str(Message("Written: {path}, {n} rows to fill in", path=output, n=len(items_of(ruleset)))))


def _rules_table(rules: tuple[Rule, ...]) -> Table:
    from rich.table import Table

    from constraints.coverage import how_judged
    from constraints.kinds import KIND_OF

    table = Table(show_lines=True, expand=True)
    for head, ratio in ((_("rule"), 5), (_("value"), 4), (_("level"), 2), (_("source"), 5), (_("judged by"), 2)):
        table.add_column(head, overflow="fold", ratio=ratio)
    for rule in rules:
        ruling = KIND_OF[rule.kind].ruling(rule)
        since = f" {Message('from {date}', date=rule.valid_from)}" if rule.valid_from else ""
        table.add_row(
            f"{rule.label()}\n[dim]{rule.id}[/dim]",
            str(ruling.limit),
            str(LEVELS[rule.level.value]),
            f"{rule.source}{since} [dim]{CHECKED[rule.source.checked]}[/dim]",
            str(HOW[how_judged(KIND_OF[rule.kind], rule.level)]),
        )
    return table


def _summary(rule: Rule | None) -> str:
    """Return a rule in two lines, a dash for none."""
    if rule is None:
        return "—"
    from constraints.kinds import KIND_OF

    aside = f" ({Message('set aside for {id}', id=rule.set_aside_for)})" if rule.set_aside_for else ""
    return f"{rule.label()}{aside}\n[dim]{KIND_OF[rule.kind].ruling(rule).limit} · {LEVELS[rule.level.value]}[/dim]"


def _words(texts: Mapping[str, str]) -> str:
    from constraints.words import Words

    return str(Words(texts)) if texts else ""


def _console() -> Console:
    from scheduler.cli.screen import screen

    return screen()


LEVELS = {"must": Message("binding"), "should": Message("as a rule"), "encouraged": Message("encouraged")}
CHECKED = {"original": Message("(checked against the original)"), "copy": Message("(seen in a copy)")}
HOW = {
    "solver": Message("solver and check"),
    "plan check": Message("check of the plan"),
    "timetable check": Message("check of the timetable"),
    "bell check": Message("check of the bells"),
    "record check": Message("statement of the school"),
}
