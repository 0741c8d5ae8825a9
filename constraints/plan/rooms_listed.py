"""Special rooms that the school has and the timetable can use: laboratory, computer room, music room ...

Measured: whether the list of rooms has one of each of ``rooms``, by kind or name; ``A|B`` means one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.case import Case, everyone
from constraints.kind import Family, Kind, Name, Parameters, Ruling, listed
from constraints.verdict import Verdict
from instances.language import Message


class RoomsListedParameters(Parameters):
    """``rooms``: words that the kind or name of a room contains."""

    rooms: tuple[Name, ...]


class RoomsListed(Kind[RoomsListedParameters]):
    """See the module."""

    name = "rooms_listed"
    family = Family.PLAN
    parameters = RoomsListedParameters

    def limit(self, params: RoomsListedParameters) -> Message:
        return Message("rooms: {rooms}", rooms=listed(params.rooms))

    def judge(self, ruling: Ruling[RoomsListedParameters], case: Case) -> Iterator[Verdict]:
        if not case.school.rooms:
            yield ruling.unknown(everyone(), Message("the list of rooms"))
            return
        known = [room.kind + room.name for room in case.school.rooms]
        missing = tuple(r for r in ruling.params.rooms if not any(word in text for word in r.split("|") for text in known))
        sentence = Message("no room of the kind {rooms}", rooms=listed(missing)) if missing else Message("all of these rooms are there")
        yield ruling.measured(not missing, everyone(), sentence, listed(missing))
