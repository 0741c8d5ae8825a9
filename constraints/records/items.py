"""What a school can state in the 自查记录 sheet: the items that records rules ask for."""

from __future__ import annotations

from dataclasses import dataclass

from instances.language import Message


@dataclass(frozen=True)
class Item:
    """One item: ``unit`` of its number, or ``yes_no``; ``per_grade`` says that it is usually stated grade by grade."""

    id: str
    title: Message
    unit: Message | None = None
    yes_no: bool = False
    per_grade: bool = False


_MINUTES = Message("minutes")
_TIMES = Message("times")
_HOURS = Message("hours")

ITEMS = (
    Item("homework_minutes", Message("Written homework a day, average"), _MINUTES, per_grade=True),
    Item("exams_per_term", Message("Unified paper exams a term"), _TIMES, per_grade=True),
    Item("sleep_hours", Message("Sleep a night"), _HOURS, per_grade=True),
    Item("after_school_days", Message("Days a week with after-school service"), Message("days")),
    Item("after_school_minutes", Message("After-school service a day"), _MINUTES),
    Item("local_working_day_ends", Message("Minutes after midnight at which the local working day ends"), _MINUTES),
    Item("timetable_posted", Message("Timetable and bell schedule are posted for parents"), yes_no=True),
    Item("executed_as_posted", Message("The timetable in use is the one posted"), yes_no=True),
    Item("no_ability_classes", Message("No classes by ability"), yes_no=True),
    Item("no_overrunning", Message("Lessons never overrun into breaks"), yes_no=True),
    Item("free_breaks", Message("Pupils are free to leave the classroom in breaks"), yes_no=True),
    Item("no_encroachment", Message("Protected lessons are not used for other subjects"), yes_no=True),
    Item("no_early_arrival", Message("Pupils are not made to come early"), yes_no=True),
    Item("mountain_school", Message("Pupils live far away or in the mountains"), yes_no=True),
)

BY_ID = {item.id: item for item in ITEMS}
