"""The phones that a ``bridge`` rings: where a person is registered, as FreeSWITCH tells it, kept to what can be rung.

A contact is text that a phone chose. Pasted into a dial string it could dial anything and run commands, so that it is
rung only if it is a SIP address; and a key that no phone knows stands before each contact in FreeSWITCH's answer, so
that no contact can pass for two.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final
from uuid import uuid4

from fsctl.model.actions import Leg, Ring
from fsctl.model.foreign import clean_number, sip_address
from fsctl.model.office import Office
from fsctl.switch.wire.text import word

#: FreeSWITCH rings no more at once (switch_ivr_originate.c, MAX_PEERS), the leg for a pickup being one of them.
MOST_AT_ONCE: Final = 127

_CONTACT = re.compile(r"sofia/([A-Za-z0-9_.-]{1,64})/(.*?),?\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Phone:
    """One leg of a bridge. ``uuid`` is the channel's to be, ``endpoint`` stands in the dial string as it is."""

    uuid: str
    leg: Leg
    endpoint: str


Arranged = tuple[tuple[tuple[Phone, ...], ...], ...]


def question(extension: str, key: str = "") -> str:
    """The command that tells where a person is registered now, in any profile of the switch's own domain."""
    return f"sofia_contact */{word(extension)}" + (f"/{word(key)}" if key else "")


def contacts(answer: str, key: str) -> tuple[str, ...]:
    """The endpoints in its answer (mod_sofia.c, contact_callback), without those that could be more than that."""
    found = (_CONTACT.fullmatch(row) for row in answer.split(key)[1:])
    return tuple(f"sofia/{each[1]}/{each[2]}" for each in found if each and sip_address(each[2]))


def people(ring: Ring) -> Iterable[str]:
    """Whose phones are to be found."""
    return dict.fromkeys(leg.target.name for leg in ring.legs if leg.trunk is None)


def arrange(ring: Ring, contacts: Mapping[str, Sequence[str]], office: Office) -> Arranged:
    """The branches of ``ring``, each with its stages in turn, each with the phones that ring side by side.

    A leg without a phone is no stage, and a branch without a stage is left out.
    """
    def stage(leg: Leg) -> tuple[Phone, ...]:
        endpoints = contacts.get(leg.target.name, ()) if leg.trunk is None else (_line(leg, office),)
        return tuple(Phone(str(uuid4()), leg, endpoint) for endpoint in endpoints)

    branches = (tuple(filter(None, map(stage, branch))) for branch in ring.branches)
    return tuple(filter(None, branches))


def within_limit(ring: Ring, contacts: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """So many of the contacts as FreeSWITCH rings at once: everybody's first before anybody's second."""
    room = MOST_AT_ONCE - sum(leg.trunk is not None for leg in ring.legs)
    rounds = zip_longest(*([(who, each) for each in found] for who, found in contacts.items()))
    kept = islice(filter(None, chain.from_iterable(rounds)), max(room, 0))
    limited: dict[str, list[str]] = {who: [] for who in contacts}
    for who, contact in kept:
        limited[who].append(contact)
    return limited


def all_of(arranged: Arranged) -> tuple[Phone, ...]:
    """The same without an order."""
    return tuple(phone for branch in arranged for stage in branch for phone in stage)


def _line(leg: Leg, office: Office) -> str:
    """An outside line, with the number in the form that the trunk wants."""
    e164 = clean_number(leg.target.name)
    dial = office.trunks[leg.trunk or ""].dial
    return dial.replace("{number}", e164.removeprefix("+")).replace("{e164}", e164)
