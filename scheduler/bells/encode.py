"""What each kind of rule asks of a day: constraints on the day model, hard or only under a literal.

Kinds that are not listed ask nothing of a day that has no self-study, evening or weekend lessons, which is how bells are made here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ortools.sat.python.cp_model import IntVar, LinearExpr, LinearExprT

from constraints.bell.sections_per_day import Window
from constraints.kind import Half
from instances.bells import SectionKind
from scheduler.bells.day_model import BACK, EYE, LUNCH, MEETING, UNIT, DayModel

K = SectionKind


class Encoder:
    """Adds rules to a day model; ``only_if`` None makes them hard."""

    def __init__(self, day: DayModel) -> None:
        self.day = day
        self.only_if: IntVar | None = None

    def need(self, constraint: Any, *given: Any) -> None:
        """Add a constraint under ``only_if`` and the literals ``given``."""
        literals = [*given, *([self.only_if] if self.only_if is not None else [])]
        if isinstance(constraint, bool):
            if not constraint:
                self.day.cp.add_bool_or([~literal for literal in literals])
            return
        added = self.day.cp.add(constraint)
        if literals:
            added.only_enforce_if(*literals)

    def add(self, kind: str, params: Any) -> None:
        """Add a rule of a kind."""
        if kind in _ENCODINGS:
            _ENCODINGS[kind](self, params)

    def section_times(self, p: Any) -> None:
        edges = self._edges(p)
        for value, given in edges:
            if p.not_before is not None:
                self.need(value >= -(-p.not_before // UNIT), *given)
            if p.not_after is not None:
                self.need(value <= p.not_after // UNIT, *given)

    def _edges(self, p: Any) -> list[tuple[LinearExprT, list[IntVar]]]:
        """Return the edge that the rule bounds, with the literals under which it is that edge."""
        d, kinds = self.day, set(p.sections)
        if p.which == "first":
            if K.ARRIVAL in kinds and p.half is not Half.AFTERNOON:
                return [(d.arrival, [])]
            if K.ARRIVAL in kinds or (K.LESSON in kinds and p.half is Half.AFTERNOON):
                early = BACK if K.ARRIVAL in kinds else 0
                return [(d.start[i + 1] - early, [d.noon[i]]) for i in range(len(d.noon))]
            if K.LESSON in kinds:
                return [(d.start[0] + (d.length if p.edge == "end" else 0), [])]
            if K.ACTIVITY in kinds:
                return [(d.last_end + 10 // UNIT, [d.has_activity])]
            if K.AFTER_SCHOOL in kinds:
                return [(d.service_start, [d.has_service])]
            return []
        if p.half is Half.MORNING:
            return [(d.start[i] + d.length, [d.noon[i]]) for i in range(len(d.noon))] if K.LESSON in kinds else []
        if K.AFTER_SCHOOL in kinds:
            return [(d.service_end if p.edge == "end" else d.service_start, [d.has_service])]
        if kinds & {K.ACTIVITY, K.DISMISSAL}:
            return [(d.dismissal, [])]
        return [(d.last_end if p.edge == "end" else d.start[-1], [])] if K.LESSON in kinds else []

    def daily_cap(self, p: Any) -> None:
        d = self.day
        if p.span:
            end: Any = d.dismissal
            if K.AFTER_SCHOOL not in p.without:
                end = d.dismissal + d.service + 10 // UNIT * d.has_service
            if K.LUNCH in p.without:
                end = end - LUNCH
            if K.NOON_REST in p.without:
                end = end - (d.noon_length - LUNCH - BACK)
            self.need(end - d.arrival <= p.minutes // UNIT)
            return
        self.need(self._minutes(p.counts) <= p.minutes // UNIT)

    def _minutes(self, kinds: tuple[SectionKind, ...]) -> LinearExprT:
        """Return the units of the day that sections of some kinds take together."""
        d = self.day
        parts: dict[SectionKind, LinearExprT] = {
            K.LESSON: d.length * d.shape.lessons,
            K.LONG_BREAK: sum(d.long_length),
            K.EYE_EXERCISE: EYE * sum(d.eye),
            K.MORNING_EXERCISE: d.exercise,
            K.MEETING: MEETING if d.shape.meeting else 0,
            K.ACTIVITY: d.activity,
            K.AFTER_SCHOOL: d.service,
        }
        return LinearExpr.sum([parts[kind] for kind in kinds if kind in parts])

    def lesson_length(self, p: Any) -> None:
        lengths = [m for m in range(35, 55, UNIT) if p.holds(m)]
        chosen = [self.day.cp.new_bool_var(f"length{m}") for m in lengths]
        for literal, minutes in zip(chosen, lengths, strict=True):
            self.day.cp.add(self.day.length == minutes // UNIT).only_enforce_if(literal)
        self.need(sum(chosen) >= 1)

    def lessons_in_half(self, p: Any) -> None:
        morning = self.day.morning_lessons
        self.need((morning if p.half is Half.MORNING else self.day.shape.lessons - morning) <= p.at_most)

    def breaks(self, p: Any) -> None:
        d = self.day
        if p.each is not None:
            for i, gap in enumerate(d.gap):
                self.need(gap - EYE * d.eye[i] >= -(-p.each // UNIT), ~d.noon[i])
        if p.together is not None:
            self.need(sum(d.gap) - d.noon_length - EYE * sum(d.eye) >= -(-p.together // UNIT))

    def sections_per_day(self, p: Any) -> None:
        if p.at_least is None and p.exactly is None:
            return
        least = int(p.at_least if p.at_least is not None else p.exactly)
        d, kinds, minutes = self.day, set(p.sections), -(-p.minutes // UNIT)
        if p.whole:
            self.need(self._minutes(p.sections) >= -(-least // UNIT))
        elif K.NOON_REST in kinds or K.LUNCH in kinds or least == 0:
            return
        elif K.LONG_BREAK in kinds:
            self._long_breaks(p, least, minutes)
        elif K.EYE_EXERCISE in kinds:
            self.need(sum(d.eye) >= least)
            if least >= 2:
                self.need(d.counted(d.eye, True) >= 1)
                self.need(d.counted(d.eye, False) >= 1)
        elif K.MORNING_EXERCISE in kinds:
            self.need(d.exercise >= max(minutes, 15 // UNIT))
        elif K.ACTIVITY in kinds and K.AFTER_SCHOOL in kinds:
            self.need(d.service >= max(minutes, 30 // UNIT))
        elif K.ACTIVITY in kinds:
            self.need(d.activity >= max(minutes, 30 // UNIT))
        elif K.AFTER_SCHOOL in kinds:
            self.need(d.service >= max(minutes, 30 // UNIT))

    def _long_breaks(self, p: Any, least: int, minutes: int) -> None:
        d = self.day
        if p.after_lesson is not None:
            self.need(d.long[p.after_lesson - 1] >= 1 if p.after_lesson <= len(d.long) else False)
            return
        fitting = [d.cp.new_bool_var(f"fitting{i}") for i in range(len(d.long))]
        for literal, flag, length in zip(fitting, d.long, d.long_length, strict=True):
            d.cp.add_implication(literal, flag)
            d.cp.add(length >= minutes).only_enforce_if(literal)
        if p.window is Window.AFTERNOON:
            self.need(d.counted(fitting, True) >= least)
        elif p.window is Window.MORNING:
            self.need(d.counted(fitting, False) >= least)
        else:
            self.need(sum(fitting) >= least)

    def sections_per_week(self, p: Any) -> None:
        if p.at_least and K.AFTER_SCHOOL in p.sections:
            self.need(self.day.service >= max(30, p.minutes) // UNIT)

    def service_until_work_ends(self, p: Any) -> None:
        self.need(self.day.has_service >= 1)
        self.need(self.day.service_end >= -(-(p.usual or 17 * 60 + 30) // UNIT))

    def activity_minutes(self, p: Any) -> None:
        d = self.day
        fixed: Any = self._minutes(tuple(k for k in p.sections if k is not K.ACTIVITY))
        least = -(-p.at_least // UNIT)
        enough = d.cp.new_bool_var("enough")
        d.cp.add(fixed >= least).only_enforce_if(enough)
        self.need(fixed + d.length >= least, ~enough)
        self.need(fixed + d.activity >= least, ~enough)

    def activity_period(self, p: Any) -> None:
        self.need(self.day.has_activity >= 1)


_ENCODINGS: dict[str, Callable[[Encoder, Any], None]] = {
    "section_times": Encoder.section_times,
    "daily_cap": Encoder.daily_cap,
    "lesson_length": Encoder.lesson_length,
    "lessons_in_half": Encoder.lessons_in_half,
    "breaks": Encoder.breaks,
    "sections_per_day": Encoder.sections_per_day,
    "sections_per_week": Encoder.sections_per_week,
    "service_until_work_ends": Encoder.service_until_work_ends,
    "activity_minutes": Encoder.activity_minutes,
    "activity_on_days_without_pe": Encoder.activity_period,
    "activity_listed": Encoder.activity_period,
}
