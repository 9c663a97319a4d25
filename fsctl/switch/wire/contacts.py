"""Where a person is registered, as FreeSWITCH tells it, kept to what can be rung.

A contact is text that a phone chose. Pasted into a dial string it could dial anything and run commands, so that it is
rung only if it is a SIP address; and a key that no phone knows stands before each contact in FreeSWITCH's answer, so
that no contact can pass for two.
"""

import logging
import re
from collections.abc import Callable, Collection, Sequence
from uuid import uuid4

from fsctl.model.foreign import sip_address
from fsctl.switch.wire.text import word

log = logging.getLogger(__name__)

_CONTACT = re.compile(r"sofia/([A-Za-z0-9_.-]{1,64})/(.*?),?\s*", re.DOTALL)

#: Asks several commands at once, and gives what each prints.
Ask = Callable[[Sequence[str]], Sequence[str]]

_MOST_SWITCHES = 100


class Places:
    """The domain of each switch, and the profiles at which phones were found there last: most likely it is so again."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[str, tuple[str, ...]]] = {}

    def at(self, switch: str) -> tuple[str, tuple[str, ...]]:
        """Domain and profiles; nothing of a switch that is not known."""
        return self._of.get(switch, ("", ()))

    def found(self, switch: str, domain: str, profiles: Sequence[str]) -> None:
        """Note them."""
        if len(self._of) >= _MOST_SWITCHES and switch not in self._of:
            self._of.clear()
        self._of[switch] = domain, tuple(dict.fromkeys(profiles))


def find(people: Collection[str], ask: Ask, places: Places | None = None, switch: str = "") -> dict[str, list[str]]:
    """The endpoints at which each of these people is registered in this very moment.

    First is asked in which profiles, and then in each of these: of all profiles together FreeSWITCH leaves out a
    contact with which another one begins (mod_sofia.c, contact_callback). Where the ``switch`` is as it was last, by
    ``places``, all is asked at once.
    """
    found: dict[str, list[str]] = {who: [] for who in people}
    if not found:
        return found
    key, places = uuid4().hex, places or Places()
    known, likely = places.at(switch)
    guessed = [(who, profile) for who in found for profile in likely]
    domain, *answers = ask([
        "global_getvar domain", *(question(who, key) for who in found),
        *(question(who, key, profile, known) for who, profile in guessed),
    ])
    domain = domain.strip()
    where = [(who, profile) for who, answer in zip(found, answers, strict=False) for profile in profiles(answer, key)]
    told = dict(zip(guessed, answers[len(found):], strict=True)) if domain == known else {}
    if missing := [place for place in where if place not in told]:
        told |= zip(missing, ask([question(who, key, profile, domain) for who, profile in missing]), strict=True)
    for who, profile in where:
        found[who] += contacts(told[who, profile], key)
    if where:
        places.found(switch, domain, [profile for _, profile in where])
    return found


def question(extension: str, key: str, profile: str = "*", domain: str = "") -> str:
    """The command that tells where a person is registered now: in any profile of the switch's own domain, or in one of
    them, whose ``domain`` is to be named.
    """
    return f"sofia_contact {profile}/{word(extension)}" + (f"@{domain}" if domain else "") + f"/{word(key)}"


def contacts(answer: str, key: str) -> tuple[str, ...]:
    """The endpoints in its answer, without those that could be more than that; FreeSWITCH writes all as ``sip:``."""
    rows = _rows(answer, key)
    for _, contact in rows:
        if not sip_address(contact):
            log.warning("a phone is not rung, its contact could be more than an address: %r", contact[:200])
    return tuple(f"sofia/{profile}/{contact}" for profile, contact in rows if sip_address(contact))


def profiles(answer: str, key: str) -> tuple[str, ...]:
    """The profiles that it names."""
    return tuple(dict.fromkeys(profile for profile, _ in _rows(answer, key)))


def _rows(answer: str, key: str) -> list[tuple[str, str]]:
    found = (_CONTACT.fullmatch(row) for row in answer.split(key)[1:])
    return [(each[1], each[2]) for each in found if each]
