"""Demands in free Chinese text: ``周二上午，周五第4，5节不排课``, ``保证每天有1节``, ``每天最多4节``, ``不排第一节`` ...

A text is taken clause by clause. What is understood becomes requirements, each with a message that says how; what is not is
given back, never dropped. The caller says whom the text is about (``who``: a teacher) and which courses it stands beside
(``what``), and in which sense a bare time is meant (a column 不能排课节次 holds nothing but times).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from instances import subjects
from instances.bells import BellSchedule, SectionKind
from instances.language import Message
from instances.school import Requirement, RequirementKind, Selector, Slot, Weeks
from instances.spelling import normalise, number_of
from scheduler.reading.phrase_words import (
    DAY,
    DAYS,
    DEMANDS,
    FILLER,
    HALF,
    REMARK,
    SUBJECT_LIST,
    TIMES_PATTERN,
    UNSURE,
    VERBS,
    WEEK,
    Context,
    N,
)
from scheduler.reading.slots import Week, parse_slots

__all__ = ["Context", "SlotsText", "Understood", "lesson_week", "meaning", "understand"]

K = RequirementKind
T = TypeVar("T")

NOTHING = {"", "无", "没有", "无要求", "无特殊要求", "-", "--", "/", "\\", "×", "x", "否", "暂无", "none", "no", "n/a"}
"""What people write where they ask for nothing."""


@dataclass
class Understood:
    """The reading of a text: requirements, how each was understood, and the stretches that were not (``unread``)."""

    requirements: list[Requirement] = field(default_factory=list)
    meanings: list[Message] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SlotsText:
    """Slots as people read them, in the language of the moment: ``周二 第1-4节；周五 第4、5节``."""

    slots: tuple[Slot, ...]

    def __str__(self) -> str:
        by_periods: dict[tuple[int, ...], list[int]] = {}
        for day in sorted({slot.day for slot in self.slots}):
            by_periods.setdefault(tuple(sorted(s.period for s in self.slots if s.day == day)), []).append(day)
        comma = str(Message(", "))
        return str(Message("; ")).join(
            str(Message("{days} period {periods}", days=comma.join(day_name(d) for d in days), periods=comma.join(_ranges(periods))))
            for periods, days in by_periods.items()
        )


def day_name(day: int) -> str:
    """Return the name of day 1 to 7 in the language in force."""
    return str(Message(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[day - 1]))


def understand(text: str, context: Context) -> Understood:
    """Read a text of demands. Nothing is dropped: every clause is in ``requirements`` or in ``unread``."""
    result = Understood()
    if normalise(text).casefold() in NOTHING:
        return result
    for clause in re.split(r"[;；。\n！!]", text):
        plain = normalise(clause).strip(",、")
        plain = re.sub(r"^(?:\(?\d{1,2}[)、]|\d{1,2}\.(?!\d)|[-*·])", "", plain) if not re.match(r"\d{1,2}、\d", plain) else plain
        if plain.casefold() not in NOTHING:
            _clause(plain, clause.strip(), text, context, result)
    return result


# -- a clause ---------------------------------------------------------------------------------------------------------


def _clause(plain: str, written: str, text: str, context: Context, result: Understood) -> None:
    if UNSURE.search(plain):
        result.unread.append(written)
        return
    found: list[Requirement] = []
    rest: list[str] = []
    pending: list[str] = []  # times that wait for their verb
    days = ""  # named last
    sense = ""  # of the verb in force, for the times that follow it
    taken = False  # times have followed that verb
    failed = False

    def settle(kind: str) -> None:
        nonlocal failed
        if not pending:
            return
        slots = _slots(pending, context.week)
        pending.clear()
        if slots is None:
            failed = True
        else:
            found.extend(_timed(kind, slots, context))

    position = 0
    while position < len(plain):
        remark = REMARK.match(plain, position)
        if remark:
            rest.append(remark[0])
            position = remark.end()
            continue
        if demand := _first(DEMANDS, plain, position):
            if sense and pending:
                settle(sense)
            found.extend(demand[0](demand[1], context))
            position = demand[1].end()
            continue
        if times := TIMES_PATTERN.match(plain, position):
            piece = times[0]
            if days and re.match(HALF, piece) and not _names_days(piece) and plain[:position].endswith(","):
                piece = days + piece  # 周一上午第1节，下午第2节: the day still holds
            if named_days := re.match(rf"(?:{DAYS}[、,和及]*)+", piece, re.IGNORECASE):
                days = named_days[0]
            pending.append(piece)
            taken = taken or bool(sense)
            position = times.end()
            continue
        if verb := _first(VERBS, plain, position):
            after = TIMES_PATTERN.match(plain, verb[1].end())
            position = verb[1].end()
            if pending and not (after and _days_only(pending[-1]) and not _names_days(after[0])):
                settle(sense if sense and taken and not _follows(verb[0], after) else verb[0])
                sense, taken = (verb[0], False) if after else ("", False)
            else:
                # 不排第一节; and 周一不排第一节, where the day waits for its periods
                sense, taken = verb[0], bool(pending)
            continue
        if named := SUBJECT_LIST.match(plain, position):
            names = tuple(subjects.canonical(part.removesuffix("课") or part, context.grade) for part in re.split("[、,和及]", named[0]))
            context = replace(context, what=Selector(classes=context.what.classes, grades=context.what.grades, subjects=names))
            context = replace(context, who=context.what, lessons=None, load=None)
            position = named.end()
            continue
        filler = FILLER.match(plain, position)
        if not filler:
            rest.append(plain[position])
        position = filler.end() if filler else position + 1
    settle(sense or (str(context.bare) if context.bare else ""))
    unknown = "".join(rest)
    if failed or not found:
        result.unread.append(written)
        return
    for requirement in found:
        full = replace(requirement, text=text.strip(), origin=context.origin)
        result.requirements.append(full)
        result.meanings.append(meaning(full))
    if unknown:
        result.unread.append(unknown)


def _first(words: Sequence[tuple[T, re.Pattern[str]]], plain: str, position: int) -> tuple[T, re.Match[str]] | None:
    """Return the first word that stands at a position, and its match."""
    return next(((sense, match) for sense, pattern in words if (match := pattern.match(plain, position)) and match[0]), None)


def _follows(sense: str, after: re.Match[str] | None) -> bool:
    """A verb that no time follows belongs to the times before it."""
    return bool(sense) and after is None


def _slots(pieces: Iterable[str], week: Week) -> tuple[Slot, ...] | None:
    """Return the slots of time texts, or None where a period does not exist in the bells."""
    longest = max((period for periods in week.periods.values() for period in periods), default=12)

    def digits(match: re.Match[str]) -> str:
        number = number_of(match[0])  # 第12节 of an eight-period day is 1 and 2
        return match[0] if number is None or number <= longest or len(match[0]) == 1 else "、".join(str(number))

    text = "".join(pieces).replace("节课", "节")
    text = re.sub(r"上、?下午|午后", lambda m: "下午" if m[0] == "午后" else "全天", text)
    text = re.sub(rf"{N}(?=[节、,~-]|$)", digits, text)
    read = parse_slots(text, week)
    if read.rest or read.missing or not read.slots:
        return None
    return tuple(sorted(set(read.slots)))


def lesson_week(bells: Iterable[BellSchedule]) -> Week:
    """Return the periods in which lessons are placed (without activity periods), by half-day, of some bell schedules together."""
    lessons = [
        replace(bell, days={day: tuple(s for s in bell.days[day] if s.kind is not SectionKind.ACTIVITY) for day in bell.days})
        for bell in bells
    ]
    return Week.of(lessons)


def _days_only(text: str) -> bool:
    return re.fullmatch(rf"(?:{DAYS}[、,和及]*)+|每天|每日", text, re.IGNORECASE) is not None


def _names_days(text: str) -> bool:
    return re.search(rf"{WEEK}{DAY}|^[1-7]:", text) is not None


def _timed(sense: str, slots: tuple[Slot, ...], context: Context) -> list[Requirement]:
    """Return the requirement for times in a sense; fixed times that are more than the lessons mean "only there"."""
    whom = context.who if context.who.teachers or not context.what else context.what
    if sense == "forbidden":
        return [Requirement(K.FORBIDDEN, whom, slots)]
    if sense == "avoided":
        return [Requirement(K.AVOIDED, whom, slots, required=False)]
    if sense == "preferred":
        return [Requirement(K.PREFERRED, context.what or context.who, slots, required=False)]
    if sense == "fixed" and context.parallel > 1 and context.lessons is not None and len(slots) < context.lessons:
        return []  # which of the classes is meant?
    if sense == "fixed" and context.parallel == 1 and len(slots) <= (2 if context.lessons is None else context.lessons):
        return [Requirement(K.FIXED, context.what or context.who, slots)]
    if sense in ("fixed", "only"):
        everywhere = {Slot(day, period) for day, periods in context.week.periods.items() for period in periods}
        others = tuple(sorted(everywhere - set(slots)))
        return [Requirement(K.FORBIDDEN, context.what or context.who, others)]
    return []


def meaning(requirement: Requirement) -> Message:
    """Return the sentence that says how a requirement was understood."""
    n, slots = requirement.count, SlotsText(requirement.slots)
    other = "、".join(requirement.other.subjects)
    texts: dict[RequirementKind, Message] = {
        K.FORBIDDEN: Message("no lesson: {slots}", slots=slots),
        K.FIXED: Message("fixed lesson: {slots}", slots=slots),
        K.PREFERRED: Message("preferably: {slots}", slots=slots),
        K.AVOIDED: Message("preferably no lesson: {slots}", slots=slots),
        K.DOUBLES: Message("double periods a week: {n}", n=n),
        K.MAX_PER_DAY: Message("at most {n} a day in each class", n=n),
        K.MIN_PER_DAY: Message("at least {n} a day in each class", n=n),
        K.TEACHER_MAX_DAY: Message("the teacher has at most {n} lessons a day", n=n),
        K.TEACHER_MAX_ROW: Message("the teacher has at most {n} lessons in a row", n=n),
        K.TEACHER_MAX_DAYS: Message("the teacher has lessons on at most {n} days a week", n=n),
        K.TEACHER_FREE_HALF_DAYS: Message("the teacher has at least {n} half-days free", n=n),
        K.TEACHER_MAX_IDLE: Message("the teacher has at most {n} idle periods a week", n=n),
        K.DAYS_BETWEEN: Message("at least {n} days from one lesson to the next", n=n),
        K.NOT_NEXT_TO: Message("never two lessons in neighbouring periods"),
        K.NOT_AFTER: Message("not right after {other}", other=other),
        K.FORTNIGHTLY: {
            Weeks.ODD: Message("every other week: odd weeks"),
            Weeks.EVEN: Message("every other week: even weeks"),
        }.get(requirement.weeks, Message("every other week, odd or even")),
        K.COMMON_FREE: Message("the teachers are free together: {slots}", slots=slots),
    }
    return texts[requirement.kind]


def _ranges(periods: Sequence[int]) -> list[str]:
    groups: list[list[int]] = []
    for period in periods:
        if groups and period == groups[-1][-1] + 1:
            groups[-1].append(period)
        else:
            groups.append([period])
    return [str(g[0]) if len(g) == 1 else f"{g[0]}-{g[-1]}" for g in groups]
