"""Repairs: each one truly works, none is for nothing, the cheap ones come first."""

import pytest

from constraints.base import evaluate
from instances.language import in_language
from instances.school import School
from instances.timetable import TimetableView
from scheduler.compiling.compile import compile_school
from scheduler.explaining.changes import Setting, changes_of
from scheduler.explaining.explain import explain
from scheduler.explaining.relax import examined
from scheduler.explaining.report import as_json, lines_of
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from tests.explaining.schools import K, row, school, setting, slots

SAME = row(K.SAME_TIME, "同上英语", subjects=("英语",))
FEW = row(K.TEACHER_MAX_DAYS, "一天", count=1, teachers=("高远",))
CLOSED = row(K.FORBIDDEN, "停课", *slots((1,), (1,)), classes=("三年级1班",))


def edited(plan: School, changes) -> School:
    made = setting(plan)
    for change in changes:
        made = change.edit(made)
    return made.plan


@pytest.mark.parametrize("rows", [(SAME,), (FEW,), (CLOSED,), (SAME, FEW)], ids=["same", "few", "closed", "both"])
def test_every_repair_works_and_no_change_is_for_nothing(rows):
    plan = school(*rows)
    found = explain(plan, (), 60, workers=2, repairs=3)
    assert found.proved
    assert found.repairs
    for repair in found.repairs:
        compiled = compile_school(edited(plan, repair.changes))
        _, violations = evaluate(compiled.problem, TimetableView(compiled.problem, repair.timetable))
        assert not [v for v in violations if v.constraint.required]
        for change in repair.changes:
            rest = explain(edited(plan, [c for c in repair.changes if c is not change]), (), 30, workers=2, repairs=0)
            assert rest.proved
    assert [r.price for r in found.repairs] == sorted(r.price for r in found.repairs)


def test_a_limit_is_raised_no_further_than_needed():
    """10 lessons of maths, 2 a day in each class, Tuesday morning closed: 3 days hold them, 2 do not."""
    found = explain(school(FEW), (), 60, workers=2, repairs=1)
    with in_language("en"):
        assert str(found.repairs[0].changes[0].sentence).endswith("at most 3 instead of 1")


def test_every_change_of_every_group_leaves_a_plan_that_compiles():
    plan = school(SAME, FEW, CLOSED, row(K.EVENT, "会", *slots((2,), (6,)), classes=("三年级1班",)))
    _, parts = examined(Setting(plan, ()))
    tried = 0
    for group in parts.groups.by_id.values():
        for change in changes_of(group, setting(plan), broken=slots((1,), (1,))):
            compile_school(change.edit(setting(plan)).plan)
            assert str(change.sentence)
            tried += 1
    assert tried > 60


def test_impossible_plan_yields_explanation_and_partial_timetable():
    """The main job on an impossible plan: proof, explanation, and nearly all lessons placed, legally."""
    outcome = make_timetable(school(SAME), SolveOptions(time_limit=12, workers=2), rulesets=())
    assert outcome.explanation is not None
    assert outcome.explanation.proved
    assert outcome.solution.cost.required > 0
    missing = sum(count for _, count in outcome.timetable.unplaced)
    assert missing == sum(blocked.missing for blocked in outcome.explanation.blocked)
    assert missing <= 6
    assert all(blocked.reasons for blocked in outcome.explanation.blocked)


def test_both_languages_and_json_tell_the_same():
    found = explain(school(SAME), (), 30, workers=2, repairs=1)
    for language, word in (("zh", "不能同时"), ("en", "cannot")):
        with in_language(language):
            text = "\n".join(str(line.text) for line in lines_of(found))
            assert word in text
            assert "同上英语" in text
    data = as_json(found)
    assert data["conflicts"][0]["groups"][0]["cells"] == [{"file": "plan.xlsx", "sheet": "排课要求", "cell": "A2"}]
    assert data["repairs"][0]["verified"] is True
