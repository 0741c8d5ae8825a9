"""The explanation as lines of text with their cells: the same lines on screen, in the sheet 无解分析, as comments and in JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from instances.language import Listing, Message, _
from instances.origin import Origin
from scheduler.explaining.conflict import Conflict
from scheduler.explaining.explain import Explanation
from scheduler.explaining.relax import Repair


class Part(StrEnum):
    """The parts of an explanation, in the order in which they are told."""

    SUMMARY = "summary"
    SHORTAGE = "shortage"
    CONFLICT = "conflict"
    REPAIR = "repair"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Line:
    """One line: which part and which number in it (0 for a heading), what it says, its cells."""

    part: Part
    number: int
    text: Message
    origins: tuple[Origin, ...] = ()
    heading: bool = False


def part_title(part: Part) -> str:
    """Return the heading of a part."""
    return {
        Part.SUMMARY: _("Summary"),
        Part.SHORTAGE: _("What does not add up"),
        Part.CONFLICT: _("What cannot stand together"),
        Part.REPAIR: _("What would make it possible (each one tried and checked)"),
        Part.BLOCKED: _("Lessons without a place"),
    }[part]


def lines_of(explanation: Explanation) -> list[Line]:
    """Return the explanation line by line."""
    lines = [Line(Part.SUMMARY, 0, _summary(explanation), heading=True)]
    lines += [Line(Part.SHORTAGE, n, s.message, s.origins) for n, s in enumerate(explanation.shortages, 1)]
    for number, conflict in enumerate(explanation.conflicts, 1):
        lines.append(Line(Part.CONFLICT, number, _conflict_heading(conflict), heading=True))
        for group in conflict.groups:
            text = Message("{group} ({source})", group=group.label, source=group.source) if group.source else group.label
            lines.append(Line(Part.CONFLICT, number, text, group.origins))
    for number, repair in enumerate(explanation.repairs, 1):
        lines.append(Line(Part.REPAIR, number, _repair_heading(repair), heading=True))
        lines += [Line(Part.REPAIR, number, change.sentence, change.origins) for change in repair.changes]
    for number, blocked in enumerate(explanation.blocked, 1):
        text = Message(
            "{lessons}: {missing} not placed: {reasons}",
            lessons=blocked.lessons,
            missing=blocked.missing,
            reasons=Listing(blocked.reasons) if blocked.reasons else "-",
        )
        lines.append(Line(Part.BLOCKED, number, text, blocked.origins))
    return lines


def _summary(explanation: Explanation) -> Message:
    if explanation.complete and not explanation.proved:
        return Message("The plan has a timetable.")
    if not explanation.proved:
        return Message(
            "It is not proved that the plan is impossible; the search of {seconds} s found no cause.", seconds=_s(explanation.seconds)
        )
    if explanation.rules_gave_way:
        return Message(
            "Plan and rules together leave no timetable: {count} conflicts. Rules gave way, so the lessons are all placed.",
            count=max(1, len(explanation.conflicts)),
        )
    if explanation.complete:
        return Message(
            "The plan is impossible as it stands: {count} conflicts. Without one part of each of them there is a timetable.",
            count=len(explanation.conflicts),
        )
    return Message(
        "The plan is impossible as it stands: {count} conflicts found in {seconds} s; there may be more.",
        count=max(len(explanation.conflicts), len(explanation.shortages)),
        seconds=_s(explanation.seconds),
    )


def _conflict_heading(conflict: Conflict) -> Message:
    if not conflict.minimal:
        text = Message(
            "Conflict of {count} parts (may not be minimal, stopped after {seconds} s):",
            count=len(conflict.groups),
            seconds=_s(conflict.seconds),
        )
    elif len(conflict.groups) == 1:
        text = Message("This cannot be done by itself:")
    else:
        text = Message("These {count} cannot stand together; without any one of them the others can:", count=len(conflict.groups))
    return text if conflict.confirmed else Message("{conflict} (not confirmed by a second proof)", conflict=text)


def _repair_heading(repair: Repair) -> Message:
    if repair.binding:
        return Message("Only by giving up a regulation that must hold:")
    if len(repair.changes) == 1:
        return Message("One change:")
    return Message("{count} changes together:", count=len(repair.changes))


def _s(seconds: float) -> str:
    return f"{seconds:.0f}"


def cells(origins: Iterable[Origin]) -> Listing:
    """Return cells as one text."""
    return Listing(str(origin) for origin in origins if str(origin))


def as_json(explanation: Explanation) -> dict[str, object]:
    """Return the explanation as plain data; texts in the language in force."""

    def places(origins: Iterable[Origin]) -> list[dict[str, str]]:
        return [{"file": o.file, "sheet": o.sheet, "cell": o.cell} for o in origins]

    return {
        "summary": str(_summary(explanation)),
        "proved": explanation.proved,
        "complete": explanation.complete,
        "rules_gave_way": explanation.rules_gave_way,
        "shortages": [{"text": str(s.message), "cells": places(s.origins)} for s in explanation.shortages],
        "conflicts": [
            {
                "minimal": c.minimal,
                "confirmed": c.confirmed,
                "groups": [
                    {"id": g.id, "kind": g.kind.value, "text": str(g.label), "source": g.source, "cells": places(g.origins)}
                    for g in c.groups
                ],
            }
            for c in explanation.conflicts
        ],
        "repairs": [
            {
                "verified": True,
                "price": r.price,
                "gives_up_a_regulation": r.binding,
                "changes": [{"text": str(c.sentence), "cells": places(c.origins)} for c in r.changes],
            }
            for r in explanation.repairs
        ],
        "unplaced": [
            {"lessons": b.lessons, "missing": b.missing, "reasons": [str(r) for r in b.reasons], "cells": places(b.origins)}
            for b in explanation.blocked
        ],
    }
