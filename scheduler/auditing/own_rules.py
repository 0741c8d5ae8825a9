"""The rules of the audit itself, which hold in every school and need no regulation: nobody is in two places at once, and so on."""

from __future__ import annotations

from constraints.rule import Level, Rule, Source

ARITHMETIC = Source("课表自身逻辑", checked="original")


def _rule(id: str, zh: str, en: str, level: Level = Level.MUST) -> Rule:
    return Rule(id, "audit", level, ARITHMETIC, {"zh": zh, "en": en})


TEACHER_CLASH = _rule("teacher-clash", "同一教师不在同一时间上两节课", "No teacher has two lessons at the same time")
CLASS_CLASH = _rule("class-clash", "同一班级不在同一时间上两节课", "No class has two lessons at the same time")
ROOM_CLASH = _rule("room-clash", "同一场地同时上课的班数不超过容量", "No room holds more lessons at a time than it has space for")
PLAN_HOURS = _rule("plan-hours", "各科课时与课程计划一致", "Each subject has the lessons of the course plan")
PLAN_TEACHER = _rule("plan-teacher", "任课教师与课程计划一致", "Each lesson is given by the teacher of the course plan")
VIEWS_AGREE = _rule(
    "views-agree", "总课表、班级课表、教师课表相互一致", "The timetables of classes, teachers and rooms show the same lessons"
)
POSTED_EXECUTED = _rule("posted-executed", "执行的课表与公示的一致", "The timetable in use is the one posted")

OWN_RULES = (TEACHER_CLASH, CLASS_CLASH, ROOM_CLASH, PLAN_HOURS, PLAN_TEACHER, VIEWS_AGREE, POSTED_EXECUTED)
