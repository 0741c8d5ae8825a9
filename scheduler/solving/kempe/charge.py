"""What a deviation costs, as one whole number: a unit of required cost is ``REQUIRED``."""

from __future__ import annotations

from constraints.base import Constraint

REQUIRED = 10**9


class NotUnderstood(Exception):
    """A problem with something that moves of lessons cannot say."""


def scale(c: Constraint) -> int:
    """Return what a deviation of 1 costs where the cost is linear."""
    return c.weight * (REQUIRED if c.required else 1)


def charge(c: Constraint, deviation: int) -> int:
    """Return what a deviation costs."""
    return scale(c) * c.cost_function(deviation)
