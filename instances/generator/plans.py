"""Weekly plans (课程计划) by grade: 26 lessons in grades 1-2, 30 in 3-6, 34 in 7-9 (义务教育课程方案 2022), 36 in senior school.

In grades 3 to 9 and in senior school 心理 and 校本课程 have half a lesson each: they share one slot, in alternating weeks. In grades 3 to 6
one lesson of 语文 is 书法. In grades 11 and 12 each class has 物理 or 历史 as its first choice and two blocks of
optional courses (走班) for the other two subjects of the examination.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

HALF = Fraction(1, 2)
FIELD, COMPUTERS, MUSIC, ART = "操场", "微机室", "音乐室", "美术室"
PHYSICS_LAB, CHEMISTRY_LAB = "物理实验室", "化学实验室"
BLOCK_SUBJECTS = ("化学", "生物", "思想政治", "地理")

_ROOMS = {"体育": FIELD, "信息科技": COMPUTERS, "信息技术": COMPUTERS, "音乐": MUSIC, "美术": ART}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A subject in the weekly plan of a class; ``periods`` and ``doubles`` as in :class:`instances.school.Course`."""

    subject: str
    periods: Fraction
    doubles: int = 0
    room: str | None = None
    label: str = ""


_PLANS: dict[int, str] = {
    1: "语文8 数学4 体育4 道德与法治2 音乐2 美术2 科学1 劳动1 综合实践1 班会1",
    3: "语文6+1 书法1 数学4 英语3 体育3 道德与法治2 科学2 音乐2 美术2 信息科技1 劳动1 综合实践1 班会1 心理½ 校本课程½",
    5: "语文6+1 书法1 数学5 英语3 体育3 道德与法治2 科学2 音乐2 美术1 信息科技1 劳动1 综合实践1 班会1 心理½ 校本课程½",
    7: "语文5+1 数学5 英语4 道德与法治2 历史2 地理2 生物2 体育3 音乐1 美术1 信息科技1 劳动1 综合实践2 地方课程1 班会1 心理½ 校本课程½",
    8: "语文5+1 数学5 英语4 道德与法治2 历史2 地理2 生物2 物理2 体育3 音乐1 美术1 信息科技1 劳动1 综合实践1 班会1 心理½ 校本课程½",
    9: "语文5+1 数学5 英语5 道德与法治2 历史2 物理3 化学1 化学实验2 体育3 音乐1 美术1 劳动1 综合实践1 班会1 心理½ 校本课程½",
    10: ("语文4 数学4 英语4 物理3 化学3 生物2 思想政治2 历史2 地理2 信息技术2 体育2 音乐1 美术1 劳动1 综合实践1 班会1 心理½ 校本课程½"),
    11: "语文4+1 数学4 英语4 信息技术1 通用技术1 体育2 音乐1 美术1 劳动1 综合实践1 班会1 心理½ 校本课程½",
    12: "语文5+1 数学5 英语5 体育2 音乐1 劳动1 班会1 心理½ 校本课程½",
}
_PLANS |= {2: _PLANS[1], 4: _PLANS[3], 6: _PLANS[5]}

# Grades 11 and 12 by first choice of the class; their blocks take BLOCK_PERIODS twice on top.
_CHOICES = {
    (11, "物理"): "物理2 物理实验2 历史2",
    (11, "历史"): "历史4 物理2",
    (12, "物理"): "物理3 物理实验2",
    (12, "历史"): "历史5",
}
BLOCK_PERIODS = {11: 4, 12: 5}
_LABS = {"物理实验": PHYSICS_LAB, "化学实验": CHEMISTRY_LAB}


def weekly_plan(grade: int, choice: str = "") -> tuple[PlanRow, ...]:
    """Return the plan of a class, without its optional-course blocks; ``choice`` is 物理 or 历史 in grades 11 and 12."""
    text = _PLANS[grade] + (" " + _CHOICES[grade, choice] if grade in BLOCK_PERIODS else "")
    return tuple(_rows(text))


def weekly_total(grade: int) -> int:
    """Return the number of slots that the plan of a grade takes each week, blocks included."""
    choice = "物理" if grade in BLOCK_PERIODS else ""
    return int(sum(row.periods for row in weekly_plan(grade, choice))) + 2 * BLOCK_PERIODS.get(grade, 0)


def _rows(text: str) -> Iterator[PlanRow]:
    """Read ``语文6+1``: six lessons, two of them as one double; ``½`` is a lesson every other week; lab lessons are doubles."""
    for word in text.split():
        name = word.rstrip("0123456789+½")
        periods, _, doubles = word[len(name) :].partition("+")
        number = HALF if periods == "½" else Fraction(periods)
        if name in _LABS:
            yield PlanRow(name.removesuffix("实验"), number, int(number) // 2, _LABS[name], name)
        else:
            yield PlanRow(name, number, int(doubles or 0), _ROOMS.get(name))
