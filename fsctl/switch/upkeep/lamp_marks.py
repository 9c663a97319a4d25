"""What the calls that there are make of lamps, kept up channel by channel."""

from collections import Counter
from collections.abc import Iterable, Set
from typing import Final

from fsctl.model.lamps import Mark, marks
from fsctl.model.live import LiveCall

_NONE: Final = frozenset[Mark]()


class Marks:
    """A mark is in it while any channel makes it."""

    def __init__(self) -> None:
        self._of: dict[str, frozenset[Mark]] = {}
        self._counts: Counter[Mark] = Counter()

    def __contains__(self, mark: object) -> bool:
        return mark in self._counts

    def change(self, uuid: str, call: LiveCall | None) -> Set[Mark]:
        """A channel is as ``call`` tells now, or gone: the marks that came or went by that."""
        before, after = self._of.get(uuid, _NONE), frozenset(marks(call)) if call else _NONE
        if after == before:
            return _NONE
        if after:
            self._of[uuid] = after
        else:
            self._of.pop(uuid, None)
        came = {mark for mark in after - before if mark not in self._counts}
        self._counts.update(after - before)
        for mark in before - after:
            self._counts[mark] -= 1
        gone = {mark for mark in before - after if not self._counts[mark]}
        for mark in gone:
            del self._counts[mark]
        return came | gone

    def replace(self, calls: Iterable[LiveCall]) -> set[Mark]:
        """These are all channels that there are: the marks that came or went by that."""
        there = {call.uuid: call for call in calls}
        changed = set[Mark]()
        for uuid in (*self._of.keys() - there.keys(), *there):
            changed |= self.change(uuid, there.get(uuid))
        return changed
