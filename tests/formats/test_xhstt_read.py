"""XHSTT archives become problems and timetables; what is wrong in a file is said with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from constraints.base import CostFunction
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.order_events import EventPair, OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from instances.problem import Problem
from instances.timetable import Cost
from scheduler.errors import InputError
from scheduler.formats.xhstt_constraints import KINDS
from scheduler.formats.xhstt_read import read_archive
from tests.formats.archives import ALL_KINDS, EVENTS, TIMES, archive, constraint, event_groups, meet, solution


def read(tmp_path: Path, text: str) -> Problem:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    return read_archive(path).instances[0].problem


def findings(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    return [str(finding.message) for finding in caught.value.findings]


def test_every_kind_is_read(tmp_path: Path) -> None:
    """One constraint of each kind in the file, one of each class in the problem, in the same order."""
    problem = read(tmp_path, archive())
    assert sorted(c.kind for c in problem.constraints) == sorted(kind.kind for kind in KINDS.values())
    by_id = {c.id: c for c in problem.constraints}
    busy, order, lab = by_id["busy"], by_id["order"], by_id["lab"]
    assert isinstance(busy, LimitBusyTimes)
    assert (busy.required, busy.weight, busy.cost_function, busy.minimum, busy.maximum) == (False, 9, CostFunction.STEP, 2, 2)
    assert busy.time_groups == ("gr_Mo", "gr_Tu")
    assert isinstance(order, OrderEvents)
    assert order.pairs == (EventPair(0, 3, 1, 2),)
    assert isinstance(lab, PreferResources)
    assert (lab.events, lab.role, lab.resources) == ((0,), "Room", (2,))


def test_times_follow_the_file(tmp_path: Path) -> None:
    problem = read(tmp_path, archive())
    assert [(t.id, t.day, t.period) for t in problem.times][2:4] == [("Mo3", 1, 3), ("Tu1", 2, 1)]
    assert [(g.id, g.kind, g.times) for g in problem.time_groups.values()] == [
        ("gr_Mo", "day", (0, 1, 2)), ("gr_Tu", "day", (3, 4, 5)), ("gr_double", "", (0, 1, 3, 4)),
    ]  # fmt: skip
    assert problem.span(2, 2) == (2, 3), "a meet may run over the end of a day; only constraints forbid it"


def test_repeated_time_names_get_their_day(tmp_path: Path) -> None:
    problem = read(tmp_path, archive(times=TIMES.replace("<Name>Tu1</Name>", "<Name>Mo1</Name>")))
    assert (problem.times[0].name, problem.times[3].name) == ("Mo Mo1", "Tu Mo1")


def test_a_resource_group_is_preassigned_member_by_member(tmp_path: Path) -> None:
    """Trap 1: the students of gr_S attend maths."""
    problem = read(tmp_path, archive())
    assert problem.events[0].fixed_resources() == (0, 4, 5)


def test_candidates_are_those_that_the_requirements_leave(tmp_path: Path) -> None:
    """Only the lab is wanted for maths; as a preference it would leave the hall possible, and an impossible wish changes nothing."""
    assert read(tmp_path, archive()).events[0].roles[1].candidates == (2,)
    lab = ALL_KINDS[ALL_KINDS.index("<PreferResources") : ALL_KINDS.index("</PreferResources")]
    wish = ALL_KINDS.replace(lab, lab.replace("<Required>true", "<Required>false"))
    assert read(tmp_path, archive(wish)).events[0].roles[1].candidates == (2, 3)
    impossible = ALL_KINDS.replace(lab, lab.replace('Reference="Lab"', 'Reference="Ann"'))
    assert read(tmp_path, archive(impossible)).events[0].roles[1].candidates == (2, 3)


def test_course_and_event_group_of_one_name_count_once(tmp_path: Path) -> None:
    """Trap 2: maths is in gr_maths as its course and as its group."""
    assert read(tmp_path, archive()).event_groups["gr_maths"] == (0,)


def test_durations_come_from_the_required_split_constraints(tmp_path: Path) -> None:
    """Maths, 3 periods in one or two meets of 1 or 2, is 2 + 1; music has no such constraint; the meeting has its time."""
    problem = read(tmp_path, archive())
    assert [event.durations for event in problem.events] == [(1, 2), (), (), (1,)]
    assert problem.events[3].start == 5


def test_preassigned_events_may_be_left_out_of_a_solution(tmp_path: Path) -> None:
    """Trap 3: the meeting takes place all the same; the missing periods of maths have no time."""
    path = tmp_path / "a.xml"
    path.write_text(archive(solutions=solution(meet("maths", 2, "Mo1", "Lab"), meet("music", 1, "Tu1"))), encoding="utf-8")
    meets = read_archive(path).solutions[0].timetable.meets
    assert [(m.event, m.duration, m.start, m.resources) for m in meets] == [
        (0, 1, None, (0, None, 4, 5)), (0, 2, 0, (0, 2, 4, 5)), (1, 1, 3, (1,)), (2, 1, None, (0,)), (3, 1, 5, (0, 1)),
    ]  # fmt: skip


def test_reported_cost_and_packed_files(tmp_path: Path) -> None:
    report = "<Report><InfeasibilityValue>3</InfeasibilityValue><ObjectiveValue>14</ObjectiveValue></Report>"
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(archive(solutions=solution(report=report)).encode("utf-8-sig")))
    found = read_archive(path).solutions[0]
    assert found.reported == Cost(3, 14)
    assert (found.group, found.metadata["Contributor"]) == ("by hand", "kebiao")


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    """A wrong reference, a wrong number, a wrong word, a missing element, an unknown constraint: five findings, each with its line."""
    text = archive(
        constraints="\n"
        + constraint("AssignTime", "a", event_groups("gr_Nobody"))
        + "\n"
        + constraint("LimitWorkload", "b", "<Resources/>", "<Minimum>some</Minimum><Maximum>3</Maximum>")
        + "\n"
        + constraint("LinkEvents", "c", event_groups("gr_All"), function="Cubic")
        + "\n"
        + constraint("AssignResource", "d", event_groups("gr_All"))
        + "\n"
        + constraint("AvoidRain", "e", "")
    )
    line = 1 + next(n for n, row in enumerate(text.splitlines()) if 'Id="a"' in row)
    assert findings(tmp_path, text) == [
        f"<EventGroup> in line {line}: the file has no EventGroup with the Id 'gr_Nobody'",
        f"<Minimum> in line {line + 1}: not a whole number",
        f"<CostFunction> in line {line + 2}: <CostFunction> is 'Cubic', expected one of Linear, Quadratic, Step",
        f"<AssignResourceConstraint> in line {line + 3}: the element <Role> is missing",
        f"<AvoidRainConstraint> in line {line + 4}: this is none of the 16 constraints of XHSTT",
    ]


@pytest.mark.parametrize(
    ("meets", "message"),
    [
        ([meet("sport", 1)], "the file has no Event with the Id 'sport'"),
        ([meet("music", 1, "We1")], "the file has no Time with the Id 'We1'"),
        ([meet("music", 1, "Mo1", "Lab")], "event 'music' has no open role of this name"),
        ([meet("maths", 2, "Mo1"), meet("maths", 2, "Tu1")], "event 'maths' has more periods here than its duration"),
    ],
)
def test_faults_of_solutions(tmp_path: Path, meets: list[str], message: str) -> None:
    found = findings(tmp_path, archive(solutions=solution(*meets)))
    assert len(found) == 1
    assert found[0].endswith(message)


def test_a_second_event_of_the_same_id(tmp_path: Path) -> None:
    found = findings(tmp_path, archive(events=EVENTS.replace('Id="art"', 'Id="music"')))
    assert [text.split(": ")[1] for text in found] == ["the Id 'music' is used twice"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><HighSchoolTimetableArchive>&b;</HighSchoolTimetableArchive>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BOMB.encode(), "declares XML entities"),
        (b"<HighSchoolTimetableArchive>", "not a well-formed XML file"),
        (b"", "not a well-formed XML file"),
        (b"\x1f\x8b\x08broken", "cannot be read"),
        (b"<Archive/>", "not an XHSTT archive"),
        (b'<HighSchoolTimetableArchive><SolutionGroups><SolutionGroup Id="x"><Solution Reference="y"/></SolutionGroup></SolutionGroups>'
         b"</HighSchoolTimetableArchive>", "unknown instance 'y'"),
    ],
)  # fmt: skip
def test_files_that_are_no_archives(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_archive(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_archive(tmp_path / "none.xml")
