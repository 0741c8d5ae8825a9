"""Covers keep what the plan requires of a week: every week they touch, odd, even or made up, is judged like the posted timetable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.base import evaluate
from instances.lessons import SchoolTimetable
from instances.school import Requirement, RequirementKind, School, Selector, Slot, Weeks
from instances.timetable import TimetableView
from scheduler.calendar.school_calendar import SchoolCalendar
from scheduler.compiling.compile import compile_school
from scheduler.compiling.placing_back import place_back
from scheduler.covering.cover import cover
from scheduler.covering.diary import Diary
from scheduler.covering.private import lesson_at, swapped, verdict
from scheduler.covering.rules import SELF_STUDY, Absence
from scheduler.covering.weekly import OVER_WEEKS
from tests.compiling import small_school
from tests.replanning.living_school import plan

MONDAY = date(2026, 9, 7)
HOLIDAY, MAKEUP = date(2026, 9, 16), date(2026, 9, 19)
CALENDAR = SchoolCalendar(date(2026, 9, 1), date(2026, 12, 31), frozenset({HOLIDAY}), {MAKEUP: (3, HOLIDAY)})
PEOPLE = ("林一", "周二", "高三", "何四", "叶五")


def of(*subjects: str) -> Selector:
    return Selector(subjects=subjects)


PE_NOT_FIRST = Requirement(RequirementKind.FORBIDDEN, of("体育"), tuple(Slot(day, 1) for day in (1, 2, 3)), text="体育不排第1节")
MATHS_NOT_AFTER_PE = Requirement(RequirementKind.NOT_AFTER, of("数学"), other=of("体育"), text="数学不紧跟体育")
CHINESE_DAILY = Requirement(RequirementKind.MIN_PER_DAY, of("语文"), count=1, text="语文每天至少1节")
MATHS_ONCE = Requirement(RequirementKind.MAX_PER_DAY, of("数学"), count=1, text="数学每天最多1节")
SHORT_DAYS = Requirement(RequirementKind.TEACHER_MAX_DAY, Selector(teachers=("叶五",)), count=2, text="叶五每天最多2节")
ALL = (PE_NOT_FIRST, MATHS_NOT_AFTER_PE, CHINESE_DAILY, MATHS_ONCE, SHORT_DAYS)


@cache
def strict() -> tuple[School, SchoolTimetable]:
    """The school with all requirements, and a legal timetable in which music and the class meeting take turns in odd and even weeks."""
    school = plan(*ALL)
    made = small_school.timetable(school)
    turns = {"音乐": Weeks.ODD, "班会": Weeks.EVEN}
    return school, SchoolTimetable(tuple(replace(x, weeks=turns.get(x.subject, x.weeks)) for x in made.lessons))


def diary() -> Diary:
    school, timetable = strict()
    return Diary(school, timetable, CALENDAR)


def wrong(found: Diary, monday: date) -> set[tuple[str, str]]:
    """What the checker finds in a week, read anew as a whole; who teaches is looked at elsewhere."""
    compiled = compile_school(strict()[0])
    days = list(CALENDAR.dates(monday, monday + timedelta(days=6)))
    lessons = tuple(replace(x, weeks=Weeks.EVERY) for d in days for x in found.on(d))
    view = TimetableView(compiled.problem, place_back(compiled, SchoolTimetable(lessons)).timetable)
    violations = evaluate(compiled.problem, view)[1]
    kept = [v for v in violations if v.constraint.required and v.constraint.kind not in OVER_WEEKS]
    return {(v.constraint.label(), str(v.point)) for v in kept if v.constraint.label() != SHORT_DAYS.text}


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=3), st.integers(0, 20), st.integers(0, 4))
def test_every_week_stays_as_legal_as_it_was(names: set[str], offset: int, days: int) -> None:
    """Whoever is away, whenever: forbidden periods, order of subjects, daily least and most, and the lessons a day of each teacher."""
    first = MONDAY + timedelta(days=offset)
    before = diary()
    result = cover(before, [Absence(name, first, first + timedelta(days=days)) for name in sorted(names)], others=2)
    after = result.after()
    touched = {d for c in result.changes for d in (c.before.date, c.after.date)}
    for monday in {d - timedelta(days=d.weekday()) for d in touched}:
        assert wrong(after, monday) <= wrong(before, monday)
    for day in touched:
        own = [x for x in after.on(day) if "叶五" in x.teachers and x.subject != SELF_STUDY]
        assert len(own) <= max(2, sum("叶五" in x.teachers for x in before.on(day)))
    for options in result.others.values():
        for option in options:
            alone = before.with_changes(option.changes)
            for monday in {c.after.date - timedelta(days=c.after.date.weekday()) for c in option.changes}:
                assert wrong(alone, monday) <= wrong(before, monday)


def test_a_private_swap_that_brings_pe_into_the_first_period_is_found_out() -> None:
    """The first lesson of a day against PE of the same class: the plan forbids it, and the verdict names the line of the plan."""
    before = diary()
    pe = next((d, x) for d in CALENDAR.dates(MONDAY, MONDAY + timedelta(days=2)) for x in before.on(d) if x.subject == "体育")
    class_name = pe[1].classes[0]
    first = lesson_at(before, class_name, pe[0], 1)
    found = verdict(before, swapped(first, lesson_at(before, class_name, pe[0], pe[1].period)))
    assert any("体育不排第1节" in str(fault.text) for fault in found)


@pytest.mark.parametrize("day", [MONDAY, MONDAY + timedelta(days=7), MAKEUP, HOLIDAY])
def test_only_lessons_of_the_date_are_covered(day: date) -> None:
    """Odd week, even week, a Saturday that makes up a Wednesday, a holiday: just what is taught on the date is covered."""
    before = diary()
    names = ["林一", "叶五"]
    result = cover(before, [Absence(name, day, day) for name in names])
    targets = [option.target for option in result.chosen] + [target for target, _ in result.uncovered]
    assert sorted(t.lesson.period for t in targets) == sorted(x.period for x in before.on(day) if set(x.teachers) & set(names))
    week = Weeks.ODD if CALENDAR.week_of(HOLIDAY if day == MAKEUP else day) % 2 else Weeks.EVEN
    assert all(t.lesson.weeks in (Weeks.EVERY, week) for t in targets)
    assert bool(targets) == (day != HOLIDAY and any(set(x.teachers) & set(names) for x in before.on(day)))


def test_where_every_cover_breaks_the_plan_the_requirement_is_named() -> None:
    """Nobody else can teach 语文 of the class that day, and the plan wants it daily: the reason names that line, not the solver."""
    before = diary()
    result = cover(before, [Absence(name, MONDAY, MONDAY) for name in PEOPLE])
    assert result.chosen == ()
    assert {str(why).split(":")[0] for _t, why in result.uncovered} == {"proved impossible"}
    one = cover(before, [Absence("林一", MONDAY, MONDAY + timedelta(days=20))])
    assert any("语文每天至少1节" in str(why) for _t, why in one.uncovered)
