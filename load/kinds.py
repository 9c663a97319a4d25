"""The kinds of calls, and the office to which they are made."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from load.channel import Channel
from load.template import gap

#: Of the hunt group; each is a user with one registered phone.
MEMBERS = 200

_FIRST = 1000
_PEOPLE = [str(_FIRST + number).encode() for number in range(MEMBERS)]


@dataclass(frozen=True)
class Kind:
    """One kind of call. A command with one of ``decided`` in it is the decision.

    The caller hangs up at once then, or after a while where somebody has ``answered``; where he ``waits``, he goes on.
    """

    name: str
    channel: Channel
    decided: tuple[bytes, ...]
    fills: Iterator[dict[str, bytes]]
    answered: bool = False
    waits: bool = False


def _to_people() -> Iterator[dict[str, bytes]]:
    for number in itertools.count():
        yield {"caller": _PEOPLE[number % MEMBERS], "dialled": _PEOPLE[(number + 1) % MEMBERS]}


def _from_outside() -> Iterator[dict[str, bytes]]:
    for number in itertools.count():
        yield {"digits": b"%08d" % (number % 10**8)}


def _from_people() -> Iterator[dict[str, bytes]]:
    for number in itertools.count():
        yield {"caller": _PEOPLE[number % MEMBERS]}


def between(pairs: Iterable[tuple[str, str]], *, answered: bool = False) -> Kind:
    """Calls of these callers to these people, again and again."""
    fills = ({"caller": caller.encode(), "dialled": dialled.encode()} for caller, dialled in itertools.cycle(pairs))
    return Kind("person", _inside(gap("dialled")), _BRIDGE, fills, answered=answered)


def waiting(dialled: str) -> Kind:
    """Calls from outside to a hunt group of which nobody is free."""
    return Kind("waiting", _outside(dialled), (b"execute-app-name: ring_ready",), _from_outside(), waits=True)


def _inside(dialled: str) -> Channel:
    caller = gap("caller")
    own = {"user_name": caller, "fsctl_extension": caller, "sip_auth_username": caller, "sip_authorized": "true"}
    return Channel(caller, "Anna Adler, Verkauf", dialled, own)


def _outside(dialled: str) -> Channel:
    return Channel(f"+49171{gap('digits')}", "Fa. Müller & Söhne", dialled, {"fsctl_external": "true"})


_BRIDGE = (b"execute-app-name: bridge",)
_HANGUP = (b"hangup",)

KINDS: dict[str, Callable[[], Kind]] = {
    "person": lambda: Kind("person", _inside(gap("dialled")), _BRIDGE, _to_people()),
    "answered": lambda: Kind("answered", _inside(gap("dialled")), _BRIDGE, _to_people(), answered=True),
    "hunt": lambda: Kind("hunt", _outside("+49305550100"), _BRIDGE, _from_outside()),
    "hunt-always-open": lambda: Kind("hunt-always-open", _outside("+49305550200"), _BRIDGE, _from_outside()),
    "code": lambda: Kind(
        "code", _inside("*79"), (b"execute-app-name: phrase", b"execute-app-name: playback"), _from_people()),
    "nothing": lambda: Kind("nothing", _inside(gap("dialled")), _HANGUP, _to_people()),
}


def office(today: date) -> str:
    """The office file. The main site is open on ``today`` and the day after, whatever the hour."""
    days = ", ".join(f'"{today + timedelta(days=day)} 00:00-24:00"' for day in range(-1, 2))
    users = "".join(f'[users.{who.decode()}]\nname = "User {who.decode()}"\nsite = "berlin"\nmailbox = true\n'
                    for who in _PEOPLE)
    members = ", ".join(f'"{who.decode()}"' for who in _PEOPLE)
    return f'''version = 1
[numbering]
country = "DE"
emergency = []
external_prefix = "0"
[schedules.open]
weekly = {{ mon-thu = ["08:00-12:00", "13:00-18:00"], fri = ["08:00-16:00"] }}
except = ["holidays", "12-24", "12-31"]
also = [{days}]
[schedules.always]
weekly = {{ mon-sun = ["00:00-24:00"] }}
[sites.berlin]
name = "Berlin"
timezone = "Europe/Berlin"
language = "de"
holidays = "DE-BE"
numbers = ["+49305550100"]
reception = "hunt:sales"
night = {{ outside = "open", to = "mailbox:{_FIRST}" }}
[sites.hamburg]
name = "Hamburg"
timezone = "Europe/Berlin"
language = "de"
holidays = "DE-HH"
numbers = ["+49305550200"]
reception = "hunt:sales"
night = {{ outside = "always", to = "mailbox:{_FIRST}" }}
{users}
[groups.sales]
name = "Sales"
site = "berlin"
members = [{members}]
[groups.sales.hunt]
extension = "300"
policy = "circular"
ring_seconds = 15
overflow = {{ after_seconds = 60, to = "mailbox:{_FIRST}" }}
'''
