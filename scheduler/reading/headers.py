"""The words that schools write above the columns of a course plan, and finding the row that holds them."""

from __future__ import annotations

import re

from instances import subjects
from instances.spelling import key
from scheduler.reading.workbook import Cell, Sheet

FIELDS: dict[str, str] = {
    "class": "班级 班别 班 班名 班级名称 班次 任教班级 任教班 授课班级 教学班 行政班 上课班级 class classes",
    "grade": "年级 任教年级 授课年级 级别 grade year",
    "teacher": "姓名 教师 任课教师 教师姓名 老师 任课老师 授课教师 科任教师 科任老师 教师名 教师名称 teacher teachers",
    "subject": "学科 科目 课程 课程名 课程名称 任教学科 任教科目 学科名称 科目名称 subject course",
    "hours": "课时 周课时 周课时数 课时数 节数 周节数 每周节数 每周课时 每周课时数 周学时 节/周 hours periods lessons",
    "home": "班主任 班主任姓名 班主任老师 homeroomteacher hometeacher",
    "room": "教室 班级教室 固定教室 上课地点 地点 classroom room",
    "place": "场地 场地类型 上课场地 专用教室 功能室",
    "size": "人数 班额 学生数 学生人数 size",
    "preparation": "备课时间 教研时间 集体备课 集体备课时间 教研活动时间 教研",
    "fixed": "固定节次 固定课 固排 固定排课 固定时间 固定课节 必排节次",
    "forbidden": "不能排课节次 不排课节次 不能排节次 禁排 禁排节次 禁排时间 不排课时间 不能排课时间 不可排课时间 不可排节次 不排节次",
    "demand": "排课要求 要求 特殊要求 其他要求 其它要求 排课说明 requirements",
    "doubles": "连堂次数 连堂 连堂数 每周连堂次数",
    "double_length": "连堂长度 连堂节数",
    "group": "教研组 学科组 备课组 group",
    "short": "简称 课程简称",
    "code": "课程号 序号 编号 工号 no 编码",
    "type": "班类型 班级类型 类型 层次",
    "duty": "职务 职称 行政职务",
    "remark": "备注 说明 remark remarks",
    "total": "合计 总计 小计 总课时 周总课时 课时合计 总节数 合计课时 total",
}
"""Field -> the headers that name it."""

_FIELD_OF = {key(word): field for field, words in FIELDS.items() for word in words.split()}
_SUFFIX = re.compile(r"\(?(?:周)?(?:课时数?|节数|任课教师|科任教师|教师|任课老师|老师)\)?$")
_ORNAMENT = re.compile(r"[*:★\-]|\((?:必填|选填|可选|可空|必须|节|节/周|每周)\)")
SEARCHED_ROWS = 15
"""How many rows at the top may hold the headers."""

EXAMPLE = re.compile(r"^\(?(?:必填|选填|可选|非必填|填写说明|说明|示例|例如|例|required|optional|example)")
"""The start of cells in rows of instructions between header and data."""

SUMMARY = {"合计", "总计", "小计", "总课时", "平均", "备注", "说明", "注", "制表", "制表人", "审核", "total"}
"""First cells of rows that are not data."""


def field_of(text: str) -> str | None:
    """Return the field that a header names, or None."""
    plain = _ORNAMENT.sub("", key(text.split("\n")[0]))
    return _FIELD_OF.get(plain) or _FIELD_OF.get(_ORNAMENT.sub("", key(text)))


def subject_header(text: str) -> str | None:
    """Return the subject in a header such as ``语文``, ``语文课时``, ``语文教师`` if the table of subjects knows it, else None."""
    if field_of(text):
        return None
    stripped = _SUFFIX.sub("", key(text))
    return next((label for label in (text, stripped) if label and subjects.is_known(label)), None)


def header_row(sheet: Sheet) -> int | None:
    """Return the row near the top with most known headers (fields; subjects where there are at least two), or None."""
    best, best_score = None, 1
    for row in range(1, min(sheet.height, SEARCHED_ROWS) + 1):
        cells = [cell for cell in sheet.row(row) if cell and not _repeated(cell, sheet, row)]
        fields = len({field for cell in cells if (field := field_of(cell.text))})
        named = sum(1 for cell in cells if subject_header(cell.text))
        score = fields + (named if fields else 0)
        if fields and score > best_score:
            best, best_score = row, score
        elif not fields and named >= 3 and named > best_score:
            best, best_score = row, named
    return best


def _repeated(cell: Cell, sheet: Sheet, row: int) -> bool:
    """Say whether a filled cell belongs to a row above (a header merged downwards counts once, on its first row)."""
    return cell.filled and not cell.origin.cell.endswith(str(row))


def is_summary(cell: Cell) -> bool:
    """Say whether the first cell of a row says that the row is a total or a remark."""
    plain = cell.key
    return plain in SUMMARY or plain.startswith(("备注", "说明:", "注:", "合计", "制表"))
