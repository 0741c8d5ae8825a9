"""Bell schedules -> the times of a problem.

Every set of bells that differs from the others by the clock has times of its own. A stretch of periods in which a double lesson may
stand (no lunch, noon rest or long break inside) is one ``grid`` of the problem, so a meet can never cross a break.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from instances.bells import BellSchedule, Section, SectionKind
from instances.language import Message
from instances.problem import Time, TimeGroup
from instances.school import School, Slot

# A double lesson may run over an ordinary break or eye exercises, not over these.
_BARRIERS = (SectionKind.LONG_BREAK, SectionKind.LUNCH, SectionKind.NOON_REST, SectionKind.DINNER, SectionKind.MEETING)
_LONGEST_BREAK = 25  # minutes; a longer gap without a name is a barrier too

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass
class Week:
    """The times of a school week and the groups made of them.

    ``lesson`` and ``activity`` hold, for each grade, the times in which lessons and activity periods may stand; ``morning`` the times
    before noon; ``at`` the times of every grid at a (day, period).
    """

    times: list[Time] = field(default_factory=list)
    lesson: dict[int, tuple[int, ...]] = field(default_factory=dict)
    activity: dict[int, tuple[int, ...]] = field(default_factory=dict)
    morning: set[int] = field(default_factory=set)
    at: dict[Slot, list[int]] = field(default_factory=dict)
    groups: dict[str, TimeGroup] = field(default_factory=dict)

    def group(self, key: str, name: str, times: Iterable[int], kind: str = "") -> str:
        """Store a time group, made once for each key, and return its id."""
        if key not in self.groups:
            self.groups[key] = TimeGroup(key, name, tuple(times), kind)
        return key

    def slots(self, slots: Iterable[Slot]) -> tuple[int, ...]:
        """Return the times, of all grids, that stand at the given positions."""
        return tuple(sorted({time for slot in slots for time in self.at.get(slot, ())}))

    def slot_group(self, slots: Iterable[Slot]) -> str:
        """Return the id of the time group of some positions."""
        chosen = sorted(set(slots))
        key = "slots:" + ",".join(f"{slot.day}.{slot.period}" for slot in chosen)
        return self.group(key, ", ".join(str(slot_name(slot)) for slot in chosen), self.slots(chosen))

    @property
    def neighbours(self) -> frozenset[tuple[int, int]]:
        """Pairs of times that follow each other with no lunch or long break between."""
        pairs = pairwise(range(len(self.times)))
        return frozenset((a, b) for a, b in pairs if self.times[a].grid == self.times[b].grid)

    @property
    def days(self) -> tuple[str, ...]:
        """Ids of the day groups, in order."""
        return tuple(key for key, group in self.groups.items() if group.kind == "day")

    @property
    def half_days(self) -> tuple[str, ...]:
        """Ids of the morning and afternoon groups, in order."""
        return tuple(key for key, group in self.groups.items() if group.kind == "half-day")


def slot_name(slot: Slot) -> Message:
    """Return the name of a slot for people: Mon-3, 周一第3节."""
    return Message("{day} period {period}", day=Message(DAY_NAMES[slot.day - 1]), period=slot.period)


def _signature(bell: BellSchedule) -> tuple[tuple[int, int | None, int, int, SectionKind], ...]:
    return tuple((day, s.period, s.start, s.end, s.kind) for day in sorted(bell.days) for s in bell.periods(day))


def _parted(bell: BellSchedule, day: int, before: Section, after: Section) -> bool:
    """Say whether a meet may not run on from one period into the next."""
    between = [s for s in bell.days[day] if before.end <= s.start and s.end <= after.start]
    if any(s.kind in _BARRIERS for s in between) or before.kind is not after.kind:
        return True
    return after.start - before.end > _LONGEST_BREAK


def week_of(school: School) -> Week:
    """Return the times of a school: one set for each distinct bell schedule that its classes use."""
    week = Week()
    seen: dict[object, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for grade in sorted({c.grade for c in school.classes}):
        bell = school.bell_of(grade)
        signature = _signature(bell)
        if signature not in seen:
            seen[signature] = _add_bell(week, bell, f"{len(seen)}")
        week.lesson[grade], week.activity[grade] = seen[signature]
    for index, time in enumerate(week.times):
        week.at.setdefault(Slot(time.day, time.period), []).append(index)
    order = sorted(range(len(week.times)), key=lambda i: (week.times[i].day, week.times[i].period, i))
    for day in sorted({time.day for time in week.times}):
        times = [i for i in order if week.times[i].day == day]
        name = str(Message(DAY_NAMES[day - 1]))
        week.group(f"day{day}", name, times, "day")
        week.group(f"day{day}am", name + " " + str(Message("morning")), [i for i in times if i in week.morning], "half-day")
        week.group(f"day{day}pm", name + " " + str(Message("afternoon")), [i for i in times if i not in week.morning], "half-day")
    return week


def _add_bell(week: Week, bell: BellSchedule, number: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    lessons: list[int] = []
    activities: list[int] = []
    for day in sorted(bell.days):
        run = 0
        noon = bell.noon(day)
        before: Section | None = None
        for section in bell.periods(day):
            assert section.period is not None
            if before is not None and _parted(bell, day, before, section):
                run += 1
            before = section
            index = len(week.times)
            week.times.append(
                Time(
                    f"{number}:{day}.{section.period}",
                    str(slot_name(Slot(day, section.period))),
                    day,
                    section.period,
                    section.start,
                    section.end,
                    f"{number}:{day}:{run}",
                )
            )
            if section.kind is SectionKind.ACTIVITY:
                activities.append(index)
            elif section.kind is SectionKind.LESSON:
                lessons.append(index)
            if section.start < noon:
                week.morning.add(index)
    return tuple(lessons), tuple(activities)
