"""Subjects (科目): canonical names, the other names that schools write for them, and the traits that rules and defaults ask for.

Canonical names are those of the national curriculum plans (义务教育课程方案 2022, 普通高中课程方案 2017/2020),
with 班会, 自习, 阅读, 心理 and 体育活动 beside them. A few names mean different subjects by stage: 政治 is 道德与法治
up to grade 9 and 思想政治 above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from instances.spelling import key, normalise

_ALIASES: dict[str, str] = {
    "语文": "语 国语 大语文 语文课 Chinese",
    "数学": "数 算术 Math Maths Mathematics",
    "英语": "英 外语 英文 大学英语 English",
    "道德与法治": "道法 道德法治 道德与法制 品德 思品 思想品德 品德与生活 品德与社会 品生 品社 德法 道 Morality Moralityandlaw",
    "思想政治": "思政 思想政治课",
    "科学": "科 自然 Science",
    "历史": "史 History",
    "地理": "地 Geography",
    "物理": "物 Physics",
    "化学": "化 Chemistry",
    "生物": "生 生物学 Biology",
    "体育": "体 体育与健康 体育与健康教育 体健 体育课 体育与保健 PE Sport Sports",
    "音乐": "音 唱游 Music",
    "美术": "美 图画 Art",
    "艺术": "艺 Arts",
    "信息科技": "信息科技课 信科 ICT IT Computing",
    "信息技术": "信技 信息技术课",
    "通用技术": "通技 通用 技术",
    "劳动": "劳 劳技 劳动技术 劳动与技术 劳动教育 劳动技能 Labour",
    "综合实践": "综合 综合实践活动 综实 综 综合实践课 综合课 实践活动 社会实践 Integratedpractice",
    "班会": "班队会 班队 班团队 班团队活动 班团活动 队会 少先队活动 少先队 班队活动 主题班会 周会 班 班级活动 Homeroom Classmeeting",
    "书法": "书 写字 习字 硬笔书法 写字课 Calligraphy",
    "心理": "心理健康 心理健康教育 心健 心理课 心 心理辅导 Psychology",
    "阅读": "阅 阅读课 课外阅读 读书 整本书阅读 Reading",
    "地方课程": "地方 地方课 地方与校本 地方教材 Local",
    "校本课程": "校本 校本课 校课 校本教材 School-based",
    "自习": "自修 自习课 自 自主学习 Self-study",
    "体育活动": "体活 体锻 体育锻炼 大课间活动 活动课 阳光体育 体育大课间 课外体育 体育课外活动 课外活动",
    "安全": "安全教育 安全与健康 Safety",
    "健康": "健康教育 健康课",
    "生命": "生命教育 生命与健康 生命安全 生命·生态·安全 生命生态安全",
    "作文": "写作 习作",
}
_BY_STAGE: dict[str, tuple[str, str]] = {
    "政治": ("道德与法治", "思想政治"),
    "政": ("道德与法治", "思想政治"),
    "道德与法治": ("道德与法治", "思想政治"),
    "信息": ("信息科技", "信息技术"),
    "信": ("信息科技", "信息技术"),
    "信息课": ("信息科技", "信息技术"),
    "微机": ("信息科技", "信息技术"),
    "微": ("信息科技", "信息技术"),
    "电脑": ("信息科技", "信息技术"),
    "电": ("信息科技", "信息技术"),
    "计算机": ("信息科技", "信息技术"),
    "信息技术": ("信息科技", "信息技术"),
    "信息科技": ("信息科技", "信息技术"),
    "劳技": ("劳动", "通用技术"),
}
"""Names that mean one subject up to grade 9 and another from grade 10."""

CANONICAL: tuple[str, ...] = tuple(_ALIASES)
"""All canonical names, in the order of the curriculum plans."""

MAIN = frozenset({"语文", "数学", "英语"})
PE = frozenset({"体育"})
ACTIVITY = frozenset({"体育", "体育活动"})
ARTS = frozenset({"音乐", "美术", "艺术", "书法"})
SCIENCES = frozenset({"科学", "物理", "化学", "生物"})
EXAM = frozenset({"语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "道德与法治", "思想政治"})
PRACTICE = frozenset({"劳动", "综合实践", "地方课程", "校本课程", "通用技术"})

_NAMES: dict[str, str] = {key(alias): name for name, aliases in _ALIASES.items() for alias in (name, *aliases.split())}
_STAGED: dict[str, tuple[str, str]] = {key(alias): names for alias, names in _BY_STAGE.items()}


@dataclass(frozen=True, slots=True)
class SubjectName:
    """A subject as a plan writes it: canonical ``name``, the text to print, whether the table knows it, and ``factor``.

    ``factor`` is what a number in the name says of the lessons: 1/2 for 心理(0.5), one lesson every other week; else None.
    """

    name: str
    label: str
    known: bool
    factor: Fraction | None = None


def parse(label: str, grade: int | None = None) -> SubjectName:
    """Return the subject that ``label`` names; an unknown one stays as it is written.

    体育与健康, 体育一, 体育2, 体育(二) -> 体育; 心理(0.5), 心理(单周) -> 心理 with factor 1/2; ``grade`` settles 政治 and 信息技术.
    """
    text = " ".join(label.split())
    factor = None
    plain = normalise(label)
    if match := re.search(r"\(?(?<![\d.])(?:0?\.5|1/2|½|1⁄2)(?:节|课时)?\)?$", plain) or re.search(
        r"\((?:隔周|单双周|半节|单周|双周)\)$", plain
    ):
        factor = Fraction(1, 2)
        plain = plain[: match.start()]
        text = re.sub(r"\s*[((【\[（]?\s*(?:0?[.．]5|0?．5|1/2|½)(?:节|课时)?\s*[))】\]）]?\s*$", "", text) or text
    for candidate in (plain, re.sub(r"\([^()]*\)$", "", plain), re.sub(r"[(]?[一二三四五六七八九十\dⅠIVAB]{1,2}[)]?$", "", plain)):
        if found := _lookup(candidate, grade):
            return SubjectName(found, text, True, factor)
    return SubjectName(re.sub(r"\s", "", text), text, False, factor)


def canonical(label: str, grade: int | None = None) -> str:
    """Return the canonical name of a subject; an unknown one comes back as written."""
    return parse(label, grade).name


def aliases() -> tuple[str, ...]:
    """Return every name the table knows, normalised."""
    return tuple(dict.fromkeys((*_NAMES, *_STAGED)))


def is_known(label: str) -> bool:
    """Say whether the table knows a subject name."""
    return parse(label).known


def is_main(name: str) -> bool:
    """语数英."""
    return name in MAIN


def is_exam(name: str) -> bool:
    """Say whether a canonical subject is examined at the end of junior or senior school."""
    return name in EXAM


def _lookup(plain: str, grade: int | None) -> str | None:
    name = plain.casefold()
    if staged := _STAGED.get(name):
        return staged[1 if grade is not None and grade >= 10 else 0]
    return _NAMES.get(name)
