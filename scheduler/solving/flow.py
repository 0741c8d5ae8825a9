"""Maximum flow in a small network, and the cut that shows why there is no more."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from ortools.graph.python import max_flow

SOURCE, SINK = "source", "sink"


def greatest_flow(edges: Iterable[tuple[Hashable, Hashable, int]]) -> tuple[int, frozenset[Hashable]]:
    """Return the greatest flow from SOURCE to SINK over (from, to, capacity), and the nodes on the source's side of a least cut."""
    numbers: dict[Hashable, int] = {SOURCE: 0, SINK: 1}
    network = max_flow.SimpleMaxFlow()
    for tail, head, capacity in edges:
        network.add_arc_with_capacity(numbers.setdefault(tail, len(numbers)), numbers.setdefault(head, len(numbers)), capacity)
    if network.num_arcs() == 0:
        return 0, frozenset({SOURCE})
    if network.solve(0, 1) != network.OPTIMAL:
        raise ArithmeticError("the network has no greatest flow")
    names = list(numbers)
    return network.optimal_flow(), frozenset(names[number] for number in network.get_source_side_min_cut())
