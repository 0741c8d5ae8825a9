"""Every kind of requirement does in the timetable what it says: tight cases in which ignoring it would show.

Twelve periods (3 days x 4) and full or nearly full classes leave the solver little room, and each case is also put the
other way round where it can be: asked for too much, it is impossible.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from instances.school import Requirement, RequirementKind, Room, SchoolClass, Selector, Slot, Weeks
from tests.compiling.small_school import bells, course, impossible, school, slots, timetable

K = RequirementKind
ALL = tuple(Slot(d, p) for d in (1, 2, 3) for p in (1, 2, 3, 4))
SEEDS = (0, 1, 2)


def need(kind: K, count: int | None = None, at: tuple[Slot, ...] = (), other: Selector | None = None, **scope: object) -> Requirement:
    return Requirement(kind, Selector(**scope), at, count, other or Selector())  # type: ignore[arg-type]


def on(*pairs: tuple[int, int]) -> tuple[Slot, ...]:
    return tuple(Slot(*pair) for pair in pairs)


FULL = [course("语文", "甲", "王", 4), course("数学", "甲", "李", 4), course("体育", "甲", "张", 4)]


@pytest.mark.parametrize("seed", SEEDS)
def test_forbidden_periods_of_a_teacher(seed: int) -> None:
    """王 is away on day 1: her four lessons stand on days 2 and 3."""
    away = need(K.FORBIDDEN, at=tuple(s for s in ALL if s.day == 1), teachers=("王",))
    found = timetable(school(FULL, away), seed)
    assert all(lesson.day != 1 for lesson in found.by_teacher["王"])
    assert len(found.by_teacher["王"]) == 4


def test_forbidden_periods_of_a_class_can_make_it_impossible() -> None:
    """A full class with one period forbidden has no timetable."""
    assert impossible(school(FULL, need(K.FORBIDDEN, at=on((2, 2)), classes=("甲",))))


@pytest.mark.parametrize("seed", SEEDS)
def test_forbidden_periods_of_a_subject(seed: int) -> None:
    """PE never in the first period."""
    found = timetable(school(FULL, need(K.FORBIDDEN, at=on((1, 1), (2, 1), (3, 1)), subjects=("体育",))), seed)
    assert all(period != 1 for _, period in slots(found.lessons, "体育"))


def test_forbidden_periods_of_a_room() -> None:
    """The only computer room is closed on days 1 and 2."""
    closed = need(K.FORBIDDEN, at=tuple(s for s in ALL if s.day < 3), rooms=("机房",))
    given = [course("信息科技", "甲", "赵", 2, room="机房"), course("语文", "甲", "王", 6)]
    found = timetable(school(given, closed, rooms=(Room("机房"),)))
    assert {lesson.day for lesson in found.by_room["机房"]} == {3}


@pytest.mark.parametrize("seed", SEEDS)
def test_fixed_periods(seed: int) -> None:
    """Chinese stands in both slots that are fixed for it."""
    fixed = on((1, 1), (3, 4))
    found = timetable(school(FULL, need(K.FIXED, at=fixed, subjects=("语文",), classes=("甲",))), seed)
    assert {(s.day, s.period) for s in fixed} <= set(slots(found.lessons, "语文"))


def test_preferred_periods_are_taken_when_they_are_free() -> None:
    """Nothing stands against maths in the mornings, so the wish is met in full."""
    morning = tuple(s for s in ALL if s.period <= 2)
    wish = Requirement(K.PREFERRED, Selector(subjects=("数学",)), morning, required=False)
    found = timetable(school(FULL, wish))
    assert all(period <= 2 for _, period in slots(found.lessons, "数学"))


def test_avoided_periods_are_left_when_they_can_be() -> None:
    """PE avoids the mornings and has six afternoon periods to go to."""
    morning = tuple(s for s in ALL if s.period <= 2)
    wish = Requirement(K.AVOIDED, Selector(subjects=("体育",)), morning, required=False)
    found = timetable(school(FULL, wish))
    assert all(period > 2 for _, period in slots(found.lessons, "体育"))


@pytest.mark.parametrize("seed", SEEDS)
def test_doubles_stand_together_and_not_across_lunch(seed: int) -> None:
    """Two doubles of maths: periods 1-2 or 3-4 of a day, never 2-3."""
    found = timetable(school(FULL, need(K.DOUBLES, 2, subjects=("数学",))), seed)
    firsts = [(x.day, x.period) for x in found.lessons if x.subject == "数学" and x.double == 1]
    seconds = [(x.day, x.period) for x in found.lessons if x.subject == "数学" and x.double == 2]
    assert len(firsts) == 2
    assert sorted((d, p + 1) for d, p in firsts) == sorted(seconds)
    assert all(p in (1, 3) for _, p in firsts)


def test_doubles_in_the_course_plan() -> None:
    """A course of three lessons with one double: one double and one single."""
    found = timetable(school([course("美术", "甲", "林", 3, doubles=1), course("语文", "甲", "王", 6)]))
    assert sorted(x.double for x in found.lessons if x.subject == "美术") == [0, 1, 2]


def test_fortnightly_lessons_of_a_class_share_a_period() -> None:
    """11 weekly lessons and two half ones fill 12 periods: the halves stand in one slot, one odd, one even."""
    half = [course("心理", "甲", "钱", Fraction(1, 2), weeks=Weeks.EITHER), course("校本", "甲", "孙", Fraction(1, 2), weeks=Weeks.EITHER)]
    found = timetable(school([course("语文", "甲", "王", 5), course("数学", "甲", "李", 6), *half]))
    shared = [x for x in found.lessons if x.subject in ("心理", "校本")]
    assert len({x.slot for x in shared}) == 1
    assert {x.weeks for x in shared} == {Weeks.ODD, Weeks.EVEN}


def test_fortnightly_requirement_sets_the_weeks() -> None:
    """A requirement says in which weeks the half lesson runs."""
    half = course("心理", "甲", "钱", Fraction(1, 2), weeks=Weeks.EITHER)
    line = Requirement(K.FORTNIGHTLY, Selector(subjects=("心理",)), weeks=Weeks.EVEN)
    found = timetable(school([course("语文", "甲", "王", 5), half], line))
    assert [x.weeks for x in found.lessons if x.subject == "心理"] == [Weeks.EVEN]


def test_joint_lessons() -> None:
    """Both classes have music with the same teacher in the same periods, as one lesson."""
    given = [course("音乐", c, "周", 2) for c in "甲乙"] + [course("语文", c, t, 8) for c, t in (("甲", "王"), ("乙", "吴"))]
    found = timetable(school(given, need(K.JOINT, subjects=("音乐",))))
    music = [x for x in found.lessons if x.subject == "音乐"]
    assert len(music) == 2
    assert all(x.classes == ("甲", "乙") for x in music)


def test_one_teacher_of_two_classes_without_joint_lessons_is_never_in_both() -> None:
    """The same plan without the requirement: four lessons at four times."""
    given = [course("音乐", c, "周", 2) for c in "甲乙"] + [course("语文", c, t, 8) for c, t in (("甲", "王"), ("乙", "吴"))]
    found = timetable(school(given))
    assert len({x.slot for x in found.by_teacher["周"]}) == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_same_time(seed: int) -> None:
    """Optional lessons of two classes run at the same times."""
    given = [course("选修", "甲", "王", 2), course("选修", "乙", "李", 2), course("语文", "甲", "赵", 8), course("语文", "乙", "钱", 8)]
    found = timetable(school(given, need(K.SAME_TIME, subjects=("选修",))), seed)
    own = {c: {x.slot for x in found.by_class[c] if x.subject == "选修"} for c in "甲乙"}
    assert own["甲"] == own["乙"]


@pytest.mark.parametrize("seed", SEEDS)
def test_not_same_time(seed: int) -> None:
    """Four classes' six PE lessons... two classes with six each never coincide: they use all twelve periods."""
    given = [course("体育", "甲", "张", 6), course("体育", "乙", "刘", 6)]
    found = timetable(school(given, need(K.NOT_SAME_TIME, subjects=("体育",)), need(K.MAX_PER_DAY, 4, subjects=("体育",))), seed)
    assert len({x.slot for x in found.lessons}) == 12


def test_at_most_at_once() -> None:
    """Three classes, eight PE lessons each, at most two at once: 24 lessons fill 12 periods exactly twice."""
    given = [course("体育", c, t, 8) for c, t in (("甲", "张"), ("乙", "刘"), ("丙", "陈"))]
    found = timetable(school(given, need(K.AT_MOST_AT_ONCE, 2, subjects=("体育",))))
    per_slot = [sum(x.slot == slot for x in found.lessons) for slot in ALL]
    assert per_slot == [2] * 12


def test_room_capacity() -> None:
    """A field for two classes takes two of three PE lessons at once."""
    given = [course("体育", c, t, 8, room="操场") for c, t in (("甲", "张"), ("乙", "刘"), ("丙", "陈"))]
    found = timetable(school(given, rooms=(Room("操场", capacity=2),)))
    assert all(sum(x.slot == slot for x in found.by_room["操场"]) == 2 for slot in ALL)


def test_rooms_of_a_kind_are_handed_out() -> None:
    """Two computer rooms serve three classes; no room holds two classes at once."""
    given = [course("信息科技", c, t, 8, room="微机室") for c, t in (("甲", "张"), ("乙", "刘"), ("丙", "陈"))]
    found = timetable(school(given, rooms=(Room("一号", "微机室"), Room("二号", "微机室"))))
    assert all(len(x.rooms) == 1 for x in found.lessons)
    for room in ("一号", "二号"):
        assert len({x.slot for x in found.by_room[room]}) == len(found.by_room[room]) == 12


@pytest.mark.parametrize("seed", SEEDS)
def test_max_per_day(seed: int) -> None:
    """Three lessons of music, at most one a day: one on each day."""
    given = [course("音乐", "甲", "周", 3), course("语文", "甲", "王", 6)]
    found = timetable(school(given, need(K.MAX_PER_DAY, 1, subjects=("音乐",))), seed)
    assert sorted(day for day, _ in slots(found.lessons, "音乐")) == [1, 2, 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_min_per_day_counts_the_subjects_together(seed: int) -> None:
    """One PE lesson and two activity lessons: one of them every day."""
    given = [course("体育", "甲", "张", 1), course("活动", "甲", "周", 2), course("语文", "甲", "王", 6)]
    found = timetable(school(given, need(K.MIN_PER_DAY, 1, subjects=("体育", "活动"))), seed)
    assert {x.day for x in found.lessons if x.subject in ("体育", "活动")} == {1, 2, 3}


@pytest.mark.parametrize("seed", SEEDS)
def test_days_between(seed: int) -> None:
    """Two lessons of art not on consecutive days, nor both on one day: days 1 and 3."""
    given = [course("美术", "甲", "林", 2), course("语文", "甲", "王", 6)]
    found = timetable(school(given, need(K.DAYS_BETWEEN, 2, subjects=("美术",))), seed)
    assert {day for day, _ in slots(found.lessons, "美术")} == {1, 3}


@pytest.mark.parametrize("seed", SEEDS)
def test_days_between_for_more_lessons_than_such_days(seed: int) -> None:
    """Four lessons of art: two of the three days are far enough apart, so there are two on each."""
    given = [course("美术", "甲", "林", 4), course("语文", "甲", "王", 4)]
    found = timetable(school(given, need(K.DAYS_BETWEEN, 2, subjects=("美术",))), seed)
    assert sorted(day for day, _ in slots(found.lessons, "美术")) == [1, 1, 3, 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_not_after(seed: int) -> None:
    """In a full class no maths right after PE within a half-day; after lunch it may."""
    found = timetable(school(FULL, need(K.NOT_AFTER, subjects=("数学",), other=Selector(subjects=("体育",)))), seed)
    pe = set(slots(found.lessons, "体育"))
    assert not [(d, p) for d, p in slots(found.lessons, "数学") if p in (2, 4) and (d, p - 1) in pe]


@pytest.mark.parametrize("seed", SEEDS)
def test_not_next_to(seed: int) -> None:
    """PE and maths share no half-day of this school, in either order."""
    found = timetable(school(FULL, need(K.NOT_NEXT_TO, subjects=("数学",), other=Selector(subjects=("体育",)))), seed)
    pe = set(slots(found.lessons, "体育"))
    maths = slots(found.lessons, "数学")
    assert not [(d, p) for d, p in maths if (p in (2, 4) and (d, p - 1) in pe) or (p in (1, 3) and (d, p + 1) in pe)]


@pytest.mark.parametrize("seed", SEEDS)
def test_common_free_in_one_of_several_blocks(seed: int) -> None:
    """The maths group has two free periods in a row together on day 1 or day 2 afternoon."""
    given = [course("数学", c, t, 8) for c, t in (("甲", "李"), ("乙", "郑"))]
    line = need(K.COMMON_FREE, 2, on((1, 3), (1, 4), (2, 3), (2, 4)), groups=("数学组",))
    found = timetable(school(given, line, groups={"李": "数学组", "郑": "数学组"}), seed)
    busy = {(x.day, x.period) for x in found.lessons}
    assert any(not busy & {(day, 3), (day, 4)} for day in (1, 2))


def test_common_free_in_all_slots() -> None:
    """Without a count all named periods are free."""
    line = need(K.COMMON_FREE, None, on((2, 1), (2, 2)), teachers=("李",))
    found = timetable(school([course("数学", "甲", "李", 8)], line))
    assert not {(x.day, x.period) for x in found.lessons} & {(2, 1), (2, 2)}


@pytest.mark.parametrize("seed", SEEDS)
def test_teacher_lessons_a_day(seed: int) -> None:
    """Six lessons, at most two a day: two on every day."""
    found = timetable(school([course("数学", c, "李", 3) for c in "甲乙"], need(K.TEACHER_MAX_DAY, 2, teachers=("李",))), seed)
    assert [sum(x.day == d for x in found.by_teacher["李"]) for d in (1, 2, 3)] == [2, 2, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_teacher_lessons_in_a_row(seed: int) -> None:
    """At most one in a row: never both periods of a half-day; six half-days for six lessons."""
    found = timetable(school([course("数学", c, "李", 3) for c in "甲乙"], need(K.TEACHER_MAX_ROW, 1, teachers=("李",))), seed)
    half_days = {(x.day, x.period > 2) for x in found.by_teacher["李"]}
    assert len(half_days) == 6


@pytest.mark.parametrize("seed", SEEDS)
def test_teacher_days_a_week(seed: int) -> None:
    """Eight lessons on two days: both full."""
    given = school([course("数学", c, "李", 4) for c in "甲乙"], need(K.TEACHER_MAX_DAYS, 2, teachers=("李",)))
    assert len({x.day for x in timetable(given, seed).by_teacher["李"]}) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_teacher_free_half_days(seed: int) -> None:
    """Eight lessons and two free half-days: exactly four half-days, all full."""
    given = school([course("数学", c, "李", 4) for c in "甲乙"], need(K.TEACHER_FREE_HALF_DAYS, 2, teachers=("李",)))
    assert len({(x.day, x.period > 2) for x in timetable(given, seed).by_teacher["李"]}) == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_teacher_idle_periods(seed: int) -> None:
    """No idle period in the week: the lessons of each day stand together."""
    given = school([course("数学", c, "李", 4) for c in "甲乙"], need(K.TEACHER_MAX_IDLE, 0, teachers=("李",)))
    found = timetable(given, seed).by_teacher["李"]
    for day in (1, 2, 3):
        periods = sorted(x.period for x in found if x.day == day)
        assert not periods or periods == list(range(periods[0], periods[-1] + 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_fair_share_of_last_periods(seed: int) -> None:
    """Two teachers of three lessons each with 3 last periods: a fair share is 0.75, rounded up to 1 each."""
    given = [course("数学", "甲", "李", 3), course("语文", "甲", "王", 3)]
    last = on((1, 4), (2, 4), (3, 4))
    found = timetable(school(given, need(K.FAIR_TIMES, at=last, teachers=("李", "王"))), seed)
    assert all(sum(x.period == 4 for x in found.by_teacher[t]) <= 1 for t in ("李", "王"))


@pytest.mark.parametrize("seed", SEEDS)
def test_parallel_classes_in_step(seed: int) -> None:
    """Maths of two classes with one teacher: after each day never more than one lesson apart."""
    given = school(
        [course("数学", c, "李", 6) for c in "甲乙"], need(K.IN_STEP, 1, teachers=("李",)), need(K.MAX_PER_DAY, 4, subjects=("数学",))
    )
    found = timetable(given, seed)
    for day in (1, 2, 3):
        done = [sum(x.day <= day for x in found.by_class[c]) for c in "甲乙"]
        assert abs(done[0] - done[1]) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_home_teacher_has_first_lessons(seed: int) -> None:
    """The home teacher has at least two of the class's three first lessons."""
    home = (SchoolClass("甲", 3, 1, home_teacher="王"),)
    line = need(K.HOME_TEACHER, 2, on((1, 1), (2, 1), (3, 1)), classes=("甲",))
    found = timetable(school(FULL, line, classes=home), seed)
    assert sum(x.period == 1 for x in found.by_teacher["王"]) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_mentor_can_sit_in(seed: int) -> None:
    """Mentor and novice teach six of twelve periods each; the mentor is free in at least four of the novice's."""
    given = [course("数学", "甲", "新", 6), course("数学", "乙", "师", 6)]
    limit = need(K.MAX_PER_DAY, 4, subjects=("数学",))
    found = timetable(school(given, limit, need(K.MENTOR, 4, teachers=("新",), other=Selector(teachers=("师",)))), seed)
    taught = {t: {x.slot for x in found.by_teacher[t]} for t in ("新", "师")}
    assert len(taught["新"] - taught["师"]) >= 4


def test_fixed_school_event_takes_classes_and_teachers() -> None:
    """Flag raising in Monday's first period: classes and the named teacher have nothing else then."""
    event = Requirement(K.EVENT, Selector(grades=(3,), teachers=("王",)), on((1, 1)), text="升旗")
    found = timetable(school([course("语文", "甲", "王", 4), course("语文", "乙", "李", 4)], event))
    first = [x for x in found.lessons if x.slot == Slot(1, 1)]
    assert [(x.label, x.kind, x.classes, x.teachers) for x in first] == [("升旗", "event", ("甲", "乙"), ("王",))]


def test_staff_meeting_takes_teachers_only() -> None:
    """All named teachers are free of lessons in the meeting; the class may be taught by others."""
    event = Requirement(K.EVENT, Selector(teachers=("王", "李")), on((2, 4)), text="会议")
    found = timetable(school([*FULL[:2], course("体育", "甲", "张", 4)], event))
    assert [x.teachers for x in found.lessons if x.slot == Slot(2, 4) and x.kind == "lesson"] == [("张",)]


def test_optional_block_mixes_classes() -> None:
    """Three optional courses of two classes form one block: three teachers at once, both classes in it."""
    block = [course(s, c, t, 2, block="走班一") for s, c, t in (("物理", "甲", "张"), ("历史", "甲", "刘"), ("地理", "乙", "陈"))]
    found = timetable(school([*block, course("语文", "甲", "王", 8), course("语文", "乙", "李", 8)]))
    times = {s: {x.slot for x in found.lessons if x.subject == s} for s in ("物理", "历史", "地理")}
    assert times["物理"] == times["历史"] == times["地理"]
    assert all(x.block == "走班一" for x in found.lessons if x.subject == "物理")


def test_several_teachers_in_a_lesson() -> None:
    """A lesson with two teachers keeps both from any other lesson."""
    pair = course("劳动", "甲", "王", 2)
    pair = type(pair)(pair.id, pair.subject, pair.classes, ("王", "李"), pair.periods)
    found = timetable(school([pair, course("语文", "乙", "王", 5), course("数学", "乙", "李", 5)]))
    together = {x.slot for x in found.lessons if x.subject == "劳动"}
    assert all(x.slot not in together for x in found.lessons if x.subject != "劳动")


def test_grades_with_different_bells_share_a_teacher() -> None:
    """The junior bells run 20 minutes later: a teacher of both is never in two lessons that overlap by the clock."""
    from dataclasses import replace

    given = school(
        [course("体育", "三", "张", 6), course("体育", "七", "张", 6)],
        need(K.MAX_PER_DAY, 4, subjects=("体育",)),
        classes=(SchoolClass("三", 3), SchoolClass("七", 7)),
    )
    given = replace(given, bells=(replace(bells(), grades=(3,)), replace(bells(start=520), name="junior", grades=(7,))))
    lessons = timetable(given).by_teacher["张"]
    assert len(lessons) == 12
    for a in lessons:
        for b in lessons:
            if a is not b and a.day == b.day:
                assert a.start is not None
                assert b.start is not None
                assert a.end is not None
                assert b.end is not None
                assert a.end <= b.start or b.end <= a.start
