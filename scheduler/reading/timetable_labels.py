"""The labels on the edges of a timetable: days, periods, clock times, halves of the day, and what is not a lesson.

``星期一``, ``周一第1节``, ``1节⏎08:20~09:00``, ``上午``, ``一二`` (two periods), ``眼保健操``, ``Mon``. A label is read only when
nothing else stands in the cell, so that ``周一例会`` stays a lesson.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from instances.bells import SectionKind
from instances.spelling import normalise, number_of

HALVES = {"上午": 1, "早上": 1, "下午": 2, "晚上": 3, "晚间": 3, "晚": 3, "am": 1, "pm": 2, "morning": 1, "afternoon": 2, "evening": 3}
"""The half of the day that a label names: 1 morning, 2 afternoon, 3 evening."""

_DAY_CHARACTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7, **{str(n): n for n in range(1, 8)}}
_DAY_WORDS = {
    word: day
    for day, words in enumerate(
        (
            ("monday", "mon", "понедельник", "понед", "пн"),
            ("tuesday", "tues", "tue", "вторник", "вторн", "вт"),
            ("wednesday", "wed", "среда", "ср"),
            ("thursday", "thurs", "thur", "thu", "четверг", "четв", "чт"),
            ("friday", "fri", "пятница", "пятн", "пт"),
            ("saturday", "sat", "суббота", "субб", "сб"),
            ("sunday", "sun", "воскресенье", "вс"),
        ),
        start=1,
    )
    for word in words
}
_KINDS = (
    (SectionKind.EYE_EXERCISE, r"眼操|眼保健操|eye\s*exercises?"),
    (SectionKind.LONG_BREAK, r"大课间\w{0,6}|课间操|阳光体育大课间|long\s*break"),
    (SectionKind.MORNING_EXERCISE, r"早操|晨练|晨跑"),
    (SectionKind.MORNING_READING, r"早读|晨读|早自习|早自修|晨诵|经典诵读|morning\s*reading"),
    (SectionKind.MEETING, r"晨会|升旗|升旗仪式|夕会|晨检|朝会"),
    (SectionKind.LUNCH, r"午餐|中餐|就餐|午饭|用餐|午餐午休|lunch"),
    (SectionKind.NOON_REST, r"午休|午间休息|午睡|午间|中午|中午休息|午读|午写|午练|午自习|noon(?:\s*rest)?"),
    (SectionKind.AFTER_SCHOOL, r"课后服务|课后延时服务|延时服务|课后托管|课后延时|延时|社团|社团活动|after-?school(?:\s*service)?"),
    (SectionKind.ACTIVITY, r"体育活动|体育锻炼|阳光体育|阳光体育活动|课外活动|活动课?|体锻|activity"),
    (SectionKind.EVENING, r"晚自习|晚自修|晚修|evening(?:\s*study)?"),
    (SectionKind.SELF_STUDY, r"自习|自修|self-?study"),
    (SectionKind.DINNER, r"晚餐|晚饭|dinner"),
    (SectionKind.ARRIVAL, r"到校|进校|入校|arrival"),
    (SectionKind.DISMISSAL, r"放学|离校|dismissal"),
    (SectionKind.BREAK, r"课间|课间休息|休息|break|recess"),
)
_KIND = tuple((kind, re.compile(rf"(?:{pattern})\d{{0,2}}", re.IGNORECASE)) for kind, pattern in _KINDS)
_CLOCK = re.compile(r"(?<![\d.])(\d{1,2})\s*[:.点时]\s*(\d{2})分?\s*(?:[-~‐-―−∼〜]+|至|到|\n)\s*(\d{1,2})\s*[:.点时]\s*(\d{2})分?(?!\d)")
_NUMERAL = r"(?:\d{1,2}|[零〇一二三四五六七八九十]{1,3})"
_PERIOD = re.compile(
    rf"(?:第({_NUMERAL}(?:[-~、,.和]{_NUMERAL})*)(?:节课|节|课时|课)|({_NUMERAL}(?:[-~、,.和]{_NUMERAL})*)(?:节课|节)|(?:period|lesson|p)({_NUMERAL}))",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_NUMERAL}(?:[-~、,]{_NUMERAL})*")
_DAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天]|[1-7](?!\d))")
_DATE = re.compile(r"\(?(?:\d{4}[-/.年])?\d{1,2}(?:[-/.]|月)\d{1,2}[日号]?\)?")
_DECOR = re.compile(r"[()/\\|:,、.·\-]|时间|节次|课程")


@dataclass(frozen=True, slots=True)
class Label:
    """What an edge cell says. ``bare`` marks a lone numeral, which is a period only in the company of others."""

    day: int | None = None
    periods: tuple[int, ...] = ()
    clock: tuple[int, int] | None = None
    half: int | None = None
    kind: SectionKind | None = None
    bare: bool = False

    @property
    def positional(self) -> bool:
        """Whether the label places a lesson in the week."""
        return self.day is not None or bool(self.periods) or self.clock is not None or self.half is not None

    def __bool__(self) -> bool:
        return self.positional or self.kind is not None

    def with_context(self, other: Label) -> Label:
        """Return this label with what it does not say taken from ``other``."""
        return Label(
            self.day if self.day is not None else other.day,
            self.periods or other.periods,
            self.clock or other.clock,
            self.half if self.half is not None else other.half,
            self.kind or other.kind,
        )


NO_LABEL = Label()


@lru_cache(maxsize=20_000)
def read_label(text: str) -> Label:
    """Read an edge cell; an empty label when anything in it is not part of a label.

    ``星期一`` -> day 1; ``1节 08:20~09:00`` -> period 1 with its clock; ``下午第2节`` -> half 2, period 2; ``一二`` -> periods 1 and 2;
    ``眼保健操1`` -> kind eye exercise. A lone ``3`` or ``三`` is a bare period.
    """
    if len(text) > 80:
        return NO_LABEL
    text = unicodedata.normalize("NFKC", text)
    clock = _CLOCK.search(text)  # while spaces still part a number from the time: 1 8:00-8:40
    rest = normalise(text[: clock.start()] + " " + text[clock.end() :] if clock else text).casefold().replace("—", "-")
    if not rest and not clock:
        return NO_LABEL
    if _BARE.fullmatch(rest) and not clock:
        return Label(periods=_numbers(rest), bare=True)
    label = NO_LABEL
    if clock:
        hours = [int(n) for n in clock.groups()]
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if end <= start and end + 720 <= 1440:  # 1:30-2:10 in the afternoon, 11:30-0:10
            end += 720
        if start < 360 and end < 720:
            start, end = start + 720, end + 720
        if not (0 <= start < end <= 1440):
            return NO_LABEL
        label = replace(label, clock=(start, end))
        rest = rest.strip("()")
    if day := _DAY.search(rest):
        label = replace(label, day=_DAY_CHARACTERS[day.group(1)])
        rest = rest[: day.start()] + rest[day.end() :]
    for word in re.findall(r"[a-zа-я]+", rest):
        if word in _DAY_WORDS:
            if label.day not in (None, _DAY_WORDS[word]):
                return NO_LABEL
            label = replace(label, day=_DAY_WORDS[word])
            rest = re.sub(rf"{word}\.?", "", rest, count=1)
    rest = _DATE.sub("", rest) if label.day is not None else rest
    for name, half in HALVES.items():
        if rest.startswith(name) and (len(name) > 1 or len(rest) == 1) and not rest.startswith(("晚自", "晚修")):
            label = replace(label, half=half)
            rest = rest[len(name) :]
            break
    rest = rest.strip("()")
    if period := _PERIOD.search(rest):
        label = replace(label, periods=_numbers(next(group for group in period.groups() if group)))
        rest = rest[: period.start()] + rest[period.end() :]
    elif (label.day is not None or label.half is not None or label.clock) and _BARE.fullmatch(rest):
        label = replace(label, periods=_numbers(rest))
        rest = ""
    rest = rest.strip("()/|:,、.·-")
    for kind, pattern in _KIND:
        if pattern.fullmatch(rest):
            label = replace(label, kind=kind)
            rest = ""
            break
    return label if not _DECOR.sub("", rest) else NO_LABEL


def _numbers(text: str) -> tuple[int, ...]:
    """Read ``1``, ``1-2``, ``3、4``, ``十二``; two or more digits of Chinese without ``十`` are single periods (``一二``)."""
    if "-" in text or "~" in text:
        first, last = (number_of(part) for part in re.split(r"[-~]+", text)[:2])
        if first is None or last is None or not 0 <= last - first <= 4:
            return ()
        return tuple(range(first, last + 1))
    found: list[int] = []
    for part in re.split(r"[、,.和]", text):
        if len(part) > 1 and not part.isascii() and "十" not in part:
            found.extend(number_of(character) or 0 for character in part)
        else:
            number = number_of(part)
            if number is None or number > 20:
                return ()
            found.append(number)
    return tuple(found)
