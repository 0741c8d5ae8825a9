"""FET files read into problems: each rule by hand on a week of two days x four hours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler.errors import InputError
from scheduler.formats.fet_read import SUPPORTED, read_fet
from tests.formats.fet_files import activity, broken, constraint, kinds, slot, write

IDS = {"Number_of_Activities": 2, "Activity_Id": (1, 2)}


def test_equal_lessons_are_one_event(tmp_path: Path) -> None:
    """Two lessons of one split activity that no constraint tells apart are one event of two meets; one that is fixed stands alone."""
    lessons = [activity(1, group=1), activity(2, group=1), activity(3, group=1)]
    fixed = constraint("ActivityPreferredStartingTime", Activity_Id=3, Preferred_Day="D2", Preferred_Hour="4")
    problem = read_fet(write(tmp_path, lessons, [fixed])).problem
    assert sorted((event.duration, event.durations) for event in problem.events) == [(1, (1,)), (2, (1,))]


def test_lessons_that_start_together_are_one_event(tmp_path: Path) -> None:
    """Different teachers and students, one duration: one event with all of them; with a shared teacher they stay two, and related."""
    together = constraint("ActivitiesSameStartingTime", **IDS)
    apart = [activity(1), activity(2, "Bob", "1B")]
    fet = read_fet(write(tmp_path, apart, [together]))
    assert [[a.id for a in row] for bundle in fet.bundles for row in bundle.rows] == [["1", "2"]]
    shared = read_fet(write(tmp_path, [activity(1), activity(2, "Ann", "1B")], [together]))
    assert len(shared.problem.events) == 2
    assert "relate_meets" in [c.kind for c in shared.problem.constraints]


def test_a_class_is_its_groups(tmp_path: Path) -> None:
    """A lesson of 1A clashes with one of its group 1A-x, and the groups x and y do not clash with each other."""
    lessons = [activity(1), activity(2, "Bob", "1A-x"), activity(3, "Ann", "1A-y")]
    path = write(tmp_path, lessons)
    assert kinds(broken(path, {1: (1, 1), 2: (1, 1), 3: (2, 1)})) == [("avoid_clashes", 1)]
    assert kinds(broken(path, {1: (1, 1), 2: (1, 2), 3: (1, 2)})) == []


def test_weights(tmp_path: Path) -> None:
    """Weight 100 is a requirement; 95 and 90 are preferences of 19 and 18, for the greatest common divisor is taken out."""
    rules = [
        constraint("MinDaysBetweenActivities", weight, Consecutive_If_Same_Day="false", **IDS, MinDays=days)
        for weight, days in ((100, 1), (95, 1), (90, 2))
    ]
    problem = read_fet(write(tmp_path, [activity(1), activity(2)], rules)).problem
    spread = [(c.required, c.weight) for c in problem.constraints if c.kind == "spread_events"]
    # 95 % for one day and, twice, 90 % for two days: 95 + 2 * 90 = 275; the second day alone is 90
    assert spread == [(True, 1), (False, 55)]
    assert [c.weight for c in problem.constraints if c.kind == "days_between"] == [18]


def test_min_days_costs_what_is_missing(tmp_path: Path) -> None:
    """FET charges (days - distance) x weight for a pair: 3 days wanted, so 3 on one day, 2 on neighbouring days, 0 three days apart."""
    rule = constraint("MinDaysBetweenActivities", 50, Consecutive_If_Same_Day="false", **IDS, MinDays=3)
    path = write(tmp_path, [activity(1), activity(2)], [rule], days=4)
    costs = [
        sum(violation.cost.preference for violation in broken(path, {1: (1, 1), 2: place})) for place in ((1, 3), (2, 1), (3, 1), (4, 1))
    ]
    assert costs == [3, 2, 1, 0]


def test_two_lessons_on_one_day_follow_each_other(tmp_path: Path) -> None:
    """Consecutive_If_Same_Day is a requirement whatever the weight of the days."""
    rule = constraint("MinDaysBetweenActivities", 95, Consecutive_If_Same_Day="true", **IDS, MinDays=1)
    path = write(tmp_path, [activity(1), activity(2)], [rule])
    assert kinds(broken(path, {1: (1, 1), 2: (1, 3)})) == [("relate_meets", 1), ("spread_events", 1)]
    assert kinds(broken(path, {1: (1, 1), 2: (1, 2)})) == [("spread_events", 1)]


def test_gaps_leave_out_breaks_and_absences(tmp_path: Path) -> None:
    """Lessons at 1 and 4: hour 2 is a break, at hour 3 the teacher is away, so there is no gap; on day 2 hour 3 is one."""
    rules = [
        constraint("BreakTimes", Break_Time=(slot("Break_Time", 1, 2), slot("Break_Time", 2, 2))),
        constraint("TeacherNotAvailableTimes", Teacher="Ann", Not_Available_Time=slot("Not_Available_Time", 1, 3)),
        constraint("TeacherMaxGapsPerWeek", Teacher_Name="Ann", Max_Gaps=0),
    ]
    path = write(tmp_path, [activity(1), activity(2)], rules)
    assert kinds(broken(path, {1: (1, 1), 2: (1, 4)})) == []
    assert kinds(broken(path, {1: (2, 1), 2: (2, 4)})) == [("limit_idle_times", 1)]
    assert all(event.times == frozenset({0, 2, 3, 4, 6, 7}) for event in read_fet(path).problem.events)


ONE_TEACHER = {"Teacher_Name": "Ann"}
LIMITS = [
    # type, children, activities' places, what is broken
    ("TeacherMaxDaysPerWeek", {**ONE_TEACHER, "Max_Days_Per_Week": 1}, ((1, 1), (2, 1)), [("cluster_busy_times", 1)]),
    ("TeachersMinDaysPerWeek", {"Minimum_Days_Per_Week": 2}, ((1, 1), (1, 2)), [("cluster_busy_times", 1)]),
    ("StudentsMaxGapsPerDay", {"Max_Gaps": 0}, ((1, 1), (1, 3)), [("limit_idle_times", 1)]),
    ("StudentsSetMaxHoursDaily", {"Maximum_Hours_Daily": 1, "Students": "1A-x"}, ((1, 1), (1, 2)), [("limit_busy_times", 1)]),
    ("TeachersMinHoursDaily", {"Minimum_Hours_Daily": 2, "Allow_Empty_Days": "true"}, ((1, 1), (2, 1)), [("limit_busy_times", 2)]),
    ("StudentsMinHoursDaily", {"Minimum_Hours_Daily": 1, "Allow_Empty_Days": "false"}, ((1, 1), (1, 2)), [("cluster_busy_times", 1)]),
    ("TeachersMaxHoursContinuously", {"Maximum_Hours_Continuously": 1}, ((1, 1), (1, 2)), [("limit_consecutive", 1)]),
    ("StudentsEarlyMaxBeginningsAtSecondHour", {"Max_Beginnings_At_Second_Hour": 1}, ((1, 2), (2, 2)), [("begin_early", 1)]),
    (
        "TeacherIntervalMaxDaysPerWeek",
        {**ONE_TEACHER, "Interval_Start_Hour": 3, "Interval_End_Hour": "", "Max_Days_Per_Week": 1},
        ((1, 3), (2, 4)),
        [("cluster_busy_times", 1)],
    ),
    ("TeacherMinRestingHours", {**ONE_TEACHER, "Minimum_Resting_Hours": 2, "Circular": "false"}, ((1, 4), (2, 2)), [("avoid_sequence", 1)]),
    ("TeachersMaxSpanPerDay", {"Max_Span": 2}, ((1, 1), (1, 3)), [("avoid_sequence", 1)]),
    (
        "TeacherActivityTagMaxHoursDaily",
        {**ONE_TEACHER, "Activity_Tag_Name": "lab", "Maximum_Hours_Daily": 0},
        ((1, 1), (1, 2)),
        [("limit_busy_times", 1)],
    ),
]


@pytest.mark.parametrize(("name", "children", "places", "expected"), LIMITS, ids=[limit[0] for limit in LIMITS])
def test_limits(
    tmp_path: Path, name: str, children: dict[str, object], places: tuple[tuple[int, int], ...], expected: list[tuple[str, int]]
) -> None:
    """Two lessons of Ann with 1A-x, the first with the tag "lab"; the limit is broken by just so much."""
    path = write(tmp_path, [activity(1, students="1A-x", tag="lab"), activity(2, students="1A-x")], [constraint(name, **children)])
    assert kinds(broken(path, dict(enumerate(places, 1)))) == expected


PAIR = {"First_Activity_Id": 1, "Second_Activity_Id": 2}
PAIRS = [
    ("TwoActivitiesConsecutive", PAIR, ((1, 2), (1, 3)), ((1, 3), (1, 2))),
    ("TwoActivitiesGrouped", PAIR, ((1, 3), (1, 2)), ((1, 4), (1, 2))),
    ("TwoActivitiesOrdered", PAIR, ((1, 3), (2, 1)), ((2, 1), (1, 3))),
    ("ActivitiesSameStartingDay", IDS, ((1, 1), (1, 4)), ((1, 1), (2, 1))),
    ("ActivitiesSameStartingHour", IDS, ((1, 3), (2, 3)), ((1, 3), (2, 2))),
    ("ActivitiesNotOverlapping", IDS, ((1, 3), (2, 3)), ((1, 3), (1, 3))),
    ("MinGapsBetweenActivities", {**IDS, "MinGaps": 1}, ((1, 1), (1, 3)), ((1, 1), (1, 2))),
    ("MaxDaysBetweenActivities", {**IDS, "MaxDays": 0}, ((1, 1), (1, 3)), ((1, 1), (2, 1))),
]


@pytest.mark.parametrize(("name", "children", "good", "bad"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_pairs(
    tmp_path: Path, name: str, children: dict[str, object], good: tuple[tuple[int, int], ...], bad: tuple[tuple[int, int], ...]
) -> None:
    """Two lessons of different people, placed well and badly."""
    path = write(tmp_path, [activity(1), activity(2, "Bob", "1B", "Sport")], [constraint(name, **children)])
    assert broken(path, dict(enumerate(good, 1))) == []
    assert [deviation for _, deviation in kinds(broken(path, dict(enumerate(bad, 1))))] == [1]


def test_three_in_a_row(tmp_path: Path) -> None:
    """Hours 2, 4 and 3 are a row; 1, 2 and 4 are not."""
    rule = constraint("ThreeActivitiesGrouped", First_Activity_Id=1, Second_Activity_Id=2, Third_Activity_Id=3)
    path = write(tmp_path, [activity(number) for number in (1, 2, 3)], [rule])
    assert broken(path, {1: (1, 2), 2: (1, 4), 3: (1, 3)}) == []
    assert kinds(broken(path, {1: (1, 1), 2: (1, 2), 3: (1, 4)})) == [("relate_meets", 1)]


def test_selectors(tmp_path: Path) -> None:
    """Sport of 1A, which 1A-x attends, must be at hour 4; sport of 1B and maths need not."""
    times = tuple(slot("Preferred_Starting_Time", day, 4, "Preferred_Starting_") for day in (1, 2))
    rule = constraint("ActivitiesPreferredStartingTimes", Students_Name="1A-x", Subject_Name="Sport", times=times)
    lessons = [activity(1, subject="Sport"), activity(2, "Bob", "1B", "Sport"), activity(3)]
    assert kinds(broken(write(tmp_path, lessons, [rule]), {1: (1, 1), 2: (1, 1), 3: (1, 2)})) == [("prefer_times", 1)]


def test_every_period_in_the_slots(tmp_path: Path) -> None:
    """A double lesson at hours 2 and 3 of which only hour 2 is in the slots: one period is out."""
    slots = tuple(slot("Preferred_Time_Slot", 1, hour, "Preferred_") for hour in (1, 2))
    rule = constraint("ActivityPreferredTimeSlots", Activity_Id=1, slots=slots)
    assert kinds(broken(write(tmp_path, [activity(1, duration=2)], [rule]), {1: (1, 2)})) == [("limit_lessons", 1)]


def test_the_last_lesson_of_the_day(tmp_path: Path) -> None:
    """Sport ends the day of 1A: a lesson of its group 1A-y after it breaks that."""
    rule = constraint("ActivityEndsStudentsDay", Activity_Id=1)
    path = write(tmp_path, [activity(1, subject="Sport"), activity(2, "Bob", "1A-y")], [rule])
    assert kinds(broken(path, {1: (1, 2), 2: (1, 3)})) == [("edge_of_day", 1)]
    assert broken(path, {1: (1, 2), 2: (1, 1)}) == []


def test_rooms(tmp_path: Path) -> None:
    """Maths needs R1 or R2; R3 is too small for 20 students; without a room, or in R1 twice at once, something is broken."""
    rooms = constraint("SubjectPreferredRooms", Subject="Maths", Preferred_Room=("R1", "R2", "R3"))
    path = write(tmp_path, [activity(1), activity(2, "Bob", "1B")], [], [rooms])
    problem = read_fet(path).problem
    assert {problem.resources[r].name for event in problem.events for role in event.roles for r in role.candidates} == {"R1", "R2"}
    places = {1: (1, 1), 2: (1, 1)}
    assert broken(path, places, {1: "R1", 2: "R2"}) == []
    assert kinds(broken(path, places, {1: "R1", 2: "R1"})) == [("avoid_clashes", 1)]
    assert kinds(broken(path, places, {1: "R1"})) == [("assign_resource", 1)]


def test_home_rooms_give_way_to_preferred_rooms(tmp_path: Path) -> None:
    """1A is at home in R1, sport must be in R2, and a lesson of half of 1A has no home."""
    space = [
        constraint("StudentsSetHomeRoom", Students="1A", Room="R1"),
        constraint("SubjectPreferredRoom", Subject="Sport", Room="R2"),
    ]
    fet = read_fet(write(tmp_path, [activity(1), activity(2, subject="Sport"), activity(3, students="1A-x")], [], space))
    rooms = {}
    for bundle, event in zip(fet.bundles, fet.problem.events, strict=True):
        given = [role.resource for role in event.roles if role.name == "room" and role.resource is not None]
        rooms[bundle.rows[0][0].id] = [fet.problem.resources[index].name for index in given]
    assert rooms == {"1": ["R1"], "2": ["R2"], "3": []}


@pytest.mark.parametrize("weight", [0, 95])
def test_at_most_two_lessons_of_min_days_on_one_day(tmp_path: Path, weight: float) -> None:
    """FET never puts three lessons of such a constraint on one day, whatever its weight; two may be apart if it does not say otherwise."""
    ids = {"Number_of_Activities": 3, "Activity_Id": (1, 2, 3)}
    rule = constraint("MinDaysBetweenActivities", weight, **ids, Consecutive_If_Same_Day="false", MinDays=1)
    path = write(tmp_path, [activity(number) for number in (1, 2, 3)], [rule])
    required = [v for v in broken(path, {1: (1, 1), 2: (1, 2), 3: (1, 4)}) if v.constraint.required]
    assert kinds(required) == [("spread_events", 1)]
    assert [v for v in broken(path, {1: (1, 1), 2: (1, 4), 3: (2, 1)}) if v.constraint.required] == []


def test_different_rooms(tmp_path: Path) -> None:
    """Three lessons in at most two rooms, and in the same one when they follow each other."""
    space = [
        constraint("SubjectPreferredRooms", Subject="Maths", Preferred_Room=("R1", "R2")),
        constraint("ActivitiesOccupyMaxDifferentRooms", **IDS, Max_Number_of_Different_Rooms=1),
        constraint("ActivitiesSameRoomIfConsecutive", **IDS),
    ]
    path = write(tmp_path, [activity(1), activity(2)], [], space)
    both = [("avoid_split_assignments", 1), ("same_room_if_consecutive", 1)]
    assert kinds(broken(path, {1: (1, 1), 2: (1, 2)}, {1: "R1", 2: "R2"})) == both
    assert kinds(broken(path, {1: (1, 1), 2: (1, 3)}, {1: "R1", 2: "R2"})) == both[:1]
    assert broken(path, {1: (1, 1), 2: (1, 2)}, {1: "R2", 2: "R2"}) == []


def test_changes_of_building(tmp_path: Path) -> None:
    """R1 lies in the old wing, R2 in the new one: maths and sport of Ann on one day are one change, where none is allowed.

    Sport of Bob at the same time as maths of Ann is not.
    """
    space = [
        constraint("SubjectPreferredRoom", Subject="Maths", Room="R1"),
        constraint("SubjectPreferredRoom", Subject="Sport", Room="R2"),
        constraint("TeachersMaxBuildingChangesPerDay", Max_Building_Changes_Per_Day=0),
    ]
    same_start = constraint("ActivitiesSameStartingTime", **IDS)
    for teacher, time in (("Ann", []), ("Bob", [same_start])):
        path = write(tmp_path, [activity(1), activity(2, teacher, "1B", subject="Sport")], time, space)
        content = path.read_text(encoding="utf-8")
        for room, building in (("R1", "old"), ("R2", "new")):
            content = content.replace(f"<Name>{room}</Name>", f"<Name>{room}</Name><Building>{building}</Building>")
        path.write_text(content, encoding="utf-8")
        if teacher == "Ann":
            assert kinds(broken(path, {1: (1, 1), 2: (1, 3)})) == [("limit_place_changes", 1)]
            assert broken(path, {1: (1, 1), 2: (2, 1)}) == []
        else:
            assert broken(path, {1: (1, 1), 2: (1, 1)}) == []


def test_inactive_activities_are_left_out(tmp_path: Path) -> None:
    """A constraint on an inactive activity speaks of the others alone."""
    path = write(tmp_path, [activity(1), activity(2, active=False)], [constraint("ActivitiesNotOverlapping", **IDS)])
    assert len(read_fet(path).problem.events) == 1


def test_what_is_not_supported_is_named_with_its_number(tmp_path: Path) -> None:
    """Two constraints of a type we do not know: an error, or, when wished, left out and counted."""
    strange = constraint("TeachersMaxMoonlight", Max_Moonlight=1)
    path = write(tmp_path, [activity(1)], [strange, strange])
    with pytest.raises(InputError) as error:
        read_fet(path)
    assert [str(f.message) for f in error.value.findings] == ["2 constraints of the type TeachersMaxMoonlight are not supported"]
    assert read_fet(path, ignore_unsupported=True).left_out == {"TeachersMaxMoonlight": 2}


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    """An unknown teacher, an unknown activity and an unknown room: three findings, each with its line."""
    rules = [constraint("ActivitiesNotOverlapping", Activity_Id=(1, 9)), constraint("TeacherMaxGapsPerWeek", Teacher="Zoe", Max_Gaps=0)]
    space = [constraint("SubjectPreferredRoom", Subject="Maths", Room="R9")]
    with pytest.raises(InputError) as error:
        read_fet(write(tmp_path, [activity(1)], rules, space))
    assert len(error.value.findings) >= 3
    assert all(finding.origin.cell for finding in error.value.findings)


def test_other_modes_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, [activity(1)])
    path.write_text(path.read_text(encoding="utf-8").replace("<Institution", "<Mode>Terms</Mode><Institution"), encoding="utf-8")
    with pytest.raises(InputError, match="Terms"):
        read_fet(path)


@pytest.mark.parametrize(
    ("ending", "mode"),
    [("-algeria", "Mornings_Afternoons"), ("-ma", "Mornings_Afternoons"), ("-mathmake-snapshot", "Terms"), ("-bp", "Block_Planning")],
)
def test_the_version_tells_the_mode_of_old_files(tmp_path: Path, ending: str, mode: str) -> None:
    """FET 5.27.3-algeria has half days for days: read as Official, its timetable would be one that FET refuses."""
    path = write(tmp_path, [activity(1)])
    path.write_text(re.sub(r'version="([0-9.]+)"', rf'version="\g<1>{ending}"', path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError, match=mode) as error:
        read_fet(path)
    assert [finding.value for finding in error.value.findings] == [f"6.8.5{ending}"]


def test_both_spellings_of_names(tmp_path: Path) -> None:
    """7.x writes Teacher where 6.x writes Teacher_Name."""
    for tag in ("Teacher", "Teacher_Name"):
        path = write(tmp_path, [activity(1), activity(2)], [constraint("TeacherMaxDaysPerWeek", **{tag: "Ann", "Max_Days_Per_Week": 1})])
        assert kinds(broken(path, {1: (1, 1), 2: (2, 1)})) == [("cluster_busy_times", 1)]


def test_the_most_used_types_are_supported() -> None:
    """All types of the six sample files and more than a hundred in all, "Teachers" and "Students" forms included."""
    assert {"ActivitiesSameRoomIfConsecutive", "TeacherMinRestingHours", "SubactivitiesPreferredTimeSlots"} <= SUPPORTED
    assert len(SUPPORTED) > 100
