"""Periods of the week in people's words: ``周一第1节``, ``周二上午``, ``每天第1节``, ``周一至周五下午``, ``4:2-4``, ``Mon 1-2; Wed 4``.

A number behind 上午 or 下午 counts within the half day where it can (周二下午2、3节 with four lessons in the morning: periods 6 and 7),
else from the start of the day. A day alone is the whole day, a period alone is every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from instances.bells import BellSchedule
from instances.school import Slot
from instances.spelling import CHINESE_NUMBER, key, number_of


@dataclass(frozen=True, slots=True)
class Week:
    """The periods of each day, and those that stand before and after noon; with several bell schedules, of any of them.

    ``activities`` are those among them in which no lesson may stand: the last period of a day is its last lesson.
    """

    periods: Mapping[int, tuple[int, ...]]
    morning: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    afternoon: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    activities: frozenset[Slot] = frozenset()

    @staticmethod
    def of(bells: Iterable[BellSchedule]) -> Week:
        """Return the week of some bell schedules."""
        found: tuple[dict[int, set[int]], ...] = ({}, {}, {})
        lessons: set[Slot] = set()
        for bell in bells:
            for day in bell.days:
                lessons.update(Slot(day, section.period or 0) for section in bell.lessons(day))
                for section in bell.periods(day):
                    half = found[1] if section.start < bell.noon(day) else found[2]
                    for where in (found[0], half):
                        where.setdefault(day, set()).add(section.period or 0)
        periods, morning, afternoon = ({day: tuple(sorted(part[day])) for day in sorted(part)} for part in found)
        activities = frozenset(Slot(day, period) for day in periods for period in periods[day]) - lessons
        return Week(periods, morning, afternoon, activities)

    def half(self, day: int, name: str) -> tuple[int, ...]:
        """Return the periods of a half day (``morning``, ``afternoon``) or of the day (``""``)."""
        return {"morning": self.morning, "afternoon": self.afternoon}.get(name, self.periods).get(day, ())


@dataclass(frozen=True, slots=True)
class Slots:
    """What a text was understood to say; ``missing`` are periods that the bells do not have, ``rest`` what was not understood."""

    slots: tuple[Slot, ...]
    missing: tuple[Slot, ...] = ()
    rest: str = ""


_N = rf"(?:\d{{1,2}}|{CHINESE_NUMBER})"
_DAY = "[一二三四五六日天1-7]"
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
_TO = "(?:-|~|至|到|to)"
_TOKENS = re.compile(
    rf"(?P<grid>(?<!\d)[1-7]:(?={_N}))"
    rf"|(?P<span>(?:周|星期|礼拜){_DAY}{_TO}(?:周|星期|礼拜)?{_DAY}(?!节)|{_NAMED}{_TO}{_NAMED})"
    rf"|(?P<days>(?:周|星期|礼拜){_DAY}(?:[、,和及]?[一二三四五六日天](?![节、,]?节|至|到|-))*|{_NAMED})"
    r"|(?P<every>每天|每日|天天|每个?工作日|每周|daily|every\s*day|all\s*days)"
    r"|(?P<half>上午|早上|下午|午后|晚上|morning|afternoon|am|pm)"
    r"|(?P<whole>全天|整天|一整天|all\s*day|whole\s*day)"
    rf"|(?P<last>(?:最后|末)(?P<last_n>{_N})?节?|last(?P<last_en>\d)?)"
    rf"|(?P<first>(?:前|头)(?P<first_n>{_N})节|首节|first(?P<first_en>\d)?)"
    rf"|(?P<numbers>(?:第|period)?{_N}节?(?:{_TO}第?{_N}节?)?)"
    r"|(?P<between>[、,;。.:/和及与的]|and|periods?|节课?)",
    re.IGNORECASE,
)


@dataclass
class _Group:
    """Days, half day and periods that belong together while a text is read."""

    days: list[int] = field(default_factory=list)
    half: str = ""
    picks: list[tuple[str, int]] = field(default_factory=list)
    begun: bool = False

    def slots(self, week: Week) -> Iterator[tuple[Slot, bool]]:
        """Yield the slots, and whether the bells have them."""
        for day in self.days or list(week.periods):
            base = week.half(day, self.half)
            # numbers that all exist in the half day as printed are meant so: 下午5、6节 after a morning of four
            printed = all(number in base for kind, number in self.picks if kind == "number")
            if not self.picks:
                yield from ((Slot(day, period), True) for period in base)
            lessons = [period for period in base if Slot(day, period) not in week.activities]
            for kind, number in self.picks:
                if kind in ("first", "last"):
                    chosen = lessons[:number] if kind == "first" else lessons[-number:]
                    yield from ((Slot(day, period), True) for period in chosen)
                elif self.half and not printed and 1 <= number <= len(base):
                    yield Slot(day, base[number - 1]), True
                elif number in base or self.days or not any(number in periods for periods in week.periods.values()):
                    yield Slot(day, number), number in base


def parse_slots(text: str, week: Week) -> Slots:
    """Read the periods that a text names, in its order, each once."""
    groups: list[_Group] = [_Group()]
    rest: list[str] = []
    for token in _scan(text):
        if isinstance(token, str):
            rest.append(token)
        else:
            _take(token, groups)
    found: dict[Slot, bool] = {}
    for group in groups:
        if group.begun:
            for slot, there in group.slots(week):
                found.setdefault(slot, there)
    return Slots(tuple(s for s, there in found.items() if there), tuple(s for s, there in found.items() if not there), "".join(rest))


def parse_days(text: str) -> tuple[int, ...] | None:
    """Return the days that a text names (周一至周五, 周三、周五, Mon-Fri, 每天 = Monday to Friday), or None if it names anything else."""
    plain = key(text)
    if re.fullmatch(r"[一二三四五六日天1-7]", plain):
        plain = f"周{plain}"
    groups = [_Group()]
    for token in _scan(plain):
        if isinstance(token, str) or token.lastgroup not in ("span", "days", "every", "between"):
            return None
        _take(token, groups)
    if not groups[0].begun:
        return None
    return tuple(dict.fromkeys(day for group in groups for day in group.days)) or (1, 2, 3, 4, 5)


def _scan(text: str) -> Iterator[re.Match[str] | str]:
    """Yield the words that are understood, and the characters between them that are not."""
    plain = key(text)
    position = 0
    while position < len(plain):
        match = _TOKENS.match(plain, position)
        yield match or plain[position]
        position = match.end() if match else position + 1


def _take(match: re.Match[str], groups: list[_Group]) -> None:
    kind, text = match.lastgroup or "", match.group()
    group = groups[-1]
    if kind in ("grid", "span", "days", "every"):
        if group.half or group.picks:
            group = _Group()
            groups.append(group)
        group.days += _days(kind, text)
    elif kind == "half":
        if group.half or group.picks:
            group = _Group(list(group.days))
            groups.append(group)
        group.half = "morning" if text in ("上午", "早上", "morning", "am") else "afternoon"
    elif kind in ("last", "last_n", "last_en"):
        group.picks.append(("last", number_of(match["last_n"] or match["last_en"] or "1") or 1))
    elif kind in ("first", "first_n", "first_en"):
        group.picks.append(("first", number_of(match["first_n"] or match["first_en"] or "1") or 1))
    elif kind == "numbers":
        numbers = [number_of(n) or 0 for n in re.findall(_N, text.replace("period", ""))]
        group.picks += [("number", n) for n in range(numbers[0], numbers[-1] + 1)]
    elif kind == "between":
        return
    group.begun = True


def _days(kind: str, text: str) -> list[int]:
    if kind == "grid":
        return [int(text[0])]
    if kind == "every":
        return []
    names = re.findall(rf"{_NAMED}|{_DAY}", re.sub("周|星期|礼拜", "", text))
    numbers = [_ENGLISH.index(name[:3]) + 1 if name[:3] in _ENGLISH else _day_number(name) for name in names]
    return list(range(numbers[0], numbers[-1] + 1)) if kind == "span" else numbers


def _day_number(text: str) -> int:
    return 7 if text in "日天" else number_of(text) or 0
