"""What is measured in one round at each server."""

from dataclasses import dataclass

from load.compared import SERVERS


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
_QUICK = {1: (100, 0.2), 10: (200, 0.4), 50: (600, 0.4), 200: (200, 1.0)}
_FULL = {1: (300, 1.5), 10: (600, 2.0), 50: (3000, 2.0), 200: (1000, 2.0)}

#: What is left out when it is to be quick, since no ratio needs it.
_ONLY_IN_FULL = {("hub", 200), ("genesis", 200), ("bare", 200), ("code", 1), ("code", 200)}

#: A hunt call is the dearest: with more of them at once they would wait for longer than FreeSWITCH does.
_AT_ONCE = {"person": (1, 50, 200), "hunt": (1, 10), "hunt-always-open": (10,), "code": (1, 50, 200)}
_NOTHING = (1, 50, 200)


def legs(server: str, *, quick: bool) -> list[Leg]:
    """Of one server, the storms before what the processors are counted in."""
    kinds = _AT_ONCE if server == "fsctl" else {"nothing": _NOTHING}
    amounts = _QUICK if quick else _FULL
    return [
        Leg(server, kind, at_once, *amounts[at_once])
        for kind, counts in kinds.items() for at_once in counts
        if not quick or (server, at_once) not in _ONLY_IN_FULL and (kind, at_once) not in _ONLY_IN_FULL
        if not quick or kind != "hunt-always-open"
    ]


def selected(only: list[str]) -> list[str]:
    """The servers that are meant, in a fixed order."""
    return [server for server in SERVERS if not only or server in only]
