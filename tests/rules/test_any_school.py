"""Whatever a school looks like, every rule gets a verdict, nothing crashes, and nothing passes without what it needs."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from constraints.case import Case
from constraints.judging import judge, place
from constraints.ruleset import available_rulesets, load_ruleset
from constraints.verdict import Status
from instances.bells import BellSchedule, Section, SectionKind
from instances.lessons import PlacedLesson, SchoolTimetable
from instances.records import Record, Records
from instances.school import Course, Requirement, RequirementKind, School, SchoolClass, Selector, Slot, Weeks

SUBJECTS = ("语文", "体育", "体育活动", "自习", "音乐", "综合实践", "校本课程")
NAMES = ("一", "二", "三")


@st.composite
def sections(draw: st.DrawFn) -> tuple[Section, ...]:
    found, at, period = [], draw(st.integers(60, 90)) * 5, 0
    for kind in draw(st.lists(st.sampled_from(list(SectionKind)), max_size=10)):
        length = draw(st.sampled_from([0, 5, 10, 30, 40, 45, 90]))
        numbered = kind is SectionKind.LESSON or (kind is SectionKind.ACTIVITY and draw(st.booleans()))
        period += numbered
        found.append(Section(kind, at, at + length, draw(st.sampled_from(["", "升旗"])), period if numbered else None))
        at += length + draw(st.sampled_from([0, 10, 120]))
    return tuple(found)


bell_schedules = st.builds(
    BellSchedule,
    name=st.just("b"),
    grades=st.sampled_from([(), (3,), (7, 8)]),
    days=st.dictionaries(st.integers(1, 7), sections(), max_size=6),
    season=st.sampled_from(["", "summer", "winter"]),
    assumed=st.booleans(),
    partial=st.booleans(),
)
classes = st.lists(st.sampled_from(NAMES), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(*(st.builds(SchoolClass, name=st.just(n), grade=st.sampled_from([1, 3, 7, 11])) for n in names))
)
some_classes = st.lists(st.sampled_from(NAMES), unique=True, max_size=2).map(tuple)
teachers = st.lists(st.sampled_from(["甲", "乙", "代课1"]), unique=True, max_size=2).map(tuple)
courses = st.builds(
    Course,
    id=st.uuids().map(str),
    subject=st.sampled_from(SUBJECTS),
    classes=some_classes,
    teachers=teachers,
    periods=st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(5)]),
    doubles=st.integers(0, 1),
    block=st.sampled_from([None, "A"]),
)
placed = st.builds(
    PlacedLesson,
    day=st.integers(1, 7),
    period=st.integers(1, 9),
    subject=st.sampled_from(SUBJECTS),
    classes=some_classes,
    teachers=teachers,
    weeks=st.sampled_from(list(Weeks)),
    start=st.sampled_from([None, 480, 900]),
    end=st.sampled_from([None, 520, 940]),
    kind=st.sampled_from(["lesson", "activity", "event", "self_study"]),
)
requirements = st.builds(
    Requirement,
    kind=st.sampled_from([RequirementKind.FORBIDDEN, RequirementKind.EVENT]),
    scope=st.builds(Selector, classes=some_classes),
    slots=st.lists(st.builds(Slot, st.integers(1, 5), st.integers(1, 8)), max_size=3).map(tuple),
)
schools = st.builds(
    School,
    name=st.just("s"),
    classes=classes,
    teachers=st.just(()),
    courses=st.lists(courses, max_size=6).map(tuple),
    bells=st.lists(bell_schedules, max_size=2).map(tuple),
    requirements=st.lists(requirements, max_size=2).map(tuple),
)
stated = st.none() | st.builds(
    Records, st.lists(st.builds(Record, st.sampled_from(["mountain_school", "evening_voluntary"]), st.booleans()), max_size=2).map(tuple)
)
timetables = st.none() | st.builds(SchoolTimetable, st.lists(placed, max_size=12).map(tuple))
RULE_SETS = st.sampled_from(available_rulesets()).map(load_ruleset)


@settings(max_examples=60, deadline=None)
@given(RULE_SETS, schools, timetables, stated)
def test_every_rule_gets_a_verdict(ruleset: object, school: School, timetable: SchoolTimetable | None, records: Records | None) -> None:
    verdicts = judge(ruleset, Case(school, timetable, records))  # type: ignore[arg-type]
    assert list(dict.fromkeys(v.rule.id for v in verdicts)) == [rule.id for rule in ruleset.rules]  # type: ignore[attr-defined]
    assert all(str(v.sentence) for v in verdicts)
    assert all(v.point for v in verdicts)


@settings(max_examples=60, deadline=None)
@given(RULE_SETS, schools)
def test_placing_never_asks_for_more_than_the_week_holds(ruleset: object, school: School) -> None:
    placing = place(ruleset, school)  # type: ignore[arg-type]
    for course in placing.courses:
        (name,) = course.classes
        grade = next(c.grade for c in school.classes if c.name == name)
        bell = school.bell_of(grade)
        places = sum(len(bell.periods(day)) for day in bell.days)
        assert 0 < course.periods <= places
    assert all(str(message) for message in placing.gave_way)


@settings(max_examples=60, deadline=None)
@given(RULE_SETS, classes)
def test_a_school_that_says_nothing_passes_nothing(ruleset: object, some: tuple[SchoolClass, ...]) -> None:
    """Without plan, bells, timetable and records no verdict is a pass, and none a failure."""
    school = School("s", some, (), (), ())
    statuses = {verdict.status for verdict in judge(ruleset, Case(school))}  # type: ignore[arg-type]
    assert statuses <= {Status.UNKNOWN, Status.NOT_APPLICABLE}
