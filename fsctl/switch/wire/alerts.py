"""How phones are told to ring silently or with a splash: what Alert-Info says, which each maker reads otherwise.

It is set at FreeSWITCH by the variables ``fsctl_alert_silent`` and ``fsctl_alert_splash`` (docs/phones.md): first what
all phones are told, then, behind ``|``, ``Name=`` and what those are told whose User-Agent has that name in it.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Final
from uuid import uuid4

from fsctl.model.actions import Leg, Ring
from fsctl.switch.wire.contacts import Ask, contacts, question

log = logging.getLogger(__name__)

#: Where nothing is set. Yealink has a silent ring tone and one for a splash of its own.
DEFAULTS: Final[Mapping[str, str]] = {
    "silent": "<http://127.0.0.1>;info=silent|Yealink=ringtone-9",
    "splash": "<http://127.0.0.1>;info=splash|Yealink=ringtone-10",
}

_VARIABLES: Final = {"silent": "fsctl_alert_silent", "splash": "fsctl_alert_splash"}

#: Without what ends a quoted value, a variable or a header, or begins something else in a dial string. A header that
#: says nothing is left out.
_VALUE: Final = re.compile(r"(?!.*:_:)[A-Za-z0-9 <>:/;=._?&@+-]{0,200}")
#: What the event socket makes of an answer of no characters (mod_event_socket.c, api_exec).
_NOTHING: Final = "-ERR no reply"
_NAME: Final = re.compile(r"[A-Za-z0-9.-]{1,40}")

#: Name and value; "" stands for all phones.
Types = tuple[tuple[str, str], ...]


def find(ring: Ring, found: Mapping[str, Sequence[str]], ask: Ask) -> dict[Leg, dict[str, str]]:
    """What each phone of those legs is told that have an ``alert``, by its endpoint (contacts.find)."""
    legs = [leg for leg in ring.everybody if leg.alert and leg.trunk is None]
    if not legs:
        return {}
    domain, *settings = ask(["global_getvar domain", *(f"global_getvar {_VARIABLES[leg.alert]}" for leg in legs)])
    return {leg: _of(leg, found.get(leg.target.name, ()), types(leg.alert, setting), domain.strip(), ask)
            for leg, setting in zip(legs, settings, strict=True)}


def types(alert: str, setting: str) -> Types:
    """What is set, the types in their order and what counts for all at the end; the default where it cannot be used."""
    text = unescape(setting.strip())  # in an XML file an angle bracket has to be written so
    if text == _NOTHING:
        text = ""
    told, *others = text.split("|") if text else [""]
    pairs = [each.partition("=")[::2] for each in others]
    usable = _VALUE.fullmatch(told) and all("=" in each for each in others) and all(
        _NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in pairs)
    if text and usable:
        return (*((name, value.strip()) for name, value in pairs), ("", told.strip()))
    if text:
        log.warning("%s cannot be used, the default counts: %r", _VARIABLES[alert], text[:200])
    return types(alert, DEFAULTS[alert])


def _of(leg: Leg, endpoints: Sequence[str], known: Types, domain: str, ask: Ask) -> dict[str, str]:
    """FreeSWITCH compares the names with what each phone called itself when it registered (mod_sofia.c,
    select_from_profile), and is asked once for all names and profiles.
    """
    key, profiles = uuid4().hex, dict.fromkeys(endpoint.split("/")[1] for endpoint in endpoints)
    asked = [(value, f"{question(leg.target.name, key, profile, domain)}~{name}")
             for name, value in known if name for profile in profiles]
    told = dict.fromkeys(endpoints, known[-1][1])
    answers = ask([text for _, text in asked]) if asked else ()
    for (value, _), answer in reversed([*zip(asked, answers, strict=True)]):
        told |= {endpoint: value for endpoint in contacts(answer, key) if endpoint in told}
    return told
