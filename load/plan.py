"""What is measured in one round at each server."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Leg:
    """Calls of one kind, so many at once: no more than ``calls``, and none that begins after ``seconds``."""

    server: str
    kind: str
    at_once: int
    calls: int
    seconds: float

    @property
    def key(self) -> tuple[str, str, int]:
        return self.server, self.kind, self.at_once


#: Calls at once, and how many calls in how many seconds these are, quick and in full.
_QUICK = {1: (100, 0.2), 10: (200, 0.4), 50: (1500, 0.3), 200: (200, 1.0)}
_FULL = {1: (300, 1.5), 10: (600, 2.0), 50: (3000, 2.0), 200: (1000, 2.0)}

#: What is left out when it is to be quick, since no ratio needs it.
_ONLY_IN_FULL = {("hub", 200), ("genesis", 200), ("bare", 200), ("code", 1), ("code", 200),
                 ("hunt-always-open", 10), ("answered", 50)}

#: A hunt call is the dearest: with more of them at once they would wait for longer than FreeSWITCH does.
_AT_ONCE = {"person": (1, 50, 200), "hunt": (1, 10), "hunt-always-open": (10,),
            "answered": (50,), "code": (1, 50, 200)}
_NOTHING = (1, 50, 200)


def legs(server: str, *, quick: bool, most: int | None = None) -> list[Leg]:
    """Of one server; each of ``most`` calls, however long they take."""
    kinds = _AT_ONCE if server == "fsctl" else {"nothing": _NOTHING}
    amounts = _QUICK if quick else _FULL
    return [
        Leg(server, kind, at_once, *((most, math.inf) if most else amounts[at_once]))
        for kind, counts in kinds.items() for at_once in counts
        if not quick or not {(server, at_once), (kind, at_once)} & _ONLY_IN_FULL
    ]
