"""What a generated school requires fits by counting: class, teacher and room weeks, and who is left when a group prepares together."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from instances.generator import generate
from instances.school import Course, Requirement, RequirementKind, School, Selector, Slot, stage_of

ARGUMENTS = st.sampled_from([("primary", 12, 96), ("junior", 6, 48), ("nine-year", 18, 96), ("senior", 6, 60)]).flatmap(
    lambda kind: st.tuples(st.just(kind[0]), st.integers(kind[1], kind[2]), st.integers(0, 2**32))
)
"""Arguments of ``generate``; the tests make the school, so that a failure prints three values and not a school."""


def for_schools(check: Callable[[School], None]) -> Callable[[], None]:
    """Run a check on the schools of random arguments; a smaller school says no more, so none is looked for."""

    @settings(max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
    @given(ARGUMENTS)
    def run(arguments: tuple[str, int, int]) -> None:
        check(generate(*arguments))  # type: ignore[arg-type]

    run.__name__, run.__doc__ = check.__name__, check.__doc__
    return run


def weeks_of(school: School) -> dict[str, set[Slot]]:
    """The lessons of the week of each class by its bells, without those that fixed events take."""
    by_grade: dict[int, set[Slot]] = {}
    for grade in {c.grade for c in school.classes}:
        bell = school.bell_of(grade)
        by_grade[grade] = {Slot(day, s.period) for day in bell.days for s in bell.lessons(day) if s.period is not None}
        for r in school.requirements:
            if r.kind is RequirementKind.EVENT and grade in r.scope.grades:
                by_grade[grade] -= set(r.slots)
    return {c.name: by_grade[c.grade] for c in school.classes}


def lessons_of(courses: list[Course]) -> Fraction:
    """Weekly lessons of a class; the courses of a block count once."""
    blocks = {c.block: c.periods for c in courses if c.block}
    return sum((c.periods for c in courses if not c.block), Fraction(0)) + sum(blocks.values())


def people(school: School, scope: Selector) -> set[str]:
    """The teachers that a scope names, by name or group."""
    return {t.name for t in school.teachers if t.name in scope.teachers or (t.group or "") in scope.groups}


def required(school: School, *kinds: RequirementKind) -> list[Requirement]:
    return [r for r in school.requirements if r.required and r.kind in kinds]


def closed_slots(school: School) -> dict[str, set[Slot]]:
    """Slots in which a teacher must not teach: away, or preparing with the group, or in a meeting."""
    found: dict[str, set[Slot]] = {t.name: set() for t in school.teachers}
    for r in required(school, RequirementKind.FORBIDDEN, RequirementKind.COMMON_FREE, RequirementKind.EVENT):
        for name in people(school, r.scope):
            found[name] |= set(r.slots)
    return found


def fuller_week(school: School, courses: list[Course]) -> int:
    """Lessons in the fuller of two weeks: those fixed to odd weeks stay there, the other fortnightly ones even it out."""
    odd = {grade for r in required(school, RequirementKind.FORTNIGHTLY) for grade in r.scope.grades}
    grade = {c.name: c.grade for c in school.classes}
    halves = [c for c in courses if c.periods.denominator == 2]
    fixed = sum(c.subject == "心理" and grade[c.classes[0]] in odd for c in halves)
    return int(sum(c.periods for c in courses if c not in halves)) + max(fixed, ceil(Fraction(len(halves), 2)))


def taught(school: School, by: str) -> dict[str, list[Course]]:
    """The courses of each class or teacher."""
    found: dict[str, list[Course]] = {}
    for course in school.courses:
        for name in getattr(course, by):
            found.setdefault(name, []).append(course)
    return found


@for_schools
def test_every_class_has_a_slot_for_every_lesson(school: School) -> None:
    weeks = weeks_of(school)
    for name, courses in taught(school, "classes").items():
        assert lessons_of(courses) <= len(weeks[name])


@for_schools
def test_teachers_have_time_to_spare(school: School) -> None:
    """At most 62 % of the shortest week of their classes; of the slots open to them, at most 80 % in the fuller week."""
    weeks = weeks_of(school)
    closed = closed_slots(school)
    for name, courses in taught(school, "teachers").items():
        shortest = min((weeks[c] for course in courses for c in course.classes), key=len)
        whole = max(len(shortest), 30)  # low grades have clubs in four slots, but their teachers do not
        assert sum(course.periods for course in courses) <= Fraction(62, 100) * whole
        assert fuller_week(school, courses) <= Fraction(8, 10) * len(shortest - closed[name])


@for_schools
def test_a_teacher_on_few_days_has_few_lessons(school: School) -> None:
    """Days at most, and lessons a day at most, leave room for all lessons of the teacher, on days without other duties."""
    for r in required(school, RequirementKind.TEACHER_MAX_DAYS, RequirementKind.TEACHER_MAX_DAY):
        (name,) = r.scope.teachers
        lessons = sum(ceil(c.periods) for c in taught(school, "teachers")[name])
        assert r.count is not None
        assert lessons <= (4 * r.count if r.kind is RequirementKind.TEACHER_MAX_DAYS else 5 * r.count)


@for_schools
def test_rooms_are_used_at_most_85_percent(school: School) -> None:
    """Counted in the shortest week of the stages that use them. A block holds each of its rooms for itself."""
    week = weeks_of(school)
    hours: Counter[str] = Counter()
    shortest: dict[str, int] = {}
    for course in school.courses:
        if course.room:
            hours[course.room] += int(course.periods)
            lengths = [len(week[name]) for name in course.classes]
            shortest[course.room] = min([shortest.get(course.room, 99), *(max(30, n) for n in lengths)])
    for wanted, number in hours.items():
        rooms = [r for r in school.rooms if r.name == wanted] or [r for r in school.rooms if r.kind == wanted]
        assert number <= Fraction(85, 100) * sum(r.capacity for r in rooms) * shortest[wanted]


def test_the_field_holds_at_least_three_classes() -> None:
    for kind, classes, least in (("primary", 12, 3), ("primary", 24, 4), ("nine-year", 36, 5), ("nine-year", 96, 12)):
        field = next(r for r in generate(kind, classes, 0).rooms if r.kind == "操场")  # type: ignore[arg-type]
        assert field.capacity >= least


def served(school: School, slot: Slot) -> tuple[int, int]:
    """Return (classes that need a lesson in a slot, most of them that the teachers who are not away can serve at once).

    A matching of classes and courses by augmenting paths, no teacher twice, rooms as many as there are. Blocks and joint lessons
    are left out, so the true number may be higher.
    """
    away = {name for name, slots in closed_slots(school).items() if slot in slots}
    needing = [name for name, slots in weeks_of(school).items() if slot in slots]
    rooms = Counter[str]()
    for room in school.rooms:
        rooms[room.kind] += room.capacity
    choices: dict[str, list[Course]] = {name: [] for name in needing}
    for course in school.courses:
        if len(course.classes) == 1 and not course.block and not away & set(course.teachers) and course.classes[0] in choices:
            choices[course.classes[0]].append(course)
    holder: dict[str, str] = {}
    chosen: dict[str, Course] = {}

    def place(name: str, seen: set[str]) -> bool:
        for course in choices[name]:
            teacher = course.teachers[0]
            used = sum(c.room == course.room for c in chosen.values())
            if teacher in seen or (course.room and teacher not in holder and used >= rooms[course.room]):
                continue
            seen.add(teacher)
            if teacher not in holder or place(holder[teacher], seen):
                holder[teacher], chosen[name] = name, course
                return True
        return False

    for name in needing:
        place(name, set())
    return len(needing), len(set(holder.values()))


@pytest.mark.parametrize(
    ("kind", "classes"),
    [("primary", 24), ("junior", 24), ("nine-year", 36), ("senior", 30), ("primary", 192), ("nine-year", 192)],
)
@pytest.mark.parametrize("seed", range(3))
def test_when_a_group_prepares_together_the_others_can_teach_every_class(kind: str, classes: int, seed: int) -> None:
    """Common preparation: classes whose week has no slot to spare are matched with teachers who are not away."""
    school = generate(kind, classes, seed)  # type: ignore[arg-type]
    groups = required(school, RequirementKind.COMMON_FREE)
    assert groups
    for slot in sorted({slot for r in groups for slot in r.slots}):
        need, can = served(school, slot)
        assert can == need


def test_groups_of_one_stage_prepare_on_different_afternoons() -> None:
    """语文 and 数学 of one school never leave their classes at once, where there are four afternoons to choose from."""
    for kind in ("junior", "senior"):
        school = generate(kind, 24, 0)  # type: ignore[arg-type]
        days = {r.scope.groups[0]: r.slots[0].day for r in required(school, RequirementKind.COMMON_FREE)}
        assert len({days[group] for group in ("语文组", "数学组", "英语组")}) == 3


@for_schools
def test_single_courses_that_exclude_each_other_fit_in_a_week(school: School) -> None:
    """Never at the same time: fewer lessons than slots. At most so many at once: fewer than slots times as many."""
    by_id = {c.id: c for c in school.courses}
    shortest = min(len(slots) for slots in weeks_of(school).values())
    for r in required(school, RequirementKind.NOT_SAME_TIME):
        assert 2 * sum(by_id[c].periods for c in r.scope.courses) <= shortest
    for r in required(school, RequirementKind.AT_MOST_AT_ONCE):
        lessons = sum(c.periods for c in school.courses if c.subject in r.scope.subjects)
        assert r.count is not None
        assert lessons <= r.count * (shortest - 10)  # first lessons and class meetings are closed to it


@for_schools
def test_courses_at_the_same_time_are_by_different_teachers_and_joint_ones_alike(school: School) -> None:
    by_id = {c.id: c for c in school.courses}
    for r in required(school, RequirementKind.SAME_TIME, RequirementKind.JOINT):
        first, second = (by_id[c] for c in r.scope.courses)
        assert (first.subject, first.periods, first.doubles) == (second.subject, second.periods, second.doubles)
        assert set(first.classes).isdisjoint(second.classes)
        if r.kind is RequirementKind.SAME_TIME:
            assert set(first.teachers).isdisjoint(second.teachers)


def test_stages_use_the_slots_that_their_plans_need() -> None:
    """Slots of the week, after events: primary 26 and 30, junior 34, senior 37."""
    found: dict[str, set[int]] = {}
    for kind in ("nine-year", "senior"):
        school = generate(kind, 36, 0)  # type: ignore[arg-type]
        weeks = weeks_of(school)
        for c in school.classes:
            found.setdefault(stage_of(c.grade).value, set()).add(len(weeks[c.name]))
    assert found == {"primary": {26, 30}, "junior": {34}, "senior": {37}}
