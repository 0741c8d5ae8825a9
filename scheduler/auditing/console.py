"""The audit on the screen: headline, what is broken, what is not covered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from constraints.verdict import Status, Verdict
from instances.language import Message, _
from scheduler.auditing.audit import Audit
from scheduler.auditing.report import headline, show_cells
from scheduler.writing.compliance import MARKS
from scheduler.writing.headline import status_name

if TYPE_CHECKING:
    from rich.console import Console

_SHOWN = 3  # places shown for each rule
_STYLES = {Status.FAIL: "bold red", Status.WARNING: "yellow", Status.NOTE: "blue", Status.UNKNOWN: "dim", Status.PASS: "green"}


def print_audit(audit: Audit, console: Console) -> None:
    """Print the result of an audit, rule by rule, worst first."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text.assemble((audit.school.name, "bold"), "  ", headline(audit)))
    for note in audit.notes:
        if note.text.text.startswith("{view}"):
            console.print(Text(f"  · {note.origin}: {note.text}", style="dim"))
    if audit.tasks:
        text = Message("course plan: {met} of {tasks} class-subject tasks are met", met=audit.tasks.met, tasks=audit.tasks.tasks)
        console.print(Text(f"  · {text}", style="dim"))
    for message in audit.uncovered:
        console.print(Text(f"  ! {_('not covered: ')}{message}", style="yellow"))
    for finding in audit.unread[:10]:
        console.print(Text(f"    {finding.origin} {finding.value!r}: {finding.message}"))
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in (_("verdict"), _("rule"), _("where"), _("what it says"), _("cells of the timetable")):
        table.add_column(name, overflow="fold")
    groups: dict[tuple[Status, str], list[Verdict]] = defaultdict(list)
    for verdict in audit.verdicts:
        groups[verdict.status, verdict.rule.id].append(verdict)
    for status in (Status.FAIL, Status.WARNING, Status.NOTE, Status.UNKNOWN):
        for (found, _id), verdicts in groups.items():
            if found is not status:
                continue
            mark = Text(MARKS[status][0] + status_name(status), style=_STYLES[status])
            for n, verdict in enumerate(verdicts[:_SHOWN]):
                table.add_row(
                    mark if n == 0 else "",
                    Text(verdict.rule.label()) if n == 0 else "",
                    Text(verdict.point),
                    Text(str(verdict.sentence)),
                    Text(show_cells(audit.places(verdict), 2)),
                )
            if len(verdicts) > _SHOWN:
                table.add_row("", "", Text(str(Message("… and {n} more", n=len(verdicts) - _SHOWN))), "", "")
    console.print(table)
