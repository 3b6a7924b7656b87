"""Answers that are kept because they are asked for again and again, up to a size."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values that are made once, and made again when they had to make room for others; any thread may ask.

    Args:
        most: How large all of them together may be.
        size: How large one is.
    """

    def __init__(self, most: int, size: Callable[[Value], int]) -> None:
        self._most = most
        self._size_of = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def items(self) -> list[tuple[Hashable, Value]]:
        """Return all that is kept, with what tells it from others."""
        with self._lock:
            return list(self._values.items())

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return a value.

        Args:
            key: What tells it from others.
            make: What makes it, where it is not kept.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            # Another thread may have made it meanwhile.
            if key not in self._values and self._size_of(value) <= self._most:
                self._values[key] = value
                self._size += self._size_of(value)
            while self._size > self._most:
                _, dropped = self._values.popitem(last=False)
                self._size -= self._size_of(dropped)
        return value
