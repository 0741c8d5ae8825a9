"""Opens rule sets for commands: what is wrong with a rule file becomes findings, each with its line."""

from __future__ import annotations

from pathlib import Path

from constraints.rulefile import RuleSetError
from constraints.ruleset import RuleSet, load_ruleset
from instances.language import Message
from instances.origin import Origin
from scheduler.errors import Finding, InputError


def open_ruleset(name: str | Path) -> RuleSet:
    """Return a rule set by id, alias or path; raises InputError with every fault of the file and its line."""
    try:
        return load_ruleset(name)
    except RuleSetError as error:
        raise InputError(
            [
                Finding(fault.message, Origin(fault.file, cell=str(Message("line {n}", n=fault.line)) if fault.line else ""))
                for fault in error.faults
            ]
        ) from None
