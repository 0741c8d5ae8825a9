"""The generator: what the school of each kind looks like, and that it is the same on every machine."""

import hashlib
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

from constraints.case import Case
from constraints.judging import judge
from constraints.ruleset import load_ruleset
from constraints.verdict import Status
from instances.bells import SectionKind
from instances.generator import generate
from instances.generator.people import GIVEN, SURNAMES
from instances.generator.plans import HALF, weekly_plan, weekly_total
from instances.school import RequirementKind, School, Selector, Weeks

STANDARD = [("primary", 24), ("junior", 24), ("nine-year", 36), ("senior", 24), ("senior", 30), ("nine-year", 96)]


def loads(school: School) -> Counter[str]:
    """Weekly lessons of each teacher."""
    found: Counter[str] = Counter()
    for course in school.courses:
        for name in course.teachers:
            found[name] += course.periods  # type: ignore[assignment]
    return found


def test_weekly_totals_are_those_of_the_national_plan() -> None:
    """26, 30 and 34 lessons up to grade 9; 36 of 40 slots in senior school."""
    totals = {grade: weekly_total(grade) for grade in range(1, 13)}
    assert totals == {1: 26, 2: 26, 3: 30, 4: 30, 5: 30, 6: 30, 7: 34, 8: 34, 9: 34, 10: 36, 11: 36, 12: 36}


def test_first_choices_have_equal_hours() -> None:
    for grade in (11, 12):
        physics, history = (sum(row.periods for row in weekly_plan(grade, choice)) for choice in ("物理", "历史"))
        assert physics == history


def test_a_plan_in_rows() -> None:
    """语文6+1 is six lessons with one double; 化学实验2 is a double of 化学 in the laboratory."""
    chinese = weekly_plan(3)[0]
    assert (chinese.subject, chinese.periods, chinese.doubles) == ("语文", 6, 1)
    practical = next(row for row in weekly_plan(9) if row.label == "化学实验")
    assert (practical.subject, practical.periods, practical.doubles, practical.room) == ("化学", 2, 1, "化学实验室")


@pytest.mark.parametrize(("kind", "classes"), STANDARD)
def test_every_kind_of_requirement_occurs(kind: str, classes: int) -> None:
    school = generate(kind, classes, 0)  # type: ignore[arg-type]
    assert {r.kind for r in school.requirements} == set(RequirementKind)


@pytest.mark.parametrize(("kind", "smallest"), [("primary", 12), ("junior", 6), ("nine-year", 18), ("senior", 6)])
def test_small_schools_have_every_kind_of_requirement_too(kind: str, smallest: int) -> None:
    for classes in (smallest, smallest + 1, smallest + 5):
        for seed in range(3):
            school = generate(kind, classes, seed)  # type: ignore[arg-type]
            assert len(school.classes) == classes
            assert {r.kind for r in school.requirements} == set(RequirementKind)


def test_most_individual_requirements_are_wishes() -> None:
    school = generate("primary", 24, 0)
    single = [r for r in school.requirements if r.scope.teachers]
    assert sum(not r.required for r in single) > len(single) / 2


def test_demands_scale_the_requirements_about_single_teachers() -> None:
    numbers = [sum(bool(r.scope.teachers) for r in generate("nine-year", 36, 0, demands=d).requirements) for d in (0, 0.5, 1, 2)]
    assert numbers[0] == 0
    assert numbers == sorted(set(numbers))
    bare = generate("nine-year", 36, 0, demands=0)
    assert {r.kind for r in bare.requirements} == {RequirementKind.EVENT, RequirementKind.FIXED}


def test_the_same_arguments_give_the_same_school_on_every_python() -> None:
    """The digest is written down: random.Random of 3.11 to 3.14 must lead to the same people in the same posts."""
    school = generate("nine-year", 36, 7)
    assert school == generate("nine-year", 36, 7)
    assert school != generate("nine-year", 36, 8)
    text = "|".join(f"{c.id} {','.join(c.teachers)} {c.periods}" for c in school.courses)
    text += "|".join(r.text for r in school.requirements)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "c7c1aab719112774"


@pytest.mark.parametrize(("kind", "classes"), STANDARD)
def test_names_are_unique_and_every_name_that_is_used_exists(kind: str, classes: int) -> None:
    school = generate(kind, classes, 1)  # type: ignore[arg-type]
    names = {
        "classes": [c.name for c in school.classes],
        "teachers": [t.name for t in school.teachers],
        "courses": [c.id for c in school.courses],
        "rooms": [r.name for r in school.rooms],
    }
    for listed in names.values():
        assert len(listed) == len(set(listed))
    groups = {t.group for t in school.teachers}
    subjects = {c.subject for c in school.courses}
    grades = {c.grade for c in school.classes}
    for course in school.courses:
        assert set(course.classes) <= set(names["classes"])
        assert set(course.teachers) <= set(names["teachers"])
        assert course.room is None or course.room in {*names["rooms"], *(r.kind for r in school.rooms)}
    for c in school.classes:
        assert c.home_teacher in names["teachers"]
        assert c.room is None or c.room in names["rooms"]
    for r in school.requirements:
        for selector in (r.scope, r.other):
            assert set(selector.classes) <= set(names["classes"])
            assert set(selector.teachers) <= set(names["teachers"])
            assert set(selector.courses) <= set(names["courses"])
            assert set(selector.rooms) <= set(names["rooms"])
            assert set(selector.groups) <= groups
            assert set(selector.subjects) <= subjects
            assert set(selector.grades) <= grades
        assert r.scope == Selector() or any(course_of(school, r.scope)) or r.kind is RequirementKind.EVENT


def course_of(school: School, scope: Selector) -> list[str]:
    """Courses, people or rooms that a scope finds; empty when it is about nothing."""
    grade = {c.name: c.grade for c in school.classes}
    return [
        c.id
        for c in school.courses
        if (not scope.subjects or c.subject in scope.subjects)
        and (not scope.grades or {grade[n] for n in c.classes} & set(scope.grades))
        and (not scope.courses or c.id in scope.courses)
        and (not scope.teachers or set(c.teachers) & set(scope.teachers))
    ]


def test_teachers_are_made_of_common_names() -> None:
    for teacher in generate("primary", 192, 0).teachers:
        assert teacher.name[0] in SURNAMES
        assert teacher.name[1:] in GIVEN


def test_four_in_ten_primary_teachers_teach_three_subjects_and_more() -> None:
    """42 % in the published plan of a school of 51 classes; 2.46 teachers for a class in one of 24."""
    for seed in range(5):
        school = generate("primary", 24, seed)
        many = sum(len(t.subjects) >= 3 for t in school.teachers) / len(school.teachers)
        assert 0.35 <= many <= 0.5
        assert 2.2 <= len(school.teachers) / 24 <= 2.6


def test_each_class_has_a_home_teacher_of_its_own_who_takes_the_class_meeting() -> None:
    for kind, classes in STANDARD:
        school = generate(kind, classes, 2)  # type: ignore[arg-type]
        homes = {c.name: c.home_teacher for c in school.classes}
        assert len(set(homes.values())) == classes
        meetings = {c.classes[0]: c.teachers for c in school.courses if c.subject == "班会"}
        assert meetings == {name: (home,) for name, home in homes.items()}


def test_a_nine_year_school_shares_specialists_across_its_stages() -> None:
    school = generate("nine-year", 36, 0)
    grade = {c.name: c.grade for c in school.classes}
    stages: dict[str, set[bool]] = {}
    for course in school.courses:
        for name in course.teachers:
            stages.setdefault(name, set()).update(grade[c] <= 6 for c in course.classes)
    assert sum(len(both) == 2 for both in stages.values()) >= 5
    first = {bell.name: bell.lessons(2)[0].start for bell in school.bells}
    assert first == {"小学作息": 500, "初中作息": 480}


def test_optional_courses_run_in_blocks_with_the_classes_mixed() -> None:
    """Each class of grades 11 and 12 is in two blocks; a block has as many courses and rooms as classes, and no teacher twice."""
    school = generate("senior", 30, 0)
    blocks: dict[str, list] = {}
    for course in school.courses:
        if course.block:
            blocks.setdefault(course.block, []).append(course)
    seen: Counter[str] = Counter()
    for courses in blocks.values():
        assert len({c.classes for c in courses}) == 1
        assert len({c.periods for c in courses}) == 1
        assert len(courses) >= len(courses[0].classes) > 1
        assert len({c.room for c in courses}) == len(courses)
        assert len({c.teachers for c in courses}) == len(courses)
        seen.update(courses[0].classes)
    assert seen == {c.name: 2 for c in school.classes if c.grade >= 11}


def test_the_shapes_of_courses_that_a_plan_can_have() -> None:
    """Fortnightly lessons in pairs, doubles, a joint lesson, a second teacher, rooms by name and by kind."""
    school = generate("nine-year", 36, 0)
    halves = Counter(name for c in school.courses if c.weeks is Weeks.EITHER for name in c.classes)
    assert halves == {c.name: 2 for c in school.classes if c.grade >= 3}
    assert all((c.periods == HALF) == (c.weeks is Weeks.EITHER) for c in school.courses)
    assert any(c.doubles for c in school.courses)
    assert any(len(c.classes) == 2 and c.block is None for c in school.courses)
    assert any(len(c.teachers) == 2 for c in school.courses)
    assert {"操场", "微机室", "音乐室", "美术室"} <= {r.kind for r in school.rooms}


@pytest.mark.parametrize(("kind", "classes"), STANDARD)
def test_the_national_rule_set_finds_nothing_wrong_with_plan_and_bells(kind: str, classes: int) -> None:
    """No broken rule of level must or should; one lesson of PE a day is only encouraged."""
    school = generate(kind, classes, 0)  # type: ignore[arg-type]
    verdicts = judge(load_ruleset("national"), Case(school))
    assert [str(v.sentence) for v in verdicts if v.status in (Status.FAIL, Status.WARNING)] == []
    assert {v.rule.id for v in verdicts if v.status is Status.NOTE} <= {"pe-daily"}
    assert any(v.status is Status.PASS for v in verdicts)


def test_bells_number_lessons_through_the_day_and_the_activity_period_after_them() -> None:
    for kind, lessons in (("primary", 6), ("junior", 7), ("senior", 8)):
        (bell,) = generate(kind, 24, 0).bells  # type: ignore[arg-type]
        for day in range(1, 6):
            periods = bell.periods(day)
            assert [s.period for s in periods] == list(range(1, lessons + 2))
            assert [s.kind for s in periods] == [SectionKind.LESSON] * lessons + [SectionKind.ACTIVITY]
            sections = bell.days[day]
            assert all(a.end == b.start for a, b in pairwise(sections))


def test_flag_raising_moves_the_monday_morning_of_primary_classes() -> None:
    (bell,) = generate("primary", 24, 0).bells
    assert [s.start for s in bell.lessons(1)] == [520, 590, 645, 705, 830, 890]
    assert [s.start for s in bell.lessons(2)] == [500, 570, 625, 685, 830, 890]


@pytest.mark.parametrize(
    ("kind", "classes", "demands"), [("kindergarten", 24, 1), ("primary", 11, 1), ("senior", 401, 1), ("junior", 24, -0.1)]
)
def test_arguments_that_make_no_school_are_refused(kind: str, classes: int, demands: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        generate(kind, classes, 0, demands=demands)  # type: ignore[arg-type]


def test_loads_are_those_of_real_teachers() -> None:
    """On average 11 to 14 lessons a week, nobody above 20."""
    for kind, classes in STANDARD:
        found = loads(generate(kind, classes, 3))  # type: ignore[arg-type]
        assert 11 <= sum(found.values()) / len(found) <= 14
        assert max(found.values()) <= Fraction(20)
