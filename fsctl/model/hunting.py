"""How a hunt group stands: who took its last call, who is rung just now, and who has been idle since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

#: FreeSWITCH may tell of a talk so much later than its call was taken.
JUST_TAKEN: Final = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Tally:
    """One member's part in a group's calls: how many were taken, when the last one was taken and when it ended.

    ``talking`` is whether that one still goes on. ``idle_since`` is the end of the last call that counts; None for
    who never took one.
    """

    calls: int = 0
    accepted_at: datetime | None = None
    idle_since: datetime | None = None
    talking: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A group as of one instant. ``pointer`` is the member who took the last call, None before the first one.

    ``turn`` grows with each call taken: a member is reserved only if nobody took one since this was read. ``place`` is
    how far the pointer has come round and round; where several calls ring at once, each has a place of its own, and the
    pointer does not go back when they are taken in another order. ``reserved`` are the members who are rung for other
    calls.
    """

    pointer: str | None = None
    turn: int = 0
    place: int = 0
    reserved: frozenset[str] = frozenset()
    tallies: Mapping[str, Tally] = field(default_factory=dict)

    def tally(self, member: str) -> Tally:
        """That of a member, who may have taken no call yet."""
        return self.tallies.get(member, _NONE)


_NONE = Tally()
