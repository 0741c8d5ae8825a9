"""Covers all lessons of several absences together; what is chosen is legal by every requirement of the weeks it touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from instances.language import Listing, Message
from scheduler.compiling.compile import CompiledSchool
from scheduler.covering.diary import Change, DatedLesson, Diary
from scheduler.covering.options import Option, Options, Rejected
from scheduler.covering.rules import SELF_STUDY, Absence, Fault, change_faults, faults, grade_of, is_protected
from scheduler.covering.weekly import WeekChecks, obligations_of
from scheduler.errors import Disagreement, Finding, InputError

SURE = 2  # legal options looked for before the first choice
JUDGING, CHOOSING = 0.5, 1.0  # seconds at most before the first choice, and for one choice
LEAST = 0.2  # seconds that a further choice is worth


@dataclass(frozen=True)
class Covered:
    """The proposal. ``chosen`` has one option for each lesson that is covered, ``uncovered`` the others with the reason.

    ``others`` are further options for each lesson, each legal by itself, the cheapest first. ``most_covered``: no choice of legal options
    covers more lessons. ``proved``: and none that covers as many costs less.
    """

    diary: Diary
    chosen: tuple[Option, ...]
    uncovered: tuple[tuple[DatedLesson, Message], ...]
    others: Mapping[DatedLesson, tuple[Option, ...]]
    most_covered: bool
    proved: bool

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes of the proposal."""
        return tuple(change for option in self.chosen for change in option.changes)

    def after(self) -> Diary:
        """Return the diary with the proposal carried out."""
        return self.diary.with_changes(self.changes)


def cover(
    diary: Diary,
    absences: Sequence[Absence],
    load: Mapping[str, int] | None = None,
    *,
    obligations: CompiledSchool | None = None,
    others: int = 0,
    seconds: float = 5.0,
) -> Covered:
    """Return the best cover of all absences that is found in ``seconds``, mostly far fewer; independent checks have confirmed it.

    ``load`` is how many covers each teacher has given this term, ``others`` how many further options to give for each lesson.
    ``obligations`` are those of :func:`scheduler.covering.weekly.obligations_of`, made here when they are not given.

    Raises InputError for an unknown teacher or dates outside the term, Disagreement when a check finds a fault in the proposal.
    """
    from scheduler.covering.choosing import Choice

    begun = monotonic()
    deadline = begun + seconds
    absences = tuple(absences)
    _refuse_unknown(diary, absences)
    options = Options(diary, absences, load)
    targets = options.targets()
    rejected = {target: Rejected() for target in targets}
    found = {target: options.of(target, rejected[target]) for target in targets}
    away = {t: [name for name in t.lesson.teachers if options.away(name, t.date, t.lesson.period)] for t in targets}
    legality = _Legality(WeekChecks(diary, obligations or obligations_of(diary.school), away), rejected)
    for target in targets:
        legality.first(found[target], max(SURE, others), min(deadline, begun + JUDGING))
    choice = Choice(targets, {target: legality.left(found[target]) for target in targets})
    chosen = choice.solve(max(LEAST, min(CHOOSING, deadline - monotonic())))
    if not chosen.options and not chosen.most_covered:  # a busy machine: all the time there is
        chosen = choice.solve(max(LEAST, deadline - monotonic()))
    while bad := legality.against(chosen.options):
        if deadline - monotonic() < LEAST:
            legal = [option for option in chosen.options if not any(option in group for group in bad)]
            chosen = replace(chosen, options=tuple(legal), most_covered=False, proved=False)
            break
        for group in bad:
            choice.forbid(group)
            for option in group:
                legality.first(found[option.target], SURE, deadline)
        for option in legality.illegal():
            choice.forbid((option,))
        better = choice.solve(min(CHOOSING, deadline - monotonic()), start=chosen.options)
        chosen = better if better.options or better.most_covered else replace(chosen, most_covered=False, proved=False)
    proposal = tuple(legality.legal(option) or option for option in chosen.options)
    covered = {option.target for option in proposal}
    uncovered = tuple(
        (target, _why_not(rejected[target], len(legality.left(found[target])), chosen.most_covered))
        for target in targets
        if target not in covered
    )
    further = {}
    for target in targets:
        rest = [option for option in found[target] if option not in chosen.options]
        further[target] = legality.first(rest, others, deadline)
    result = Covered(diary, proposal, uncovered, further, chosen.most_covered, chosen.proved)
    _confirm(result, absences, legality.checks)
    return result


class _Legality:
    """Which options keep the requirements of their weeks, each by itself and all together; found out when somebody asks."""

    def __init__(self, checks: WeekChecks, rejected: Mapping[DatedLesson, Rejected]) -> None:
        self.checks = checks
        self.rejected = rejected
        self._legal: dict[Option, Option | None] = {}

    def legal(self, option: Option) -> Option | None:
        """Return the option if it is legal by itself, or as supervised self-study where only that is; else None."""
        if option not in self._legal:
            broken = self.checks.faults(option.changes)
            kept: Option | None = option
            if broken:
                kept = _as_self_study(self.checks.diary, option)
                if kept is None or self.checks.faults(kept.changes):
                    kept = None
                    self.rejected[option.target].broken[str(broken[0].text)] += 1
            self._legal[option] = kept
        return self._legal[option]

    def against(self, options: Collection[Option]) -> list[tuple[Option, ...]]:
        """Return the options that are illegal by themselves; if none is, a smallest group of those illegal together, if there is one."""
        alone: list[tuple[Option, ...]] = [(option,) for option in options if self.legal(option) is None]
        if alone or not self._together(options):
            return alone
        group = list(options)
        for monday in {fault.date for fault in self._together(options)}:
            week = [o for o in options if any((d - monday).days in range(7) for c in o.changes for d in (c.before.date, c.after.date))]
            group = week if self._together(week) else group
        for option in list(group):
            fewer = [other for other in group if other is not option]
            if self._together(fewer):
                group = fewer
        return [tuple(group)]

    def _together(self, options: Collection[Option]) -> Sequence[Fault]:
        return self.checks.faults(change for option in options for change in (self.legal(option) or option).changes)

    def illegal(self) -> list[Option]:
        """Return the options found to be illegal by themselves."""
        return [option for option, legal in self._legal.items() if legal is None]

    def left(self, options: Collection[Option]) -> tuple[Option, ...]:
        """Return the options that are not known to be illegal."""
        return tuple(option for option in options if self._legal.get(option, option) is not None)

    def first(self, options: Sequence[Option], count: int, until: float) -> tuple[Option, ...]:
        """Return the first ``count`` legal options; when the time is over, those found by then."""
        found: list[Option] = []
        for option in options:
            if len(found) == count or (option not in self._legal and monotonic() > until):
                break
            if legal := self.legal(option):
                found.append(legal)
        return tuple(found)


def _as_self_study(diary: Diary, option: Option) -> Option | None:
    """Return a substitution with self-study in place of the substitute's own subject; None where that is no way out."""
    (change, *more) = option.changes
    lesson = change.before.lesson
    if more or change.after.lesson.subject in (lesson.subject, SELF_STUDY) or is_protected(lesson.subject, grade_of(diary.school, lesson)):
        return None
    quiet = replace(change.after.lesson, subject=SELF_STUDY, label=SELF_STUDY, kind="self_study")
    return replace(option, changes=(Change(change.before, replace(change.after, lesson=quiet)),))


def _refuse_unknown(diary: Diary, absences: tuple[Absence, ...]) -> None:
    known = {t.name for t in diary.school.teachers} | set(diary.timetable.by_teacher)
    findings = []
    for absence in absences:
        if absence.teacher not in known:
            findings.append(Finding(Message("No teacher of this name"), value=absence.teacher))
        if absence.first > absence.last:
            text = Message("The absence ends before it begins")
            findings.append(Finding(text, value=f"{absence.first} – {absence.last}"))
        if absence.last < diary.calendar.first or absence.first > diary.calendar.last:
            text = Message("These dates are not in the term")
            expected = Message("{first} to {last}", first=diary.calendar.first, last=diary.calendar.last)
            findings.append(Finding(text, value=f"{absence.first} – {absence.last}", expected=expected))
    if findings or not absences:
        raise InputError(findings or [Finding(Message("Nobody is absent"))])


def _why_not(rejected: Rejected, left: int, most_covered: bool) -> Message:
    """Say why a lesson stays uncovered."""
    if not most_covered:
        return Message("no legal cover was found in the time given")
    if left:
        return Message("all {count} possible covers are needed for other lessons", count=left)
    words = {
        "absent": Message("{n} absent too"),
        "busy": Message("{n} teach then"),
        "closed": Message("{n} may not be asked then"),
        "full": Message("{n} have their day full"),
        "protected": Message("{n} would turn a protected lesson into another"),
        "not swapped": Message("double lessons, mixed classes and lessons with a fixed time are not swapped"),
        "no swap": Message("no swap within the fortnight is legal"),
    }
    parts = [Message(words[key].text, n=count) for key, count in sorted(rejected.reasons.items())]
    parts += [Message("{n} would break “{what}”", n=count, what=what) for what, count in sorted(rejected.broken.items())]
    return Message("proved impossible: {reasons}", reasons=Listing(parts))


def _confirm(result: Covered, absences: tuple[Absence, ...], checks: WeekChecks) -> None:
    """Check the whole proposal, independently of how it was made."""
    after = result.after()
    dates = sorted({d for change in result.changes for d in (change.before.date, change.after.date)})
    known = {(fault.date, str(fault.text)) for fault in faults(result.diary, dates, absences)}
    new = [f for f in faults(after, dates, absences) if (f.date, str(f.text)) not in known]
    new += change_faults(result.diary, result.changes, after)
    new += checks.last_word(after, dates)
    if new:
        raise Disagreement("; ".join(f"{fault.date} {fault.text}" for fault in new[:5]))
