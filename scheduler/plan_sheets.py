"""The sheets and columns of our own plan workbook, in both languages: the one description that the writer, the reader and the
documentation share.

Notes are messages in the interface's language; sheet names and headers are part of the file format, and either language is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from instances.language import Message
from instances.spelling import key
from scheduler.plan_words import Word


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``id`` in the program, header, what it means (shown as a note on the header), width in characters.

    A ``needed`` column must be there and filled in every row. ``list`` names the drop-down: one of :data:`DROP_DOWNS`; a ``strict``
    drop-down takes nothing but its words, the others also take several of them, separated by commas.
    """

    id: str
    header: Word
    note: Message
    width: int = 12
    needed: bool = False
    list: str = ""
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A sheet of the plan."""

    id: str
    name: Word
    columns: tuple[Column, ...]

    def __getitem__(self, column_id: str) -> Column:
        return next(c for c in self.columns if c.id == column_id)

    def column(self, text: str) -> Column | None:
        """Return the column that a header names, in either language, None when there is none."""
        wanted = key(text)
        return next((c for c in self.columns if wanted in map(key, c.header.forms())), None)


SCHOOL = Form(
    "school",
    Word("学校", "School", ("学校信息",)),
    (
        Column("item", Word("项目", "Item"), Message("What the row sets."), 22, True),
        Column("value", Word("内容", "Value"), Message("Fill in this column."), 44),
        Column("remark", Word("说明", "Remark", ("备注",)), Message("For people; not read."), 64),
    ),
)

BELLS = Form(
    "bells",
    Word("作息时间", "Bells", ("作息时间表", "作息表", "作息", "Bell schedule")),
    (
        Column(
            "name",
            Word("作息表", "Schedule"),
            Message("Name of the bell schedule. A school may have several, for different grades. Blank: as in the row above."),
            14,
        ),
        Column(
            "season",
            Word("季节", "Season"),
            Message("Summer or winter where the bells change; else blank."),
            8,
            list="seasons",
            strict=True,
        ),
        Column(
            "grades",
            Word("年级", "Grades", ("适用年级", "Grade")),
            Message("The grades that keep these bells, e.g. 一年级、二年级 or 1-6. Blank: all grades."),
            18,
            list="grades",
        ),
        Column(
            "days",
            Word("星期", "Days", ("Day",)),
            Message("The days on which this section stands: 周一至周五, 周三, Mon-Fri. Blank: Monday to Friday."),
            14,
            list="days",
        ),
        Column("start", Word("开始", "Start", ("开始时间", "起")), Message("Start, as 8:20."), 9, True),
        Column(
            "end", Word("结束", "End", ("结束时间", "止")), Message("End, as 9:00. Blank for arrival and dismissal: the same minute."), 9
        ),
        Column("kind", Word("类型", "Kind"), Message("What the section is for; choose from the list."), 12, True, "sections", True),
        Column("label", Word("名称", "Name"), Message("The name to print, e.g. 第1节. May stay blank."), 14),
        Column(
            "period",
            Word("节次", "Period"),
            Message("Number of the lesson in the day: 1, 2, 3 ... Lessons and activity periods that have no number get no lesson."),
            8,
        ),
        Column(
            "assumed", Word("默认", "Assumed"), Message("Yes: not given by the school, a default stands in."), 8, list="yes", strict=True
        ),
        Column(
            "partial",
            Word("不全", "Partial"),
            Message("Yes: only some times of the day are listed; what is not may be there all the same."),
            8,
            list="yes",
            strict=True,
        ),
    ),
)

CLASSES = Form(
    "classes",
    Word("班级", "Classes", ("班级信息", "Class")),
    (
        Column(
            "name", Word("班级", "Class", ("班级名称", "班名")), Message("Name of the class as it is printed. Each class once."), 14, True
        ),
        Column("grade", Word("年级", "Grade"), Message("一年级 ... 九年级, 高一 ... 高三, or 1 to 12."), 10, list="grades", strict=True),
        Column("number", Word("班号", "Number"), Message("Number of the class in its grade."), 8),
        Column("size", Word("人数", "Pupils", ("学生数", "Size")), Message("How many pupils. May stay blank."), 8),
        Column("home_teacher", Word("班主任", "Home teacher"), Message("Name as in the sheet of teachers."), 12, list="teachers"),
        Column("room", Word("教室", "Home room", ("固定教室",)), Message("Where the class has its lessons. May stay blank."), 14),
    ),
)

TEACHERS = Form(
    "teachers",
    Word("教师", "Teachers", ("教师信息", "Teacher")),
    (
        Column(
            "name",
            Word("姓名", "Name", ("教师", "教师姓名", "Teacher")),
            Message("Each teacher once. Two teachers of one name need different names here, e.g. 王芳(大), 王芳(小)."),
            14,
            True,
        ),
        Column(
            "subjects",
            Word("任教科目", "Subjects", ("科目", "学科")),
            Message("For information; several are separated by 、"),
            24,
            list="subjects",
        ),
        Column("group", Word("教研组", "Group"), Message("Teaching-research group; requirements may name it."), 16),
    ),
)

COURSES = Form(
    "courses",
    Word("课程计划", "Course plan", ("教学计划", "任课安排", "Courses")),
    (
        Column("id", Word("编号", "No."), Message("Any code, each once; requirements may name it. Blank: the row number."), 10),
        Column(
            "classes",
            Word("班级", "Classes", ("Class",)),
            Message("The class. Several classes in one row, separated by 、, are taught together (joint lesson)."),
            22,
            True,
            "classes",
        ),
        Column("subject", Word("科目", "Subject", ("学科", "课程")), Message("The subject, e.g. 语文."), 14, True, "subjects"),
        Column(
            "label",
            Word("显示名", "Printed name", ("显示名称",)),
            Message("What the timetable prints, when it differs from the subject."),
            14,
        ),
        Column(
            "teachers",
            Word("教师", "Teachers", ("任课教师", "Teacher")),
            Message("Who teaches. Several teachers, separated by 、, teach together. Blank: nobody yet."),
            18,
            list="teachers",
        ),
        Column(
            "periods",
            Word("每周节数", "Lessons a week", ("周课时", "周节数", "课时")),
            Message("Lessons a week, e.g. 4. 0.5 is a lesson every other week."),
            10,
            True,
        ),
        Column(
            "doubles", Word("连堂次数", "Doubles", ("连堂",)), Message("How many of them are double periods; each takes two lessons."), 10
        ),
        Column(
            "weeks", Word("单双周", "Weeks"), Message("For a lesson every other week: odd, even, or either."), 12, list="weeks", strict=True
        ),
        Column(
            "room",
            Word("场地", "Room"),
            Message("A room or a kind of rooms from the sheet of rooms. Blank: the home room."),
            14,
            list="rooms",
        ),
        Column(
            "block",
            Word("走班组", "Block"),
            Message("Rows with the same name here run at the same time with the classes mixed (optional courses)."),
            12,
        ),
    ),
)

ROOMS = Form(
    "rooms",
    Word("场地", "Rooms", ("教室场地", "Room")),
    (
        Column("name", Word("场地", "Room", ("名称", "场地名称", "Name")), Message("Name of the room or field. Each once."), 16, True),
        Column("kind", Word("类型", "Kind"), Message("Rooms of one kind may stand in for one another, e.g. 微机室."), 14),
        Column(
            "capacity",
            Word("同时容纳班数", "Classes at once", ("容量", "Capacity")),
            Message("How many classes fit at once. Blank: 1."),
            14,
        ),
    ),
)

REQUIREMENTS = Form(
    "requirements",
    Word("排课要求", "Requirements", ("要求",)),
    (
        Column(
            "kind",
            Word("类型", "Kind"),
            Message("What is asked; choose from the list. Blank: the text is read."),
            16,
            list="kinds",
            strict=True,
        ),
        Column(
            "required",
            Word("性质", "Must or wish"),
            Message("Must: always kept. Wish: kept where possible. Blank: must."),
            8,
            list="required",
            strict=True,
        ),
        Column(
            "classes",
            Word("班级", "Classes", ("Class",)),
            Message("Whom it is about. Blank: all. What is filled in must hold together."),
            16,
            list="classes",
        ),
        Column("grades", Word("年级", "Grades", ("Grade",)), Message("Grades: 三年级、四年级, 7-9. Blank: all."), 12, list="grades"),
        Column("teachers", Word("教师", "Teachers", ("Teacher",)), Message("Teachers. Blank: all."), 14, list="teachers"),
        Column("groups", Word("教研组", "Groups", ("Group",)), Message("Teaching-research groups. Blank: all."), 12),
        Column("subjects", Word("科目", "Subjects", ("学科", "Subject")), Message("Subjects. Blank: all."), 14, list="subjects"),
        Column("rooms", Word("场地", "Rooms", ("Room",)), Message("Rooms or kinds of rooms. Blank: all."), 12, list="rooms"),
        Column("courses", Word("课程编号", "Courses", ("课程",)), Message("Numbers of rows of the course plan. Blank: all."), 12),
        Column(
            "slots",
            Word("时间", "Time", ("节次", "Times")),
            Message("When: 周一第1节, 周二上午, 每天第1节, 周一1-2, 周一至周五下午. English: Mon 1, Tue morning, daily 1, Mon 1-2."),
            26,
        ),
        Column("count", Word("数量", "Number", ("次数", "Count")), Message("The number in the requirement: lessons, days or periods."), 8),
        Column("other", Word("对象", "Other", ("对方",)), Message("The other side: the subject before or beside it, the mentor."), 16),
        Column("weeks", Word("单双周", "Weeks"), Message("Odd, even or either, for fortnightly lessons."), 12, list="weeks", strict=True),
        Column("weight", Word("权重", "Weight"), Message("For a wish: the cost of each breach. Blank: the default."), 8),
        Column(
            "text", Word("说明", "Text", ("要求说明", "备注")), Message("In your own words; for a fixed event its name, e.g. 升旗."), 36
        ),
        Column("rule", Word("规则", "Rule"), Message("The regulation that asks for it, if one does."), 12),
    ),
)

FORMS = (SCHOOL, BELLS, CLASSES, TEACHERS, COURSES, ROOMS, REQUIREMENTS)
LISTS = Word("词表", "Lists")
"""The hidden sheet that holds the words of the drop-downs."""

SCHOOL_NAME = Word("学校名称", "School name", ("学校", "校名"))
RULE_SETS = Word("规则集", "Rule sets", ("规则",))
WEIGHTS = Word("偏好权重", "Weights of preferences", ("权重", "Weights"))
"""The row of the school sheet below which each row holds a preference and its weight."""

DROP_DOWNS: Mapping[str, str] = MappingProxyType({"classes": "classes", "teachers": "teachers", "rooms": "rooms"})
"""Drop-downs that show the first column of a sheet; all others show words of the hidden sheet."""


def form_of(sheet_name: str) -> Form | None:
    """Return the form that a sheet name stands for, in either language."""
    wanted = key(sheet_name)
    return next((form for form in FORMS if wanted in map(key, form.name.forms())), None)
