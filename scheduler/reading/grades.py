"""Grades in a cell: one, several, a range, a stage."""

from __future__ import annotations

import re

from instances.spelling import key, number_of
from scheduler.plan_words import grade_named

_STAGES = {"小学": range(1, 7), "小学部": range(1, 7), "primary": range(1, 7), "初中": range(7, 10), "初中部": range(7, 10),
           "中学": range(7, 13), "junior": range(7, 10), "高中": range(10, 13), "高中部": range(10, 13), "senior": range(10, 13),
           "一贯制": range(1, 10)}  # fmt: skip
_ALL = ("全部", "所有年级", "全校", "各年级", "全部年级", "all", "allgrades")


def parse_grades(text: str) -> tuple[int, ...] | None:
    """Return the grades that a text names, in its order: 三年级、四年级; 1-6; 七至九年级; 初中; ``()`` for all; None if it names none."""
    if key(text) in _ALL:
        return ()
    found: list[int] = []
    for part in filter(None, re.split(r"[、,，;；和及\n]|\s+(?=[^\d-])|(?<=\d)\s+(?=\d)", text.strip())):
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
    if re.fullmatch("[一二三四五六七八九]{2,}(年级)?", plain):
        return [number_of(digit) or 0 for digit in plain.removesuffix("年级")]
    plain = re.sub(r"^grades?(?=\d+\D)", "", plain)
    ends = re.fullmatch(r"(.+?)(?:-|~|至|到|to)(.+)", plain)
    if ends:
        first, last = grade_named(ends[1]), grade_named(ends[2])
        return list(range(first, last + 1)) if first and last and first <= last else None
    grade = grade_named(plain)
    return [grade] if grade else None
