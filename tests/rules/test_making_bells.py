"""Bell schedules that are made: every rule set's rules are kept, by the rules' own checks and by arithmetic of our own."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.rule import Level
from constraints.ruleset import RuleSet, available_rulesets, load_ruleset
from constraints.verdict import Status
from instances.bells import BellSchedule, SectionKind
from instances.records import Record, Records
from scheduler.bells.judge import judge_bells, read_bell_file
from scheduler.bells.make import BellRequest, asked_of_bells, make_bells
from tests.rules.schools import minute, rule

PRIMARY, JUNIOR = (1, 2, 3, 4, 5, 6), (7, 8, 9)


def made(name: str | RuleSet, grades: tuple[int, ...] = PRIMARY, lessons: int = 6, **more: object) -> BellSchedule:
    ruleset = name if isinstance(name, RuleSet) else load_ruleset(name)
    bells = make_bells(ruleset, BellRequest(grades, lessons, **more))[0].bells  # type: ignore[arg-type]
    assert bells is not None
    return bells


def total(bells: BellSchedule, *kinds: SectionKind) -> int:
    return sum(section.minutes for section in bells.days[1] if section.kind in kinds)


@pytest.mark.parametrize("name", [name for name in available_rulesets() if name != "strictest"])
def test_every_rule_set_can_be_obeyed_by_bells(name: str) -> None:
    ruleset = load_ruleset(name)
    for grades, lessons in ((PRIMARY, 6), (JUNIOR, 7)):
        for one in make_bells(ruleset, BellRequest(grades, lessons)):
            assert one.bells is not None, [rule.id for rule in one.conflict]
            assert {v.status for v in one.verdicts} <= {Status.PASS, Status.NOT_APPLICABLE, Status.UNKNOWN, Status.WARNING, Status.NOTE}
            unknown = {v.rule.kind for v in one.verdicts if v.status is Status.UNKNOWN}
            assert unknown <= {"service_until_work_ends"}, unknown


def test_national_primary_day_by_hand() -> None:
    bells = made("national")
    day = bells.days[3]
    lessons = [s for s in day if s.kind is SectionKind.LESSON]
    assert [s.period for s in lessons] == [1, 2, 3, 4, 5, 6]
    assert {s.minutes for s in lessons} == {40}
    assert lessons[0].start >= minute("8:20")
    assert sum(s.start < bells.noon(3) for s in lessons) == 4
    assert next(s.minutes for s in day if s.kind is SectionKind.LONG_BREAK and s.start < bells.noon(3)) >= 25
    assert sum(s.kind is SectionKind.EYE_EXERCISE for s in day) >= 2
    assert total(bells, SectionKind.AFTER_SCHOOL) >= 120
    assert all(section.start % 5 == 0 and section.end % 5 == 0 for section in day)
    assert all(a.end <= b.start for a, b in itertools.pairwise(day))


def test_four_hours_of_classroom_time_and_six_give_different_days() -> None:
    """000/19: 4 h in class for primary pupils, 6 lessons of 40 minutes exactly; with 7 lessons it cannot hold."""
    assert total(made("000/19"), SectionKind.LESSON) <= 240
    six_hours = made("000/13", lessons=7)
    assert 240 < total(six_hours, SectionKind.LESSON) <= 360
    refused = make_bells(load_ruleset("000/19"), BellRequest(PRIMARY, 7, length=40))[0]
    assert refused.bells is None
    assert [r.id for r in refused.conflict] == ["cap-classroom-primary"]


def test_an_eight_twenty_and_an_eight_thirty_start() -> None:
    starts = {name: made(name).lessons(1)[0].start for name in ("002/R22b", "004/P3")}
    assert starts["002/R22b"] >= minute("8:20")
    assert starts["004/P3"] >= minute("8:30")


def test_seasonal_bells_are_made_in_two_variants() -> None:
    summer, winter = (one.bells for one in make_bells(load_ruleset("000/15"), BellRequest(PRIMARY, 6, season="both")))
    assert summer is not None
    assert winter is not None
    assert (summer.season, winter.season) == ("summer", "winter")
    noon = [bells.lessons(1)[4].start - bells.lessons(1)[3].end for bells in (summer, winter)]
    assert noon[0] >= 150 > noon[1]
    both = (summer, winter)
    assert {v.status for v in judge_bells(load_ruleset("000/15"), both) if v.rule.kind == "seasonal_bells"} == {Status.PASS}
    assert {v.status for v in judge_bells(load_ruleset("000/15"), both[:1]) if v.rule.kind == "seasonal_bells"} == {Status.FAIL}


def test_each_stage_has_its_own_bells() -> None:
    primary, junior = (one.bells for one in make_bells(load_ruleset("national"), BellRequest((1, 6, 7, 9), 6)))
    assert primary is not None
    assert junior is not None
    assert {s.minutes for s in primary.lessons(1)} == {40}
    assert {s.minutes for s in junior.lessons(1)} == {45}


def test_a_meeting_stands_on_the_days_of_the_event() -> None:
    bells = made("002/R01", JUNIOR, 7)
    days = {day for day, sections in bells.days.items() if any("升旗" in s.name for s in sections)}
    assert days == {1}


def test_the_mountain_school_may_begin_earlier() -> None:
    stated = Records((Record("mountain_school", True),))
    ruleset = load_ruleset("002/R03")
    assert made(ruleset).lessons(1)[4].start >= minute("14:00")
    assert made(ruleset, records=stated).lessons(1)[4].start < minute("14:00")


def test_what_cannot_stand_together_is_named_and_nothing_else() -> None:
    """School over by 11:00 with a first lesson at 9:00 and four lessons of 45 minutes: any two of the three could hold."""
    rules = (
        rule("section_times", sections=["lesson"], not_before="9:00"),
        rule("section_times", sections=["dismissal"], which="last", edge="end", not_after="13:30"),
        rule("lesson_length", minutes=[45]),
        rule("sections_per_day", sections=["eye_exercise"], at_least=1),
    )
    from dataclasses import replace

    named = tuple(replace(r, id=f"r{i}") for i, r in enumerate(rules))
    ruleset = RuleSet("x", {"zh": "x"}, named)
    one = make_bells(ruleset, BellRequest(PRIMARY, 4))[0]
    assert one.bells is None
    assert [r.id for r in one.conflict] == ["r0", "r1", "r2"]
    for spared in ("r0", "r1", "r2"):
        left = RuleSet("x", {"zh": "x"}, tuple(r for r in named if r.id != spared))
        assert make_bells(left, BellRequest(PRIMARY, 4))[0].bells is not None


def test_bells_survive_the_workbook(tmp_path: Path) -> None:
    from instances.school import School
    from scheduler.writing.plan import write_plan

    bells = made("national")
    path = tmp_path / "bells.xlsx"
    write_plan(School("", (), (), (), (bells,)), path)
    (read,), _ = read_bell_file(path)
    shape = [(s.kind, s.start, s.end, s.period) for s in bells.days[2]]
    assert [(s.kind, s.start, s.end, s.period) for s in read.days[2]] == shape


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from([name for name in available_rulesets() if name[0] == "0"]), max_size=4), st.integers(5, 7))
def test_made_bells_keep_any_mixture_of_rules_or_the_conflict_is_real(names: set[str], lessons: int) -> None:
    """Union of the rules of several sets: either bells that no binding rule finds broken, or a conflict that is minimal."""
    rules = {f"{name}/{r.id}": r for name in sorted(names) for r in asked_of_bells(load_ruleset(name), PRIMARY)}
    from dataclasses import replace

    ruleset = RuleSet("mixed", {"zh": "mixed"}, tuple(replace(r, id=id) for id, r in rules.items()))
    one = make_bells(ruleset, BellRequest(PRIMARY, lessons))[0]
    if one.bells is not None:
        found = judge_bells(ruleset, (one.bells,), PRIMARY)
        assert not [v.rule.id for v in found if v.status is Status.FAIL and v.rule.kind != "seasonal_bells"]
    else:
        assert one.conflict
        assert all(r.level is Level.MUST for r in one.conflict)
        fewer = RuleSet("fewer", {"zh": "fewer"}, one.conflict[1:])
        assert make_bells(fewer, BellRequest(PRIMARY, lessons))[0].bells is not None
