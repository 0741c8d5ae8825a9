"""A made-up primary school with two classes: small enough to read in a minute, complete enough to be a plan.

Grade 3 with 30 lessons a week by the national curriculum plan (2022) and bells that keep the national rules. All names are invented.
"""

from __future__ import annotations

from fractions import Fraction

from instances.bells import BellSchedule, Section, SectionKind
from instances.school import Course, Requirement, RequirementKind, Room, School, SchoolClass, Selector, Slot, Teacher

_K = SectionKind
_BELLS = (
    (_K.ARRIVAL, "8:00", "8:20", None),
    (_K.LESSON, "8:20", "9:00", 1),
    (_K.LESSON, "9:15", "9:55", 2),
    (_K.LONG_BREAK, "9:55", "10:25", None),
    (_K.LESSON, "10:25", "11:05", 3),
    (_K.EYE_EXERCISE, "11:05", "11:10", None),
    (_K.LESSON, "11:25", "12:05", 4),
    (_K.LUNCH, "12:05", "12:50", None),
    (_K.NOON_REST, "12:50", "14:00", None),
    (_K.LESSON, "14:00", "14:40", 5),
    (_K.EYE_EXERCISE, "14:40", "14:45", None),
    (_K.LESSON, "15:00", "15:40", 6),
    (_K.ACTIVITY, "15:55", "16:35", 7),
    (_K.DISMISSAL, "16:35", "16:35", None),
    (_K.AFTER_SCHOOL, "16:35", "18:35", None),
)
# subject, English name, lessons a week, who teaches it in class 1 and in class 2, room
_PLAN = (
    ("语文", "Chinese", 6, ("lin", "zhou"), None),
    ("数学", "Mathematics", 5, ("gao", "gao"), None),
    ("英语", "English", 3, ("su", "su"), None),
    ("体育", "PE", 3, ("he", "he"), "field"),
    ("道德与法治", "Morality and law", 2, ("lin", "zhou"), None),
    ("科学", "Science", 2, ("fang", "fang"), None),
    ("音乐", "Music", 2, ("ye", "ye"), None),
    ("美术", "Art", 2, ("ye", "ye"), None),
    ("信息科技", "Computing", 1, ("fang", "fang"), "lab"),
    ("劳动", "Labour", 1, ("jiang", "jiang"), None),
    ("综合实践", "Integrated practice", 1, ("jiang", "jiang"), None),
    ("班会", "Class meeting", 1, ("lin", "zhou"), None),
    ("书法", "Calligraphy", 1, ("lin", "zhou"), None),
)
_NAMES = {
    "zh": {
        "school": "示例小学", "bells": "全校", "class": "三年级{}班", "field": "操场", "lab": "微机室", "sports": "运动场",
        "lin": "林一鸣", "zhou": "周小舟", "gao": "高远", "su": "苏晴", "he": "何川", "ye": "叶青", "fang": "方圆", "jiang": "江月",
        "chinese": "语文组", "maths": "数学组",
    },
    "en": {
        "school": "Example Primary School", "bells": "All grades", "class": "Grade 3 Class {}", "field": "Field", "lab": "Computer room",
        "sports": "sports", "lin": "Lin", "zhou": "Zhou", "gao": "Gao", "su": "Su", "he": "He", "ye": "Ye", "fang": "Fang",
        "jiang": "Jiang", "chinese": "Chinese group", "maths": "Mathematics group",
    },
}  # fmt: skip
_TEXTS = {
    "zh": ("区教研活动", "班会在周五最后一节", "数学放在上午", "语文每天不超过2节", "体育课后不上数学", "音乐课隔天上", "语文组集体备课",
           "不要连上四节"),
    "en": ("District training", "Class meeting is the last lesson on Friday", "Mathematics in the morning", "At most 2 Chinese a day",
           "No mathematics right after PE", "Music not on neighbouring days", "The Chinese group prepares together",
           "Not four lessons in a row"),
}  # fmt: skip


def sample_school(language: str = "zh") -> School:
    """Return the school with names and texts in a language, ``zh`` or ``en``; subjects keep their canonical Chinese names."""
    names = _NAMES[language]
    classes = tuple(SchoolClass(names["class"].format(n), 3, n, 42 - n, names[home]) for n, home in ((1, "lin"), (2, "zhou")))
    taught = {who: tuple(s for s, _, _, pair, _ in _PLAN if who in pair) for who in dict.fromkeys(w for *_, pair, _ in _PLAN for w in pair)}
    groups = {"lin": names["chinese"], "zhou": names["chinese"], "gao": names["maths"]}
    courses = tuple(
        Course(
            f"{c.number}-{row:02d}",
            subject,
            (c.name,),
            (names[pair[index]],),
            Fraction(lessons),
            english if language == "en" else "",
            room=names[room] if room else None,
        )
        for index, c in enumerate(classes)
        for row, (subject, english, lessons, pair, room) in enumerate(_PLAN, start=1)
    )
    sections = tuple(Section(kind, _minutes(start), _minutes(end), "", period) for kind, start, end, period in _BELLS)
    return School(
        names["school"],
        classes,
        tuple(Teacher(names[who], subjects, groups.get(who)) for who, subjects in taught.items()),
        courses,
        (BellSchedule(names["bells"], (), dict.fromkeys(range(1, 6), sections)),),
        (Room(names["field"], names["sports"], 3), Room(names["lab"], names["lab"], 1)),
        _requirements(names, _TEXTS[language]),
    )


def _requirements(names: dict[str, str], texts: tuple[str, ...]) -> tuple[Requirement, ...]:
    kind, every = RequirementKind, range(1, 6)
    maths, music = Selector(subjects=("数学",)), Selector(subjects=("音乐",))
    return (
        Requirement(kind.FORBIDDEN, Selector(teachers=(names["gao"],)), tuple(Slot(2, p) for p in (1, 2, 3, 4)), text=texts[0]),
        Requirement(kind.FIXED, Selector(subjects=("班会",)), (Slot(5, 6),), text=texts[1]),
        Requirement(kind.PREFERRED, maths, tuple(Slot(d, p) for d in every for p in (1, 2, 3, 4)), required=False, text=texts[2]),
        Requirement(kind.MAX_PER_DAY, Selector(subjects=("语文",)), count=2, text=texts[3]),
        Requirement(kind.NOT_AFTER, maths, other=Selector(subjects=("体育",)), required=False, text=texts[4]),
        Requirement(kind.DAYS_BETWEEN, music, count=2, required=False, text=texts[5]),
        Requirement(kind.COMMON_FREE, Selector(groups=(names["chinese"],)), (Slot(4, 5), Slot(4, 6)), 1, text=texts[6]),
        Requirement(
            kind.TEACHER_MAX_ROW, Selector(teachers=(names["ye"],)), count=3, required=False, weight=5, text=texts[7]
        ),
    )  # fmt: skip


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
