"""Judges bell schedules alone, without a plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from constraints.case import Case
from constraints.judging import judge_rule
from constraints.kind import Family
from constraints.kinds import KIND_OF
from constraints.ruleset import RuleSet
from constraints.verdict import Verdict
from instances.bells import BellSchedule
from instances.language import Message
from instances.records import Records
from instances.school import Note, School, SchoolClass
from scheduler.reading.bells import is_bell_sheet, read_bells
from scheduler.reading.echo import Echo
from scheduler.reading.workbook import open_workbook, refusal


def read_bell_file(path: Path) -> tuple[tuple[BellSchedule, ...], tuple[Note, ...]]:
    """Return the bell schedules of a workbook and how they were understood; raises InputError with all findings."""
    workbook = open_workbook(path)
    sheets = [sheet for sheet in workbook.sheets if is_bell_sheet(sheet)]
    if not sheets:
        expected = Message("a sheet with the lessons of a day and their times")
        raise refusal(path, Message("no sheet with a bell schedule was found"), expected=expected)
    echo = Echo()
    bells = read_bells(sheets, echo)
    echo.stop_if_wrong()
    echo.warnings_as_notes()
    return tuple(bells), tuple(echo.notes)


def judge_bells(
    ruleset: RuleSet, bells: Sequence[BellSchedule], grades: Sequence[int] = (), records: Records | None = None
) -> tuple[Verdict, ...]:
    """Return the verdicts of all rules about bells, for ``grades`` or, where none are given, for those that the bells name."""
    wanted = tuple(grades) or tuple(sorted({grade for bell in bells for grade in bell.grades}))
    school = School("", tuple(SchoolClass(str(grade), grade) for grade in wanted), (), (), tuple(bells))
    case = Case(school, records=records)
    return tuple(verdict for rule in ruleset.rules if KIND_OF[rule.kind].family is Family.BELL for verdict in judge_rule(rule, case))
