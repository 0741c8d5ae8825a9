"""Chooses one option for each lesson: as many lessons covered as can be, at least cost, nobody asked twice at once (CP-SAT)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from scheduler.covering.diary import DatedLesson
from scheduler.covering.options import Option

UNCOVERED = 100_000
DOUBLE_APART, NEIGHBOURS_APART = 15, 2
MOST_A_DAY = 2  # covers of one teacher on one day
EACH_FURTHER = 4  # cost of a teacher's second cover, 8 of the third, ...


@dataclass(frozen=True)
class Chosen:
    """The best choice found. ``most_covered``: no choice covers more lessons. ``proved``: and none that covers as many costs less."""

    options: tuple[Option, ...]
    most_covered: bool
    proved: bool


class Choice:
    """The model; options and groups of options that turn out to be illegal are taken out between solves."""

    def __init__(self, targets: Sequence[DatedLesson], found: Mapping[DatedLesson, Sequence[Option]]) -> None:
        self.model = cp_model.CpModel()
        self.x = {option: self.model.new_bool_var("") for target in targets for option in found[target]}
        self.forbidden: set[frozenset[Option]] = set()
        self.cost: list[cp_model.LinearExprT] = [option.cost * x for option, x in self.x.items()]
        for target in targets:
            left = self.model.new_bool_var("")
            self.model.add_exactly_one([*(self.x[option] for option in found[target]), left])
            self.cost.append(UNCOVERED * left)
        self._nobody_twice()
        self._no_pile()
        self._fair()
        for first, second, penalty in _neighbours(targets):
            self._together(found[first], found[second], penalty)
        self.model.minimize(sum(self.cost))

    def forbid(self, options: Collection[Option]) -> None:
        """Take out the choice of all these options together."""
        group = frozenset(options)
        if group <= self.x.keys() and group not in self.forbidden:
            self.forbidden.add(group)
            self.model.add_bool_or([self.x[option].negated() for option in options])

    def solve(self, seconds: float, start: Collection[Option] = ()) -> Chosen:
        """Return the best choice, looked for from ``start``."""
        self.model.proto.clear_solution_hint()
        for option, x in self.x.items():
            self.model.add_hint(x, option in start)
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.catch_sigint_signal = False
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Chosen((), False, False)
        most = solver.best_objective_bound > UNCOVERED * (solver.objective_value // UNCOVERED) - 0.5
        return Chosen(tuple(o for o, x in self.x.items() if solver.boolean_value(x)), most, status == cp_model.OPTIMAL)

    def _nobody_twice(self) -> None:
        uses: dict[tuple[str, date], list[tuple[int, int, Option]]] = defaultdict(list)
        partners: dict[DatedLesson, list[Option]] = defaultdict(list)
        for option in self.x:
            for name, day, start, end in option.uses:
                uses[name, day].append((start, end, option))
            if option.partner is not None:
                partners[option.partner].append(option)
        for spans in uses.values():
            for start in {span[0] for span in spans}:
                self._at_most_one(dict.fromkeys(option for first, end, option in spans if first <= start < end))
        for alternatives in partners.values():
            self._at_most_one(alternatives)

    def _no_pile(self) -> None:
        """At most one swap a class and day: each was judged alone."""
        touched: dict[tuple[tuple[str, ...], date], list[Option]] = defaultdict(list)
        for option in self.x:
            if option.partner is not None:
                for day in {option.partner.date, option.target.date}:
                    touched[option.target.lesson.classes, day].append(option)
        for options in touched.values():
            self._at_most_one(options)

    def _fair(self) -> None:
        """At most two covers a day for each person, and each further one costs more than the last."""
        given: dict[str, dict[date, dict[DatedLesson, Option]]] = defaultdict(lambda: defaultdict(dict))
        for option in self.x:
            if option.partner is None:
                given[option.teacher][option.target.date][option.target] = option
        for days in given.values():
            for options in days.values():
                if len(options) > MOST_A_DAY:
                    self.model.add(sum(self.x[o] for o in options.values()) <= MOST_A_DAY)
            most = sum(min(MOST_A_DAY, len(options)) for options in days.values())
            further = [self.model.new_bool_var("") for _ in range(1, most)]
            if further:
                self.model.add(sum(self.x[o] for options in days.values() for o in options.values()) <= 1 + sum(further))
                self.cost.extend(EACH_FURTHER * (k + 1) * step for k, step in enumerate(further))

    def _together(self, first: Sequence[Option], second: Sequence[Option], penalty: int) -> None:
        """Two lessons that one person should take: ``penalty`` where a substitute of the one does not take the other too."""
        ours, theirs = ({o.teacher: self.x[o] for o in options if o.partner is None} for options in (first, second))
        both = []
        for name in ours.keys() & theirs.keys():
            same = self.model.new_bool_var("")
            self.model.add_implication(same, ours[name])
            self.model.add_implication(same, theirs[name])
            both.append(same)
        apart = self.model.new_bool_var("")
        for side in (ours, theirs):
            self.model.add(sum(side.values()) <= apart + sum(both))
        self.cost.append(penalty * apart)

    def _at_most_one(self, options: Collection[Option]) -> None:
        if len(options) > 1:
            self.model.add_at_most_one(self.x[option] for option in options)


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
