"""A fixed event of the week: flag raising on Monday, closing assembly on Friday, a lecture on Thursday.

Measured on each of ``days``: a section of the bells whose kind is in ``sections`` or whose name contains one of ``words``, or an
event of the timetable of every class with such a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from constraints.bell.bell_kind import is_whole
from constraints.case import Case, day_name
from constraints.kind import NEEDS_SECTIONS, Day, Family, Kind, Name, Parameters, Ruling, listed
from constraints.verdict import Verdict
from instances.bells import SectionKind
from instances.language import Message


class WeeklyEventParameters(Parameters):
    """``words`` that name the event, ``days`` on which it takes place, kinds of ``sections`` that are it."""

    words: tuple[Name, ...]
    days: tuple[Day, ...]
    sections: tuple[SectionKind, ...] = ()


class WeeklyEvent(Kind[WeeklyEventParameters]):
    """See the module."""

    name = "weekly_event"
    family = Family.BELL
    parameters = WeeklyEventParameters

    def limit(self, params: WeeklyEventParameters) -> Message:
        days = listed(tuple(day_name(day) for day in params.days))
        return Message("{event} on {days}", event="/".join(params.words), days=days)

    def judge(self, ruling: Ruling[WeeklyEventParameters], case: Case) -> Iterator[Verdict]:
        params = ruling.params
        for school_class in case.classes(ruling.rule.grades):
            bell = case.bell_of(school_class.grade)
            missing = []
            for day in params.days:
                by_bell = bell is not None and any(
                    s.kind in params.sections or any(word in s.name for word in params.words) for s in bell.days.get(day, ())
                )
                by_timetable = any(
                    x.day == day and any(word in text for word in params.words for text in (x.subject, x.label))
                    for x in case.lessons_of.get(school_class.name, ())
                )
                if not by_bell and not by_timetable:
                    missing.append(day)
            if not missing:
                yield ruling.passed(school_class.name, Message("it takes place"))
            elif (bell is None or bell.assumed or not is_whole(bell)) and school_class.name not in case.lessons_of:
                yield ruling.unknown(school_class.name, NEEDS_SECTIONS)
            else:
                sentence = Message("missing on {days}", days=listed(tuple(day_name(day) for day in missing)))
                yield ruling.broken(school_class.name, sentence, str(len(missing)))
