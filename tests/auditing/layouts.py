"""A small made-up school's week, printed in the layouts that schools publish."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from openpyxl import Workbook

DAYS = "一二三四五"
CLASSES = ("三年级1班", "三年级2班", "四年级1班")
TEACHERS = {
    "语文": ("孙雪", "曹晨飞", "唐晶"),
    "数学": ("马倩", "马倩", "何怡"),
    "英语": ("余凯", "余凯", "余凯"),
    "体育": ("于勇", "于勇", "于勇"),
    "音乐": ("姚秀", "姚秀", "姚秀"),
    "美术": ("董阳", "董阳", "董阳"),
}
TIMES = ("08:20-09:00", "09:40-10:20", "10:30-11:10", "11:20-12:00", "14:00-14:40", "14:50-15:30")
PERIODS = 6

Week = dict[tuple[str, int, int], tuple[str, str]]  # (class, day, period) -> (subject, teacher)


def week(seed: int = 0) -> Week:
    """Six periods on five days, subjects shifted from class to class so that no teacher of several classes is needed twice."""
    subjects = list(TEACHERS)
    random.Random(seed).shuffle(subjects)
    found: Week = {}
    for c, name in enumerate(CLASSES):
        for day in range(1, 6):
            for period in range(1, PERIODS + 1):
                subject = subjects[(period + 2 * c + day) % len(subjects)]
                found[name, day, period] = (subject, TEACHERS[subject][c])
    return found


def _save(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def master(lessons: Week, path: Path, *, merged: bool = True) -> Path:
    """总课表: classes down, days x periods across, times in the header, a column of eye exercises on each day."""
    book = Workbook()
    sheet = book.active
    sheet.title = "总课表"
    sheet["A1"] = "明德小学总课表（2026—2027学年第一学期）"
    sheet.merge_cells("A1:AK1")
    sheet["A2"], sheet["A3"] = "班级", None
    column = 2
    for day in range(1, 6):
        sheet.cell(2, column, f"星期{DAYS[day - 1]}")
        first = column
        for period in range(1, PERIODS + 1):
            if period == 3:
                sheet.cell(3, column, "眼保健操")
                sheet.cell(4, column, "10:20-10:25")
                if merged:
                    sheet.cell(5, column, "眼保健操")
                    sheet.merge_cells(start_row=5, start_column=column, end_row=4 + len(CLASSES), end_column=column)
                column += 1
            sheet.cell(3, column, f"{period}节")
            sheet.cell(4, column, TIMES[period - 1])
            for row, name in enumerate(CLASSES, 5):
                sheet.cell(row, 1, name)
                sheet.cell(row, column, "\n".join(lessons[name, day, period]))
            column += 1
        if merged:
            sheet.merge_cells(start_row=2, start_column=first, end_row=2, end_column=column - 1)
    return _save(book, path)


def _block(sheet: Any, top: int, title: str, cells: dict[tuple[int, int], str], left: int = 1) -> int:
    """One 班级课表: 上午/下午 merged in the first column, period and time beside it, a row of eye exercises; returns the next free row."""
    sheet.cell(top, left, title)
    sheet.merge_cells(start_row=top, start_column=left, end_row=top, end_column=left + 6)
    for day in range(1, 6):
        sheet.cell(top + 1, left + 1 + day, f"星期{DAYS[day - 1]}")
    row = top + 2
    for period in range(1, PERIODS + 1):
        if period in (1, 5):
            sheet.cell(row, left, "上午" if period == 1 else "下午")
        if period == 3:
            sheet.cell(row, left + 1, "眼保健操")
            sheet.cell(row, left + 2, "眼保健操")
            sheet.merge_cells(start_row=row, start_column=left + 2, end_row=row, end_column=left + 6)
            row += 1
        sheet.cell(row, left + 1, f"第{period}节\n{TIMES[period - 1]}")
        for day in range(1, 6):
            sheet.cell(row, left + 1 + day, cells.get((day, period)))
        row += 1
    return row + 1


def _cells_of(lessons: Week, name: str, form: str = "{}\n{}") -> dict[tuple[int, int], str]:
    return {(d, p): form.format(*text) for (c, d, p), text in lessons.items() if c == name}


def class_blocks(lessons: Week, path: Path, form: str = "{}\n{}") -> Path:
    """班级课表, one below the other on one sheet."""
    book = Workbook()
    sheet = book.active
    row = 1
    for name in CLASSES:
        row = _block(sheet, row, f"明德小学{name}课程表", _cells_of(lessons, name, form))
    return _save(book, path)


def side_by_side(lessons: Week, path: Path) -> Path:
    """班级课表, one beside the other."""
    book = Workbook()
    for n, name in enumerate(CLASSES):
        _block(book.active, 1, f"{name}课程表", _cells_of(lessons, name), 1 + 8 * n)
    return _save(book, path)


def sheet_for_each_class(lessons: Week, path: Path) -> Path:
    """A sheet for each class, named after it, nothing above the table."""
    book = Workbook()
    book.remove(book.active)
    for name in CLASSES:
        sheet = book.create_sheet(name)
        for day in range(1, 6):
            sheet.cell(1, 1 + day, DAYS[day - 1])
        for period in range(1, PERIODS + 1):
            sheet.cell(1 + period, 1, period)
            for day in range(1, 6):
                subject, teacher = lessons[name, day, period]
                sheet.cell(1 + period, 1 + day, f"{subject}({teacher})")
    return _save(book, path)


def sheet_for_each_grade(lessons: Week, path: Path) -> Path:
    """A sheet for each grade, its classes known by their number only."""
    book = Workbook()
    book.remove(book.active)
    for grade in ("三年级", "四年级"):
        sheet = book.create_sheet(grade)
        row = 1
        for name in (c for c in CLASSES if c.startswith(grade)):
            row = _block(sheet, row, f"{name[3:]}", _cells_of(lessons, name, "{} {}老师"))
    return _save(book, path)


def transposed(lessons: Week, path: Path) -> Path:
    """Days down, periods across, one table for each class."""
    book = Workbook()
    sheet = book.active
    row = 1
    for name in CLASSES:
        sheet.cell(row, 1, name)
        for period in range(1, PERIODS + 1):
            sheet.cell(row + 1, 1 + period, f"第{period}节")
        for day in range(1, 6):
            sheet.cell(row + 1 + day, 1, f"周{DAYS[day - 1]}")
            for period in range(1, PERIODS + 1):
                sheet.cell(row + 1 + day, 1 + period, "\n".join(lessons[name, day, period]))
        row += 8
    return _save(book, path)


def classes_across(lessons: Week, path: Path) -> Path:
    """Days and periods down, classes across."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "全校课程表"
    for column, text in enumerate(("星期", "节次", *CLASSES), 1):
        sheet.cell(2, column, text)
    row = 3
    for day in range(1, 6):
        sheet.cell(row, 1, f"星期{DAYS[day - 1]}")
        sheet.merge_cells(start_row=row, start_column=1, end_row=row + PERIODS - 1, end_column=1)
        for period in range(1, PERIODS + 1):
            sheet.cell(row, 2, period)
            for n, name in enumerate(CLASSES):
                sheet.cell(row, 3 + n, "\n".join(lessons[name, day, period]))
            row += 1
    return _save(book, path)


def class_and_day_down(lessons: Week, path: Path) -> Path:
    """Class and day down, periods across; the class stands beside its first day only."""
    book = Workbook()
    sheet = book.active
    for column, text in enumerate(("班级", "星期", *range(1, PERIODS + 1)), 1):
        sheet.cell(1, column, text)
    row = 2
    for name in CLASSES:
        sheet.cell(row, 1, name)
        for day in range(1, 6):
            sheet.cell(row, 2, f"星期{DAYS[day - 1]}")
            for period in range(1, PERIODS + 1):
                sheet.cell(row, 2 + period, "\n".join(lessons[name, day, period]))
            row += 1
    return _save(book, path)


def four_rows(lessons: Week, path: Path) -> Path:
    """As aSc prints it: four rows for each class, subject, teacher, class and room below one another."""
    book = Workbook()
    sheet = book.active
    for day in range(1, 6):
        sheet.cell(1, 2 + PERIODS * (day - 1), ("Mon", "Tue", "Wed", "Thu", "Fri")[day - 1])
        for period in range(1, PERIODS + 1):
            sheet.cell(2, 1 + PERIODS * (day - 1) + period, period)
    row = 3
    for name in CLASSES:
        sheet.cell(row, 1, name)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row + 3, end_column=1)
        for day in range(1, 6):
            for period in range(1, PERIODS + 1):
                subject, teacher = lessons[name, day, period]
                for n, text in enumerate((subject, teacher, name, f"{100 + CLASSES.index(name)}")):
                    sheet.cell(row + n, 1 + PERIODS * (day - 1) + period, text)
        row += 4
    return _save(book, path)


def teacher_blocks(lessons: Week, path: Path) -> Path:
    """教师课表, one for each teacher, cells 班级 over 学科."""
    book = Workbook()
    sheet = book.active
    sheet.title = "教师课表"
    row = 1
    for teacher in sorted({t for names in TEACHERS.values() for t in names}):
        cells = {(d, p): f"{c}\n{s}" for (c, d, p), (s, t) in lessons.items() if t == teacher}
        row = _block(sheet, row, f"教师：{teacher}", cells)
    return _save(book, path)


def teacher_master(lessons: Week, path: Path) -> Path:
    """Teachers down, days x periods across; the subject in a column of its own, the class alone in the cells."""
    book = Workbook()
    sheet = book.active
    for column, text in enumerate(("序号", "教师", "学科"), 1):
        sheet.cell(2, column, text)
    for day in range(1, 6):
        sheet.cell(1, 4 + PERIODS * (day - 1), f"星期{DAYS[day - 1]}")
        for period in range(1, PERIODS + 1):
            sheet.cell(2, 3 + PERIODS * (day - 1) + period, period)
    people = sorted({(t, s) for s, names in TEACHERS.items() for t in names})
    for row, (teacher, subject) in enumerate(people, 3):
        sheet.cell(row, 1, row - 2)
        sheet.cell(row, 2, teacher)
        sheet.cell(row, 3, subject)
        for (c, d, p), (s, t) in lessons.items():
            if (t, s) == (teacher, subject):
                sheet.cell(row, 3 + PERIODS * (d - 1) + p, c)
    return _save(book, path)


def sheet_for_each_day(lessons: Week, path: Path) -> Path:
    """A sheet for each day, classes down, periods across."""
    book = Workbook()
    book.remove(book.active)
    for day in range(1, 6):
        sheet = book.create_sheet(f"星期{DAYS[day - 1]}")
        for column, text in enumerate(("班级", *(f"第{p}节" for p in range(1, PERIODS + 1))), 1):
            sheet.cell(1, column, text)
        for row, name in enumerate(CLASSES, 2):
            sheet.cell(row, 1, name)
            for period in range(1, PERIODS + 1):
                sheet.cell(row, 1 + period, "\n".join(lessons[name, day, period]))
    return _save(book, path)


def half_day_numbers(lessons: Week, path: Path) -> Path:
    """班级课表 in which the numbers begin again in the afternoon."""
    book = Workbook()
    sheet = book.active
    row = 1
    for name in CLASSES:
        sheet.cell(row, 1, f"班级：{name}")
        for day in range(1, 6):
            sheet.cell(row + 1, 2 + day, f"星期{DAYS[day - 1]}")
        for period in range(1, PERIODS + 1):
            half, number = ("上午", period) if period <= 4 else ("下午", period - 4)
            if number == 1:
                sheet.cell(row + 1 + period, 1, half)
            sheet.cell(row + 1 + period, 2, number)
            for day in range(1, 6):
                sheet.cell(row + 1 + period, 2 + day, "\n".join(lessons[name, day, period]))
        row += PERIODS + 3
    return _save(book, path)


def csv_file(lessons: Week, path: Path) -> Path:
    """总课表 as comma separated text in the encoding of Chinese Excel."""
    lines = ["," + ",".join(f"周{DAYS[d - 1]}{p}" for d in range(1, 6) for p in range(1, PERIODS + 1))]
    for name in CLASSES:
        lines.append(name + "," + ",".join(" ".join(lessons[name, d, p]) for d in range(1, 6) for p in range(1, PERIODS + 1)))
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


def html_file(lessons: Week, path: Path) -> Path:
    """A saved web page with rowspan and colspan, a table for each class, tags left open."""
    parts = ["<html><head><meta charset=utf-8><style>td{color:red}</style></head><body>"]
    for name in CLASSES:
        parts.append(f"<h2>{name}课程表</h2><table><tr><th colspan=2>节次</th>")
        parts += [f"<th>星期{DAYS[d - 1]}" for d in range(1, 6)]
        for period in range(1, PERIODS + 1):
            parts.append("<tr>")
            if period in (1, 5):
                parts.append(f"<td rowspan={4 if period == 1 else 2}>{'上午' if period == 1 else '下午'}</td>")
            parts.append(f"<td>第{period}节&nbsp;</td>")
            parts += ["<td>" + "<br/>".join(lessons[name, d, period]) + "</td>" for d in range(1, 6)]
            parts.append("</tr>")
        parts.append("</table>")
    path.write_text("".join(parts) + "</body></html>", encoding="utf-8")
    return path


LAYOUTS = {
    "master": (master, ".xlsx"),
    "master, nothing merged": (lambda lessons, path: master(lessons, path, merged=False), ".xlsx"),
    "class blocks": (class_blocks, ".xlsx"),
    "class blocks, teacher in brackets": (lambda lessons, path: class_blocks(lessons, path, "{}（{}）"), ".xlsx"),
    "side by side": (side_by_side, ".xlsx"),
    "sheet for each class": (sheet_for_each_class, ".xlsx"),
    "sheet for each grade": (sheet_for_each_grade, ".xlsx"),
    "transposed": (transposed, ".xlsx"),
    "classes across": (classes_across, ".xlsx"),
    "class and day down": (class_and_day_down, ".xlsx"),
    "four rows": (four_rows, ".xlsx"),
    "teacher blocks": (teacher_blocks, ".xlsx"),
    "teacher master": (teacher_master, ".xlsx"),
    "sheet for each day": (sheet_for_each_day, ".xlsx"),
    "half-day numbers": (half_day_numbers, ".xlsx"),
    "csv": (csv_file, ".csv"),
    "html": (html_file, ".html"),
    "html called xls": (html_file, ".xls"),
}
