"""Small problems and schools for tests, built in a line or two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from constraints.base import Constraint
from instances.problem import Event, Problem, Resource, Role, Time, TimeGroup
from instances.timetable import Meet, Timetable


def grid(days: int, periods: int, name: str = "", start: int = 480, length: int = 40) -> tuple[Time, ...]:
    """A week of ``days`` x ``periods`` times with ``length`` minutes each, the first at ``start``, 10 minutes apart."""
    return tuple(
        Time(
            f"{name}{d}.{p}", f"day {d} period {p}", d, p, start + (p - 1) * (length + 10),
            start + (p - 1) * (length + 10) + length, name,
        )
        for d in range(1, days + 1)
        for p in range(1, periods + 1)
    )  # fmt: skip


def day_groups(times: Sequence[Time]) -> dict[str, TimeGroup]:
    """One time group of kind ``day`` for each day: ``day1``, ``day2``, ..."""
    days = sorted({t.day for t in times})
    return {f"day{d}": TimeGroup(f"day{d}", f"day {d}", tuple(i for i, t in enumerate(times) if t.day == d), "day") for d in days}


def event(name: str, duration: int, *resources: int, durations: tuple[int, ...] = (1,), weeks: tuple[int, ...] = (1,)) -> Event:
    """An event with fixed resources."""
    return Event(name, name, duration, tuple(Role(f"r{i}", r) for i, r in enumerate(resources)), durations, weeks=weeks)


def problem(
    times: Sequence[Time],
    resources: Sequence[str],
    events: Sequence[Event],
    constraints: Iterable[Constraint] = (),
    *,
    time_groups: dict[str, TimeGroup] | None = None,
    event_groups: dict[str, tuple[int, ...]] | None = None,
    weeks: int = 1,
) -> Problem:
    """A problem; resources are given by name, every event is a group of its own beside ``event_groups``."""
    return Problem(
        "test",
        tuple(times),
        tuple(Resource(name, name, "teacher") for name in resources),
        tuple(events),
        tuple(constraints),
        {**day_groups(times), **(time_groups or {})},
        {**{e.id: (i,) for i, e in enumerate(events)}, **(event_groups or {})},
        weeks=weeks,
    )


def place(problem: Problem, *meets: tuple[int, int, int] | tuple[int, int, int, int]) -> Timetable:
    """A timetable of (event, start, duration[, weeks]) with all fixed resources filled in."""
    return Timetable.of(
        [
            Meet(
                e, d, s, (w[0] if w else problem.every_week), tuple(role.resource for role in problem.events[e].roles)
            )
            for e, s, d, *w in meets
        ]
    )  # fmt: skip
