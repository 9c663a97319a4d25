"""Star codes: their names, the digits they have unless the office file says otherwise, and which one was dialled."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from fsctl.model import lamp_names


@dataclass(frozen=True, kw_only=True)
class Codes:
    """``[codes]``. A field is a code's name, its default the digits."""

    pickup: str = "*98"
    pickup_directed: str = "*97"
    barge_in: str = "*42"
    park: str = "*68"
    retrieve: str = "*88"
    group_park: str = "*58"
    night: str = "*28"
    forward_always: str = "*72"
    forward_always_off: str = "*73"
    mailbox: str = "*86"
    filter_on: str = "#61"
    filter_off: str = "#62"
    push: str = "#63"
    on_behalf: str = "#64"
    opt_in: str = "#65"
    opt_out: str = "#66"
    divert: str = "#67"
    take_over: str = "*11"
    join: str = "*15"
    hunt_leave: str = "*64"
    hunt_join: str = "*63"
    dnd_on: str = "*78"
    dnd_off: str = "*79"
    record: str = "*44"
    withhold: str = "#31"


#: What the keys beside lamps do, by the kind of their name; of others it is where they lead (fsctl.model.office).
_KEYS = {"slot": "slot_key", "night": "night_key", "hunt": "hunt_key", "assistant": "assistant_key"}

#: The key of a group call, which leads there.
CONFERENCE_KEY = "conference_key"

#: Codes that go with another one and cannot be set apart: ``night`` and one digit more.
_NIGHT = {"night_off": "0", "night_on": "1", "night_auto": "9"}

#: What a phone dials before the extension when its blinking busy lamp is pressed: FreeSWITCH tells it so in the lamp's
#: dialog-info (sofia_presence.c, ``<target uri="sip:**101@…"/>``).
LAMP_KEY = "**"


@dataclass(frozen=True, slots=True)
class Dialled:
    """A code that was dialled: its name, its own digits, and the ``digits`` that came after it."""

    name: str
    code: str
    digits: str


def all_codes(codes: Codes) -> Iterator[tuple[str, str]]:
    """Every code as (name, digits), those that go with another one too."""
    for field in fields(codes):
        yield field.name, getattr(codes, field.name)
    yield from ((name, codes.night + digit) for name, digit in _NIGHT.items())
    yield "pickup_lamp", LAMP_KEY


def all_keys() -> Iterator[tuple[str, str]]:
    """The keys beside lamps as (name, what they dial before the lamp's own name)."""
    for kind in lamp_names.KINDS:
        yield _KEYS.get(kind, CONFERENCE_KEY), f"{kind}+"


def closed(codes: Codes, dialled: str) -> str:
    """Without the ``#`` by which telephones close what was dialled, unless a code ends so."""
    while dialled.endswith("#") and not any(dialled == code for _, code in all_codes(codes)):
        dialled = dialled.removesuffix("#")
    return dialled


def unwithheld(codes: Codes, dialled: str) -> str:
    """Without the code by which one withholds one's number, and the ``#`` that may follow it (``#31#``)."""
    if not dialled.startswith(codes.withhold):
        return dialled
    return dialled.removeprefix(codes.withhold).removeprefix("#")


def match(codes: Codes, dialled: str) -> Dialled | None:
    """The longest code that what was dialled begins with, or a lamp's key; None where there is none."""
    if key := lamp_names.split(dialled):
        return Dialled(_KEYS[key[0]], f"{key[0]}+", key[1]) if key[0] in _KEYS else None
    dialled = closed(codes, dialled)
    found = [(code, name) for name, code in all_codes(codes) if dialled.startswith(code)]
    if not found:
        return None
    code, name = max(found, key=lambda each: len(each[0]))
    return Dialled(name, code, dialled.removeprefix(code))
