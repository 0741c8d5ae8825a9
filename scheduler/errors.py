"""Errors that a person can act on.

KebiaoError
├── InputError        the input cannot be used: a list of findings, each with its cell    (exit 2)
├── Infeasible        no timetable can satisfy the requirements, and why                  (exit 1)
├── NotFound          the time ran out; nothing is known                                  (exit 5)
└── Disagreement      solver and checker differ: a defect of this program                 (exit 4)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from instances.language import Message
from instances.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the input: where, what stands there, what was expected. ``fatal`` false: a warning."""

    message: Message
    origin: Origin = NOWHERE
    value: str = ""
    expected: Message | None = None
    fatal: bool = True


class KebiaoError(Exception):
    """Base of all errors that are shown to people."""


class InputError(KebiaoError):
    """The input cannot be used; carries all findings, not the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(f.message) for f in findings))
        self.findings = tuple(findings)


class Infeasible(KebiaoError):
    """No timetable satisfies the requirements."""


class NotFound(KebiaoError):
    """The time ran out; nothing is known of whether there is a legal timetable."""


class Disagreement(KebiaoError):
    """The checker does not confirm what the solver says; nothing may be written."""
