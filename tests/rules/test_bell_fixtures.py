"""What every rule set says of the eleven bell schedules of the documents, worked out by hand.

The table names, for each schedule, all rules that it breaks and all clock rules that it keeps; the reasons stand beside it. Whatever is
not in the table must be "not judged" or "not applicable": the documents give a few times only.
"""

from __future__ import annotations

import pytest

from constraints.case import Case
from constraints.judging import judge_rule
from constraints.kind import Family
from constraints.kinds import KIND_OF
from constraints.ruleset import available_rulesets, load_ruleset
from constraints.verdict import Status
from instances.bell_fixtures import bell_fixtures
from instances.bells import SectionKind
from instances.school import School, SchoolClass

SETS = {name.split("-", 2)[0] + "/" + name.split("-", 2)[1]: name for name in available_rulesets() if name[0] == "0"}
NATIONAL_AND_PROVINCES = ("national", "beijing", "guangdong", "hunan", "liaoning", "shaanxi", "shandong")
BROKEN = {Status.FAIL, Status.WARNING, Status.NOTE}


def every(rule: str) -> set[str]:
    return {f"{name}:{rule}" for name in NATIONAL_AND_PROVINCES}


PRESENCE = {"000/09:cap-presence", "000/11:cap-presence", "002/r05b:cap-presence", "002/r06a:cap-presence"}
BREAKS: dict[str, set[str]] = {
    # Leaves 16:20: later than 16:10 and 15:10. Morning until 11:50, later than 11:30. 8 h 05 less noon 2 h 40 = 5 h 25, within 6 h.
    "b01-huancheng": {"000/16:dismissal", "002/r04:dismissal", "000/24:noon-dismissal", "002/r04:noon-dismissal"},
    # Lessons from 8:00: before 8:20 and 8:30. Leaves 17:30. Lessons of 40 minutes are not the 45 of a slogan.
    "b02-wenhua": {
        *every("first-lesson-primary"), "000/02:first-lesson-primary", "002/r03:first-lesson-primary", "004/p3:first-lesson-primary",
        "002/r22b:first-lesson", "000/09:dismissal", "000/16:dismissal", "002/r04:dismissal", "000/16:lesson-length", "003/1:lesson-length",
    },
    "b03-lixin": {
        *every("first-lesson-primary"), "000/02:first-lesson-primary", "002/r03:first-lesson-primary", "004/p3:first-lesson-primary",
        "002/r22b:first-lesson", "000/16:lesson-length", "003/1:lesson-length",
    },
    "b04-shanxian": set(),  # leaves 15:10, the earliest of all limits
    # 7:40 is before 8:15 and 7:45; 13:10 is before 14:30, after 12:50.
    "b05-elastic-arrival": {"000/09:arrival", "000/17:arrival", "000/09:arrival-afternoon"},
    "b06-jieyang": {"000/09:arrival"},  # 7:45 is before 8:15, after 7:30 and 7:40
    "b07-town-primary": {"000/14:first-lesson-at", "000/24:first-lesson-at", "000/24:afternoon-lesson-at"},  # 8:30 and 14:00
    "b07-town-junior": set(),  # 8:00 and 14:00 are what junior rules ask
    "b08-care": set(),
    "b09-double-reduction": set(),
    # Tuesday to Friday early self-study, Monday to Thursday evening self-study: against all bans of either.
    "b10-service-week": {
        *every("no-evening-primary"), "002/r08b:no-evening-primary-junior", "000/02:no-early-self-study-primary-junior",
        "000/19:no-early-self-study-primary-junior", "002/r04:no-early-self-study", "002/r22b:no-early-self-study",
        "003/2:no-early-self-study", "004/p3:no-early-self-study-primary-junior",
    },
    # 7:30 to 16:10 less 11:30 to 13:20 = 520 - 110 = 410 minutes, over 6 h; 7:30 is before 7:40, 7:45, 8:15; 13:20 before 14:30.
    "b11-county-first": {
        *PRESENCE, "000/09:arrival", "000/10:arrival", "000/17:arrival", "000/09:arrival-afternoon", "000/16:dismissal",
    },
    # 7:30 to 15:10 less 11:30 to 12:50 = 460 - 80 = 380 minutes; back at 12:50, before 13:10 and 14:30.
    "b11-county-second": {
        *PRESENCE, "000/09:arrival", "000/10:arrival", "000/17:arrival", "000/09:arrival-afternoon", "000/10:arrival-afternoon",
    },
}  # fmt: skip
OWN_RULES_KEPT = {
    "b01-huancheng": {"000/09:cap-presence", "000/09:arrival", "000/09:noon-dismissal", "000/09:arrival-afternoon", "000/09:dismissal"},
    "b02-wenhua": {
        "000/24:lesson-length",
        "000/24:first-lesson-at",
        "000/24:noon-dismissal",
        "000/24:afternoon-lesson-at",
        "000/24:dismissal",
        "000/02:afternoon-lesson-primary-junior",
    },
    "b03-lixin": {"000/14:lesson-length", "000/14:first-lesson-at", "000/14:club-hour"},
    "b04-shanxian": {"000/16:dismissal"},
    "b05-elastic-arrival": {"000/10:arrival", "000/10:arrival-afternoon"},
    "b06-jieyang": {"000/17:arrival"},
    "b07-town-primary": {"000/02:first-lesson-primary", "000/02:afternoon-lesson-primary-junior", *every("first-lesson-primary")},
    "b07-town-junior": {"000/02:first-lesson-junior", "002/r09b:no-class-before", *every("first-lesson-secondary")},
    "b08-care": {"001/1:service-end", "001/5:service-days"},
    "b09-double-reduction": {"000/23:service-end", "001/5:service-days"},
    "b10-service-week": {"001/5:noon-service"},
    "b11-county-first": {"002/r04:arrival", "002/r04:noon-dismissal", "002/r04:arrival-afternoon", "002/r04:dismissal"},
    "b11-county-second": {
        "002/r04:arrival",
        "002/r04:noon-dismissal",
        "002/r04:arrival-afternoon",
        "002/r04:dismissal",
        "000/16:dismissal",
    },
}


def verdicts_on(id: str) -> dict[str, set[Status]]:
    bell = bell_fixtures()[id]
    grades = bell.grades or (1, 7)
    school = School("s", tuple(SchoolClass(str(grade), grade) for grade in grades), (), (), (bell,))
    found: dict[str, set[Status]] = {}
    for short, name in [*SETS.items(), *((name, name) for name in NATIONAL_AND_PROVINCES)]:
        for rule in load_ruleset(name).rules:
            if KIND_OF[rule.kind].family is Family.BELL:
                found[f"{short}:{rule.id}"] = {verdict.status for verdict in judge_rule(rule, Case(school))}
    return found


def test_eleven_schedules_ship() -> None:
    assert len({id[:3] for id in bell_fixtures()}) == 11
    assert set(bell_fixtures()) == set(BREAKS)
    assert all(bell.partial for bell in bell_fixtures().values())


def test_the_times_are_those_of_the_documents() -> None:
    bell = bell_fixtures()["b11-county-first"]
    assert [(s.kind, s.start, s.end) for s in bell.days[1]][:2] == [
        (SectionKind.ARRIVAL, 7 * 60 + 30, 8 * 60),
        (SectionKind.DISMISSAL, 11 * 60 + 30, 11 * 60 + 30),
    ]
    clubs = bell_fixtures()["b03-lixin"]
    assert [day for day in clubs.days if any(s.kind is SectionKind.AFTER_SCHOOL for s in clubs.days[day])] == [1, 2, 3]


@pytest.mark.parametrize("id", BREAKS)
def test_what_a_schedule_breaks(id: str) -> None:
    assert {rule for rule, statuses in verdicts_on(id).items() if statuses & BROKEN} == BREAKS[id]


@pytest.mark.parametrize("id", BREAKS)
def test_a_schedule_keeps_what_its_own_document_says_of_it(id: str) -> None:
    found = verdicts_on(id)
    assert {rule: found[rule] for rule in OWN_RULES_KEPT[id]} == {rule: {Status.PASS} for rule in OWN_RULES_KEPT[id]}


@pytest.mark.parametrize("id", BREAKS)
def test_nothing_passes_that_a_few_times_cannot_show(id: str) -> None:
    """No document names eye exercises, long breaks or the length of breaks: none of these may pass."""
    for rule, statuses in verdicts_on(id).items():
        if any(word in rule for word in ("eye-exercises", "long-break", ":breaks", "cap-study", "cap-activity", "seasonal", "same-bells")):
            assert Status.PASS not in statuses, rule
