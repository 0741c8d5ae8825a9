"""A kind of rule: code that knows how to judge, and where it can, how to have the solver obey.

``judge`` reads school, bells, timetable and records, and never asks the solver. ``place`` says in the school's own words (courses and
lines of 排课要求) what a timetable must have so that the rule holds.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from constraints.case import Case, number
from constraints.records.items import BY_ID
from constraints.rule import Level, Rule
from constraints.verdict import Status, Verdict
from instances.bells import clock
from instances.language import Message, _
from instances.school import Course, Requirement, School
from instances.subjects import canonical


class Family(StrEnum):
    """What a kind judges."""

    PLAN = "plan"
    PLACING = "timetable"
    BELL = "bells"
    RECORDS = "records"


@dataclass(frozen=True)
class Placing:
    """What the solver must do for rules: more courses, more lines of 排课要求, and which rules gave way and why."""

    courses: tuple[Course, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    gave_way: tuple[Message, ...] = ()


class Half(StrEnum):
    """A half of the school day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Parameters(BaseModel):
    """Parameters of a kind, as they stand in a rule of a rule set.

    ``only_if`` and ``unless`` name an item of the records: the rule holds only where it is stated as yes, or not where it is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    only_if: str = ""
    unless: str = ""

    @field_validator("only_if", "unless")
    @classmethod
    def _known(cls, item: str) -> str:
        if item and (item not in BY_ID or not BY_ID[item].yes_no):
            raise ValueError("item")
        return item


def clock_minutes(value: object) -> int:
    """Return ``"8:20"`` as minutes after midnight; raises ValueError."""
    if isinstance(value, str):
        hours, colon, minutes = value.partition(":")
        if colon and hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and int(hours) < 24 and int(minutes) < 60:
            return int(hours) * 60 + int(minutes)
    raise ValueError("clock")


Clock = Annotated[int, BeforeValidator(clock_minutes)]  # "8:20" in the file, minutes after midnight here
Whole = Annotated[int, Field(strict=True, ge=0)]
Amount = Annotated[float, Field(strict=True, ge=0)]
Grade = Annotated[int, Field(strict=True, ge=1, le=12)]
Day = Annotated[int, Field(strict=True, ge=1, le=7)]
Name = Annotated[str, Field(strict=True, min_length=1)]


def _subject(text: str) -> str:
    """Return a subject, or alternatives ``A|B``, by the canonical names: 体育与健康 is 体育."""
    return "|".join(canonical(name) for name in text.split("|"))


Subject = Annotated[str, Field(strict=True, min_length=1), AfterValidator(_subject)]


class Bounds(Parameters):
    """A value that must be exactly, at least, more than or at most so much; at least one of the four is given."""

    exactly: Amount | None = None
    at_least: Amount | None = None
    more_than: Amount | None = None
    at_most: Amount | None = None

    @model_validator(mode="after")
    def _some_bound(self) -> Bounds:
        if all(bound is None for bound in (self.exactly, self.at_least, self.more_than, self.at_most)):
            raise ValueError("bounds")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("order")
        return self

    def holds(self, value: Any) -> bool:
        """Say whether a value is within the bounds."""
        return (
            (self.exactly is None or value == self.exactly)
            and (self.at_least is None or value >= self.at_least)
            and (self.more_than is None or value > self.more_than)
            and (self.at_most is None or value <= self.at_most)
        )

    def text(self) -> str:
        """Return the bounds as signs and numbers: ``= 26``, ``≥ 3, ≤ 5``."""
        signs = (("=", self.exactly), ("≥", self.at_least), (">", self.more_than), ("≤", self.at_most))
        return ", ".join(f"{sign} {number(value)}" for sign, value in signs if value is not None)


P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True)
class Ruling(Generic[P]):
    """A rule with its validated parameters and what it asks in words: makes the verdicts."""

    rule: Rule
    params: P
    limit: Message

    def passed(self, point: str, sentence: Message, measured: str = "", **where: Any) -> Verdict:
        """Return a verdict that the rule holds."""
        return Verdict(self.rule, Status.PASS, point, sentence, measured, str(self.limit), **where)

    def broken(self, point: str, sentence: Message, measured: str = "", **where: Any) -> Verdict:
        """Return a verdict that the rule does not hold: failure, warning or note, as its level says."""
        return Verdict(self.rule, broken_status(self.rule), point, sentence, measured, str(self.limit), **where)

    def measured(self, holds: bool, point: str, sentence: Message, measured: str = "", **where: Any) -> Verdict:
        """Return ``passed`` or ``broken``."""
        return (self.passed if holds else self.broken)(point, sentence, measured, **where)

    def unknown(self, point: str, needs: Message, **where: Any) -> Verdict:
        """Return a verdict that says what is missing."""
        return Verdict(self.rule, Status.UNKNOWN, point, Message("not judged: needs {needs}", needs=needs), "", str(self.limit), **where)

    def beside_the_point(self, point: str, sentence: Message) -> Verdict:
        """Return a verdict that the rule does not apply here, and why."""
        return Verdict(self.rule, Status.NOT_APPLICABLE, point, sentence, "", str(self.limit))


class Kind(ABC, Generic[P]):
    """Base of all kinds. Subclasses stand in one file each and are listed in ``constraints.kinds``."""

    name: ClassVar[str]
    family: ClassVar[Family]
    parameters: type[P]

    def ruling(self, rule: Rule) -> Ruling[P]:
        """Return the rule with its parameters read; raises pydantic.ValidationError."""
        params = self.parameters.model_validate(dict(rule.params))
        return Ruling(rule, params, self.limit(params))

    @abstractmethod
    def limit(self, params: P) -> Message:
        """Return what the rule asks, in a few words and numbers."""

    @abstractmethod
    def judge(self, ruling: Ruling[P], case: Case) -> Iterator[Verdict]:
        """Yield the verdicts of a rule on a case, at least one where it applies to some grade of the school."""

    def place(self, ruling: Ruling[P], school: School) -> Placing:
        """Return what the solver must do so that the rule holds; by default nothing."""
        return Placing()


def broken_status(rule: Rule) -> Status:
    """Return what breaking a rule amounts to, by its level."""
    return {Level.MUST: Status.FAIL, Level.SHOULD: Status.WARNING, Level.ENCOURAGED: Status.NOTE}[rule.level]


def times(minutes: int) -> str:
    """Return minutes after midnight as a clock time."""
    return clock(minutes)


def listed(names: tuple[str, ...]) -> str:
    """Return names in a row, as the language in force writes them."""
    return _(", ").join(name.replace("|", "/") for name in names)


NEEDS_PLAN = Message("the course plan or the timetable of the class")
NEEDS_TIMETABLE = Message("a timetable")
NEEDS_BELLS = Message("the school's own bell schedule")
NEEDS_LESSONS = Message("the times of the lessons")
NEEDS_SECTIONS = Message("bells that name what happens between the lessons (long break, eye exercises, rest ...)")
