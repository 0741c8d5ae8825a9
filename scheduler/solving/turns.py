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

if TYPE_CHECKING:
    from scheduler.solving.solve import Search

_SHORTEST = 2.0  # seconds of questions without a good answer, before neighbourhood search gets a turn
_FIRST_SHARE = 0.03  # of the time, for the first turn of neighbourhood search
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


class Interludes:
    """Neighbourhood search between the questions of aspiration.

    A question that gains faster than neighbourhood search did last is followed by the next. After others neighbourhood search gets a turn
    as long as they took, the next time twice as long, and so on, but no longer than it gains.
    """

    def __init__(self, search: Search, bench: Workbench) -> None:
        self._search = search
        self._bench = bench
        self._rate = 0.0
        self._share = 1.0
        self._owed = 0.0

    def begin(self) -> None:
        """Give neighbourhood search a first turn, to know what questions are to be measured by."""
        turn = Pace(self._search)
        improve(self._search, self._bench, max(_SHORTEST, _FIRST_SHARE * self._search.options.time_limit))
        self._rate = turn.rate

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
            improve(search, self._bench, self._owed)
            self._rate = slice_.rate
            if self._rate <= max(rate, _SLOW):
                break
        self._share, self._owed = 2 * self._share, 0.0
