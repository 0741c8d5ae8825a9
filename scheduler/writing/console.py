"""What the screen shows of a run: breaches first, then how good the timetable is; or all that is wrong with the input."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from constraints.verdict import Status, Verdict
from instances.language import Message, _
from instances.school import Note
from scheduler.errors import Finding
from scheduler.outcome import Outcome
from scheduler.writing.compliance import MARKS, summary
from scheduler.writing.headline import BREACHES, judgements, points_text, proof_sentence, status_name, tallies
from scheduler.writing.quality import kind_name

MOST_BREACHES = 12
MOST_NOTES = 8
MOST_TALLIES = 15
MOST_FINDINGS = 60
_COLOURS = {Status.FAIL: "bold red", Status.WARNING: "yellow", Status.NOTE: "cyan"}


def _table(title: str, *heads: str) -> Table:
    table = Table(title=Text(title), title_justify="left", title_style="bold", header_style="bold", expand=False)
    for head in heads:
        table.add_column(Text(head), overflow="fold")
    return table


def _row(table: Table, *values: object, style: str = "") -> None:
    """Add a row of plain text: square brackets in names are no markup."""
    table.add_row(*(Text(str(value)) for value in values), style=style or None)


def _more(count: int, where: str) -> list[RenderableType]:
    return [Text(str(Message("... and {count} more, see {where}", count=count, where=where)), style="dim")] if count > 0 else []


def breaches(verdicts: Sequence[Verdict]) -> RenderableType:
    """Return the rules that are broken, the worst first, with their sources; a line that says so when there are none."""
    lines = [line for line in judgements(verdicts, brief=True) if line.status in BREACHES]
    if not lines:
        return Text(_("No rule is broken.") if verdicts else _("No rule was judged."), style="green" if verdicts else "")
    broken = any(line.status is Status.FAIL for line in lines)
    title = _("Rules broken") if broken else _("No binding rule is broken; what else the rules ask for and is not met")
    table = _table(title, _("verdict"), _("rule"), _("where"), _("measured"), _("limit"), _("source"))
    for line in lines[:MOST_BREACHES]:
        verdict = MARKS[line.status][0] + status_name(line.status)
        _row(
            table, verdict, line.rule.label(), points_text(line.points, 3), line.measured, line.limit,
            line.rule.source, style=_COLOURS[line.status],
        )  # fmt: skip
    return Group(table, *_more(len(lines) - MOST_BREACHES, _("Compliance")))


def understood(notes: Sequence[Note]) -> RenderableType:
    """Return the short "understood as" echo, a line for each note that a person must see: layouts, warnings, what was assumed."""
    shown = [note for note in notes if note.assumed or not note.origin.cell or "warning" in note.text.values]
    shown.sort(key=lambda note: note.assumed)
    lines = []
    for note in shown[:MOST_NOTES]:
        place = f"{note.origin}  " if str(note.origin) else ""
        assumed = f" ({_('assumed')})" if note.assumed else ""
        lines.append(Text(f"· {place}{note.text}{assumed}", style="yellow" if note.assumed else ""))
    return Group(Text(_("Understood as"), style="bold"), *lines, *_more(len(notes) - len(lines), _("Reading notes")))


def understood_in_full(notes: Sequence[Note]) -> RenderableType:
    """Return every note with its cell; what was assumed first."""
    table = _table(_("Understood as"), _("cell"), _("what stands there"), _("understood as"))
    ordered = sorted(notes, key=lambda note: not note.assumed)
    for note in ordered:
        text = str(note.text) if not note.assumed else f"{note.text} ({_('assumed')})"
        _row(table, note.origin, note.value, text, style="yellow" if note.assumed else "")
    return table


def quality(outcome: Outcome) -> RenderableType:
    """Return the requirements and preferences that are not met everywhere: violations and cost of each."""
    found = tallies(outcome)
    costly = [tally for tally in found if tally.violations]
    if not costly:
        return Text(str(Message("All {count} requirements and preferences are met everywhere.", count=len(found))), style="green")
    table = _table(_("Quality"), _("name"), _("kind"), _("weight"), _("places not met"), _("cost"))
    for tally in costly[:MOST_TALLIES]:
        cost = tally.cost.required + tally.cost.preference
        style = "bold red" if tally.required else ""
        _row(table, tally.label, kind_name(tally.required), tally.weight, len(tally.violations), cost, style=style)
    return Group(table, *_more(len(costly) - MOST_TALLIES, _("Quality")))


def facts(outcome: Outcome) -> RenderableType:
    """Return what is known of the answer, and the numbers that say how it came about; the workbook has the rest."""
    solution = outcome.solution
    good = solution.cost is not None and not solution.cost.required
    numbers = Message(
        "cost of preferences {cost}, lower bound {bound}; {seconds} s, cores: {cores}, seed {seed}",
        cost="-" if solution.cost is None else solution.cost.preference,
        bound="-" if solution.bound is None else solution.bound,
        seconds=f"{solution.seconds:.1f}",
        cores=solution.workers,
        seed=solution.seed,
    )
    return Group(Text(str(proof_sentence(outcome)), style="bold green" if good else "bold red"), Text(str(numbers), style="dim"))


def print_notes(notes: Sequence[Note], console: Console, *, full: bool = False) -> None:
    """Print how the plan was understood, in short where a workbook has the whole."""
    if notes:
        console.print(understood_in_full(notes) if full else understood(notes))


def print_verdicts(verdicts: Sequence[Verdict], console: Console) -> None:
    """Print the rules that are broken and the count of each verdict."""
    console.print(breaches(verdicts))
    if verdicts:
        console.print(Text(summary(verdicts)))


def print_outcome(outcome: Outcome, console: Console) -> None:
    """Print a run: rules broken first, then what gave way, how good the answer is, and what each wish costs."""
    print_verdicts(outcome.verdicts, console)
    for message in outcome.gave_way:
        console.print(Text(f"⇄ {_('gave way')}: {message}", style="yellow"))
    console.print(facts(outcome))
    if outcome.timetable is not None or outcome.violations:
        console.print(quality(outcome))


def findings_table(findings: Sequence[Finding]) -> RenderableType:
    """Return what is wrong with the input: file, sheet, cell, what stands there, what was expected; errors before warnings."""
    table = _table(_("The input cannot be used as it is") if any(f.fatal for f in findings) else _("Please check"),
        _("file"), _("sheet"), _("cell"), _("what is wrong"), _("what stands there"), _("expected"),
    )  # fmt: skip
    for finding in sorted(findings, key=lambda finding: not finding.fatal)[:MOST_FINDINGS]:
        origin = finding.origin
        expected = finding.expected if finding.expected is not None else ""
        style = "" if finding.fatal else "yellow"
        _row(table, origin.file, origin.sheet, origin.cell, finding.message, finding.value, expected, style=style)
    rest = len(findings) - MOST_FINDINGS
    return Group(table, *([Text(str(Message("and {count} more", count=rest)), style="dim")] if rest > 0 else []))


def print_findings(findings: Sequence[Finding], console: Console | None = None) -> None:
    """Print what is wrong with the input, by default where errors go."""
    (console or Console(stderr=True)).print(findings_table(findings))
