"""The words of our own plan workbook, in both languages: what stands in a cell for each value of the nouns.

A plan is read whichever of the two languages it is written in, cell by cell, so these words are part of the file format and not
texts of the interface. The first form of each language is the one that is written; the others are understood too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from instances import class_names
from instances.bells import SectionKind
from instances.language import current_language
from instances.school import RequirementKind, Weeks
from instances.spelling import key

T = TypeVar("T")

SEPARATORS = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class Word:
    """A word in Chinese and English; ``also`` are further spellings that are understood. Shown in the language in force."""

    zh: str
    en: str
    also: tuple[str, ...] = ()

    def text(self, language: str) -> str:
        """Return the form that is written in a language."""
        return self.zh if language == "zh" else self.en

    def forms(self) -> tuple[str, ...]:
        """Return every form that is understood."""
        return (self.zh, self.en, *self.also)

    def __str__(self) -> str:
        return self.text(current_language())


@dataclass(frozen=True, slots=True)
class Listing:
    """Some words as one text, in the language in force."""

    words: tuple[Word, ...]

    def __str__(self) -> str:
        return SEPARATORS[current_language()].join(map(str, self.words))


class Vocabulary(Generic[T]):
    """The words for the values of one kind, in the order in which a drop-down shows them."""

    def __init__(self, words: Mapping[T, Word]) -> None:
        self.words = dict(words)
        self._values: dict[str, T] = {}
        for value, word in words.items():
            for form in (*word.forms(), str(value.value) if isinstance(value, Enum) else word.en):
                self._values.setdefault(key(form), value)

    def text(self, value: T, language: str) -> str:
        """Return the word for a value."""
        return self.words[value].text(language)

    def texts(self, language: str) -> list[str]:
        """Return all words, for a drop-down."""
        return [word.text(language) for word in self.words.values()]

    def listing(self) -> Listing:
        """Return all words as one text, for a message."""
        return Listing(tuple(self.words.values()))

    def value(self, text: str) -> T | None:
        """Return the value that a text stands for, None when it is not one of the words."""
        return self._values.get(key(text))


KINDS: Vocabulary[RequirementKind] = Vocabulary(
    {
        RequirementKind.FORBIDDEN: Word("禁排", "Forbidden", ("不排", "不能排")),
        RequirementKind.FIXED: Word("固排", "Fixed", ("固定", "必排")),
        RequirementKind.PREFERRED: Word("优先", "Preferred", ("尽量排", "优先排")),
        RequirementKind.AVOIDED: Word("尽量不排", "Avoid", ("少排", "避开")),
        RequirementKind.DOUBLES: Word("连堂", "Double periods", ("连排", "连上")),
        RequirementKind.FORTNIGHTLY: Word("单双周", "Fortnightly"),
        RequirementKind.JOINT: Word("合班", "Joint lesson", ("合堂", "合班课")),
        RequirementKind.SAME_TIME: Word("同时上课", "Same time", ("同时",)),
        RequirementKind.NOT_SAME_TIME: Word("不同时上课", "Not at the same time", ("不同时",)),
        RequirementKind.AT_MOST_AT_ONCE: Word("同时最多", "At most at once", ("同时最多几节", "同时不超过")),
        RequirementKind.MAX_PER_DAY: Word("每天最多", "At most per day", ("每天不超过",)),
        RequirementKind.MIN_PER_DAY: Word("每天至少", "At least per day", ("每天不少于",)),
        RequirementKind.DAYS_BETWEEN: Word("间隔天数", "Days between", ("间隔", "隔天")),
        RequirementKind.NOT_NEXT_TO: Word("不相邻", "Not next to", ("互斥相邻",)),
        RequirementKind.NOT_AFTER: Word("不紧跟", "Not right after", ("不接在后",)),
        RequirementKind.COMMON_FREE: Word("教研", "Common free time", ("教研活动", "集体备课", "共同空课")),
        RequirementKind.TEACHER_MAX_DAY: Word("教师每天最多", "Teacher at most per day"),
        RequirementKind.TEACHER_MAX_ROW: Word("教师连上最多", "Teacher at most in a row", ("最多连上",)),
        RequirementKind.TEACHER_MAX_DAYS: Word("教师每周最多天数", "Teacher at most days a week", ("每周最多天数",)),
        RequirementKind.TEACHER_FREE_HALF_DAYS: Word("教师空半天", "Teacher free half-days", ("空半天",)),
        RequirementKind.TEACHER_MAX_IDLE: Word("教师空堂最多", "Teacher idle periods at most", ("空堂最多",)),
        RequirementKind.FAIR_TIMES: Word("早晚课均衡", "Fair early and late lessons", ("均衡",)),
        RequirementKind.IN_STEP: Word("进度平齐", "Parallel classes in step", ("齐头", "同进度")),
        RequirementKind.HOME_TEACHER: Word("班主任课", "Home teacher's lessons", ("班主任",)),
        RequirementKind.MENTOR: Word("师徒听课", "Mentor sits in", ("师徒", "听课")),
        RequirementKind.EVENT: Word("固定活动", "Fixed event", ("活动", "会议")),
    }
)

SECTIONS: Vocabulary[SectionKind] = Vocabulary(
    {
        SectionKind.ARRIVAL: Word("到校", "Arrival", ("入校", "进校")),
        SectionKind.MORNING_EXERCISE: Word("早操", "Morning exercise", ("晨练", "早锻炼", "跑操")),
        SectionKind.MORNING_READING: Word("早读", "Morning reading", ("晨读", "早自习", "早自修", "晨诵")),
        SectionKind.MEETING: Word("晨会", "Meeting", ("升旗", "升旗仪式", "夕会", "班会", "朝会", "晨会课")),
        SectionKind.LESSON: Word("课", "Lesson", ("上课", "正课", "课堂")),
        SectionKind.BREAK: Word("课间", "Break", ("课间休息", "休息")),
        SectionKind.LONG_BREAK: Word("大课间", "Long break", ("大课间活动", "阳光大课间", "课间操")),
        SectionKind.EYE_EXERCISE: Word("眼保健操", "Eye exercises", ("眼操", "eye exercise")),
        SectionKind.LUNCH: Word("午餐", "Lunch", ("中餐", "午饭", "中饭")),
        SectionKind.NOON_REST: Word("午休", "Noon rest", ("午睡", "午间休息", "中午休息")),
        SectionKind.SELF_STUDY: Word("自习", "Self-study", ("自修", "自习课", "午自习", "午读", "午练")),
        SectionKind.ACTIVITY: Word("体育活动", "Activity", ("活动课", "课外活动", "阳光体育", "体育锻炼")),
        SectionKind.AFTER_SCHOOL: Word("课后服务", "After-school service", ("课后延时服务", "延时服务", "课后托管", "托管")),
        SectionKind.DINNER: Word("晚餐", "Dinner", ("晚饭",)),
        SectionKind.EVENING: Word("晚自习", "Evening self-study", ("晚修", "晚自修", "晚课")),
        SectionKind.DISMISSAL: Word("放学", "Dismissal", ("离校", "静校")),
    }
)

WEEKS: Vocabulary[Weeks] = Vocabulary(
    {
        Weeks.EVERY: Word("每周", "Every week", ("全周",)),
        Weeks.ODD: Word("单周", "Odd weeks", ("单",)),
        Weeks.EVEN: Word("双周", "Even weeks", ("双",)),
        Weeks.EITHER: Word("单双周均可", "Either", ("单双周", "隔周", "单或双", "不限")),
    }
)

REQUIRED: Vocabulary[bool] = Vocabulary(
    {
        True: Word("必须", "Must", ("必", "硬", "硬约束", "required", "是", "yes")),
        False: Word("希望", "Wish", ("尽量", "软", "软约束", "preferred", "否", "no")),
    }
)

YES: Vocabulary[bool] = Vocabulary({True: Word("是", "Yes", ("√", "✓", "y", "true", "1")), False: Word("否", "No", ("n", "false", "0"))})

SEASONS: Vocabulary[str] = Vocabulary(
    {"summer": Word("夏季", "Summer", ("夏令", "夏时制")), "winter": Word("冬季", "Winter", ("冬令", "冬时制"))}
)

DAYS: Vocabulary[int] = Vocabulary(
    {
        1: Word("周一", "Mon", ("星期一", "礼拜一", "一", "1", "Monday")),
        2: Word("周二", "Tue", ("星期二", "礼拜二", "二", "2", "Tuesday")),
        3: Word("周三", "Wed", ("星期三", "礼拜三", "三", "3", "Wednesday")),
        4: Word("周四", "Thu", ("星期四", "礼拜四", "四", "4", "Thursday")),
        5: Word("周五", "Fri", ("星期五", "礼拜五", "五", "5", "Friday")),
        6: Word("周六", "Sat", ("星期六", "礼拜六", "六", "6", "Saturday")),
        7: Word("周日", "Sun", ("星期日", "星期天", "周天", "礼拜天", "日", "7", "Sunday")),
    }
)

GRADES: Vocabulary[int] = Vocabulary({grade: Word(class_names.grade_label(grade), f"Grade {grade}") for grade in range(1, 13)})
"""As written; :func:`grade_named` reads every other way to name a grade."""


def grade_named(text: str) -> int | None:
    """Return the grade that a text names and nothing else (初三, 7, 小学五年级, not 九年级1班 or 三年级组), or None."""
    alone = re.search(r"[年级一二三四五六七八九\d]$", key(text)) is not None and class_names.parse(text) is None
    return class_names.parse_grade(text) if alone else None


PREFERENCES: Vocabulary[str] = Vocabulary(
    {
        "subject_spread": Word("同一科目每天均匀分布", "Lessons of a subject spread evenly", ("subject_spread",)),
        "subject_gap": Word("同一科目尽量隔天", "Lessons of a subject not on neighbouring days", ("subject_gap",)),
        "main_in_morning": Word("语数英尽量在上午", "Main subjects in the morning", ("main_in_morning",)),
        "not_after_pe": Word("体育课后不接语数英", "No main subject right after PE", ("not_after_pe",)),
        "pe_not_first": Word("体育不排第一节", "PE not in the first period", ("pe_not_first",)),
        "teacher_day_balance": Word("教师每天课时均衡", "A teacher's lessons spread evenly", ("teacher_day_balance",)),
        "teacher_in_a_row": Word("教师不连上超过三节", "At most three lessons in a row for a teacher", ("teacher_in_a_row",)),
    }
)
"""The preferences of :mod:`scheduler.compiling.preferences`, whose weights the sheet of the school may set."""

NOTHING = Word("无", "none", ("没有", "-", "—", "/"))


def whole_number_ranges(numbers: list[int]) -> list[tuple[int, int]]:
    """Return runs of neighbouring numbers, in the order given: 1, 2, 3, 5 -> (1, 3), (5, 5)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def write_grades(grades: Iterable[int], language: str) -> list[str]:
    """Return the names of some grades, in the order given."""
    return [GRADES.text(grade, language) for grade in grades]
