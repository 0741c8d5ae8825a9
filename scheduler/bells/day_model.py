"""A school day as CP-SAT sees it: what happens in which order is given, when and how long is to be found.

Times and lengths are in units of 5 minutes, so that every bell rings at a round time. The order of the day is arrival, morning
exercise, meeting, morning lessons, lunch and noon rest, afternoon lessons, activity period, dismissal, after-school service. A gap between
two lessons is a break, a long break, or noon; eye exercises stand at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model import IntVar, LinearExpr, LinearExprT

UNIT = 5
MEETING = 15 // UNIT
EYE = 5 // UNIT
LUNCH = 40 // UNIT
BACK = 20 // UNIT  # pupils come back so long before the first afternoon lesson
_DAY = 24 * 60 // UNIT


@dataclass(frozen=True)
class DayShape:
    """What is known before solving: lessons a day, whether some day has a meeting, and habits [minutes]."""

    lessons: int
    meeting: bool = False
    length: int | None = None
    usual_length: int = 40
    usual_start: int = 8 * 60 + 20
    noon_least: int = 90
    noon_most: int = 240


class DayModel:
    """Variables of one day; all lengths and times in units of 5 minutes after midnight."""

    def __init__(self, shape: DayShape) -> None:
        self.shape = shape
        self.cp = cp_model.CpModel()
        self.penalties: list[LinearExprT] = []
        cp, n = self.cp, shape.lessons
        least, most = (shape.length, shape.length) if shape.length else (35, 50)
        self.length = cp.new_int_var(least // UNIT, most // UNIT, "length")
        self.arrival = cp.new_int_var(6 * 60 // UNIT, 9 * 60 // UNIT, "arrival")
        self.exercise = cp.new_int_var(0, 30 // UNIT, "exercise")
        self.has_exercise = self._present(self.exercise, 15 // UNIT, "has_exercise")
        self.start = [cp.new_int_var(7 * 60 // UNIT, 20 * 60 // UNIT, f"start{i}") for i in range(n)]
        self.noon = [cp.new_bool_var(f"noon{i}") for i in range(n - 1)]
        self.long = [cp.new_bool_var(f"long{i}") for i in range(n - 1)]
        self.eye = [cp.new_bool_var(f"eye{i}") for i in range(n - 1)]
        self.gap = [cp.new_int_var(1, 240 // UNIT, f"gap{i}") for i in range(n - 1)]
        self.long_length = [cp.new_int_var(0, 40 // UNIT, f"long_length{i}") for i in range(n - 1)]
        self.activity = cp.new_int_var(0, 60 // UNIT, "activity")
        self.has_activity = self._present(self.activity, 30 // UNIT, "has_activity")
        self.dismissal = cp.new_int_var(0, _DAY, "dismissal")
        self.service = cp.new_int_var(0, 180 // UNIT, "service")
        self.has_service = self._present(self.service, 30 // UNIT, "has_service")
        self._order()
        self._gaps()

    def _present(self, length: IntVar, least: int, name: str) -> IntVar:
        there = self.cp.new_bool_var(name)
        self.cp.add(length >= least).only_enforce_if(there)
        self.cp.add(length == 0).only_enforce_if(~there)
        return there

    def _order(self) -> None:
        cp, n = self.cp, self.shape.lessons
        meeting = MEETING if self.shape.meeting else 0
        cp.add(self.start[0] >= self.arrival + 10 // UNIT + self.exercise + meeting)
        cp.add(self.start[0] <= self.arrival + 30 // UNIT + self.exercise + meeting)
        for i in range(n - 1):
            cp.add(self.start[i + 1] == self.start[i] + self.length + self.gap[i])
        self.last_end = self.start[-1] + self.length
        cp.add(self.dismissal == self.last_end).only_enforce_if(~self.has_activity)
        cp.add(self.dismissal == self.last_end + 10 // UNIT + self.activity).only_enforce_if(self.has_activity)
        self.service_start = self.dismissal + 10 // UNIT
        self.service_end = self.service_start + self.service
        cp.add(self.service_end <= 20 * 60 // UNIT)

    def _gaps(self) -> None:
        cp = self.cp
        cp.add_exactly_one(self.noon)
        for i, gap in enumerate(self.gap):
            cp.add(gap >= self.shape.noon_least // UNIT).only_enforce_if(self.noon[i])
            cp.add(gap <= self.shape.noon_most // UNIT).only_enforce_if(self.noon[i])
            cp.add(self.start[i] + self.length >= 11 * 60 // UNIT).only_enforce_if(self.noon[i])
            cp.add(self.start[i] + self.length <= 12 * 60 // UNIT + 6).only_enforce_if(self.noon[i])
            cp.add(gap <= 45 // UNIT).only_enforce_if(~self.noon[i])
            cp.add(gap - EYE * self.eye[i] <= 20 // UNIT).only_enforce_if(~self.noon[i], ~self.long[i])
            cp.add(gap - EYE * self.eye[i] >= 2).only_enforce_if(~self.noon[i])
            cp.add_implication(self.noon[i], ~self.long[i])
            cp.add_implication(self.noon[i], ~self.eye[i])
            cp.add(self.long_length[i] == gap - EYE * self.eye[i]).only_enforce_if(self.long[i])
            cp.add(self.long_length[i] >= 20 // UNIT).only_enforce_if(self.long[i])
            cp.add(self.long_length[i] == 0).only_enforce_if(~self.long[i])
        self.after_noon = [LinearExpr.sum(self.noon[:i]) for i in range(len(self.gap))]  # 1 when noon came before gap i
        self.morning_lessons = sum((i + 1) * self.noon[i] for i in range(len(self.noon)))
        self.noon_length = cp.new_int_var(0, 240 // UNIT, "noon_length")
        for i, gap in enumerate(self.gap):
            cp.add(self.noon_length == gap).only_enforce_if(self.noon[i])

    def counted(self, flags: list[IntVar], afternoon: bool) -> LinearExprT:
        """Return how many of ``flags``, one for each gap, are set in one half of the day."""
        counted = []
        for i, flag in enumerate(flags):
            here = self.cp.new_bool_var(f"{flag.name}_{'pm' if afternoon else 'am'}")
            after = self.after_noon[i] if afternoon else 1 - self.after_noon[i]
            self.cp.add_implication(here, flag)
            self.cp.add(after >= 1).only_enforce_if(here)
            counted.append(here)
        return LinearExpr.sum(counted)

    def habits(self) -> None:
        """Add what schools like where rules leave it open: early, compact days, a long break after the second lesson."""
        n = self.shape.lessons
        cp = self.cp
        usual = (n + 1) // 2 + (1 if n >= 6 else 0)
        off = cp.new_int_var(0, n, "off")
        cp.add_abs_equality(off, self.morning_lessons - min(usual, 4))
        self.penalties += [20 * off, self.dismissal, sum(self.gap), 15 * sum(self.long), 3 * sum(self.eye)]
        self.penalties += [
            15 * self.has_service,
            10 * self.has_exercise,
            10 * self.has_activity,
            self.service,
            self.activity,
            self.exercise,
        ]
        if n > 2:
            self.penalties += [-4 * self.long[1]]
            self.penalties += [-2 * eye for eye in self.eye[1:3]]
        shortest = cp.new_int_var(0, 60, "shortest")
        longest = cp.new_int_var(0, 60, "longest")
        for i, gap in enumerate(self.gap):
            plain = [~self.noon[i], ~self.long[i]]
            cp.add(shortest <= gap - EYE * self.eye[i]).only_enforce_if(*plain)
            cp.add(longest >= gap - EYE * self.eye[i]).only_enforce_if(*plain)
        cp.add(shortest <= longest)
        self.penalties += [4 * (longest - shortest)]
        shifted = cp.new_int_var(0, _DAY, "shifted")
        cp.add_abs_equality(shifted, self.start[0] - self.shape.usual_start // UNIT)
        self.penalties += [4 * shifted]
        unusual = cp.new_int_var(0, 60, "unusual")
        cp.add_abs_equality(unusual, self.length - self.shape.usual_length // UNIT)
        self.penalties += [60 * unusual]
