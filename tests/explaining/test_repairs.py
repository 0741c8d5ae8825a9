"""Repairs: each one truly works, none is for nothing, the cheap ones come first."""

import json
from itertools import pairwise

import pytest
from openpyxl import load_workbook

from constraints.base import evaluate
from instances.language import in_language
from instances.school import School
from instances.timetable import TimetableView
from scheduler.compiling.compile import compile_school
from scheduler.explaining.changes import Setting, bell_changes, changes_of
from scheduler.explaining.choices import examined
from scheduler.explaining.explain import explain
from scheduler.explaining.groups import GroupKind
from scheduler.explaining.report import as_json, lines_of
from scheduler.explaining.sheet import write_explanation
from scheduler.rulesets import open_ruleset
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from scheduler.writing.json_report import json_text
from tests.explaining.schools import K, more_lessons, row, school, setting, slots

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


def test_a_full_class_may_have_a_period_more():
    """34 lessons in 30 periods: the bells of the class are among the repairs, or at least among what is tried, and one period is added."""
    plan = more_lessons(school(), "音乐", 3)
    _, parts = examined(Setting(plan, ()))
    courses = [group for group in parts.groups.by_id.values() if group.kind is GroupKind.HOURS]
    changes = list(bell_changes(courses, setting(plan)))
    assert changes
    longer = changes[0].edit(setting(plan)).plan
    before, after = (sum(len(bell.lessons(day)) for bell in p.bells for day in bell.days) for p in (plan, longer))
    assert after == before + 1
    assert all(a.end <= b.start for bell in longer.bells for day in bell.days for a, b in pairwise(bell.periods(day)))
    assert compile_school(longer).problem.times != compile_school(plan).problem.times


def test_a_row_of_the_plan_takes_the_place_of_the_default():
    """Maths at most twice a day by default; where the plan says three times a day, that holds alone, and for maths only."""
    limited = school(row(K.MAX_PER_DAY, "数学每天最多3节", count=3, subjects=("数学",)))
    problem = compile_school(limited).problem
    limits = {
        subject: [
            c.maximum
            for c in problem.constraints
            if c.required
            and c.kind == "limit_lessons"
            and c.maximum > 0
            and f"三年级1班 {subject}" in map(problem.group_name, c.event_groups)
        ]
        for subject in ("数学", "英语")
    }
    assert limits == {"数学": [3], "英语": [2]}


def test_one_change_is_found_where_one_course_is_behind_all_conflicts():
    """Music up from 2 to 6 lessons in a full week: one course shortened by 4, not four changes."""
    found = explain(more_lessons(school(), "音乐", 6), (), 60, workers=2, repairs=1)
    assert len(found.repairs[0].changes) == 1


def test_rules_that_gave_way_are_explained():
    """A complete timetable without what a rule asked comes with the conflict between the rule and the plan."""
    rules = (open_ruleset("national"),)
    plan = school(row(K.FORBIDDEN, "周一操场维修", *slots((1,), range(1, 10)), classes=("三年级1班",), subjects=("体育", "体育活动")))
    outcome = make_timetable(plan, SolveOptions(time_limit=15, workers=2), rulesets=rules)
    assert outcome.gave_way
    assert outcome.timetable is not None
    assert not outcome.timetable.unplaced
    assert outcome.explanation is not None
    assert outcome.explanation.rules_gave_way
    assert any(group.kind is GroupKind.RULE for conflict in outcome.explanation.conflicts for group in conflict.groups)


def test_links_of_the_sheet_lead_into_the_plan(tmp_path):
    """The cell is linked by a path relative to the workbook, with forward slashes."""
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "plan.xlsx").write_bytes(b"")
    found = explain(school(SAME), (), 30, workers=2, repairs=1)
    write_explanation(found, tmp_path / "why.xlsx", inputs=[folder / "plan.xlsx"])
    sheet = load_workbook(tmp_path / "why.xlsx").worksheets[0]
    links = [cell.hyperlink for line in sheet.iter_rows() for cell in line if cell.hyperlink]
    assert {link.target for link in links} == {"plans/plan.xlsx"}
    assert "'排课要求'!A2" in {link.location for link in links}


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
    told = json.loads(json_text(outcome))["explanation"]
    assert told["proved"]
    assert len(told["conflicts"]) == len(outcome.explanation.conflicts)
    assert sum(line["missing"] for line in told["unplaced"]) == missing


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
