"""What an audit is given beside the timetable: rule sets, and the timetable or lesson log in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from constraints.rulefile import RuleSetError
from constraints.ruleset import RuleSet, load_ruleset
from instances.origin import Origin
from scheduler.auditing.executed import Comparison, compare_executed
from scheduler.auditing.hours import class_names_between
from scheduler.auditing.lesson_log import compare_with_log, find_log, read_log
from scheduler.errors import Finding, InputError
from scheduler.reading.timetable import TimetableReading, open_table, read_timetable


def combined(names: Sequence[str | Path]) -> RuleSet:
    """Return one rule set that holds the rules of all named ones, each rule once. Raises InputError for one that is not valid."""
    from instances.language import Message

    sets: list[RuleSet] = []
    findings: list[Finding] = []
    for name in names or ("national",):
        try:
            sets.append(load_ruleset(name))
        except RuleSetError as error:
            findings.extend(Finding(Message("{fault}", fault=fault), Origin(str(name))) for fault in error.faults)
    if findings:
        raise InputError(findings)
    if len(sets) == 1:
        return sets[0]
    rules = {rule.id: rule for ruleset in sets for rule in ruleset.rules}
    title = {language: " + ".join(s.title.get(language, s.id) for s in sets) for language in ("zh", "en")}
    return replace(sets[0], id="+".join(s.id for s in sets), title=title, rules=tuple(rules.values()))


def compared(paths: Sequence[Path], reading: TimetableReading) -> Comparison:
    """Compare a posted timetable with the one in use, or with a lesson log. Raises InputError when neither can be read."""
    if len(paths) == 1 and paths[0].is_file():
        workbook = open_table(paths[0])
        if found := find_log(workbook):
            entries, findings = read_log(found, reading.school)
            if not entries:
                raise InputError(findings)
            return compare_with_log(reading.school, reading.timetable, entries)
    other = read_timetable(list(paths))
    return compare_executed(reading.school, reading.timetable, other.timetable, class_names_between(reading.school, other.school))
