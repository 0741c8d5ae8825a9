"""A timetable in the office's words goes back to the meets it came from."""

from __future__ import annotations

from dataclasses import replace

from instances.sample_school import sample_school
from instances.timetable import TimetableView
from scheduler.compiling.placing_back import place_back
from scheduler.replanning.living import living, not_in_plan
from scheduler.solving.options import SolveOptions
from scheduler.timetabling import make_timetable
from tests.replanning.living_school import case, in_force, plan


def test_a_solved_timetable_comes_back_meet_by_meet() -> None:
    """The sample school has rooms, activity periods, fixed events and rules: nothing of them is lost on the way."""
    school = sample_school()
    outcome = make_timetable(school, SolveOptions(time_limit=3, workers=2))
    assert outcome.timetable is not None
    back = living(school, outcome.timetable).placed
    assert back.timetable == outcome.solution.timetable
    assert back.homeless == ()
    assert sum(len(lessons) for lessons in back.lessons_of.values()) == len(outcome.timetable.lessons)


def test_courses_are_found_by_what_they_teach_not_by_id() -> None:
    """After a row was inserted above, the ids of the plan's rows name other courses."""
    school = plan()
    renumbered = replace(school, courses=tuple(replace(c, id=f"row{n}") for n, c in enumerate(reversed(school.courses))))
    assert living(renumbered, in_force(), ()).placed.homeless == ()


def test_a_lesson_that_the_plan_does_not_know_is_reported() -> None:
    timetable = replace(in_force(), lessons=(*in_force().lessons, replace(in_force().lessons[0], subject="化学", label="化学", day=1)))
    found = living(plan(), timetable, ())
    assert [lesson.subject for lesson in found.placed.homeless] == ["化学"]
    assert any("化学" in finding.value for finding in not_in_plan(found))


def test_another_teacher_is_reported_but_placed() -> None:
    """A new teacher of a course: the lessons keep their places in the new plan's event."""
    school = plan()
    changed = replace(school, courses=tuple(replace(c, teachers=("新六",)) if c.id == "三(1)班-数学" else c for c in school.courses))
    found = living(changed, in_force(), ())
    assert found.placed.homeless == ()
    assert any(finding.value == "高三" for finding in not_in_plan(found))


def test_every_period_is_where_it_was() -> None:
    found = case()
    view = TimetableView(found.compiled.problem, place_back(found.compiled, in_force()).timetable)
    placed = {(*found.compiled.problem.positions[t], m.event) for m in view.timetable.meets for t in view.times_of(m)}
    assert len(placed) == len(in_force().lessons)
