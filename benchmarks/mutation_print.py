"""A timetable as a school would post it: 总课表 with a bell sheet, written quickly, so that a mutant passes through the reader too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from instances.bells import BellSchedule, SectionKind, clock
from instances.lessons import PlacedLesson
from instances.school import School, Weeks

DAYS = "一二三四五六日"
KINDS = {
    SectionKind.ARRIVAL: "到校", SectionKind.MORNING_EXERCISE: "早操", SectionKind.MORNING_READING: "早读", SectionKind.MEETING: "集会",
    SectionKind.LESSON: "上课", SectionKind.BREAK: "课间", SectionKind.LONG_BREAK: "大课间", SectionKind.EYE_EXERCISE: "眼保健操",
    SectionKind.LUNCH: "午餐", SectionKind.NOON_REST: "午休", SectionKind.SELF_STUDY: "自习", SectionKind.ACTIVITY: "体育活动",
    SectionKind.AFTER_SCHOOL: "课后服务", SectionKind.DINNER: "晚餐", SectionKind.EVENING: "晚自习", SectionKind.DISMISSAL: "放学",
}  # fmt: skip
MARKS = {Weeks.ODD: "【单】", Weeks.EVEN: "【双】"}


@dataclass(frozen=True)
class Posted:
    """What a school posts, and what it does: ``second`` is a second view of the timetable, ``executed`` the one in use."""

    school: School
    lessons: tuple[PlacedLesson, ...]
    bells: tuple[BellSchedule, ...]
    second: tuple[PlacedLesson, ...] | None = None
    executed: tuple[PlacedLesson, ...] | None = None
    overwritten: Mapping[tuple[str, int, int], str] = field(default_factory=dict)
    hidden_classes: frozenset[str] = frozenset()


def cell_text(lessons: Sequence[PlacedLesson]) -> str:
    """Return the text of a cell: subject, teachers and room on a line each; fortnightly pairs as 【单】A/【双】B."""
    if len(lessons) == 1 or any(x.weeks is Weeks.EVERY for x in lessons):
        return "\n".join(_lines(x, MARKS.get(x.weeks, "")) for x in lessons)
    ordered = sorted(lessons, key=lambda x: x.weeks is Weeks.EVEN)
    subjects = "/".join(MARKS.get(x.weeks, "") + (x.label or x.subject) for x in ordered)
    teachers = "/".join(MARKS.get(x.weeks, "") + "、".join(x.teachers) for x in ordered)
    rooms = "/".join(MARKS.get(x.weeks, "") + "、".join(x.rooms) for x in ordered) if all(x.rooms for x in ordered) else ""
    return "\n".join(part for part in (subjects, teachers if any(x.teachers for x in ordered) else "", rooms) if part)


def _lines(lesson: PlacedLesson, mark: str) -> str:
    parts = (mark + (lesson.label or lesson.subject), "、".join(lesson.teachers), "、".join(lesson.rooms))
    return "\n".join(part for part in parts if part)


def post(posted: Posted, lessons: Iterable[PlacedLesson], path: Path) -> Path:
    """Write lessons as 总课表 with 作息时间表."""
    by_slot: dict[tuple[str, int, int], list[PlacedLesson]] = defaultdict(list)
    for lesson in lessons:
        for name in lesson.classes:
            by_slot[name, lesson.day, lesson.period].append(lesson)
    columns = sorted({(day, s.period) for bell in posted.bells for day in bell.days for s in bell.periods(day) if s.period is not None})
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("总课表")
        sheet.write(0, 0, f"{posted.school.name}总课表")
        sheet.write(1, 0, "班级")
        for column, (day, period) in enumerate(columns, 1):
            sheet.write(1, column, f"星期{DAYS[day - 1]}")
            sheet.write(2, column, f"第{period}节")
        classes = [c for c in posted.school.classes if c.name not in posted.hidden_classes]
        for row, c in enumerate(classes, 3):
            sheet.write(row, 0, c.name)
            for column, (day, period) in enumerate(columns, 1):
                text = posted.overwritten.get((c.name, day, period)) or cell_text(by_slot.get((c.name, day, period), []) or [])
                if text:
                    sheet.write(row, column, text)
        _bells(book.add_worksheet("作息时间表"), posted.bells)
    return path


def _bells(sheet: xlsxwriter.worksheet.Worksheet, bells: Sequence[BellSchedule]) -> None:
    row = 0
    for bell in bells:
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for day, sections in sorted(bell.days.items()):
            groups[tuple((s.kind, s.start, s.end, s.period) for s in sections)].append(day)
        for days in groups.values():
            title = f"{'、'.join(map(str, bell.grades))}年级 {'、'.join('周' + DAYS[d - 1] for d in days)}"
            sheet.write(row, 0, title)
            for column, text in enumerate(("时间", "节次", "名称", "类型")):
                sheet.write(row + 1, column, text)
            row += 2
            for s in bell.days[days[0]]:
                named = f"第{s.period}节" if s.kind is SectionKind.LESSON else KINDS[s.kind]
                for column, text in enumerate((f"{clock(s.start)}-{clock(s.end)}", str(s.period or ""), named, KINDS[s.kind])):
                    sheet.write(row, column, text)
                row += 1
            row += 1
    if row and len(bells) == 1 and len({tuple(x) for x in bells[0].days.values()}) == 1:
        sheet.write(row, 0, "")
