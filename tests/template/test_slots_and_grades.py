"""Periods, days and grades in people's words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.bells import BellSchedule, Section, SectionKind
from instances.sample_school import sample_school
from instances.school import Slot
from scheduler.plan_slots import write_days, write_slots
from scheduler.reading.grades import parse_grades
from scheduler.reading.slots import Week, parse_days, parse_slots

# Four lessons in the morning, two in the afternoon, the activity period is the seventh.
WEEK = Week.of(sample_school().bells)


def _short(text: str) -> str:
    found = parse_slots(text, WEEK)
    return " ".join(f"{s.day}{s.period}" for s in found.slots) + "".join(f" !{s.day}{s.period}" for s in found.missing) + found.rest


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("周一第1节", "11"),
        ("星期一第一节", "11"),
        ("周一1-2", "11 12"),
        ("周一第1-2、4节，周三第4节", "11 12 14 34"),
        ("周一、周三第1节", "11 31"),
        ("周一、三、五第1节", "11 31 51"),
        ("周一三五第1、2节", "11 12 31 32 51 52"),
        ("周二上午", "21 22 23 24"),
        ("周二上午，周五第4，5节", "21 22 23 24 54 55"),
        ("周二下午", "25 26 27"),
        ("周二下午第1节", "25"),
        ("周二下午第6节", "26"),
        ("周一至周三第1节", "11 21 31"),
        ("每天第1节", "11 21 31 41 51"),
        ("每天上午第4节", "14 24 34 44 54"),
        ("上午第1节", "11 21 31 41 51"),
        ("第6节", "16 26 36 46 56"),
        ("最后一节", "16 26 36 46 56"),
        ("周五最后两节", "55 56"),
        ("周三前两节", "31 32"),
        ("周三", "31 32 33 34 35 36 37"),
        ("4:2-4", "42 43 44"),
        ("Mon 1-2; Wed 4", "11 12 34"),
        ("Mon-Wed 1", "11 21 31"),
        ("Tue morning", "21 22 23 24"),
        ("Tue afternoon 1", "25"),
        ("daily 1", "11 21 31 41 51"),
        ("Friday last", "56"),
        ("周一第9节", " !19"),
        ("周六第1节", " !61"),
        ("周一开会", "11 12 13 14 15 16 17开会"),
        ("", ""),
    ],
)  # fmt: skip
def test_periods(text: str, slots: str) -> None:
    """Periods by hand; ! marks those that the bells do not have."""
    assert _short(text) == slots


SLOTS = st.lists(st.builds(Slot, st.integers(1, 5), st.integers(1, 7)), unique=True, max_size=12)


@settings(deadline=None, max_examples=200)
@given(SLOTS, st.sampled_from(["zh", "en"]))
def test_written_periods_are_read_back_in_their_order(slots: list[Slot], language: str) -> None:
    """The text for some periods means these periods and no others."""
    found = parse_slots(write_slots(slots, language), WEEK)
    assert (list(found.slots), found.missing, found.rest) == (slots, (), "")


@settings(deadline=None, max_examples=100)
@given(st.sets(st.integers(1, 7), min_size=1), st.sampled_from(["zh", "en"]))
def test_written_days_are_read_back(days: set[int], language: str) -> None:
    """The text for some days means these days."""
    assert parse_days(write_days(sorted(days), language)) == tuple(sorted(days))


@pytest.mark.parametrize(
    ("text", "days"),
    [("周一至周五", (1, 2, 3, 4, 5)), ("周三、周五", (3, 5)), ("每天", (1, 2, 3, 4, 5)), ("三", (3,)), ("周一第1节", None), ("周八", None)],
)
def test_days(text: str, days: tuple[int, ...] | None) -> None:
    """Days by hand; None where the text names anything else."""
    assert parse_days(text) == days


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("一年级、二年级", (1, 2)), ("1-6", (1, 2, 3, 4, 5, 6)), ("七至九年级", (7, 8, 9)), ("初三", (9,)), ("高一 高二", (10, 11)),
        ("初中", (7, 8, 9)), ("全校", ()), ("一二年级", (1, 2)), ("Grade 3", (3,)), ("grades 7-9", (7, 8, 9)), ("三年级1班", None),
        ("三年级组", None), ("十五年级", None), ("", None),
    ],
)  # fmt: skip
def test_grades(text: str, grades: tuple[int, ...] | None) -> None:
    """Grades by hand."""
    assert parse_grades(text) == grades


def test_a_week_of_two_bell_schedules_has_the_periods_of_both() -> None:
    """Period 5 is in the morning of the one and in the afternoon of the other: both half days hold it."""

    def bell(starts: list[int]) -> BellSchedule:
        return BellSchedule("", (), {1: tuple(Section(SectionKind.LESSON, s, s + 40, "", i + 1) for i, s in enumerate(starts))})

    week = Week.of([bell([480, 540, 600, 840, 900]), bell([480, 540, 600, 650, 695])])
    assert week.half(1, "morning") == (1, 2, 3, 4, 5)
    assert week.half(1, "afternoon") == (4, 5)
