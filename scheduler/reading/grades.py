"""Grades in a cell: one, several, a range, a stage."""

from __future__ import annotations

import re

from instances.class_names import parse_grade
from instances.spelling import key

_STAGES = {"小学": range(1, 7), "小学部": range(1, 7), "primary": range(1, 7), "初中": range(7, 10), "初中部": range(7, 10),
           "中学": range(7, 13), "junior": range(7, 10), "高中": range(10, 13), "高中部": range(10, 13), "senior": range(10, 13),
           "一贯制": range(1, 10)}  # fmt: skip
_ALL = ("全部", "所有年级", "全校", "各年级", "全部年级", "all", "allgrades")


def parse_grades(text: str) -> tuple[int, ...] | None:
    """Return the grades that a text names, in its order: 三年级、四年级; 1-6; 七至九年级; 初中; ``()`` for all; None if it names none."""
    if key(text) in _ALL:
        return ()
    found: list[int] = []
    for part in filter(None, re.split(r"[、,，;；和及\n]|\s+(?=[^\d-])", text.strip())):
        grades = _part(part, found)
        if grades is None:
            return None
        found += grades
    return tuple(dict.fromkeys(found)) or None


def _part(text: str, before: list[int]) -> list[int] | None:
    plain = key(text)
    if plain in _STAGES:
        return list(_STAGES[plain])
    if plain in ("grade", "grades") or not plain:
        return []
    ends = re.fullmatch(r"(.+?)(?:-|~|至|到|to)(.+)", plain)
    if ends:
        first, last = parse_grade(ends[1]), parse_grade(ends[2])
        return list(range(first, last + 1)) if first and last and first <= last else None
    grade = parse_grade(plain)
    return [grade] if grade else None
