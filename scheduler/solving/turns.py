"""Whose turn it is: the stages of a search get time by what they gain.

On school plans a question of aspiration brings in seconds what neighbourhood search brings in a minute; on XHSTT instances whose cost lies
in the days and gaps of teachers it is the other way round (BrazilInstance2: 318 to 203 in 17 s of questions, 166 to 20 in 8 s of
neighbourhoods). So neither goes first for good.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scheduler.solving.improve import improve
from scheduler.solving.vectors import Workbench
from scheduler.solving.whole import descend, plain

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SHORTEST = 2.0  # seconds of questions without a good answer, before neighbourhood search gets a turn
_FIRST_SHARE = 0.03  # of the time, for the first turn of neighbourhood search
_LONGEST = 12.0  # seconds of one kind of neighbourhood search
_LARGE = 25_000  # variables, from which CP-SAT's kind has its turns
_BEGUN_PER_SECOND = 50_000  # variables, before it is known
_BEGUN = 0.2  # of a turn of the whole model, the longest that its light presolve may take
_STARTUPS = 6.0  # times what a call on the whole model takes to begin: shorter ones are not worth it
_FAST = 0.1  # of the gap in a second: neighbourhood search that gains so much goes on before any question
_SLOW = 0.01  # of the gap in a second: neighbourhood search that gains no more gives way


class Pace:
    """How fast a stage closes the gap: made when it begins, asked when it ends."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._gap = _gap(search)
        self._since = search.deadline.left

    @property
    def seconds(self) -> float:
        """Seconds since the stage began."""
        return max(0.01, self._since - self._search.deadline.left)

    @property
    def rate(self) -> float:
        """The share of the gap that was closed in a second (as a logarithm, so that turns add up)."""
        return math.log((self._gap + 1) / (_gap(self._search) + 1)) / self.seconds


def _gap(search: Search) -> int:
    assert search.best is not None
    return max(0, search.best.objective - (search.bound or 0))


class Descent:
    """Neighbourhood search of two kinds, our own and CP-SAT's on the whole model: the next turn is for the one whose last gained faster.

    Turns grow while neither gains. A small model is left to our own, whose sub-solves are quick there (two cores, 60 s: BrazilInstance6 56
    without the other and 68 with it, FinlandHighSchool 8 and 27). ``startup`` is the time that CP-SAT's kind needs before it begins:
    seconds, first an estimate.
    """

    def __init__(self, search: Search, bench: Workbench) -> None:
        self._search = search
        self._bench = bench
        variables = len(bench.model.cp.proto.variables)
        kinds = ("own", "whole") if variables >= _LARGE else ("own",)
        self._rates = dict.fromkeys(kinds, math.inf)
        self._waited = {kind: turns for turns, kind in enumerate(kinds)}
        self._turn = _SHORTEST
        self.startup = variables / _BEGUN_PER_SECOND

    def ask_whole(self, seconds: float) -> bool:
        """Call on the whole model, unless that would end before it has begun; True when it proved the incumbent optimal."""
        return self.startup < _BEGUN * seconds and plain(self._search, self._bench, seconds)

    def run(self, seconds: float) -> None:
        """Improve the incumbent for ``seconds``; somewhat longer where CP-SAT's kind takes long to begin."""
        search = self._search
        until = search.deadline.left - seconds
        while not search.closed and search.deadline.left > 0.05 and (rest := search.deadline.left - until) > 0.05:
            kind = max(self._rates, key=lambda kind: (self._rates[kind], self._waited[kind]))
            turn, length = Pace(search), min(rest, self._turn)
            if kind == "own":
                improve(search, self._bench, length)
            else:
                self.startup = descend(search, self._bench, max(length, _STARTUPS * self.startup))
            self._rates[kind] = turn.rate
            self._waited = {other: waited + 1 for other, waited in self._waited.items()} | {kind: 0}
            if not any(self._rates.values()):
                self._turn = min(2 * self._turn, _LONGEST)


class Interludes:
    """Neighbourhood search between the questions of aspiration.

    A question that gains faster than neighbourhood search did last is followed by the next. After others neighbourhood search gets a turn
    as long as they took, the next time twice as long, and so on, but no longer than it gains.
    """

    def __init__(self, search: Search, descent: Descent) -> None:
        self._search = search
        self._descent = descent
        self._rate = 0.0
        self._share = 1.0
        self._owed = 0.0

    def begin(self) -> None:
        """Give neighbourhood search a first turn, to know what questions are to be measured by, and others as long as it is fast."""
        search = self._search
        self._rate = _FAST
        while self._rate >= _FAST and not search.closed and search.deadline.left > 0:
            turn = Pace(search)
            self._descent.run(max(_SHORTEST, _FIRST_SHARE * search.options.time_limit))
            self._rate = turn.rate

    @property
    def in_vain(self) -> bool:
        """Say whether neighbourhood search gained next to nothing."""
        return self._rate < _SLOW

    def seconds_to_close(self, share: float) -> float:
        """Return how long neighbourhood search takes to close a share of the gap (as a logarithm) if it goes on as the last time."""
        return share / self._rate if self._rate else math.inf

    def after(self, question: Pace) -> None:
        """Take note of a question and give neighbourhood search its turn."""
        search, rate, seconds = self._search, question.rate, question.seconds
        if rate > self._rate:
            self._share, self._owed = max(1.0, self._share / 2), 0.0
            return
        self._owed += seconds
        if self._owed < _SHORTEST:
            return  # quick answers are no loss: a small problem is soon closed by the whole model
        turn = Pace(search)
        while not search.closed and search.deadline.left > 0 and turn.seconds < self._share * self._owed:
            slice_ = Pace(search)
            self._descent.run(self._owed)
            self._rate = slice_.rate
            if self._rate <= max(rate, _SLOW):
                break
        self._share, self._owed = 2 * self._share, 0.0
