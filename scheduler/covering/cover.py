"""Covers all lessons of several absences together: one option for each, least cost, nobody asked twice at once (CP-SAT)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from instances.language import Listing, Message
from scheduler.covering.diary import Change, DatedLesson, Diary
from scheduler.covering.options import Option, Options, Rejected
from scheduler.covering.rules import Absence, Fault, change_faults, faults
from scheduler.errors import Disagreement, Finding, InputError

UNCOVERED = 100_000
DOUBLE_APART, NEIGHBOURS_APART = 15, 2
MOST_A_DAY = 2  # covers of one teacher on one day
EACH_FURTHER = 4  # cost of a teacher's second cover, 8 of the third, ...


@dataclass(frozen=True)
class Covered:
    """The proposal. ``chosen`` has one option for each lesson that is covered, ``uncovered`` the others with the reason.

    ``proved``: no choice of the options covers more lessons, or costs less.
    """

    diary: Diary
    chosen: tuple[Option, ...]
    uncovered: tuple[tuple[DatedLesson, Message], ...]
    others: Mapping[DatedLesson, tuple[Option, ...]]
    proved: bool

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes of the proposal."""
        return tuple(change for option in self.chosen for change in option.changes)

    def after(self) -> Diary:
        """Return the diary with the proposal carried out."""
        return self.diary.with_changes(self.changes)


def cover(diary: Diary, absences: Sequence[Absence], load: Mapping[str, int] | None = None, *, seconds: float = 10.0) -> Covered:
    """Return the best cover of all absences; the checks of :mod:`scheduler.covering.rules` have confirmed it.

    Raises InputError for an unknown teacher or dates outside the term, Disagreement when a check finds a fault in the proposal.
    """
    absences = tuple(absences)
    _refuse_unknown(diary, absences)
    options = Options(diary, absences, load)
    targets = options.targets()
    rejected = {target: Rejected() for target in targets}
    found = {target: tuple(options.of(target, rejected[target])) for target in targets}
    chosen, proved = _choose(targets, found, seconds)
    covered = {option.target for option in chosen}
    uncovered = tuple((target, _why_not(rejected[target], found[target])) for target in targets if target not in covered)
    result = Covered(diary, tuple(chosen), uncovered, found, proved)
    _confirm(result, absences)
    return result


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


def _choose(targets: Sequence[DatedLesson], found: Mapping[DatedLesson, Sequence[Option]], seconds: float) -> tuple[list[Option], bool]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    options = [option for target in targets for option in found[target]]
    x = {n: model.new_bool_var("") for n in range(len(options))}
    of_target: dict[DatedLesson, list[int]] = defaultdict(list)
    uses: dict[tuple[str, date], list[tuple[int, int, int]]] = defaultdict(list)
    partners: dict[DatedLesson, list[int]] = defaultdict(list)
    given: dict[str, list[int]] = defaultdict(list)
    given_on: dict[tuple[str, date], list[int]] = defaultdict(list)
    for n, option in enumerate(options):
        of_target[option.target].append(n)
        for name, day, start, end in option.uses:
            uses[name, day].append((start, end, n))
        if option.partner is not None:
            partners[option.partner].append(n)
        else:
            given[option.teacher].append(n)
            given_on[option.teacher, option.target.date].append(n)
    cost = [option.cost * x[n] for n, option in enumerate(options)]
    for target in targets:
        left = model.new_bool_var("")
        model.add_exactly_one([*(x[n] for n in of_target[target]), left])
        cost.append(UNCOVERED * left)
    for spans in uses.values():
        for start in {span[0] for span in spans}:
            together = {n for first, end, n in spans if first <= start < end}
            if len(together) > 1:
                model.add_at_most_one(x[n] for n in sorted(together))
    for alternatives in partners.values():
        model.add_at_most_one(x[n] for n in alternatives)
    _no_pile(model, x, options)
    for numbers in given_on.values():
        if len(numbers) > MOST_A_DAY:
            model.add(sum(x[n] for n in numbers) <= MOST_A_DAY)
    for numbers in given.values():
        most = min(len({options[n].target for n in numbers}), MOST_A_DAY * len({options[n].target.date for n in numbers}))
        further = [model.new_bool_var("") for _ in range(1, most)]
        if further:
            model.add(sum(x[n] for n in numbers) <= 1 + sum(further))
            cost.extend(EACH_FURTHER * (k + 1) * step for k, step in enumerate(further))
    for first, second, penalty in _neighbours(targets):
        people = {options[n].teacher for n in of_target[first]} | {options[n].teacher for n in of_target[second]}
        apart = model.new_bool_var("")
        for name in people:
            ours = [x[n] for n in of_target[first] if options[n].teacher == name and options[n].kind == "substitute"]
            theirs = [x[n] for n in of_target[second] if options[n].teacher == name and options[n].kind == "substitute"]
            model.add(sum(ours) - sum(theirs) <= apart)
            model.add(sum(theirs) - sum(ours) <= apart)
        cost.append(penalty * apart)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [], False
    return [option for n, option in enumerate(options) if solver.boolean_value(x[n])], status == cp_model.OPTIMAL


def _no_pile(model: object, x: Mapping[int, object], options: Sequence[Option]) -> None:
    """At most one swap brings a subject to a class on a day, or takes activity from one: each was judged alone."""
    from ortools.sat.python import cp_model

    assert isinstance(model, cp_model.CpModel)
    touched: dict[tuple[tuple[str, ...], date], list[int]] = defaultdict(list)
    for n, option in enumerate(options):
        if option.partner is not None:
            for day in {option.partner.date, option.target.date}:
                touched[option.target.lesson.classes, day].append(n)
    for numbers in touched.values():
        model.add_at_most_one(x[n] for n in numbers)  # type: ignore[misc]


def _neighbours(targets: Sequence[DatedLesson]) -> list[tuple[DatedLesson, DatedLesson, int]]:
    """Return the pairs that one person should take: the halves of a double lesson, neighbouring lessons of a class."""
    pairs = []
    for first in targets:
        for second in targets:
            a, b = first.lesson, second.lesson
            if first.date == second.date and a.classes == b.classes and b.period == a.period + 1:
                double = a.double == 1 and b.double == 2 and a.subject == b.subject
                pairs.append((first, second, DOUBLE_APART if double else NEIGHBOURS_APART))
    return pairs


def _why_not(rejected: Rejected, found: Sequence[Option]) -> Message:
    """Say why a lesson stays uncovered."""
    if found:
        return Message("all {count} possible covers are needed for other lessons", count=len(found))
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
    return Message("proved impossible: {reasons}", reasons=Listing(parts))


def _confirm(result: Covered, absences: tuple[Absence, ...]) -> None:
    """Check the whole proposal, independently of how it was made."""
    after = result.after()
    dates = sorted({d for change in result.changes for d in (change.before.date, change.after.date)})
    known = {(fault.date, str(fault.text)) for fault in faults(result.diary, dates, absences)}
    new: list[Fault] = [f for f in faults(after, dates, absences) if (f.date, str(f.text)) not in known]
    new += change_faults(result.diary, result.changes, after)
    if new:
        raise Disagreement("; ".join(f"{fault.date} {fault.text}" for fault in new[:5]))
