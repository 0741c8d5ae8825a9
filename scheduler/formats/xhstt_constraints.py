"""The sixteen constraints of an XHSTT instance."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from constraints.base import Constraint, CostFunction
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_workload import LimitWorkload
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.order_events import EventPair, OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents, SpreadLimit
from instances.language import Message
from instances.problem import Event
from scheduler.formats.meet_durations import SplitLimits
from scheduler.formats.xhstt_names import Names, Place
from scheduler.formats.xml_tree import Element

FUNCTIONS = {"Linear": CostFunction.LINEAR, "Quadratic": CostFunction.QUADRATIC, "Step": CostFunction.STEP}

KINDS: dict[str, type[Constraint]] = {
    "AssignResource": AssignResource,
    "AssignTime": AssignTime,
    "SplitEvents": SplitEvents,
    "DistributeSplitEvents": DistributeSplitEvents,
    "PreferResources": PreferResources,
    "PreferTimes": PreferTimes,
    "AvoidSplitAssignments": AvoidSplitAssignments,
    "SpreadEvents": SpreadEvents,
    "LinkEvents": LinkEvents,
    "OrderEvents": OrderEvents,
    "AvoidClashes": AvoidClashes,
    "AvoidUnavailableTimes": AvoidUnavailableTimes,
    "LimitIdleTimes": LimitIdleTimes,
    "ClusterBusyTimes": ClusterBusyTimes,
    "LimitBusyTimes": LimitBusyTimes,
    "LimitWorkload": LimitWorkload,
}

NAMES = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True)
class ConstraintReader:
    """Reads constraints into the words of a problem: indices for times, resources and events, ids for their groups."""

    times: Names[int]
    time_groups: Names[tuple[int, ...]]
    resources: Names[int]
    resource_groups: Names[tuple[int, ...]]
    events: Names[int]
    event_groups: Names[tuple[int, ...]]
    place: Place

    def read(self, instance: Element) -> tuple[Constraint, ...]:
        """Return the constraints of an instance, in the order of the file."""
        elements = (instance.first("Constraints") or Element("", {}, 0)).children
        self.place.distinct(elements)
        return tuple(found for found in map(self._constraint, elements) if found is not None)

    def _constraint(self, element: Element) -> Constraint | None:
        name = element.tag.removesuffix("Constraint")
        kind = KINDS.get(name)
        if kind is None or name == element.tag:
            self.place.fault(element, Message("this is none of the 16 constraints of XHSTT"))
            return None
        before = len(self.place.findings)
        common = {
            "id": self.place.id_of(element),
            "name": element.value("Name"),
            "required": self._choice(element, "Required", {"true": True, "false": False}),
            "weight": self.place.limit(element, "Weight"),
            "cost_function": self._choice(element, "CostFunction", FUNCTIONS),
            "origin": self.place.origin(element),
        }
        fields: dict[str, Callable[[Element], dict[str, Any]]] = {
            "AssignResource": lambda e: {"events": self._events(e), "role": self._role(e)},
            "AssignTime": lambda e: {"events": self._events(e)},
            "SplitEvents": lambda e: {
                "events": self._events(e),
                "min_duration": self.place.limit(e, "MinimumDuration"),
                "max_duration": self.place.limit(e, "MaximumDuration"),
                "min_amount": self.place.limit(e, "MinimumAmount"),
                "max_amount": self.place.limit(e, "MaximumAmount"),
            },
            "DistributeSplitEvents": lambda e: {
                "events": self._events(e),
                "duration": max(self.place.limit(e, "Duration"), 1),
                **self._range(e),
            },
            "PreferResources": lambda e: {
                "events": self._events(e),
                "role": self._role(e),
                "resources": self._members(e, self.resource_groups, self.resources),
            },
            "PreferTimes": lambda e: {
                "events": self._events(e),
                "times": self._members(e, self.time_groups, self.times),
                "duration": self.place.number(e, "Duration", None),
            },
            "AvoidSplitAssignments": lambda e: {"event_groups": self._groups(e), "role": self._role(e)},
            "SpreadEvents": lambda e: {"event_groups": self._groups(e), "limits": tuple(self._spread(e))},
            "LinkEvents": lambda e: {"event_groups": self._groups(e)},
            "OrderEvents": lambda e: {"pairs": tuple(self._pairs(e))},
            "AvoidClashes": lambda e: {"resources": self._resources(e)},
            "AvoidUnavailableTimes": lambda e: {
                "resources": self._resources(e),
                "times": self._members(e, self.time_groups, self.times),
            },
            "LimitIdleTimes": self._in_time_groups,
            "ClusterBusyTimes": self._in_time_groups,
            "LimitBusyTimes": self._in_time_groups,
            "LimitWorkload": lambda e: {"resources": self._resources(e), **self._range(e)},
        }
        own = fields[name](element)
        return kind(**common, **own) if len(self.place.findings) == before else None

    def _choice(self, element: Element, tag: str, choices: dict[str, Any]) -> Any:
        text = element.value(tag)
        if text not in choices:
            self.place.fault(
                element.first(tag) or element,
                Message("<{tag}> is {value}, expected one of {choices}", tag=tag, value=repr(text), choices=", ".join(choices)),
                text,
            )
        return choices.get(text)

    def _role(self, element: Element) -> str:
        if element.first("Role") is None:
            self.place.fault(element, Message("the element <{tag}> is missing", tag="Role"))
        return element.value("Role")

    def _range(self, element: Element) -> dict[str, int]:
        return {"minimum": self.place.limit(element, "Minimum"), "maximum": self.place.limit(element, "Maximum")}

    def _in_time_groups(self, element: Element) -> dict[str, Any]:
        keys = (self.time_groups.key(child) for child in element.all("TimeGroups", "TimeGroup"))
        groups = tuple(dict.fromkeys(key for key in keys if key is not None))
        return {"resources": self._resources(element), "time_groups": groups, **self._range(element)}

    def _members(self, element: Element, groups: Names[tuple[int, ...]], single: Names[int]) -> tuple[int, ...]:
        """The things that are named one by one, and those of the groups named, each once."""
        found: dict[int, None] = {}
        for child in element.all(f"{groups.kind}s", groups.kind):
            found.update(dict.fromkeys(groups.value(child) or ()))
        for child in element.all(f"{single.kind}s", single.kind):
            value = single.value(child)
            if value is not None:
                found[value] = None
        return tuple(found)

    def _applies_to(self, element: Element) -> Element:
        target = element.first("AppliesTo")
        if target is None:
            self.place.fault(element, Message("the element <{tag}> is missing", tag="AppliesTo"))
        return target or Element("AppliesTo", {}, element.line)

    def _events(self, element: Element) -> tuple[int, ...]:
        return self._members(self._applies_to(element), self.event_groups, self.events)

    def _resources(self, element: Element) -> tuple[int, ...]:
        return self._members(self._applies_to(element), self.resource_groups, self.resources)

    def _groups(self, element: Element) -> tuple[str, ...]:
        keys = (self.event_groups.key(child) for child in self._applies_to(element).all("EventGroups", "EventGroup"))
        return tuple(dict.fromkeys(key for key in keys if key is not None))

    def _spread(self, element: Element) -> Iterable[SpreadLimit]:
        for child in element.all("TimeGroups", "TimeGroup"):
            key = self.time_groups.key(child)
            if key is not None:
                yield SpreadLimit(key, self.place.limit(child, "Minimum"), self.place.limit(child, "Maximum"))

    def _pairs(self, element: Element) -> Iterable[EventPair]:
        for pair in self._applies_to(element).all("EventPairs", "EventPair"):
            ends = [pair.first("FirstEvent"), pair.first("SecondEvent")]
            first, second = (self.events.value(end or pair) for end in ends)
            if first is not None and second is not None:
                least = self.place.number(pair, "MinSeparation", 0) or 0
                yield EventPair(first, second, least, self.place.number(pair, "MaxSeparation", None))


def narrowed(events: Iterable[Event], constraints: Sequence[Constraint]) -> tuple[Event, ...]:
    """Return the events with the meet lengths and the candidates that required constraints leave to them, which keeps models small.

    An event with a preassigned time is one meet. Where requirements contradict each other, everything stays possible.
    """
    return _with_candidates(_with_durations(tuple(events), constraints), constraints)


def _with_candidates(events: tuple[Event, ...], constraints: Sequence[Constraint]) -> tuple[Event, ...]:
    roles = {index: list(event.roles) for index, event in enumerate(events)}
    for constraint in constraints:
        if constraint.required and isinstance(constraint, PreferResources):
            wanted = set(constraint.resources)
            for index in constraint.events:
                for number in events[index].roles_named(constraint.role):
                    role = roles[index][number]
                    kept = tuple(resource for resource in role.candidates if resource in wanted)
                    roles[index][number] = dataclasses.replace(role, candidates=kept or role.candidates)
    return tuple(dataclasses.replace(event, roles=tuple(roles[index])) for index, event in enumerate(events))


def _with_durations(events: tuple[Event, ...], constraints: Sequence[Constraint]) -> tuple[Event, ...]:
    limits: dict[int, SplitLimits] = {}
    for constraint in constraints:
        if constraint.required and isinstance(constraint, SplitEvents | DistributeSplitEvents):
            for index in constraint.events:
                limit = limits.setdefault(index, SplitLimits(events[index].duration))
                if isinstance(constraint, SplitEvents):
                    limit.split(constraint.min_duration, constraint.max_duration, constraint.min_amount, constraint.max_amount)
                else:
                    limit.number(constraint.duration, constraint.minimum, constraint.maximum)
    return tuple(
        dataclasses.replace(event, durations=(event.duration,))
        if event.start is not None
        else dataclasses.replace(event, durations=limits[index].possible())
        if index in limits
        else event
        for index, event in enumerate(events)
    )
