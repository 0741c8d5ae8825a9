"""Changes a school could make: what each group of a conflict could be turned into, the smallest and cheapest first.

A change is an edit of the plan (or of the rule sets in force) that can be tried and taken back. ``price`` orders changes by what they cost
the school: a period freed is cheap, a wish given up less so, lessons cancelled are dear, a regulation is last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial, reduce
from math import ceil

from constraints.rule import Level
from constraints.ruleset import RuleSet
from instances.bells import BellSchedule, Section, SectionKind, clock
from instances.language import Listing, Message
from instances.origin import Origin
from instances.school import Course, Requirement, RequirementKind, School, Selector, Slot, Weeks
from scheduler.compiling.times import DAY_NAMES
from scheduler.explaining.groups import Group, GroupKind, course_label, lessons, row_label
from scheduler.plan_slots import SlotNames
from scheduler.timetabling import breaches, judged

_K = RequirementKind
_AT_MOST = (_K.MAX_PER_DAY, _K.AT_MOST_AT_ONCE, _K.TEACHER_MAX_DAY, _K.TEACHER_MAX_ROW, _K.TEACHER_MAX_DAYS, _K.TEACHER_MAX_IDLE)
_AT_LEAST = (_K.MIN_PER_DAY, _K.DAYS_BETWEEN, _K.TEACHER_FREE_HALF_DAYS, _K.HOME_TEACHER, _K.MENTOR, _K.DOUBLES, _K.COMMON_FREE)
_NOWHERE = Selector(courses=("-",))

# What a change costs a school, on a scale of our own: it only orders the list.
SLOT, MOVE, COUNT, COLLEAGUE, EVENT, ROOM, WISH, LESSON, PERIOD, SHOULD, MUST = 5, 14, 16, 30, 40, 45, 50, 60, 90, 150, 1000
_MOST_SINGLE = 6  # periods of an event that are tried one by one
_BREAK = 10  # minutes before a period that is added to the bells


@dataclass(frozen=True)
class Setting:
    """What can be edited: the plan and the rule sets in force."""

    plan: School
    rulesets: tuple[RuleSet, ...]


@dataclass(frozen=True)
class Change:
    """One edit, in words. ``binding``: it gives up a regulation that must hold; ``given_up``: nothing is left of what the group asked."""

    group: str
    sentence: Message
    price: int
    origins: tuple[Origin, ...]
    edit: Callable[[Setting], Setting]
    binding: bool = False
    given_up: bool = False


def changes_of(
    group: Group,
    setting: Setting,
    *,
    broken: tuple[Slot, ...] = (),
    lessons: tuple[int, ...] = (-1, -2, -3, 1),
    colleagues: bool = True,
    about: tuple[Course, ...] = (),
) -> Iterator[Change]:
    """Yield what a group could be turned into.

    ``broken`` are the periods at which a timetable would break a row; ``lessons`` by how many lessons a week a course may change, and
    ``colleagues`` whether others may teach it; ``about`` are the courses that a default of the program stands in the way of.
    """
    if group.kind is GroupKind.ROW and group.requirement is not None:
        yield from _row_changes(group, group.requirement, broken)
    elif group.kind is GroupKind.HOURS:
        yield from _hours_changes(group, setting.plan, lessons, colleagues)
    elif group.kind is GroupKind.DEFAULT:
        yield from _default_changes(group, about)
    elif group.kind is GroupKind.DOUBLES:
        yield from _course_changes(group, "doubles", MOVE, Message("{what}: taught in single lessons", what=_courses(group)))
    elif group.kind is GroupKind.WEEKS:
        yield from _course_changes(group, "weeks", MOVE, Message("{what}: odd or even week left open", what=_courses(group)))
    elif group.kind is GroupKind.ROOMS:
        yield from _room_changes(group)
    elif group.kind is GroupKind.RULE:
        yield from _rule_changes(group)


# -- rows of 排课要求 ---------------------------------------------------------------------------------------------------


def _row_changes(group: Group, row: Requirement, broken: tuple[Slot, ...]) -> Iterator[Change]:
    number = int(group.id.removeprefix("requirement:"))
    label = row_label(row)

    def change(sentence: Message, price: int, new: Requirement) -> Change:
        given_up = new.required is not row.required or new.scope == _NOWHERE
        return Change(group.id, sentence, price, group.origins, lambda setting: _with_row(setting, number, new), given_up=given_up)

    if row.kind in (_K.FORBIDDEN, _K.FIXED):
        freed = tuple(slot for slot in row.slots if slot in broken)
        if freed and len(freed) < len(row.slots):
            kept = tuple(slot for slot in row.slots if slot not in freed)
            yield change(
                Message(
                    "{row}: without {slots} ({n} of {all} periods)", row=label, slots=SlotNames(freed), n=len(freed), all=len(row.slots)
                ),
                min(SLOT * len(freed), WISH - SLOT),
                replace(row, slots=kept),
            )
    elif row.kind in _AT_MOST and row.count is not None:
        for more in (1, 2, 3):
            text = Message("{row}: at most {new} instead of {old}", row=label, new=row.count + more, old=row.count)
            yield change(text, COUNT + 4 * (more - 1), replace(row, count=row.count + more))
    elif row.kind in _AT_LEAST and row.count is not None and row.count > 1:
        text = Message("{row}: {new} instead of {old}", row=label, new=row.count - 1, old=row.count)
        yield change(text, COUNT, replace(row, count=row.count - 1))
    if row.kind in (_K.COMMON_FREE, _K.EVENT, _K.FIXED) and row.slots and len({slot.day for slot in row.slots}) == 1:
        for day in range(1, 6):
            moved = tuple(Slot(day, slot.period) for slot in row.slots)
            if moved != row.slots:
                text = Message("{row}: moved to {day} ({slots})", row=label, day=Message(DAY_NAMES[day - 1]), slots=SlotNames(moved))
                yield change(text, MOVE, replace(row, slots=moved))
    if row.kind is _K.FORTNIGHTLY and row.weeks in (Weeks.ODD, Weeks.EVEN):
        yield change(Message("{row}: odd or even week left open", row=label), MOVE, replace(row, weeks=Weeks.EITHER))
    if row.kind is _K.EVENT and 1 < len(row.slots) <= _MOST_SINGLE:
        for slot in row.slots:
            text = Message("{row}: without {slots} ({n} of {all} periods)", row=label, slots=SlotNames((slot,)), n=1, all=len(row.slots))
            yield change(text, MOVE, replace(row, slots=tuple(other for other in row.slots if other != slot)))
    if row.kind is _K.EVENT:
        yield change(Message("{row}: not during these periods", row=label), EVENT * max(1, len(row.slots)), replace(row, slots=()))
    elif row.kind in (_K.JOINT, _K.FORTNIGHTLY):
        text = Message("{row}: taught apart", row=label) if row.kind is _K.JOINT else Message("{row}: given up", row=label)
        yield change(text, EVENT, replace(row, scope=_NOWHERE))
    else:
        yield change(Message("{row}: a wish instead of a requirement", row=label), WISH, replace(row, required=False))


def _with_row(setting: Setting, number: int, row: Requirement) -> Setting:
    rows = (*setting.plan.requirements[:number], row, *setting.plan.requirements[number + 1 :])
    return replace(setting, plan=replace(setting.plan, requirements=rows))


# -- courses ----------------------------------------------------------------------------------------------------------


def _hours_changes(group: Group, plan: School, lessons: tuple[int, ...], colleagues: bool) -> Iterator[Change]:
    first = group.courses[0]
    if colleagues and len(group.courses) == 1 and len(first.teachers) == 1 and first.block is None:
        for colleague in _colleagues(first, plan):
            yield Change(
                group.id,
                Message("{course}: taught by {colleague}", course=course_label(first), colleague=colleague),
                COLLEAGUE,
                group.origins,
                lambda setting, name=colleague: _with_courses(setting, group, lambda c: replace(c, teachers=(name,))),  # type: ignore[misc]  # a lambda with defaults
            )
    for more in lessons:
        if all(course.periods + more >= 1 for course in group.courses):
            yield Change(
                group.id,
                Message("{course}: {new} lessons a week", course=_courses(group), new=_changed(group.courses, more)),
                LESSON * abs(more) * len(group.courses),
                group.origins,
                lambda setting, n=more: _with_courses(  # type: ignore[misc]  # a lambda with defaults
                    setting, group, lambda c: replace(c, periods=c.periods + n, doubles=min(c.doubles, int(c.periods + n) // 2))
                ),
            )
    yield Change(
        group.id,
        Message("{course}: not taught", course=_courses(group)),
        LESSON * max(1, sum(int(course.periods) for course in group.courses)) + 1,
        group.origins,
        lambda setting: _without_courses(setting, group),
        given_up=True,
    )


def _changed(courses: tuple[Course, ...], more: int) -> Listing:
    return Listing(dict.fromkeys(lessons(replace(course, periods=course.periods + more)) for course in courses))


def _colleagues(course: Course, plan: School) -> list[str]:
    """Return up to three others who teach the subject, those with the fewest lessons first."""
    load: Counter[str] = Counter()
    able: dict[str, None] = {t.name: None for t in plan.teachers if course.subject in t.subjects}
    for other in plan.courses:
        for name in other.teachers:
            load[name] += int(2 * other.periods)
            if other.subject == course.subject:
                able[name] = None
    return sorted((name for name in able if name not in course.teachers), key=lambda name: (load[name], name))[:3]


def _course_changes(group: Group, what: str, price: int, sentence: Message) -> Iterator[Change]:
    def relaxed(course: Course) -> Course:
        return replace(course, doubles=0) if what == "doubles" else replace(course, weeks=Weeks.EITHER)

    yield Change(group.id, sentence, price, group.origins, lambda setting: _with_courses(setting, group, relaxed))


def _with_courses(setting: Setting, group: Group, edit: Callable[[Course], Course]) -> Setting:
    mine = {course.id for course in group.courses}
    courses = tuple(edit(c) if c.id in mine else c for c in setting.plan.courses)
    return replace(setting, plan=replace(setting.plan, courses=courses))


def _without_courses(setting: Setting, group: Group) -> Setting:
    """Take the lessons away but keep the course: rows go on meaning what they meant."""
    return _with_courses(setting, group, lambda c: replace(c, periods=Fraction(0), doubles=0))


def _courses(group: Group) -> Listing:
    return Listing(course_label(course) for course in group.courses)


# -- defaults, bells, rooms and rules ----------------------------------------------------------------------------------


def _default_changes(group: Group, about: tuple[Course, ...]) -> Iterator[Change]:
    """A subject more than twice a day: a row of its own takes the place of the default."""
    of_subject: dict[str, list[Course]] = defaultdict(list)
    for course in about if group.id == "default:subject_per_day" else ():
        if course.periods > 2:
            of_subject[course.subject].append(course)
    for subject, courses in of_subject.items():
        classes = tuple(dict.fromkeys(name for course in courses for name in course.classes))
        most = ceil(max(course.periods for course in courses) / 5) + 1
        for limit in dict.fromkeys((max(3, most), 4)):
            row = Requirement(_K.MAX_PER_DAY, Selector(classes=classes, subjects=(subject,)), count=limit)
            yield Change(
                group.id,
                Message(
                    "{classes} {subject}: up to {limit} lessons a day (a row “at most per day” in place of the default)",
                    classes=Listing(classes), subject=subject, limit=limit,
                ),
                COUNT + 4 * (limit - 3),
                tuple(course.origin for course in courses if str(course.origin)),
                lambda setting, row=row: replace(  # type: ignore[misc]  # a lambda with defaults
                    setting, plan=replace(setting.plan, requirements=(*setting.plan.requirements, row))
                ),
            )  # fmt: skip


def bell_changes(courses: Sequence[Group], setting: Setting) -> Iterator[Change]:
    """Yield one or two periods more a week in the bells of a class that has several of the courses, on its shortest days."""
    often = Counter(name for group in courses for name in {name for course in group.courses for name in course.classes})
    grades = {record.grade for record in setting.plan.classes if often[record.name] > 1}
    known = {bell.name: bell for grade in sorted(grades) for bell in [setting.plan.bell_of(grade)]}
    broken = len(_broken_rules(setting)) if known else 0
    for bell in known.values():
        days = sorted((day for day in bell.days if bell.lessons(day)), key=lambda day: (len(bell.periods(day)), -day))
        for number in (1, 2):
            longer = reduce(_with_period, days[:number], bell)
            edit = partial(_with_bell, old=bell, new=longer)
            worse = len(_broken_rules(edit(setting))) > broken
            names = Listing(
                Message("{day} {start}-{end}", day=Message(DAY_NAMES[day - 1]), start=clock(last.start), end=clock(last.end))
                for day in days[:number]
                for last in longer.periods(day)[-1:]
            )
            text = Message("bells “{bell}”: one more period on {times}", bell=bell.name, times=names)
            price = PERIOD * number + (MUST if worse else 0)
            yield Change(f"bells:{bell.name}", text, price, (bell.origin,) if str(bell.origin) else (), edit, binding=worse)


def _with_period(bell: BellSchedule, day: int) -> BellSchedule:
    """Return bells with a lesson more after the last period of a day; what came later that day comes later still."""
    last = bell.periods(day)[-1]
    lesson = bell.lessons(day)[-1]
    start = last.end + _BREAK
    added = Section(SectionKind.LESSON, start, start + lesson.minutes, period=max(s.period or 0 for s in bell.periods(day)) + 1)
    later = added.end - last.end
    sections = [replace(s, start=s.start + later, end=s.end + later) if s.start >= last.end else s for s in bell.days[day]]
    return replace(bell, days={**bell.days, day: tuple(sorted([*sections, added], key=lambda s: (s.start, s.end)))})


def _with_bell(setting: Setting, *, old: BellSchedule, new: BellSchedule) -> Setting:
    bells = tuple(new if bell.name == old.name and bell.grades == old.grades else bell for bell in setting.plan.bells)
    return replace(setting, plan=replace(setting.plan, bells=bells))


def _broken_rules(setting: Setting) -> frozenset[tuple[str, str]]:
    """Return the binding rules that plan and bells break, each with the point where."""
    return frozenset((v.rule.id, v.point) for v in breaches(judged(setting.plan, setting.rulesets)))


def _room_changes(group: Group) -> Iterator[Change]:
    name = group.rooms[0].name
    for more in (1, 2, 3, 5):
        yield Change(
            group.id,
            Message("{rooms}; room for {n} more at once", rooms=group.label, n=more),
            ROOM * more,
            group.origins,
            lambda setting, n=more: replace(  # type: ignore[misc]  # a lambda with defaults
                setting,
                plan=replace(
                    setting.plan, rooms=tuple(replace(r, capacity=r.capacity + n) if r.name == name else r for r in setting.plan.rooms)
                ),
            ),
        )


def _rule_changes(group: Group) -> Iterator[Change]:
    must = group.level is not Level.SHOULD
    if group.requirement is not None:
        dropped = {group.requirement.rule}
        sentence = Message("{rule}: not kept ({source})", rule=group.label, source=group.source or "-")
    else:  # activity periods that rules add to the plan
        dropped = set()
        sentence = Message("{rule}: fewer", rule=group.label)

    def edit(setting: Setting) -> Setting:
        def gone(identity: str, kind: str) -> bool:
            return identity in dropped if dropped else kind.startswith("activity")

        sets = tuple(replace(s, rules=tuple(r for r in s.rules if not gone(r.id, r.kind))) for s in setting.rulesets)
        return replace(setting, rulesets=sets)

    yield Change(group.id, sentence, MUST if must else SHOULD, group.origins, edit, binding=must)
