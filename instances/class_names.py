"""Class names (班级) in every style that schools write, normalised to grade and number; the text is kept for printing.

Read: 一年级1班, 七(1)班, 高一（1）, 初二(5)班, 701, 5-1, 12E, 2023级1班, Grade 7 Class 2, Class 3-1, Class 1, Grade 3, and plain 1, (1)班
or Class 1 where the grade is known from elsewhere (a sheet titled 初三, a column 年级). Grades are 1 to 12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from instances.school import Stage, stage_of
from instances.spelling import CHINESE_NUMBER, normalise, number_of

FIRST_GRADE = {Stage.PRIMARY: 1, Stage.JUNIOR: 7, Stage.SENIOR: 10}
"""The first grade of each stage."""

_STAGES = {"小学": Stage.PRIMARY, "小": Stage.PRIMARY, "初中": Stage.JUNIOR, "初": Stage.JUNIOR, "中": Stage.JUNIOR,
           "高中": Stage.SENIOR, "高": Stage.SENIOR}  # fmt: skip
_NUMBER = rf"(?:\d{{1,2}}|{CHINESE_NUMBER})"
_CLASS = rf"(?:第?\(?(?P<number>{_NUMBER}|[A-Za-z])\)?)"
_GRADE_WORDS = (
    # 小学一年级, 初中二年级, 高中三年级: the year within the stage
    rf"(?P<stage>小学|初中|高中)(?P<year>{_NUMBER})(?:年级|年)?",
    # 高一, 初三年级, 小五, 高2
    r"(?P<stage>高|初|小)(?P<year>[一二三四五六]|[1-6](?!\d))(?:年级|年)?",
    # 一年级, 7年级, 三年
    rf"(?P<grade>{_NUMBER})(?:年级|年)",
    r"(?:Grade|Year|G)(?P<grade>\d{1,2})",
)
_ENTRY = r"(?P<stage>小学|初中|高中|小|初|高)?(?P<entry>(?:20)?\d{2})级"
_LEAVING = r"(?P<stage>小学|初中|高中|小|初|高)?(?P<leaving>(?:20)?\d{2})届"


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class: its grade (1 to 12), its number in the grade (None where it has none: 高一实验班) and the text as written."""

    grade: int
    number: int | None
    label: str

    @property
    def stage(self) -> Stage:
        """学段."""
        return stage_of(self.grade)


def parse_grade(text: str, stage: Stage | None = None, school_year: int | None = None) -> int | None:
    """Return the grade that a sheet title or a cell of a column 年级 names, or None.

    七年级, 初三, 高一, 7, 九, 初中二年级, 2023级 (needs ``stage``, and ``school_year``: the year in which the school year begins).
    """
    plain = normalise(text)
    for pattern in (*_GRADE_WORDS, _ENTRY, _LEAVING):
        if match := re.match(pattern, plain, re.IGNORECASE):
            return _grade(match.groupdict(), stage, school_year)
    number = number_of(plain)
    return number if number is not None and 1 <= number <= 12 else None


def parse(label: str, grade: int | None = None, stage: Stage | None = None, school_year: int | None = None) -> ClassName | None:
    """Return the class that ``label`` names, or None.

    ``grade`` is the grade known from elsewhere, used when the label has none; ``stage`` and ``school_year`` settle 2023级1班.
    """
    plain = normalise(label)
    label = " ".join(label.split())
    if match := re.fullmatch(rf"Class({_NUMBER}|[A-Za-z])[,，]?(Grade\d{{1,2}})", plain, re.IGNORECASE):  # Class 1, Grade 3
        plain = f"{match[2]}Class{match[1]}"
    elif match := re.fullmatch(r"(?:Class)?((?:Grade|Year|G)?\d.*?)(?:Class)?", plain, re.IGNORECASE):  # Class 3-1, Grade 3-1 Class
        plain = match[1]
    for pattern in (*_GRADE_WORDS, _ENTRY, _LEAVING):
        match = re.fullmatch(
            rf"{pattern}[-.·]?(?:Class)?{_CLASS}?(?:班级?)?(?:\((?P<kind>[^()\d]+)\)|(?P<word>[^()\d]{{1,8}}班))?", plain, re.IGNORECASE
        )
        if match and (found := _grade(match.groupdict(), stage, school_year)):
            if match["number"] or match["word"] or match["kind"]:
                return ClassName(found, _number(match["number"]), label)
            return None
    # 701, 1203, 0701: grade and two digits
    if match := re.fullmatch(r"0?(?P<grade>[1-9]|1[0-2])(?P<number>0[1-9]|[1-9]\d)班?", plain):
        return ClassName(int(match["grade"]), int(match["number"]), label)
    # 七(1)班, 七1班, 3(2)班, 5-1, 5.1, 12E, 7A
    if match := re.fullmatch(
        rf"(?P<grade>\d{{1,2}}|十[一二]|[一二三四五六七八九十])(?:\((?P<a>{_NUMBER})\)班?|[-./·](?P<b>{_NUMBER})班?|(?P<c>[A-Za-z])班?"
        rf"|班(?P<e>\d{{1,2}})|(?<=[一二三四五六七八九十])(?P<d>\d{{1,2}})班?)",
        plain,
    ):
        found = number_of(match["grade"])
        if found and 1 <= found <= 12:
            return ClassName(found, _number(match["a"] or match["b"] or match["c"] or match["d"] or match["e"]), label)
    # 1, (1)班, 一班, A班 of a known grade
    if grade is not None:
        if match := re.fullmatch(rf"第?\(?(?P<number>{_NUMBER}|[A-Za-z])\)?班?", plain):
            number = _number(match["number"])
            return ClassName(grade, number, label) if number is None or 1 <= number <= 99 else None
        if match := re.fullmatch(r"[^()\d]{1,8}班", plain):
            return ClassName(grade, None, label)
    return None


def parse_many(label: str, grade: int | None = None, stage: Stage | None = None, school_year: int | None = None) -> list[ClassName] | None:
    """Return the classes of a list such as ``1,2``, ``七1、2班``, ``1~4班``, ``701 702``, or None if any part is not understood.

    A part without a grade takes that of the part before it, else ``grade``. ``1-3`` is a range where the grade is known, else class 3 of
    grade 1; with ``~`` or ``至`` it is always a range.
    """
    found: list[ClassName] = []
    known = grade
    parts = [part for part in re.split(r"[,，、;；/\n和及与]|(?<=\d)\s+(?=\d)|(?<=班)\s*(?=\S)", label) if part.strip()]
    for part in parts:
        plain = normalise(part)
        dots = re.fullmatch(r"\d{1,2}(?:\.\d{1,2})+班?", plain)
        if dots and known is not None and not plain.startswith(f"{known}."):
            numbers = [int(n) for n in re.findall(r"\d+", plain)]
            found.extend(ClassName(known, number, str(number)) for number in numbers)
            continue
        span = re.fullmatch(r"(?P<first>.*?\d{1,2})\)?班?(?P<sign>[-~至到])\(?(?P<last>\d{1,2})\)?班?", plain)
        if span and (span["sign"] != "-" or not re.fullmatch(r"\d{1,2}", span["first"]) or known is not None):
            first = parse(span["first"].replace("(", ""), known, stage, school_year)
            if first is None or first.number is None or not first.number <= int(span["last"]) <= 99:
                return None
            known = first.grade
            found.extend(ClassName(known, number, str(number)) for number in range(first.number, int(span["last"]) + 1))
            continue
        one = parse(part.strip(), known, stage, school_year)
        if one is None:
            return None
        known = one.grade
        found.append(one)
    return found or None


def entry_year(label: str) -> int | None:
    """Return the entry year of a label such as 2023级1班 or 23级, else None."""
    match = re.match(_ENTRY, normalise(label))
    return _year(match["entry"]) if match else None


def school_year_of(text: str) -> int | None:
    """Return the year in which the school year of a title begins: 2025-2026学年 -> 2025, 2017秋期 -> 2017, 2026年春 -> 2025."""
    plain = normalise(text)
    if match := re.search(r"(20\d{2})[-~/至—](?:20)?\d{2}学?年", plain):
        return int(match[1])
    if match := re.search(r"(20\d{2})年?(秋|下半年|学年)", plain):
        return int(match[1])
    if match := re.search(r"(20\d{2})年?(春|上半年)", plain):
        return int(match[1]) - 1
    return None


def grade_label(grade: int) -> str:
    """Return the usual Chinese name of a grade: 3 -> 三年级, 8 -> 八年级, 10 -> 高一."""
    digits = "一二三四五六七八九"
    return f"高{digits[grade - 10]}" if grade >= 10 else f"{digits[grade - 1]}年级"


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _grade(groups: dict[str, str | None], stage: Stage | None, school_year: int | None) -> int | None:
    named = groups.get("stage")
    stage = _STAGES[named] if named else stage
    grade: int | None = None
    if text := groups.get("grade"):
        grade = number_of(text)
    elif text := groups.get("year"):
        year = number_of(text)
        if year is not None and stage is not None:
            # 初中七年级 names the grade itself
            grade = year if stage is Stage.JUNIOR and 7 <= year <= 9 else FIRST_GRADE[stage] + year - 1
            if year > (6 if stage is Stage.PRIMARY else 3) and grade != year:
                return None
    elif school_year is not None:
        length = {Stage.PRIMARY: 6, Stage.JUNIOR: 3, Stage.SENIOR: 3}
        if text := groups.get("entry"):
            years = school_year - _year(text)
            if stage is None and 3 <= years <= 5:
                stage = Stage.PRIMARY
        elif (text := groups.get("leaving")) and stage is not None:
            years = length[stage] - (_year(text) - school_year)
        else:
            return None
        if stage is not None and 0 <= years < length[stage]:
            grade = FIRST_GRADE[stage] + years
    return grade if grade is not None and 1 <= grade <= 12 else None


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if len(text) == 1 and text.isascii() and text.isalpha():
        return ord(text.upper()) - ord("A") + 1
    return number_of(text)
