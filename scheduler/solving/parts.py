"""Parts of a problem that hang together: classes taught by the same teachers, with all their events.

A question about all classes of a large school at once finds no answer in minutes; about a dozen classes, with the others kept as they
are, it takes a second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from constraints.base import Violation
from instances.problem import Problem


class Parts:
    """The resources of the type that is busy most (in a school: the classes), and how closely they are tied to one another.

    ``members`` are their indices; ``events_of`` their events.
    """

    def __init__(self, problem: Problem) -> None:
        by_type: dict[str, list[int]] = defaultdict(list)
        covered: Counter[str] = Counter()
        for index, resource in enumerate(problem.resources):
            if problem.events_of[index]:
                by_type[resource.type].append(index)
                covered[resource.type] += sum(problem.events[event].duration for event in problem.events_of[index])
        most = max(covered.values(), default=0)
        # Of types that are about as busy, the one with the fewest resources.
        type_ = min((t for t in covered if covered[t] >= 0.9 * most), key=lambda t: (len(by_type[t]), t), default="")
        self.members: list[int] = by_type[type_]
        self.events_of = {member: frozenset(problem.events_of[member]) for member in self.members}
        self._ties = self._tied(problem)

    def _tied(self, problem: Problem) -> dict[int, Counter[int]]:
        """Return for each member the others, with the number of periods that they share other resources."""
        known = set(self.members)
        by_other: dict[int, Counter[int]] = defaultdict(Counter)
        for event in problem.events:
            resources = set(event.fixed_resources())
            for other in resources - known:
                for member in resources & known:
                    by_other[other][member] += event.duration
        ties: dict[int, Counter[int]] = {member: Counter() for member in self.members}
        for shares in by_other.values():
            if len(shares) <= len(self.members) / 2:  # what everybody needs ties nobody together
                for member, periods in shares.items():
                    for other, theirs in shares.items():
                        if other != member:
                            ties[member][other] += min(periods, theirs)
        return ties

    def around(self, first: int, size: int) -> list[int]:
        """Return ``size`` members (all, if there are fewer), grown from ``first`` by the closest tie to all so far."""
        chosen, near = [first], Counter(self._ties[first])
        rest = set(self.members) - {first}
        while rest and len(chosen) < size:
            chosen.append(max(rest, key=lambda member: (near[member], -member)))
            rest.remove(chosen[-1])
            near.update(self._ties[chosen[-1]])
        return chosen

    def events(self, chosen: Sequence[int]) -> frozenset[int]:
        """Return the events of some members."""
        return frozenset(event for member in chosen for event in self.events_of[member])

    def cost_of(self, problem: Problem, violations: Sequence[Violation]) -> Counter[int]:
        """Return what each member has to do with the preference cost: a violation counts in full for each member in it."""
        of_event: dict[int, list[int]] = defaultdict(list)
        for member, events in self.events_of.items():
            for event in events:
                of_event[event].append(member)
        cost: Counter[int] = Counter()
        for violation in violations:
            for member in {member for event in _touched(problem, violation) for member in of_event[event]}:
                cost[member] += violation.cost.preference
        return cost


def inside(problem: Problem, free: frozenset[int], violations: Sequence[Violation]) -> int:
    """Return the preference cost that lies wholly within some events."""
    return sum(v.cost.preference for v in violations if (touched := _touched(problem, v)) and touched <= free)


def _touched(problem: Problem, violation: Violation) -> set[int]:
    """Return the events that a violation names, else all events of the resources it names."""
    return {meet.event for meet in violation.meets} or {event for r in violation.resources for event in problem.events_of[r]}
