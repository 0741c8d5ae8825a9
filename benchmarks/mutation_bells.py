"""Single violations of the bell schedule of a legal timetable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from mutation_kinds import Kind
from mutation_kinds import kind as entered
from mutation_print import Posted

from instances.bells import BellSchedule, Section, SectionKind

BELL_KINDS: list[Kind] = []
kind = partial(entered, kinds=BELL_KINDS)


def with_bells(
    posted: Posted, rng: Random, change: Callable[[int, list[Section]], list[Section] | None], every_day: bool = True
) -> Posted | None:
    number = rng.randrange(len(posted.bells))
    bell = posted.bells[number]
    day = rng.choice(sorted(bell.days))
    days = {}
    for d, sections in bell.days.items():
        new = change(d, list(sections)) if every_day or d == day else list(sections)
        if new is None:
            return None
        days[d] = tuple(sorted(new, key=lambda s: (s.start, s.end)))
    bells: tuple[BellSchedule, ...] = tuple(replace(b, days=days) if n == number else b for n, b in enumerate(posted.bells))
    clocks = {(d, s.period): (s.start, s.end) for d, sections in days.items() for s in sections if s.period}
    names = {c.name for c in posted.school.classes if not bell.grades or c.grade in bell.grades}
    lessons = tuple(
        replace(x, start=clocks[x.day, x.period][0], end=clocks[x.day, x.period][1])
        if set(x.classes) & names and (x.day, x.period) in clocks else x
        for x in posted.lessons
    )  # fmt: skip
    return replace(posted, bells=bells, lessons=lessons)


def first(sections: list[Section], kind: SectionKind) -> int | None:
    return next((n for n, s in enumerate(sections) if s.kind is kind), None)


BELLS = (
    "breaks",
    "study-time",
    "lesson-length",
    "weekly-total",
    "long-break",
    "morning-lessons",
    "no-early",
    "first-lesson",
    "activity-",
    "teacher-clash",
    "room-clash",
)


@kind("first lesson too early", "first-lesson-primary", "first-lesson-secondary", allows=BELLS)
def too_early(posted: Posted, rng: Random) -> Posted | None:
    n = rng.choice((15, 20, 30))

    def change(_day: int, sections: list[Section]) -> list[Section]:
        return [replace(s, start=s.start - n - 20, end=s.end - n - 20) if s.start < 600 else s for s in sections]

    return with_bells(posted, rng, change)


@kind("morning reading before lessons may begin", "no-early-teaching-primary", "no-early-teaching-secondary", allows=BELLS)
def early_reading(posted: Posted, rng: Random) -> Posted | None:
    start = rng.choice((430, 440, 445))

    def change(_day: int, sections: list[Section]) -> list[Section]:
        rest = [s for s in sections if s.kind is not SectionKind.ARRIVAL]
        return [Section(SectionKind.MORNING_READING, start, start + 20), *rest]

    return with_bells(posted, rng, change)


@kind("long break too short", "long-break", allows=BELLS)
def short_break(posted: Posted, rng: Random) -> Posted | None:
    minutes = rng.choice((10, 15, 20))

    def change(_day: int, sections: list[Section]) -> list[Section] | None:
        n = first(sections, SectionKind.LONG_BREAK)
        if n is None:
            return None
        sections[n] = replace(sections[n], end=sections[n].start + minutes)
        return sections

    return with_bells(posted, rng, change)


@kind("no long break", "long-break", allows=BELLS)
def no_long_break(posted: Posted, rng: Random) -> Posted | None:
    def change(_day: int, sections: list[Section]) -> list[Section]:
        return [replace(s, kind=SectionKind.BREAK) if s.kind is SectionKind.LONG_BREAK else s for s in sections]

    return with_bells(posted, rng, change)


@kind("eye exercises once a day", "eye-exercises", allows=BELLS)
def one_eye_exercise(posted: Posted, rng: Random) -> Posted | None:
    late = rng.random() < 0.5

    def change(_day: int, sections: list[Section]) -> list[Section] | None:
        places = [n for n, s in enumerate(sections) if s.kind is SectionKind.EYE_EXERCISE]
        if not places:
            return None
        del sections[places[-1] if late else places[0]]
        return sections

    return with_bells(posted, rng, change)


@kind("day over the cap of study time", "study-time-primary", "study-time-secondary", allows=(*BELLS, "no-evening", "evening-end"))
def over_cap(posted: Posted, rng: Random) -> Posted | None:
    hours = rng.choice((4, 5))

    def change(_day: int, sections: list[Section]) -> list[Section]:
        end = max(s.end for s in sections)
        return [*sections, Section(SectionKind.SELF_STUDY, end + 5, min(end + 5 + hours * 60, 1439))]

    return with_bells(posted, rng, change, every_day=rng.random() < 0.5)


@kind("five lessons in the morning", "morning-lessons", allows=BELLS)
def five_in_the_morning(posted: Posted, rng: Random) -> Posted | None:
    def change(_day: int, sections: list[Section]) -> list[Section] | None:
        lunch = first(sections, SectionKind.LUNCH)
        lessons = [n for n, s in enumerate(sections) if s.kind is SectionKind.LESSON]
        after = [n for n in lessons if lunch is not None and sections[n].start >= sections[lunch].start]
        if lunch is None or not after:
            return None
        n = after[0]
        length = sections[n].minutes
        start = sections[lunch].start
        sections[n] = replace(sections[n], start=start + 5, end=start + 5 + length)
        return [
            replace(s, start=s.start + length + 5, end=s.end)
            if i != n and s.kind is SectionKind.LUNCH and s.end > s.start + length + 5
            else s
            for i, s in enumerate(sections)
            if not (i != n and s.kind is SectionKind.LUNCH and s.end <= s.start + length + 5)
        ]

    return with_bells(posted, rng, change)


@kind("lessons of the wrong length", "lesson-length-primary", "lesson-length-junior", allows=BELLS)
def long_lessons(posted: Posted, rng: Random) -> Posted | None:
    def change(_day: int, sections: list[Section]) -> list[Section]:
        return [replace(s, end=s.end - 6) if s.kind is SectionKind.LESSON else s for s in sections]

    return with_bells(posted, rng, change)


@kind("break of five minutes", "breaks", allows=BELLS)
def tiny_break(posted: Posted, rng: Random) -> Posted | None:
    def change(_day: int, sections: list[Section]) -> list[Section] | None:
        lessons = [n for n, s in enumerate(sections) if s.kind is SectionKind.LESSON]
        second = sections[lessons[1]]
        third = next(i for i in lessons if i > lessons[1])
        sections[third] = replace(sections[third], start=second.end + 5, end=second.end + 5 + sections[third].minutes)
        return [s for s in sections if s.kind is not SectionKind.BREAK or not second.end <= s.start < sections[third].start + 30]

    return with_bells(posted, rng, change)


@kind("evening self-study", "no-evening-primary", "evening-end-junior", allows=BELLS)
def evening(posted: Posted, rng: Random) -> Posted | None:
    def change(_day: int, sections: list[Section]) -> list[Section]:
        return [*sections, Section(SectionKind.EVENING, 1170, 1260)]

    return with_bells(posted, rng, change)


@kind("no after-school service", "after-school-service", allows=BELLS)
def no_service(posted: Posted, rng: Random) -> Posted | None:
    def change(_day: int, sections: list[Section]) -> list[Section]:
        return [s for s in sections if s.kind is not SectionKind.AFTER_SCHOOL]

    return with_bells(posted, rng, change)
