"""What is found once and then looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """What ``found`` says of a key, once it has been asked: ``functools.cache`` with the speed of a look-up in a dictionary."""

    def __init__(self, found: Callable[[K], V]) -> None:
        super().__init__()
        self._found = found

    def __missing__(self, key: K) -> V:
        value = self[key] = self._found(key)
        return value
