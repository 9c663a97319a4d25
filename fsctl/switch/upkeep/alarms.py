"""When to look at what again, by the clock."""

import heapq
from collections.abc import Hashable
from datetime import datetime
from itertools import count
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Alarms(Generic[Key]):
    """One instant for each key at most. ``again``: where the clock was set back, all are due at once."""

    def __init__(self, *, again: bool) -> None:
        self._again = again
        self._at: dict[Key, datetime] = {}
        #: With those that do not count any more; numbered, since keys need not have an order.
        self._heap: list[tuple[datetime, int, Key]] = []
        self._numbers = count()
        self._looked: datetime | None = None

    def arm(self, key: Key, at: datetime | None) -> bool:
        """Then, and at no other time; with None never. Whether that is the first of all now."""
        if at is None:
            self._at.pop(key, None)
            return False
        if self._at.get(key) != at:
            self._at[key] = at
            heapq.heappush(self._heap, (at, next(self._numbers), key))
        if len(self._heap) > 2 * len(self._at) + 100:
            self._heap = [(each, next(self._numbers), key) for key, each in self._at.items()]
            heapq.heapify(self._heap)
        return self._first() == at

    def clear(self) -> None:
        """None is armed any more."""
        self._at.clear()
        self._heap.clear()

    def due(self, now: datetime) -> set[Key]:
        """Those whose time has come, which are armed no more; all that there are if ``again``."""
        if self._again and self._looked is not None and now < self._looked:
            found = set(self._at)
            self.clear()
        else:
            found = set[Key]()
            while (first := self._first()) is not None and first <= now:
                key = heapq.heappop(self._heap)[2]
                del self._at[key]
                found.add(key)
        self._looked = now
        return found

    def seconds(self, now: datetime, longest: float) -> float:
        """How long nothing is due."""
        first = self._first()
        return longest if first is None else min(max((first - now).total_seconds(), 0.0), longest)

    def _first(self) -> datetime | None:
        while self._heap and self._at.get(self._heap[0][2]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None
