"""The vocabulary of free-text demands: patterns for times, verbs and demands, and what each asks for (used by :mod:`.phrases`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from instances import subjects
from instances.origin import NOWHERE, Origin
from instances.school import Requirement, RequirementKind, Selector, Weeks
from instances.spelling import CHINESE_NUMBER, number_of
from scheduler.reading.slots import Week

K = RequirementKind
ANY = Selector()


@dataclass(frozen=True)
class Context:
    """What a text is about.

    ``who`` takes demands on a person's time, ``what`` demands on lessons; ``bare`` is the sense of times without a verb (None: such
    text is not understood). ``lessons`` is how many lessons a week ``what`` has altogether, ``load`` how many ``who`` has, both
    None where unknown; ``parallel`` is how many classes ``what`` covers.
    """

    week: Week
    who: Selector = ANY
    what: Selector = ANY
    bare: RequirementKind | None = None
    lessons: int | None = None
    load: int | None = None
    parallel: int = 1
    grade: int | None = None
    origin: Origin = NOWHERE


N = rf"(?:\d{{1,2}}|{CHINESE_NUMBER})"
DAY = "[一二三四五六日天1-7]"
WEEK = "(?:周|星期|礼拜)"
_JOIN = "[、,和及与.]"
_TO = "(?:[-~]|至|到)"
DAYS = (
    rf"(?:每?{WEEK}{DAY}(?:{_TO}{WEEK}?{DAY}(?![、,\d]*节)|(?:{_JOIN}?[一二三四五六日天](?![、,和及一二三四五六七八九十\d~-]*节))*)"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?)"
)
HALF = "(?:上、?下午|上午|早上|下午|午后|全天|整天|一整天|morning|afternoon|allday)"
_EVERY = rf"(?:(?:每天|每日|天天|每个?工作日)的?(?={HALF}|第|首|末|最后|前|后|头|\d))"
_EDGE = rf"(?:(?:最后|前|头){N}节课?|最后一?节课?|末节课?|首节课?)"
_PERIODS = (
    rf"(?:第{N}节?(?:(?:{_JOIN}|{_TO})第?{N}(?!次|天|个|班)节?)*课?|{N}节?(?:(?:{_JOIN}|{_TO})第?{N}节?)*(?<=节)课?|period{N}(?:{_TO}{N})?)"
)
_BARE = r"(?:\d{1,2}(?:[、,~-]\d{1,2})*(?![\d次天个班]))"
_CODE = r"(?:(?<!\d)[1-7]:\d{1,2}(?:[-~,、]\d{1,2})*(?![\d:]))"
_ATOM = f"(?:{_CODE}|{DAYS}|{HALF}|{_EVERY}|{_EDGE}|{_PERIODS})"
TIMES = rf"(?P<times>{_ATOM}(?:[、,和及与的:]*(?:{_ATOM}|(?<=[一二三四五六日天午:1-7、a-z]){_BARE}))*)"
"""A stretch that names times of the week."""

_MOST = "(?:最多|至多|不(?:得|能|要|可|应|宜)?(?:超过|多于|大于)|不超|限)"
_LEAST = "(?:至少|最少|不(?:得|能)?少于|保证|确保)"
_LAY = "(?:排课?|安排|上课?|设)"
_SUBJECTS = sorted((alias for alias in subjects.aliases() if len(alias) > 1), key=len, reverse=True)
_SUBJECT = rf"(?:{'|'.join(map(re.escape, _SUBJECTS))})课?"
UNSURE = re.compile("除了|除外|以外|之外|如果|若|或者?|轮流|轮换|交替|也可|可以?不|不一定|原则上")
"""Words that turn a sentence round or leave it open: such a clause is handed back whole."""


@dataclass(frozen=True)
class _Word:
    """A phrase and what it does: a verb sets the sense of times, a demand makes a requirement of its own."""

    pattern: str
    sense: str = ""
    demand: Callable[[re.Match[str], Context], Sequence[Requirement]] | None = None


def _count(match: re.Match[str], less: int = 0) -> int:
    return (number_of(match["n"]) or 0) - less


def _a_day_at_most(match: re.Match[str], context: Context) -> Sequence[Requirement]:
    n = _count(match)
    days = len(context.week.periods) or 5
    per_class = match["each"] or not context.who.teachers or (context.load is not None and n * days < context.load)
    if per_class:
        return [Requirement(K.MAX_PER_DAY, context.what, count=n)]
    return [Requirement(K.TEACHER_MAX_DAY, context.who, count=n)]


def _what(kind: RequirementKind, count: int | None = None) -> Callable[[re.Match[str], Context], Sequence[Requirement]]:
    return lambda match, context: [Requirement(kind, context.what, count=_count(match) if count is None else count)]


def _who(kind: RequirementKind, less: int = 0) -> Callable[[re.Match[str], Context], Sequence[Requirement]]:
    return lambda match, context: [Requirement(kind, context.who, count=_count(match, less))]


def _doubles(match: re.Match[str], context: Context) -> Sequence[Requirement]:
    return [Requirement(K.DOUBLES, context.what, count=number_of(match["n"] or match["m"] or "1") or 1)]


def _apart(_: re.Match[str], context: Context) -> Sequence[Requirement]:
    return [Requirement(K.NOT_NEXT_TO, context.what, other=context.what)]


def _fortnightly(match: re.Match[str], context: Context) -> Sequence[Requirement]:
    weeks = Weeks.ODD if match[0].startswith("单周") else Weeks.EVEN if match[0].startswith("双周") else Weeks.EITHER
    return [Requirement(K.FORTNIGHTLY, context.what, weeks=weeks)]


def _not_after(match: re.Match[str], context: Context) -> Sequence[Requirement]:
    other = subjects.canonical(match["subject"].removesuffix("课") or match["subject"], context.grade)
    return [Requirement(K.NOT_AFTER, context.what, other=Selector(subjects=(other,)))]


_EACH_DAY = "(?P<each>每班|各班)?(?:每天|每日|天天|一天|单日|日)(?:课时|课)?"
_WORDS: tuple[_Word, ...] = (
    _Word(rf"{_EACH_DAY}(?:{_LAY})?{_MOST}{_LAY}?(?P<n>{N})(?:节课?|课时)", demand=_a_day_at_most),
    _Word(
        rf"{_LEAST}?{_EACH_DAY}(?:都|均|必须|应|要)*(?:{_LEAST}|有|要有|{_LAY})+(?P<n>{N})(?:节课?|课时)(?:以上)?",
        demand=_what(K.MIN_PER_DAY),
    ),
    _Word(rf"{_LEAST}?{_EACH_DAY}(?P<n>{N})(?:节课?|课时)(?!不|禁|没|勿)", demand=_what(K.MIN_PER_DAY)),
    _Word(rf"(?:{_MOST})?连续?{_LAY}?{_MOST}(?P<n>{N})节课?|{_MOST}连续?{_LAY}?(?P<m>{N})节课?",
          demand=lambda m, c: [Requirement(K.TEACHER_MAX_ROW, c.who, count=number_of(m["n"] or m["m"]) or 1)]),
    _Word(rf"不(?:能|要|得|宜)?连续?{_LAY}(?P<n>[3-9三四五])节课?", demand=_who(K.TEACHER_MAX_ROW, 1)),
    _Word(rf"不(?:能|要|得|宜)?(?:连堂|连排|连上|连着{_LAY}?|相邻)(?:[两二2]节)?课?", demand=_apart),
    _Word(rf"(?:每周)?(?:要|有|需|安排|排)*(?:(?P<n>{N})[次个组])?(?:[两二2]节)?(?:连堂|连排|连上)课?(?:(?P<m>{N})[次个组])?",
          demand=_doubles),
    _Word(rf"(?:每周|一周)?{_MOST}(?:{_LAY}|来|到校)?(?P<n>{N})天(?:有课|上课|课)?", demand=_who(K.TEACHER_MAX_DAYS)),
    _Word(rf"(?:每周|一周)?(?:{_LEAST}|要|有|留)*(?P<n>{N})个半天(?:无课|没课|没有课|空|空闲|空着|休息|不排课)?",
          demand=_who(K.TEACHER_FREE_HALF_DAYS)),
    _Word(rf"(?:每周)?(?:空堂|空课|空节)(?:{_MOST})(?P<n>{N})节", demand=_who(K.TEACHER_MAX_IDLE)),
    _Word(rf"隔天{_LAY}?|隔日{_LAY}?|不(?:能|要|得|宜)?(?:{_LAY})?在?(?:连续|相邻)的?(?:[两二2])?天", demand=_what(K.DAYS_BETWEEN, 2)),
    _Word(rf"(?:至少)?(?:间隔|相隔|隔)(?:至少)?(?P<n>{N})天",
          demand=lambda m, c: [Requirement(K.DAYS_BETWEEN, c.what, count=_count(m) + 1)]),
    _Word(rf"(?:单双周|隔周|单周|双周){_LAY}?", demand=_fortnightly),
    _Word(rf"不(?:能|要|得|宜)?(?:紧跟|{_LAY})?在?(?P<subject>{_SUBJECT})之?后(?:面|边)?", demand=_not_after),
    _Word(rf"(?:尽量|尽可能|最好|希望|建议)(?:不|少|避免|避开|别)(?:要|能|在)?{_LAY}?(?:在|于)?", sense="avoided"),
    _Word(
        rf"(?:请|要)?(?:不(?:能|可以|可|要|得|宜|许|便)?(?:再)?(?:{_LAY}|有课)(?:在|于)?|禁(?:止)?{_LAY}?|勿{_LAY}|别{_LAY}|避免{_LAY}?|避开|没空|有事|请假|外出"
        rf"|无课|没课|没有课|空出来?|空着|留空|休息|开会|不在校|参加教研|教研(?:活动)?|集体备课|备课|不到校)",
        sense="forbidden",
    ),
    _Word(rf"(?:尽量|尽可能|最好|希望|优先|建议)(?:能)?{_LAY}?(?:在|于)?", sense="preferred"),
    _Word(rf"(?:只能|只可|只)(?:在)?{_LAY}?(?:在|于)?", sense="only"),
    _Word(rf"(?:固定|必须|必|一定|统一|均|都|全)?(?:{_LAY})(?:在|于)?|固定(?:在|于)?|固排|必排", sense="fixed"),
)  # fmt: skip
FILLER = re.compile(r"[、,;。.:的了都均也请要为与和及在于课节]|老师|教师|本人|需要|必须|同时|并且|其中|时间|所有|学校")
TIMES_PATTERN = re.compile(TIMES, re.IGNORECASE)
DEMANDS = tuple((word.demand, re.compile(word.pattern)) for word in _WORDS if word.demand)
VERBS = tuple((word.sense, re.compile(word.pattern)) for word in _WORDS if word.sense)
SUBJECT_LIST = re.compile(f"{_SUBJECT}(?:[、,和及]{_SUBJECT})*")
REMARK = re.compile(r"\([^()]*\)")
