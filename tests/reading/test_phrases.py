"""Free-text demands: what each way of writing means, with a morning of four periods and an afternoon of five (nine a day)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.school import RequirementKind as K
from instances.school import Selector, Slot, Weeks
from scheduler.reading.defaults import default_bells
from scheduler.reading.phrases import Context, lesson_week, understand

BELLS = default_bells([9], 45)
WEEK = lesson_week([BELLS])
WHO = Selector(teachers=("孙雪",))
WHAT = Selector(courses=("九年级1班 语文",))
CONTEXT = Context(WEEK, WHO, WHAT, None, lessons=5, load=10)
ALL = range(1, 10)
AM, PM = range(1, 5), range(5, 10)


def slots(**days):
    """monday=[1, 2] -> slots; names are d1 to d5."""
    return {Slot(int(day[1]), period) for day, periods in days.items() for period in periods}


def every(periods):
    return {Slot(day, period) for day in range(1, 6) for period in periods}


FORBIDDEN = [
    ("周二上午，周五第4，5节不排课", slots(d2=AM, d5=[4, 5])),
    ("周一4、5节，周三上午不排课", slots(d1=[4, 5], d3=AM)),
    ("周二下午2、3、4节不排", slots(d2=[6, 7, 8])),
    ("周二下午第6、7节不排", slots(d2=[6, 7])),
    ("4:2-4不排", slots(d4=[2, 3, 4])),
    ("不排第一节", every([1])),
    ("不排第1节课", every([1])),
    ("第一节不排课", every([1])),
    ("周一不排第一节", slots(d1=[1])),
    ("不排周五下午", slots(d5=PM)),
    ("周一至周三上午不排", slots(d1=AM, d2=AM, d3=AM)),
    ("周一到周五上午第1节不排", every([1])),
    ("星期三下午第一节课不能排课", slots(d3=[5])),
    ("礼拜二下午不要排课", slots(d2=PM)),
    ("周二、周四下午不排课", slots(d2=PM, d4=PM)),
    ("周二四下午不排课", slots(d2=PM, d4=PM)),
    ("周一、三、五第一二节不排", slots(d1=[1, 2], d3=[1, 2], d5=[1, 2])),
    ("周二12节不排", slots(d2=[1, 2])),
    ("周一1-2不排", slots(d1=[1, 2])),
    ("周一第1-3节禁排", slots(d1=[1, 2, 3])),
    ("周一第1节、周三第2节禁排", slots(d1=[1], d3=[2])),
    ("周五下午3、4节开会", slots(d5=[7, 8])),
    ("周三全天请假", slots(d3=ALL)),
    ("周四上下午均不排课", slots(d4=ALL)),
    ("上午第四节不排", every([4])),
    ("最后一节不排", every([9])),
    ("上午最后一节不排", every([4])),
    ("周五最后两节不排", slots(d5=[8, 9])),
    ("周一前两节不排", slots(d1=[1, 2])),
    ("每天第一节不排，周五下午不排", every([1]) | slots(d5=PM)),
    ("周一、周三上午1、2节不排，下午1节不排", slots(d1=[1, 2, 5], d3=[1, 2, 5])),
    ("周二上午不排课；周四第9节不排课", slots(d2=AM, d4=[9])),
    ("周二上午不排课。\n周四第９节不排课", slots(d2=AM, d4=[9])),
    ("1、周二上午不排课", slots(d2=AM)),
    ("周四下午参加教研", slots(d4=PM)),
    ("请周三下午不要安排课", slots(d3=PM)),
    ("Mon 1-2 不排", slots(d1=[1, 2])),
    ("周 二 上 午 不 排", slots(d2=AM)),
    ("周２第１、２节不排", slots(d2=[1, 2])),
    ("只排上午", every(PM)),
    ("必须排在上午", every(PM)),
]


@pytest.mark.parametrize(("text", "expected"), FORBIDDEN)
def test_forbidden_times(text, expected):
    read = understand(text, CONTEXT)
    assert read.unread == []
    assert {r.kind for r in read.requirements} == {K.FORBIDDEN}
    assert {slot for r in read.requirements for slot in r.slots} == expected
    assert all(r.required for r in read.requirements)
    assert len(read.meanings) == len(read.requirements)


def test_two_clauses_with_verbs_are_two_requirements():
    assert len(understand("周二上午不排课；周四第9节不排课", CONTEXT).requirements) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周二下午2、3、4节", slots(d2=[6, 7, 8])),
        ("4:2-4", slots(d4=[2, 3, 4])),
        ("1:6,8", slots(d1=[6, 8])),
        ("周三", slots(d3=ALL)),
        ("第9节", every([9])),
    ],
)
def test_times_alone_take_the_sense_of_their_column(text, expected):
    read = understand(text, Context(WEEK, WHO, WHAT, K.FORBIDDEN, 5, 10))
    assert [(r.kind, set(r.slots)) for r in read.requirements] == [(K.FORBIDDEN, expected)]
    assert understand(text, CONTEXT).unread == [text]  # and without a column are not guessed


def test_afternoon_periods_depend_on_the_bells():
    """With five periods in the morning 下午2、3、4节 are periods 7 to 9 (the real plan of peers.md)."""
    from dataclasses import replace

    from instances.bells import Section, SectionKind

    lessons = tuple(
        Section(SectionKind.LESSON, s, s + 40, "", n) for n, s in enumerate([480, 530, 580, 630, 680, 840, 890, 940, 990], start=1)
    )
    lunch = Section(SectionKind.LUNCH, 720, 780)
    bells = replace(BELLS, days=dict.fromkeys(range(1, 6), (*lessons[:5], lunch, *lessons[5:])))
    read = understand("周二下午2、3、4节", Context(lesson_week([bells]), WHO, WHAT, K.FORBIDDEN))
    assert set(read.requirements[0].slots) == slots(d2=[7, 8, 9])


COUNTS = [
    ("保证每天有1节", K.MIN_PER_DAY, 1),
    ("每天至少1节", K.MIN_PER_DAY, 1),
    ("每天1节", K.MIN_PER_DAY, 1),
    ("每天都要有一节", K.MIN_PER_DAY, 1),
    ("每天最多4节", K.TEACHER_MAX_DAY, 4),
    ("每天不超过四节课", K.TEACHER_MAX_DAY, 4),
    ("一天最多3节", K.TEACHER_MAX_DAY, 3),
    ("每天最多1节", K.MAX_PER_DAY, 1),
    ("每班每天最多2节", K.MAX_PER_DAY, 2),
    ("连上不超过2节", K.TEACHER_MAX_ROW, 2),
    ("最多连上3节", K.TEACHER_MAX_ROW, 3),
    ("不要连上三节", K.TEACHER_MAX_ROW, 2),
    ("每周2次连堂", K.DOUBLES, 2),
    ("两节连堂", K.DOUBLES, 1),
    ("每周最多4天", K.TEACHER_MAX_DAYS, 4),
    ("至少2个半天无课", K.TEACHER_FREE_HALF_DAYS, 2),
    ("空堂不超过2节", K.TEACHER_MAX_IDLE, 2),
    ("隔天排", K.DAYS_BETWEEN, 2),
    ("间隔1天", K.DAYS_BETWEEN, 2),
]


@pytest.mark.parametrize(("text", "kind", "count"), COUNTS)
def test_counts(text, kind, count):
    """每天最多1节 of a teacher with ten lessons can only mean each class."""
    read = understand(text, CONTEXT)
    assert read.unread == []
    assert [(r.kind, r.count) for r in read.requirements] == [(kind, count)]
    assert read.requirements[0].scope == (WHO if kind.name.startswith("TEACHER") else WHAT)


def test_wishes_are_not_requirements():
    for text, kind, expected in [
        ("尽量排上午", K.PREFERRED, every(AM)),
        ("尽量不排下午最后一节", K.AVOIDED, every([9])),
        ("希望周一上午", K.PREFERRED, slots(d1=AM)),
    ]:
        (one,) = understand(text, CONTEXT).requirements
        assert (one.kind, set(one.slots), one.required) == (kind, expected, False)


def test_fixed_times():
    (one,) = understand("周一第3节固定", CONTEXT).requirements
    assert (one.kind, one.slots, one.scope) == (K.FIXED, (Slot(1, 3),), WHAT)
    (two,) = understand("班会固定周一第8节", CONTEXT).requirements
    assert (two.kind, two.slots, two.scope.subjects) == (K.FIXED, (Slot(1, 8),), ("班会",))


def test_more_fixed_times_than_lessons_mean_only_there():
    (one,) = understand("固定周二下午", Context(WEEK, WHO, WHAT, None, lessons=2)).requirements
    assert (one.kind, set(one.slots)) == (K.FORBIDDEN, every(ALL) - slots(d2=PM))


def test_as_many_fixed_times_as_lessons_of_three_classes_mean_only_there():
    context = Context(WEEK, WHO, WHAT, K.FIXED, lessons=3, parallel=3)
    (one,) = understand("周二下午2、3、4节", context).requirements
    assert (one.kind, set(one.slots)) == (K.FORBIDDEN, every(ALL) - slots(d2=[6, 7, 8]))
    assert understand("周二第1节", context).unread == ["周二第1节"]  # of which class?


def test_weeks_and_neighbours():
    assert understand("单周", CONTEXT).requirements[0].weeks is Weeks.ODD
    assert understand("单双周", CONTEXT).requirements[0].weeks is Weeks.EITHER
    assert understand("不连堂", CONTEXT).requirements[0].kind is K.NOT_NEXT_TO
    (one,) = understand("数学不排在体育课后", CONTEXT).requirements
    assert (one.kind, one.scope.subjects, one.other.subjects) == (K.NOT_AFTER, ("数学",), ("体育",))


def test_several_demands_in_one_cell():
    read = understand("每天不超过5节，连续不超过3节；周四下午教研", CONTEXT)
    assert [r.kind for r in read.requirements] == [K.TEACHER_MAX_DAY, K.TEACHER_MAX_ROW, K.FORBIDDEN]
    assert {r.text for r in read.requirements} == {"每天不超过5节，连续不超过3节；周四下午教研"}


@pytest.mark.parametrize("text", ["无", "", "无要求", "-", "/", "  无 "])
def test_nothing_asked(text):
    read = understand(text, CONTEXT)
    assert (read.requirements, read.unread) == ([], [])


@pytest.mark.parametrize(
    "text", ["随便", "除了周一都不排第一节", "周六不排", "周五下午第10节不排", "如果可以周二不排", "身体不好", "周一或周二上午不排"]
)
def test_not_understood_is_handed_back_whole(text):
    read = understand(text, CONTEXT)
    assert (read.requirements, read.unread) == ([], [text])


@pytest.mark.parametrize(("text", "rest"), [("因带孩子周一第一节不排", "因带孩子"), ("周二上午不排课（参加区教研）", "(参加区教研)")])
def test_remarks_beside_a_demand_are_handed_back(text, rest):
    read = understand(text, CONTEXT)
    assert len(read.requirements) == 1
    assert read.unread == [rest]


PIECES = [
    "周一",
    "周二至周四",
    "上午",
    "下午",
    "第1节",
    "2、3节",
    "不排",
    "不排课",
    "，",
    "；",
    "每天最多4节",
    "固定",
    "尽量",
    "排",
    "语文",
    "因为",
    "4:2-4",
    "无",
    "连堂",
    "(a)",
    "99节",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=30))
@settings(deadline=None, max_examples=400)
def test_no_text_fails_and_none_is_dropped(text):
    """Whatever stands in the cell, it becomes demands or is handed back, and every slot exists in the bells."""
    from instances.spelling import normalise
    from scheduler.reading.phrases import NOTHING

    read = understand(text, CONTEXT)
    assert len(read.meanings) == len(read.requirements)
    assert all(str(meaning) for meaning in read.meanings)
    assert all(slot.period in WEEK.periods[slot.day] for r in read.requirements for slot in r.slots)
    words = normalise(text).strip(",、;。!.").casefold()
    if not read.requirements and words not in NOTHING and any(c.isalnum() for c in words.replace("无", "")):
        assert read.unread
