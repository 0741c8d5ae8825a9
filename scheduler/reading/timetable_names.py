"""Whose timetable it is: classes, teachers and rooms in edge cells, titles and sheet names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from instances import class_names
from instances.class_names import ClassName
from instances.spelling import normalise
from instances.subjects import is_known
from instances.subjects import parse as parse_subject
from scheduler.reading.workbook import Cell, Sheet

_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_IN_TITLE = re.compile(
    rf"(?:初中|高中)?(?:[初高小][一二三四五六\d]|{_NUMBER}年级|(?:20)?\d\d级|[七八九]|(?<!十)[一二三四五六](?=\()|(?<!\d)\d{{1,2}}(?=\())"
    rf"(?:年级)?[-(·]?{_NUMBER}?\)?班|(?<!\d)[1-9]\d{{2}}班|(?<!\d)1[0-2]\d{{2}}班|[初高][一二三]\({_NUMBER}\)|(?<!\d)\d{{1,2}}\({_NUMBER}\)班"
)
_TEACHER_TITLE = (
    re.compile(r"(?:教师|老师|姓名|任课教师)[:：]([\w·]{1,12})"),
    re.compile(r"([\w·]{1,8}?)(?:老师|教师)的?(?:个人)?(?:任课表|课程表|课表|课程安排)"),
    re.compile(r"教师(?:个人)?(?:课程表|课表)[-:：()]*([\w·]{2,8})\)?$"),
    re.compile(r"^([\u4e00-\u9fff·]{2,4})(?:课程表|课表)$"),
)
# As our own workbooks have it: 孙欣, teacher's timetable; Grade 3 Class 1 timetable; Grade 3 Class 1 课程表.
_ENGLISH_TITLE = re.compile(r"(.+?)(?:, (teacher's|room))? (?:timetable|课程表)", re.IGNORECASE)
_ROOM_TITLE = re.compile(r"([\w·（）()-]{1,16}?)(?:场地|专用教室)(?:课程表|课表|使用表|安排表)")
_NOT_NAMES = re.compile(r"学校|小学|中学|班级|年级|学年|学期|总|全校|课程|教师|任课|作息|时间|节次|星期|科目|学科|本校|秋|春|场地|个人|^各")
ROOM = re.compile(
    r"(?:(?:室|馆|场|厅|机房|中心|基地)\(?[\d一二三四五六A-Z]{0,3}\)?|楼\d+|\d+教|教\d+|room\s*\w*|lab\s*\w*|gym|hall|field|playground|studio|library)$",
    re.IGNORECASE,
)
_ROLES = {
    "teacher": re.compile(r"教师|姓名|老师|teacher|name", re.IGNORECASE),
    "class": re.compile(r"班级|班别|班次|^班$|class", re.IGNORECASE),
    "room": re.compile(r"场地|教室|地点|room", re.IGNORECASE),
    "other": re.compile(r"序号|编号|学科|科目|班主任|职务|人数|周课时|课时|备注|^no\.?$", re.IGNORECASE),
    "grade": re.compile(r"年级|年段|grade", re.IGNORECASE),
}


_PART_OF = re.compile(r"(.{2,}?)(?:实验课?|课|习题课?|练习课?|口语|听力|复习课?|拓展|提升|专题|基础训练)")


def is_subject(text: str) -> bool:
    """Say whether a text names a known subject, or a part of one (化学实验)."""
    return is_known(text) or subject_of(text, None) != parse_subject(text).name


def subject_of(label: str, grade: int | None) -> str:
    """Return the subject that a cell names: 化学实验, 数学课 and 英语口语 are lessons of 化学, 数学 and 英语."""
    found = parse_subject(label, grade)
    if not found.known and (match := _PART_OF.fullmatch(normalise(label))) and parse_subject(match.group(1), grade).known:
        return parse_subject(match.group(1), grade).name
    return found.name


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose lessons a line or block shows: ``kind`` is ``class``, ``teacher`` or ``room``; ``found`` is the class that was read."""

    kind: str
    name: str
    cell: Cell | None = None
    found: ClassName | None = None


@lru_cache(maxsize=20_000)
def class_of(text: str, grade: int | None = None, stage_year: int | None = None) -> ClassName | None:
    """Return the class that a whole cell names; ``stage_year`` is the year in which the school year begins, for 2023级1班."""
    return class_names.parse(text, grade, None, stage_year) if text and len(text) <= 24 else None


def is_class_label(text: str) -> bool:
    """Say whether a cell holds the name of a class and nothing else."""
    return class_of(text) is not None


def says_role(sheet: Sheet, row: int, edge: list[int]) -> str:
    """Return what the edge cells of a row say of the names that stand beside them (班级, 教师)."""
    return " ".join(dict.fromkeys(sheet.at(row, column).text for column in edge if sheet.at(row, column)))


def role_of(header: str) -> str:
    """Return the role that a header gives its column: ``class``, ``teacher``, ``room``, ``grade``, ``other`` or nothing."""
    plain = normalise(header)
    return next((role for role, pattern in _ROLES.items() if pattern.search(plain)), "")


def class_in_title(text: str) -> ClassName | None:
    """Return the class that a title names: 实验小学一年级1班课程表 -> 一年级1班."""
    if found := class_of(text):
        return found
    plain = normalise(text)
    for match in _IN_TITLE.finditer(plain):
        if found := class_of(match.group(0)):
            return found
    return None


def grade_in_title(text: str) -> int | None:
    """Return the grade that a title or sheet name speaks of: 初三 -> 9, 七年级课表 -> 7."""
    plain = normalise(text)
    if match := re.search(rf"(?:小学|初中|高中)?{_NUMBER}年级|[初高小][一二三四五六](?!\d*[)班])", plain):
        return class_names.parse_grade(match.group(0))
    return None


def teacher_in_title(text: str) -> str | None:
    """Return the teacher that a title names: 教师：孙雪 -> 孙雪, 孙雪老师课表 -> 孙雪."""
    plain = normalise(text)
    for pattern in _TEACHER_TITLE:
        if (match := pattern.search(plain)) and not _NOT_NAMES.search(match.group(1)) and not is_known(match.group(1)):
            return match.group(1)
    return None


def owner_of_names(names: tuple[tuple[str, Cell], ...], grade: int | None, year: int | None) -> Owner | None:
    """Read the edge cells of a line: a class (perhaps with its grade in a column of its own), a teacher or a room."""
    named: list[tuple[str, Cell]] = []
    for header, cell in names:
        if found := class_of(cell.text, None, year):
            return Owner("class", cell.text, cell, found)
        role = role_of(header)
        if role == "other":
            continue
        in_grade = (
            class_names.parse_grade(cell.text, None, year)
            if re.search(r"年级|[初高小][一二三四五六]|级$|届$", normalise(cell.text))
            else None
        )
        if in_grade is not None:
            grade = in_grade
        elif role == "grade" and cell.text.strip().isdigit():
            grade = int(cell.text)
        else:
            named.append((role, cell))
    for role, cell in named:
        if role == "teacher":
            return Owner("teacher", bare_name(cell.text), cell)
        if role == "room" and not any(other == "class" for other, _ in named):
            return Owner("room", cell.text, cell)
        if found := class_of(cell.text, grade, year):
            return Owner("class", cell.text if found.label == cell.text and not cell.text.isdigit() else found.label, cell, found)
    for role, cell in named:
        plain = normalise(cell.text)
        if role in ("", "class") and len(plain) <= 12 and re.search(r"[^\W\d_]", plain) and not re.search(r"\d:\d|^注", plain):
            return Owner("room" if ROOM.search(normalise(cell.text)) else "teacher", bare_name(cell.text), cell)
    return None


def owner_of_titles(titles: tuple[Cell, ...], sheet_name: str, file_name: str, year: int | None) -> Owner | None:
    """Find whose timetable a block is: nearest title first, then the sheet name, then the file name."""
    grade = next((g for text in (*(t.text for t in titles), sheet_name, file_name) if (g := grade_in_title(text))), None)
    texts: list[tuple[str, Cell | None]] = [*((cell.text, cell) for cell in titles), (sheet_name, None), (file_name, None)]
    for text, cell in texts:
        if (english := _ENGLISH_TITLE.fullmatch(" ".join(text.split()))) and (owner := _owner_in_english(english, cell, year)):
            return owner
        if found := class_in_title(text) or class_of(text, None, year):
            return Owner("class", found.label, cell, found)
        if grade is not None and (found := class_of(text, grade, year)) and not re.fullmatch(r"[A-Za-z]|sheet\d*", text, re.IGNORECASE):
            return Owner("class", found.label, cell, found)
        if room := _ROOM_TITLE.search(normalise(text)):
            return Owner("room", room.group(1), cell)
        if teacher := teacher_in_title(text):
            return Owner("teacher", teacher, cell)
    for text, cell in texts[:-1]:
        plain = normalise(text)
        if (
            re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", plain)
            and not _NOT_NAMES.search(plain)
            and not is_known(plain)
            and not grade_in_title(plain)
        ):
            return Owner("teacher", plain, cell)
    return None


def _owner_in_english(title: re.Match[str], cell: Cell | None, year: int | None) -> Owner | None:
    name, role = title.group(1), title.group(2)
    if role:
        return Owner("room" if role.lower() == "room" else "teacher", name, cell)
    found = class_of(name, None, year)
    return Owner("class", found.label, cell, found) if found else None


def bare_name(text: str) -> str:
    """Return a teacher's name without the address: 王老师 -> 王老师 (a surname alone keeps it), 孙雪老师 -> 孙雪."""
    plain = " ".join(text.split())
    short = re.sub(r"(?:老师|教师)$", "", plain)
    return short if len(short) >= 2 else plain
