"""Minimal conflicts in schools of two classes, known beforehand; every reported one is minimal by a second way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constraints.base import evaluate
from instances.school import Slot
from instances.timetable import TimetableView
from scheduler.explaining.conflict import Examiner, find_conflicts, quickxplain
from scheduler.solving.feasible import Found, feasible
from scheduler.solving.stopping import Deadline
from tests.explaining.schools import ONE, TWO, K, more_lessons, row, school, slots, submodels


def conflicts(plan):
    parts = submodels(plan)
    return parts, find_conflicts(Examiner(parts, Deadline(40)))


def rows_of(conflict):
    return {group.requirement.text for group in conflict.groups if group.requirement is not None}


@given(st.sets(st.sets(st.integers(0, 7), min_size=1, max_size=4).map(frozenset), min_size=1, max_size=4))
def test_quickxplain_returns_a_minimal_conflict(planted):
    """Against a set of planted conflicts: the answer holds one of them, and nothing can be left out."""

    def impossible(active):
        return any({str(i) for i in conflict} <= active for conflict in planted)

    everything = [str(i) for i in range(8)]
    found = set(quickxplain(impossible, everything)) if impossible(frozenset(everything)) else None
    assert found is not None
    assert impossible(frozenset(found))
    assert not any(impossible(frozenset(found - {one})) for one in found)


def test_a_plan_that_works_has_no_conflict_but_a_timetable():
    parts, found = conflicts(school())
    assert found.conflicts == ()
    assert found.rest.found is Found.TIMETABLE
    _, violations = evaluate(parts.problem, TimetableView(parts.problem, found.rest.timetable))
    assert not [v for v in violations if v.constraint.required]


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ([row(K.SAME_TIME, "同上数学", subjects=("数学",))], {"同上数学"}),
        ([row(K.MIN_PER_DAY, "每天英语", count=1, subjects=("英语",))], {"每天英语"}),
        ([row(K.COMMON_FREE, "周五教研", Slot(5, 6), count=1, teachers=("林一鸣",))], {"周五教研", "班会在周五最后一节"}),
        ([row(K.FIXED, "美术固定", Slot(1, 1), subjects=("美术",))], {"美术固定"}),
        (
            [
                row(K.FIXED, "音乐固定", Slot(2, 2), classes=(ONE,), subjects=("音乐",)),
                row(K.FORBIDDEN, "外出", Slot(2, 2), teachers=("叶青",)),
            ],
            {"音乐固定", "外出"},
        ),
    ],
)
def test_the_planted_rows_are_the_conflict(rows, texts):
    """The rows that were planted are named, and no other row."""
    _, found = conflicts(school(*rows))
    assert rows_of(found.conflicts[0]) == texts
    assert found.conflicts[0].minimal
    assert found.conflicts[0].confirmed


def test_two_conflicts_are_both_found():
    plan = school(
        row(K.SAME_TIME, "同上英语", subjects=("英语",)),
        row(K.TEACHER_MAX_DAYS, "一天", count=1, teachers=("高远",)),
    )
    _, found = conflicts(plan)
    assert {text for conflict in found.conflicts for text in rows_of(conflict)} == {"同上英语", "一天"}
    assert found.rest.found is Found.TIMETABLE


@pytest.mark.parametrize(
    "plan",
    [
        more_lessons(school(), "音乐", 6),
        school(row(K.FORBIDDEN, "停课", *slots((1,), (1, 2)), classes=(TWO,))),
        school(row(K.FORBIDDEN, "机房", *slots(range(1, 5), range(1, 7)), *slots((5,), range(2, 7)), rooms=("微机室",))),
    ],
    ids=["hours", "class", "room"],
)
def test_no_group_can_be_dropped(plan):
    """Without any one group there is a timetable, which the independent checks accept; with all of them there is none."""
    parts, found = conflicts(plan)
    assert found.conflicts
    for conflict in found.conflicts:
        assert feasible(parts.restricted(conflict.ids), Deadline(20), 20, presolve=False).found is Found.NONE
        for key in conflict.ids:
            problem = parts.restricted(conflict.ids - {key})
            answer = feasible(problem, Deadline(20), 20, show=True)
            assert answer.timetable is not None
            _, violations = evaluate(problem, TimetableView(problem, answer.timetable))
            assert not [v for v in violations if v.constraint.required]


def test_fewer_groups_never_ask_for_more():
    """A timetable of the whole plan satisfies the sub-problem of any part of its groups' rows."""
    parts = submodels(school())
    for key in sorted(parts.everything):
        assert feasible(parts.restricted(parts.everything - {key}), Deadline(20), 20).found is Found.TIMETABLE
