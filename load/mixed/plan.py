"""Which calls are made when."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle

from load.mixed.office import (
    ABSENT,
    ATTENDED,
    CALLERS,
    EXECUTIVES,
    KEY,
    PARKING,
    PEOPLE,
    PICKUP,
    RETRIEVE,
    TRANSFERRING,
)

#: Seconds of one turn of all kinds, in which so many calls begin.
TURN, CALLS = 2.0, 16

#: Seconds after which somebody fetches a call, by when it is parked, and picks one up.
_FETCHED, _PICKED = 2.3, 1.0


@dataclass(frozen=True)
class Placed:
    """One call: seconds after the beginning, who calls whom, and for how many seconds he speaks once he is answered.

    ``result`` is a pattern of what the journal is to say of it. ``key`` is pressed after the answer.
    """

    at: float
    kind: str
    caller: str
    dialled: str
    talk: float
    result: str
    key: str = ""


def calls(seconds: float) -> list[Placed]:
    """All that begin within so many seconds, in their order."""
    made = (placed for turn in range(round(seconds / TURN)) for placed in _turn(turn))
    return sorted(made, key=lambda each: each.at)


def _turn(turn: int) -> Iterator[Placed]:
    """One turn: a call each eighth of a second, but that those to groups come together and some have to wait."""
    first = turn * 5 % len(CALLERS)
    callers = cycle(CALLERS[first:] + CALLERS[:first])
    begins = (turn * TURN + number * TURN / CALLS for number in count())

    def placed(kind: str, dialled: str, result: str, talk: float, after: float = 0.0, key: str = "") -> Placed:
        caller = f"+4915112345{turn:03}" if dialled.startswith("+") else next(callers)
        return Placed(next(begins) + after, kind, caller, dialled, talk, result, key)

    apart = 2 * TURN / CALLS  # between a call and the one that fetches it, without a delay

    for number in range(4):
        yield placed("person", PEOPLE[(4 * turn + number) % 4], "user:12[1-4]", 1.5)
    for group in ("300", "300", "300", "301") if turn % 2 else ("301", "301", "301", "300"):
        yield placed("group", group, "user:13[1256]", 1.2)
    for number in range(2):
        yield placed("transfer", TRANSFERRING[(2 * turn + number) % 4], "user:12[5-8]", 4.0)
    yield placed("executive", EXECUTIVES[turn % 2], "user:(?:18[12]|172)", 3.0)
    yield placed("attendant", ATTENDED, f"user:{PEOPLE[0]}", 4.5, key=KEY)
    yield placed("park", PARKING[turn % 4], "user:1[01].", 6.0)
    yield placed("pickup", ABSENT[turn % 4], "user:1[01].", 2.5)
    yield placed("retrieve", f"{RETRIEVE}{PARKING[turn % 4]}", "retrieve:15.", 1.5, _FETCHED - apart)
    yield placed("picking up", f"{PICKUP}{ABSENT[turn % 4]}", "pickup:16.", 1.5, _PICKED - apart)
