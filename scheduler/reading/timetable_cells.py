"""What a cell of a timetable says: subject, teachers, class, room, weeks.

Written by schools as ``学科⏎教师``, ``班级⏎学科``, ``语文(王)``, ``语文 王老师``, ``【连】语文⏎王``, ``【单】A/【双】B⏎【单】王/【双】李``,
or as the lines of an aSc table (subject, teacher, class, room, group).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from instances import class_names
from instances.class_names import ClassName
from instances.school import Weeks
from instances.spelling import normalise
from instances.subjects import parse as parse_subject
from scheduler.reading.timetable_names import ROOM, bare_name, class_of, is_subject

EMPTY = re.compile(r"[\s\-—–/\\×xX○〇.、…*]*|无|空|空堂|无课|休|none|free", re.IGNORECASE)
_TAG = re.compile(
    r"[【\[(（〔]\s*(单|双|连|合|单周|双周|连堂|合班|odd|even|double)\s*[】\])）〕]|^(单周|双周|单|双)\s*[::：]|(?<=[\u4e00-\u9fff])(单周|双周)$"
)
_WEEKS = {"单": Weeks.ODD, "双": Weeks.EVEN, "odd": Weeks.ODD, "even": Weeks.EVEN}
_MIXED = re.compile(r"[【\[](?:走班|mixed)[】\]]\s*([^\n]*)")
_GROUP = re.compile(r"^(?:第?[一二三四\dA-D]\s*(?:组|group|группа)|group\s*\w|[A-D]组|(?:男|女)(?:生|组|生组)?)$", re.IGNORECASE)
_ENGLISH_CLASS = re.compile(r"((?:Grade|Year) \d{1,2} Class \w{1,2}|Class \d{1,2}[-.]\d{1,2})\s+(\S.*)", re.IGNORECASE)
_PARENTHESIS = re.compile(r"^(.*?)[\s]*[(（]([^()（）]+)[)）]$", re.DOTALL)
_SEPARATOR = re.compile(r"[、，,;；&+＋]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class CellLesson:
    """A lesson as a cell gives it. ``label`` is the subject as printed; ``group`` marks one of several groups of a class.

    ``block`` names the optional courses at one time (走班) that it belongs to.
    """

    label: str
    teachers: tuple[str, ...] = ()
    classes: tuple[ClassName, ...] = ()
    rooms: tuple[str, ...] = ()
    weeks: Weeks = Weeks.EVERY
    double: bool = False
    joint: bool = False
    group: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True)
class CellContent:
    """The lessons of a cell. ``assumed`` says that ``A/B`` without a mark was taken for odd and even weeks."""

    lessons: tuple[CellLesson, ...] = ()
    assumed: bool = False
    readable: bool = True


NOTHING = CellContent()
_UNREADABLE = CellContent(readable=False)


@lru_cache(maxsize=50_000)
def read_cell(texts: tuple[str, ...], view: str = "class", grade: int | None = None) -> CellContent:
    """Read the texts that stand in one slot (several for a slot of several rows).

    ``view`` is whose timetable it is: in that of a ``teacher`` a lone name may be a class, and a class gives its subject or not;
    ``grade`` completes class numbers. Content that is no lesson comes back as not readable.
    """
    texts = tuple(text for text in texts if not EMPTY.fullmatch(text))
    if not texts:
        return NOTHING
    if len(texts) > 1:
        return _stack(texts, view, grade)
    lines = [line.strip() for line in re.split(r"[\n\r]+", texts[0]) if line.strip()]
    if not lines or len(texts[0]) > 120:
        return _UNREADABLE
    mixed = [match for line in lines if (match := _MIXED.search(line))]
    if mixed:
        return _mixed(lines, mixed[0].group(1).strip() or "走班", view, grade)
    pieces, assumed = _fortnight(lines)
    lessons = []
    for piece in pieces:
        for group in _groups(piece, view):
            lesson = _lesson(group, view, grade)
            if lesson is None:
                return _UNREADABLE
            lessons.append(lesson)
    if assumed and len(lessons) == 2:
        lessons = [replace(lessons[0], weeks=Weeks.ODD), replace(lessons[1], weeks=Weeks.EVEN)]
    if len(lessons) == 2 and [x.weeks for x in lessons].count(Weeks.EVERY) == 1:  # one is marked, the other has the other weeks
        known = next(x.weeks for x in lessons if x.weeks is not Weeks.EVERY)
        other = Weeks.EVEN if known is Weeks.ODD else Weeks.ODD
        lessons = [replace(x, weeks=other) if x.weeks is Weeks.EVERY else x for x in lessons]
    return CellContent(tuple(lessons), assumed)


def _mixed(lines: list[str], block: str, view: str, grade: int | None) -> CellContent:
    """Read the optional courses of a block: its name, then a course on each line, or all courses in one; perhaps nothing more."""
    rest = [text for line in lines if (text := _MIXED.sub("", line).strip())]
    whole = [_lesson([line], view, grade) for line in rest]
    if view != "class" and rest:
        lesson = _lesson(rest, view, grade)
        return CellContent((replace(lesson, block=block),)) if lesson else _UNREADABLE
    if len(rest) == 1 and "/" in rest[0] and all(is_subject(part) for part in rest[0].split("/")):
        whole = [CellLesson(part) for part in rest[0].split("/")]
    if any(lesson is None for lesson in whole):
        return _UNREADABLE
    found = tuple(replace(lesson, block=block) for lesson in whole if lesson is not None)
    return CellContent(found or (CellLesson(block, block=block),))


def _stack(texts: tuple[str, ...], view: str, grade: int | None) -> CellContent:
    """Read several cells of one slot: each a whole lesson (half-groups), or subject, teacher and room below one another."""
    whole = [read_cell((text,), view, grade) for text in texts]
    full = [c for c in whole if c.readable and c.lessons and all(x.teachers or x.classes or len(c.lessons) > 1 for x in c.lessons)]
    if len(full) == len(texts) or ("\n" in texts[0].strip() and all(c.readable for c in whole)):
        return CellContent(tuple(lesson for content in whole for lesson in content.lessons))
    return read_cell(("\n".join(texts),), view, grade)


def _fortnight(lines: list[str]) -> tuple[list[list[str]], bool]:
    """Part ``A/B`` over all lines; a line with one part belongs to both."""
    split = [[part.strip() for part in re.split(r"[/／|]", line) if part.strip()] for line in lines]
    widest = max(len(parts) for parts in split)
    if widest == 1 or (widest > 2 and not any(_TAG.search(line) for line in lines)):
        return [lines], False
    marked = any(tag in ("单", "双", "单周", "双周", "odd", "even") for line in lines for tag in _tags(line))
    subjects_first = len(split[0]) >= 2
    if not marked and not (subjects_first and all(parse_subject(_plain(part)).known for part in split[0])):
        return [lines], False  # 王/李 are two teachers of one lesson
    pieces = [[parts[n] if len(parts) > 1 else parts[0] for parts in split if len(parts) == 1 or n < len(parts)] for n in range(widest)]
    return pieces, not marked


def _tags(text: str) -> list[str]:
    return [next(group for group in match.groups() if group) for match in _TAG.finditer(text)]


def _plain(text: str) -> str:
    return _TAG.sub("", text).strip()


def _groups(lines: list[str], view: str) -> list[list[str]]:
    """Part lines that hold several lessons, one below the other: a known subject begins each, or the weeks change."""
    if view != "class" and len(lines) > 1:
        whole = [_lesson([line], view, None) for line in lines]
        if all(lesson is not None and lesson.classes and lesson.label for lesson in whole):
            return [[line] for line in lines]
    starts = [n for n, line in enumerate(lines) if _begins(line)]
    if len(starts) < 2 or starts[0] != 0 or (len(lines) == len(starts) == 2 and view == "teacher"):
        return [lines]
    if any(b - a == 1 for a, b in pairwise(starts)) and len(lines) != len(starts):
        return [lines]
    return [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _begins(line: str) -> bool:
    plain = _plain(line)
    if not plain:
        return False
    head = _PARENTHESIS.match(plain)
    first = re.split(r"\s+", plain)[0]
    return any(len(x) > 1 and is_subject(x) for x in (plain, head.group(1) if head else "", first) if x)


def _lesson(lines: list[str], view: str, grade: int | None) -> CellLesson | None:
    tags = {tag[0] if tag[0] in "单双连合" else "连" if tag == "double" else tag for line in lines for tag in _tags(line)}
    plain = [text for line in lines if (text := _plain(line))]
    words: list[str] = []
    for text in plain:
        words.extend(_words(text, view, grade))
    classes: list[ClassName] = []
    rooms: list[str] = []
    group = ""
    rest: list[str] = []
    for word in words:
        if word.startswith("@"):
            rooms.append(word[1:].strip())
        elif _GROUP.match(word):
            group = word
        elif found := _classes(word, view, grade):
            classes.extend(found)
        elif ROOM.search(normalise(word)) and not _SEPARATOR.search(word) and (rest or len(words) > 1) and not is_subject(word):
            rooms.append(word)
        else:
            rest.append(word)
    if not rest:
        if view in ("teacher", "room") and classes:
            return CellLesson("", (), tuple(classes), tuple(rooms), _weeks(tags), "连" in tags, "合" in tags or len(classes) > 1, group)
        return None
    subject, teachers, more_rooms = _subject_and_teachers(rest)
    if not _plausible(subject) or any(len(name) > 1 and is_subject(name) for name in teachers):
        return None  # two subjects and no way to say which teacher has which
    return CellLesson(
        subject, teachers, tuple(classes), tuple(rooms) + more_rooms, _weeks(tags), "连" in tags, "合" in tags or len(classes) > 1, group
    )


def _weeks(tags: set[str]) -> Weeks:
    found = {_WEEKS[tag] for tag in tags if tag in _WEEKS}
    return found.pop() if len(found) == 1 else Weeks.EVERY


def _words(text: str, view: str, grade: int | None) -> list[str]:
    """Part a line into subject, teacher, class and room: ``语文(王)``, ``语文 王老师``, ``一1班语文``, ``语文@微机室``."""
    if _classes(text, view, grade) or parse_subject(text).factor is not None:
        return [text]
    if match := _ENGLISH_CLASS.fullmatch(text):
        return [match.group(1), *_words(match.group(2), view, grade)]
    if "@" in text[1:]:
        head, _, room = text.partition("@")
        return [*_words(head.strip(), view, grade), "@" + room]
    if match := _PARENTHESIS.match(text):
        head, inner = match.group(1).strip(), match.group(2).strip()
        if head and is_subject(head) and len(inner) > 1 and is_subject(inner):
            return [text]  # 语文(阅读), 综合(劳动): one subject
        if head and not re.fullmatch(r"[\d.]+|[一二三四五六七八九十]|[A-Za-z]", inner):
            return [*_words(head, view, grade), *_words(inner, view, grade)]
    spaced = text.split()
    if len(spaced) > 1 and not is_subject(text):
        if any(is_subject(part) or class_of(part) for part in spaced):
            return [word for part in spaced for word in _words(part, view, grade)]
        return [text]
    if match := re.fullmatch(r"(.{1,8}?)[-—·:：](.{2,12})", text):
        head, tail = match.groups()
        if is_subject(head):
            return [head, tail]
    if match := re.fullmatch(r"(.+班|\d{3,4}|.+[)）])([\u4e00-\u9fff]{1,6})", text):
        head, tail = match.groups()
        if (found := class_of(head, grade)) and found and is_subject(tail):
            return [head, tail]
    return [text]


def _classes(word: str, view: str, grade: int | None) -> list[ClassName]:
    plain = normalise(word)
    if re.fullmatch(r"\d{1,2}", plain) and view == "class":
        return []
    if one := class_of(word, grade if view != "class" else None):
        return [one]
    if re.search(r"班|[、,，~]", plain) and re.search(r"\d|[一二三四五六七八九十]", plain):
        return class_names.parse_many(word, grade if view != "class" else None) or []
    return []


def _subject_and_teachers(rest: list[str]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The first known subject is the subject, else the first text; what follows are teachers, a lone number is a room."""
    at = next((n for n, word in enumerate(rest) if len(word) > 1 and is_subject(word)), None)
    if at is None:
        at = next((n for n, word in enumerate(rest) if parse_subject(word).known), 0)
    subject = rest[at]
    teachers: list[str] = []
    rooms: list[str] = []
    for n, word in enumerate(rest):
        if n == at:
            continue
        if re.fullmatch(r"[A-Za-zА-Яа-я]{0,3}\d{1,4}[A-Za-z]?", word):
            rooms.append(word)
            continue
        parts = re.split(r"[/／]", word) if "/" in word or "／" in word else [word]
        for name in (name.strip() for part in parts for name in _SEPARATOR.split(part)):
            if name and ROOM.search(normalise(name)):
                rooms.append(name)
            elif name:
                teachers.append(bare_name(name))
    return subject, tuple(dict.fromkeys(teachers)), tuple(rooms)


def _plausible(subject: str) -> bool:
    """A subject has letters, is short, and is no sum or date."""
    plain = normalise(subject)
    return bool(re.search(r"[A-Za-z\u4e00-\u9fffА-Яа-я]", plain)) and len(plain) <= 24 and not re.search(r"[=?？#]|https?:", plain)
