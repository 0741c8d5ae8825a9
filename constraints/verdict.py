"""What a rule says of a school, a bell schedule or a timetable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from instances.language import Message
from instances.origin import Origin

if TYPE_CHECKING:
    from constraints.rule import Rule


class Status(StrEnum):
    """合格, 不合格, 提示, 无法判断, 不适用."""

    PASS = "pass"
    FAIL = "fail"  # broken, level must
    WARNING = "warning"  # broken, level should (一般, 原则上)
    NOTE = "note"  # broken, level encouraged (鼓励)
    UNKNOWN = "not judged"  # needs something that was not given; the sentence says what
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement: a rule at one point (a class, a class and day, a bell schedule).

    ``measured`` and ``limit`` are printed as they are ("25", "≥ 26 lessons"); ``origins`` are the cells of the input that show it;
    ``slots`` are (class, day, period) of the timetable that show it.
    """

    rule: Rule
    status: Status
    point: str
    sentence: Message
    measured: str = ""
    limit: str = ""
    origins: tuple[Origin, ...] = ()
    slots: tuple[tuple[str, int, int], ...] = ()
